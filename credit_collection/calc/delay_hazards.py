"""How likely an instalment is to be paid on each day of its delay, if it is still open that morning.

Discrete-time hazards of the delay (open days after the due date, negative before it), with what is open or withdrawn
as censored observations: payments on a day of delay, over what was still open on it. (Kaplan & Meier 1958; hazards by
interval: Breslow & Crowley 1974.) An instalment counts from the day it was issued, not before (left truncation).

Each count fades by half in ``half_life`` days. It is the day of *exposure* that fades, not the instalment: were paid
instalments to fade and open ones not, payments would look rarer than they are.

A debtor's own counts are blended with its segment's curve, and that with everyone's, as so many pseudo-observations at
each day of delay (beta prior on each hazard: Hjort, "Nonparametric Bayes estimators based on beta processes", 1990):
without counts the curve *is* the segment's, and with many it is the debtor's own.
"""

from dataclasses import dataclass

import numpy as np

from .payment_calendar import PaymentCalendar
from .payment_history import NEVER, History, day_number, day_numbers

# Delays are told apart by day where payments crowd, by wider steps beyond; in open days.
EDGES = np.concatenate(
    [
        [-2000, -500, -250, -180, -120, -90, -75, -60, -52],
        np.arange(-45, 91),
        [97, 105, 120, 150, 180, 240, 360, 540, 2000],
    ]
)
WIDTHS = np.diff(EDGES).astype(float)
BINS = len(WIDTHS)
BIN_OF_DELAY = np.repeat(np.arange(BINS), np.diff(EDGES))

# Pseudo-observations: how much one curve weighs in the next. A segment needs some tens of payments before it speaks
# for itself, a debtor three: debtors differ far more from one another than segments do.
SEGMENT_STRENGTH = 30.0
DEBTOR_STRENGTH = 3.0
RECENT_STRENGTH = 3.0
SMOOTHING_STRENGTH = 10.0
# A quarter for what is current, two years for what a debtor is like.
RECENT_HALF_LIFE = 90.0
LONG_HALF_LIFE = 730.0
# Of a ledger that has seen nothing at all: most pay around the due date, the rest slowly.
NOTHING_KNOWN = np.select([EDGES[:-1] < 0, EDGES[:-1] < 3, EDGES[:-1] < 60], [0.005, 0.4, 0.08], 0.01)
FAINTEST, STRONGEST = 1e-7, 1 - 1e-7


def bin_of(delay: np.ndarray) -> np.ndarray:
    """Position in ``EDGES`` of a delay in open days."""
    return BIN_OF_DELAY[np.clip(delay, EDGES[0], EDGES[-1] - 1) - EDGES[0]]


@dataclass(frozen=True)
class Exposures:
    """Instalments as spells at risk, sorted by debtor: in open days of delay, ``stop`` excluded.

    ``age`` is the number of days from the due date to the day the history was seen.
    """

    debtor: np.ndarray
    segment: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    is_paid: np.ndarray
    age: np.ndarray

    def where(self, chosen) -> "Exposures":
        """The rows of a slice, a mask or an array of positions."""
        return Exposures(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def exposures(history: History, calendar: PaymentCalendar) -> Exposures:
    """Spells of the history: from issue to payment, withdrawal, or the end of what was seen.

    What was paid before it was issued (a deposit) counts as paid on the day of issue.
    """
    today = day_number(history.as_of)
    due_day = np.minimum(day_numbers(history.due), NEVER)
    due = calendar.rank(due_day)
    start = calendar.rank(day_numbers(history.issued)) - due
    paid, removed = day_numbers(history.paid), day_numbers(history.removed)
    is_paid = paid < NEVER
    end = np.where(is_paid, paid, np.where(removed < NEVER, removed, today + 1))
    stop = np.maximum(calendar.rank(end) - due, start) + is_paid
    spells = Exposures(history.debtor, history.segment, start, stop, is_paid, today - due_day)
    return spells.where(np.argsort(history.debtor, kind="stable"))


def count(spells: Exposures, group: np.ndarray, groups: int, half_life: float, days_in_a_rank: float):
    """Payments and open days at risk by group and bin of delay, faded: two arrays (groups, BINS)."""
    weight = 2.0 ** np.clip(-spells.age / half_life, -60, 60)
    low, high = np.clip(spells.start, EDGES[0], EDGES[-1] - 1), np.clip(spells.stop, EDGES[0], EDGES[-1] - 1)
    first, last = bin_of(low), bin_of(high)
    size, row = groups * BINS, group * BINS
    # How many are at risk throughout a bin, then the parts of the bins in which a spell begins and ends.
    whole = np.bincount(row + first, weight, size) - np.bincount(row + last, weight, size)
    at_risk = np.cumsum(whole.reshape(groups, BINS), axis=1) * WIDTHS
    at_risk -= np.bincount(row + first, weight * (low - EDGES[first]), size).reshape(groups, BINS)
    at_risk += np.bincount(row + last, weight * (high - EDGES[last]), size).reshape(groups, BINS)
    paid = spells.is_paid
    payment = bin_of(spells.stop[paid] - 1)
    payments = np.bincount(row[paid] + payment, weight[paid], size).reshape(groups, BINS)
    # From the due date to the day of exposure: what makes it the exposure that fades.
    since = 2.0 ** np.clip((EDGES[:-1] + WIDTHS / 2) * days_in_a_rank / half_life, -60, 60)
    # Sums of many fadings leave crumbs of rounding where nothing is at risk.
    return payments * since, np.maximum(at_risk * since, payments * since) * (at_risk > 1e-9 * weight.max(initial=0))


def blend(payments: np.ndarray, at_risk: np.ndarray, prior: np.ndarray, strength: float) -> np.ndarray:
    """Hazards by open day: own counts, and the prior's as ``strength`` observations; the prior without any."""
    hazard = (payments + strength * prior) / (at_risk + strength)
    # Not by arithmetic where there is nothing to blend: the prior, to the last digit.
    return np.clip(np.where(at_risk > 0, hazard, prior), FAINTEST, STRONGEST)


def smoothed(payments: np.ndarray, at_risk: np.ndarray) -> np.ndarray:
    """The hazards of everyone: each bin leans on the seven around it where it has few observations itself."""
    window = np.ones(7)
    near_payments = np.convolve(np.pad(payments, 3, "edge"), window, "valid")
    near_at_risk = np.convolve(np.pad(at_risk, 3, "edge"), window, "valid")
    around = blend(near_payments, near_at_risk, NOTHING_KNOWN, 1.0)
    return blend(payments, at_risk, around, SMOOTHING_STRENGTH)


@dataclass(frozen=True)
class HazardCurves:
    """What a history teaches of delays: everyone's curve, the segments', and the spells to make a debtor's."""

    spells: Exposures
    segments: np.ndarray
    everyone: np.ndarray
    of_segments: np.ndarray
    days_in_a_rank: float

    def of(self, debtors: np.ndarray, segments: np.ndarray) -> np.ndarray:
        """Hazards of debtors (ascending, each once), each of the given segment: array (debtors, BINS)."""
        prior = self.of_segment(segments)
        spells = self.spells
        bounds = np.searchsorted(spells.debtor, debtors, "left"), np.searchsorted(spells.debtor, debtors, "right")
        sizes = bounds[1] - bounds[0]
        group = np.repeat(np.arange(len(debtors)), sizes)
        own = spells.where(np.repeat(bounds[0] - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum()))
        for half_life, strength in ((LONG_HALF_LIFE, DEBTOR_STRENGTH), (RECENT_HALF_LIFE, RECENT_STRENGTH)):
            counts = count(own, group, len(debtors), half_life, self.days_in_a_rank)
            prior = blend(*counts, prior, strength)
        return prior

    def of_segment(self, segments: np.ndarray) -> np.ndarray:
        """Hazards of segments, everyone's for one that is new: array (segments, BINS)."""
        if not len(self.segments):
            return np.repeat(self.everyone[None], len(segments), axis=0)
        at = np.minimum(np.searchsorted(self.segments, segments), len(self.segments) - 1)
        return np.where((self.segments[at] == segments)[:, None], self.of_segments[at], self.everyone)


def fit_hazards(history: History, calendar: PaymentCalendar) -> HazardCurves:
    """Curves of everyone and of each segment, from a history that ends with ``history.as_of``."""
    spells = exposures(history, calendar)
    segments, group = np.unique(spells.segment, return_inverse=True)
    counts = count(spells, group, len(segments), RECENT_HALF_LIFE, calendar.days_in_a_rank)
    everyone = smoothed(counts[0].sum(axis=0), counts[1].sum(axis=0))
    of_segments = blend(*counts, everyone, SEGMENT_STRENGTH)
    return HazardCurves(spells, segments, everyone, of_segments, calendar.days_in_a_rank)
