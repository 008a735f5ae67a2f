"""Dates as a letter writes them."""

import pytest

from calc.written_date import write_first_day


@pytest.mark.parametrize(
    ("text", "lang", "written"),
    [
        ("1 décembre 2026", "fr_FR", "1er décembre 2026"),
        ("1 décembre 2026", "fr_CH", "1er décembre 2026"),
        ("11 décembre 2026", "fr_FR", "11 décembre 2026"),
        ("1 December 2026", "en_GB", "1 December 2026"),
        ("1 December 2026", None, "1 December 2026"),
    ],
)
def test_the_first_of_the_month_is_an_ordinal_in_french_alone(text, lang, written):
    assert write_first_day(text, lang) == written
