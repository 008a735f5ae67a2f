"""The items of a letter as table rows."""

from dataclasses import dataclass, replace
from functools import partial

from reportlab.lib.units import mm

from .content import Group, Item, Labels, Letter, Table, Total
from .fonts import Fonts
from .page import GREY, INK, LEFT, RIGHT, WIDTH, Block, space
from .wrapping import BOLD, PLAIN, Line, wrap_text

SHADE = "#EEF1F5"
RULE = "#DCE1E8"
_SIZES = (8.5, 8.0, 7.5, 7.0, 6.5)  # the first with which every column fits
_GUTTER = 2.2 * mm
_FLEXIBLE_MIN = 24 * mm
_HEADING_MAX = 20 * mm  # a longer heading takes two lines
_PADDING = 3.2
_SPANNED_BY_TOTAL = ("number", "debtor", "date", "due_date", "days_late")


@dataclass(frozen=True, slots=True)
class _Column:
    name: str  # attribute of Item, or "extra"
    label: str
    right: bool = False
    flexible: bool = False
    strong: bool = False  # what the table is about: its last column
    rank: int = 0  # which of the extra columns

    def text(self, row: Item | Total) -> str:
        """What ``row`` shows in this column."""
        if self.name == "extra":
            return row.extra[self.rank] if self.rank < len(row.extra) else ""
        return getattr(row, self.name, "")


@dataclass(frozen=True, slots=True)
class _Grid:
    """Columns and where they stand."""

    columns: tuple[_Column, ...]
    widths: tuple[float, ...]
    gutter: float
    size: float

    @property
    def leading(self) -> float:
        return self.size + 2.5

    def edges(self):
        """Each column with its left and right edges."""
        x = LEFT
        for column, width in zip(self.columns, self.widths, strict=True):
            yield column, x, x + width
            x += width + self.gutter


def table_blocks(letter: Letter, table: Table, fonts: Fonts) -> list[Block]:
    """The blocks of one table: its title, then its rows under a heading repeated on every page."""
    grid = _grid(letter, table, fonts)
    header = _header(grid, fonts)
    blocks = _titles(letter, table, fonts)
    blocks.append(header)
    for group in table.groups:
        blocks += _group_blocks(group, grid, header, fonts)
    return blocks


def _titles(letter, table, fonts):
    blocks = []
    width = WIDTH - LEFT - RIGHT
    if table.title:
        blocks += _text_blocks(wrap_text(table.title, width, 10.5, fonts, BOLD), 10.5, letter.sender.accent)
    if table.note:
        blocks += _text_blocks(wrap_text(table.note, width, 8.5, fonts), 8.5, GREY)
    return [*blocks, space(3, keep_with_next=True)] if blocks else []


def _text_blocks(lines, size, color):
    return [Block(size * 1.35, partial(_draw_line, line, size, color), keep_with_next=True) for line in lines]


def _draw_line(line: Line, size, color, pen, top):
    pen.line(LEFT, top + size, line, size, color=color)


def _group_blocks(group: Group, grid, header, fonts):
    rows = [_row(item, grid, header, fonts) for item in group.items]
    if group.total and rows:
        # A total alone on a page says nothing: the last item goes with it.
        rows[-1] = Block(rows[-1].height, rows[-1].draw, keep_with_next=True, header=header)
    if group.total:
        rows += [_total(group.total, grid, header, fonts), space(3)]
    return rows


def _columns(letter: Letter, table: Table) -> tuple[_Column, ...]:
    """Columns in reading order; those nobody fills are left out."""
    labels: Labels = letter.labels
    items = [item for group in table.groups for item in group.items]
    fixed = (
        _Column("number", table.number_label or labels.number, flexible=True),
        _Column("debtor", labels.debtor, flexible=True),
        _Column("date", labels.date),
        _Column("due_date", labels.due_date),
        _Column("days_late", labels.days_late, right=True),
        _Column("original", labels.original, right=True),
        _Column("paid", labels.paid, right=True),
        _Column("held", labels.held, right=True),
        _Column("due", labels.due, right=True),
        *(_Column("extra", label, right=True, rank=rank) for rank, label in enumerate(letter.extra_columns)),
    )
    *used, last = [column for column in fixed if any(column.text(item) for item in items)]
    return (*used, replace(last, strong=True))


def _grid(letter, table, fonts) -> _Grid:
    columns = _columns(letter, table)
    rows = [row for group in table.groups for row in (*group.items, *((group.total,) if group.total else ()))]
    available = WIDTH - LEFT - RIGHT - _GUTTER * (len(columns) - 1)
    for size in _SIZES:
        natural = [_natural_width(column, rows, size, fonts) for column in columns]
        least = [
            min(width, _FLEXIBLE_MIN) if column.flexible else width
            for column, width in zip(columns, natural, strict=True)
        ]
        if sum(least) <= available:
            break
    return _fitted(columns, natural, least, available, size)


def _natural_width(column, rows, size, fonts):
    """What the widest cell wants on one line; a long heading wraps instead."""
    if column.name in _SPANNED_BY_TOTAL:
        rows = [row for row in rows if isinstance(row, Item)]
    cells = max(
        (
            fonts.width(line, size, column.strong or isinstance(row, Total))
            for row in rows
            for line in column.text(row).split("\n")
        ),
        default=0,
    )
    heading = fonts.width(column.label, size, bold=True)
    longest_word = max((fonts.width(word, size, bold=True) for word in column.label.split()), default=0)
    return max(cells, longest_word, min(heading, _HEADING_MAX))


def _fitted(columns, natural, least, available, size) -> _Grid:
    """Columns that fill the page exactly, from the least to the natural widths and then wider gutters."""
    missing = sum(natural) - available
    if missing <= 0:
        gutter = _GUTTER - missing / max(1, len(columns) - 1)
        return _Grid(columns, tuple(natural), gutter, size)
    give = sum(natural) - sum(least)
    # More than the page can hold even in the smallest size: everything wraps, in proportion.
    ratio = min(1.0, missing / give) if give else 0.0
    widths = [width - ratio * (width - low) for width, low in zip(natural, least, strict=True)]
    shrink = min(1.0, available / sum(widths))
    return _Grid(columns, tuple(width * shrink for width in widths), _GUTTER, size)


def _header(grid: _Grid, fonts) -> Block:
    cells = [
        wrap_text(column.label, width, grid.size, fonts, BOLD)
        for column, width in zip(grid.columns, grid.widths, strict=True)
    ]
    height = max(map(len, cells)) * grid.leading + 2 * _PADDING
    return Block(height, partial(_draw_header, grid, cells, height), keep_with_next=True)


def _draw_header(grid, cells, height, pen, top):
    pen.area(LEFT - 4, top, WIDTH - LEFT - RIGHT + 8, height, SHADE)
    for (column, left, right), lines in zip(grid.edges(), cells, strict=True):
        # Short headings stand on the last line, next to the figures.
        offset = top + _PADDING + (height - 2 * _PADDING - len(lines) * grid.leading)
        _draw_cell(pen, grid, column, left, right, offset, lines, GREY)


def _row(item: Item, grid, header, fonts) -> Block:
    cells = [
        wrap_text(column.text(item), width + 0.1, grid.size, fonts, BOLD if column.strong else PLAIN)
        for column, width in zip(grid.columns, grid.widths, strict=True)
    ]
    height = max(map(len, cells)) * grid.leading + 2 * _PADDING
    return Block(height, partial(_draw_row, grid, cells, height), header=header)


def _draw_row(grid, cells, height, pen, top):
    for (column, left, right), lines in zip(grid.edges(), cells, strict=True):
        _draw_cell(pen, grid, column, left, right, top + _PADDING, lines)
    pen.rule(LEFT - 4, top + height, WIDTH - RIGHT + 4, color=RULE, width=0.5)


def _draw_cell(pen, grid, column, left, right, top, lines, color=INK):
    for rank, line in enumerate(lines):
        baseline = top + grid.size * 0.95 + rank * grid.leading
        x, align = (right, "right") if column.right else (left, "left")
        pen.line(x, baseline, line, grid.size, color=color, align=align)


def _total(total: Total, grid, header, fonts) -> Block:
    height = grid.leading + 2 * _PADDING + 1
    return Block(height, partial(_draw_total, grid, total, height), header=header)


def _draw_total(grid, total, height, pen, top):
    pen.rule(LEFT - 4, top, WIDTH - RIGHT + 4, color=GREY, width=0.8)
    baseline = top + _PADDING + grid.size + 0.5
    pen.text(LEFT, baseline, total.label, grid.size, style=BOLD)
    for column, _left, right in grid.edges():
        text = column.text(total) if column.right else ""
        if text:
            pen.text(right, baseline, text, grid.size, style=BOLD, align="right")
    pen.rule(LEFT - 4, top + height, WIDTH - RIGHT + 4, color=GREY, width=0.8)
