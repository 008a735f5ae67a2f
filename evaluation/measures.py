"""How good a forecast was: the usual measures, each in its plainest form."""

import numpy as np


def area_under_curve(probability: np.ndarray, happened: np.ndarray) -> float:
    """AUC: the chance that something that happened was held likelier than something that did not; ties count half."""
    values, rank, number = np.unique(probability, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(number) - (number - 1) / 2)[rank] if len(values) else np.zeros(0)
    yes = happened.sum()
    no = len(happened) - yes
    if not yes or not no:
        return float("nan")
    return float((ranks[happened].sum() - yes * (yes + 1) / 2) / (yes * no))


def brier(probability: np.ndarray, happened: np.ndarray) -> float:
    """Mean square of probability − outcome."""
    return float(((probability - happened) ** 2).mean()) if len(happened) else float("nan")


def mean_absolute_error(foretold: np.ndarray, actual: np.ndarray) -> float:
    """In the unit of both."""
    return float(np.abs(foretold - actual).mean()) if len(actual) else float("nan")


def coverage(low: np.ndarray, high: np.ndarray, actual: np.ndarray) -> float:
    """Share of the actual values within their bounds, both included."""
    return float(((low <= actual) & (actual <= high)).mean()) if len(actual) else float("nan")
