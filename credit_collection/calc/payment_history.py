"""What the ledger knows of who paid when: the one input of scores, payment dates and cash forecasts.

Arrays in, arrays out: one place a row, an instalment each. Where the rows come from (SQL over the reconciliations of a
ledger, a CSV file) is no business of the calculations. What is open is *there*, without a day of payment: a censored
observation, not a missing one (Kaplan & Meier, "Nonparametric estimation from incomplete observations", 1958).
"""

from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np

# The day that never came, as a number of days since 1970: later than any date of a ledger, and safe to subtract.
NEVER = 2**31
DAY = "datetime64[D]"


def day_numbers(days: np.ndarray) -> np.ndarray:
    """Days since 1970-01-01 as int64; ``NEVER`` where there is no day (NaT)."""
    days = np.asarray(days, dtype=DAY)
    return np.where(np.isnat(days), NEVER, days.astype(np.int64))


def day_number(day: date | np.datetime64) -> int:
    """Days since 1970-01-01."""
    return int(np.datetime64(day, "D").astype(np.int64))


@dataclass(frozen=True)
class OpenItems:
    """Instalments whose payment is to be foretold, one a row.

    ``debtor``, ``segment``, ``currency``: any whole numbers (identifiers of the database); the segment is the debtor's.
    ``issued``, ``due``: datetime64[D]. ``amount``: float, in the item's own currency, NaN if unknown. ``disputed_on``:
    the day from which a dispute was known, NaT for none.
    """

    debtor: np.ndarray
    segment: np.ndarray
    issued: np.ndarray
    due: np.ndarray
    amount: np.ndarray
    currency: np.ndarray
    disputed_on: np.ndarray

    def __len__(self) -> int:
        return len(self.debtor)

    def where(self, chosen: np.ndarray):
        """The rows of a mask or of an array of positions, in that order."""
        return replace(self, **{name: getattr(self, name)[chosen] for name in self._columns()})

    def _columns(self) -> list[str]:
        return [field.name for field in fields(self) if isinstance(getattr(self, field.name), np.ndarray)]


@dataclass(frozen=True)
class History(OpenItems):
    """All instalments issued up to the end of the day ``as_of``, and what has become of them by then.

    ``paid``: the day on which it was settled, NaT while open. ``removed``: the day on which it was withdrawn without
    payment (credit note, cancellation), NaT if it was not. Nothing later than ``as_of`` is read: see ``seen``.
    """

    paid: np.ndarray
    removed: np.ndarray
    as_of: date

    def seen(self, as_of: date) -> "History":
        """What was known at the end of that day: later rows go, later payments, removals and disputes are unknown."""
        last = np.datetime64(as_of, "D")
        then = self.where(self.issued <= last)
        return replace(
            then,
            paid=_known(then.paid, last),
            removed=_known(then.removed, last),
            disputed_on=_known(then.disputed_on, last),
            as_of=as_of,
        )

    def is_open(self) -> np.ndarray:
        """Mask of the rows that are neither paid nor withdrawn."""
        return np.isnat(self.paid) & np.isnat(self.removed)

    def open_items(self) -> OpenItems:
        """The rows that are neither paid nor withdrawn, as what there is to foretell."""
        still = self.is_open()
        return OpenItems(**{field.name: getattr(self, field.name)[still] for field in fields(OpenItems)})

    def sample(self, debtors: int) -> "History":
        """About so many of its debtors with all their rows; all of them where there are no more.

        The choice hangs on the identifiers, so that the order of the rows does not change it.
        """
        known = np.unique(self.debtor)
        if len(known) <= debtors:
            return self
        # Knuth's multiplicative hash (The Art of Computer Programming, 6.4): neighbours go apart.
        spread = (self.debtor.astype(np.uint64) * np.uint64(2654435761)) % np.uint64(2**32)
        return self.where(spread < np.uint64(2**32 * debtors / len(known)))


def make_history(as_of: date, debtor, issued, due, paid, **others) -> History:
    """A history from what is at hand; what is left out is unknown, or the same for all (segment, currency)."""
    rows = len(debtor)
    columns = {
        "segment": np.zeros(rows, np.int64),
        "currency": np.zeros(rows, np.int64),
        "amount": np.full(rows, np.nan),
        "removed": np.full(rows, "NaT", DAY),
        "disputed_on": np.full(rows, "NaT", DAY),
        **{name: value for name, value in others.items() if value is not None},
    }
    days = {"issued": issued, "due": due, "paid": paid, "removed": columns.pop("removed")}
    days["disputed_on"] = columns.pop("disputed_on")
    return History(
        debtor=np.asarray(debtor, np.int64),
        **{name: np.asarray(value, DAY) for name, value in days.items()},
        segment=np.asarray(columns["segment"], np.int64),
        currency=np.asarray(columns["currency"], np.int64),
        amount=np.asarray(columns["amount"], float),
        as_of=as_of,
    )


def _known(days: np.ndarray, last: np.datetime64) -> np.ndarray:
    return np.where(days <= last, days, np.datetime64("NaT", "D"))
