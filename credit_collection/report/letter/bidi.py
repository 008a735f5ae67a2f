"""In which order the words of a line stand when some are read from right to left.

The implicit part of the Unicode bidirectional algorithm (UAX #9): embeddings, overrides and isolates are invisible
characters that no letter prints.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

# Characters that have a right-to-left class, wherever they stand: nothing else makes a text bidirectional.
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc]")
_BRACKETS = {"(": ")", "[": "]", "{": "}", "⁅": "⁆", "⟨": "⟩"}
_CLOSING = {closing: opening for opening, closing in _BRACKETS.items()}
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})
_NUMBERS = frozenset({"EN", "AN"})


def is_right_to_left(text: str) -> bool:
    """Whether ``text`` as a whole reads from right to left: its first letter decides (rules P2 and P3)."""
    if not RIGHT_TO_LEFT.search(text):
        return False
    strong = (unicodedata.bidirectional(char) for char in text)
    return next((kind for kind in strong if kind in {"L", "R", "AL"}), "L") != "L"


def visual_order(text: str, rtl: bool) -> list[tuple[int, int, bool]]:
    """Stretches (start, end, right to left?) of a line of ``text``, as they stand from the left (rule L2)."""
    levels = _levels(text, int(rtl))
    runs: list[tuple[int, int, int]] = []
    for index, level in enumerate(levels):
        if runs and runs[-1][2] == level:
            runs[-1] = (runs[-1][0], index + 1, level)
        else:
            runs.append((index, index + 1, level))
    for lowest in range(max(levels, default=0), 0, -1):
        runs = list(_reversed_from(runs, lowest))
    return [(start, end, level % 2 == 1) for start, end, level in runs]


def visual_pieces(pieces: Iterable[tuple[object, str]], rtl: bool) -> list[tuple[object, str, bool]]:
    """(style, text, right to left?) of a line of styled ``pieces``, as they stand from the left."""
    pieces = list(pieces)
    placed = []
    for start, end, backwards in visual_order("".join(text for _style, text in pieces), rtl):
        own = list(_cut(pieces, start, end))
        placed += [(style, text, backwards) for style, text in (reversed(own) if backwards else own)]
    return placed


def _cut(pieces, start, end) -> Iterator[tuple[object, str]]:
    """What of ``pieces`` stands between two places of their whole text."""
    offset = 0
    for style, text in pieces:
        part = text[max(0, start - offset) : max(0, end - offset)]
        if part:
            yield style, part
        offset += len(text)


def _reversed_from(runs, lowest):
    """Runs in which each stretch of the level ``lowest`` or above stands the other way round."""
    waiting: list = []
    for run in runs:
        if run[2] >= lowest:
            waiting.insert(0, run)
            continue
        yield from waiting
        waiting = []
        yield run
    yield from waiting


# -- levels ------------------------------------------------------------------------------------------------------------


def _levels(text: str, base: int) -> list[int]:
    """The embedding level of each character of a line."""
    kinds = [unicodedata.bidirectional(char) or "L" for char in text]
    outside = "R" if base else "L"
    _resolve_weak(kinds, outside)
    _resolve_brackets(text, kinds, outside)
    _resolve_neutral(kinds, outside)
    levels = [base + _above(kind, base) for kind in kinds]
    # Spaces at the end of a line follow its own direction (rule L1).
    for index in range(len(text.rstrip()), len(text)):
        levels[index] = base
    return levels


def _above(kind: str, base: int) -> int:
    """How much higher than the line a character stands (rules I1 and I2)."""
    if base:
        return 0 if kind == "R" else 1
    return {"R": 1, "AN": 2, "EN": 2}.get(kind, 0)


def _resolve_weak(kinds: list[str], outside: str):
    """Numbers, their signs and what stands above letters (rules W1 to W7)."""
    before = strong = outside
    for index, kind in enumerate(kinds):
        if kind in {"NSM", "BN"}:  # joiners are kept, and belong to what they follow
            kinds[index] = kind = before
        before = kind
        if kind in {"L", "R", "AL"}:
            strong = kind
        elif kind == "EN" and strong == "AL":
            kinds[index] = "AN"
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    for index in range(1, len(kinds) - 1):
        left, kind, right = kinds[index - 1 : index + 2]
        if left == right and ((kind == "ES" and left == "EN") or (kind == "CS" and left in _NUMBERS)):
            kinds[index] = left
    for start, end in _stretches(kinds, {"ET"}):
        if "EN" in (kinds[start - 1] if start else "", kinds[end] if end < len(kinds) else ""):
            kinds[start:end] = ["EN"] * (end - start)
    strong = outside
    for index, kind in enumerate(kinds):
        if kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[index] = "L"
        elif kind in {"ES", "ET", "CS"}:
            kinds[index] = "ON"


def _resolve_brackets(text: str, kinds: list[str], outside: str):
    """A pair of brackets has one direction: that of what it holds, or of what stands before it (rule N0)."""
    for opening, closing in _find_pairs(text, kinds):
        inside = {_direction(kind) for kind in kinds[opening + 1 : closing]} - {None}
        if outside in inside:
            direction = outside
        elif inside:
            before = (_direction(kind) for kind in reversed(kinds[:opening]))
            context = next(filter(None, before), outside)
            direction = context if context in inside else outside
        else:
            continue
        kinds[opening] = kinds[closing] = direction


def _find_pairs(text, kinds):
    """(opening, closing) places of the brackets that belong together, in the order of their openings."""
    pairs, open_brackets = [], []
    for index, char in enumerate(text):
        if kinds[index] != "ON":
            continue
        if char in _BRACKETS:
            open_brackets.append(index)
        elif char in _CLOSING:
            for depth in range(len(open_brackets) - 1, -1, -1):
                if text[open_brackets[depth]] == _CLOSING[char]:
                    pairs.append((open_brackets[depth], index))
                    del open_brackets[depth:]
                    break
    return sorted(pairs)


def _resolve_neutral(kinds: list[str], outside: str):
    """Spaces and signs between two texts of one direction have it too, the others that of the line (N1 and N2)."""
    for start, end in _stretches(kinds, _NEUTRAL):
        left = _direction(kinds[start - 1]) if start else outside
        right = _direction(kinds[end]) if end < len(kinds) else outside
        kinds[start:end] = [left if left == right else outside] * (end - start)


def _direction(kind: str) -> str | None:
    """The direction by which a character draws neutrals along; numbers stand on the right-to-left side."""
    if kind in _NUMBERS:
        return "R"
    return kind if kind in {"L", "R"} else None


def _stretches(kinds, wanted) -> list[tuple[int, int]]:
    """Where the kinds ``wanted`` follow each other: [(start, end)]."""
    found: list[tuple[int, int]] = []
    for index, kind in enumerate(kinds):
        if kind not in wanted:
            continue
        if found and found[-1][1] == index:
            found[-1] = (found[-1][0], index + 1)
        else:
            found.append((index, index + 1))
    return found
