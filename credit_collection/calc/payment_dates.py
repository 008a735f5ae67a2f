"""When each open item will be paid: a distribution over days, never a single date.

The debtor's curve of hazards (``delay_hazards``) is entered at the delay already reached, so that what has not happened
yet is certain not to have; what is known to have changed lately (``forecast_backtest``) moves all hazards by the same
odds. What a person has agreed, promised or blocked goes before all that: ``payment_holds``.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from .delay_hazards import BINS, EDGES, FAINTEST, STRONGEST, WIDTHS, HazardCurves, bin_of, fit_hazards
from .payment_calendar import PaymentCalendar, learn_calendar
from .payment_history import DAY, History, OpenItems, day_number, day_numbers

HORIZON = 91
# Items handled at once: their days of the horizon fit in a processor's cache.
BATCH = 4096
# P10, P50 and P90 are those of what comes within so many days: what may never come has no day.
LONGEST_WAIT = 365


@dataclass(frozen=True)
class Correction:
    """What the recent past says of the curves' own error (``forecast_backtest.backtest``); by default, nothing.

    ``drift``: how much likelier payments have become than the curves say, as a logarithm of odds; ``disputed`` comes on
    top for what is in dispute. ``before_due``, ``overdue``: where in the foretold distribution the earliest and the
    latest tenth of payments really fell, of items in either state; 0.1 and 0.9 where it is right about its own spread.
    """

    drift: float = 0.0
    disputed: float = 0.0
    before_due: tuple[float, float] = (0.1, 0.9)
    overdue: tuple[float, float] = (0.1, 0.9)


@dataclass(frozen=True)
class DateForecast:
    """Distribution of the payment day of each open item, row by row as the items were given.

    ``probability[i, d]``: paid on day ``d`` after ``as_of`` (column 0 is the day after); a row and its ``beyond``, not
    paid within the horizon, sum to one. ``p10``, ``p50``, ``p90``: datetime64[D], in that order, of the payment if it
    comes within a year; how likely it is not to come soon is in ``beyond``.
    """

    as_of: date
    probability: np.ndarray
    beyond: np.ndarray
    p10: np.ndarray
    p50: np.ndarray
    p90: np.ndarray

    @property
    def horizon(self) -> int:
        """Days that are told apart."""
        return self.probability.shape[1]

    def within(self, first: int, last: int) -> np.ndarray:
        """Probability of each item to be paid from day ``first`` to day ``last`` after ``as_of``, both included."""
        return self.probability[:, first - 1 : last].sum(axis=1)


@dataclass(frozen=True)
class PaymentDates:
    """A fitted model of payment days. ``as_of`` is the last day it has seen."""

    as_of: date
    calendar: PaymentCalendar
    curves: HazardCurves
    correction: Correction = Correction()

    def forecast(self, items: OpenItems, horizon: int = HORIZON) -> DateForecast:
        """Distribution of the payment day of each item that is open at the end of ``as_of``."""
        probability = np.zeros((len(items), horizon), np.float32)
        beyond = np.zeros(len(items))
        quantiles = np.zeros((len(items), 3), np.int64)
        in_order = np.argsort(items.debtor, kind="stable")
        for start in range(0, len(items), BATCH):
            batch = in_order[start : start + BATCH]
            some = items.where(batch)
            table, row = self._cumulative_hazards(some)
            delay, waits, day = self._open_days(some, horizon)
            probability[batch[:, None], day], beyond[batch] = _by_day(table, row, delay, waits)
            quantiles[batch] = self._quantiles(table, row, delay)
        p10, p50, p90 = self._as_days(quantiles).T
        return DateForecast(self.as_of, probability, beyond, p10, p50, p90)

    def hazards(self, items: OpenItems) -> tuple[np.ndarray, np.ndarray]:
        """A table of hazards by bin of delay, without drift, and each item's row in it. Items need no order."""
        debtors, first, row = np.unique(items.debtor, return_index=True, return_inverse=True)
        return self.curves.of(debtors, items.segment[first]), row

    def delay_reached(self, items: OpenItems) -> np.ndarray:
        """Open days from the due date to the first day after ``as_of``; negative before it is due."""
        return self.calendar.rank(np.int64(day_number(self.as_of) + 1)) - self.calendar.rank(day_numbers(items.due))

    def mid_rank(self, items: OpenItems, days: np.ndarray) -> np.ndarray:
        """Where in its foretold distribution each day number lies: the chance of earlier, and half that of the day."""
        start = self.calendar.rank(np.int64(day_number(self.as_of) + 1))
        ranks = np.zeros(len(items))
        in_order = np.argsort(items.debtor, kind="stable")
        for first in range(0, len(items), BATCH):
            batch = in_order[first : first + BATCH]
            some = items.where(batch)
            table, row = self._cumulative_hazards(some)
            delay, wait = self.delay_reached(some), self.calendar.rank(days[batch]) - start
            ranks[batch] = _middle_of(table, row, delay, wait) / self._comes_at_all(table, row, delay)
        return np.minimum(ranks, 1)

    def _comes_at_all(self, table: np.ndarray, row: np.ndarray, delay: np.ndarray) -> np.ndarray:
        """Chance that a payment comes within ``LONGEST_WAIT``: what its quantiles are quantiles of."""
        wait = int(LONGEST_WAIT / self.calendar.days_in_a_rank)
        chance = -np.expm1(_hazard_until(table, row, delay) - _hazard_until(table, row, delay + wait))
        return np.maximum(chance, FAINTEST)

    def _cumulative_hazards(self, items: OpenItems) -> tuple[np.ndarray, np.ndarray]:
        """Cumulative hazard at each edge of the bins, a row for each debtor and state of dispute; each item's row."""
        hazard, row = self.hazards(items)
        drift = self.correction.drift
        is_disputed = ~np.isnat(items.disputed_on)
        if is_disputed.any():
            hazard = np.concatenate([shifted(hazard, drift), shifted(hazard, drift + self.correction.disputed)])
            row = row + is_disputed * (len(hazard) // 2)
        else:
            hazard = shifted(hazard, drift)
        steps = -np.log1p(-hazard) * WIDTHS
        return np.concatenate([np.zeros((len(steps), 1)), np.cumsum(steps, axis=1)], axis=1), row

    def _open_days(self, items: OpenItems, horizon: int):
        """Delay of each item tomorrow; the open days of the horizon, as waits and as columns."""
        tomorrow = day_number(self.as_of) + 1
        days = np.arange(tomorrow, tomorrow + horizon)
        ranks = self.calendar.rank(days)
        is_open = self.calendar.day(ranks) == days
        return self.delay_reached(items), (ranks - ranks[0])[is_open], np.flatnonzero(is_open)

    def _quantiles(self, table: np.ndarray, row: np.ndarray, delay: np.ndarray) -> np.ndarray:
        """Open days from the first day after ``as_of`` to P10, P50 and P90: array (items, 3).

        P50 is the median. The band's ends are quantiles of the mid-distribution, F(before) + p/2 (Parzen, "Quantile
        probability and statistical data modeling", 2004): with whole days a plain quantile always covers more than it
        says, by up to the whole probability of a day, and the due date alone may carry most of it.
        """
        levels = np.array([self.correction.before_due, self.correction.overdue])
        comes = self._comes_at_all(table, row, delay)
        early, late = levels[(delay > 0).astype(np.int64)].T * comes
        low, middle, high = (_first_wait(table, row, delay, chance) for chance in (early, comes / 2, late))
        low = low + (_middle_of(table, row, delay, low) < early)
        high = high - ((_middle_of(table, row, delay, high) > late) & (high > 0))
        return np.column_stack([np.minimum(low, middle), middle, np.maximum(high, middle)])

    def _as_days(self, waits: np.ndarray) -> np.ndarray:
        tomorrow = day_number(self.as_of) + 1
        return self.calendar.day(self.calendar.rank(np.int64(tomorrow)) + waits).astype(DAY)


def fit_payment_dates(
    history: History, calendar: PaymentCalendar | None = None, correction: Correction | None = None
) -> PaymentDates:
    """The model of what ``history`` teaches. The calendar is learned from the payments if it is not given.

    ``correction`` comes from ``forecast_backtest.backtest``; without it the curves are taken at their word.
    """
    calendar = calendar or learn_calendar(history.paid)
    return PaymentDates(history.as_of, calendar, fit_hazards(history, calendar), correction or Correction())


def shifted(hazard: np.ndarray, log_odds: float) -> np.ndarray:
    """Hazards with their odds multiplied: h → θh / (1 − h + θh), θ = exp(log_odds)."""
    if not log_odds:
        return hazard
    odds = np.exp(log_odds)
    return np.clip(odds * hazard / (1 - hazard + odds * hazard), FAINTEST, STRONGEST)


def _hazard_until(table: np.ndarray, row: np.ndarray, delay: np.ndarray) -> np.ndarray:
    """Cumulative hazard up to the morning of each delay (linear within a bin)."""
    delay = np.clip(delay, EDGES[0], EDGES[-1] - 1)
    at = bin_of(delay)
    before = table[row, at]
    return before + (table[row, at + 1] - before) * ((delay - EDGES[at]) / WIDTHS[at])


def _by_day(table, row, delay, waits) -> tuple[np.ndarray, np.ndarray]:
    """Probability of each open day of the horizon, and of none of them."""
    mornings = delay[:, None] + np.append(waits, waits[-1] + 1 if len(waits) else 0)
    until = _hazard_until(table, row[:, None], mornings)
    alive = np.exp(until[:, :1] - until)
    return alive[:, :-1] - alive[:, 1:], alive[:, -1]


def _first_wait(table, row, delay, chance) -> np.ndarray:
    """Open days until the first one by whose end the chance to be paid is at least ``chance``."""
    target = _hazard_until(table, row, delay) - np.log1p(-chance)
    # The bin in which the target is reached: how many edges lie below it.
    at = np.minimum((table[row] < target[:, None]).sum(axis=1) - 1, BINS - 1)
    before, width = table[row, at], WIDTHS[at]
    pace = np.maximum(table[row, at + 1] - before, FAINTEST) / width
    reached = EDGES[at] + np.ceil((target - before) / pace - 1e-9).astype(np.int64) - 1
    return np.clip(reached - delay, 0, LONGEST_WAIT)


def _middle_of(table, row, delay, wait) -> np.ndarray:
    """Mid-distribution at a wait: the chance to be paid before that day, and half that of the day itself."""
    now = _hazard_until(table, row, delay)
    before = _hazard_until(table, row, delay + wait) - now
    until = _hazard_until(table, row, delay + wait + 1) - now
    return 1 - (np.exp(-before) + np.exp(-until)) / 2
