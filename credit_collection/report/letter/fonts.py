"""Which fonts a letter is drawn with, and which characters they cannot draw.

Fonts are found, never shipped: Odoo carries Roboto, Open Sans and Tajawal, distributions carry DejaVu and Noto.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from . import shaping
from .bidi import is_right_to_left, visual_order
from .embedding import LetterFont
from .shaping import JOINERS, NEEDS_SHAPING, Glyph, GlyphFont, knows_script, script_of, shape

# Families in order of preference: regular, bold, italic, bold italic.
FAMILIES = (
    ("Roboto-Regular.ttf", "Roboto-Bold.ttf", "Roboto-Italic.ttf", "Roboto-BoldItalic.ttf"),
    ("Open_Sans-Regular.ttf", "Open_Sans-Bold.ttf", "Open_Sans-Italic.ttf", "Open_Sans-BoldItalic.ttf"),
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf", "DejaVuSans-BoldOblique.ttf"),
    (
        "LiberationSans-Regular.ttf",
        "LiberationSans-Bold.ttf",
        "LiberationSans-Italic.ttf",
        "LiberationSans-BoldItalic.ttf",
    ),
)
SYSTEM_FOLDERS = ("/usr/share/fonts/truetype", "/usr/share/fonts", "/usr/local/share/fonts")
# A main family draws at least one of each script the letters promise; another is only a fallback.
REQUIRED = "AéŒŁőşΩώЖїҐ€"

# Fonts made for one script, known by its name in theirs, or by these; opened only where a letter needs them.
SCRIPT_FONT = re.compile(
    r"(arabic|syriac|hebrew|thaana|nko|devanagari|bengali|gurmukhi|gujarati|oriya|tamil|telugu|kannada|malayalam|"
    r"sinhala|thai|lao|tibetan|myanmar|khmer|georgian|armenian|ethiopic|cherokee)(?!.*(bold|italic|light|black|thin))"
    r".*\.ttf$",
    re.IGNORECASE,
)
KNOWN_SCRIPT_FONTS = {"Tajawal-Regular.ttf": "ARABIC", "Garuda.ttf": "THAI"}

# What has no ink of its own, or another way to write it, in a font that lacks it.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"), None)
_INVISIBLE_IN_SHAPED = {code: None for code in _INVISIBLE if chr(code) not in JOINERS}
_SPACE_LIKE = {**dict.fromkeys(range(0x2000, 0x200B), " "), 0x202F: "\u00a0", 0x205F: " ", 0x3000: " "}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class FontsMissing(Exception):
    """No usable font in any of the folders."""


class NotAFont(Exception):
    """A file that holds no TrueType font."""


class Run(NamedTuple):
    """Characters drawn with one font; the width is for a size of 1."""

    font: str
    text: str
    width: float
    glyphs: tuple[Glyph, ...] = ()  # where shaping chose them


class Gaps(NamedTuple):
    """Characters that cannot be printed: for want of a font, or of the package that shapes them."""

    font: frozenset[str] = frozenset()
    shaping: frozenset[str] = frozenset()


class Fonts:
    """A main family and the fonts that step in for characters it lacks.

    ``spare`` names files by script, opened when a character needs one; ``shaper`` is what joins letters, or None.
    """

    def __init__(
        self,
        main: tuple[TTFont, TTFont, TTFont, TTFont],
        fallbacks: tuple[TTFont, ...] = (),
        spare: Mapping[str, tuple[str, ...]] | None = None,
        shaper: Any = None,
    ):
        self._main = main
        self._fallbacks = fallbacks
        self._spare = spare or {}
        self._shaper = shaper
        # The bytes of a run depend on nothing else, and letters repeat labels, names and dates.
        self.runs = lru_cache(maxsize=8192)(self._runs)
        self._advance = lru_cache(maxsize=8192)(self._sum_of_runs)
        self._is_drawable = lru_cache(maxsize=8192)(self._drawable)
        self._substitutes = {code: space for code, space in _SPACE_LIKE.items() if code not in main[0].face.charToGlyph}

    def uncovered_characters(self, text: str) -> set[str]:
        """Characters of ``text`` that would print as an empty box, or wrongly for want of shaping."""
        return {char for char in set(self.printable(text)) if not self._is_drawable(char)}

    def gaps(self, text: str) -> Gaps:
        """The same, by what is missing to print them."""
        uncovered = self.uncovered_characters(text)
        unshaped = {char for char in uncovered if self._shaper is None and self._font_that_shapes(char)}
        return Gaps(frozenset(uncovered - unshaped), frozenset(unshaped))

    def printable(self, text: str) -> str:
        """``text`` composed, without invisible characters, rare spaces replaced where no font has them."""
        if text.isascii() and text.isprintable():
            return text
        # Joiners say how letters beside them are drawn, where letters are joined at all.
        invisible = _INVISIBLE_IN_SHAPED if NEEDS_SHAPING.search(text) else _INVISIBLE
        text = _CONTROL.sub(" ", unicodedata.normalize("NFC", text.translate(invisible)))
        return text.translate(self._substitutes)

    def width(self, text: str, size: float, bold: bool = False, italic: bool = False) -> float:
        """Width of ``text`` in points."""
        return size * self._advance(text, bold, italic)

    def encoded(self, run: Run, canvas) -> list[tuple[str, bytes]]:
        """``run`` as the document of ``canvas`` writes it: names of embedded fonts, codes of their glyphs."""
        font, document = pdfmetrics.getFont(run.font), canvas._doc
        font.begin(document)
        codes = font.encode_usual(run.text)
        if codes is not None:
            return [(font.getSubsetInternalName(0, document), codes)]
        return [
            (font.getSubsetInternalName(subset, document), codes)
            for subset, codes in font.splitString(run.text, document)
        ]

    def placed(self, run: Run, canvas) -> Iterator[tuple[str, bytes, float, float]]:
        """The glyphs of a shaped run: name of the embedded font, code, and where it stands for a size of 1."""
        font = _get_glyph_font(run.font)
        for glyph in run.glyphs:
            yield (*font.encode(glyph, canvas._doc), glyph.x, glyph.y)

    @property
    def name(self) -> str:
        """The main font, as ReportLab knows it."""
        return self._main[0].fontName

    # -- runs ----------------------------------------------------------------------------------------------------------

    def _sum_of_runs(self, text: str, bold: bool, italic: bool) -> float:
        return sum(run.width for run in self.runs(text, bold, italic, None))

    def _runs(self, text: str, bold: bool = False, italic: bool = False, rtl: bool | None = None) -> tuple[Run, ...]:
        """``text`` cut where the font changes, from left to right.

        ``rtl`` says in which direction all of it reads; where it is not said, its characters do.
        """
        text = self.printable(text)
        font = self._main[bold + 2 * italic]
        if self._shaper is None or not (rtl or NEEDS_SHAPING.search(text)):
            return self._plain_runs(text, font)
        if rtl is not None:
            return self._directed_runs(text, font, rtl)
        return tuple(
            run
            for start, end, backwards in visual_order(text, is_right_to_left(text))
            for run in self._directed_runs(text[start:end], font, backwards)
        )

    def _plain_runs(self, text: str, font: TTFont) -> tuple[Run, ...]:
        """Characters one by one."""
        glyphs = font.face.charToGlyph
        if all(ord(char) in glyphs for char in text):
            return (_run(font, text),)
        return tuple(_run(chosen, part) for chosen, part in self._cut_by_font(text, font))

    def _directed_runs(self, text: str, font: TTFont, rtl: bool) -> tuple[Run, ...]:
        """Text of one direction, a run a script: one from right to left is shaped whole, for its brackets too."""
        runs = []
        for script, part in _cut_by_script(text, rtl):
            if not script and not rtl:
                runs += self._plain_runs(part, font)
                continue
            own = script and self._font_of_script(script, part, font)
            for chosen, words in self._cut_by_font(part, own or font):
                shaped = shape(self._shaper, chosen, words, rtl)
                runs.append(Run(chosen.fontName, words, shaped.width, shaped.glyphs))
        return tuple(reversed(runs) if rtl else runs)

    def _cut_by_font(self, text: str, font: TTFont) -> list[tuple[TTFont, str]]:
        """``text`` in ``font``, or where it lacks a character in another that has it."""
        runs: list[tuple[TTFont, str]] = []
        for char in text:
            # A joiner is no glyph: it stays with the letters that it joins.
            chosen = runs[-1][0] if runs and char in JOINERS else self._font_of(char, font)
            if runs and runs[-1][0] is chosen:
                runs[-1] = (chosen, runs[-1][1] + char)
            else:
                runs.append((chosen, char))
        return runs

    # -- which font ----------------------------------------------------------------------------------------------------

    def _font_of(self, char: str, font: TTFont) -> TTFont:
        return next((one for one in self._candidates(char, font) if ord(char) in one.face.charToGlyph), font)

    def _candidates(self, char: str, font: TTFont) -> Iterator[TTFont]:
        """Fonts that may have the character, those of its script last: they are opened for it."""
        yield font
        yield self._main[0]
        yield from self._fallbacks
        for path in self._spare.get(unicodedata.name(char, "").partition(" ")[0], ()):
            if spare := _load(path):
                yield spare

    def _font_of_script(self, script: str, text: str, font: TTFont) -> TTFont | None:
        """The font that joins the letters of ``script`` and has most of those in ``text``."""
        letters = {char for char in text if script_of(char) == script}
        knowing = [one for one in self._candidates(min(letters), font) if knows_script(one, script)]
        return max(knowing, key=lambda one: sum(ord(char) in one.face.charToGlyph for char in letters), default=None)

    def _font_that_shapes(self, char: str) -> TTFont | None:
        """A font that has the character and knows how it joins others; None for what is never joined."""
        script = script_of(char)
        fitting = (one for one in self._candidates(char, self._main[0]) if ord(char) in one.face.charToGlyph)
        return next((one for one in fitting if knows_script(one, script)), None) if script else None

    def _drawable(self, char: str) -> bool:
        code = ord(char)
        if char in JOINERS:
            return True
        if code > 0xFFFF:
            return False  # ReportLab's maps to Unicode stop at the basic plane
        if NEEDS_SHAPING.match(char):
            return self._shaper is not None and self._font_that_shapes(char) is not None
        return any(code in font.face.charToGlyph for font in self._candidates(char, self._main[0]))


def _run(font: TTFont, text: str) -> Run:
    widths, default = font.face.charWidths, font.face.defaultWidth
    return Run(font.fontName, text, 0.001 * sum(widths.get(ord(char), default) for char in text))


def _cut_by_script(text: str, rtl: bool) -> list[tuple[str, str]]:
    """(script, part) of ``text``: marks and spaces follow the letters before them, from right to left all signs do."""
    parts: list[tuple[str, str]] = []
    for char in text:
        script = script_of(char)
        if not script and parts and (rtl or char in JOINERS or unicodedata.category(char)[0] in "MZ"):
            script = parts[-1][0]
        if parts and (parts[-1][0] == script or (rtl and not parts[-1][0])):
            parts[-1] = (script, parts[-1][1] + char)
        else:
            parts.append((script, char))
    return parts


@lru_cache(maxsize=64)
def _get_glyph_font(name: str) -> GlyphFont:
    return GlyphFont(pdfmetrics.getFont(name))


@lru_cache(maxsize=8)
def find_fonts(folders: tuple[str, ...] = (), extra: tuple[str, ...] = ()) -> Fonts:
    """Fonts of the first complete family found in ``folders``, then in the system's.

    What it lacks is drawn by ``extra``, TrueType files or keys of ``keep_font``, then by the other families found, then
    by fonts made for one script. Raises FontsMissing when there is none.
    """
    paths, spare = _paths((*folders, *SYSTEM_FOLDERS))
    families = [tuple(paths.get(name) for name in family) for family in FAMILIES]
    loaded = [faces for family in families if family[0] and (faces := _load_family(family))]
    main = next((faces for faces in loaded if _covers(faces[0], REQUIRED)), None)
    if main is None:
        raise FontsMissing(", ".join((*folders, *SYSTEM_FOLDERS)))
    others = [faces[0] for faces in loaded if faces is not main]
    chosen = [font for key in extra if (font := _kept.get(key) or _load(key))]
    return Fonts(main, (*chosen, *others), spare, shaping.find_shaper())


def _paths(folders: Iterable[str]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The first file of each known name, and those made for one script, by script.

    Odoo's Debian package links into the distribution's fonts.
    """
    wanted = {name for family in FAMILIES for name in family}
    paths: dict[str, str] = {}
    spare: dict[str, dict[str, str]] = {}
    for folder in folders:
        for where, subfolders, names in os.walk(folder):
            subfolders.sort()
            for name in sorted(names):
                found = SCRIPT_FONT.search(name)
                script = KNOWN_SCRIPT_FONTS.get(name) or (found and found[1].upper())
                path = os.path.join(where, name)
                # A link may point to a font that is not installed.
                if (script or name in wanted) and os.path.isfile(path):
                    own = spare.setdefault(script, {}) if script else paths
                    own.setdefault(name, path)
    return paths, {script: tuple(own.values()) for script, own in spare.items()}


def _load_family(paths: tuple[str | None, ...]) -> tuple[TTFont, ...] | None:
    regular = _load(paths[0])
    if regular is None:
        return None
    return (regular, *((_load(path) if path else None) or regular for path in paths[1:]))


@lru_cache(maxsize=64)
def _load(path: str) -> TTFont | None:
    """The font registered with ReportLab, once; None if it is not TrueType."""
    try:
        font = LetterFont(f"letter:{path}", path)
    except (TTFError, OSError):
        return None
    pdfmetrics.registerFont(font)
    return font


_kept: dict[str, TTFont] = {}


def has_font(key: str) -> bool:
    """Whether ``keep_font`` was given a font under that key in this process."""
    return key in _kept


def keep_font(key: str, content: bytes):
    """Make the TrueType font in ``content`` known as ``key`` to ``find_fonts``. Raises NotAFont."""
    font = read_font(content, key)
    pdfmetrics.registerFont(font)
    _kept[key] = font


def read_font(content: bytes, key: str = "") -> LetterFont:
    """The TrueType font in ``content``. Raises NotAFont."""
    try:
        font = LetterFont(f"letter:{key}", BytesIO(content))
    # Whatever a file from outside makes the parser stumble over: strange files have ways of their own.
    except Exception as error:
        raise NotAFont(str(error)) from error
    # What the parser calls the file names what is embedded: two fonts must not be taken for one.
    font.face.filename = key
    return font


def _covers(font: TTFont, text: str) -> bool:
    return all(ord(char) in font.face.charToGlyph for char in text)
