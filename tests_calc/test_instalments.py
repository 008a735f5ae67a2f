"""Instalments: days, equal parts to the cent, interest on what is left, and what no schedule answers."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.instalments import (
    Flaw,
    ImpossibleSchedule,
    Interest,
    Period,
    due_dates,
    propose_instalments,
    shorten,
)
from calc.working_days import WorkingCalendar

FIRST = date(2026, 4, 30)
CENTS = st.integers(1, 10_000_000)


def euros(cents):
    return Decimal(cents).scaleb(-2)


def refused(debt=Decimal(1200), first=FIRST, period=Period.MONTH, **request):
    with pytest.raises(ImpossibleSchedule) as caught:
        propose_instalments(debt, first, period, **request)
    return caught.value.flaw


def shown(instalments):
    return [(str(line.due), str(line.principal), str(line.interest)) for line in instalments]


class TestDays:
    """Months keep the day of the first, or their last one; weeks are weeks."""

    def test_the_last_day_of_january_comes_back_in_march(self):
        assert due_dates(date(2026, 1, 31), Period.MONTH, 4) == (
            date(2026, 1, 31),
            date(2026, 2, 28),
            date(2026, 3, 31),
            date(2026, 4, 30),
        )

    def test_february_of_a_leap_year(self):
        assert due_dates(date(2027, 12, 30), Period.MONTH, 3)[-1] == date(2028, 2, 29)

    def test_over_the_end_of_a_year(self):
        assert due_dates(date(2026, 11, 15), Period.MONTH, 3) == (
            date(2026, 11, 15),
            date(2026, 12, 15),
            date(2027, 1, 15),
        )

    def test_weeks_and_fortnights(self):
        assert due_dates(date(2026, 2, 23), Period.WEEK, 3)[-1] == date(2026, 3, 9)
        assert due_dates(date(2026, 2, 23), Period.TWO_WEEKS, 3)[-1] == date(2026, 3, 23)

    def test_the_next_working_day_where_asked(self):
        calendar = WorkingCalendar(country="FR")
        # 1 May is a holiday and a Friday; 31 May 2026 a Sunday.
        assert due_dates(date(2026, 5, 1), Period.MONTH, 1, calendar) == (date(2026, 5, 4),)
        assert due_dates(date(2026, 3, 31), Period.MONTH, 3, calendar)[-1] == date(2026, 6, 1)


class TestShares:
    """By number or by amount; the last one takes what is left."""

    def test_three_instalments_of_a_hundred(self):
        found = propose_instalments(Decimal("100.00"), FIRST, Period.MONTH, count=3)
        assert shown(found) == [
            ("2026-04-30", "33.33", "0"),
            ("2026-05-30", "33.33", "0"),
            ("2026-06-30", "33.34", "0"),
        ]

    def test_as_many_of_four_hundred_as_it_takes(self):
        found = propose_instalments(Decimal("1000.00"), FIRST, Period.MONTH, amount=Decimal(400))
        assert [str(line.principal) for line in found] == ["400", "400", "200.00"]

    def test_one_instalment_of_more_than_the_debt_is_the_debt(self):
        found = propose_instalments(Decimal("1000.00"), FIRST, Period.MONTH, amount=Decimal(5000))
        assert [str(line.principal) for line in found] == ["1000.00"]

    def test_a_down_payment_comes_first(self):
        found = propose_instalments(
            Decimal("1000.00"),
            FIRST,
            Period.MONTH,
            count=2,
            down_payment=Decimal(300),
            down_payment_on=date(2026, 4, 1),
        )
        assert shown(found) == [
            ("2026-04-01", "300", "0"),
            ("2026-04-30", "350.00", "0"),
            ("2026-05-30", "350.00", "0"),
        ]
        assert [line.is_down_payment for line in found] == [True, False, False]

    def test_a_currency_without_cents(self):
        found = propose_instalments(Decimal(100), FIRST, Period.MONTH, count=3, decimals=0)
        assert [str(line.principal) for line in found] == ["33", "33", "34"]

    @given(CENTS, st.integers(1, 120), st.integers(0, 99))
    def test_add_up_to_the_debt_whatever_the_number(self, cents, count, share):
        debt = euros(cents)
        down_payment = euros(cents * share // 100)
        days = {"down_payment_on": FIRST - timedelta(days=10)} if down_payment else {}
        request = {"count": count, "down_payment": down_payment, **days}
        if debt - down_payment < euros(count):
            assert refused(debt, **request) is Flaw.TOO_SMALL
            return
        found = propose_instalments(debt, FIRST, Period.MONTH, **request)
        assert sum(line.principal for line in found) == debt
        assert all(line.principal > 0 for line in found)
        equal = {line.principal for line in found[1 if down_payment else 0 : -1]}
        assert len(equal) <= 1
        assert all(found[-1].principal - share < euros(count) for share in equal)

    @given(CENTS, CENTS)
    def test_add_up_to_the_debt_whatever_the_amount(self, cents, amount):
        request = {"period": Period.WEEK, "amount": euros(amount)}
        if cents > 120 * amount:
            assert refused(euros(cents), **request) is Flaw.TOO_MANY
            return
        found = propose_instalments(euros(cents), FIRST, **request)
        assert sum(line.principal for line in found) == euros(cents)
        assert all(0 < line.principal <= euros(amount) for line in found)


class TestInterest:
    """Simple interest on what is left, for the days since the instalment before."""

    def test_on_what_is_left_for_the_days_of_each_period(self):
        found = propose_instalments(
            Decimal("3000.00"),
            date(2026, 4, 30),
            Period.MONTH,
            count=3,
            interest=Interest(Decimal(10), runs_after=date(2026, 3, 31)),
        )
        # 3000 × 10 % × 30/365 = 24.66; 2000 × 30 days = 16.44; 1000 × 31 days = 8.49: 49.59 in all.
        assert shown(found) == [
            ("2026-04-30", "1000.00", "24.66"),
            ("2026-05-30", "1000.00", "16.44"),
            ("2026-06-30", "1000.00", "8.49"),
        ]
        assert sum(line.amount for line in found) == Decimal("3049.59")

    def test_what_was_owed_before_is_shared_out(self):
        found = propose_instalments(
            Decimal("300.00"),
            FIRST,
            Period.MONTH,
            count=3,
            interest=Interest(Decimal(0), runs_after=date(2026, 3, 31), past=Decimal("10.00")),
        )
        assert [str(line.interest) for line in found] == ["3.33", "3.33", "3.34"]

    def test_none_runs_before_its_first_day(self):
        found = propose_instalments(
            Decimal("300.00"),
            FIRST,
            Period.MONTH,
            count=1,
            interest=Interest(Decimal(10), runs_after=FIRST),
        )
        assert found[0].interest == 0

    @given(CENTS, st.integers(1, 36), st.integers(0, 2000), st.integers(0, 100_000))
    def test_the_sum_is_rounded_once(self, cents, count, hundredths, past):
        if cents < count:
            return
        percent = Decimal(hundredths).scaleb(-2)
        found = propose_instalments(
            euros(cents),
            FIRST,
            Period.MONTH,
            count=count,
            interest=Interest(percent, runs_after=date(2026, 4, 1), past=euros(past)),
        )
        exact, left, since = Decimal(0), euros(cents), date(2026, 4, 1)
        for line in found:
            exact += left * percent / 100 * (line.due - since).days / 365
            left, since = left - line.principal, line.due
        assert left == 0
        assert abs(sum(line.interest for line in found) - euros(past) - exact) <= Decimal("0.005")


class TestWhatNoScheduleAnswers:
    """Each refusal says why."""

    def test_nothing_is_owed(self):
        assert refused(Decimal(0), count=3) is Flaw.NO_DEBT

    def test_neither_number_nor_amount(self):
        assert refused() is Flaw.NO_INSTALMENT

    def test_a_hundred_years_of_instalments(self):
        assert refused(count=1200) is Flaw.TOO_MANY
        assert refused(amount=Decimal("0.01")) is Flaw.TOO_MANY

    def test_less_than_a_cent_each(self):
        assert refused(Decimal("0.05"), count=100) is Flaw.TOO_SMALL
        assert refused(amount=Decimal(0)) is Flaw.TOO_SMALL

    def test_a_down_payment_of_everything(self):
        assert refused(count=3, down_payment=Decimal(1200)) is Flaw.DOWN_PAYMENT
        assert refused(count=3, down_payment=Decimal(-1)) is Flaw.DOWN_PAYMENT

    def test_a_down_payment_that_is_not_before_the_first(self):
        assert refused(count=3, down_payment=Decimal(200)) is Flaw.DOWN_PAYMENT_DAY

    def test_two_instalments_on_one_working_day(self):
        closed = frozenset(date(2026, 5, 1) + timedelta(days=offset) for offset in range(21))
        calendar = WorkingCalendar(closed=closed)
        assert refused(first=date(2026, 5, 4), period=Period.WEEK, count=2, calendar=calendar) is Flaw.SAME_DAY


class TestLessToPay:
    """What reduces the debt ends the schedule sooner."""

    def test_the_last_instalments_go_first(self):
        amounts = [Decimal(400), Decimal(400), Decimal(400)]
        assert shorten(amounts, Decimal(500)) == (Decimal(400), Decimal(300), Decimal(0))

    @given(st.lists(CENTS, max_size=12), st.integers(-1000, 10_000_000))
    def test_what_is_left_is_the_rest(self, cents, reduction):
        amounts = [euros(amount) for amount in cents]
        left = shorten(amounts, euros(reduction))
        assert sum(left, Decimal(0)) == max(Decimal(0), sum(amounts, Decimal(0)) - max(Decimal(0), euros(reduction)))
        assert all(0 <= now <= before for now, before in zip(left, amounts, strict=True))
