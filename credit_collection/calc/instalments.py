"""Instalments of a debt: on which days, and how much of principal and of interest on each.

Amounts are in one currency, which the caller knows; percentages are yearly (``Decimal("5")`` is 5 %). Instalments add
up to the debt to the cent: the last one takes what rounding leaves.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import Enum
from itertools import pairwise

from .interest import Movement, Rates, Terms, late_interest
from .working_days import WorkingCalendar

# More is not a schedule that anybody follows; and a cent a week would be millions of lines.
MOST = 120
NOTHING = Decimal(0)


class Period(Enum):
    """Time from one instalment to the next."""

    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH = "month"


class Flaw(Enum):
    """Why no schedule can be made."""

    NO_DEBT = "no_debt"
    NO_INSTALMENT = "no_instalment"
    TOO_MANY = "too_many"
    TOO_SMALL = "too_small"  # an instalment would be less than the smallest coin
    DOWN_PAYMENT = "down_payment"  # negative, or all of the debt
    DOWN_PAYMENT_DAY = "down_payment_day"  # not before the first instalment
    SAME_DAY = "same_day"  # working days leave two instalments on one


class ImpossibleSchedule(ValueError):
    """No schedule answers the request; ``flaw`` says why."""

    def __init__(self, flaw: Flaw):
        super().__init__(flaw.value)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is to be paid on a day."""

    due: date
    principal: Decimal
    interest: Decimal = NOTHING
    is_down_payment: bool = False

    @property
    def amount(self) -> Decimal:
        """Principal and interest."""
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class Interest:
    """Simple interest on what is left of the principal, from the day after ``runs_after``.

    ``past`` is interest owed already; it is shared out over the instalments as the principal is.
    """

    percent: Decimal
    runs_after: date
    past: Decimal = NOTHING
    year_days: int = 365


def due_dates(first: date, period: Period, count: int, calendar: WorkingCalendar | None = None) -> tuple[date, ...]:
    """``count`` days from ``first`` on, each the next working day where a ``calendar`` is given.

    Months are counted from the first day: a day that a month lacks is its last one, and comes back in those that have
    it (31 January, 28 February, 31 March).
    """
    days = tuple(_nth_day(first, period, rank) for rank in range(count))
    return tuple(calendar.next_working_day(day) for day in days) if calendar else days


def _nth_day(first, period, rank):
    if period is not Period.MONTH:
        return first + rank * timedelta(weeks=1 if period is Period.WEEK else 2)
    years, month = divmod(first.month - 1 + rank, 12)
    year, month = first.year + years, month + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))


def propose_instalments(
    debt: Decimal,
    first: date,
    period: Period,
    *,
    count: int | None = None,
    amount: Decimal | None = None,
    down_payment: Decimal = NOTHING,
    down_payment_on: date | None = None,
    interest: Interest | None = None,
    calendar: WorkingCalendar | None = None,
    decimals: int = 2,
) -> tuple[Instalment, ...]:
    """Instalments of ``debt``: ``count`` equal ones, or as many of ``amount`` as it takes, after a down payment.

    ``amount`` is of principal; interest comes on top of it, in its own column. Raises ImpossibleSchedule.
    """
    shares = _share_out(debt, count, amount, down_payment, decimals)
    days = due_dates(first, period, len(shares), calendar)
    if down_payment:
        day = down_payment_on or first
        days = (calendar.next_working_day(day) if calendar else day, *days)
        shares = (down_payment, *shares)
        if days[0] >= days[1]:
            raise ImpossibleSchedule(Flaw.DOWN_PAYMENT_DAY)
    if any(day >= following for day, following in pairwise(days)):
        raise ImpossibleSchedule(Flaw.SAME_DAY)
    costs = _interest_by_instalment(debt, days, shares, interest, decimals)
    return tuple(
        Instalment(day, share, cost, is_down_payment=bool(down_payment) and not rank)
        for rank, (day, share, cost) in enumerate(zip(days, shares, costs, strict=True))
    )


def _share_out(debt, count, amount, down_payment, decimals):
    """Principal of each instalment after the down payment."""
    if debt <= 0:
        raise ImpossibleSchedule(Flaw.NO_DEBT)
    if not 0 <= down_payment < debt:
        raise ImpossibleSchedule(Flaw.DOWN_PAYMENT)
    rest = debt - down_payment
    if amount is not None:
        if amount <= 0:
            raise ImpossibleSchedule(Flaw.TOO_SMALL)
        # The last instalment is what is left, not more than the others.
        count, left = divmod(rest, amount)
        count += 1 if left else 0
    if not count or count < 1:
        raise ImpossibleSchedule(Flaw.NO_INSTALMENT)
    if count > MOST:
        raise ImpossibleSchedule(Flaw.TOO_MANY)
    count = int(count)
    share = amount if amount is not None else (rest / count).quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN)
    last = rest - share * (count - 1)
    if count > 1 and share <= 0:
        raise ImpossibleSchedule(Flaw.TOO_SMALL)
    return (*(share for _rank in range(count - 1)), last)


def _interest_by_instalment(debt, days, shares, interest, decimals) -> Sequence[Decimal]:
    if interest is None:
        return [NOTHING] * len(days)
    statement = late_interest(
        debt,
        interest.runs_after,
        days[-1],
        Rates.constant(interest.percent),
        [Movement(day, share) for day, share in zip(days, shares, strict=True)],
        terms=Terms(year_days=interest.year_days, decimals=decimals),
    )
    running = {line.end: line.amount for line in statement.lines}
    past = _pro_rata(interest.past, shares, decimals)
    return [running.get(day, NOTHING) + share for day, share in zip(days, past, strict=True)]


def _pro_rata(amount, shares, decimals):
    """``amount`` in proportion to ``shares``, to the cent; the last one takes the rounding."""
    unit = Decimal(1).scaleb(-decimals)
    total = sum(shares, NOTHING)
    parts = [(amount * share / total).quantize(unit, ROUND_DOWN) for share in shares[:-1]]
    return [*parts, amount - sum(parts, NOTHING)]


def shorten(amounts: Sequence[Decimal], reduction: Decimal) -> tuple[Decimal, ...]:
    """What is left of instalments when the debt is less by ``reduction``: the last ones go first.

    A credit note does not spare the customer the next instalment: it ends the schedule sooner.
    """
    left = []
    for amount in reversed(amounts):
        taken = min(amount, max(NOTHING, reduction))
        reduction -= taken
        left.append(amount - taken)
    return tuple(reversed(left))
