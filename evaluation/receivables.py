"""Reads receivables from a CSV file: one invoice a line, its dates, its amount, whether it was disputed.

Header: ``invoice_id, customer_id, issue_date, due_date, paid_date, removed_date, amount, disputed``; optional columns
``segment`` and ``currency``. Plain or gzipped. Empty is unknown: without a payment date the invoice was not seen paid,
without a removal date it was not withdrawn.
"""

import csv
import gzip
from pathlib import Path

import numpy as np

from calc.payment_history import DAY, History, make_history

DISPUTES_KNOWN = ("settled", "issue", "never")


def read_receivables(path: Path, disputes_known: str = "settled") -> History:
    """All that happened, as seen at the end of the last day the file mentions; sorted by issue date.

    ``disputes_known``: a file says that an invoice was disputed, not since when. "settled": it is known once the
    invoice is settled, so that no forecast can use its own dispute; "issue": from the first day; "never".
    """
    with _open(path) as lines:
        rows = [row for row in csv.DictReader(lines) if row["issue_date"] and row["due_date"]]
    if not rows:
        raise ValueError(f"There is no invoice with an issue date and a due date in {path}.")
    rows.sort(key=lambda row: (row["issue_date"], row["invoice_id"]))
    issued, due, paid, removed = (_days(rows, f"{name}_date") for name in ("issue", "due", "paid", "removed"))
    # Paid in the end is paid, whatever else is said.
    removed[~np.isnat(paid)] = "NaT"
    settled = np.where(np.isnat(paid), removed, paid)
    since = {"settled": settled, "issue": issued, "never": np.full(len(rows), "NaT", DAY)}[disputes_known]
    disputed = _numbers(rows, "disputed") > 0
    amount, currency = _numbers(rows, "amount"), _codes(rows, "currency")
    known = np.concatenate([issued, settled[~np.isnat(settled)]])
    return make_history(
        known.max().item(),
        _codes(rows, "customer_id"),
        issued,
        np.maximum(due, issued),
        paid,
        removed=removed,
        amount=_in_one_unit(amount, currency),
        disputed_on=np.where(disputed, since, np.datetime64("NaT", "D")),
        segment=_codes(rows, "segment"),
        currency=currency,
    )


def _in_one_unit(amount: np.ndarray, currency: np.ndarray) -> np.ndarray:
    """Amounts of several currencies over the mean one of each, so that they can be added; as they are, of one."""
    if not currency.any():
        return amount
    usable = ~np.isnan(amount)
    means = np.bincount(currency[usable], amount[usable]) / np.maximum(np.bincount(currency[usable]), 1)
    return amount / np.append(means, np.ones(currency.max() + 1 - len(means)))[currency]


def _open(path: Path):
    path = Path(path)
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _days(rows: list[dict], name: str) -> np.ndarray:
    return np.array([(row.get(name) or "NaT")[:10] for row in rows], DAY)


def _numbers(rows: list[dict], name: str) -> np.ndarray:
    return np.array([float(row.get(name) or "nan") for row in rows])


def _codes(rows: list[dict], name: str) -> np.ndarray:
    """Whole numbers for names, the same for all where the file has no such column."""
    return np.unique([row.get(name) or "" for row in rows], return_inverse=True)[1]
