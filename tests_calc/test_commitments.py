"""Commitments: what was received of what a customer said he would pay."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.commitments import Commitment, Fulfilment, Receipt, State, allot

FIRST = date(2026, 3, 1)
DAYS = st.integers(0, 60).map(lambda days: FIRST + timedelta(days=days))
AMOUNTS = st.integers(1, 500_000).map(lambda cents: Decimal(cents) / 100)
# Purposes that are apart or within one another: an item, two items, the whole account.
SETS = [None, frozenset("A"), frozenset("B"), frozenset("C"), frozenset("AB")]
COMMITMENTS = st.lists(st.builds(Commitment, DAYS, AMOUNTS, st.sampled_from(SETS)), max_size=6)
RECEIPTS = st.lists(st.builds(Receipt, DAYS, AMOUNTS, st.sampled_from("ABCD")), max_size=8)
GRACE = st.integers(0, 10)
# On one day, what is better: OPEN is never found on the same day as what it stands beside here.
WORTH = {State.BROKEN: 0, State.PARTLY: 1, State.OPEN: 1, State.KEPT_LATE: 2, State.KEPT: 3}


def on(day):
    return date(2026, 3, day)


def promise(day, amount, purposes=None, excluded=()):
    return Commitment(on(day), Decimal(amount), frozenset(purposes) if purposes else None, frozenset(excluded))


def received(day, amount, purpose=None, key=None):
    return Receipt(on(day), Decimal(amount), purpose, key)


def paid(commitments, receipts):
    return [str(fulfilment.paid) for fulfilment in allot(commitments, receipts)]


def allotted(fulfilments):
    return sum((fulfilment.paid for fulfilment in fulfilments), Decimal(0))


class TestWhatBecomesOfAPromise:
    """1 000 promised for the tenth, with two days of grace: its last day is the twelfth."""

    def outcome(self, day, *receipts):
        (fulfilment,) = allot([promise(10, "1000")], receipts)
        return fulfilment.state(on(day), grace_days=2)

    def test_it_is_open_until_the_last_day_of_grace(self):
        assert self.outcome(12) is State.OPEN

    def test_the_day_after_it_is_broken(self):
        assert self.outcome(13) is State.BROKEN

    def test_paid_early_it_is_kept_at_once(self):
        assert self.outcome(5, received(5, "1000")) is State.KEPT

    def test_paid_on_the_last_day_of_grace_it_is_kept(self):
        assert self.outcome(20, received(12, "1000")) is State.KEPT

    def test_paid_the_day_after_it_is_kept_late(self):
        assert self.outcome(20, received(13, "1000")) is State.KEPT_LATE

    def test_paid_in_part_it_is_open_then_partly_kept(self):
        assert self.outcome(12, received(9, "400")) is State.OPEN
        assert self.outcome(13, received(9, "400")) is State.PARTLY

    def test_one_cent_short_is_not_kept(self):
        assert self.outcome(13, received(9, "999.99")) is State.PARTLY

    def test_paid_in_three_times_it_is_settled_by_the_last(self):
        (fulfilment,) = allot([promise(10, "1000")], [received(11, "300"), received(3, "500"), received(8, "200")])
        shares = ((on(3), Decimal(500)), (on(8), Decimal(200)), (on(11), Decimal(300)))
        assert fulfilment == Fulfilment(promise(10, "1000"), Decimal(1000), on(11), shares)
        assert [str(fulfilment.paid_by(on(day))) for day in (2, 3, 10, 11)] == ["0", "500", "700", "1000"]

    def test_a_payment_that_bounced_leaves_it_as_it_was(self):
        assert self.outcome(15, received(9, "1000")) is State.KEPT
        assert self.outcome(15) is State.BROKEN


class TestEachEuroOnce:
    """Receipts in order of date go to commitments in order of due date."""

    def test_the_first_to_fall_due_is_served_first_whatever_their_order(self):
        assert paid([promise(20, "300"), promise(10, "500")], [received(5, "600")]) == ["100", "500"]

    def test_too_much_belongs_to_none(self):
        assert paid([promise(10, "500")], [received(5, "600")]) == ["500"]

    def test_without_any_receipt_nothing_is_paid(self):
        assert paid([promise(10, "500")], []) == ["0"]

    def test_without_any_commitment_there_is_nothing_to_say(self):
        assert allot([], [received(5, "600")]) == ()

    def test_money_for_an_item_keeps_what_was_promised_of_it_before_the_account(self):
        commitments = [promise(10, "1000"), promise(20, "400", "A")]
        assert paid(commitments, [received(5, "600", "A")]) == ["200", "400"]

    def test_money_for_another_item_does_not_keep_it(self):
        assert paid([promise(10, "400", "A")], [received(5, "400", "B")]) == ["0"]

    def test_several_items_are_promised_together(self):
        assert paid([promise(10, "1500", "AB")], [received(5, "1000", "B"), received(6, "500", "A")]) == ["1500"]

    def test_what_was_received_before_it_was_said_does_not_count(self):
        receipts = [received(3, "200", key=1), received(4, "100", key=2)]
        assert paid([promise(10, "500", excluded=[1]), promise(12, "500")], receipts) == ["100", "200"]

    def test_nothing_is_promised_or_received_below_zero(self):
        with pytest.raises(ValueError, match="positive"):
            promise(10, "0")
        with pytest.raises(ValueError, match="negative"):
            received(10, "-1")


class TestWhateverTheReceipts:
    """For any commitments and receipts."""

    @given(COMMITMENTS, RECEIPTS)
    def test_no_euro_is_given_twice_and_none_is_kept_back(self, commitments, receipts):
        fulfilments = allot(commitments, receipts)
        assert [fulfilment.commitment for fulfilment in fulfilments] == commitments
        assert all(0 <= fulfilment.paid <= fulfilment.commitment.amount for fulfilment in fulfilments)
        assert allotted(fulfilments) <= sum((receipt.amount for receipt in receipts), Decimal(0))

    @given(st.lists(st.builds(Commitment, DAYS, AMOUNTS), max_size=6), RECEIPTS)
    def test_on_one_account_all_is_given_that_can_be(self, commitments, receipts):
        total = sum((receipt.amount for receipt in receipts), Decimal(0))
        promised = sum((commitment.amount for commitment in commitments), Decimal(0))
        assert allotted(allot(commitments, receipts)) == min(total, promised)

    @given(st.lists(st.builds(Commitment, DAYS, AMOUNTS), max_size=6), RECEIPTS)
    def test_nothing_is_left_to_a_later_one_while_an_earlier_one_misses_some(self, commitments, receipts):
        ordered = sorted(allot(commitments, receipts), key=lambda fulfilment: fulfilment.commitment.due)
        assert all(not before.missing or not after.paid for before, after in pairwise(ordered))

    @given(COMMITMENTS, RECEIPTS)
    def test_it_is_settled_on_the_day_of_a_receipt_and_only_in_full(self, commitments, receipts):
        for fulfilment in allot(commitments, receipts):
            assert (fulfilment.settled_on is not None) == (not fulfilment.missing)
            assert fulfilment.settled_on is None or fulfilment.settled_on in {receipt.on for receipt in receipts}

    @given(COMMITMENTS, RECEIPTS, st.randoms(use_true_random=False))
    def test_the_order_in_which_days_are_given_does_not_matter(self, commitments, receipts, random):
        by_day = {receipt.on: receipt for receipt in receipts}
        shuffled = list(by_day.values())
        random.shuffle(shuffled)
        assert allot(commitments, shuffled) == allot(commitments, sorted(shuffled, key=lambda each: each.on))

    @given(COMMITMENTS, RECEIPTS, st.builds(Receipt, DAYS, AMOUNTS, st.sampled_from("ABCD")), GRACE)
    def test_one_more_receipt_never_worsens_anything(self, commitments, receipts, one_more, grace):
        before, after = allot(commitments, receipts), allot(commitments, [*receipts, one_more])
        self.assert_none_worse(before, after, grace)

    @given(COMMITMENTS, RECEIPTS.filter(bool), st.data(), GRACE)
    def test_money_that_comes_earlier_never_worsens_anything(self, commitments, receipts, data, grace):
        moved = data.draw(st.integers(0, len(receipts) - 1))
        earlier = data.draw(st.dates(FIRST, receipts[moved].on))
        sooner = [
            Receipt(earlier, receipt.amount, receipt.purpose) if index == moved else receipt
            for index, receipt in enumerate(receipts)
        ]
        self.assert_none_worse(allot(commitments, receipts), allot(commitments, sooner), grace)

    def assert_none_worse(self, before, after, grace):
        last = FIRST + timedelta(days=100)
        for old, new in zip(before, after, strict=True):
            assert new.paid >= old.paid
            assert old.settled_on is None or new.settled_on <= old.settled_on
            assert WORTH[new.state(last, grace)] >= WORTH[old.state(last, grace)]
