"""Which fonts a letter is drawn with, and which characters they cannot draw.

Fonts are found, never shipped: Odoo carries Roboto and Open Sans, distributions carry DejaVu.
"""

import os
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

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

# What has no ink of its own, or another way to write it, in a font that lacks it.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"), None)
_SPACE_LIKE = {**dict.fromkeys(range(0x2000, 0x200B), " "), 0x202F: "\u00a0", 0x205F: " ", 0x3000: " "}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Scripts whose letters change shape or order beside each other: drawn one by one they would be wrong.
_NEEDS_SHAPING = ((0x0590, 0x08FF), (0x0900, 0x109F), (0x1780, 0x17FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFE))


class FontsMissing(Exception):
    """No usable font in any of the folders."""


class Run(NamedTuple):
    """Characters drawn with one font; the width is for a size of 1."""

    font: str
    text: str
    width: float


class Fonts:
    """A main family and the fonts that step in for characters it lacks."""

    def __init__(self, main: tuple[TTFont, TTFont, TTFont, TTFont], fallbacks: tuple[TTFont, ...] = ()):
        self._main = main
        self._fallbacks = fallbacks
        # The bytes of a run depend on nothing else, and letters repeat labels, names and dates.
        self.runs = lru_cache(maxsize=8192)(self._runs)
        self._advance = lru_cache(maxsize=8192)(self._sum_of_runs)
        self._is_drawable = lru_cache(maxsize=8192)(self._drawable)
        self._substitutes = {code: space for code, space in _SPACE_LIKE.items() if code not in main[0].face.charToGlyph}

    def uncovered_characters(self, text: str) -> set[str]:
        """Characters of ``text`` that would print as an empty box, or wrongly for want of shaping."""
        return {char for char in set(self.printable(text)) if not self._is_drawable(char)}

    def printable(self, text: str) -> str:
        """``text`` composed, without invisible characters, rare spaces replaced where no font has them."""
        if text.isascii() and text.isprintable():
            return text
        text = _CONTROL.sub(" ", unicodedata.normalize("NFC", text.translate(_INVISIBLE)))
        return text.translate(self._substitutes)

    def width(self, text: str, size: float, bold: bool = False, italic: bool = False) -> float:
        """Width of ``text`` in points."""
        return size * self._advance(text, bold, italic)

    def encoded(self, run: Run, canvas) -> list[tuple[str, bytes]]:
        """``run`` as the document of ``canvas`` writes it: names of embedded fonts, codes of their glyphs."""
        font, document = pdfmetrics.getFont(run.font), canvas._doc
        known = font.state[document].assignments if document in font.state else {}
        codes = [known.get(ord(char), 256) for char in run.text.replace("\u00a0", " ")]
        if max(codes, default=256) < 256:
            # Most words are of characters already written, among the first 256 of their font.
            return [(font.getSubsetInternalName(0, document), bytes(codes))]
        return [
            (font.getSubsetInternalName(subset, document), codes)
            for subset, codes in font.splitString(run.text, document)
        ]

    @property
    def name(self) -> str:
        """The main font, as ReportLab knows it."""
        return self._main[0].fontName

    def _sum_of_runs(self, text: str, bold: bool, italic: bool) -> float:
        return sum(run.width for run in self.runs(text, bold, italic))

    def _runs(self, text: str, bold: bool = False, italic: bool = False) -> tuple[Run, ...]:
        """``text`` cut where the font changes."""
        text = self.printable(text)
        font = self._main[bold + 2 * italic]
        glyphs = font.face.charToGlyph
        if all(ord(char) in glyphs for char in text):
            return (_run(font, text),)
        runs: list[tuple[TTFont, str]] = []
        for char in text:
            chosen = self._font_of(char, font)
            if runs and runs[-1][0] is chosen:
                runs[-1] = (chosen, runs[-1][1] + char)
            else:
                runs.append((chosen, char))
        return tuple(_run(chosen, part) for chosen, part in runs)

    def _font_of(self, char: str, font: TTFont) -> TTFont:
        candidates = (font, self._main[0], *self._fallbacks)
        return next((one for one in candidates if ord(char) in one.face.charToGlyph), font)

    def _drawable(self, char: str) -> bool:
        code = ord(char)
        if code > 0xFFFF or any(first <= code <= last for first, last in _NEEDS_SHAPING):
            return False  # ReportLab's maps to Unicode stop at the basic plane
        return any(code in font.face.charToGlyph for font in (self._main[0], *self._fallbacks))


def _run(font: TTFont, text: str) -> Run:
    widths, default = font.face.charWidths, font.face.defaultWidth
    return Run(font.fontName, text, 0.001 * sum(widths.get(ord(char), default) for char in text))


@lru_cache(maxsize=8)
def find_fonts(folders: tuple[str, ...] = (), extra: tuple[str, ...] = ()) -> Fonts:
    """Fonts of the first complete family found in ``folders``, then in the system's.

    The other families found, and the TrueType files ``extra``, draw what the first lacks.
    Raises FontsMissing when there is none.
    """
    families = _installed((*folders, *SYSTEM_FOLDERS))
    loaded = [faces for family in families if (faces := _load_family(family))]
    main = next((faces for faces in loaded if _covers(faces[0], REQUIRED)), None)
    if main is None:
        raise FontsMissing(", ".join((*folders, *SYSTEM_FOLDERS)))
    others = [faces[0] for faces in loaded if faces is not main]
    return Fonts(main, (*others, *(font for path in extra if (font := _load(path)))))


def _installed(folders: Iterable[str]) -> list[tuple[str | None, ...]]:
    """Paths of each known family, None for a missing style; families without a regular face are left out."""
    paths = _paths(folders)
    found = [tuple(paths.get(name) for name in family) for family in FAMILIES]
    return [family for family in found if family[0]]


def _paths(folders: Iterable[str]) -> dict[str, str]:
    """The first file of each known name. Odoo's Debian package links into the distribution's fonts."""
    wanted = {name for family in FAMILIES for name in family}
    paths: dict[str, str] = {}
    for folder in folders:
        for where, subfolders, names in os.walk(folder):
            subfolders.sort()
            for name in wanted.intersection(names):
                path = os.path.join(where, name)
                if os.path.isfile(path):  # a link may point to a font that is not installed
                    paths.setdefault(name, path)
    return paths


def _load_family(paths: tuple[str | None, ...]) -> tuple[TTFont, ...] | None:
    regular = _load(paths[0])
    if regular is None:
        return None
    return (regular, *((_load(path) if path else None) or regular for path in paths[1:]))


@lru_cache(maxsize=64)
def _load(path: str) -> TTFont | None:
    """The font registered with ReportLab, once; None if it is not TrueType."""
    try:
        font = TTFont(f"letter:{path}", path, asciiReadable=False)
    except (TTFError, OSError):
        return None
    pdfmetrics.registerFont(font)
    return font


def _covers(font: TTFont, text: str) -> bool:
    return all(ord(char) in font.face.charToGlyph for char in text)
