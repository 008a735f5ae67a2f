"""What a text message takes, against the limits that operators publish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.sms_segments import GSM_BASIC, GSM_EXTENSION, measure, to_plain_signs

GSM = sorted(GSM_BASIC | GSM_EXTENSION)


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "segments"),
    [
        ("", "GSM-7", 0, 0),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("a" * 459, "GSM-7", 459, 3),
        ("a" * 460, "GSM-7", 460, 4),
        # Each euro sign counts for two.
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("é" * 160, "GSM-7", 160, 1),
        # A circumflex is not in the alphabet of GSM: the whole message changes.
        ("ê" * 70, "UCS-2", 70, 1),
        ("a" * 70 + "ê", "UCS-2", 71, 2),
        ("ê" * 134, "UCS-2", 134, 2),
        ("ê" * 135, "UCS-2", 135, 3),
        # An emoji is two units.
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
    ],
)
def test_published_limits(text, alphabet, units, segments):
    found = measure(text)
    assert (found.alphabet, found.units, found.segments) == (alphabet, units, segments)


def test_a_character_of_two_is_not_cut_between_segments():
    # 152 + 2 do not fit into 153: the euro sign opens the second segment, which then is full with 151 more.
    assert measure("a" * 152 + "€" + "a" * 151).segments == 2
    assert measure("a" * 152 + "€" + "a" * 152).segments == 3
    assert measure("a" * 66 + "😀" + "a" * 65).segments == 2
    assert measure("a" * 66 + "😀" + "a" * 66).segments == 3


def test_what_leaves_the_alphabet_is_named_once():
    assert measure("Forêt, œuvre, forêt").outside == "êœ"
    assert measure("déjà reçu").outside == "ç"
    assert measure("REÇU").outside == ""


def test_typography_does_not_double_the_price():
    text = "1\u202f250,00\u00a0€ – «\u00a0l’échéance\u00a0»…"
    assert to_plain_signs(text) == '1 250,00 € - "l\'échéance"...'
    assert measure(text).alphabet == "UCS-2"
    assert measure(to_plain_signs(text)).alphabet == "GSM-7"


@given(st.text(alphabet=GSM, max_size=700))
def test_in_gsm_segments_hold_what_they_can(text):
    found = measure(text)
    assert found.outside == ""
    assert found.units == len(text) + sum(sign in GSM_EXTENSION for sign in text)
    assert found.segments <= 1 if found.units <= 160 else found.segments >= -(-found.units // 153)
    # At worst one unit is lost at the end of each segment.
    assert found.units <= 160 or found.segments <= -(-found.units // 152)


@given(st.text(max_size=400))
def test_more_text_never_takes_fewer_segments(text):
    assert measure(text).segments <= measure(text + "a").segments <= measure(text + "a" * 160).segments


@given(st.text(max_size=300))
def test_plain_signs_never_cost_more_segments_of_their_alphabet(text):
    plain = to_plain_signs(text)
    assert to_plain_signs(plain) == plain
    assert len(measure(plain).outside) <= len(measure(text).outside)
