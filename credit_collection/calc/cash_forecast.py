"""The cash to come from what is open: due, expected, and between which bounds, by day, week or month.

What is expected is the sum of amounts times the probability to be paid in the period: the whole distribution, not its
median, since a sum of medians is not the median of a sum, still less its mean. The bounds hold four times in five. They
are those of the *sum*: chances even out among many debtors, common causes (a holiday, a crisis, a lazy post) do not.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from .forecast_backtest import WEEKS as WEEKS_FORETOLD
from .forecast_backtest import BackTest
from .forecast_record import Record
from .payment_dates import DateForecast
from .payment_history import OpenItems, day_number, day_numbers
from .payment_holds import Committed

WEEKS = 13
# 10 % of a normal law lie beyond this many standard deviations, on either side.
TENTH = 1.2815515655446004


@dataclass(frozen=True)
class Spread:
    """How uncertain a sum is: variance = ``chance`` × that of independent items + (``common`` × expected)²."""

    chance: float = 1.5
    common: float = 0.1


# What stands for a ledger without record, and how many totals of a week it weighs.
USUAL_SPREAD = Spread()
SPREAD_STRENGTH = 4.0
# What is due to come soon has many payments to learn from; far weeks add little but what is stuck.
NEAR_WEEKS = 2


@dataclass(frozen=True)
class Period:
    """Days after the day of the forecast, both included: 1 is tomorrow."""

    first: int
    last: int
    start: date


@dataclass(frozen=True)
class CashTable:
    """Arrays (groups, periods) in the currency of each group; ``periods`` tells which days they are.

    ``due``: falls due in the period; ``overdue``: array (groups,), was due already. ``expected`` includes ``committed``
    (promised or scheduled money, by its chance to be kept); the rest is foretold. ``low``, ``high``: the sum falls
    between them four times in five. ``open``: array (groups,), all that is open.
    """

    periods: tuple[Period, ...]
    due: np.ndarray
    overdue: np.ndarray
    expected: np.ndarray
    committed: np.ndarray
    low: np.ndarray
    high: np.ndarray
    open: np.ndarray


def cut_periods(as_of: date, unit: str, weeks: int = WEEKS) -> tuple[Period, ...]:
    """Days, calendar weeks (to Sunday) or months of the ``weeks`` after ``as_of``; the outer ones are cut."""
    last, periods, first = 7 * weeks, [], 1
    while first <= last:
        start = as_of + timedelta(days=first)
        length = {"day": 1, "week": 7 - start.weekday(), "month": _days_left_in_month(start)}[unit]
        end = min(first + length - 1, last)
        periods.append(Period(first, end, start))
        first = end + 1
    return tuple(periods)


def forecast_cash(
    items: OpenItems,
    forecast: DateForecast,
    periods: tuple[Period, ...],
    group: np.ndarray | None = None,
    committed: Committed | None = None,
    spread: Spread = USUAL_SPREAD,
) -> CashTable:
    """Cash by group and period. ``group``: whole numbers from 0, one an item; a group must be of one currency.

    Items without a known amount count for nothing. Credits may be among the items with a negative amount.
    """
    group = np.zeros(len(items), np.int64) if group is None else group
    groups = int(group.max(initial=0)) + 1
    amount = np.nan_to_num(items.amount)
    wait = day_numbers(items.due) - day_number(forecast.as_of)
    shape = (groups, len(periods))
    due, expected, promised, variance = (np.zeros(shape) for _figure in range(4))
    for rank, period in enumerate(periods):
        chance = forecast.within(period.first, period.last).astype(float)
        falls_due = (wait >= period.first) & (wait <= period.last)
        due[:, rank] = np.bincount(group, amount * falls_due, groups)
        expected[:, rank] = np.bincount(group, amount * chance, groups)
        variance[:, rank] = np.bincount(group, amount**2 * chance * (1 - chance), groups)
        if committed is not None:
            days = (committed.day + 1 >= period.first) & (committed.day + 1 <= period.last)
            which = committed.item[days]
            promised[:, rank] = np.bincount(group[which], amount[which] * committed.share[days], groups)
    still_open = np.bincount(group, amount, groups)
    low, high = bounds(expected, variance, spread, still_open[:, None])
    overdue = np.bincount(group, amount * (wait <= 0), groups)
    return CashTable(periods, due, overdue, expected, promised, low, high, still_open)


def bounds(expected: np.ndarray, variance: np.ndarray, spread: Spread, most: np.ndarray):
    """10th and 90th percentile of sums, between 0 and ``most`` (all that is open).

    By the gamma law of the same mean and variance, whose skewness is that of sums of payments; its percentiles after
    Wilson & Hilferty, "The distribution of chi-square" (1931).
    """
    total = spread.chance * variance + (spread.common * expected) ** 2
    unevenness = total / np.maximum(expected, 1e-12) ** 2 / 9
    low, high = (expected * np.maximum(1 - unevenness + side * np.sqrt(unevenness), 0) ** 3 for side in (-TENTH, TENTH))
    # A sum that is nearly certain, or that rests on one unlikely item, still has its mean within its bounds.
    low, high = np.minimum(low, expected), np.maximum(high, expected)
    return np.maximum(low, np.minimum(expected, 0)), np.minimum(high, np.maximum(most, expected))


def learn_spread(past: BackTest) -> Spread:
    """The spread the back-test shows, drawn to the usual one by ``SPREAD_STRENGTH`` weekly totals.

    Two equations of moments: errors of small hands of debtors are mostly chance, those of the whole mostly common
    causes. Each error is taken in units of what was expected, so that large and small months count alike.
    """
    near = ~np.isnan(past.actual[:, :NEAR_WEEKS]).any(axis=2)
    expected, actual, variance = (
        figure[:, :NEAR_WEEKS][near] for figure in (past.expected, past.actual, past.variance)
    )
    error = actual - expected
    whole = expected.sum(axis=-1)
    used = whole > 0
    weight = 1 / np.maximum(whole, 1e-12)[..., None] ** 2 * used[..., None]
    usual = np.array([USUAL_SPREAD.chance, USUAL_SPREAD.common**2])
    number = int(used.sum())
    if not number:
        return USUAL_SPREAD
    hands = [(weight * figure).sum() for figure in (variance, expected**2, error**2)]
    sums = [variance.sum(axis=-1), whole**2, error.sum(axis=-1) ** 2]
    totals = [(weight[..., 0] * figure).sum() for figure in sums]
    chance, common = _solve(hands, totals)
    trust = number / (number + SPREAD_STRENGTH)
    chance, common = (trust * np.array([chance, common]) + (1 - trust) * usual).tolist()
    return Spread(chance, common**0.5)


def past_record(past: BackTest) -> Record:
    """The record of the back-test, with the bounds that could be given on each day: arrays (blocks, weeks)."""
    sums = [getattr(past, name).sum(axis=2) for name in ("expected", "actual", "by_due_date", "by_average")]
    variance = past.variance.sum(axis=2)
    ends = [
        bounds(sums[0][block], variance[block], learn_spread(past.until(block)), np.inf) for block in range(past.blocks)
    ]
    low, high = (np.array([end[side] for end in ends]).reshape(-1, WEEKS_FORETOLD) for side in (0, 1))
    return Record(sums[0], low, high, *sums[1:])


def _solve(hands: list[float], totals: list[float]) -> tuple[float, float]:
    """chance and common² of ``chance × variance + common² × expected² = error²``, for hands and for totals."""
    determinant = hands[0] * totals[1] - totals[0] * hands[1]
    if determinant <= 0 or totals[0] <= 0:
        return USUAL_SPREAD.chance, max(totals[2] / max(totals[1], 1e-12), 0.0)
    chance = (hands[2] * totals[1] - totals[2] * hands[1]) / determinant
    if chance <= 0:
        return 0.0, totals[2] / totals[1]
    common = (totals[2] - chance * totals[0]) / totals[1]
    return (chance, common) if common > 0 else (totals[2] / totals[0], 0.0)


def _days_left_in_month(day: date) -> int:
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (following - day).days
