"""The distribution of a payment's day."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from receivables import EVERY_DAY, days, ledger, on, rows, shuffled

from calc.delay_hazards import BINS
from calc.payment_calendar import BUSINESS_WEEK, calendar_of, learn_calendar
from calc.payment_dates import Correction, PaymentDates, fit_payment_dates, shifted
from calc.payment_history import day_number, day_numbers

CORRECTIONS = st.builds(
    Correction,
    st.floats(-2, 2),
    st.floats(-2, 2),
    st.tuples(st.floats(0.01, 0.45), st.floats(0.55, 0.99)),
    st.tuples(st.floats(0.01, 0.45), st.floats(0.55, 0.99)),
)


class SameHazard:
    """Curves that give every debtor the same chance on every day."""

    def __init__(self, hazard):
        self.hazard = hazard

    def of(self, debtors, segments):
        return np.full((len(debtors), BINS), self.hazard)


def steady(hazard, as_of=100, calendar=EVERY_DAY, **correction):
    return PaymentDates(on(as_of), calendar, SameHazard(hazard), Correction(**correction))


OPEN = ledger([(1, 90, 101, None)], as_of=100).open_items()


class TestByHand:
    def test_half_of_what_is_left_each_day(self):
        forecast = steady(0.5).forecast(OPEN, horizon=4)
        assert forecast.probability[0].tolist() == [0.5, 0.25, 0.125, 0.0625]
        assert forecast.beyond[0] == pytest.approx(0.0625)
        assert forecast.within(2, 3)[0] == pytest.approx(0.375)

    def test_median_is_the_first_day_by_which_half_is_paid(self):
        # 1 - 0.8^3 = 0.488, 1 - 0.8^4 = 0.590.
        assert steady(0.2).forecast(OPEN).p50[0] == days([104])[0]

    def test_nothing_comes_on_a_closed_day(self):
        # Day 100 is a Wednesday: Thursday and Friday, then Monday.
        calendar = calendar_of(BUSINESS_WEEK)
        forecast = steady(0.5, calendar=calendar).forecast(OPEN, horizon=6)
        assert forecast.probability[0].tolist() == [0.5, 0.25, 0.0, 0.0, 0.125, 0.0625]

    def test_a_public_holiday_is_closed(self):
        calendar = calendar_of(np.ones(7, bool), days([101]))
        forecast = steady(0.5, calendar=calendar).forecast(OPEN, horizon=3)
        assert forecast.probability[0].tolist() == [0.0, 0.5, 0.25]

    def test_a_drift_multiplies_the_odds(self):
        forecast = steady(0.5, drift=np.log(3)).forecast(OPEN, horizon=1)
        assert forecast.probability[0, 0] == pytest.approx(0.75)

    def test_a_dispute_has_a_drift_of_its_own(self):
        items = replace(OPEN, disputed_on=days([95]))
        forecast = steady(0.5, disputed=-np.log(3)).forecast(items, horizon=1)
        assert forecast.probability[0, 0] == pytest.approx(0.25)

    def test_what_may_never_come_is_told_apart_from_when_it_comes(self):
        # One day is like another: half-way through the year to come, if it comes in it.
        forecast = steady(1e-6).forecast(OPEN)
        assert forecast.beyond[0] > 0.999
        assert forecast.p50[0] == days([283])[0]

    def test_odds_are_shifted(self):
        assert shifted(np.array([0.2]), np.log(4))[0] == pytest.approx(0.5)


class TestDaysElapsed:
    def test_what_has_not_come_yet_is_not_foretold_for_yesterday(self):
        paid = [(1, day, day + 30, day + 30) for day in range(200)]
        model = fit_payment_dates(ledger([*paid, (1, 200, 210, None)], as_of=240), EVERY_DAY)
        forecast = model.forecast(ledger([(1, 200, 210, None)], as_of=240).open_items())
        assert forecast.p10[0] > np.datetime64(on(240))

    def test_the_due_date_is_foretold_for_who_pays_when_due(self):
        paid = [(1, day, day + 30, day + 30) for day in range(200)]
        model = fit_payment_dates(ledger([*paid, (1, 230, 260, None)], as_of=240), EVERY_DAY)
        forecast = model.forecast(ledger([(1, 230, 260, None)], as_of=240).open_items())
        assert forecast.p50[0] == days([260])[0]


class TestDistributions:
    @given(rows(), CORRECTIONS, st.integers(1, 120), st.integers(200, 500))
    @settings(max_examples=60, deadline=None)
    def test_probabilities_sum_to_one_and_quantiles_are_ordered(self, drawn, correction, horizon, as_of):
        history = ledger(drawn).seen(on(as_of))
        if not history.is_open().any():
            history = ledger([*drawn, (9, 150, 170, None)], as_of=as_of).seen(on(as_of))
        forecast = fit_payment_dates(history, correction=correction).forecast(history.open_items(), horizon)
        assert (forecast.probability >= 0).all()
        assert np.allclose(forecast.probability.sum(axis=1) + forecast.beyond, 1, atol=1e-5)
        ends = [day_numbers(day) for day in (forecast.p10, forecast.p50, forecast.p90)]
        assert (ends[0] <= ends[1]).all()
        assert (ends[1] <= ends[2]).all()
        assert (ends[0] > day_number(history.as_of)).all()

    @given(rows(), st.integers(0, 9))
    @settings(max_examples=30, deadline=None)
    def test_the_order_of_rows_is_nothing(self, drawn, seed):
        history = ledger([*drawn, (1, 280, 310, None), (2, 290, 300, None)], as_of=300).seen(on(300))
        items = history.open_items()
        order = np.random.default_rng(seed).permutation(len(items))
        one = fit_payment_dates(history, EVERY_DAY).forecast(items)
        other = fit_payment_dates(shuffled(history, seed), EVERY_DAY).forecast(items.where(order))
        assert np.allclose(one.probability[order], other.probability, atol=1e-6)
        assert (day_numbers(one.p50[order]) == day_numbers(other.p50)).all()

    def test_no_history_gives_the_segment_exactly(self):
        history = ledger([(1, 0, 30, 35), (2, 0, 30, 20)], segment=[7, 8])
        model = fit_payment_dates(history, EVERY_DAY)
        of_debtor, row = model.hazards(ledger([(99, 390, 420, None)], segment=[8]).open_items())
        assert (of_debtor[row] == model.curves.of_segment(np.array([8]))).all()

    def test_open_items_are_not_missing(self):
        """The same payments, but half of the customers have not paid yet: money comes later."""
        paid = [(debtor, 300, 330, 335) for debtor in range(40)]
        stuck = [(100 + debtor, 300, 330, None) for debtor in range(40)]
        asked = ledger([(999, 340, 345, None)], as_of=400).open_items()
        chances = [
            fit_payment_dates(ledger(seen, as_of=400), EVERY_DAY).forecast(asked, 30).beyond[0]
            for seen in (paid, paid + stuck)
        ]
        assert chances[0] < chances[1]

    def test_nothing_to_foretell_is_no_mistake(self):
        history = ledger([(1, 0, 30, 35)])
        assert len(fit_payment_dates(history).forecast(history.open_items()).p50) == 0


class TestCalendar:
    def test_weekdays_without_payments_are_closed(self):
        paid = days([day for day in range(700) if day % 7 < 4])
        calendar = learn_calendar(paid)
        # Friday to Sunday have the rank of Monday.
        assert len(set(calendar.rank(np.arange(4, 8) + days([0]).astype(int)[0]))) == 1

    def test_few_payments_say_nothing(self):
        assert (learn_calendar(days([5, 6])).open_days == calendar_of(BUSINESS_WEEK).open_days).all()

    def test_days_and_ranks_go_together(self):
        calendar = calendar_of(BUSINESS_WEEK)
        assert calendar.day(calendar.rank(np.array([5, 6, 7]))).tolist() == [5, 6, 7]
