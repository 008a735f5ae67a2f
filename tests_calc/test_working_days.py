"""Working days and hours: when a message may leave, and how old a fact is."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.working_days import NoWorkingDay, WorkingCalendar

FRANCE = WorkingCalendar(country="FR")
ANYWHERE = WorkingCalendar()
SHOP = WorkingCalendar(weekdays=frozenset({1, 2, 3, 4, 5}), opens=time(10), closes=time(19, 30))

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
MOMENTS = st.builds(datetime.combine, DAYS, st.times())
CALENDARS = st.builds(
    WorkingCalendar,
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    country=st.sampled_from([None, "FR", "BE", "DE"]),
    closed=st.frozensets(st.dates(date(2025, 1, 1), date(2026, 12, 31)), max_size=20),
    opens=st.times(time(0), time(11)),
    closes=st.times(time(12), time(23, 59)),
)


class TestWorkingDay:
    """A day is worked unless it is a weekend, a public holiday or a closing day of the company."""

    # The eleven public holidays of 2026 (code du travail, art. L3133-1).
    @pytest.mark.parametrize(
        "holiday",
        ["01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25"],
    )
    def test_french_public_holidays_are_closed(self, holiday):
        assert not FRANCE.is_working_day(date.fromisoformat(f"2026-{holiday}"))

    def test_a_public_holiday_of_another_country_is_worked(self):
        assert WorkingCalendar(country="DE").is_working_day(date(2026, 7, 14))

    def test_without_a_country_no_holiday_is_known(self):
        assert ANYWHERE.is_working_day(date(2026, 7, 14))

    def test_a_country_the_library_does_not_know_has_no_holiday(self):
        assert WorkingCalendar(country="ZZ").is_working_day(date(2026, 7, 14))

    def test_weekends_are_closed(self):
        assert not ANYWHERE.is_working_day(date(2026, 3, 14))
        assert not ANYWHERE.is_working_day(date(2026, 3, 15))

    def test_a_shop_works_on_saturday_and_not_on_monday(self):
        assert SHOP.is_working_day(date(2026, 3, 14))
        assert not SHOP.is_working_day(date(2026, 3, 16))

    def test_a_closing_day_is_closed(self):
        assert not WorkingCalendar(closed=frozenset({date(2026, 3, 10)})).is_working_day(date(2026, 3, 10))


class TestCountingDays:
    """Counting goes from one working day to the next."""

    def test_the_next_working_day_of_a_working_day_is_itself(self):
        assert FRANCE.next_working_day(date(2026, 3, 10)) == date(2026, 3, 10)

    def test_over_the_weekend_of_easter(self):
        # Friday 3 April is worked in France, Monday 6 April is not.
        assert FRANCE.add_working_days(date(2026, 4, 3), 1) == date(2026, 4, 7)

    def test_five_working_days_around_the_bridge_of_ascension(self):
        assert FRANCE.add_working_days(date(2026, 5, 12), 5) == date(2026, 5, 20)

    def test_none_are_none(self):
        assert FRANCE.add_working_days(date(2026, 3, 14), 0) == date(2026, 3, 14)

    def test_between_a_friday_and_a_monday_there_is_one(self):
        assert FRANCE.working_days_between(date(2026, 3, 6), date(2026, 3, 9)) == 1

    def test_between_a_day_and_one_before_it_there_is_none(self):
        assert FRANCE.working_days_between(date(2026, 3, 10), date(2026, 3, 9)) == 0

    def test_a_calendar_closed_all_year_is_refused(self):
        with pytest.raises(NoWorkingDay):
            WorkingCalendar(weekdays=frozenset()).next_working_day(date(2026, 3, 10))

    @given(CALENDARS, DAYS, st.integers(0, 15))
    def test_as_many_days_are_counted_back_as_were_added(self, calendar, day, count):
        assert calendar.working_days_between(day, calendar.add_working_days(day, count)) == count

    @given(CALENDARS, DAYS)
    def test_the_next_working_day_is_worked_and_none_before_it_is(self, calendar, day):
        found = calendar.next_working_day(day)
        assert calendar.is_working_day(found)
        assert not any(calendar.is_working_day(day + timedelta(offset)) for offset in range((found - day).days))

    @given(CALENDARS, DAYS, st.integers(0, 200), st.integers(0, 200))
    def test_counts_of_two_stretches_add_up(self, calendar, day, first_length, second_length):
        middle = day + timedelta(first_length)
        end = middle + timedelta(second_length)
        assert calendar.working_days_between(day, end) == (
            calendar.working_days_between(day, middle) + calendar.working_days_between(middle, end)
        )


class TestPublicHolidays:
    """The holidays of a country, for what counts in days on which banks are open."""

    def test_of_france(self):
        days = FRANCE.public_holidays(2026, 2027)
        assert len(days) == 22
        assert (days[0], days[-1]) == (date(2026, 1, 1), date(2027, 12, 25))
        assert date(2026, 4, 6) in days

    def test_of_no_country(self):
        assert ANYWHERE.public_holidays(2026, 2027) == []


class TestMoments:
    """A message leaves within working hours: now, at the next opening, or on the next working day."""

    @pytest.mark.parametrize(
        ("asked", "allowed"),
        [
            ("2026-03-10 09:30", "2026-03-10 09:30"),
            ("2026-03-10 06:00", "2026-03-10 08:00"),
            ("2026-03-10 17:59", "2026-03-10 17:59"),
            ("2026-03-10 18:00", "2026-03-11 08:00"),
            ("2026-03-13 20:00", "2026-03-16 08:00"),
            ("2026-05-13 19:00", "2026-05-15 08:00"),
        ],
    )
    def test_in_france(self, asked, allowed):
        assert FRANCE.next_moment(datetime.fromisoformat(asked)) == datetime.fromisoformat(allowed)

    @given(CALENDARS, MOMENTS)
    def test_it_is_never_before_never_outside_hours_and_stays_where_it_is(self, calendar, moment):
        allowed = calendar.next_moment(moment)
        assert allowed >= moment
        assert calendar.is_working_day(allowed.date())
        assert calendar.opens <= allowed.time() < calendar.closes
        assert calendar.next_moment(allowed) == allowed
