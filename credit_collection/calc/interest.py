"""Late-payment interest: simple interest on a balance that changes, day for day.

Amounts are in one currency, which the caller knows; percentages are yearly (``Decimal("12.15")`` is 12.15 %).
Everything is exact until the end: what is counted up to a day is rounded once, half up, to the currency's
decimals, and each line shows by how much that rounded sum grew. So the lines add up to the total, and so do
the parts of a period wherever it is cut.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction

ONE_DAY = timedelta(days=1)


class Effect(Enum):
    """What a movement does to the sum that bears interest."""

    PAYMENT = "payment"  # reduces it from its date on; may be imputed to interest first
    CORRECTION = "correction"  # a credit note for what was never due: reduces it from the start
    REDUCTION = "reduction"  # a commercial credit note: reduces it from its date on


class Mode(Enum):
    """Which rate applies when interest runs over several rate periods."""

    SPLIT = "split"  # each period at its own rate
    FIXED = "fixed"  # the rate in force on the first day that bears interest, to the end


class Imputation(Enum):
    """What a payment settles first."""

    PRINCIPAL = "principal"  # as the ledger reconciles
    INTEREST = "interest"  # C. civ. 1343-1, for a statement before a court


@dataclass(frozen=True, slots=True)
class Movement:
    """What reduced a debt, on a day; ``amount`` is positive."""

    on: date
    amount: Decimal
    effect: Effect = Effect.PAYMENT


@dataclass(frozen=True, slots=True)
class Rates:
    """Yearly rates by first day, each in force until the next; None where no rate was published.

    Before the first of them no rate is known.
    """

    steps: tuple[tuple[date, Decimal | None], ...] = ()

    @classmethod
    def constant(cls, percent: Decimal) -> "Rates":
        """The same rate for ever: that of a contract or of a law without a reference."""
        return cls(((date.min, percent),))

    def __post_init__(self):
        if any(percent is not None and percent < 0 for _day, percent in self.steps):
            raise ValueError("a rate of interest is not negative")
        object.__setattr__(self, "steps", tuple(sorted(self.steps, key=lambda step: step[0])))

    def on(self, day: date) -> Decimal | None:
        """Rate in force on ``day``; None when none is known."""
        position = bisect_right(self.steps, day, key=lambda step: step[0])
        return self.steps[position - 1][1] if position else None

    def changes(self, first: date, last: date) -> list[date]:
        """First days of the rate periods that begin after ``first`` and up to ``last``."""
        return [day for day, _percent in self.steps if first < day <= last]


@dataclass(frozen=True, slots=True)
class Terms:
    """How interest is counted: by the law of a country, by a contract or by a court's habit."""

    mode: Mode = Mode.SPLIT
    imputation: Imputation = Imputation.PRINCIPAL
    year_days: int = 365
    decimals: int = 2


USUAL_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of days during which neither the base nor the rate changes."""

    start: date  # first day that bears interest
    end: date  # last day that bears interest
    base: Decimal
    percent: Decimal | None  # None: no rate was published, nothing is claimed
    amount: Decimal | None

    @property
    def days(self) -> int:
        """Number of days that bear interest."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Statement:
    """The computation of interest, line by line (*décompte*): the lines that have a rate add up to ``total``."""

    lines: tuple[Line, ...] = ()
    total: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)  # part of it that payments settled: nothing unless they settle interest first

    @property
    def outstanding(self) -> Decimal:
        """Interest left to pay."""
        return self.total - self.paid

    @property
    def missing(self) -> tuple[Line, ...]:
        """Lines without a published rate: they are shown, and not claimed."""
        return tuple(line for line in self.lines if line.percent is None)

    @property
    def is_complete(self) -> bool:
        """Whether a rate was published for every day."""
        return not self.missing

    @property
    def days(self) -> int:
        """Number of days that bear interest, those without a rate included."""
        return sum(line.days for line in self.lines)


@dataclass(slots=True)
class _Account:
    """A debt on its way through time: principal and interest, exact."""

    principal: Fraction
    accrued: Fraction = Fraction(0)  # interest since the beginning
    paid: Fraction = Fraction(0)  # part of it that payments have settled
    marks: dict[date, tuple[Fraction, Fraction]] = field(default_factory=dict)  # (accrued, paid) at the end of a day

    def settle(self, movements: Iterable[Movement], imputation: Imputation):
        """Take the movements of one day into account; their order does not matter."""
        received, reduced = Fraction(0), Fraction(0)
        for movement in movements:
            if movement.effect is Effect.PAYMENT:
                received += Fraction(movement.amount)
            else:
                reduced += Fraction(movement.amount)
        if imputation is Imputation.INTEREST:
            to_interest = min(received, self.accrued - self.paid)
            self.paid += to_interest
            received -= to_interest
        self.principal = max(Fraction(0), self.principal - received - reduced)


def late_interest(
    principal: Decimal,
    runs_after: date,
    until: date,
    rates: Rates,
    movements: Sequence[Movement] = (),
    *,
    terms: Terms = USUAL_TERMS,
    since: date | None = None,
    stopped_on: date | None = None,
) -> Statement:
    """Simple interest that a debt bears up to ``until`` included, with its computation.

    ``principal`` is the amount including tax; ``runs_after`` the day after which interest runs (the due date, or
    the day of a formal notice), so that a debt paid n days after it bears n days. A movement changes the base from
    the day after its own: the day of a payment still counts. ``since`` shows the days from it on alone (those before
    were invoiced, say), and changes nothing else. ``stopped_on`` is the first day that bears none any more: that of
    the judgment that opens an insolvency proceeding.

    Days for which no rate was published make lines without amount. Raises ValueError for a negative amount.
    Source: C. com. L441-10 II; C. civ. 1343-1; L622-28 for the judgment.
    """
    if principal < 0 or any(movement.amount < 0 for movement in movements):
        raise ValueError("what is owed and what reduces it are positive amounts")
    first, last = runs_after + ONE_DAY, until
    if stopped_on is not None:
        last = min(last, stopped_on - ONE_DAY)
    since = max(since or first, first)
    if last < since:
        return Statement()
    account = _Account(Fraction(principal))
    account.settle((m for m in movements if m.effect is Effect.CORRECTION), terms.imputation)
    # What came before interest began reduced the principal: there was no interest to settle.
    account.settle((m for m in movements if m.effect is not Effect.CORRECTION and m.on < first), terms.imputation)
    later = [m for m in movements if m.effect is not Effect.CORRECTION and first <= m.on <= last]
    lines = []
    for start, end in _stretches(first, last, since, rates, terms.mode, {m.on for m in later if m.on < last}):
        percent = rates.on(start if terms.mode is Mode.SPLIT else first)
        before = account.accrued
        if percent is not None:
            account.accrued += _interest_of(account.principal, percent, (end - start).days + 1, terms.year_days)
        if start >= since and account.principal:
            lines.append(_make_line(start, end, account.principal, percent, before, account.accrued, terms.decimals))
        account.settle((m for m in later if m.on == end), terms.imputation)
        account.marks[end] = account.accrued, account.paid
    return _make_statement(lines, account, since, terms.decimals)


def _stretches(first, last, since, rates, mode, movement_days):
    """Stretches of days, in order, within which nothing changes: [(first day, last day)]."""
    starts = {first, since, *(day + ONE_DAY for day in movement_days)}
    if mode is Mode.SPLIT:
        starts.update(rates.changes(first, last))
    ordered = sorted(starts)
    return list(zip(ordered, [*(start - ONE_DAY for start in ordered[1:]), last], strict=True))


def _interest_of(base: Fraction, percent: Decimal, days: int, year_days: int) -> Fraction:
    """``base × percent ÷ 100 × days ÷ year_days``, reduced once: this runs for every line of thousands of items."""
    numerator, denominator = percent.as_integer_ratio()
    return Fraction(base.numerator * numerator * days, base.denominator * denominator * 100 * year_days)


def _make_line(start, end, base, percent, before, after, decimals):
    return Line(
        start,
        end,
        round_half_up(base, decimals),
        percent,
        None if percent is None else round_half_up(after, decimals) - round_half_up(before, decimals),
    )


def _make_statement(lines, account, since, decimals):
    accrued_before, paid_before = account.marks.get(since - ONE_DAY, (Fraction(0), Fraction(0)))
    return Statement(
        tuple(lines),
        round_half_up(account.accrued, decimals) - round_half_up(accrued_before, decimals),
        round_half_up(account.paid, decimals) - round_half_up(paid_before, decimals),
    )


def round_half_up(amount: Fraction, decimals: int) -> Decimal:
    """A positive amount to the currency's decimals; the half goes up."""
    numerator, denominator = amount.numerator * 10**decimals, amount.denominator
    return Decimal((2 * numerator + denominator) // (2 * denominator)).scaleb(-decimals)


@dataclass(frozen=True, slots=True)
class Band:
    """Lump sum for recovery costs of invoices from an amount on."""

    amount_from: Decimal
    lump_sum: Decimal


def lump_sum_for(amount: Decimal, bands: Iterable[Band]) -> Decimal:
    """Lump sum for an invoice of this amount, by the highest band that it reaches; 0 below all of them.

    Bands and amount are in one currency. Source: C. com. D441-5 (one band from 0); Late Payment of Commercial Debts
    (Interest) Act 1998, s. 5A (three bands).
    """
    reached = [band for band in bands if band.amount_from <= amount]
    return max(reached, key=lambda band: band.amount_from).lump_sum if reached else Decimal(0)
