"""Numbers of registered letters as people type and scan them."""

import pytest

from calc.tracking_numbers import NotATrackingNumber, WrongCheckDigit, check_digit, read_tracking_number


class TestTrackingNumber:
    """A number is kept in one form, however it was typed, and what is none is refused."""

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("1A00915820380", "1A00915820380"),
            ("1a 009 158 2038 0", "1A00915820380"),
            ("1A\u202f009\u00a0158-2038.0\r\n", "1A00915820380"),
            ("RR 123456785 FR", "RR123456785FR"),
            ("2C12345678901", "2C12345678901"),
            ("87000123456789", "87000123456789"),
        ],
    )
    def test_is_read_in_capitals_without_separators(self, typed, kept):
        assert read_tracking_number(typed) == kept

    @pytest.mark.parametrize(
        "text",
        [
            "",
            None,
            "Tracking number",
            "R0000012",
            "1A0091",
            "1A00915820380<b>",
            "=1+1",
            "1,23457E+12",
            "é" * 13,
            "9" * 21,
        ],
    )
    def test_refuses_what_is_no_number(self, text):
        with pytest.raises(NotATrackingNumber):
            read_tracking_number(text)

    def test_refuses_an_international_number_that_was_mistyped(self):
        with pytest.raises(WrongCheckDigit):
            read_tracking_number("RR123456784FR")

    # 47312482 gives 9 in the standard's own example (UPU S10); 0 and 5 stand for 10 and 11.
    @pytest.mark.parametrize(
        ("digits", "expected"), [("47312482", 9), ("12345678", 5), ("00000008", 0), ("00000006", 2)]
    )
    def test_check_digit_of_international_numbers(self, digits, expected):
        assert check_digit(digits) == expected
