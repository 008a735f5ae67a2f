"""How a score is read: what each factor takes from it or gives it, and how far a set of probabilities was off."""

from math import exp, log


def points_of(probability: float, weight: float) -> int:
    """Points that a factor gives a score (negative: that it takes), of 100.

    ``probability`` is that of being late, between 0 and 1; ``weight`` what the factor adds to its log-odds. The points
    are the score as it is less the score without the factor; those of several factors do not add up to a difference of
    scores, for odds multiply.
    """
    if weight == 0:
        return 0
    bounded = min(max(probability, 1e-9), 1 - 1e-9)
    without = 1 / (1 + exp(weight - log(bounded / (1 - bounded))))
    return round(100 * (without - bounded))


def mean_gap(bins: list[tuple[float, float, int]]) -> float:
    """How far what was foretold was from what came, on average over the invoices.

    ``bins``: (foretold, observed, number). The expected calibration error (Naeini, Cooper and Hauskrecht, "Obtaining
    well calibrated probabilities using Bayesian binning", 2015). Raises ZeroDivisionError without any invoice.
    """
    return sum(number * abs(foretold - observed) for foretold, observed, number in bins) / sum(
        number for _foretold, _observed, number in bins
    )


def overall(bins: list[tuple[float, float, int]]) -> tuple[float, float, int]:
    """(foretold, observed, number) of all bins together. Raises ZeroDivisionError without any invoice."""
    number = sum(count for _foretold, _observed, count in bins)
    return (
        sum(foretold * count for foretold, _observed, count in bins) / number,
        sum(observed * count for _foretold, observed, count in bins) / number,
        number,
    )
