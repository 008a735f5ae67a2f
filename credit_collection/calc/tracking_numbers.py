"""Numbers that the post gives to registered letters."""

import re

# What people and scanners put between the groups of a number, thin and non-breaking spaces included.
_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015]+")
_WELL_FORMED = re.compile(r"(?=(?:[A-Z]*[0-9]){6})[0-9A-Z]{10,20}")
_UNIVERSAL = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


class NotATrackingNumber(ValueError):
    """The text is no number of a registered letter."""


class WrongCheckDigit(NotATrackingNumber):
    """The number has the form of an international one, and its check digit is wrong: it was mistyped."""


def read_tracking_number(text: str) -> str:
    """The number in ``text``, in capitals and without separators: "1a 009 158 2038 0" is "1A00915820380".

    Raises NotATrackingNumber, or WrongCheckDigit. The form is 10 to 20 letters and digits, six digits at least, which
    no reference of a reminder has; the check digit is that of international numbers (UPU S10: two letters, nine
    digits, two letters).
    """
    number = _SEPARATORS.sub("", text or "").upper()
    if not _WELL_FORMED.fullmatch(number):
        raise NotATrackingNumber(text)
    universal = _UNIVERSAL.fullmatch(number)
    if universal and check_digit(universal[1]) != int(universal[2]):
        raise WrongCheckDigit(text)
    return number


def check_digit(digits: str) -> int:
    """Check digit of the eight digits of an international number (UPU S10, modulo 11)."""
    remainder = 11 - sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(remainder, remainder)
