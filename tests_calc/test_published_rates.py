"""Rates by half-year from what was published, and none where nothing was."""

from datetime import date
from decimal import Decimal

import pytest

from calc.published_rates import (
    Publication,
    contractual_floor,
    half_year_start,
    half_yearly_rates,
    next_half_year,
    rate_of_half_year,
    reference_days,
)


def day(text):
    return date.fromisoformat(text)


# Main refinancing rate of the European Central Bank, by the day on which it changed.
ECB = {
    day("2025-04-23"): Decimal("2.40"),
    day("2025-06-11"): Decimal("2.15"),
    day("2026-06-17"): Decimal("2.40"),
    day("2026-09-16"): Decimal("2.65"),
}
LEGAL = {day("2025-07-01"): Decimal("2.76"), day("2026-07-01"): Decimal("2.75")}


def yearly(published, publication, first="2025-07-01", last="2026-12-31", **options):
    rates = half_yearly_rates(published, publication, day(first), day(last), **options)
    return [(str(start), None if percent is None else str(percent)) for start, percent in rates.steps]


class TestHalfYear:
    """A half-year begins on 1 January or on 1 July."""

    @pytest.mark.parametrize(
        ("asked", "start", "following"),
        [
            ("2026-01-01", "2026-01-01", "2026-07-01"),
            ("2026-06-30", "2026-01-01", "2026-07-01"),
            ("2026-07-01", "2026-07-01", "2027-01-01"),
            ("2026-12-31", "2026-07-01", "2027-01-01"),
        ],
    )
    def test_of_a_day(self, asked, start, following):
        assert half_year_start(day(asked)) == day(start)
        assert next_half_year(day(asked)) == day(following)

    def test_all_those_that_a_period_touches(self):
        assert list(reference_days(day("2025-12-31"), day("2026-07-01"))) == [
            day("2025-07-01"),
            day("2026-01-01"),
            day("2026-07-01"),
        ]


class TestPublishedAtItsChanges:
    """The rate in force on the reference day serves for six months, whatever it becomes meanwhile."""

    def test_french_default_rates(self):
        # 2.15 on 1 July 2025 and on 1 January 2026, 2.40 on 1 July 2026: ten points more.
        assert yearly(ECB, Publication.CHANGE, margin=Decimal(10)) == [
            ("2025-07-01", "12.15"),
            ("2026-01-01", "12.15"),
            ("2026-07-01", "12.40"),
        ]

    def test_the_last_change_known_is_not_taken_for_the_rate_of_a_later_half_year(self):
        assert rate_of_half_year(ECB, Publication.CHANGE, day("2027-01-01")) is None

    def test_entered_on_the_reference_day_it_is_known(self):
        entered = {**ECB, day("2027-01-01"): Decimal("2.65")}
        assert rate_of_half_year(entered, Publication.CHANGE, day("2027-01-01")) == Decimal("2.65")

    def test_a_later_change_tells_that_there_was_none_before(self):
        entered = {**ECB, day("2027-02-10"): Decimal("2.90")}
        assert rate_of_half_year(entered, Publication.CHANGE, day("2027-01-01")) == Decimal("2.65")

    def test_before_the_first_change_known_none_is(self):
        assert rate_of_half_year(ECB, Publication.CHANGE, day("2025-01-01")) is None

    def test_without_any_none_is_known(self):
        assert rate_of_half_year({}, Publication.CHANGE, day("2025-01-01")) is None


class TestPublishedByHalfYear:
    """A half-year whose rate was not published has none, be those around it known."""

    def test_a_gap_stays_a_gap(self):
        assert yearly(LEGAL, Publication.HALF_YEAR) == [
            ("2025-07-01", "2.76"),
            ("2026-01-01", None),
            ("2026-07-01", "2.75"),
        ]


class TestMarginAndRounding:
    """The margin is added to the reference, and the sum rounded up where the country says so."""

    def test_belgium_rounds_up_to_the_next_half_point(self):
        # 2.15 + 8 = 10.15, published as 10.50; 4.50 + 8 = 12.50 stays.
        published = {day("2025-07-01"): Decimal("2.15"), day("2026-01-01"): Decimal("4.50")}
        rates = yearly(published, Publication.HALF_YEAR, last="2026-06-30", margin=Decimal(8), step=Decimal("0.5"))
        assert rates == [("2025-07-01", "10.5"), ("2026-01-01", "12.5")]

    def test_a_negative_reference_is_taken_off_the_margin(self):
        # German Basiszinssatz of 2020: -0.88 + 9.
        rates = yearly(
            {day("2020-01-01"): Decimal("-0.88")}, Publication.HALF_YEAR, "2020-01-01", "2020-06-30", margin=Decimal(9)
        )
        assert rates == [("2020-01-01", "8.12")]

    def test_a_negative_sum_is_no_interest(self):
        rates = yearly({day("2020-01-01"): Decimal("-0.88")}, Publication.HALF_YEAR, "2020-01-01", "2020-06-30")
        assert rates == [("2020-01-01", "0")]


class TestContractualFloor:
    """A contract may not provide less than three times the legal interest rate."""

    @pytest.mark.parametrize(
        ("legal", "floor"), [("2.76", "8.28"), ("2.62", "7.86"), ("2.75", "8.25"), ("4.92", "14.76")]
    )
    def test_it_is_three_times_the_legal_rate(self, legal, floor):
        assert contractual_floor(Decimal(legal)) == Decimal(floor)

    def test_in_2024_it_exceeded_the_default_rate_which_it_does_not_bound(self):
        # First half of 2024: 3 × 5.07 = 15.21, where the default rate was 4.50 + 10 = 14.50.
        assert contractual_floor(Decimal("5.07")) == Decimal("15.21")
        default = half_yearly_rates(
            {day("2024-01-01"): Decimal("4.50")},
            Publication.HALF_YEAR,
            day("2024-01-01"),
            day("2024-06-30"),
            margin=Decimal(10),
        )
        assert default.on(day("2024-03-01")) == Decimal("14.50")
