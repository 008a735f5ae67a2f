"""What forbids to print a letter, so that it is held with a reason rather than sent wrong."""

from .content import Letter, texts
from .fonts import Fonts, Gaps


def uncovered_characters(letter: Letter, fonts: Fonts) -> str:
    """Characters of ``letter`` that would print as an empty box or wrongly, with spaces between; empty if none."""
    return " ".join(sorted(fonts.uncovered_characters("\n".join(texts(letter)))))


def find_gaps(letter: Letter, fonts: Fonts) -> Gaps:
    """The same characters, by what is missing to print them."""
    return fonts.gaps("\n".join(texts(letter)))
