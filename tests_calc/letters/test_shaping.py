"""Scripts whose letters are joined: printed as they are written where the server can, held otherwise."""

from io import BytesIO

import pypdf
import pytest
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from letter import shaping
from letter.checks import find_gaps, uncovered_characters
from letter.drawing import render
from letter.fonts import NotAFont, find_fonts, keep_font, read_font
from letter.shaping import GlyphFont, find_shaper
from letter_samples import ODOO_FONTS, a_letter, a_table, an_item
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

ARABIC, HEBREW = "شركة الأمل", "דוד כהן"
KA, VIRAMA, SSA, SIGN_I = "क", "्", "ष", "ि"

needs_shaper = pytest.mark.skipif(find_shaper() is None, reason="the package uharfbuzz is not installed")


def without_shaper(monkeypatch):
    """Fonts as on a server without the package."""
    monkeypatch.setattr(shaping, "find_shaper", lambda: None)
    return find_fonts.__wrapped__((str(ODOO_FONTS),))


def glyphs_of(fonts, text):
    """(font, number, characters) of the glyphs drawn for a text, from the left."""
    return [
        (run.font.rpartition("/")[-1], glyph.number, glyph.text) for run in fonts.runs(text) for glyph in run.glyphs
    ]


@pytest.fixture
def hindi_font(tmp_path):
    """A font that has four characters of Devanagari, as boxes, and joins two of them in a fifth glyph."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((900, 0), (900, 800), (100, 800)):
        pen.lineTo(point)
    pen.closePath()
    names = [".notdef", "ka", "virama", "ssa", "sign_i", "k_ssa"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(dict(zip(map(ord, (KA, VIRAMA, SSA, SIGN_I)), names[1:5], strict=True)))
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Five", "styleName": "Regular", "psName": "Five-Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200)
    builder.setupPost()
    addOpenTypeFeaturesFromString(
        builder.font,
        "languagesystem dev2 dflt; feature akhn { sub ka virama ssa by k_ssa; } akhn;",
    )
    path = tmp_path / "Five.ttf"
    builder.save(path)
    return path


class TestWithoutThePackage:
    """The letter is held, and what is missing is named: never unjoined letters."""

    @pytest.mark.parametrize("name", [ARABIC, HEBREW])
    def test_what_a_font_has_waits_for_the_package(self, monkeypatch, name):
        fonts = without_shaper(monkeypatch)
        gaps = find_gaps(a_letter(address=(name, "PARIS")), fonts)
        assert (gaps.font, gaps.shaping) == (frozenset(), frozenset(name) - {" "})

    def test_what_no_font_has_is_told_apart(self, monkeypatch):
        gaps = find_gaps(a_letter(address=(f"{KA} 中 {HEBREW}",)), without_shaper(monkeypatch))
        assert gaps.font == {KA, "中"}
        assert gaps.shaping == set(HEBREW) - {" "}

    def test_other_scripts_print_all_the_same(self, monkeypatch):
        assert uncovered_characters(a_letter(), without_shaper(monkeypatch)) == ""


@needs_shaper
class TestWithThePackage:
    """Joined, placed and in the right order."""

    @pytest.mark.parametrize("name", [ARABIC, HEBREW, f"Société {ARABIC} SARL"])
    def test_nothing_holds_the_letter(self, fonts, name):
        assert uncovered_characters(a_letter(address=(name, "PARIS")), fonts) == ""

    def test_arabic_letters_are_joined(self, fonts):
        alone = {glyphs_of(fonts, char)[0][1] for char in "محمد"}
        joined = glyphs_of(fonts, "محمد")
        assert [text for _font, _number, text in joined] == list("دمحم")
        # The initial, the medial and the final form are none of the letters alone.
        assert not {number for _font, number, _text in joined} & alone

    def test_lam_and_alef_make_one_glyph(self, fonts):
        assert [text for _font, _number, text in glyphs_of(fonts, "لا")] == ["لا"]

    def test_a_joiner_keeps_letters_apart(self, fonts):
        joined, apart = glyphs_of(fonts, "مي"), glyphs_of(fonts, "م\u200cي")
        assert {number for _font, number, _text in joined}.isdisjoint({number for _font, number, _text in apart})

    def test_hebrew_stands_from_right_to_left(self, fonts):
        assert [text for _font, _number, text in glyphs_of(fonts, "שלום")] == list("םולש")

    def test_brackets_are_turned(self, fonts):
        (opening,) = (number for _font, number, text in glyphs_of(fonts, f"({HEBREW})") if text == "(")
        (closing,) = (number for _font, number, text in glyphs_of(fonts, f"{HEBREW})") if text == ")")
        assert opening != closing
        first, *_others, last = (text for _font, _number, text in glyphs_of(fonts, f"({HEBREW})"))
        assert (first, last) == (")", "(")

    def test_numbers_read_from_the_left_within_arabic(self, fonts):
        runs = fonts.runs(f"{ARABIC} 2026")
        assert [run.text for run in runs if not run.glyphs] == ["2026"]
        assert runs[0].text == "2026"

    def test_the_file_reads_as_the_name(self, fonts):
        letter = a_letter(address=("שלום עולם", "PARIS"), body="<p>Bonjour</p>")
        text = pypdf.PdfReader(BytesIO(render(letter, fonts))).pages[0].extract_text()
        assert "שלום עולם" in text

    def test_every_font_in_the_file_is_embedded(self, fonts):
        reader = pypdf.PdfReader(BytesIO(render(a_letter(address=(ARABIC, HEBREW)), fonts)))
        descriptors = [
            font.get_object()["/FontDescriptor"].get_object()
            for font in reader.pages[0]["/Resources"]["/Font"].values()
        ]
        assert len(descriptors) >= 3
        assert all("/FontFile2" in descriptor for descriptor in descriptors)

    def test_the_same_letter_gives_the_same_bytes(self, fonts):
        letter = a_letter(address=(ARABIC, "PARIS"))
        first = render(letter, fonts)
        render(a_letter(address=("אבג ةكرش",)), fonts)
        assert render(letter, fonts) == first

    def test_the_width_is_that_of_what_is_drawn(self, fonts):
        runs = fonts.runs(f"Société {ARABIC} 12")
        assert fonts.width(f"Société {ARABIC} 12", 10) == pytest.approx(10 * sum(run.width for run in runs))

    def test_a_long_name_wraps_in_a_narrow_column(self, read):
        (page,) = read(a_letter(tables=(a_table(an_item("FAC/1", debtor=" ".join([ARABIC] * 6))),)))
        assert all(char["x0"] > 0 and char["x1"] < page.width for char in page.chars)

    def test_more_glyphs_than_a_font_of_a_document_holds(self, fonts):
        output = BytesIO()
        canvas = Canvas(output, initialFontName=fonts.name)
        font = GlyphFont(pdfmetrics.getFont(fonts.runs(ARABIC)[0].font))
        codes = [font.encode(shaping.Glyph(number, 0, 0, chr(0x1000 + number)), canvas._doc) for number in range(300)]
        assert len(set(codes)) == 300
        assert {name.rpartition("+")[2] for name, _code in codes} == {"0", "1"}
        assert all(code != b"\0" for _name, code in codes)
        canvas.showPage()
        canvas.save()
        assert len(pypdf.PdfReader(BytesIO(output.getvalue())).pages) == 1

    def test_a_hindi_conjunct_is_one_glyph_and_its_vowel_stands_before_it(self, hindi_font):
        fonts = find_fonts((str(ODOO_FONTS),), (str(hindi_font),))
        word = f"{KA}{VIRAMA}{SSA}{SIGN_I}"
        assert uncovered_characters(a_letter(address=(word,)), fonts) == ""
        sign, conjunct = glyphs_of(fonts, word)
        assert (sign[1], conjunct[1]) == (4, 5)

    def test_a_font_that_cannot_join_the_script_does_not_step_in(self, hindi_font, tmp_path):
        font = TTFont(hindi_font)
        del font["GSUB"]
        path = tmp_path / "Unjoined.ttf"
        font.save(path)
        fonts = find_fonts((str(ODOO_FONTS),), (str(path),))
        assert uncovered_characters(a_letter(address=(KA,)), fonts) == KA


class TestFontsOfACompany:
    """Uploaded, not found on the server."""

    def test_a_font_is_known_by_its_key(self, hindi_font):
        keep_font("a-key", hindi_font.read_bytes())
        fonts = find_fonts((str(ODOO_FONTS),), ("a-key",))
        assert KA not in find_gaps(a_letter(address=(KA,)), fonts).font

    @pytest.mark.parametrize("content", [b"", b"nothing", b"OTTO" + bytes(200), b"\x00\x01\x00\x00" + bytes(64)])
    def test_what_is_no_font_is_refused(self, content):
        with pytest.raises(NotAFont):
            read_font(content)


class TestFontsOfOneScript:
    """Those of the server are found by their names and opened when a letter needs them."""

    def test_found_by_the_script_in_their_name(self, tmp_path, hindi_font):
        (tmp_path / "NotoSansDevanagari-Regular.ttf").write_bytes(hindi_font.read_bytes())
        (tmp_path / "NotoSansDevanagari-Bold.ttf").write_bytes(b"not opened")
        fonts = find_fonts.__wrapped__((str(ODOO_FONTS), str(tmp_path)))
        assert KA not in find_gaps(a_letter(address=(KA,)), fonts).font
