"""Working days and hours: when a message may leave, and how old a fact is.

A calendar here is a set of weekdays (Monday is 0), a country code whose public holidays are closed
(ISO 3166-1, None for no holidays) and further closed days.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)
# A calendar with no working day in a year is a mistake in the settings, not a reason to look for ever.
LONGEST_CLOSURE = 366


class NoWorkingDay(ValueError):
    """The calendar is closed for a whole year."""


@lru_cache(maxsize=64)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        # A country the library does not know: every weekday counts, rather than none.
        return frozenset()


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Days and hours on which a company writes to its customers."""

    weekdays: frozenset[int] = frozenset(range(5))
    country: str | None = None
    closed: frozenset[date] = field(default_factory=frozenset)
    opens: time = time(8)
    closes: time = time(18)

    def is_working_day(self, day: date) -> bool:
        """Whether the company works on ``day``."""
        return (
            day.weekday() in self.weekdays
            and day not in self.closed
            and not (self.country and day in _public_holidays(self.country, day.year))
        )

    def next_working_day(self, day: date) -> date:
        """``day`` itself if worked, else the first one after it. Raises NoWorkingDay."""
        for offset in range(LONGEST_CLOSURE):
            candidate = day + offset * ONE_DAY
            if self.is_working_day(candidate):
                return candidate
        raise NoWorkingDay(day)

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``; ``count`` is positive or zero."""
        for _ in range(count):
            day = self.next_working_day(day + ONE_DAY)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Number of working days after ``start`` up to ``end`` included; 0 if ``end`` is not after ``start``."""
        return sum(self.is_working_day(start + offset * ONE_DAY) for offset in range(1, (end - start).days + 1))

    def public_holidays(self, first: int, last: int) -> list[date]:
        """Public holidays of the country from year ``first`` to year ``last``, in order; none without a country."""
        years = range(first, last + 1) if self.country else ()
        return sorted(day for year in years for day in _public_holidays(self.country, year))

    def next_moment(self, moment: datetime) -> datetime:
        """``moment`` itself within working hours, else the next opening; local times, naive. Raises NoWorkingDay."""
        if self.is_working_day(moment.date()) and moment.time() < self.closes:
            return max(moment, datetime.combine(moment.date(), self.opens))
        return datetime.combine(self.next_working_day(moment.date() + ONE_DAY), self.opens)
