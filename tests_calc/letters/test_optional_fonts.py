"""Scripts that the usual fonts lack: with a TrueType font that has them, letters are printed."""

from io import BytesIO

import pdfplumber
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from letter.checks import uncovered_characters
from letter.drawing import render
from letter.fonts import find_fonts
from letter_samples import ODOO_FONTS, a_letter, text_of

NAME = "上海贸易"


@pytest.fixture
def chinese_font(tmp_path):
    """A TrueType font that has the four characters of the name, as boxes of its own, and nothing else."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((900, 0), (900, 800), (100, 800)):
        pen.lineTo(point)
    pen.closePath()
    names = [".notdef", *(f"uni{ord(char):04X}" for char in NAME)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): f"uni{ord(char):04X}" for char in NAME})
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Four", "styleName": "Regular", "psName": "Four-Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200)
    builder.setupPost()
    path = tmp_path / "Four.ttf"
    builder.save(path)
    return str(path)


class TestAChineseName:
    """Held without a font that has it, printed and readable with one."""

    def test_without_a_font_its_characters_are_named(self, fonts):
        assert uncovered_characters(a_letter(address=(NAME, "38000 GRENOBLE")), fonts) == "上 易 海 贸"

    def test_with_a_font_it_is_text_among_the_rest(self, chinese_font):
        fonts = find_fonts((str(ODOO_FONTS),), (chinese_font,))
        letter = a_letter(address=(f"{NAME} SARL", "38000 GRENOBLE"))
        assert uncovered_characters(letter, fonts) == ""
        with pdfplumber.open(BytesIO(render(letter, fonts))) as document:
            (page,) = document.pages
            assert f"{NAME} SARL" in text_of(page)
            used = {char["fontname"].partition("+")[2] for char in page.chars if char["text"] in NAME}
        assert used == {"Four-Regular"}

    def test_a_character_that_the_font_lacks_still_holds_the_letter(self, chinese_font):
        fonts = find_fonts((str(ODOO_FONTS),), (chinese_font,))
        assert uncovered_characters(a_letter(address=("上京", "38000 GRENOBLE")), fonts) == "京"

    def test_a_file_that_is_no_font_changes_nothing(self, tmp_path):
        path = tmp_path / "not-a-font.ttf"
        path.write_bytes(b"nothing")
        fonts = find_fonts((str(ODOO_FONTS),), (str(path), "/nowhere/at-all.ttf"))
        assert uncovered_characters(a_letter(address=("上", "38000 GRENOBLE")), fonts) == "上"
