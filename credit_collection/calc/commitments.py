"""What was received of what a customer said he would pay: promises, and instalments of an agreement.

Receipts go to commitments, each euro once. Amounts are in one currency, which the caller knows; a day is a calendar
day. A receipt that is cancelled (a bounced payment, an allocation undone) is simply not given any more, and what it had
kept is open or broken again.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

NOTHING = Decimal(0)


class State(Enum):
    """What has become of a commitment on a day, grace included."""

    OPEN = "open"  # its last day has not passed, something is missing
    KEPT = "kept"  # received in full by its last day
    KEPT_LATE = "kept_late"  # received in full, afterwards
    PARTLY = "partly"  # its last day has passed, a part was received
    BROKEN = "broken"  # its last day has passed, nothing was received


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that arrived on a day; ``purpose`` says what it was for (an item), ``key`` which it is, if that matters."""

    on: date
    amount: Decimal
    purpose: Hashable = None
    key: Hashable = None

    def __post_init__(self):
        if self.amount < 0:
            raise ValueError("what is received is not negative")


@dataclass(frozen=True, slots=True)
class Commitment:
    """An amount to be paid by a day.

    ``purposes`` are those whose receipts count, None for all; ``excluded`` are the keys of those that do not: what was
    received before it was said, for one.
    """

    due: date
    amount: Decimal
    purposes: frozenset | None = None
    excluded: frozenset = frozenset()

    def __post_init__(self):
        if self.amount <= 0:
            raise ValueError("a commitment is for a positive amount")

    def _accepts(self, receipt: Receipt) -> bool:
        return (self.purposes is None or receipt.purpose in self.purposes) and receipt.key not in self.excluded

    @property
    def _turn(self):
        """Money for an item first keeps what was said of that item alone, then of several, then of the account."""
        return (self.purposes is None, len(self.purposes or ()), self.due)


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """What was received of a commitment; ``settled_on`` is the day on which it was all there, if it is.

    ``shares`` are its parts of the receipts, in order: (day, amount).
    """

    commitment: Commitment
    paid: Decimal = NOTHING
    settled_on: date | None = None
    shares: tuple[tuple[date, Decimal], ...] = ()

    @property
    def missing(self) -> Decimal:
        """What has not been received."""
        return self.commitment.amount - self.paid

    def paid_by(self, day: date) -> Decimal:
        """What had been received of it at the end of ``day``."""
        return sum((amount for on, amount in self.shares if on <= day), NOTHING)

    def state(self, day: date, grace_days: int = 0) -> State:
        """What has become of it at the end of ``day``, ``grace_days`` calendar days being granted after its date.

        ``day`` is not before the last receipt that was allotted.
        """
        last_day = self.commitment.due + timedelta(days=grace_days)
        if self.settled_on is not None:
            return State.KEPT if self.settled_on <= last_day else State.KEPT_LATE
        if day <= last_day:
            return State.OPEN
        return State.PARTLY if self.paid else State.BROKEN


def allot(commitments: Iterable[Commitment], receipts: Iterable[Receipt]) -> tuple[Fulfilment, ...]:
    """Give receipts, in order of date, to commitments, in order of due date: each euro once.

    Answers in the order of ``commitments``. What is received beyond all of them belongs to none. Commitments limited
    to some purposes come before those that are not: see ``Commitment``. More receipts never make any commitment worse
    off; nor do earlier ones, as long as the purposes of two commitments are the same, apart, or within one another.
    """
    fulfilments = [Fulfilment(commitment) for commitment in commitments]
    turns = sorted(range(len(fulfilments)), key=lambda index: fulfilments[index].commitment._turn)
    for receipt in sorted(receipts, key=lambda receipt: receipt.on):
        left = receipt.amount
        for index in turns:
            if not left:
                break
            fulfilment = fulfilments[index]
            if not fulfilment.missing or not fulfilment.commitment._accepts(receipt):
                continue
            share = min(left, fulfilment.missing)
            left -= share
            fulfilments[index] = replace(
                fulfilment,
                paid=fulfilment.paid + share,
                settled_on=receipt.on if share == fulfilment.missing else None,
                shares=(*fulfilment.shares, (receipt.on, share)),
            )
    return tuple(fulfilments)
