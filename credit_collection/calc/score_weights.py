"""Weights of the evidence: learned from what came of past invoices, drawn to what is generally found.

Logistic regression with a normal prior on each weight (the maximum a posteriori; Bishop, "Pattern recognition and
machine learning", 4.3 and 4.5), whose sign is given beforehand: whatever a ledger's chance may say, being late never
speaks for a debtor.
"""

from dataclasses import dataclass

import numpy as np

from .score_evidence import FACTORS, log_odds

# What holds before a ledger has shown anything, in log-odds by unit of evidence; and the sign a weight may have.
GENERAL = {
    "late_now": (0.2, 1),
    "late_this_year": (0.4, 1),
    "late_ever": (0.3, 1),
    "very_late": (0.1, 1),
    "days_early": (-0.02, -1),
    "overdue_now": (0.2, 1),
    "broken_promise": (0.4, 1),
    "lost_dispute": (0.2, 1),
    "bounced_debit": (0.5, 1),
    "relation": (-0.1, -1),
    "terms": (0.0, 0),
    "amount": (0.0, 0),
    "amount_unusual": (0.0, 0),
}
PRIOR_MEAN = np.array([GENERAL[name][0] for name in FACTORS])
SIGN = np.array([GENERAL[name][1] for name in FACTORS])
# A standard deviation of a half: 4 in the units of the likelihood.
PRECISION = 4.0
# How far evidence above and below the segment's mean is stretched: 1, give or take a fifth, before anything is seen.
STRETCH_PRECISION = 25.0


@dataclass(frozen=True)
class Weights:
    """``factors``: weight of each of ``FACTORS``. ``above``, ``below``: the monotone recalibration of their sum."""

    factors: np.ndarray
    above: float = 1.0
    below: float = 1.0

    def log_odds(self, evidence: np.ndarray, mean: np.ndarray) -> np.ndarray:
        """Log-odds of being late: the segment's, and what the evidence adds."""
        added = evidence @ self.factors
        return log_odds(mean) + np.where(added > 0, self.above, self.below) * added


GENERAL_WEIGHTS = Weights(PRIOR_MEAN)


def fit_weights(evidence: np.ndarray, mean: np.ndarray, late: np.ndarray, weight: np.ndarray) -> Weights:
    """Weights under which the outcomes ``late`` were likeliest, given the evidence before each."""
    base = log_odds(mean)
    factors = _logistic(evidence, base, late, weight, PRIOR_MEAN, PRECISION, SIGN)
    added = evidence @ factors
    sides = np.column_stack([np.maximum(added, 0), np.minimum(added, 0)])
    above, below = _logistic(sides, base, late, weight, np.ones(2), STRETCH_PRECISION, np.ones(2))
    return Weights(factors, float(above), float(below))


def _logistic(x, offset, y, weight, prior, precision, sign, rounds=25) -> np.ndarray:
    """Newton's method, each round within the signs allowed (an active set of weights held at zero)."""
    theta = prior.copy()
    for _round in range(rounds):
        p = _sigmoid(offset + x @ theta)
        slope = x.T @ (weight * (y - p)) - precision * (theta - prior)
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + precision * np.eye(len(prior))
        before, theta = theta, _step_within(theta, slope, curve, sign)
        if np.abs(theta - before).max() < 1e-7:
            break
    return theta


def _step_within(theta, slope, curve, sign) -> np.ndarray:
    """The Newton step, at most one unit by weight; weights it would take over the line stay on it."""
    free = np.ones(len(theta), bool)
    while True:
        target = np.zeros(len(theta))
        held = curve[np.ix_(free, ~free)] @ theta[~free] if (~free).any() else 0.0
        target[free] = theta[free] + np.clip(np.linalg.solve(curve[np.ix_(free, free)], slope[free] + held), -1, 1)
        crossed = free & (target * sign < 0)
        if not crossed.any():
            return target
        free &= ~crossed


def _sigmoid(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(value, -40, 40)))
