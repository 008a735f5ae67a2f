"""The score of a customer on a page: what it is, what has moved it, how it went so far, and what it is not for."""

from dataclasses import dataclass
from functools import partial
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from .fonts import Fonts
from .page import GREY, HEIGHT, INK, LEFT, RIGHT, WIDTH, Block, Pen, paginate, space
from .tables import RULE, SHADE
from .wrapping import BOLD, PLAIN, wrap_text

MEASURE = WIDTH - LEFT - RIGHT
TOP, BOTTOM = 20 * mm, HEIGHT - 18 * mm
SIZE, LEADING = 9, 13
# Right edge of the numbers of a table, and left edge of the words after them, in mm from the margin.
NUMBER, WORDS = 22 * mm, 28 * mm
BAD, GOOD = "#B42318", "#1E7B34"


@dataclass(frozen=True, slots=True)
class Row:
    """A number, and what it says; ``tone`` below zero is bad, above good."""

    number: str
    words: str
    tone: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its rows and sentences."""

    heading: str
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """The whole document; numbers and dates are already words in the reader's language."""

    title: str
    sender: str
    date: str
    customer: str
    score: str
    score_class: str
    sections: tuple[Section, ...]
    page: str = "Page"
    accent: str = "#1F3A5F"
    language: str = "fr-FR"


def render_score_sheet(sheet: ScoreSheet, fonts: Fonts) -> bytes:
    """The document as PDF. The same sheet gives the same bytes."""
    output = BytesIO()
    canvas = Canvas(output, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, initialFontName=fonts.name)
    canvas.setTitle(f"{sheet.title} – {sheet.customer}")
    canvas.setAuthor(sheet.sender)
    canvas.setCatalogEntry("Lang", sheet.language)
    pen = Pen(canvas, fonts)
    pages = paginate(_blocks(sheet, fonts), BOTTOM - TOP, BOTTOM - TOP)
    for number, blocks in enumerate(pages, start=1):
        top = TOP
        for block in blocks:
            block.draw(pen, top)
            top += block.height
        pen.text(LEFT, HEIGHT - 10 * mm, sheet.sender, 8, color=GREY)
        text = f"{sheet.page} {number}/{len(pages)}"
        pen.text(WIDTH - RIGHT, HEIGHT - 10 * mm, text, 8, color=GREY, align="right")
        pen.show_page()
    canvas.save()
    return output.getvalue()


def texts_of(sheet: ScoreSheet):
    """Every text of the sheet."""
    yield from (sheet.title, sheet.sender, sheet.date, sheet.customer, sheet.score, sheet.score_class, sheet.page)
    for section in sheet.sections:
        yield section.heading
        yield from section.notes
        for row in section.rows:
            yield from (row.number, row.words)


def _blocks(sheet, fonts) -> list[Block]:
    blocks = _paragraph(sheet.title, 15, fonts, style=BOLD, color=sheet.accent)
    blocks += _paragraph(sheet.date, 9, fonts, color=GREY)
    blocks.append(space(6))
    blocks += _paragraph(sheet.customer, 12, fonts, style=BOLD)
    blocks.append(space(6))
    if sheet.score:
        blocks.append(Block(34, partial(_draw_score, sheet), keep_with_next=True))
    else:
        blocks += _paragraph(sheet.score_class, 11, fonts, style=BOLD)
    for section in sheet.sections:
        blocks += _section(section, fonts, sheet.accent)
    return blocks


def _section(section, fonts, accent) -> list[Block]:
    blocks = [space(8), *_paragraph(section.heading, 10.5, fonts, style=BOLD, color=accent, keep=True), space(3, True)]
    for row in section.rows:
        lines = wrap_text(row.words, MEASURE - WORDS, SIZE, fonts, PLAIN)
        blocks.append(Block(max(1, len(lines)) * LEADING, partial(_draw_row, row, lines)))
    for note in section.notes:
        blocks += _paragraph(note, SIZE, fonts)
    return blocks


def _paragraph(text, size, fonts, *, style=PLAIN, color=INK, keep=False) -> list[Block]:
    lines = [line for part in text.splitlines() for line in wrap_text(part, MEASURE, size, fonts, style)]
    return [Block(size * 1.35, partial(_draw_line, line, size, color), keep_with_next=keep) for line in lines]


def _draw_line(line, size, color, pen, top):
    pen.line(LEFT, top + size, line, size, color=color)


def _draw_score(sheet, pen, top):
    pen.area(LEFT, top, MEASURE, 30, SHADE)
    pen.text(LEFT + NUMBER, top + 21, sheet.score, 20, style=BOLD, color=sheet.accent, align="right")
    pen.text(LEFT + WORDS, top + 19, sheet.score_class, 12, style=BOLD)


def _draw_row(row, lines, pen, top):
    color = INK if not row.tone else GOOD if row.tone > 0 else BAD
    pen.text(LEFT + NUMBER, top + SIZE, row.number, SIZE, style=BOLD, color=color, align="right")
    for place, line in enumerate(lines):
        pen.line(LEFT + WORDS, top + SIZE + place * LEADING, line, SIZE)
    bottom = top + max(1, len(lines)) * LEADING - 2
    pen.rule(LEFT, bottom, WIDTH - RIGHT, color=RULE, width=0.4)
