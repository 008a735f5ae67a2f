"""Words into lines of a given width."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .bidi import RIGHT_TO_LEFT, is_right_to_left
from .fonts import Fonts
from .markup import Span, Style

PLAIN = Style()
BOLD = Style(bold=True)
_WORDS = re.compile(r" +|\n|[^ \n]+")  # no-break spaces belong to the word


@dataclass(slots=True)
class Line:
    """Pieces in the order in which they are read, and their width."""

    pieces: list[tuple[Style, str]] = field(default_factory=list)
    width: float = 0.0
    rtl: bool | None = None  # the paragraph's direction, where the line has words that read from right to left

    def add(self, style: Style, text: str, width: float):
        """Append ``text``, to the last piece when it looks the same."""
        if self.pieces and self.pieces[-1][0] == style:
            self.pieces[-1] = (style, self.pieces[-1][1] + text)
        else:
            self.pieces.append((style, text))
        self.width += width


def wrap(spans: Iterable[Span], width: float, size: float, fonts: Fonts) -> list[Line]:
    """``spans`` set in lines no wider than ``width``; a longer word is cut."""
    spans = tuple(spans)
    lines = [Line()]
    space: tuple[Style, str, float] | None = None
    for word in _words(spans, size, fonts):
        if word == "\n":
            lines.append(Line())
            space = None
        elif word[0][1].startswith(" "):
            space = word[0]
        else:
            if lines[-1].pieces and lines[-1].width + (space[2] if space else 0) + _width(word) > width:
                lines.append(Line())
                space = None
            if space and lines[-1].pieces:
                lines[-1].add(*space)
            space = None
            for part in word:
                _add_cutting(lines, part, width, size, fonts)
    _tell_directions(lines, spans)
    return lines


def _tell_directions(lines, spans):
    if any(not span.text.isascii() and RIGHT_TO_LEFT.search(span.text) for span in spans):
        rtl = is_right_to_left("".join(span.text for span in spans))
        for line in lines:
            line.rtl = rtl


def wrap_text(text: str, width: float, size: float, fonts: Fonts, style: Style = PLAIN) -> list[Line]:
    """Lines of one style."""
    if "\n" not in text and (own := _measure(style, text, size, fonts)) <= width:
        lines = [Line([(style, text)], own)]
        _tell_directions(lines, (Span(text),))
        return lines
    return wrap((Span(text, style),), width, size, fonts)


def _words(spans, size, fonts):
    """Unbreakable words, as lists of (style, text, width), the spaces between them, and ``\\n``."""
    word: list[tuple[Style, str, float]] = []
    for span in spans:
        for token in _WORDS.findall(span.text):
            measured = (span.style, token, 0.0 if token == "\n" else _measure(span.style, token, size, fonts))
            if token[0] not in " \n":
                word.append(measured)
                continue
            if word:
                yield word
                word = []
            yield "\n" if token == "\n" else [(span.style, " ", _measure(span.style, " ", size, fonts))]
    if word:
        yield word


def _measure(style, text, size, fonts):
    return fonts.width(text, size, style.bold, style.italic)


def _width(word):
    return sum(part[2] for part in word)


def _add_cutting(lines, part, width, size, fonts):
    """Add ``part`` to the last line, character by character if even an empty line is too short for it."""
    style, text, own = part
    if lines[-1].width + own <= width:
        lines[-1].add(style, text, own)
        return
    for letter in _letters(text):
        step = _measure(style, letter, size, fonts)
        if lines[-1].width + step > width and lines[-1].pieces:
            lines.append(Line())
        lines[-1].add(style, letter, step)


def _letters(text: str) -> Iterator[str]:
    """Characters with the marks that stand on them: nothing is cut between a letter and its accent or vowel."""
    letter = ""
    for char in text:
        if letter and not (unicodedata.category(char)[0] == "M" or char in "\u200c\u200d"):
            yield letter
            letter = ""
        letter += char
    if letter:
        yield letter
