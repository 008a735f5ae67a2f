"""What forbids to print a letter, so that it is held with a reason rather than sent wrong."""

from .content import Letter, texts
from .fonts import Fonts


def uncovered_characters(letter: Letter, fonts: Fonts) -> str:
    """Characters of ``letter`` that would print as an empty box or wrongly, with spaces between; empty if none."""
    return " ".join(sorted(fonts.uncovered_characters("\n".join(texts(letter)))))
