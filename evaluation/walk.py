"""Walks forward through a history and asks each method, on every day, only what could be asked on that day.

- *At issue*: of each of the last 30 % of invoices, on the eve of its issue: will it be late, when will it be paid?
- *Open book*: every Sunday from the first of them to the last issue: when will each open item be paid, and what cash
  comes from them in each of the next four weeks?

A method is only ever handed ``history.seen(that day)`` and the items' own terms and amounts. What really happened is
looked up here, afterwards, and only where it was observed. Where the history comes from is of no concern: a CSV file,
or the reconciliations of a ledger.
"""

from dataclasses import dataclass, field, fields
from datetime import date

import numpy as np

from calc.forecast_record import weighted_error
from calc.payment_history import DAY, NEVER, History, OpenItems, day_number, day_numbers

from .measures import area_under_curve, brier, coverage, mean_absolute_error

TEST_SHARE = 0.3
WEEKS = 4
SUNDAY = 3  # 1970-01-04


class Method:
    """A way to foretell. ``learn`` is called with the past of each day asked for; None stands for "has no answer"."""

    name = ""

    def learn(self, past: History):
        """Take note of the past: everything known at the end of ``past.as_of``."""
        self.past = past

    def late(self, items: OpenItems) -> np.ndarray | None:
        """Probability that each item will be paid after its due date."""

    def dates(self, items: OpenItems) -> np.ndarray | None:
        """Day numbers: the median day of payment, or an array (3, items) of P50, P10 and P90."""

    def cash(self, items: OpenItems, weeks: int) -> np.ndarray | None:
        """Cash of each of the next weeks; or an array (3, weeks) of what is expected, low and high."""


@dataclass
class Answers:
    """What one method said, and what came of it: lists of arrays, one a day asked."""

    late: list = field(default_factory=list)
    issue: list = field(default_factory=list)
    open: list = field(default_factory=list)
    cash: list = field(default_factory=list)

    def table(self) -> dict[str, float]:
        """The measures, by name; NaN where the method has no answer."""
        late, issue, still_open, cash = (_joined(getattr(self, part.name)) for part in fields(self))
        return {
            "auc": area_under_curve(late[0], late[-1] > 0),
            "brier": brier(late[0], late[-1]),
            "issue_days": mean_absolute_error(issue[0], issue[-1]),
            "issue_coverage": _coverage(issue),
            "open_days": mean_absolute_error(still_open[0], still_open[-1]),
            "open_coverage": _coverage(still_open),
            "cash_error": weighted_error(cash[0], cash[-1]),
            "cash_coverage": _coverage(cash),
        }


def walk(history: History, methods: list[Method], every: int = 1, progress=None) -> dict[str, Answers]:
    """Answers of each method by name. ``every``: days between two looks at the past for questions at issue."""
    truth = Truth(history)
    answers = {method.name: Answers() for method in methods}
    for as_of, new, is_sunday in truth.days(every):
        past = history.seen(as_of)
        known = np.flatnonzero(history.issued <= np.datetime64(as_of, "D"))
        still_open = known[past.is_open()]
        for method in methods:
            method.learn(past)
            if len(new):
                truth.compare_at_issue(answers[method.name], method, new)
            if is_sunday and len(still_open):
                truth.compare_open_book(answers[method.name], method, past.open_items(), still_open, as_of)
        if progress:
            progress(as_of)
    return answers


class Truth:
    """What really happened, and when what is asked."""

    def __init__(self, history: History):
        self.history = history
        self.issued, self.due = day_numbers(history.issued), day_numbers(history.due)
        self.paid, self.removed = day_numbers(history.paid), day_numbers(history.removed)
        self.end = day_number(history.as_of)
        self.amount = np.nan_to_num(history.amount)
        order = np.argsort(self.issued, kind="stable")
        self.tested = order[int(len(order) * (1 - TEST_SHARE)) :]

    def days(self, every: int):
        """Days on which something is asked: (day, rows issued after it, whether it is a Sunday of the test)."""
        first, last = self.issued[self.tested].min(), self.issued[self.tested].max()
        eve = self.issued[self.tested] - 1
        eve = first - 1 + (eve - first + 1) // every * every
        for day in range(first - 1, last + 1):
            is_sunday = day >= first and (day - SUNDAY) % 7 == 0
            new = self.tested[eve == day]
            if len(new) or is_sunday:
                yield np.int64(day).astype(DAY).item(), new, is_sunday

    def compare_at_issue(self, answers: Answers, method: Method, rows: np.ndarray):
        """Ask about invoices before they are issued."""
        items = _as_issued(self.history, rows)
        # Late or not is known once it is paid, or the day after it was due; not for what was withdrawn before.
        settled = np.minimum(self.paid[rows], self.removed[rows])
        late = (settled > self.due[rows]) & (self.end > self.due[rows])
        known = late | (self.paid[rows] <= self.due[rows])
        _keep(answers.late, method.late(items), late.astype(float), known)
        _keep(answers.issue, method.dates(items), self.paid[rows], self.paid[rows] < NEVER)

    def compare_open_book(self, answers: Answers, method: Method, items: OpenItems, rows: np.ndarray, as_of: date):
        """Ask about all that is open at the end of ``as_of``."""
        _keep(answers.open, method.dates(items), self.paid[rows], self.paid[rows] < NEVER)
        if not self.amount[rows].any():
            return
        tomorrow = day_number(as_of) + 1
        week = (self.paid[rows] - tomorrow) // 7
        came = np.array([self.amount[rows][week == rank].sum() for rank in range(WEEKS)])
        _keep(answers.cash, method.cash(items, WEEKS), came, tomorrow + 7 * np.arange(1, WEEKS + 1) - 1 <= self.end)


def _as_issued(history: History, rows: np.ndarray) -> OpenItems:
    """Invoices as they are on their first day: nothing is disputed yet, unless that is known from the first day."""
    items = OpenItems(**{part.name: getattr(history, part.name)[rows] for part in fields(OpenItems)})
    disputed = np.where(items.disputed_on <= items.issued, items.disputed_on, np.datetime64("NaT", "D"))
    return OpenItems(**{**vars(items), "disputed_on": disputed})


def _keep(kept: list, said: np.ndarray | None, actual: np.ndarray, observed: np.ndarray):
    if said is not None:
        kept.append(np.vstack([said, actual]).astype(float)[:, observed])


def _joined(parts: list) -> np.ndarray:
    return np.concatenate(parts, axis=1) if parts else np.zeros((2, 0))


def _coverage(columns: np.ndarray) -> float:
    return coverage(columns[1], columns[2], columns[3]) if len(columns) == 4 else float("nan")
