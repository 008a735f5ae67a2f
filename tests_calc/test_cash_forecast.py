"""Sums of cash by period, their bounds, and what was promised apart from what is foretold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from receivables import days, ledger, on

from calc.cash_forecast import TENTH, Spread, bounds, cut_periods, forecast_cash, learn_spread, past_record
from calc.forecast_backtest import HANDS, WEEKS, BackTest
from calc.payment_dates import Correction, DateForecast
from calc.payment_holds import Committed

ITEMS = ledger(
    [(1, 90, 95, None), (2, 90, 103, None), (3, 90, 110, None)], as_of=100, amount=[100.0, 200.0, 400.0]
).open_items()
CHANCES = np.array([[0.5, 0.5, 0.0], [0.0, 0.5, 0.25], [0.0, 0.0, 0.125]], np.float32)


def foretold(chances=CHANCES, as_of=100):
    never = days([None] * len(chances))
    return DateForecast(on(as_of), chances, 1 - chances.sum(axis=1), never, never, never)


def days_alone(number):
    return cut_periods(on(100), "day")[:number]


class TestPeriods:
    def test_weeks_end_on_sunday(self):
        # Day 100 is a Wednesday.
        weeks = cut_periods(on(100), "week", 2)
        assert [(week.first, week.last) for week in weeks] == [(1, 4), (5, 11), (12, 14)]
        assert [week.start for week in weeks] == [on(101), on(105), on(112)]

    def test_from_a_sunday_weeks_are_whole(self):
        assert [(week.first, week.last) for week in cut_periods(on(97), "week", 13)] == [
            (first, first + 6) for first in range(1, 91, 7)
        ]

    def test_months_are_those_of_the_calendar(self):
        # From 17 April to 15 July.
        assert [(month.first, month.last) for month in cut_periods(on(100), "month")] == [
            (1, 14),
            (15, 45),
            (46, 75),
            (76, 91),
        ]

    def test_days_are_days(self):
        assert len(cut_periods(on(100), "day")) == 91


class TestByHand:
    def test_expected_is_amount_times_chance(self):
        table = forecast_cash(ITEMS, foretold(), days_alone(3))
        assert table.expected.tolist() == [[50.0, 150.0, 100.0]]
        assert table.due.tolist() == [[0.0, 0.0, 200.0]]
        assert table.overdue.tolist() == [100.0]
        assert table.open.tolist() == [700.0]

    def test_groups_are_apart(self):
        table = forecast_cash(ITEMS, foretold(), days_alone(3), group=np.array([1, 0, 1]))
        assert table.expected.tolist() == [[0.0, 100.0, 50.0], [50.0, 50.0, 50.0]]

    def test_committed_money_is_told_apart(self):
        committed = Committed(np.array([1]), np.array([1]), np.array([0.25]))
        table = forecast_cash(ITEMS, foretold(), days_alone(3), committed=committed)
        assert table.committed.tolist() == [[0.0, 50.0, 0.0]]
        assert table.expected.tolist() == [[50.0, 150.0, 100.0]]

    def test_an_unknown_amount_counts_for_nothing(self):
        items = replace(ITEMS, amount=np.array([100.0, np.nan, 400.0]))
        assert forecast_cash(items, foretold(), days_alone(3)).expected.tolist() == [[50.0, 50.0, 50.0]]

    def test_nothing_open_is_no_cash(self):
        table = forecast_cash(ITEMS.where(np.zeros(0, int)), foretold(np.zeros((0, 3), np.float32)), days_alone(2))
        assert table.expected.tolist() == table.high.tolist() == [[0.0, 0.0]]


class TestBounds:
    def test_many_small_sums_are_normal(self):
        low, high = bounds(np.array([1e6]), np.array([1e8]), Spread(1.0, 0.0), np.array([1e9]))
        assert low[0] == pytest.approx(1e6 - TENTH * 1e4, rel=1e-4)
        assert high[0] == pytest.approx(1e6 + TENTH * 1e4, rel=1e-4)

    def test_a_common_cause_does_not_even_out(self):
        low, high = bounds(np.array([1e6]), np.array([0.0]), Spread(1.0, 0.1), np.array([1e9]))
        assert high[0] - low[0] == pytest.approx(2 * TENTH * 1e5, rel=0.01)

    @given(st.floats(0, 1e6), st.floats(0, 1e12), st.floats(0, 5), st.floats(0, 1), st.floats(1, 10))
    @settings(max_examples=100, deadline=None)
    def test_they_hold_the_mean_and_no_more_than_there_is(self, expected, variance, chance, common, more):
        most = expected * more
        low, high = bounds(np.array([expected]), np.array([variance]), Spread(chance, common), np.array([most]))
        assert 0 <= low[0] <= expected <= high[0] <= most * (1 + 1e-12)

    def test_four_in_five_sums_fall_within(self):
        """Sixty unequal amounts, each paid with its own chance, ten thousand times."""
        random = np.random.default_rng(2)
        amount, chance = random.lognormal(0, 1, 60), random.random(60)
        sums = (random.random((10_000, 60)) < chance) @ amount
        variance = (amount**2 * chance * (1 - chance)).sum()
        low, high = bounds((amount * chance).sum(), variance, Spread(1.0, 0.0), amount.sum())
        assert 0.78 < ((low <= sums) & (sums <= high)).mean() < 0.83


def back_test(chance, common, blocks=400):
    """Weekly cash that errs by chance and by a common cause, as much as told."""
    random = np.random.default_rng(3)
    expected = np.full((blocks, WEEKS, HANDS), 100.0)
    variance = np.full_like(expected, 900.0)
    shock = 1 + common * random.standard_normal((blocks, WEEKS, 1))
    actual = expected * shock + np.sqrt(chance * variance) * random.standard_normal(expected.shape)
    return BackTest(Correction(), expected, actual, variance, expected, expected)


class TestLearningTheSpread:
    def test_chance_and_common_causes_are_told_apart(self):
        spread = learn_spread(back_test(2.0, 0.2))
        assert spread.chance == pytest.approx(2.0, rel=0.1)
        assert spread.common == pytest.approx(0.2, rel=0.1)

    def test_chance_alone(self):
        spread = learn_spread(back_test(1.0, 0.0))
        assert spread.chance == pytest.approx(1.0, rel=0.1)
        assert spread.common < 0.03

    def test_no_record_leaves_the_usual_one(self):
        assert learn_spread(back_test(1.0, 0.0, blocks=0)) == Spread()

    def test_the_record_is_within_its_bounds_four_times_in_five(self):
        record = past_record(back_test(1.5, 0.1, blocks=100))
        within = (record.low <= record.actual) & (record.actual <= record.high)
        assert 0.75 < within.mean() < 0.85
