"""By when, how much, and how to pay."""

from functools import partial

from reportlab.lib.units import mm

from .content import Letter, Payment
from .fonts import Fonts
from .markup import Style, safe_link
from .page import GREY, LEFT, RIGHT, WIDTH, Block
from .qr import draw_qr
from .wrapping import BOLD, wrap_text

MEASURE = WIDTH - LEFT - RIGHT
QR_SIZE = 25 * mm
_QR_GAP = 3 * mm
_PANEL = "#F5F7FA"
_INDENT = 3 * mm


def deadline_block(letter: Letter, fonts: Fonts) -> Block:
    """The line the reader must not miss: by when, and how much in each currency, then in words."""
    when = f"{letter.labels.deadline} {letter.deadline}" if letter.deadline else letter.labels.total
    amounts = f" {letter.labels.also} ".join(letter.amounts_due)
    text = letter.labels.colon.join(filter(None, (when, amounts)))
    lines = [(line, 12, 15.5) for line in wrap_text(text, MEASURE - 8 * mm, 12, fonts, BOLD)]
    if letter.in_words:
        lines += [(line, 9, 11.5) for line in wrap_text(letter.in_words, MEASURE - 8 * mm, 9, fonts)]
    height = sum(leading for _line, _size, leading in lines) + 5
    return Block(height, partial(_draw_deadline, lines, height, letter.sender.accent), keep_with_next=True)


def _draw_deadline(lines, height, accent, pen, top):
    pen.area(LEFT - 4, top, 2.2, height, accent)
    y = top
    for line, size, leading in lines:
        y += leading
        pen.line(LEFT + _INDENT, y - 1, line, size, color=accent if size > 10 else GREY)


def payment_block(letter: Letter, payment: Payment, fonts: Fonts) -> Block:
    """The bank's details, and the codes that spare the reader to copy them."""
    labels = letter.labels
    # The address is written out: paper cannot be clicked.
    link = Style(link=safe_link(payment.link))
    rows = [
        (label, value, style)
        for label, value, style in (
            (labels.holder, payment.holder, BOLD),
            (labels.iban, spaced_iban(payment.iban), BOLD),
            (labels.bic, payment.bic, BOLD),
            (labels.bank, payment.bank, BOLD),
            (labels.payment_reference, payment.reference, BOLD),
            (labels.link, payment.link, link),
        )
        if value
    ]
    codes = [(payload, label) for payload, label in ((payment.qr, labels.qr), (link.link, labels.link_qr)) if payload]
    label_width = max((fonts.width(label, 9) for label, _value, _style in rows), default=0) + 4 * mm
    room = MEASURE - label_width - 2 * _INDENT - len(codes) * (QR_SIZE + _QR_GAP)
    lines = [(label, wrap_text(value, room, 9.5, fonts, style)) for label, value, style in rows]
    captions = [(payload, wrap_text(label, QR_SIZE, 7, fonts)) for payload, label in codes]
    height = 21 + 12 * sum(len(wrapped) for _label, wrapped in lines)
    if codes:
        height = max(height, QR_SIZE + 6 + 8.5 * max(len(wrapped) for _payload, wrapped in captions))
    return Block(height, partial(_draw_payment, letter, lines, captions, label_width, height))


def _draw_payment(letter, lines, captions, label_width, height, pen, top):
    x = LEFT + _INDENT
    pen.area(LEFT - 4, top, MEASURE + 8, height, _PANEL)
    y = top + 15
    pen.text(x, y, letter.labels.payment, 10, style=BOLD, color=letter.sender.accent)
    for label, wrapped in lines:
        for rank, line in enumerate(wrapped):
            y += 12
            if not rank:
                pen.text(x, y, label, 9, color=GREY)
            pen.line(x + label_width, y, line, 9.5)
    left = WIDTH - RIGHT - len(captions) * (QR_SIZE + _QR_GAP) + _QR_GAP
    for payload, caption in captions:
        draw_qr(pen, left, top + 3, QR_SIZE, payload)
        for rank, line in enumerate(caption):
            pen.line(left + QR_SIZE / 2, top + 3 + QR_SIZE + 7.5 + 8.5 * rank, line, 7, color=GREY, align="center")
        left += QR_SIZE + _QR_GAP


def spaced_iban(iban: str) -> str:
    """An IBAN in fours, as it is printed everywhere; the groups stay on one line."""
    compact = "".join(iban.split())
    return "\u00a0".join(compact[start : start + 4] for start in range(0, len(compact), 4))
