"""The computation of late-payment interest (*décompte*): every period, and what its lines add up to."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
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
SIZE, LEADING = 8.5, 12.5
# Right edge of each column, in mm from the margin; the first two are written from their left edge.
DATE_FROM, DATE_TO = 2 * mm, 28 * mm
DAYS, BASE, RATE, AMOUNT = 67 * mm, 107 * mm, 132 * mm, 168 * mm


@dataclass(frozen=True, slots=True)
class ComputationLabels:
    """Every fixed word of the document, so that the caller translates them."""

    date_from: str = "First Day"
    date_to: str = "Last Day"
    days: str = "Days"
    base: str = "On"
    rate: str = "Yearly rate"
    amount: str = "Interest"
    totals: str = "Totals"
    basis: str = "Legal basis"
    page: str = "Page"


@dataclass(frozen=True, slots=True)
class ComputationRow:
    """Days during which neither the base nor the rate changes."""

    date_from: str
    date_to: str
    days: str
    base: str
    rate: str
    amount: str
    is_claimed: bool = True  # not where no rate was published


@dataclass(frozen=True, slots=True)
class ComputationSection:
    """One item: its periods, and what it bears."""

    heading: str
    rows: tuple[ComputationRow, ...] = ()
    sums: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Computation:
    """The whole document; amounts and dates are already words in the reader's language."""

    title: str
    sender: str
    date: str
    parties: tuple[str, ...]
    sections: tuple[ComputationSection, ...]
    totals: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    accent: str = "#1F3A5F"
    is_numbered: bool = True  # not where another document numbers the pages
    labels: ComputationLabels = ComputationLabels()
    language: str = "fr-FR"


def texts_of(value) -> Iterator[str]:
    """Every text of a computation or of a part of one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts_of(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts_of(getattr(value, field.name))


def render_computation(computation: Computation, fonts: Fonts) -> bytes:
    """The document as PDF. The same computation gives the same bytes."""
    output = BytesIO()
    canvas = Canvas(output, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, initialFontName=fonts.name)
    canvas.setTitle(computation.title)
    canvas.setAuthor(computation.sender)
    canvas.setCatalogEntry("Lang", computation.language)
    pen = Pen(canvas, fonts)
    pages = paginate(_blocks(computation, fonts), BOTTOM - TOP, BOTTOM - TOP)
    for number, blocks in enumerate(pages, start=1):
        top = TOP
        for block in blocks:
            block.draw(pen, top)
            top += block.height
        pen.text(LEFT, HEIGHT - 10 * mm, computation.sender, 8, color=GREY)
        if computation.is_numbered:
            text = f"{computation.labels.page} {number}/{len(pages)}"
            pen.text(WIDTH - RIGHT, HEIGHT - 10 * mm, text, 8, color=GREY, align="right")
        pen.show_page()
    canvas.save()
    return output.getvalue()


def _blocks(computation, fonts) -> list[Block]:
    blocks = _paragraph(computation.title, 15, fonts, style=BOLD, color=computation.accent)
    blocks += _paragraph(computation.date, 9, fonts, color=GREY)
    blocks.append(space(8))
    for party in computation.parties:
        blocks += _paragraph(party, 9, fonts)
    blocks.append(space(8))
    header = Block(LEADING + 4, partial(_draw_header, computation.labels), keep_with_next=True)
    for section in computation.sections:
        blocks += _section(section, header, fonts, computation.accent)
    blocks += _totals(computation, fonts)
    for note in computation.notes:
        blocks += [*_paragraph(note, 8.5, fonts), space(3)]
    if computation.basis:
        blocks += _paragraph(computation.labels.basis, 9.5, fonts, style=BOLD, keep=True)
        for basis in computation.basis:
            blocks += [*_paragraph(basis, 8.5, fonts), space(3)]
    return blocks


def _section(section, header, fonts, accent) -> list[Block]:
    blocks = [*_paragraph(section.heading, 9.5, fonts, style=BOLD, color=accent, keep=True), space(2, True)]
    rows = [Block(LEADING, partial(_draw_row, row), header=header) for row in section.rows]
    if rows:
        # A sum alone on a page says nothing: the last period goes with it.
        last = rows[-1]
        rows[-1] = Block(last.height, last.draw, keep_with_next=bool(section.sums), header=header)
        blocks += [header, *rows]
    for rank, (label, amount) in enumerate(section.sums):
        keep = rank < len(section.sums) - 1
        blocks.append(Block(LEADING, partial(_draw_sum, label, amount, not rank and bool(rows)), keep_with_next=keep))
    for note in section.notes:
        blocks += _paragraph(note, 8.5, fonts, color=GREY)
    return [*blocks, space(10)]


def _totals(computation, fonts) -> list[Block]:
    if not computation.totals:
        return []
    blocks = _paragraph(computation.labels.totals, 11, fonts, style=BOLD, color=computation.accent, keep=True)
    blocks += [Block(LEADING + 2, partial(_draw_total, *total), keep_with_next=True) for total in computation.totals]
    return [*blocks, space(10)]


def _paragraph(text, size, fonts, *, style=PLAIN, color=INK, keep=False) -> list[Block]:
    lines = [line for part in text.splitlines() for line in wrap_text(part, MEASURE, size, fonts, style)]
    return [Block(size * 1.35, partial(_draw_line, line, size, color), keep_with_next=keep) for line in lines]


def _draw_line(line, size, color, pen, top):
    pen.line(LEFT, top + size, line, size, color=color)


def _draw_header(labels, pen, top):
    pen.area(LEFT, top, MEASURE, LEADING, SHADE)
    baseline = top + SIZE + 0.5
    for x, text in ((DATE_FROM, labels.date_from), (DATE_TO, labels.date_to)):
        pen.text(LEFT + x, baseline, text, 8, style=BOLD, color=GREY)
    for x, text in ((DAYS, labels.days), (BASE, labels.base), (RATE, labels.rate), (AMOUNT, labels.amount)):
        pen.text(LEFT + x, baseline, text, 8, style=BOLD, color=GREY, align="right")


def _draw_row(row, pen, top):
    color = INK if row.is_claimed else GREY
    baseline = top + SIZE
    for x, text in ((DATE_FROM, row.date_from), (DATE_TO, row.date_to)):
        pen.text(LEFT + x, baseline, text, SIZE, color=color)
    if row.is_claimed:
        cells = ((DAYS, row.days), (BASE, row.base), (RATE, row.rate), (AMOUNT, row.amount))
    else:
        # In the place of both rate and amount: why there is none.
        cells = ((DAYS, row.days), (BASE, row.base), (AMOUNT, row.rate))
    for x, text in cells:
        pen.text(LEFT + x, baseline, text, SIZE, color=color, align="right")
    pen.rule(LEFT, top + LEADING - 1, WIDTH - RIGHT, color=RULE, width=0.4)


def _draw_sum(label, amount, is_first, pen, top):
    if is_first:
        pen.rule(LEFT + BASE, top, WIDTH - RIGHT, color=INK, width=0.6)
    pen.text(LEFT + RATE, top + SIZE + 0.5, label, SIZE, style=BOLD, align="right")
    pen.text(LEFT + AMOUNT, top + SIZE + 0.5, amount, SIZE, style=BOLD, align="right")


def _draw_total(label, amount, pen, top):
    pen.text(LEFT, top + 9.5, label, 9.5)
    pen.text(LEFT + AMOUNT, top + 9.5, amount, 9.5, style=BOLD, align="right")
    pen.rule(LEFT, top + LEADING + 1, WIDTH - RIGHT, color=RULE, width=0.4)
