"""The order in which contacts are made: exact numbers, and what must hold of any."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.contact_worth import Weights, chance_of, contact_worth, days_of_silence

EVERY = Weights()
PERCENTS = (100, 90, 80, 60, 25)

amounts = st.decimals(min_value="0.01", max_value="99999999.99", places=2)
days = st.integers(1, 4000)
chances = st.integers(1, 100).map(lambda percent: Decimal(percent) / 100)
weights = st.builds(Weights, *[st.integers(0, 3)] * 4)


class TestWorth:
    def test_the_four_factors_are_multiplied(self):
        assert contact_worth(Decimal("12400.00"), 45, Decimal("0.9"), 20, EVERY) == Decimal("10044.000")

    def test_a_weight_of_zero_leaves_a_factor_out(self):
        only_amount = Weights(amount=1, age=0, chance=0, silence=0)
        assert contact_worth(Decimal("12400.00"), 45, Decimal("0.9"), 20, only_amount) == Decimal("12.400")

    def test_a_weight_of_two_squares_it(self):
        assert contact_worth(Decimal(100), 10, Decimal(1), 1, Weights(age=2)) == Decimal("10.000")

    def test_nothing_overdue_is_worth_nothing(self):
        assert contact_worth(Decimal(0), 45, Decimal(1), 20, EVERY) == 0
        assert contact_worth(Decimal(100), 0, Decimal(1), 20, EVERY) == 0

    def test_large_amounts_lose_no_digit(self):
        cubed = Weights(amount=3, age=0, chance=0, silence=0)
        assert contact_worth(Decimal("99999999.99"), 1, Decimal(1), 1, cubed) == Decimal("999999999700000000030.000")

    def test_a_weight_beyond_three_is_refused(self):
        with pytest.raises(ValueError, match="from 0 to 3"):
            Weights(age=4)

    @given(amounts, amounts, days, chances, days, weights)
    def test_more_money_is_never_worth_less(self, one, other, late, chance, silence, given_weights):
        small, large = sorted((one, other))
        assert contact_worth(small, late, chance, silence, given_weights) <= contact_worth(
            large, late, chance, silence, given_weights
        )

    @given(amounts, days, days, chances, days, weights)
    def test_later_is_never_worth_less(self, amount, one, other, chance, silence, given_weights):
        young, old = sorted((one, other))
        assert contact_worth(amount, young, chance, silence, given_weights) <= contact_worth(
            amount, old, chance, silence, given_weights
        )

    @given(amounts, days, chances, chances, days, weights)
    def test_a_better_chance_is_never_worth_less(self, amount, late, one, other, silence, given_weights):
        low, high = sorted((one, other))
        assert contact_worth(amount, late, low, silence, given_weights) <= contact_worth(
            amount, late, high, silence, given_weights
        )

    @given(amounts, days, chances, days, days, weights)
    def test_a_longer_silence_is_never_worth_less(self, amount, late, chance, one, other, given_weights):
        short, long = sorted((one, other))
        assert contact_worth(amount, late, chance, short, given_weights) <= contact_worth(
            amount, late, chance, long, given_weights
        )


class TestChance:
    @pytest.mark.parametrize(
        ("late", "percent"),
        [(1, 100), (30, 100), (31, 90), (60, 90), (61, 80), (90, 80), (91, 60), (180, 60), (181, 25)],
    )
    def test_goes_by_class_of_lateness(self, late, percent):
        assert chance_of(late, PERCENTS) == Decimal(percent) / 100

    @pytest.mark.parametrize(("score", "percent"), [(100, 100), (63, 63), (1, 1), (0, 1)])
    def test_is_that_of_the_customer_where_it_has_a_score(self, score, percent):
        assert chance_of(31, PERCENTS, score) == Decimal(percent) / 100


class TestSilence:
    def test_counts_from_the_last_contact(self):
        assert days_of_silence(date(2026, 3, 10), date(2026, 2, 18), date(2026, 1, 1)) == 20

    def test_without_any_contact_counts_from_the_oldest_due_date(self):
        assert days_of_silence(date(2026, 3, 10), None, date(2026, 1, 24)) == 45

    def test_of_the_same_day_counts_for_one(self):
        assert days_of_silence(date(2026, 3, 10), date(2026, 3, 10), date(2026, 1, 1)) == 1
