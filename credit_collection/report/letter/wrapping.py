"""Words into lines of a given width."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .fonts import Fonts
from .markup import Span, Style

PLAIN = Style()
BOLD = Style(bold=True)
_WORDS = re.compile(r" +|\n|[^ \n]+")  # no-break spaces belong to the word


@dataclass(slots=True)
class Line:
    """Pieces drawn one after the other, and their width."""

    pieces: list[tuple[Style, str]] = field(default_factory=list)
    width: float = 0.0

    def add(self, style: Style, text: str, width: float):
        """Append ``text``, to the last piece when it looks the same."""
        if self.pieces and self.pieces[-1][0] == style:
            self.pieces[-1] = (style, self.pieces[-1][1] + text)
        else:
            self.pieces.append((style, text))
        self.width += width


def wrap(spans: Iterable[Span], width: float, size: float, fonts: Fonts) -> list[Line]:
    """``spans`` set in lines no wider than ``width``; a longer word is cut."""
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
    return lines


def wrap_text(text: str, width: float, size: float, fonts: Fonts, style: Style = PLAIN) -> list[Line]:
    """Lines of one style."""
    if "\n" not in text and (own := _measure(style, text, size, fonts)) <= width:
        return [Line([(style, text)], own)]
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
    for char in text:
        step = _measure(style, char, size, fonts)
        if lines[-1].width + step > width and lines[-1].pieces:
            lines.append(Line())
        lines[-1].add(style, char, step)
