"""The list of the registered letters brought to the post together, with room for its stamp."""

from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from .fonts import Fonts
from .page import GREY, HEIGHT, INK, LEFT, RIGHT, WIDTH, Pen
from .tables import SHADE
from .wrapping import BOLD, PLAIN, wrap_text

SIZE, LEADING = 9, 11.5
TOP, FOLLOWING_TOP = 62 * mm, 30 * mm
BOTTOM = HEIGHT - 20 * mm
BOXES = 44 * mm  # height of the boxes for signature and stamp
PADDING = 4
# Left edge and width of each column, in mm from the margin: rank, number, reference, addressee, town.
COLUMNS = ((0, 8), (9, 37), (48, 24), (74, 55), (131, 39))


@dataclass(frozen=True, slots=True)
class SlipLabels:
    """Every fixed word of a slip, so that the caller translates them."""

    title: str = "Deposit slip of registered letters"
    acknowledgement: str = "Registered letters with acknowledgement of receipt"
    sender: str = "Sender"
    rank: str = "No."
    tracking_number: str = "Tracking number"
    reference: str = "Reference"
    addressee: str = "Addressee"
    town: str = "Town"
    page: str = "Page"
    sender_signature: str = "Signature of the sender"
    post_stamp: str = "Stamp and signature of the post office"


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One letter of the deposit."""

    tracking_number: str
    reference: str
    addressee: str
    town: str


@dataclass(frozen=True, slots=True)
class Slip:
    """What a deposit slip says; dates and totals are already words."""

    number: str
    date: str
    sender: tuple[str, ...]
    lines: tuple[SlipLine, ...]
    total: str
    labels: SlipLabels = SlipLabels()
    language: str = "fr-FR"


def render_slip(slip: Slip, fonts: Fonts) -> bytes:
    """The slip as PDF. The same slip gives the same bytes."""
    output = BytesIO()
    canvas = Canvas(output, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, initialFontName=fonts.name)
    canvas.setTitle(f"{slip.labels.title} {slip.number}")
    canvas.setAuthor(slip.sender[0] if slip.sender else "")
    canvas.setCatalogEntry("Lang", slip.language)
    pen = Pen(canvas, fonts)
    pages = _paginate(slip, fonts)
    for number, rows in enumerate(pages, start=1):
        if number == 1:
            _draw_opening(slip, pen)
        else:
            pen.text(LEFT, 18 * mm, f"{slip.labels.title} {slip.number}", 9, style=BOLD, color=GREY)
            pen.text(WIDTH - RIGHT, 18 * mm, slip.date, 9, color=GREY, align="right")
        y = _draw_table(slip, rows, pen, TOP if number == 1 else FOLLOWING_TOP)
        if number == len(pages):
            _draw_end(slip, pen, y)
        pen.text(
            WIDTH - RIGHT, HEIGHT - 10 * mm, f"{slip.labels.page} {number}/{len(pages)}", 8, color=GREY, align="right"
        )
        pen.show_page()
    canvas.save()
    return output.getvalue()


def _paginate(slip, fonts):
    """Rows of each page, as (rank, wrapped cells, height); the boxes stay on the page of the last row."""
    pages, room = [[]], BOTTOM - TOP - LEADING
    rows = [_row(rank, line, fonts) for rank, line in enumerate(slip.lines, start=1)]
    for place, row in enumerate(rows):
        needed = row[2] + (BOXES + 3 * LEADING if place == len(rows) - 1 else 0)
        if needed > room and pages[-1]:
            pages.append([])
            room = BOTTOM - FOLLOWING_TOP - LEADING
        pages[-1].append(row)
        room -= row[2]
    return pages


def _row(rank, line, fonts):
    texts = (str(rank), line.tracking_number, line.reference, line.addressee, line.town)
    cells = [
        wrap_text(text, width * mm, SIZE, fonts) if text else []
        for text, (_left, width) in zip(texts, COLUMNS, strict=True)
    ]
    return rank, cells, max(1, *map(len, cells)) * LEADING + 2 * PADDING


def _draw_opening(slip, pen):
    labels = slip.labels
    pen.text(LEFT, 20 * mm, labels.title, 15, style=BOLD)
    pen.text(WIDTH - RIGHT, 20 * mm, slip.number, 12, style=BOLD, align="right")
    pen.text(LEFT, 26.5 * mm, labels.acknowledgement, SIZE, color=GREY)
    pen.text(WIDTH - RIGHT, 26.5 * mm, slip.date, SIZE, align="right")
    pen.text(LEFT, 35 * mm, labels.sender, 8, color=GREY)
    for rank, text in enumerate(slip.sender[:4]):
        pen.text(LEFT, 40 * mm + rank * LEADING, text, 9.5, style=BOLD if not rank else PLAIN)


def _draw_table(slip, rows, pen, top):
    """Heading and rows from ``top`` down; answers where they end."""
    labels = slip.labels
    headings = (labels.rank, labels.tracking_number, labels.reference, labels.addressee, labels.town)
    pen.area(LEFT - 4, top - LEADING, WIDTH - LEFT - RIGHT + 8, LEADING + PADDING, SHADE)
    for text, (left, _width) in zip(headings, COLUMNS, strict=True):
        pen.text(LEFT + left * mm, top - 1.5, text, 8, style=BOLD, color=GREY)
    y = top + PADDING
    for _rank, cells, height in rows:
        for (left, _width), lines in zip(COLUMNS, cells, strict=True):
            for place, line in enumerate(lines):
                pen.line(LEFT + left * mm, y + PADDING + SIZE * 0.95 + place * LEADING, line, SIZE)
        if not cells[1]:
            # Room for the sticker's number, to be written by hand.
            pen.rule(LEFT + COLUMNS[1][0] * mm, y + height - PADDING, LEFT + sum(COLUMNS[1]) * mm - 4, width=0.8)
        y += height
        pen.rule(LEFT - 4, y, WIDTH - RIGHT + 4, width=0.5)
    return y


def _draw_end(slip, pen, top):
    pen.text(LEFT, top + LEADING + PADDING, slip.total, 10, style=BOLD)
    y = top + 2 * LEADING + PADDING
    half = (WIDTH - LEFT - RIGHT - 6 * mm) / 2
    for left, label in ((LEFT, slip.labels.sender_signature), (LEFT + half + 6 * mm, slip.labels.post_stamp)):
        pen.text(left + 4, y + 11, label, 8, color=GREY)
        pen.canvas.setStrokeColor(INK)
        pen.canvas.setLineWidth(0.6)
        pen.canvas.rect(left, HEIGHT - y - (BOXES - 6 * mm), half, BOXES - 6 * mm)
