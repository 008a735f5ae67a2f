"""What speaks for or against a debtor on a given day, as numbers: the evidence behind a score.

Every sum can be asked for any past day and only counts what was known on it, so that weights are learned on just what a
score would have seen. An instalment speaks once its outcome is known: paid in time, on the day it is paid; late, on
the day it passes the threshold, *paid or not*. A customer who never pays is late, not unknown.

Shares late are odds with the segment's mean as ``PRIOR`` pseudo-payments, on three half-lives: what a debtor is like,
how it was this year, and how it is now. One more late payment only ever adds to the upper side of each odds.
"""

from dataclasses import dataclass

import numpy as np

from .payment_history import DAY, NEVER, History, OpenItems, day_number, day_numbers

HALF_LIVES = {"late_now": 45.0, "late_this_year": 180.0, "late_ever": 720.0}
SEGMENT_HALF_LIFE = 365.0
PRIOR = 2.0
# Pseudo-payments of everyone's mean in a segment's; and what stands for everyone before anything is known.
SEGMENT_PRIOR = 20.0
NOTHING_KNOWN_LATE, NOTHING_KNOWN_VERY_LATE = 0.2, 0.1
# Late by so many days more than the threshold is very late.
VERY_LATE = 7
TINY = 1e-9
# A deposit is no earlier a payment than that many days.
EARLIEST = 30
INCIDENTS = ("broken_promise", "lost_dispute", "bounced_debit")
# Order of the columns of ``Evidence.at``; ``score`` explains each.
FACTORS = (
    *HALF_LIVES,
    "very_late",
    "days_early",
    "overdue_now",
    *INCIDENTS,
    "relation",
    "terms",
    "amount",
    "amount_unusual",
)


@dataclass(frozen=True)
class Incidents:
    """What else has happened: ``kind`` is a position in ``INCIDENTS``, ``day`` (datetime64[D]) when it was known."""

    debtor: np.ndarray
    kind: np.ndarray
    day: np.ndarray

    def of_kind(self, kind: int) -> tuple[np.ndarray, np.ndarray]:
        """Debtors and day numbers of one kind."""
        chosen = self.kind == kind
        return self.debtor[chosen], day_numbers(self.day[chosen])


NO_INCIDENTS = Incidents(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, DAY))


class Timeline:
    """Events by debtor (or any other owner) and day, whose faded sums can be asked for any day of the last years."""

    # Day numbers, offset to be positive, fit below this: one number then orders by owner and day.
    SPAN = 2**22

    def __init__(self, owner: np.ndarray, day: np.ndarray, last_day: int):
        """``owner``: whole numbers from 0. Events after ``last_day`` are never asked for."""
        key = self._key(owner, np.minimum(day, last_day + 1))
        self.order = np.argsort(key, kind="stable")
        self.key = key[self.order]
        self.day = np.minimum(day, last_day + 1)[self.order]
        self.last_day = last_day

    def _key(self, owner: np.ndarray, day) -> np.ndarray:
        return owner * self.SPAN + (day + self.SPAN // 2)

    def span(self, owner: np.ndarray, day) -> tuple[np.ndarray, np.ndarray]:
        """Where the events of each owner up to the end of a day begin and end: to be handed to ``sum``."""
        first = np.searchsorted(self.key, self._key(owner, -self.SPAN // 2))
        return first, np.maximum(np.searchsorted(self.key, self._key(owner, day), "right"), first)

    def sum(self, value: np.ndarray, span, day, half_life: float | None = None) -> np.ndarray:
        """Sum of ``value`` (one an event, as the events were given) over spans, faded by its age on ``day``.

        Sums are differences of one running total, with the fading counted from ``last_day``: exact to 1e-4 as long as
        ``day`` is no more than some thirty half-lives before it.
        """
        value = value[self.order].astype(float)
        if half_life:
            value = value * 2.0 ** ((self.day - self.last_day) / half_life)
        total = np.concatenate([[0.0], np.cumsum(value)])
        faded = total[span[1]] - total[span[0]]
        return faded * 2.0 ** ((self.last_day - day) / half_life) if half_life else faded


class Evidence:
    """The evidence of a history. ``debtors`` are those it knows, ascending; ``late`` and ``is_known`` its outcomes."""

    def __init__(self, history: History, incidents: Incidents = NO_INCIDENTS, threshold: int = 0):
        """``threshold``: days after the due date up to which a payment is not held late."""
        self.history = history
        self.last_day = day_number(history.as_of)
        self.debtors, self.code = np.unique(history.debtor, return_inverse=True)
        self.segments, self.segment_code = np.unique(history.segment, return_inverse=True)
        self.issued, self.due = day_numbers(history.issued), day_numbers(history.due)
        self.settled = np.minimum(day_numbers(history.paid), day_numbers(history.removed))
        self.paid = day_numbers(history.paid)
        self.late_on = self.due + threshold + 1
        self.late = (self.settled >= self.late_on) & (self.late_on <= self.last_day)
        self.known_on = np.where(self.late, self.late_on, self.paid)
        self.is_known = self.known_on <= self.last_day
        self.very_late_on = self.late_on + VERY_LATE
        self.very_late = (self.settled >= self.very_late_on) & (self.very_late_on <= self.last_day)
        self.incidents = incidents
        self._lay_out()

    def _lay_out(self):
        last = self.last_day
        known = np.where(self.is_known, self.known_on, NEVER)
        very_late = np.where(self.very_late, self.very_late_on, NEVER)
        everyone = np.zeros(len(known), np.int64)
        self.outcomes, self.very_late_outcomes = (Timeline(self.code, day, last) for day in (known, very_late))
        self.in_segments = [Timeline(self.segment_code, day, last) for day in (known, very_late)]
        self.in_all = [Timeline(everyone, day, last) for day in (known, very_late)]
        rows = np.flatnonzero(self.late)
        changes = np.concatenate([self.late_on[rows], self.settled[rows]])
        self.overdue = Timeline(np.tile(self.code[rows], 2), changes, last)
        self.overdue_change = np.repeat([1.0, -1.0], len(rows))
        self.invoices = Timeline(self.code, self.issued, last)
        self.in_time = (self.is_known & ~self.late).astype(float)
        # One more, for debtors that are not known.
        self.first_in_time = np.full(len(self.debtors) + 1, NEVER)
        np.minimum.at(self.first_in_time, self.code[self.in_time > 0], self.paid[self.in_time > 0])
        self.early_days = np.clip(self.due - self.paid, 0, EARLIEST) * self.in_time
        self._learn_usual_terms()

    def _learn_usual_terms(self):
        log_terms = np.log1p(np.maximum(self.due - self.issued, 0))
        self.mean_log_terms = log_terms.mean() if len(log_terms) else 0.0
        usable = self.history.amount > 0
        self.currencies, group = np.unique(self.history.currency[usable], return_inverse=True)
        logs = np.log(self.history.amount[usable])
        self.mean_log_amounts = np.bincount(group, logs) / np.maximum(np.bincount(group), 1)
        self.log_terms, self.log_amount = self.terms_and_amount(self.history)

    def terms_and_amount(self, items: OpenItems) -> tuple[np.ndarray, np.ndarray]:
        """Logarithms of the days of credit and of the amount over what is usual, in each currency; 0 if unknown."""
        days = np.maximum(day_numbers(items.due) - day_numbers(items.issued), 0)
        amount = np.zeros(len(items))
        usable = (items.amount > 0) & np.isin(items.currency, self.currencies)
        at = np.searchsorted(self.currencies, items.currency[usable])
        amount[usable] = np.log(items.amount[usable]) - self.mean_log_amounts[at]
        return np.log1p(days) - self.mean_log_terms, amount

    def positions(self, debtor: np.ndarray) -> np.ndarray:
        """Positions in ``debtors``; one past the end for those not known."""
        return _positions(self.debtors, debtor)

    def segment_positions(self, segment: np.ndarray) -> np.ndarray:
        """Positions in ``segments``; one past the end for those not known."""
        return _positions(self.segments, segment)

    def segment_means(self, debtor: np.ndarray, segment: np.ndarray, day) -> tuple[np.ndarray, np.ndarray]:
        """Share late and very late of the *others* of a debtor's segment (positions), as known on ``day``.

        Everyone else's share stands for ``SEGMENT_PRIOR`` outcomes in it. Without the debtor's own payments, which have
        their say elsewhere: a late one must not lower the bar by which it is judged.
        """
        everyone = np.zeros(len(segment), np.int64)
        own = self._outcomes_in((self.outcomes, self.very_late_outcomes), debtor, day)
        means = [NOTHING_KNOWN_LATE, NOTHING_KNOWN_VERY_LATE]
        for lines, owner, strength in ((self.in_all, everyone, 1.0), (self.in_segments, segment, SEGMENT_PRIOR)):
            number, late, very_late = (
                np.maximum(all_of_them - mine, 0)
                for all_of_them, mine in zip(self._outcomes_in(lines, owner, day), own, strict=True)
            )
            means = [
                (part + strength * mean) / (np.maximum(number, part) + strength)
                for part, mean in zip((late, very_late), means, strict=True)
            ]
        return means[0], means[1]

    def _outcomes_in(self, lines, owner: np.ndarray, day) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Outcomes, late ones and very late ones of each owner, faded."""
        known, very_late = (line.span(owner, day) for line in lines)
        return (
            lines[0].sum(self.is_known, known, day, SEGMENT_HALF_LIFE),
            lines[0].sum(self.late, known, day, SEGMENT_HALF_LIFE),
            lines[1].sum(self.very_late, very_late, day, SEGMENT_HALF_LIFE),
        )

    def at(self, debtor: np.ndarray, segment: np.ndarray, day) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Evidence at the end of ``day`` (a day number, or one a row) on debtors, as positions in ``debtors``.

        Returns a matrix (rows, FACTORS), all zero without evidence; the share late of the segment; and the number of
        outcomes known. The columns of one invoice's own terms and amount hold the debtor's usual ones.
        """
        mean, very_mean = self.segment_means(debtor, segment, day)
        outcomes, very = self.outcomes.span(debtor, day), self.very_late_outcomes.span(debtor, day)
        known = np.rint(self.outcomes.sum(self.is_known, outcomes, day)).astype(np.int64)
        columns = {}
        for name, half_life in HALF_LIVES.items():
            late, in_time = (
                np.maximum(self.outcomes.sum(which, outcomes, day, half_life), 0) for which in (self.late, self.in_time)
            )
            columns[name] = _excess_odds(late, in_time, mean)
            if name == "late_this_year":
                very_late = self.very_late_outcomes.sum(self.very_late, very, day, half_life)
                columns["very_late"] = _excess_odds(np.maximum(very_late, 0), in_time, very_mean)
                early = np.maximum(self.outcomes.sum(self.early_days, outcomes, day, half_life), 0)
                columns["days_early"] = early / (late + in_time + PRIOR)
        overdue = self.overdue.sum(self.overdue_change, self.overdue.span(debtor, day), day)
        columns["overdue_now"] = np.log1p(np.maximum(overdue, 0))
        for kind, name in enumerate(INCIDENTS):
            columns[name] = self._incidents(kind, debtor, day)
        columns |= self._relation(debtor, day, known > 0)
        return np.column_stack([columns[name] for name in FACTORS]), mean, known

    def _relation(self, debtor: np.ndarray, day, has_history: np.ndarray) -> dict[str, np.ndarray]:
        """Years since the first payment in time, and the usual terms and amount, for those whose payments are known."""
        invoices = self.invoices.span(debtor, day)
        number = self.invoices.sum(np.ones(len(self.issued)), invoices, day, SEGMENT_HALF_LIFE)
        terms, amount = (
            self.invoices.sum(value, invoices, day, SEGMENT_HALF_LIFE) / np.maximum(number, TINY) * has_history
            for value in (self.log_terms, self.log_amount)
        )
        years = np.maximum(day - self.first_in_time[debtor], 0) / 365.0
        return {"relation": np.log1p(years), "terms": terms, "amount": amount, "amount_unusual": np.zeros(len(debtor))}

    def _incidents(self, kind: int, debtor: np.ndarray, day) -> np.ndarray:
        owner, known_on = self.incidents.of_kind(kind)
        at = self.positions(owner)
        known = at < len(self.debtors)
        if not known.any():
            return np.zeros(len(debtor))
        timeline = Timeline(at[known], known_on[known], self.last_day)
        faded = timeline.sum(np.ones(known.sum()), timeline.span(debtor, day), day, SEGMENT_HALF_LIFE)
        return np.log1p(np.maximum(faded, 0))


def _positions(known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    if not len(known):
        return np.zeros(len(wanted), np.int64)
    at = np.searchsorted(known, wanted)
    return np.where(known[np.minimum(at, len(known) - 1)] == wanted, at, len(known))


def log_odds(probability: np.ndarray) -> np.ndarray:
    """log(p / (1 − p))."""
    return np.log(probability) - np.log1p(-probability)


def _excess_odds(late: np.ndarray, in_time: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """How far the odds of being late are above those of the segment, in logarithms: 0 without history."""
    odds = (PRIOR * mean + late) / (PRIOR * (1 - mean) + in_time)
    # Not by arithmetic where there is nothing to say: no evidence is exactly none.
    return np.where(late + in_time > 0, np.log(odds) - log_odds(mean), 0.0)
