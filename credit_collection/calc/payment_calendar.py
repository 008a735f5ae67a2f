"""The days on which money can arrive, counted: a delay is measured in them, not in days of the week.

Banks close at weekends: what falls due on a Saturday is paid on Monday, without being two days late at heart. Counting
in open days puts both on the same day, and puts no money on a Sunday.
"""

from dataclasses import dataclass

import numpy as np

from .payment_history import NEVER, day_numbers

# A weekday that sees less than this part of an average day's payments is one on which nobody pays.
CLOSED_SHARE = 0.15
# Fewer payments than this say nothing of weekdays: Monday to Friday, then.
ENOUGH_PAYMENTS = 200
BUSINESS_WEEK = np.array([True, True, True, True, True, False, False])
# 1970-01-01 was a Thursday; Monday is 0.
FIRST_WEEKDAY = 3
# 1950 to 2150: due dates beyond that are mistakes, and count as the nearest.
FIRST_DAY, LAST_DAY = -7305, 65744


@dataclass(frozen=True)
class PaymentCalendar:
    """Which days are open to payments, and the rank of each among them.

    ``ranks[d]`` is the number of open days before day ``FIRST_DAY + d``: a closed day has the rank of the next open
    one. ``open_days`` are the open days in order, as day numbers.
    """

    ranks: np.ndarray
    open_days: np.ndarray

    def rank(self, day_number: np.ndarray) -> np.ndarray:
        """Rank of each day among the open ones."""
        return self.ranks[np.clip(day_number, FIRST_DAY, LAST_DAY) - FIRST_DAY]

    def day(self, rank: np.ndarray) -> np.ndarray:
        """The day number of the open day of that rank."""
        return self.open_days[np.clip(rank, 0, len(self.open_days) - 1)]

    @property
    def days_in_a_rank(self) -> float:
        """Days of the week in an open day: 1.4 where five days in seven are open."""
        return (LAST_DAY - FIRST_DAY + 1) / len(self.open_days)


def calendar_of(open_weekdays: np.ndarray, closed_days: np.ndarray | None = None) -> PaymentCalendar:
    """The calendar of a week (seven booleans, Monday first) and of public holidays (datetime64[D]), if known."""
    days = np.arange(FIRST_DAY, LAST_DAY + 1)
    is_open = np.asarray(open_weekdays, bool)[(days + FIRST_WEEKDAY) % 7]
    if closed_days is not None and len(closed_days):
        shut = day_numbers(closed_days)
        is_open[shut[(shut >= FIRST_DAY) & (shut <= LAST_DAY)] - FIRST_DAY] = False
    counted = np.cumsum(is_open)
    return PaymentCalendar(ranks=counted - is_open, open_days=days[is_open])


def learn_calendar(paid: np.ndarray, closed_days: np.ndarray | None = None) -> PaymentCalendar:
    """The calendar the payments themselves show: a weekday without payments is closed.

    ``paid``: datetime64[D], NaT allowed. Monday to Friday where there are too few to say.
    """
    numbers = day_numbers(paid)
    numbers = numbers[numbers < NEVER]
    if len(numbers) < ENOUGH_PAYMENTS:
        return calendar_of(BUSINESS_WEEK, closed_days)
    counts = np.bincount((numbers + FIRST_WEEKDAY) % 7, minlength=7)
    return calendar_of(counts >= CLOSED_SHARE * len(numbers) / 7, closed_days)
