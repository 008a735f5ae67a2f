"""What a person has agreed or blocked goes before what was foretold: promises, schedules, debits; disputes and cases.

A promise is kept with the chance such promises are kept: that part of the money is *committed*, the rest comes as
foretold from the day after. A dispute or a case lets nothing come before its day, and then only the part such
disputes let come.
"""

from dataclasses import dataclass, replace

import numpy as np

from .payment_calendar import PaymentCalendar
from .payment_dates import DateForecast
from .payment_history import DAY, day_number, day_numbers

# Until a ledger has its own record: the part of the money that came as said, by kind. A record outweighs it quickly.
USUALLY_KEPT = {"promise": 0.6, "agreement": 0.75, "direct_debit": 0.97, "dispute": 0.7, "case": 0.3}
KEPT_STRENGTH = 10.0


@dataclass(frozen=True)
class Holds:
    """One word about one item a row; an item may have several (the instalments of a schedule).

    ``item``: position among the items foretold. ``on``: datetime64[D], the day promised, or from which a block ends; a
    day already past is tomorrow. ``share``: part of the item it is about, 0 to 1. ``kept``: chance that such a promise
    is kept, or part that such a dispute lets come. ``is_promise``: whether money is to come *on* the day (promise,
    instalment, direct debit), or nothing *before* it (dispute, case).
    """

    item: np.ndarray
    on: np.ndarray
    share: np.ndarray
    kept: np.ndarray
    is_promise: np.ndarray


@dataclass(frozen=True)
class Committed:
    """Money that was said to come, in parts of items: ``share`` of ``item`` on day ``day`` (0 is tomorrow)."""

    item: np.ndarray
    day: np.ndarray
    share: np.ndarray


def kept_rate(kept: np.ndarray, made: np.ndarray, usual: float) -> np.ndarray:
    """Chance that the next is kept, of so many ``kept`` among ``made``: ``usual`` where there is no record.

    Mean of the beta posterior with ``KEPT_STRENGTH`` pseudo-observations.
    """
    return (np.asarray(kept, float) + KEPT_STRENGTH * usual) / (np.asarray(made, float) + KEPT_STRENGTH)


def apply_holds(forecast: DateForecast, holds: Holds, calendar: PaymentCalendar) -> tuple[DateForecast, Committed]:
    """The forecast with what was said in place of what was foretold, and the committed part of it.

    Rows still sum to one. Shares of one item beyond the whole are cut in proportion.
    """
    if not len(holds.item):
        return forecast, Committed(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    items, row = np.unique(holds.item, return_inverse=True)
    total = np.bincount(row, holds.share)
    share = holds.share / np.maximum(total, 1.0)[row]
    tomorrow = day_number(forecast.as_of) + 1
    day = np.maximum(calendar.day(calendar.rank(np.maximum(day_numbers(holds.on), tomorrow))) - tomorrow, 0)
    foretold = forecast.probability[items].astype(float)
    after = _not_before(foretold[row], forecast.beyond[items][row], day + holds.is_promise)
    comes = np.where(holds.is_promise, 1 - holds.kept, holds.kept)
    probability = np.maximum(1 - total, 0)[:, None] * foretold
    np.add.at(probability, row, (share * comes)[:, None] * after)
    promised = share * holds.kept * holds.is_promise
    within = holds.is_promise & (day < forecast.horizon)
    np.add.at(probability, (row[within], day[within]), promised[within])
    mixed = forecast.probability.copy()
    mixed[items] = probability
    beyond = forecast.beyond.copy()
    beyond[items] = np.clip(1 - probability.sum(axis=1), 0, 1)
    latest = np.zeros(len(items), np.int64)
    np.maximum.at(latest, row, day + tomorrow)
    quantiles = _quantiles(forecast, items, probability, latest)
    committed = Committed(holds.item[within], day[within], promised[within])
    return replace(forecast, probability=mixed, beyond=beyond, **quantiles), committed


def _not_before(probability: np.ndarray, beyond: np.ndarray, first: np.ndarray) -> np.ndarray:
    """The same distributions given that nothing comes before day ``first``; what is missing to one lies beyond."""
    kept = np.where(np.arange(probability.shape[1]) >= first[:, None], probability, 0.0)
    whole = kept.sum(axis=1) + beyond
    # All of it was to come before: then it comes beyond the horizon, as far as anyone knows.
    scale = np.where(whole > 1e-9, 1 / np.maximum(whole, 1e-9), 0.0)
    return kept * scale[:, None]


def _quantiles(forecast: DateForecast, items: np.ndarray, probability: np.ndarray, latest: np.ndarray) -> dict:
    """P10, P50 and P90 of mixed rows: by day within the horizon; beyond it no sooner than what was foretold or said."""
    tomorrow = day_number(forecast.as_of) + 1
    reached = np.cumsum(probability, axis=1)
    found, earlier = {}, np.zeros(len(items), np.int64)
    for name, chance in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        within = reached[:, -1] >= chance
        later = np.maximum(np.maximum(day_numbers(getattr(forecast, name)[items]), latest), tomorrow + forecast.horizon)
        day = np.where(within, tomorrow + (reached >= chance).argmax(axis=1), later)
        earlier = np.maximum(day, earlier)
        days = getattr(forecast, name).copy()
        days[items] = earlier.astype(DAY)
        found[name] = days
    return found
