"""Letters on paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from . import frame
from .closing import closing_block
from .content import Letter
from .fonts import Fonts
from .markup import Paragraph, Span, paragraphs
from .page import GREY, INK, LEFT, RIGHT, WIDTH, Block, Pen, paginate, space
from .payment import MEASURE, deadline_block, payment_block
from .tables import table_blocks
from .wrapping import BOLD, PLAIN, wrap, wrap_text

INDENT = 5 * mm
# A letter is set closer if that spares a page, which it may where the last one holds no more than this.
LITTLE = 0.5
# Height of the words that stand above a signature on its page: some six lines, and not the courtesies alone.
SIGNED = 80


@dataclass(frozen=True, slots=True)
class Setting:
    """How close words and paragraphs stand, in points."""

    body: float
    leading: float
    gap: float  # after a paragraph


SETTINGS = (Setting(9.8, 13.2, 6), Setting(9.2, 11.8, 4.5), Setting(8.7, 10.6, 3), Setting(8.3, 9.9, 2.5))


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
        canvas.bookmarkPage(f"letter{rank}")
        canvas.addOutlineEntry(title_of(letter), f"letter{rank}")
        _draw(letter, pen)
    canvas.save()
    return output.getvalue()


def count_pages(letter: Letter, fonts: Fonts) -> int:
    """Number of pages of the letter itself."""
    return len(_lay_out(letter, fonts))


def title_of(letter: Letter) -> str:
    """What the letter is and its reference, for the file and its bookmarks."""
    return " – ".join(filter(None, (letter.heading or letter.subject, letter.reference)))


def _describe(canvas, letter):
    """What a reader, a screen reader or an archive asks of the file."""
    canvas.setTitle(title_of(letter))
    canvas.setAuthor(letter.sender.name)
    canvas.setSubject(letter.subject)
    canvas.setCreator(letter.sender.name)
    canvas.setCatalogEntry("Lang", letter.language)
    canvas.setViewerPreference("DisplayDocTitle", "true")


def _draw(letter, pen):
    pages = _lay_out(letter, pen.fonts)
    for number, blocks in enumerate(pages, start=1):
        if number == 1:
            frame.draw_first_page(letter, pen)
            ordinate = frame.first_page_top(letter, pen.fonts)
        else:
            frame.draw_following_page(letter, pen)
            ordinate = frame.FOLLOWING_TOP
        frame.draw_foot(letter, pen, number, len(pages))
        for block in blocks:
            block.draw(pen, ordinate)
            ordinate += block.height
        pen.show_page()


def _lay_out(letter: Letter, fonts: Fonts) -> list[list[Block]]:
    """The blocks of each page, at the first setting that needs the fewest pages."""
    bottom = frame.bottom(letter, fonts)
    first, following = bottom - frame.first_page_top(letter, fonts), bottom - frame.FOLLOWING_TOP
    written = paragraphs(letter.body)
    parts = {"items": _items(letter, fonts), "payment": _means_of_payment(letter, fonts)}

    def pages_at(setting):
        return paginate(_blocks(letter, fonts, setting, written, parts), first, following)

    pages = pages_at(SETTINGS[0])
    if len(pages) == 1 or sum(block.height for block in pages[-1]) > LITTLE * following:
        return pages
    # Most often even the closest setting spares nothing: it is tried before those between.
    closest = pages_at(SETTINGS[-1])
    if len(closest) == len(pages):
        return pages
    between = (pages_at(setting) for setting in SETTINGS[1:-1])
    return next((found for found in between if len(found) == len(closest)), closest)


def _blocks(letter, fonts, setting, written: list[Paragraph], parts: dict[str, list[Block]]) -> list[Block]:
    """Everything that flows, in reading order; ``parts`` stand where the text has their marks."""
    left = dict(parts)
    blocks = _opening(letter, fonts, setting)
    words = len(blocks)  # where the words after the last table or means of payment begin
    for paragraph in written:
        if paragraph.mark:
            blocks += left.pop(paragraph.mark, [])
            words = len(blocks)
        else:
            blocks += _paragraph(paragraph, fonts, setting)
    # A text without marks still says what is owed and how to pay it.
    for part in filter(None, left.values()):
        blocks += part
        words = len(blocks)
    if closing := closing_block(letter, fonts):
        _keep_above_signature(blocks, words)
        blocks.append(closing)
    return blocks


def _keep_above_signature(blocks, words):
    """Nobody signs a page that holds nothing else, or courtesies alone."""
    place, height = len(blocks), 0.0
    while place > 0 and (len(blocks) - place < 3 or (place > words and height < SIGNED)):
        place -= 1
        height += blocks[place].height
    blocks[place:] = [Block(block.height, block.draw, True, block.header) for block in blocks[place:]]


def _items(letter, fonts) -> list[Block]:
    blocks: list[Block] = []
    for table in letter.tables:
        blocks += [space(2), *table_blocks(letter, table, fonts), space(4)]
    return blocks


def _means_of_payment(letter, fonts) -> list[Block]:
    blocks: list[Block] = []
    if letter.deadline or letter.amounts_due:
        blocks += [space(2), deadline_block(letter, fonts), space(5, keep_with_next=bool(letter.payment))]
    if letter.payment:
        blocks += [payment_block(letter, letter.payment, fonts), space(3)]
        blocks += _text_blocks(letter.payment.text, fonts)
    return [*blocks, space(3)] if blocks else []


def _opening(letter, fonts, setting):
    blocks = []
    if letter.heading:
        lines = wrap_text(letter.heading, MEASURE, 15, fonts, BOLD)
        blocks += _lines(lines, 15, 19, keep=True, color=letter.sender.accent)
        blocks.append(space(5, keep_with_next=True))
    for role, identity in letter.parties:
        spans = (Span(f"{role}{letter.labels.colon}", BOLD), Span(identity, PLAIN))
        blocks += _lines(wrap(spans, MEASURE, 8.3, fonts), 8.3, 10.3, keep=True, color=GREY)
    if letter.parties:
        blocks.append(space(setting.gap + 2, keep_with_next=True))
    if letter.subject:
        lines = wrap_text(f"{letter.labels.subject}{letter.labels.colon}{letter.subject}", MEASURE, 10.5, fonts, BOLD)
        blocks += _lines(lines, 10.5, 14, keep=True)
        blocks.append(space(setting.gap + 3, keep_with_next=True))
    return blocks


def _text_blocks(text: str, fonts) -> list[Block]:
    """Plain text, a paragraph a line."""
    setting = SETTINGS[0]
    blocks: list[Block] = []
    for line in text.splitlines():
        blocks += _lines(wrap_text(line, MEASURE, setting.body, fonts), setting.body, setting.leading)
    return [*blocks, space(setting.gap)] if blocks else []


def _paragraph(paragraph: Paragraph, fonts, setting) -> list[Block]:
    size, leading = (11.5, 15) if paragraph.heading else (setting.body, setting.leading)
    indent = INDENT * paragraph.level
    lines = wrap(paragraph.spans, MEASURE - indent, size, fonts)
    blocks = _lines(lines, size, leading, keep=paragraph.heading, indent=indent, bullet=paragraph.bullet)
    gap = 2 if paragraph.bullet else setting.gap
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
    if line.rtl:
        right = WIDTH - RIGHT - indent
        pen.text(right + 3.6 * mm, top + size, bullet, size, color=color, align="right")
        pen.line(right, top + size, line, size, color=color, align="right")
        return
    if bullet:
        pen.text(LEFT + indent - 3.6 * mm, top + size, bullet, size, color=color)
    pen.line(LEFT + indent, top + size, line, size, color=color)
