"""The forecast's own record beside two forecasts anyone could make: paid on the due date; or after the usual delay.

A forecast is shown where it has beaten both. Where it has not, or has too little to go on, that is said, and the better
naive one is shown in its place.
"""

from dataclasses import dataclass, fields

import numpy as np

from .payment_history import NEVER, History, OpenItems, day_number, day_numbers

# Weeks foretold, and payments known, before a record says anything.
ENOUGH_WEEKS = 8
ENOUGH_PAYMENTS = 100
# Beating the naive forecasts is not yet being right: further off, or more rarely within its bounds, nobody plans on it.
MOST_ERROR = 0.5
LEAST_COVERAGE = 0.65

TRUSTED = "trusted"
TOO_LITTLE = "too_little_data"
DUE_DATE_BETTER = "due_date_better"
AVERAGE_BETTER = "average_delay_better"


@dataclass(frozen=True)
class Record:
    """Forecasts of a week's cash beside what came; one a row, NaN where it is not known yet.

    All arrays have one shape: what was ``expected``, between ``low`` and ``high``; what came, ``actual``; and what the
    naive forecasts said, ``by_due_date`` and ``by_average``.
    """

    expected: np.ndarray
    low: np.ndarray
    high: np.ndarray
    actual: np.ndarray
    by_due_date: np.ndarray
    by_average: np.ndarray

    def known(self) -> "Record":
        """The rows whose outcome is known, in one dimension."""
        which = ~np.isnan(self.actual)
        return Record(*(getattr(self, field.name)[which] for field in fields(self)))


@dataclass(frozen=True)
class Verdict:
    """``code``: which forecast to show and why. Errors are shares of the cash that came (WAPE); NaN without any.

    ``coverage``: how often what came was within the bounds. ``weeks``: how many weekly forecasts it rests on.
    """

    code: str
    weeks: int
    error: float
    error_by_due_date: float
    error_by_average: float
    coverage: float

    @property
    def shows(self) -> str:
        """The forecast to show: "model", "due_date" or "average_delay"."""
        if self.code == TRUSTED:
            return "model"
        if self.code == DUE_DATE_BETTER:
            return "due_date"
        by_due_date_errs_less = self.error_by_due_date < self.error_by_average
        return "due_date" if self.code == TOO_LITTLE and by_due_date_errs_less else "average_delay"

    @property
    def is_dependable(self) -> bool:
        """Whether the forecast may be planned upon: it beats both naive ones, and comes near enough to what came."""
        return self.code == TRUSTED and self.error <= MOST_ERROR and self.coverage >= LEAST_COVERAGE


def weighted_error(forecast: np.ndarray, actual: np.ndarray) -> float:
    """WAPE: the sum of absolute errors over the sum of what came; NaN if nothing came."""
    came = np.abs(actual).sum()
    return float(np.abs(forecast - actual).sum() / came) if came else float("nan")


def judge(record: Record, payments: int) -> Verdict:
    """What the record allows to show. ``payments``: how many payments the history knows."""
    record = record.known()
    errors = [weighted_error(way, record.actual) for way in (record.expected, record.by_due_date, record.by_average)]
    weeks = len(record.actual)
    within = (record.low <= record.actual) & (record.actual <= record.high)
    coverage = float(within.mean()) if weeks else float("nan")
    if weeks < ENOUGH_WEEKS or payments < ENOUGH_PAYMENTS or np.isnan(errors[0]):
        code = TOO_LITTLE
    elif errors[0] <= min(errors[1:]):
        code = TRUSTED
    else:
        code = DUE_DATE_BETTER if errors[1] <= errors[2] else AVERAGE_BETTER
    return Verdict(code, weeks, *errors, coverage)


def day_by_due_date(items: OpenItems, as_of) -> np.ndarray:
    """Day number each item is paid if it is paid when due; tomorrow if that has passed."""
    return np.maximum(day_numbers(items.due), day_number(as_of) + 1)


def day_by_delay(items: OpenItems, history: History, usual=np.median) -> np.ndarray:
    """Day number each item is paid if it takes its debtor's usual delay, everyone's if that is not known.

    ``usual``: ``np.median`` or ``np.mean`` of the delays of what has been paid. Tomorrow if that day has passed.
    """
    paid = day_numbers(history.paid)
    done = paid < NEVER
    debtors, code = np.unique(history.debtor[done], return_inverse=True)
    delay = (paid - day_numbers(history.due))[done].astype(float)
    everyone = float(usual(delay)) if len(delay) else 0.0
    # One past the end, for debtors that have paid nothing yet.
    delays = np.append((_medians if usual is np.median else _means)(code, delay, len(debtors)), everyone)
    at = np.searchsorted(debtors, items.debtor)
    known = at < len(debtors)
    known[known] = debtors[at[known]] == items.debtor[known]
    expected = day_numbers(items.due) + np.rint(delays[np.where(known, at, len(debtors))]).astype(np.int64)
    return np.maximum(expected, day_number(history.as_of) + 1)


def _means(code: np.ndarray, value: np.ndarray, groups: int) -> np.ndarray:
    return np.bincount(code, value, groups) / np.maximum(np.bincount(code, minlength=groups), 1)


def _medians(code: np.ndarray, value: np.ndarray, groups: int) -> np.ndarray:
    if not groups:
        return np.zeros(0)
    value = value[np.lexsort((value, code))]
    size = np.bincount(code, minlength=groups)
    start = np.cumsum(size) - size
    return (value[start + (size - 1) // 2] + value[start + size // 2]) / 2
