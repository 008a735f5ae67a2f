"""Hazards of the delay: counted by hand, censored ones included, and blended."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from receivables import EVERY_DAY, ledger, on, rows, shuffled

from calc.delay_hazards import BINS, bin_of, blend, count, exposures, fit_hazards

FOR_EVER = np.inf
DUE = bin_of(np.int64(0))


def counted(history):
    spells = exposures(history, EVERY_DAY)
    payments, at_risk = count(spells, np.zeros(len(spells.debtor), int), 1, FOR_EVER, 1.0)
    return payments[0], at_risk[0]


class TestCountsAreKaplanAndMeiers:
    """Payments on a day of delay, over what was still open that morning."""

    # Paid on the due date, a day late, two days late; one open a day after it was due; one withdrawn on that day.
    HISTORY = ledger(
        [(1, 90, 98, 98), (1, 90, 98, 99), (1, 90, 98, 100), (1, 90, 98, None), (1, 90, 97, None)],
        as_of=99,
        removed=[None, None, None, None, 98],
    ).seen(on(99))

    def test_by_hand(self):
        payments, at_risk = counted(self.HISTORY)
        # What is paid on day 100 is open on day 99, the last day seen.
        assert payments[DUE : DUE + 3].tolist() == [1.0, 1.0, 0.0]
        assert at_risk[DUE : DUE + 3].tolist() == [5.0, 3.0, 0.0]

    def test_what_is_open_is_at_risk_and_not_missing(self):
        payments, at_risk = counted(self.HISTORY.where(self.HISTORY.is_open()))
        assert payments.sum() == 0.0
        # Two open ones, from issue (8 days before due) to the last day seen (1 day after).
        assert at_risk.sum() == 20.0

    def test_an_instalment_is_not_at_risk_before_it_is_issued(self):
        _payments, at_risk = counted(self.HISTORY)
        assert at_risk[bin_of(np.int64(-9))] == 0.0
        assert at_risk[bin_of(np.int64(-8))] == 4.0
        assert at_risk[bin_of(np.int64(-7))] == 5.0

    def test_far_delays_count_every_day_of_their_step(self):
        _payments, at_risk = counted(ledger([(1, 0, 0, 130)], as_of=400))
        far = bin_of(np.int64(125))
        assert at_risk[far] == 11.0  # days 120 to 130
        assert at_risk[far - 1] == 15.0  # days 105 to 119, all of the step

    def test_what_is_paid_before_it_is_issued_counts_on_the_day_of_issue(self):
        payments, at_risk = counted(ledger([(1, 50, 60, 40)]))
        assert payments[bin_of(np.int64(-10))] == at_risk[bin_of(np.int64(-10))] == 1.0

    @given(rows())
    @settings(max_examples=60, deadline=None)
    def test_no_more_is_paid_than_was_at_risk(self, drawn):
        payments, at_risk = counted(ledger(drawn).seen(on(400)))
        assert (payments <= at_risk + 1e-9).all()
        assert payments.sum() == sum(row[3] is not None and row[3] <= 400 for row in drawn)


class TestFading:
    def test_a_day_at_risk_counts_half_after_a_half_life(self):
        history = ledger([(1, 0, 0, 0), (1, 100, 100, 100)], as_of=100)
        spells = exposures(history, EVERY_DAY)
        payments, at_risk = count(spells, np.zeros(2, int), 1, 100.0, 1.0)
        # On its due date; the step's middle is half a day later.
        assert abs(payments[0, DUE] / (1.5 * 2 ** (0.5 / 100)) - 1) < 1e-12
        assert payments[0, DUE] == at_risk[0, DUE]


class TestBlending:
    def test_by_hand(self):
        assert blend(np.array([2.0]), np.array([4.0]), np.array([0.1]), 4.0).tolist() == [0.3]

    def test_no_history_gives_the_segment_exactly(self):
        curves = fit_hazards(ledger([(1, 0, 30, 35), (2, 0, 30, 20)], segment=[7, 8]), EVERY_DAY)
        assert (curves.of(np.array([99]), np.array([7])) == curves.of_segment(np.array([7]))).all()

    def test_a_new_segment_gives_everyone_exactly(self):
        curves = fit_hazards(ledger([(1, 0, 30, 35)], segment=[7]), EVERY_DAY)
        assert (curves.of_segment(np.array([9]))[0] == curves.everyone).all()

    def test_a_long_history_outweighs_the_segment(self):
        rows = [(debtor, day, day + 30, day + 30 + 5 * (debtor == 1)) for debtor in (1, 2) for day in range(300)]
        curves = fit_hazards(ledger(rows), EVERY_DAY)
        late, in_time = curves.of(np.array([1, 2]), np.zeros(2, int))
        assert late[DUE] < 0.02 < 0.9 < in_time[DUE]

    def test_an_empty_ledger_has_curves(self):
        curves = fit_hazards(ledger([]), EVERY_DAY)
        assert curves.of(np.array([1]), np.array([0])).shape == (1, BINS)

    @given(rows(), st.integers(0, 9))
    @settings(max_examples=40, deadline=None)
    def test_the_order_of_rows_is_nothing(self, drawn, seed):
        history = ledger(drawn)
        asked = np.unique(history.debtor), np.zeros(len(np.unique(history.debtor)), int)
        one = fit_hazards(history, EVERY_DAY).of(*asked)
        other = fit_hazards(shuffled(history, seed), EVERY_DAY).of(*asked)
        assert np.allclose(one, other, rtol=1e-9, atol=1e-12)
