"""Late-payment interest: published and hand-made vectors, each with its way of counting."""

from datetime import date
from decimal import Decimal

import pytest

from calc.interest import (
    Band,
    Effect,
    Imputation,
    Line,
    Mode,
    Movement,
    Rates,
    Statement,
    Terms,
    late_interest,
    lump_sum_for,
)


def day(text):
    return date.fromisoformat(text)


# French default rates (ECB + 10 points): 12.15 % in the first half of 2026, 12.40 % in the second.
FRANCE = Rates(
    (
        (day("2025-07-01"), Decimal("12.15")),
        (day("2026-01-01"), Decimal("12.15")),
        (day("2026-07-01"), Decimal("12.40")),
        (day("2027-01-01"), None),
    )
)
INTEREST_FIRST = Terms(imputation=Imputation.INTEREST)
FIXED = Terms(mode=Mode.FIXED)


def owed(amount, due, until, *movements, rates=FRANCE, **options):
    return late_interest(Decimal(amount), day(due), day(until), rates, movements, **options)


def paid(on, amount):
    return Movement(day(on), Decimal(amount))


def credited(on, amount, effect):
    return Movement(day(on), Decimal(amount), effect)


def shown(statement):
    """(first day, last day, days, base, rate, amount) of each line, as a person reads them."""
    return [
        (str(line.start), str(line.end), line.days, str(line.base), str(line.percent), str(line.amount))
        for line in statement.lines
    ]


class TestVectors:
    """Sums that anyone can count again."""

    def test_a_quarter_of_a_year_at_10_25_percent(self):
        # Published example: 10 000 × 10.25 % × 3 / 12. A quarter of a year is 90 days of 360 there.
        statement = owed(
            "10000", "2026-03-31", "2026-06-29", rates=Rates.constant(Decimal("10.25")), terms=Terms(year_days=360)
        )
        assert (statement.days, statement.total) == (90, Decimal("256.25"))

    def test_over_two_half_years_each_at_its_rate(self):
        # 10 000 × 12.15 % × 30 / 365 = 99.863 ; 10 000 × 12.40 % × 62 / 365 = 210.630 ; together 310.493.
        statement = owed("10000", "2026-05-31", "2026-08-31")
        assert shown(statement) == [
            ("2026-06-01", "2026-06-30", 30, "10000.00", "12.15", "99.86"),
            ("2026-07-01", "2026-08-31", 62, "10000.00", "12.40", "210.63"),
        ]
        assert statement.total == Decimal("310.49")

    def test_the_lines_add_up_where_each_rounded_alone_would_not(self):
        statement = owed("1000", "2026-04-23", "2026-08-01", paid("2026-07-12", "333.33"))
        # 68 d on 1 000 at 12.15 % = 22.63562 ; 12 d at 12.40 % = 4.07671 ; 20 d on 666.67 = 4.52970 : 31.24203.
        # Rounded alone they would be 22.64, 4.08 and 4.53: 31.25.
        assert [line.amount for line in statement.lines] == [Decimal("22.64"), Decimal("4.07"), Decimal("4.53")]
        assert statement.total == Decimal("31.24")

    def test_a_part_payment_reduces_the_base_from_the_day_after_it(self):
        # 4 000 paid on 10 June: 10 days on 10 000 (33.288), then 20 days on 6 000 (39.945): 73.233.
        statement = owed("10000", "2026-05-31", "2026-06-30", paid("2026-06-10", "4000"))
        assert shown(statement) == [
            ("2026-06-01", "2026-06-10", 10, "10000.00", "12.15", "33.29"),
            ("2026-06-11", "2026-06-30", 20, "6000.00", "12.15", "39.94"),
        ]
        assert statement.total == Decimal("73.23")

    def test_a_correcting_credit_note_reduces_the_base_from_the_start(self):
        # 8 000 × 12.15 % × 30 / 365 = 79.890: the 2 000 credited on 20 June were never due.
        statement = owed("10000", "2026-05-31", "2026-06-30", credited("2026-06-20", "2000", Effect.CORRECTION))
        assert shown(statement) == [("2026-06-01", "2026-06-30", 30, "8000.00", "12.15", "79.89")]

    def test_a_commercial_credit_note_reduces_the_base_from_its_date(self):
        # 20 days on 10 000 (66.575), 10 days on 8 000 (26.630): 93.205.
        statement = owed("10000", "2026-05-31", "2026-06-30", credited("2026-06-20", "2000", Effect.REDUCTION))
        assert statement.total == Decimal("93.21")

    def test_the_rate_in_force_when_interest_begins_where_it_is_fixed(self):
        # A public buyer: 10 000 × 12.15 % × 92 / 365 = 306.247, the second half-year included.
        statement = owed("10000", "2026-05-31", "2026-08-31", terms=FIXED)
        assert shown(statement) == [("2026-06-01", "2026-08-31", 92, "10000.00", "12.15", "306.25")]

    def test_fixed_is_the_rate_of_the_first_day_of_interest_and_not_of_the_due_date(self):
        # Due on 30 June, interest begins on 1 July: the second half-year's rate. 10 000 × 12.40 % × 31 / 365.
        statement = owed("10000", "2026-06-30", "2026-07-31", terms=FIXED)
        assert [line.percent for line in statement.lines] == [Decimal("12.40")]
        assert statement.total == Decimal("105.32")

    def test_a_leap_year_is_counted_over_365_days_too(self):
        # 366 days of 2024 at 12 %: 10 000 × 12 % × 366 / 365 = 1 203.288.
        assert owed("10000", "2023-12-31", "2024-12-31", rates=Rates.constant(Decimal(12))).total == Decimal("1203.29")

    def test_half_a_cent_goes_up(self):
        # 0.05 × 10 % over 365 days = 0.005.
        assert owed("0.05", "2026-01-01", "2027-01-01", rates=Rates.constant(Decimal(10))).total == Decimal("0.01")

    def test_a_currency_without_decimals(self):
        # 1 000 000 yen at 3 % for 30 days: 2 465.75.
        statement = owed(
            "1000000", "2026-05-31", "2026-06-30", rates=Rates.constant(Decimal(3)), terms=Terms(decimals=0)
        )
        assert str(statement.total) == "2466"


class TestDays:
    """Interest runs from the day after the due date to the day of payment included."""

    def test_paid_on_the_due_date_bears_nothing(self):
        assert owed("10000", "2026-05-31", "2026-05-31") == Statement()

    def test_one_day_late_is_one_day(self):
        assert shown(owed("10000", "2026-05-31", "2026-06-01")) == [
            ("2026-06-01", "2026-06-01", 1, "10000.00", "12.15", "3.33")
        ]

    def test_before_the_due_date_there_is_nothing(self):
        assert owed("10000", "2026-05-31", "2026-01-01") == Statement()

    def test_the_day_of_the_last_payment_still_counts_and_no_day_after_it(self):
        statement = owed("10000", "2026-05-31", "2026-12-31", paid("2026-06-10", "10000"))
        assert [(str(line.end), line.days) for line in statement.lines] == [("2026-06-10", 10)]

    def test_a_payment_before_the_due_date_reduces_the_base_from_the_start(self):
        assert [line.base for line in owed("10000", "2026-05-31", "2026-06-30", paid("2026-05-02", "4000")).lines] == [
            Decimal(6000)
        ]

    def test_it_stops_the_day_before_the_judgment(self):
        statement = owed("10000", "2026-05-31", "2026-08-31", stopped_on=day("2026-06-11"))
        assert [(str(line.end), line.days) for line in statement.lines] == [("2026-06-10", 10)]

    def test_a_judgment_before_the_due_date_leaves_nothing(self):
        assert owed("10000", "2026-05-31", "2026-08-31", stopped_on=day("2026-05-01")) == Statement()

    def test_since_shows_what_the_days_before_leave(self):
        whole = owed("10000", "2026-05-31", "2026-08-31")
        first = owed("10000", "2026-05-31", "2026-07-14")
        rest = owed("10000", "2026-05-31", "2026-08-31", since=day("2026-07-15"))
        assert first.total + rest.total == whole.total == Decimal("310.49")
        assert str(rest.lines[0].start) == "2026-07-15"

    def test_since_keeps_the_rate_of_the_beginning_where_it_is_fixed(self):
        rest = owed("10000", "2026-05-31", "2026-08-31", since=day("2026-08-01"), terms=FIXED)
        assert [line.percent for line in rest.lines] == [Decimal("12.15")]

    def test_since_knows_what_was_paid_before(self):
        rest = owed("10000", "2026-05-31", "2026-08-31", paid("2026-06-10", "4000"), since=day("2026-08-01"))
        assert [line.base for line in rest.lines] == [Decimal(6000)]


class TestPeriodWithoutRate:
    """A period whose rate nobody published is shown, and nothing is claimed for it."""

    def test_it_is_a_line_without_rate_and_without_amount(self):
        statement = owed("10000", "2026-11-30", "2027-01-31")
        assert shown(statement) == [
            ("2026-12-01", "2026-12-31", 31, "10000.00", "12.40", "105.32"),
            ("2027-01-01", "2027-01-31", 31, "10000.00", "None", "None"),
        ]
        assert statement.total == Decimal("105.32")
        assert not statement.is_complete
        assert [str(line.start) for line in statement.missing] == ["2027-01-01"]

    def test_before_the_first_rate_none_is_known(self):
        statement = owed("10000", "2025-05-31", "2025-07-31")
        assert [line.percent for line in statement.lines] == [None, Decimal("12.15")]

    def test_without_any_rate_nothing_is_claimed(self):
        statement = owed("10000", "2026-05-31", "2026-08-31", rates=Rates())
        assert (statement.total, statement.is_complete, statement.days) == (Decimal(0), False, 92)

    def test_nothing_is_missing_where_nothing_was_owed(self):
        assert owed("10000", "2026-11-30", "2027-01-31", paid("2026-12-10", "10000")).is_complete

    def test_a_fixed_rate_that_is_unknown_at_the_beginning_stays_unknown(self):
        statement = owed("10000", "2025-05-31", "2026-07-31", terms=FIXED)
        assert [(line.percent, line.amount) for line in statement.lines] == [(None, None)]


class TestImputation:
    """A payment settles the principal, unless the statement is for a court."""

    def test_to_the_principal_first_it_leaves_interest_owed(self):
        statement = owed("10000", "2026-05-31", "2026-07-31", paid("2026-06-30", "5000"))
        assert statement.paid == 0
        assert statement.outstanding == statement.total

    def test_to_interest_first_it_settles_interest_then_principal(self):
        # On 30 June interest is 99.8630; 5 000 pays it and 4 900.1370 of the principal: 5 099.8630 are left.
        # July: 5 099.8630 × 12.40 % × 31 / 365 = 53.7093. In all 153.5723, of which 99.86 are paid.
        statement = owed("10000", "2026-05-31", "2026-07-31", paid("2026-06-30", "5000"), terms=INTEREST_FIRST)
        assert shown(statement) == [
            ("2026-06-01", "2026-06-30", 30, "10000.00", "12.15", "99.86"),
            ("2026-07-01", "2026-07-31", 31, "5099.86", "12.40", "53.71"),
        ]
        assert (statement.total, statement.paid) == (Decimal("153.57"), Decimal("99.86"))
        assert statement.outstanding == Decimal("53.71")

    def test_a_payment_smaller_than_interest_leaves_the_principal(self):
        statement = owed("10000", "2026-05-31", "2026-06-30", paid("2026-06-30", "50"), terms=INTEREST_FIRST)
        assert (statement.total, statement.paid, statement.outstanding) == (
            Decimal("99.86"),
            Decimal("50.00"),
            Decimal("49.86"),
        )

    def test_a_payment_before_the_due_date_settles_principal(self):
        statement = owed("10000", "2026-05-31", "2026-06-30", paid("2026-05-15", "4000"), terms=INTEREST_FIRST)
        assert (statement.paid, statement.lines[0].base) == (Decimal(0), Decimal(6000))

    def test_a_commercial_credit_note_never_settles_interest(self):
        statement = owed(
            "10000",
            "2026-05-31",
            "2026-07-31",
            credited("2026-06-30", "5000", Effect.REDUCTION),
            terms=INTEREST_FIRST,
        )
        assert (statement.paid, statement.lines[1].base) == (Decimal(0), Decimal(5000))


class TestBadInput:
    """What cannot be is refused rather than counted."""

    @pytest.mark.parametrize(
        ("amount", "movements"),
        [("-1", ()), ("100", (Movement(day("2026-06-01"), Decimal(-5)),))],
    )
    def test_a_negative_amount_is_refused(self, amount, movements):
        with pytest.raises(ValueError, match="positive amounts"):
            owed(amount, "2026-05-31", "2026-06-30", *movements)

    def test_a_negative_rate_is_refused(self):
        with pytest.raises(ValueError, match="not negative"):
            Rates.constant(Decimal("-0.5"))

    def test_more_paid_than_owed_bears_nothing(self):
        statement = owed("100", "2026-05-31", "2026-12-31", paid("2026-05-01", "150"))
        assert (statement.lines, statement.total) == ((), Decimal(0))

    def test_rates_may_come_in_any_order(self):
        shuffled = Rates(tuple(reversed(FRANCE.steps)))
        assert owed("10000", "2026-05-31", "2026-08-31", rates=shuffled).total == Decimal("310.49")


class TestLumpSum:
    """Recovery costs are a lump sum by invoice, by bands of its amount where the law has bands."""

    FRANCE = (Band(Decimal(0), Decimal(40)),)
    # Late Payment of Commercial Debts (Interest) Act 1998: 40 below 1 000 pounds, 70 below 10 000, 100 from there.
    BRITAIN = (Band(Decimal(0), Decimal(40)), Band(Decimal(1000), Decimal(70)), Band(Decimal(10000), Decimal(100)))

    @pytest.mark.parametrize("amount", ["0.01", "40", "1000000"])
    def test_in_france_it_is_forty_whatever_the_amount(self, amount):
        assert lump_sum_for(Decimal(amount), self.FRANCE) == 40

    @pytest.mark.parametrize(
        ("amount", "expected"),
        [("999.99", 40), ("1000", 70), ("9999.99", 70), ("10000", 100), ("250000", 100)],
    )
    def test_in_britain_it_goes_by_bands(self, amount, expected):
        assert lump_sum_for(Decimal(amount), self.BRITAIN) == expected

    def test_bands_may_come_in_any_order(self):
        assert lump_sum_for(Decimal(5000), tuple(reversed(self.BRITAIN))) == 70

    def test_without_bands_there_is_none(self):
        assert lump_sum_for(Decimal(5000), ()) == 0


class TestLine:
    """A line says how many days it counts."""

    def test_both_its_days_bear_interest(self):
        assert Line(day("2026-06-01"), day("2026-06-30"), Decimal(1), None, None).days == 30
