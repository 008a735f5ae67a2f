"""What surrounds the text: letterhead, address, references, page numbers, fold marks."""

from dataclasses import dataclass, field

from reportlab.lib.units import mm

from .barcode import draw_code128
from .content import Letter
from .fonts import Fonts
from .page import GREY, HAIRLINE, HEIGHT, INK, LEFT, RIGHT, WIDTH, Pen, picture
from .wrapping import BOLD, PLAIN, wrap_text

# French window envelopes show 85 × 33 mm of the folded page.
WINDOW_LEFT, WINDOW_TOP = 110 * mm, 55 * mm
WINDOW_WIDTH, WINDOW_HEIGHT = 85 * mm, 33 * mm
ADDRESS_MARGIN = 4 * mm
ADDRESS_LEADING = 4.7 * mm
ADDRESS_SIZES = (10.5, 10, 9.5, 9, 8.5, 8)

# At thirds of the sheet (99 mm) the address could slide out of sight in a C6/5 envelope.
FOLDS = (105 * mm, 210 * mm)

DATE_LINE = 94 * mm
TEXT_TOP = 98 * mm
FOLLOWING_TOP = 26 * mm
COLUMN = 66 * mm  # left of the window, so that nothing but the address shows through it
LEGAL_SIZE, LEGAL_LEADING = 7, 9
BARCODE_HEIGHT = 9 * mm


def first_page_top(letter: Letter, fonts: Fonts) -> float:
    """Where the text begins: under the address, or under the references if they go further down."""
    return max(TEXT_TOP, _column(letter, fonts).y + 7 * mm)


def bottom(letter: Letter, fonts: Fonts) -> float:
    """Where the text must end."""
    return HEIGHT - 17 * mm - LEGAL_LEADING * max(0, len(_legal(letter, fonts)) - 1)


def draw_first_page(letter: Letter, pen: Pen):
    """Everything on the first page but the text."""
    if letter.sender.logo and (logo := _logo(letter)):
        pen.picture(LEFT, 12 * mm, logo)
    column = _column(letter, pen.fonts)
    for baseline, line, size, color in column.lines:
        pen.line(LEFT, baseline, line, size, color=color)
    if letter.tracking_number:
        draw_code128(pen, LEFT, column.barcode_top, COLUMN, BARCODE_HEIGHT, letter.tracking_number)
    _draw_address(letter, pen)
    pen.text(WINDOW_LEFT + ADDRESS_MARGIN, DATE_LINE, letter.place_and_date, 9.8)
    for fold in FOLDS:
        pen.rule(5 * mm, fold, 9 * mm, color=HAIRLINE, width=0.4)


def draw_following_page(letter: Letter, pen: Pen):
    """The heading of a following page: whose letter it is, should the sheets part."""
    pen.text(LEFT, 15 * mm, letter.sender.name, 8.5, style=BOLD, color=GREY)
    parts = (letter.reference, next(iter(letter.address), ""), letter.place_and_date)
    pen.text(WIDTH - RIGHT, 15 * mm, " – ".join(filter(None, parts)), 8.5, color=GREY, align="right")
    pen.rule(LEFT, 18 * mm, WIDTH - RIGHT)


def draw_foot(letter: Letter, pen: Pen, number: int, pages: int):
    """The company's legal mentions and the page number."""
    lines = _legal(letter, pen.fonts)
    y = HEIGHT - 12 * mm - LEGAL_LEADING * max(0, len(lines) - 1)
    pen.rule(LEFT, y - 9, WIDTH - RIGHT)
    for rank, line in enumerate(lines):
        pen.line(WIDTH / 2, y + rank * LEGAL_LEADING, line, LEGAL_SIZE, color=GREY, align="center")
    if letter.is_numbered:
        text = f"{letter.labels.page} {number}/{pages + letter.pages_enclosed}"
        pen.text(WIDTH - RIGHT, HEIGHT - 7.5 * mm, text, 7.5, color=GREY, align="right")


def _legal(letter, fonts):
    return wrap_text(letter.sender.legal, WIDTH - LEFT - RIGHT, LEGAL_SIZE, fonts) if letter.sender.legal else []


def _logo(letter):
    return picture(letter.sender.logo, 60 * mm, 17 * mm)


@dataclass(slots=True)
class _Column:
    """What stands left of the address: the sender, then the references."""

    fonts: Fonts
    y: float
    lines: list[tuple] = field(default_factory=list)  # (baseline, line, size, colour)
    barcode_top: float = 0.0

    def place(self, text, size, leading, style, color):
        """Add ``text``, wrapped."""
        for line in wrap_text(text, COLUMN, size, self.fonts, style):
            self.y += leading
            self.lines.append((self.y, line, size, color))


def _column(letter: Letter, fonts: Fonts) -> _Column:
    logo = _logo(letter) if letter.sender.logo else None
    column = _Column(fonts, 12 * mm + (logo.height + 6 if logo else 0))
    column.place(letter.sender.name, 11, 14, BOLD, letter.sender.accent)
    for text in letter.sender.lines:
        column.place(text, 8.5, 10.5, PLAIN, GREY)
    column.y = max(column.y + 5 * mm, WINDOW_TOP + 1 * mm)
    if letter.registered:
        column.place(letter.registered, 9, 12, BOLD, INK)
    if letter.registered or letter.tracking_number:
        number = letter.tracking_number or "…" * 14
        column.place(f"{letter.labels.tracking_number}{letter.labels.colon}{number}", 8.5, 12, PLAIN, INK)
        column.y += 3
    if letter.tracking_number:
        column.barcode_top = column.y + 1
        column.y += BARCODE_HEIGHT + 4
    for label, value in letter.references:
        column.place(f"{label}{letter.labels.colon}{value}", 8.5, 12, PLAIN, INK)
    return column


def _draw_address(letter, pen):
    """The address, each glyph within its box."""
    box = letter.address_box
    room = box.width * mm
    # Abroad the country makes a seventh line.
    leading = min(ADDRESS_LEADING, box.height * mm / max(1, len(letter.address)))
    widest = max((pen.fonts.width(line, 1) for line in letter.address), default=0)
    fitting = (one for one in ADDRESS_SIZES if widest * one <= room and one <= leading)
    size = next(fitting, ADDRESS_SIZES[-1])
    y = box.top * mm
    for line in letter.address:
        y += leading
        pen.squeezed(box.left * mm, y, line, size, room)
