"""The end of a letter: who signs it, where the reader signs, and what is enclosed."""

from functools import partial

from reportlab.lib.units import mm

from .content import Letter
from .fonts import Fonts
from .frame import WINDOW_LEFT
from .page import GREY, INK, LEFT, Block, picture
from .wrapping import BOLD, PLAIN, wrap_text

_LIST_WIDTH = WINDOW_LEFT - LEFT - 8 * mm
_LIST_SIZE, _LIST_LEADING = 8, 10
_SIGNATURE = 55 * mm, 15 * mm
# What the reader writes by hand needs more room than print.
_ANSWER_LEADING = 17


def closing_block(letter: Letter, fonts: Fonts) -> Block | None:
    """The signature on the right; on its left where the reader signs and what is enclosed; None without any."""
    signature, answer, listed = letter.signature, _answer(letter, fonts), _enclosures(letter, fonts)
    if not signature and not answer and not listed:
        return None
    image, lines = None, []
    if signature:
        image = picture(signature.image, *_SIGNATURE) if signature.image else None
        lines = [(signature.name, 10, BOLD, INK), (signature.capacity, 9.5, PLAIN, GREY)]
        lines = [line for line in lines if line[0]]
    # Room to sign by hand where there is no picture.
    signed = 8 + 13 * len(lines) + (image.height if image else _SIGNATURE[1]) if signature else 0
    answered = 8 + _ANSWER_LEADING * len(answer) + _SIGNATURE[1] if answer else 0
    height = max(signed, answered + 8 + _LIST_LEADING * len(listed))
    return Block(height, partial(_draw, lines, image, answer, answered, listed))


def _answer(letter, fonts):
    """Lines of the reader's own signature."""
    width = WINDOW_LEFT - LEFT - 8 * mm
    return [line for text in letter.countersignature for line in wrap_text(text, width, 8.5, fonts)]


def _enclosures(letter, fonts):
    if not letter.enclosures:
        return []
    lines = wrap_text(f"{letter.labels.enclosures}{letter.labels.colon}".rstrip(), _LIST_WIDTH, 8, fonts, BOLD)
    for rank, title in enumerate(letter.enclosures, start=1):
        lines += wrap_text(f"{rank}. {title}", _LIST_WIDTH, _LIST_SIZE, fonts)
    return lines


def _draw(lines, image, answer, answered, listed, pen, top):
    for rank, line in enumerate(answer):
        pen.line(LEFT, top + 14 + _ANSWER_LEADING * rank, line, 8.5)
    for rank, line in enumerate(listed, start=1):
        pen.line(LEFT, top + answered + 4 + _LIST_LEADING * rank, line, _LIST_SIZE)
    y = top + 14
    for text, size, style, color in lines:
        pen.text(WINDOW_LEFT, y, text, size, style=style, color=color)
        y += 13
    if image:
        pen.picture(WINDOW_LEFT, y - 6, image)
