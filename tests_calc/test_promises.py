"""Promises: which money counts for which, and what has become of each."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from calc.commitments import State
from calc.promises import Movement, Promise, weigh

FIRST = date(2026, 3, 1)
DAYS = st.integers(0, 60).map(lambda days: FIRST + timedelta(days=days))
AMOUNTS = st.integers(1, 500_000).map(lambda cents: Decimal(cents) / 100)
LINES = st.sampled_from([None, frozenset({1}), frozenset({2}), frozenset({1, 2})])
LAST = FIRST + timedelta(days=100)


@st.composite
def promises(draw):
    """A promise noted in March or April for a day that follows, with some grace."""
    noted_on = draw(DAYS)
    due = noted_on + timedelta(days=draw(st.integers(0, 20)))
    grace = timedelta(days=draw(st.integers(0, 5)))
    return Promise(draw(st.integers()), noted_on, due, due + grace, draw(AMOUNTS), draw(LINES))


MOVEMENTS = st.lists(
    st.builds(Movement, st.integers(), DAYS, AMOUNTS, st.sampled_from([1, 2, 3]), st.just(0), st.booleans()),
    max_size=8,
    unique_by=lambda movement: movement.key,
)
PROMISES = st.lists(promises(), max_size=5)


def on(day):
    return date(2026, 3, day)


def said(amount, due, noted=1, lines=(1,), **values):
    """A promise noted on the first, with two days of grace."""
    about = frozenset(lines) if lines else None
    return Promise(0, on(noted), on(due), on(due) + timedelta(days=2), Decimal(amount), about, **values)


def money(day, amount, line=1, key=None, credit=10, is_money=True):
    return Movement(key or 100 + day, on(day), Decimal(amount), line, credit, is_money)


def told(outcomes):
    return [(outcome.state.value if outcome.state else None, str(outcome.paid)) for outcome in outcomes]


class TestWhichMoneyCounts:
    """What was received, or entered in the books, after the promise."""

    def test_money_of_the_day_on_which_it_was_noted_and_later(self):
        assert told(weigh([said(500, 10)], [money(1, 200), money(4, 300)], on(5))) == [("kept", "500")]

    def test_not_what_was_received_before(self):
        assert told(weigh([said(500, 10, noted=3)], [money(2, 500)], on(5))) == [("open", "0")]

    def test_not_what_was_allocated_when_it_was_noted_that_day(self):
        promise = said(500, 10, known_key=10, known_credit=10)
        assert told(weigh([promise], [money(1, 500, key=9)], on(5))) == [("open", "0")]

    def test_what_was_received_before_and_entered_in_the_books_since(self):
        promise = said(500, 10, noted=3, known_key=10, known_credit=10)
        movements = [money(2, 100, key=11, credit=9), money(2, 200, key=12, credit=11)]
        assert told(weigh([promise], movements, on(5))) == [("open", "200")]

    def test_not_what_comes_after_the_day(self):
        assert told(weigh([said(500, 10)], [money(6, 500)], on(5))) == [("open", "0")]

    def test_not_credit_notes(self):
        assert told(weigh([said(500, 10)], [money(2, 500, is_money=False)], on(5))) == [("open", "0")]

    def test_not_other_invoices(self):
        assert told(weigh([said(500, 10)], [money(2, 500, line=2)], on(5))) == [("open", "0")]

    def test_any_invoice_for_the_whole_account(self):
        assert told(weigh([said(500, 10, lines=None)], [money(2, 500, line=2)], on(5))) == [("kept", "500")]


class TestAPromiseInPlaceOfAnother:
    """Broken, a promise receives nothing more from the day on which another says the same anew."""

    def test_the_money_is_for_the_new_one(self):
        promises = [said(500, 5), said(500, 20, noted=9)]
        outcomes = weigh(promises, [money(18, 500)], on(25))
        assert told(outcomes) == [("broken", "0"), ("kept", "500")]
        assert [outcome.replaced_on for outcome in outcomes] == [on(9), None]

    def test_what_came_before_was_for_the_old_one(self):
        promises = [said(500, 5), said(300, 20, noted=9)]
        assert told(weigh(promises, [money(8, 200), money(18, 300)], on(25))) == [("partly", "200"), ("kept", "300")]

    def test_one_about_other_invoices_takes_the_place_of_none(self):
        promises = [said(500, 5), said(300, 20, noted=9, lines=(2,))]
        assert told(weigh(promises, [money(18, 500)], on(22))) == [("kept_late", "500"), ("open", "0")]

    def test_two_that_hold_at_once_share_the_money(self):
        promises = [said(500, 10), said(300, 20, noted=9)]
        assert told(weigh(promises, [money(11, 700)], on(25))) == [("kept", "500"), ("partly", "200")]


class TestSettledOtherwise:
    """What a credit note takes by the last day was not to be paid any more."""

    def test_all_of_it(self):
        [outcome] = weigh([said(500, 10)], [money(3, 500, is_money=False)], on(5), {1: Decimal(0)})
        assert (outcome.state, outcome.settled_otherwise) == (None, Decimal(500))

    def test_a_part_of_it(self):
        movements = [money(3, 100, is_money=False), money(4, 400)]
        [outcome] = weigh([said(500, 10)], movements, on(5), {1: Decimal(0)})
        assert (outcome.state, outcome.paid, outcome.settled_otherwise) == (State.KEPT, Decimal(400), Decimal(100))

    def test_not_after_its_last_day(self):
        [outcome] = weigh([said(500, 10)], [money(20, 500, is_money=False)], on(25), {1: Decimal(0)})
        assert (outcome.state, outcome.missing) == (State.BROKEN, Decimal(500))


class TestMoneyThatWaits:
    """Until money is allocated, nobody can say that a promise was broken."""

    def test_enough_of_it_leaves_the_promise_open(self):
        [outcome] = weigh([said(500, 10)], [], on(25), None, Decimal(500))
        assert (outcome.state, outcome.awaited) == (State.OPEN, True)

    def test_too_little_does_not(self):
        [outcome] = weigh([said(500, 10)], [], on(25), None, Decimal("499.99"))
        assert (outcome.state, outcome.awaited) == (State.BROKEN, False)

    def test_each_euro_waits_for_one_promise(self):
        outcomes = weigh([said(500, 12), said(500, 10, lines=(2,))], [], on(25), None, Decimal(900))
        assert [outcome.state for outcome in outcomes] == [State.BROKEN, State.OPEN]


class TestWhateverHappens:
    """For any promises and movements."""

    @given(PROMISES, MOVEMENTS)
    def test_no_euro_keeps_two_promises(self, promises, movements):
        outcomes = weigh(promises, movements, LAST)
        received = sum((movement.amount for movement in movements if movement.is_money), Decimal(0))
        assert sum((outcome.paid for outcome in outcomes), Decimal(0)) <= received
        assert [outcome.promise for outcome in outcomes] == promises

    @given(PROMISES, MOVEMENTS, DAYS)
    def test_what_is_paid_missing_and_settled_otherwise_is_the_promise(self, promises, movements, day):
        residuals = {1: Decimal(300), 2: Decimal(0)}
        for outcome in weigh(promises, movements, day, residuals):
            parts = outcome.paid + outcome.missing + outcome.settled_otherwise
            assert parts == outcome.promise.amount
            assert min(outcome.paid, outcome.missing, outcome.settled_otherwise) >= 0

    @given(PROMISES, MOVEMENTS, DAYS)
    def test_what_comes_after_the_day_is_not_known_on_it(self, promises, movements, day):
        known = [movement for movement in movements if movement.on <= day]
        assert weigh(promises, movements, day) == weigh(promises, known, day)

    @given(PROMISES, MOVEMENTS, DAYS)
    def test_it_is_open_up_to_its_last_day_or_kept(self, promises, movements, day):
        for outcome in weigh(promises, movements, day):
            if day <= outcome.promise.last_day:
                assert outcome.state in (State.OPEN, State.KEPT)
            else:
                assert outcome.state is not State.OPEN
