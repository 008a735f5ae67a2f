"""A debtor's score, 0 to 100, and class: how likely it is to pay in time, why, and how well such figures have held.

The probability of being late beyond a threshold is the segment's share late, moved by the debtor's own evidence
(``score_evidence``) with weights learned on the past (``score_weights``). No history, no move: the segment's, exactly.
More late payments never raise a score. A score advises; it blocks and sues nobody.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from .payment_history import History, OpenItems, day_number
from .score_evidence import FACTORS, NO_INCIDENTS, Evidence, Incidents
from .score_weights import GENERAL_WEIGHTS, Weights, fit_weights

# Classes by the probability of being late from which they begin.
CLASSES = (("A", 0.0), ("B", 0.05), ("C", 0.15), ("D", 0.30), ("E", 0.50))
NEW = "N"
# A customer is new until so many outcomes are known, unless one of them was late.
KNOWN_FROM = 3
# Weights are learned on the invoices of two years, the older ones counting less.
TRAINING_DAYS = 730
TRAINING_HALF_LIFE = 365.0
SAMPLE = 20_000
# Fewer past invoices than this teach no weights: the general ones hold.
ENOUGH_OUTCOMES = 50


@dataclass(frozen=True)
class Scores:
    """One debtor a row, ascending by identifier.

    ``probability``: of an invoice to be late beyond the threshold; ``score``: 100 × (1 − probability), whole;
    ``grade``: "A" to "E", or "N" for a new customer. ``segment_mean``: share late of the others of its segment, that is
    what the probability would be without history; ``known``: how many outcomes it rests on. ``factors``: what each of
    ``FACTORS`` adds to the log-odds of being late, so that positive is worse; their sum is log-odds(probability) −
    log-odds(segment_mean).
    """

    debtor: np.ndarray
    probability: np.ndarray
    score: np.ndarray
    grade: np.ndarray
    segment_mean: np.ndarray
    known: np.ndarray
    factors: np.ndarray

    def explain(self, row: int, smallest: float = 0.05) -> list[tuple[str, float]]:
        """Factors of one debtor with their signed weight, the weightiest first; those below ``smallest`` left out."""
        named = [(name, float(weight)) for name, weight in zip(FACTORS, self.factors[row], strict=True)]
        return sorted((pair for pair in named if abs(pair[1]) >= smallest), key=lambda pair: -abs(pair[1]))


@dataclass(frozen=True)
class ScoreModel:
    """How evidence is weighed. ``threshold``: days after the due date up to which a payment is not late."""

    weights: Weights = GENERAL_WEIGHTS
    threshold: int = 0

    def score(
        self,
        history: History,
        incidents: Incidents = NO_INCIDENTS,
        debtors: np.ndarray | None = None,
        segments: np.ndarray | None = None,
    ) -> Scores:
        """Scores as of the end of the history: of all debtors it knows, or of those given.

        ``segments``: of the debtors given, in their order. It is what a debtor has whom the history does not know;
        without it such a one has everyone's mean for segment.
        """
        evidence = Evidence(history, incidents, self.threshold)
        if debtors is None:
            debtors, segments = evidence.debtors, None
        debtors, first = np.unique(debtors, return_index=True)
        own = np.full(len(evidence.debtors) + 1, len(evidence.segments))
        own[evidence.code] = evidence.segment_code
        code = evidence.positions(debtors)
        segment = own[code]
        if segments is not None:
            is_unknown = code == len(evidence.debtors)
            segment[is_unknown] = evidence.segment_positions(segments[first[is_unknown]])
        return self._scores(debtors, *evidence.at(code, segment, evidence.last_day))

    def probability(self, history: History, items: OpenItems, incidents: Incidents = NO_INCIDENTS) -> np.ndarray:
        """Probability of each item to be late, with its own terms and amount in place of the debtor's usual ones.

        For invoices issued after the history; their debtors may be new.
        """
        evidence = Evidence(history, incidents, self.threshold)
        code, segment = evidence.positions(items.debtor), evidence.segment_positions(items.segment)
        matrix, mean, known = evidence.at(code, segment, evidence.last_day)
        _with_own_terms(matrix, *evidence.terms_and_amount(items), known)
        return self._probability(matrix, mean)

    def _probability(self, matrix: np.ndarray, mean: np.ndarray) -> np.ndarray:
        # Not through logarithms and back where there is nothing to add: the segment's mean, to the last digit.
        return np.where(matrix.any(axis=1), _sigmoid(self.weights.log_odds(matrix, mean)), mean)

    def _scores(self, debtors, matrix, mean, known) -> Scores:
        probability = self._probability(matrix, mean)
        factors = matrix * self.weights.factors
        added = factors.sum(axis=1, keepdims=True)
        factors = factors * np.where(added > 0, self.weights.above, self.weights.below)
        grade = np.array([name for name, _from in CLASSES])[
            np.searchsorted([start for _name, start in CLASSES], probability, "right") - 1
        ]
        has_been_late = matrix[:, FACTORS.index("late_ever")] > 0
        grade = np.where((known < KNOWN_FROM) & ~has_been_late, NEW, grade)
        score = np.rint(100 * (1 - probability)).astype(np.int64)
        return Scores(debtors, probability, score, grade, mean, known, factors)


def fit_score(history: History, incidents: Incidents = NO_INCIDENTS, threshold: int = 0) -> ScoreModel:
    """The weights the history teaches: evidence before each past invoice, against what came of it.

    Only invoices that would be known to be late by now, were they so, are learned from: among younger ones, those paid
    in time are known first.
    """
    evidence = Evidence(history.sample(SAMPLE), incidents, threshold)
    today = day_number(history.as_of)
    rows = np.flatnonzero(evidence.is_known & (evidence.late_on <= today) & (evidence.issued > today - TRAINING_DAYS))
    if len(rows) < ENOUGH_OUTCOMES:
        return ScoreModel(threshold=threshold)
    before = evidence.issued[rows] - 1
    matrix, mean, known = evidence.at(evidence.code[rows], evidence.segment_code[rows], before)
    _with_own_terms(matrix, evidence.log_terms[rows], evidence.log_amount[rows], known)
    weight = 0.5 ** ((today - evidence.issued[rows]) / TRAINING_HALF_LIFE)
    late = evidence.late[rows].astype(float)
    return ScoreModel(fit_weights(matrix, mean, late, weight), threshold)


@dataclass(frozen=True)
class Reliability:
    """Of those foretold to be late with about ``foretold``, the share ``observed`` was; ``number`` of them. By bin."""

    foretold: np.ndarray
    observed: np.ndarray
    number: np.ndarray


def reliability(probability: np.ndarray, late: np.ndarray, bins: int = 10) -> Reliability:
    """The calibration plot: bins of equal width in probability, empty ones left out."""
    at = np.minimum((probability * bins).astype(np.int64), bins - 1)
    number = np.bincount(at, minlength=bins)
    used = number > 0
    foretold, observed = (np.bincount(at, value, bins)[used] / number[used] for value in (probability, late))
    return Reliability(foretold, observed, number[used])


def backtest_scores(
    history: History, incidents: Incidents = NO_INCIDENTS, threshold: int = 0, days: int = 180, step: int = 30
) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities given at issue over the last ``days``, and what came of the invoices: for ``reliability``.

    The model is fitted anew every ``step`` days on what was known then. Outcomes not known yet are left out, and so is
    what was issued too lately for a delay to be known.
    """
    final = Evidence(history, NO_INCIDENTS, threshold)
    today = day_number(history.as_of)
    foretold, came = [np.zeros(0)], [np.zeros(0)]
    for ago in range(days, 0, -step):
        then = history.as_of - timedelta(days=ago)
        past, known_then = history.seen(then), _incidents_until(incidents, then)
        first = day_number(then) + 1
        chosen = (final.issued >= first) & (final.issued < first + step) & final.is_known & (final.late_on <= today)
        if not len(past) or not chosen.any():
            continue
        model = fit_score(past, known_then, threshold)
        foretold.append(model.probability(past, history.where(chosen), known_then))
        came.append(final.late[chosen].astype(float))
    return np.concatenate(foretold), np.concatenate(came)


def _with_own_terms(matrix: np.ndarray, log_terms: np.ndarray, log_amount: np.ndarray, known: np.ndarray):
    """Put an invoice's own terms and amount in the place of the usual ones; nothing for debtors without history."""
    terms, amount, unusual = (FACTORS.index(name) for name in ("terms", "amount", "amount_unusual"))
    has_history = known > 0
    matrix[:, unusual] = (log_amount - matrix[:, amount]) * has_history
    matrix[:, terms] = log_terms * has_history


def _incidents_until(incidents: Incidents, last: date) -> Incidents:
    chosen = incidents.day <= np.datetime64(last, "D")
    return Incidents(incidents.debtor[chosen], incidents.kind[chosen], incidents.day[chosen])


def _sigmoid(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-value))
