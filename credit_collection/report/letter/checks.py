"""What forbids to print a letter, so that it is held with a reason rather than sent wrong."""

from enum import Enum
from typing import NamedTuple

from .content import Letter, texts
from .fonts import Fonts

ADDRESS_LINES = 6
ADDRESS_CHARACTERS = 38


class Obstacle(Enum):
    """Why a letter cannot be printed."""

    NO_ADDRESS = "no_address"
    TOO_MANY_LINES = "too_many_lines"
    LINE_TOO_LONG = "line_too_long"
    UNCOVERED_CHARACTERS = "uncovered_characters"


class Problem(NamedTuple):
    """An obstacle and what causes it: the address line, or the characters."""

    obstacle: Obstacle
    detail: str = ""


def problems(letter: Letter, fonts: Fonts) -> list[Problem]:
    """Every reason not to print ``letter``; none if it can go."""
    return [*address_problems(letter.address), *_character_problems(letter, fonts)]


def address_problems(lines: tuple[str, ...]) -> list[Problem]:
    """What the post would not read: French addresses have six lines of 38 characters (NF Z 10-011)."""
    if not any(line.strip() for line in lines):
        return [Problem(Obstacle.NO_ADDRESS)]
    found = []
    if len(lines) > ADDRESS_LINES:
        found.append(Problem(Obstacle.TOO_MANY_LINES, str(len(lines))))
    found += [Problem(Obstacle.LINE_TOO_LONG, line) for line in lines if len(line) > ADDRESS_CHARACTERS]
    return found


def _character_problems(letter, fonts):
    uncovered = fonts.uncovered_characters("\n".join(texts(letter)))
    return [Problem(Obstacle.UNCOVERED_CHARACTERS, " ".join(sorted(uncovered)))] if uncovered else []
