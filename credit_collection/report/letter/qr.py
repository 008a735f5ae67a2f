"""A QR code as rows of black stretches."""

import re
from functools import lru_cache
from itertools import chain, compress, zip_longest
from typing import NamedTuple

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel, QRMath, QRRSBlock, QRUtil

_QUIET = 4  # modules of white around the code (ISO 18004)
_LEVEL = QRErrorCorrectLevel.M
# Any mask can be read. Choosing the best of the eight would take six times as long.
_MASK = 0
_VERSIONS = range(1, 41)
_BYTES = 0b0100  # mode of eight bits a character
_PADS = (QRCode.PAD0, QRCode.PAD1)
_BITS = tuple(tuple(byte >> shift & 1 for shift in range(7, -1, -1)) for byte in range(256))
_BLACK = re.compile(b"\x01+")


def qr_modules(payload: str) -> tuple[tuple[bool, ...], ...]:
    """The code of ``payload`` at the correction level M, True for black."""
    rows = _rows(payload)
    return tuple(tuple(map(bool, row)) for row in rows)


def draw_qr(pen, x: float, y: float, size: float, payload: str):
    """Draw the code in a white square whose top left corner is (x, y), its quiet zone included."""
    count, rectangles = _rectangles(payload)
    module = size / (count + 2 * _QUIET)
    pen.area(x, y, size, size, "#FFFFFF")
    pen.modules(x + _QUIET * module, y + _QUIET * module, module, module, rectangles)


@lru_cache(maxsize=64)
def _rectangles(payload: str) -> tuple[int, tuple[str, ...]]:
    """Modules of a side, and the black stretches as PDF operators: the link to pay is the same on many letters."""
    rows = _rows(payload)
    return len(rows), tuple(
        f"{stretch.start()} {-number} {stretch.end() - stretch.start()} 1 re"
        for number, row in enumerate(rows, start=1)
        for stretch in _BLACK.finditer(row)
    )


# -- encoding ----------------------------------------------------------------------------------------------------------


class _Layout(NamedTuple):
    """What codes of one version have in common."""

    side: int  # modules
    length_bits: int  # of the number of characters
    blocks: tuple[tuple[int, int], ...]  # (characters, characters of correction)
    modules: bytes  # of a code without data, masked: 1 for black
    places: tuple[int, ...]  # of each bit among them

    @property
    def room(self) -> int:
        """Characters of all blocks."""
        return sum(size for size, _correction in self.blocks)

    def holds(self, count: int) -> bool:
        """Whether so many bytes fit in a code."""
        return 4 + self.length_bits + 8 * count <= 8 * self.room


@lru_cache(maxsize=len(_VERSIONS))
def _get_layout(version: int) -> _Layout:
    """ReportLab knows where everything stands: a code of zeros is its patterns and its mask."""
    blocks = tuple(
        (block.dataCount, block.totalCount - block.dataCount) for block in QRRSBlock.getRSBlocks(version, _LEVEL)
    )
    code = QRCode(version, _LEVEL)
    code.dataCache = [0] * sum(map(sum, blocks))
    code.makeImpl(False, _MASK)
    side = code.moduleCount
    return _Layout(
        side,
        8 if version < 10 else 16,
        blocks,
        bytes(map(bool, chain.from_iterable(code.modules))),
        tuple(row * side + column for column, row in code.dataPosIterator()),
    )


def _rows(payload: str) -> list[bytes]:
    """Modules of each row, 1 for black. Raises ValueError for a text that no code can hold."""
    data = payload.encode()
    layout = next((found for version in _VERSIONS if (found := _get_layout(version)).holds(len(data))), None)
    if layout is None:
        raise ValueError(f"{len(data)} bytes are more than a QR code holds")
    modules = bytearray(layout.modules)
    bits = chain.from_iterable(_BITS[character] for character in _interleaved(data, layout))
    for place in compress(layout.places, bits):
        modules[place] ^= 1
    return [bytes(modules[start : start + layout.side]) for start in range(0, len(modules), layout.side)]


def _interleaved(data: bytes, layout: _Layout) -> list[int]:
    """Characters of all blocks in turn, then those of their correction."""
    header = _BYTES << layout.length_bits | len(data)
    # The four bits that end the data make whole characters of it all.
    whole = (header << 8 * len(data) | int.from_bytes(data, "big")) << 4
    characters = list(whole.to_bytes((4 + layout.length_bits + 4) // 8 + len(data), "big"))
    characters += [_PADS[rank % 2] for rank in range(layout.room - len(characters))]
    blocks, corrections = [], []
    for size, correction in layout.blocks:
        block, characters = characters[:size], characters[size:]
        blocks.append(block)
        corrections.append(_correct(block, correction))
    turns = chain(zip_longest(*blocks), zip_longest(*corrections))
    return [character for turn in turns for character in turn if character is not None]


def _correct(block: list[int], count: int) -> bytes:
    """Reed-Solomon characters of a block: what a division by the generator leaves."""
    products, rest = _get_products(count), 0
    top, kept = 8 * (count - 1), (1 << 8 * count) - 1
    for character in block:
        rest = (rest << 8 & kept) ^ products[rest >> top ^ character]
    return rest.to_bytes(count, "big")


@lru_cache(maxsize=32)
def _get_products(count: int) -> tuple[int, ...]:
    """The generator of so many characters, without its first term, times each number of the field."""
    terms = QRUtil.getErrorCorrectPolynomial(count).num[1:]
    return tuple(
        int.from_bytes(
            bytes(QRMath.gexp(QRMath.glog(term) + QRMath.glog(factor)) if term and factor else 0 for term in terms),
            "big",
        )
        for factor in range(256)
    )
