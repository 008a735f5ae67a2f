"""What has become of the promises to pay of one customer in one currency, as of a day.

The allotment of money is that of ``commitments``; here is which money counts for which promise: what was received, or
entered in the books, after it was made; and, once it is broken, until another one takes its place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .commitments import NOTHING, Commitment, Fulfilment, Receipt, State, allot


@dataclass(frozen=True, slots=True)
class Movement:
    """What took ``amount`` off a line of the ledger: money, or a credit note, a write-off, a set-off.

    ``key`` and ``credit`` number the allocations and the entries in the order in which they were recorded.
    """

    key: int
    on: date
    amount: Decimal
    line: int
    credit: int
    is_money: bool = True


@dataclass(frozen=True, slots=True)
class Promise:
    """ "I will pay ``amount`` by ``due``", held good up to ``last_day``, grace included.

    ``lines`` are those it is about, None for the whole account. ``known_key`` and ``known_credit`` are the last
    allocation and the last entry that were recorded when it was noted; None where that is not known.
    """

    key: int
    noted_on: date
    due: date
    last_day: date
    amount: Decimal
    lines: frozenset | None = None
    known_key: int | None = None
    known_credit: int | None = None

    def counts(self, movement: Movement) -> bool:
        """Whether the money came after the promise: on its day or later, or entered in the books since."""
        if self.known_key is not None and movement.key <= self.known_key:
            return False
        return movement.on >= self.noted_on or (self.known_credit is not None and movement.credit > self.known_credit)

    def concerns(self, line: int) -> bool:
        """Whether the promise is about this line."""
        return self.lines is None or line in self.lines

    def is_replaced_by(self, other: "Promise") -> bool:
        """Whether ``other``, made after the last day of this one, promises the same money anew."""
        return other.noted_on > self.last_day and (
            self.lines is None or other.lines is None or bool(self.lines & other.lines)
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of a promise.

    ``state`` is None where nothing was left to pay by its last day though no money came: credit notes settled it.
    ``settled_otherwise`` is what they, or write-offs, took of what was promised. ``awaited`` tells that money of the
    customer waits to be allocated: until it is, nobody can say that the promise is broken.
    """

    promise: Promise
    state: State | None
    paid: Decimal = NOTHING
    missing: Decimal = NOTHING
    settled_on: date | None = None
    settled_otherwise: Decimal = NOTHING
    replaced_on: date | None = None
    awaited: bool = False


def weigh(
    promises: Iterable[Promise],
    movements: Iterable[Movement],
    day: date,
    residuals: Mapping[int, Decimal] | None = None,
    waiting: Decimal = NOTHING,
) -> list[Outcome]:
    """What has become of the promises at the end of ``day``, in their order.

    ``movements`` may go beyond ``day``: they are not counted. ``residuals`` says what is open of each line after all
    of them; without it nothing is taken for settled otherwise. ``waiting`` is money that nobody has allocated yet.
    """
    promises, movements = list(promises), list(movements)
    replaced_on = [_find_replacement(promise, promises, day) for promise in promises]
    receipts = [movement for movement in movements if movement.is_money and movement.on <= day]
    amounts = [promise.amount for promise in promises]
    fulfilments = _allot(promises, amounts, replaced_on, receipts)
    if residuals is not None:
        amounts = [
            _get_owed_amount(fulfilment, promise, movements, residuals, day)
            for fulfilment, promise in zip(fulfilments, promises, strict=True)
        ]
        fulfilments = _allot(promises, amounts, replaced_on, receipts)
    outcomes = [
        _describe(promise, amount, fulfilment, replaced, day)
        for promise, amount, fulfilment, replaced in zip(promises, amounts, fulfilments, replaced_on, strict=True)
    ]
    return _await_allocation(outcomes, waiting)


def _find_replacement(promise, promises, day):
    days = (other.noted_on for other in promises if other.noted_on <= day and promise.is_replaced_by(other))
    return min(days, default=None)


def _allot(promises, amounts, replaced_on, receipts):
    """One fulfilment a promise, None for those of which nothing is owed."""
    owed = [index for index, amount in enumerate(amounts) if amount > 0]
    commitments = [
        Commitment(
            promises[index].due,
            amounts[index],
            promises[index].lines,
            frozenset(
                receipt.key
                for receipt in receipts
                if not promises[index].counts(receipt)
                or (replaced_on[index] is not None and receipt.on >= replaced_on[index])
            ),
        )
        for index in owed
    ]
    money = [Receipt(receipt.on, receipt.amount, receipt.line, receipt.key) for receipt in receipts]
    found: list[Fulfilment | None] = [None] * len(promises)
    for index, fulfilment in zip(owed, allot(commitments, money), strict=True):
        found[index] = fulfilment
    return found


def _get_owed_amount(fulfilment, promise, movements, residuals, day):
    """What could still be paid of the promise by its last day: no more than was open, money already received apart."""
    last_day = min(day, promise.last_day)
    paid = fulfilment.paid_by(last_day)
    room = sum((amount for line, amount in residuals.items() if promise.concerns(line)), NOTHING)
    room += sum(
        (movement.amount for movement in movements if movement.on > last_day and promise.concerns(movement.line)),
        NOTHING,
    )
    return min(promise.amount, paid + room)


def _describe(promise, amount, fulfilment, replaced_on, day):
    if fulfilment is None:
        return Outcome(promise, None, settled_otherwise=promise.amount, replaced_on=replaced_on)
    return Outcome(
        promise,
        fulfilment.state(day, (promise.last_day - promise.due).days),
        paid=fulfilment.paid,
        missing=fulfilment.missing,
        settled_on=fulfilment.settled_on,
        settled_otherwise=promise.amount - amount,
        replaced_on=replaced_on,
    )


def _await_allocation(outcomes, waiting):
    """Leave open what the money that waits would keep, the first due first."""
    found = list(outcomes)
    for index in sorted(range(len(found)), key=lambda index: found[index].promise.due):
        outcome = found[index]
        if outcome.state not in (State.PARTLY, State.BROKEN) or outcome.replaced_on or outcome.missing > waiting:
            continue
        waiting -= outcome.missing
        found[index] = Outcome(
            outcome.promise,
            State.OPEN,
            outcome.paid,
            outcome.missing,
            settled_otherwise=outcome.settled_otherwise,
            awaited=True,
        )
    return found
