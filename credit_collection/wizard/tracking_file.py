"""Rows of a file of numbers that somebody uploads or pastes: any of them may be wrong, or hostile."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from enum import Enum

from openpyxl import load_workbook

MAXIMUM_BYTES = 5_000_000
# What a spreadsheet may take once unpacked: a small archive can hold gigabytes.
MAXIMUM_UNPACKED_BYTES = 50_000_000
MAXIMUM_ROWS = 5000
MAXIMUM_CELLS = 20
_REFERENCE = re.compile(r"R0*([1-9][0-9]{0,9})", re.IGNORECASE)


class Trouble(Enum):
    """Why a file cannot be read."""

    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    UNREADABLE = "unreadable"
    EMPTY = "empty"


class UnreadableFile(Exception):
    """The file cannot be read; ``trouble`` says why."""

    def __init__(self, trouble: Trouble):
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file, as its author counts them, with the cells that hold something."""

    line: int
    cells: tuple[str, ...]

    @property
    def reminder_id(self) -> int | None:
        """Number of the reminder whose reference stands in a cell; None if there is none."""
        return next((int(found[1]) for cell in self.cells if (found := _REFERENCE.fullmatch(cell))), None)

    @property
    def others(self) -> tuple[str, ...]:
        """The cells that are no reference of a reminder."""
        return tuple(cell for cell in self.cells if not _REFERENCE.fullmatch(cell))

    @property
    def is_heading(self) -> bool:
        """Whether the line says what the columns are: no cell of it holds two digits."""
        return not any(re.search(r"\d.*\d", cell) for cell in self.cells)


def read_rows(content: bytes) -> list[Row]:
    """Rows of a CSV or XLSX file that hold something, its headings left out. Raises UnreadableFile."""
    if len(content) > MAXIMUM_BYTES:
        raise UnreadableFile(Trouble.TOO_LARGE)
    table = _read_spreadsheet(content) if content[:4] == b"PK\x03\x04" else _read_text(_decode(content))
    rows = []
    for line, cells in enumerate(table, start=1):
        if line > MAXIMUM_ROWS:
            raise UnreadableFile(Trouble.TOO_MANY_ROWS)
        filled = tuple(cell for cell in map(_clean, cells[:MAXIMUM_CELLS]) if cell)
        if filled and not (not rows and Row(line, filled).is_heading):
            rows.append(Row(line, filled))
    if not rows:
        raise UnreadableFile(Trouble.EMPTY)
    return rows


def _decode(content):
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    # French spreadsheets still write this one; every byte means something in it.
    return content.decode("cp1252", errors="replace")


def _read_text(text):
    if "\0" in text:
        raise UnreadableFile(Trouble.UNREADABLE)
    head = text[:5000]
    delimiter = max(";\t,", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise UnreadableFile(Trouble.UNREADABLE) from error


def _read_spreadsheet(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAXIMUM_UNPACKED_BYTES:
                raise UnreadableFile(Trouble.TOO_LARGE)
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = workbook.worksheets[0]
        for rank, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MAXIMUM_CELLS)):
            if rank > MAXIMUM_ROWS:
                break
            yield cells
    except UnreadableFile:
        raise
    except Exception as error:
        raise UnreadableFile(Trouble.UNREADABLE) from error


def _clean(cell):
    """Text of a cell; a number that a spreadsheet took for an amount is written in full."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())[:200]
