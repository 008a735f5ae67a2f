"""Rates as the law reads them from what was published: for each half-year, and never a guess.

Most late-payment rates are a reference rate, read on 1 January for January to June and on 1 July for July to December,
and a margin in points (directive 2011/7/EU, art. 2(7); C. com. L441-10 II).
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import Enum

from .interest import Rates


class Publication(Enum):
    """How a reference rate is published."""

    CHANGE = "change"  # on the days on which it changes: what counts is the rate in force on the reference day
    HALF_YEAR = "half_year"  # once for each half-year


def half_year_start(day: date) -> date:
    """1 January or 1 July: the reference day of the half-year of ``day``."""
    return date(day.year, 1 if day.month <= 6 else 7, 1)


def next_half_year(day: date) -> date:
    """Reference day of the half-year after that of ``day``."""
    return date(day.year, 7, 1) if day.month <= 6 else date(day.year + 1, 1, 1)


def reference_days(first: date, last: date) -> Iterator[date]:
    """Reference days of the half-years from that of ``first`` to that of ``last``."""
    day = half_year_start(first)
    while day <= last:
        yield day
        day = next_half_year(day)


def rate_of_half_year(
    published: Mapping[date, Decimal], publication: Publication, reference_day: date
) -> Decimal | None:
    """Reference rate of the half-year that begins on ``reference_day``; None as long as it is not known.

    A rate published at its changes is known on a day when it was published for that day or once more after it:
    that the last change known was the last one before that day would be a guess.
    """
    if publication is Publication.HALF_YEAR:
        return published.get(reference_day)
    days = sorted(published)
    position = bisect_right(days, reference_day)
    if not position or (position == len(days) and days[-1] != reference_day):
        return None
    return published[days[position - 1]]


def half_yearly_rates(
    published: Mapping[date, Decimal],
    publication: Publication,
    first: date,
    last: date,
    *,
    margin: Decimal = Decimal(0),
    step: Decimal = Decimal(0),
) -> Rates:
    """Late-payment rates from ``first`` to ``last``: reference plus margin by half-year, None where not known.

    With a ``step`` they are rounded up to a multiple of it (Belgium: to the next half point). A negative sum counts
    as none at all: nobody is paid for being late.
    """
    steps = []
    for day in reference_days(first, last):
        reference = rate_of_half_year(published, publication, day)
        percent = None if reference is None else max(Decimal(0), reference + margin)
        if percent is not None and step:
            percent = (percent / step).to_integral_value(ROUND_CEILING) * step
        steps.append((day, percent))
    return Rates(tuple(steps))


def contractual_floor(legal_percent: Decimal, factor: Decimal = Decimal(3)) -> Decimal:
    """Lowest rate that a contract may provide: three times the legal interest rate in France.

    It bounds the rate of a contract and nothing else: it is no minimum of the rate that applies without one, which
    it exceeded in 2024. Source: C. com. L441-10 II.
    """
    return legal_percent * factor
