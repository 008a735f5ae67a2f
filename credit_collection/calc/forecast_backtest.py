"""What the model would have said lately, beside what has happened: how far off it is, and in which direction.

Every fortnight of the past half-year the model is fitted anew on what was known then, and foretells the weeks that
followed. From the oldest to the newest: each forecast only has the corrections that could be known on its day.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from .delay_hazards import bin_of
from .forecast_record import day_by_delay, day_by_due_date
from .payment_calendar import PaymentCalendar, learn_calendar
from .payment_dates import Correction, PaymentDates, fit_payment_dates
from .payment_history import NEVER, History, OpenItems, day_number, day_numbers

BLOCKS = 13
BLOCK_DAYS = 14
WEEKS = 4
HALF_LIFE = 60.0
# What a drift of zero weighs: a standard deviation of a half in log-odds before anything is seen.
PRECISION = 4.0
# Payments before a band's own record outweighs what it says of itself.
BAND_STRENGTH = 100.0
# Enough debtors to know a drift common to all of them.
SAMPLE = 10_000
# Debtors are dealt into this many hands: from small totals one learns of chance, from the whole of common causes.
HANDS = 16
# Hazards are added up by steps of a twentieth in log-odds from -17 to 17.
STEPS, FINENESS = 681, 20.0


@dataclass(frozen=True)
class BackTest:
    """``correction`` as of the end of the history, and the weekly cash that was foretold beside what came.

    Arrays (blocks, weeks, hands), in units of the mean amount of the currency, NaN for weeks that are not over:
    ``expected``; ``actual``; ``variance``, that of items paid independently of one another; and what the naive
    forecasts of ``forecast_record`` said, ``by_due_date`` and ``by_average``.
    """

    correction: Correction
    expected: np.ndarray
    actual: np.ndarray
    variance: np.ndarray
    by_due_date: np.ndarray
    by_average: np.ndarray

    @property
    def blocks(self) -> int:
        """How many times the past allowed to foretell."""
        return len(self.expected)

    def until(self, block: int) -> "BackTest":
        """What was known when block number ``block`` was foretold: the weeks that were over by then."""
        ages = (block - np.arange(block)) * BLOCK_DAYS
        is_over = (np.arange(1, WEEKS + 1) * 7 <= ages[:, None])[..., None]
        names = ("expected", "actual", "variance", "by_due_date", "by_average")
        return BackTest(self.correction, *(np.where(is_over, getattr(self, name)[:block], np.nan) for name in names))


def backtest(history: History, calendar: PaymentCalendar | None = None, blocks: int = BLOCKS) -> BackTest:
    """Walk through the last ``blocks`` × 28 days of the history. Blocks without any past are left out."""
    history = history.sample(SAMPLE)
    calendar = calendar or learn_calendar(history.paid)
    amount = in_mean_amounts(history)
    tallies, results, ranks = np.zeros((2, 2, STEPS)), [], []
    issued = day_numbers(history.issued)
    for block in range(blocks, 0, -1):
        then = history.as_of - timedelta(days=block * BLOCK_DAYS)
        tallies *= 0.5 ** (BLOCK_DAYS / HALF_LIFE)
        if not len(issued) or issued.min() >= day_number(then) - BLOCK_DAYS:
            continue
        past = history.seen(then)
        model = fit_payment_dates(past, calendar, _correction(tallies, ranks))
        still_open = past.is_open()
        rows = np.flatnonzero(history.issued <= np.datetime64(then, "D"))[still_open]
        items = past.open_items()
        after = history.where(rows)
        results.append(_weekly(model, items, past, after, amount[rows]))
        ranks.append(_mid_ranks(model, items, after))
        tallies += _tally(model, items, after)
    tallies *= 0.5 ** (BLOCK_DAYS / HALF_LIFE)
    figures = np.array(results).reshape(-1, 5, WEEKS, HANDS)
    return BackTest(_correction(tallies, ranks), *figures.swapaxes(0, 1))


def in_mean_amounts(items: OpenItems) -> np.ndarray:
    """Amounts over the mean one of their currency; nothing where the amount is unknown."""
    amount = np.nan_to_num(items.amount)
    _currencies, group = np.unique(items.currency, return_inverse=True)
    total, number = np.bincount(group, np.abs(amount)), np.bincount(group, amount != 0)
    return amount / np.maximum(total / np.maximum(number, 1), np.finfo(float).tiny)[group]


def hand_of(debtor: np.ndarray) -> np.ndarray:
    """One of ``HANDS`` hands for each debtor, by its identifier alone."""
    return ((debtor.astype(np.uint64) * np.uint64(2654435761)) >> np.uint64(20)).astype(np.int64) % HANDS


def _weekly(model: PaymentDates, items: OpenItems, past: History, after: History, amount: np.ndarray) -> np.ndarray:
    """Figures by week and hand, in the order of ``BackTest``: array (5, WEEKS, HANDS)."""
    tomorrow = day_number(model.as_of) + 1
    chance = model.forecast(items, 7 * WEEKS).probability.reshape(len(items), WEEKS, 7).sum(axis=2, dtype=float)
    weeks = np.arange(WEEKS)
    came, by_due_date, by_average = (
        (days[:, None] - tomorrow) // 7 == weeks
        for days in (day_numbers(after.paid), day_by_due_date(items, model.as_of), day_by_delay(items, past, np.mean))
    )
    parts = (amount[:, None] * way for way in (chance, came, amount[:, None] * chance * (1 - chance)))
    parts = (*parts, amount[:, None] * by_due_date, amount[:, None] * by_average)
    cell = (hand_of(items.debtor)[:, None] + weeks * HANDS).ravel()
    figures = np.array([np.bincount(cell, part.ravel(), WEEKS * HANDS) for part in parts]).reshape(5, WEEKS, HANDS)
    is_over = tomorrow + 7 * (weeks + 1) - 1 <= day_number(after.as_of)
    return np.where(is_over[:, None], figures, np.nan)


def _tally(model: PaymentDates, items: OpenItems, after: History) -> np.ndarray:
    """Item-days at risk within the block and payments on them, by dispute and step of log-odds: (2, 2, STEPS)."""
    calendar = model.calendar
    tomorrow = day_number(model.as_of) + 1
    start = calendar.rank(np.int64(tomorrow))
    days = calendar.rank(np.int64(tomorrow + BLOCK_DAYS)) - start
    paid, removed = day_numbers(after.paid), day_numbers(after.removed)
    is_paid = paid < NEVER
    stop = calendar.rank(np.where(is_paid, paid, np.minimum(removed, tomorrow + BLOCK_DAYS))) - start
    hazard, row = model.hazards(items)
    step = np.clip(np.rint((np.log(hazard / (1 - hazard)) + 17) * FINENESS), 0, STEPS - 1).astype(np.int64)
    wait = np.arange(days)
    at = step[row[:, None], bin_of(model.delay_reached(items)[:, None] + wait)]
    at += (~np.isnat(items.disputed_on))[:, None] * STEPS
    at_risk = (wait < stop[:, None]) | ((wait == stop[:, None]) & is_paid[:, None])
    event = (wait == stop[:, None]) & is_paid[:, None]
    return np.array(
        [np.bincount(at[mask], minlength=2 * STEPS).reshape(2, STEPS) for mask in (at_risk, event)], float
    ).transpose(1, 0, 2)


def _mid_ranks(model: PaymentDates, items: OpenItems, after: History) -> np.ndarray:
    """Where in its distribution each payment fell, and whether the item was overdue: array (2, items).

    What has not come to this day is put in the middle of what was left of its distribution.
    """
    paid, removed = day_numbers(after.paid), day_numbers(after.removed)
    is_paid = paid < NEVER
    seen_until = np.minimum(np.where(is_paid, paid, removed), day_number(after.as_of) + 1)
    rank = model.mid_rank(items, seen_until)
    return np.array([np.where(is_paid, rank, (1 + rank) / 2), model.delay_reached(items) > 0])


def _correction(tallies: np.ndarray, ranks: list[np.ndarray]) -> Correction:
    common = _log_odds(tallies[0], 0.0)
    rank, is_overdue = np.concatenate([np.zeros((2, 0)), *ranks], axis=1)
    levels = [_band_levels(rank[is_overdue == state]) for state in (0, 1)]
    return Correction(common, _log_odds(tallies[1], common), *levels)


def _band_levels(ranks: np.ndarray) -> tuple[float, float]:
    """Levels between which four payments in five fell, drawn to 0.1 and 0.9 by ``BAND_STRENGTH`` observations.

    Split conformal calibration of a quantile (Vovk et al., "Algorithmic learning in a random world", 2005).
    """
    if not len(ranks):
        return 0.1, 0.9
    trust = len(ranks) / (len(ranks) + BAND_STRENGTH)
    early, late = np.quantile(ranks, (0.1, 0.9))
    early, late = 0.1 + trust * (early - 0.1), 0.9 + trust * (late - 0.9)
    return float(np.clip(early, 0.01, 0.45)), float(np.clip(late, 0.55, 0.99))


def _log_odds(tally: np.ndarray, offset: float) -> float:
    """The shift of log-odds that makes expected payments equal to those seen, drawn to zero by ``PRECISION``.

    Newton's method on the posterior of a logistic intercept.
    """
    at_risk, payments = tally
    log_odds = np.arange(STEPS) / FINENESS - 17 + offset
    shift = 0.0
    for _round in range(30):
        chance = 1 / (1 + np.exp(-(log_odds + shift)))
        slope = payments.sum() - (at_risk * chance).sum() - PRECISION * shift
        step = slope / ((at_risk * chance * (1 - chance)).sum() + PRECISION)
        shift += float(np.clip(step, -1, 1))
        if abs(step) < 1e-9:
            break
    return shift
