"""Words of both directions on one line, in the order in which they are read."""

import pytest
from letter.bidi import is_right_to_left, visual_order, visual_pieces

ALEF, BET, GIMEL = "\u05d0", "\u05d1", "\u05d2"
MEEM, NOON = "\u0645", "\u0646"


def shown(text, rtl=False):
    """The characters as they stand from the left; brackets are turned by whoever draws them."""
    return "".join(
        text[start:end][::-1] if backwards else text[start:end] for start, end, backwards in visual_order(text, rtl)
    )


class TestTheOrderOfALine:
    """Each case worked out from the rules of UAX #9, named by the last one it needs."""

    @pytest.mark.parametrize(
        ("rule", "rtl", "text", "expected"),
        [
            ("L2 in a French line", False, f"M. {ALEF}{BET} {GIMEL} fin", f"M. {GIMEL} {BET}{ALEF} fin"),
            ("L2 in a Hebrew line", True, f"{ALEF}{BET} Dupont {GIMEL}", f"{GIMEL} Dupont {BET}{ALEF}"),
            ("W2: numbers after Arabic", True, f"{MEEM} 12,5", f"12,5 {MEEM}"),
            ("W4: a date", True, f"{MEEM} 12/03/2026", f"12/03/2026 {MEEM}"),
            ("W5: a percentage", True, f"{ALEF} 15%", f"15% {ALEF}"),
            ("W7: numbers after Latin", False, f"n 12 {ALEF}", f"n 12 {ALEF}"),
            ("N0: what brackets hold", False, f"a ({ALEF}{BET}) b", f"a ({BET}{ALEF}) b"),
            ("N0: brackets in a Hebrew line", True, f"{ALEF} (ab) {BET}", f"{BET} )ab( {ALEF}"),
            ("N1: a space between two Hebrew words", False, f"{ALEF} {BET}", f"{BET} {ALEF}"),
            ("N2: a comma at the end", False, f"{ALEF}, b", f"{ALEF}, b"),
            ("N2: a full stop at the end of a Hebrew line", True, f"{ALEF}{BET}.", f".{BET}{ALEF}"),
            ("L1: spaces at the end", False, f"{ALEF}  ", f"{ALEF}  "),
            ("nothing", True, "", ""),
        ],
    )
    def test_rule(self, rule, rtl, text, expected):
        assert shown(text, rtl) == expected, rule

    def test_nothing_is_lost_nor_doubled(self):
        text = f"Le {ALEF}{BET} (12 €), {MEEM}{NOON} n° 5 – fin"
        for rtl in (False, True):
            assert sorted(shown(text, rtl)) == sorted(text)


class TestTheDirectionOfAText:
    """Its first letter decides."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [("Dupont", False), (f"12, {ALEF}", True), (f"M. {ALEF}", False), (f"({MEEM})", True), ("12 %", False)],
    )
    def test_direction(self, text, expected):
        assert is_right_to_left(text) is expected


class TestStyledPieces:
    """Words in bold among others keep their style and take their place."""

    def test_a_bold_word_within_a_hebrew_name(self):
        pieces = [("plain", f"M. {ALEF} "), ("bold", BET), ("plain", f" {GIMEL}.")]
        assert visual_pieces(pieces, rtl=False) == [
            ("plain", "M. ", False),
            ("plain", f" {GIMEL}", True),
            ("bold", BET, True),
            ("plain", f"{ALEF} ", True),
            ("plain", ".", False),
        ]
