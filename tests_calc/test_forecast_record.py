"""The record beside two naive forecasts, and the back-test it rests on."""

import numpy as np
import pytest
from receivables import days, ledger, on

from calc.forecast_backtest import BLOCK_DAYS, backtest
from calc.forecast_record import Record, day_by_delay, day_by_due_date, judge, weighted_error
from calc.payment_history import day_numbers

WEEKS = 10
CAME = np.full(WEEKS, 100.0)


def record(expected, by_due_date, by_average, weeks=WEEKS):
    columns = (expected, 50.0, 150.0, 100.0, by_due_date, by_average)
    return Record(*(np.full(weeks, value, float) for value in columns))


class TestVerdict:
    def test_a_forecast_that_beats_both_is_shown(self):
        verdict = judge(record(95, 80, 110), payments=500)
        assert (verdict.code, verdict.shows) == ("trusted", "model")
        assert (verdict.error, verdict.error_by_due_date, verdict.error_by_average) == (0.05, 0.2, 0.1)
        assert verdict.coverage == 1.0

    def test_beaten_by_the_due_date_it_is_said_and_that_is_shown(self):
        verdict = judge(record(70, 90, 80), payments=500)
        assert (verdict.code, verdict.shows) == ("due_date_better", "due_date")

    def test_beaten_by_the_average_delay_it_is_said_and_that_is_shown(self):
        verdict = judge(record(70, 80, 90), payments=500)
        assert (verdict.code, verdict.shows) == ("average_delay_better", "average_delay")

    @pytest.mark.parametrize(("weeks", "payments"), [(7, 500), (10, 99), (0, 0)])
    def test_too_little_data_is_said_and_the_better_naive_one_shown(self, weeks, payments):
        verdict = judge(record(99, 90, 80, weeks), payments)
        assert verdict.code == "too_little_data"
        assert verdict.shows == ("due_date" if weeks else "average_delay")

    def test_weeks_that_are_not_over_are_left_out(self):
        known = record(95, 80, 110)
        known.actual[3] = np.nan
        assert judge(known, 500).weeks == 9


class TestPlanningUponIt:
    def test_near_what_came_and_within_its_bounds_it_may_be_planned_upon(self):
        assert judge(record(95, 80, 110), payments=500).is_dependable

    @pytest.mark.parametrize(("expected", "is_dependable"), [(150, True), (151, False)])
    def test_off_by_more_than_half_of_the_cash_it_may_not_whatever_the_naive_ones(self, expected, is_dependable):
        verdict = judge(record(expected, 500, 400), payments=500)
        assert (verdict.code, verdict.is_dependable) == ("trusted", is_dependable)

    @pytest.mark.parametrize(("outside", "is_dependable"), [(7, True), (8, False)])
    def test_within_its_bounds_less_than_two_times_in_three_it_may_not(self, outside, is_dependable):
        known = record(95, 80, 110, weeks=20)
        known.low[:outside] = 101.0
        verdict = judge(known, payments=500)
        assert verdict.coverage == 1 - outside / 20
        assert (verdict.code, verdict.is_dependable) == ("trusted", is_dependable)

    def test_a_forecast_that_is_not_shown_is_not_planned_upon(self):
        assert not judge(record(99, 100, 100), payments=500).is_dependable
        assert not judge(record(100, 100, 100, weeks=7), payments=500).is_dependable


class TestNaiveForecasts:
    HISTORY = ledger([(1, 0, 30, 40), (1, 0, 30, 36), (1, 0, 30, 59), (2, 0, 30, 30)], as_of=100)
    ITEMS = ledger([(1, 95, 110, None), (2, 80, 90, None), (3, 95, 110, None)], as_of=100).open_items()

    def test_due_date_or_tomorrow(self):
        assert day_by_due_date(self.ITEMS, on(100)).tolist() == day_numbers(days([110, 101, 110])).tolist()

    def test_average_delay_everyones_for_a_new_one(self):
        # Delays 10, 6, 29 and 0: 15 on average for the first, 11.25 for all.
        found = day_by_delay(self.ITEMS, self.HISTORY, np.mean)
        assert found.tolist() == day_numbers(days([125, 101, 121])).tolist()

    def test_median_delay(self):
        found = day_by_delay(self.ITEMS, self.HISTORY, np.median)
        assert found.tolist() == day_numbers(days([120, 101, 118])).tolist()

    def test_weighted_error_by_hand(self):
        assert weighted_error(np.array([8.0, 13.0]), np.array([10.0, 10.0])) == 0.25


def steady_payers(delay, since=0, number=6, until=400):
    return [
        (debtor, day, day + 20, day + 20 + delay)
        for debtor in range(1, number + 1)
        for day in range(since + debtor, until, 7)
    ]


class TestBackTest:
    def test_payers_who_became_quicker_give_a_drift_upwards(self):
        drawn = [
            (debtor, day, day + 20, day + 20 + (15 if day < 300 else 5) + (day * debtor) % 7)
            for debtor in range(1, 30)
            for day in range(debtor % 7, 400, 7)
        ]
        assert backtest(ledger(drawn).seen(on(400))).correction.drift > 0.1

    def test_what_has_not_come_yet_is_not_known(self):
        past = backtest(ledger(steady_payers(3)).seen(on(400)))
        # The last forecast is a fortnight old: its third week is not over.
        assert np.isnan(past.actual[-1, 2:]).all()
        assert not np.isnan(past.actual[-1, :2]).any()
        assert not np.isnan(past.actual[-2]).any()

    def test_the_future_changes_nothing(self):
        """Blocks of the past foretell the same, whatever has come since."""
        drawn = steady_payers(3)
        then = 400 - 4 * BLOCK_DAYS
        other = [row if row[3] <= then else (*row[:3], 399) for row in drawn]
        amount = np.ones(len(drawn))
        one, changed = (backtest(ledger(which, amount=amount).seen(on(400))) for which in (drawn, other))
        before = one.blocks - 4
        assert np.array_equal(one.expected[:before], changed.expected[:before])
        assert not np.array_equal(one.actual, changed.actual, equal_nan=True)

    def test_an_empty_or_new_ledger_has_nothing_to_correct(self):
        for history in (ledger([]), ledger([(1, 390, 399, 400)])):
            past = backtest(history)
            assert past.blocks == 0
            assert past.correction.drift == 0.0
            assert past.correction.overdue == (0.1, 0.9)
