"""Content of the QR code of a SEPA credit transfer, read by the banks' applications."""

import re
from decimal import Decimal

MAXIMUM_BYTES = 331
_LARGEST = Decimal("999999999.99")


def epc_payload(name: str, iban: str, amount: Decimal, bic: str = "", reference: str = "") -> str:
    """The twelve lines that ask for ``amount`` euros; empty where the standard cannot write the order.

    Source: EPC069-12 v2.1, version 002 (BIC optional), characters in UTF-8.
    """
    iban, bic = _compact(iban), _compact(bic)
    name, reference = _one_line(name, 70), _one_line(reference, 140)
    if not (name and is_iban(iban) and Decimal("0.01") <= amount <= _LARGEST):
        return ""
    structured = _compact(reference) if is_creditor_reference(reference) else ""
    payload = "\n".join(
        (
            "BCD",
            "002",
            "1",
            "SCT",
            bic if len(bic) in {8, 11} else "",
            name,
            iban,
            f"EUR{amount:.2f}",
            "",  # purpose
            structured,
            "" if structured else reference,
            "",  # information for the payer
        )
    )
    return payload if len(payload.encode()) <= MAXIMUM_BYTES else ""


def is_iban(text: str) -> bool:
    """Whether ``text`` is an account number with the right check digits (ISO 13616)."""
    return _is_checked(text, r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")


def is_creditor_reference(text: str) -> bool:
    """Whether ``text`` is a structured reference with the right check digits (ISO 11649)."""
    return _is_checked(text, r"RF\d{2}[A-Z0-9]{1,21}")


def _is_checked(text, form):
    compact = _compact(text)
    if not re.fullmatch(form, compact):
        return False
    return int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4])) % 97 == 1


def _compact(text):
    return "".join(text.split()).upper()


def _one_line(text, length):
    return " ".join(text.split())[:length]
