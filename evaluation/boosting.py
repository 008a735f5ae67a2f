"""Gradient boosting (scikit-learn) on the same past, as the upper reference. In the evaluation only.

One model for each question, fitted anew every four weeks: late or not; the days from issue; of what is open on a
Sunday, the days left, and the week of payment as classes, for cash needs chances and not a day. Features are what the
past tells of the customer, and the item's own terms, amount, calendar and age.
"""

from datetime import timedelta

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from calc.payment_history import NEVER, History, OpenItems, day_number, day_numbers
from calc.score_evidence import Evidence

from .walk import WEEKS, Method

REFIT_DAYS = 28
TRAINING_DAYS = 540
SUNDAYS = 26
SETTINGS = {
    "max_iter": 120,
    "learning_rate": 0.06,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 30,
    "l2_regularization": 5.0,
    "random_state": 0,
}


class GradientBoosting(Method):
    """HistGradientBoosting of scikit-learn."""

    name = "gradient boosting"

    def __init__(self):
        self.fitted_on = None

    def learn(self, past: History):
        """Fit every four weeks; look at the past on every day asked."""
        super().learn(past)
        self.evidence = None
        if self.fitted_on is None or (past.as_of - self.fitted_on).days >= REFIT_DAYS:
            self._fit_at_issue(past)
            self._fit_open(past)
            self.fitted_on = past.as_of

    def late(self, items: OpenItems) -> np.ndarray:
        """Probability by the classifier of lateness."""
        return self.is_late.predict_proba(self._features(items))[:, 1]

    def dates(self, items: OpenItems) -> np.ndarray:
        """Median day: from issue for what is not issued yet, the days left for what is open."""
        today = day_number(self.past.as_of)
        issued, features = day_numbers(items.issued), self._features(items)
        if (issued > today).all():
            return issued + np.rint(np.maximum(self.from_issue.predict(features), 0)).astype(np.int64)
        return today + np.rint(np.maximum(self.days_left.predict(features), 1)).astype(np.int64)

    def cash(self, items: OpenItems, weeks: int) -> np.ndarray:
        """Amounts times the chance of each week."""
        chance = np.zeros((len(items), WEEKS + 1))
        chance[:, self.week.classes_] = self.week.predict_proba(self._features(items))
        return np.nan_to_num(items.amount) @ chance[:, :weeks]

    def _features(self, items: OpenItems) -> np.ndarray:
        if self.evidence is None:
            self.evidence = Delays(self.past)
        return self.evidence.features(items, np.full(len(items), day_number(self.past.as_of)))

    def _fit_at_issue(self, past: History):
        today = day_number(past.as_of)
        issued, due, paid = (day_numbers(days) for days in (past.issued, past.due, past.paid))
        rows = (due < today) & (issued > today - TRAINING_DAYS)
        late = paid[rows] > due[rows]
        table = Delays(past).features(past.where(rows), issued[rows] - 1)
        self.is_late = HistGradientBoostingClassifier(**SETTINGS).fit(table, late)
        done = paid[rows] < NEVER
        self.from_issue = HistGradientBoostingRegressor(loss="absolute_error", **SETTINGS)
        self.from_issue.fit(table[done], (paid - issued)[rows][done])

    def _fit_open(self, past: History):
        features, left, weeks = [], [], []
        for ago in range(WEEKS, WEEKS + SUNDAYS):
            then = past.as_of - timedelta(days=7 * ago)
            seen = past.seen(then)
            rows = np.flatnonzero(past.issued <= np.datetime64(then, "D"))[seen.is_open()]
            if not len(rows):
                continue
            day = day_number(then)
            features.append(Delays(seen).features(seen.open_items(), np.full(len(rows), day)))
            paid = day_numbers(past.paid[rows])
            left.append(paid - day)
            weeks.append(np.clip((paid - day - 1) // 7, 0, WEEKS))
        table, left, weeks = np.concatenate(features), np.concatenate(left), np.concatenate(weeks)
        self.week = HistGradientBoostingClassifier(**SETTINGS).fit(table, weeks)
        done = left < NEVER // 2
        self.days_left = HistGradientBoostingRegressor(loss="absolute_error", **SETTINGS)
        self.days_left.fit(table[done], left[done])


class Delays(Evidence):
    """The evidence of a score and, beside it, the delays themselves, faded by half in three months and in a year."""

    def features(self, items: OpenItems, day: np.ndarray) -> np.ndarray:
        """What is known at the end of ``day`` of each item and its customer."""
        debtor, segment = self.positions(items.debtor), self.segment_positions(items.segment)
        matrix, _mean, known = self.at(debtor, segment, day)
        delay = np.clip(np.minimum(self.settled, self.last_day + 1) - self.due, -60, 120)
        outcomes, columns = self.outcomes.span(debtor, day), []
        for half_life in (90.0, 365.0):
            number = self.outcomes.sum(self.is_known, outcomes, day, half_life)
            for value in (self.in_time * delay, self.in_time, self.in_time * (delay == 0)):
                columns.append(self.outcomes.sum(value, outcomes, day, half_life) / (np.maximum(number, 0) + 0.5))
        terms, amount = self.terms_and_amount(items)
        due = day_numbers(items.due)
        # A late payment's delay is known only once it is paid: by the day it is, not by the day it was late.
        if not hasattr(self, "payments"):
            self.payments = type(self.outcomes)(self.code, self.paid, self.last_day)
        paid = self.payments.span(debtor, day)
        number = self.payments.sum(self.paid < NEVER, paid, day, 180.0)
        columns.append(self.payments.sum(delay * (self.paid < NEVER), paid, day, 180.0) / (np.maximum(number, 0) + 0.5))
        own = [terms, amount, day - due, (due + 3) % 7, (day + 3) % 7, due - day_numbers(items.issued), known]
        return np.column_stack([matrix, *columns, *own])
