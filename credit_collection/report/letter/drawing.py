"""Letters on paper."""

from collections.abc import Iterable
from functools import partial
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from . import frame
from .content import Letter, Payment, Signature
from .fonts import Fonts
from .markup import Paragraph, Style, paragraphs, safe_link
from .page import GREY, INK, LEFT, RIGHT, WIDTH, Block, Pen, paginate, picture, space
from .qr import draw_qr
from .tables import table_blocks
from .wrapping import BOLD, PLAIN, wrap, wrap_text

BODY = 9.8  # size of running text
LEADING = 13.2
AFTER_PARAGRAPH = 6
INDENT = 5 * mm
QR_SIZE = 26 * mm
MEASURE = WIDTH - LEFT - RIGHT
PANEL = "#F5F7FA"


def render(letter: Letter, fonts: Fonts) -> bytes:
    """One letter as PDF. The same letter gives the same bytes."""
    return render_all((letter,), fonts)


def render_all(letters: Iterable[Letter], fonts: Fonts, duplex: bool = False) -> bytes:
    """Letters one after the other in one PDF, on odd pages if they are printed on both sides.

    Fonts are embedded once: a file of hundreds of letters is much smaller than the letters apart.
    """
    output = BytesIO()
    # An initial font of ours: ReportLab's Helvetica would be in every file, and is never embedded.
    canvas = Canvas(output, pagesize=(WIDTH, frame.HEIGHT), invariant=1, pageCompression=1, initialFontName=fonts.name)
    pen = Pen(canvas, fonts)
    for rank, letter in enumerate(letters):
        if not rank:
            _describe(canvas, letter)
        if duplex and canvas.getPageNumber() % 2 == 0:
            pen.show_page()
        _draw(letter, pen)
    canvas.save()
    return output.getvalue()


def _describe(canvas, letter):
    """What a reader, a screen reader or an archive asks of the file."""
    canvas.setTitle(" – ".join(filter(None, (letter.heading or letter.subject, letter.reference))))
    canvas.setAuthor(letter.sender.name)
    canvas.setSubject(letter.subject)
    canvas.setCreator(letter.sender.name)
    canvas.setCatalogEntry("Lang", letter.language)
    canvas.setViewerPreference("DisplayDocTitle", "true")


def _draw(letter, pen):
    top = frame.first_page_top(letter, pen.fonts)
    bottom = frame.bottom(letter, pen.fonts)
    pages = paginate(_blocks(letter, pen.fonts), bottom - top, bottom - frame.FOLLOWING_TOP)
    for number, blocks in enumerate(pages, start=1):
        if number == 1:
            frame.draw_first_page(letter, pen)
        else:
            frame.draw_following_page(letter, pen)
        frame.draw_foot(letter, pen, number, len(pages))
        ordinate = top if number == 1 else frame.FOLLOWING_TOP
        for block in blocks:
            block.draw(pen, ordinate)
            ordinate += block.height
        pen.show_page()


def _blocks(letter: Letter, fonts: Fonts) -> list[Block]:
    """Everything that flows, in reading order."""
    parts = {"items": _items(letter, fonts), "payment": _means_of_payment(letter, fonts)}
    blocks = _opening(letter, fonts)
    for paragraph in paragraphs(letter.body):
        blocks += parts.pop(paragraph.mark, []) if paragraph.mark else _paragraph(paragraph, fonts)
    # A text without marks still says what is owed and how to pay it.
    for part in parts.values():
        blocks += part
    if letter.signature:
        # Nobody signs a page that holds nothing else.
        blocks[-3:] = [Block(block.height, block.draw, True, block.header) for block in blocks[-3:]]
        blocks.append(_signature(letter.signature))
    return blocks


def _items(letter, fonts) -> list[Block]:
    blocks: list[Block] = []
    for table in letter.tables:
        blocks += [space(4), *table_blocks(letter, table, fonts), space(6)]
    return blocks


def _means_of_payment(letter, fonts) -> list[Block]:
    blocks: list[Block] = []
    if letter.deadline or letter.amounts_due:
        blocks += [space(4), _deadline(letter, fonts), space(6, keep_with_next=bool(letter.payment))]
    if letter.payment:
        blocks += [_payment(letter, letter.payment, fonts), space(4)]
        blocks += _text_blocks(letter.payment.text, fonts)
    return [*blocks, space(6)] if blocks else []


def _opening(letter, fonts):
    blocks = []
    if letter.heading:
        lines = wrap_text(letter.heading, MEASURE, 15, fonts, BOLD)
        blocks += _lines(lines, 15, 19, keep=True, color=letter.sender.accent)
        blocks.append(space(5, keep_with_next=True))
    if letter.subject:
        lines = wrap_text(f"{letter.labels.subject}{letter.labels.colon}{letter.subject}", MEASURE, 10.5, fonts, BOLD)
        blocks += _lines(lines, 10.5, 14, keep=True)
        blocks.append(space(9, keep_with_next=True))
    return blocks


def _text_blocks(text: str, fonts) -> list[Block]:
    """Plain text, a paragraph a line."""
    blocks: list[Block] = []
    for line in text.splitlines():
        blocks += _lines(wrap_text(line, MEASURE, BODY, fonts), BODY, LEADING)
    return [*blocks, space(AFTER_PARAGRAPH)] if blocks else []


def _paragraph(paragraph: Paragraph, fonts) -> list[Block]:
    size, leading = (11.5, 15) if paragraph.heading else (BODY, LEADING)
    indent = INDENT * paragraph.level
    lines = wrap(paragraph.spans, MEASURE - indent, size, fonts)
    blocks = _lines(lines, size, leading, keep=paragraph.heading, indent=indent, bullet=paragraph.bullet)
    gap = 2 if paragraph.bullet else AFTER_PARAGRAPH
    return [*blocks, space(gap, keep_with_next=paragraph.heading)]


def _lines(lines, size, leading, *, keep=False, indent=0.0, bullet="", color=INK) -> list[Block]:
    """A block a line; no line of a paragraph is left alone at the foot or top of a page."""
    last = len(lines) - 1
    return [
        Block(
            leading,
            partial(_draw_line, line, size, indent, "" if rank else bullet, color),
            keep_with_next=keep or (last > 0 and rank in {0, last - 1}),
        )
        for rank, line in enumerate(lines)
    ]


def _draw_line(line, size, indent, bullet, color, pen, top):
    if bullet:
        pen.text(LEFT + indent - 3.6 * mm, top + size, bullet, size, color=color)
    pen.line(LEFT + indent, top + size, line, size, color=color)


def _deadline(letter, fonts) -> Block:
    """The line the reader must not miss: by when, and how much in each currency."""
    when = f"{letter.labels.deadline} {letter.deadline}" if letter.deadline else letter.labels.total
    amounts = f" {letter.labels.also} ".join(letter.amounts_due)
    text = letter.labels.colon.join(filter(None, (when, amounts)))
    lines = wrap_text(text, MEASURE - 8 * mm, 12, fonts, BOLD)
    height = 17 * len(lines) + 9
    return Block(height, partial(_draw_deadline, lines, height, letter.sender.accent), keep_with_next=True)


def _draw_deadline(lines, height, accent, pen, top):
    pen.area(LEFT - 4, top, 2.2, height, accent)
    for rank, line in enumerate(lines):
        pen.line(LEFT + 3 * mm, top + 17 + 17 * rank, line, 12, color=accent)


def _payment(letter, payment: Payment, fonts) -> Block:
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
    label_width = max((fonts.width(label, 9) for label, _value, _style in rows), default=0) + 4 * mm
    room = MEASURE - label_width - 6 * mm - (QR_SIZE + 8 * mm if payment.qr else 0)
    lines = [(label, wrap_text(value, room, 9.5, fonts, style)) for label, value, style in rows]
    height = 26 + 13.5 * sum(len(wrapped) for _label, wrapped in lines)
    if payment.qr:
        height = max(height, QR_SIZE + 22)
    return Block(height, partial(_draw_payment, letter, payment, lines, label_width, height))


def _draw_payment(letter, payment, lines, label_width, height, pen, top):
    x = LEFT + 3 * mm
    pen.area(LEFT - 4, top, MEASURE + 8, height, PANEL)
    y = top + 17
    pen.text(x, y, letter.labels.payment, 10, style=BOLD, color=letter.sender.accent)
    for label, wrapped in lines:
        for rank, line in enumerate(wrapped):
            y += 13.5
            if not rank:
                pen.text(x, y, label, 9, color=GREY)
            pen.line(x + label_width, y, line, 9.5)
    if payment.qr:
        left = WIDTH - RIGHT - QR_SIZE
        draw_qr(pen, left, top + 7, QR_SIZE, payment.qr)
        pen.text(left + QR_SIZE / 2, top + 7 + QR_SIZE + 9, letter.labels.qr, 7.5, color=GREY, align="center")


def spaced_iban(iban: str) -> str:
    """An IBAN in fours, as it is printed everywhere; the groups stay on one line."""
    compact = "".join(iban.split())
    return "\u00a0".join(compact[start : start + 4] for start in range(0, len(compact), 4))


def _signature(signature: Signature) -> Block:
    image = picture(signature.image, 55 * mm, 18 * mm) if signature.image else None
    lines = [(signature.name, 10, BOLD, INK), (signature.capacity, 9.5, PLAIN, GREY)]
    lines = [line for line in lines if line[0]]
    # Room to sign by hand where there is no picture.
    height = 8 + 13 * len(lines) + (image.height if image else 18 * mm)
    return Block(height, partial(_draw_signature, lines, image))


def _draw_signature(lines, image, pen, top):
    x, y = frame.WINDOW_LEFT, top + 14
    for text, size, style, color in lines:
        pen.text(x, y, text, size, style=style, color=color)
        y += 13
    if image:
        pen.picture(x, y - 6, image)
