"""What a contact with a debtor is worth: the order in which a collector works through his day.

    worth = amount ** a × days late ** b × chance ** c × days without contact ** d ÷ 1000

The amount is what is overdue, in the company's currency; the days late are those of the oldest due date; the chance is
that of being paid after a contact: of the customer's score where it has one, else the company's experience; whom nobody
ever contacted has been without contact since the oldest due date. The exponents are the weights that the company chose:
0 leaves a factor out, 1 counts it, 2 and 3 count it more. The result is a rank, not an amount of money: it only
compares debtors of one company.

The debtors' own figures are worked out by SQL with the same formula: see ``collection_debtor_worklist``.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

# Last day late of each class of lateness but the last, which has no end.
CLASSES = (30, 60, 90, 180)
LARGEST_WEIGHT = 3
SCALE = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each factor counts: exponents from 0 to 3."""

    amount: int = 1
    age: int = 1
    chance: int = 1
    silence: int = 1

    def __post_init__(self):
        if not all(0 <= weight <= LARGEST_WEIGHT for weight in (self.amount, self.age, self.chance, self.silence)):
            raise ValueError("A weight is a whole number from 0 to 3")


def chance_of(days_late: int, percents: tuple[int, ...], score: int | None = None) -> Decimal:
    """Chance of being paid after a contact, as a fraction.

    That of the customer where it has a ``score`` (100 times its chance to pay in time; never less than one in a
    hundred, so that nobody falls out of the list). Else that of its class of lateness, one of ``percents`` (0 to 100):
    the company's own experience, 100 where it has none.
    """
    if score is not None:
        return Decimal(max(score, 1)) / 100
    rank = sum(days_late > last for last in CLASSES)
    return Decimal(percents[rank]) / 100


def days_of_silence(today: date, last_contact: date | None, oldest_due: date) -> int:
    """Days since the last contact, or since the oldest due date if there was none: one at least."""
    return max((today - (last_contact or oldest_due)).days, 1)


def contact_worth(amount: Decimal, days_late: int, chance: Decimal, silence: int, weights: Weights) -> Decimal:
    """Worth of a contact, to three decimals; 0 where nothing is overdue."""
    if amount <= 0 or days_late <= 0:
        return Decimal(0)
    with localcontext() as context:
        # Cubes of large amounts hold more digits than decimals have by default.
        context.prec = 100
        worth = (
            amount**weights.amount
            * Decimal(days_late) ** weights.age
            * chance**weights.chance
            * Decimal(max(silence, 1)) ** weights.silence
        )
        return (worth * SCALE).quantize(SCALE, rounding=ROUND_HALF_UP)
