"""Scripts whose letters change shape or order beside each other: Arabic, Hebrew, those of India, Thai…

Drawn one by one they would be wrong. The Python package ``uharfbuzz`` says which glyphs stand where, given a font that
knows the script; without the package such a text is not printed.
"""

import copy
import re
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

try:
    import uharfbuzz
except ImportError:
    uharfbuzz = None

NEEDS_SHAPING = re.compile(
    "[\u0590-\u08ff\u0900-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufefc]"
)
# What joins letters or keeps them apart, and what says in which direction a text is read: without ink of its own.
JOINERS = frozenset("\u200c\u200d\u200e\u200f")
# How OpenType names the scripts, by the first word of the names of their characters in Unicode.
_SCRIPT_TAGS = {
    "ARABIC": {b"arab"},
    "SYRIAC": {b"syrc"},
    "NKO": {b"nko "},
    "DEVANAGARI": {b"dev2", b"deva"},
    "BENGALI": {b"bng2", b"beng"},
    "GURMUKHI": {b"gur2", b"guru"},
    "GUJARATI": {b"gjr2", b"gujr"},
    "ORIYA": {b"ory2", b"orya"},
    "TAMIL": {b"tml2", b"taml"},
    "TELUGU": {b"tel2", b"telu"},
    "KANNADA": {b"knd2", b"knda"},
    "MALAYALAM": {b"mlm2", b"mlym"},
    "SINHALA": {b"sinh"},
    "TIBETAN": {b"tibt"},
    "MYANMAR": {b"mym2", b"mymr"},
    "KHMER": {b"khmr"},
}
# Their letters keep their shape: only marks above and below have to be placed, which needs no table of the script.
_UNJOINED_SCRIPTS = frozenset({"HEBREW", "THAANA", "THAI", "LAO"})
_CODES_OF_A_FONT = 256


class Glyph(NamedTuple):
    """A glyph of a font by its number, where it stands, and the characters that it draws; lengths for a size of 1."""

    number: int
    x: float
    y: float
    text: str


class Shaped(NamedTuple):
    """A text as glyphs from left to right, and its width for a size of 1."""

    glyphs: tuple[Glyph, ...]
    width: float


def find_shaper() -> Any:
    """The package that shapes text; None where it is not installed."""
    return uharfbuzz


def script_of(char: str) -> str:
    """The script that a letter needs a font for; empty for what any font draws: spaces, digits, signs, Latin."""
    return unicodedata.name(char, "").partition(" ")[0] if NEEDS_SHAPING.match(char) else ""


def knows_script(font: TTFont, script: str) -> bool:
    """Whether the font says how the letters of ``script`` join."""
    return script in _UNJOINED_SCRIPTS or bool(_SCRIPT_TAGS.get(script, frozenset()) & _get_script_tags(font))


@lru_cache(maxsize=128)
def _get_script_tags(font: TTFont) -> frozenset[bytes]:
    """Scripts for which the font has rules of substitution (the list at the head of its GSUB table)."""
    try:
        table = font.face.get_table("GSUB")
    except KeyError:
        return frozenset()
    start = int.from_bytes(table[4:6], "big")
    count = int.from_bytes(table[start : start + 2], "big")
    places = range(start + 2, start + 2 + 6 * count, 6)
    return frozenset(bytes(table[place : place + 4]) for place in places)


def shape(shaper: Any, font: TTFont, text: str, rtl: bool) -> Shaped:
    """``text``, all of one direction, in glyphs of ``font``."""
    buffer = shaper.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    buffer.flags = shaper.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    face = _get_face(shaper, font)
    shaper.shape(face, buffer)
    unit = 1 / face.face.upem
    texts = _texts_of_clusters([info.cluster for info in buffer.glyph_infos], text)
    glyphs, x = [], 0
    for info, position, own in zip(buffer.glyph_infos, buffer.glyph_positions, texts, strict=True):
        glyphs.append(Glyph(info.codepoint, (x + position.x_offset) * unit, position.y_offset * unit, own))
        x += position.x_advance
    return Shaped(tuple(glyphs), x * unit)


def _texts_of_clusters(clusters: list[int], text: str) -> list[str]:
    """The characters of each glyph: of several that draw the same ones, the first glyph has them all."""
    starts = sorted(set(clusters))
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    known, texts = set(), []
    for start in clusters:
        texts.append("" if start in known else text[start : ends[start]])
        known.add(start)
    return texts


@lru_cache(maxsize=64)
def _get_face(shaper: Any, font: TTFont) -> Any:
    return shaper.Font(shaper.Face(shaper.Blob(font.face._ttf_data)))


class GlyphFont:
    """Glyphs of a TrueType font by their numbers, as fonts of a PDF document.

    ReportLab embeds the glyphs of characters; those that shaping chooses have no character of their own.
    """

    # How ReportLab knows a font of its own kind.
    _dynamicFont = _multiByte = 1  # noqa: N815

    def __init__(self, font: TTFont):
        self._font = font
        self.fontName = f"{font.fontName}:glyphs"
        # Document → the (glyph, characters) that each of its fonts holds.
        self._known: WeakKeyDictionary = WeakKeyDictionary()

    def encode(self, glyph: Glyph, document) -> tuple[str, bytes]:
        """Name of the font that holds the glyph in ``document``, and the glyph's code in it."""
        codes = self._known.setdefault(document, {})
        if self.fontName not in document.fontMapping:
            document.fontMapping[self.fontName] = f"/F{len(document.fontMapping) + 1}"
            document.delayedFonts.append(self)
        # The first code of each font is that of the missing glyph.
        place = codes.setdefault((glyph.number, glyph.text), len(codes))
        rank, code = divmod(place, _CODES_OF_A_FONT - 1)
        return f"{document.fontMapping[self.fontName]}+{rank}", bytes((code + 1,))

    def addObjects(self, document):  # noqa: N802 (ReportLab's name)
        """Add to the document the fonts that hold the glyphs used."""
        glyphs = list(self._known.pop(document, ()))
        step = _CODES_OF_A_FONT - 1
        for rank, start in enumerate(range(0, len(glyphs), step)):
            self._add_font(document, rank, [(0, ""), *glyphs[start : start + step]])

    def _add_font(self, document, rank, glyphs):
        face = copy.copy(self._font.face)
        face.charToGlyph = _Itself()
        numbers = [number for number, _text in glyphs]
        # A tag of its own: the same font may be embedded beside for its characters.
        name = (SUBSETN(900_000 + rank) + b"+" + face.name).decode("pdfdoc")
        internal = f"{document.fontMapping[self.fontName][1:]}+{rank}"
        pdf_font = pdfdoc.PDFTrueTypeFont()
        pdf_font.Name = internal
        pdf_font.BaseFont = name
        pdf_font.FirstChar, pdf_font.LastChar = 0, len(glyphs) - 1
        pdf_font.Widths = pdfdoc.PDFArray([face._pdfScale(face.hmetrics[number][0]) for number in numbers])
        codes = pdfdoc.PDFStream()
        codes.content = _to_unicode(name, [text for _number, text in glyphs])
        if document.compression:
            codes.filters = [pdfdoc.PDFZCompress]
        pdf_font.ToUnicode = document.Reference(codes, f"toUnicodeCMap:{name}")
        pdf_font.FontDescriptor = face.addSubsetObjects(document, name, numbers)
        document.Reference(pdf_font, internal)
        document.idToObject["BasicFonts"].dict[internal] = pdf_font


class _Itself(dict):
    """A glyph's number for the number itself."""

    def __contains__(self, _number):
        return True

    def __missing__(self, number):
        return number


def _to_unicode(name: str, texts: list[str]) -> str:
    """The map (CMap) from the codes of a font to the characters that their glyphs draw, to copy and to search."""
    rows = [f"<{code:02X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in enumerate(texts)]
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            f"<00> <{len(texts) - 1:02X}>",
            "endcodespacerange",
            f"{len(rows)} beginbfchar",
            *rows,
            "endbfchar",
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        )
    )
