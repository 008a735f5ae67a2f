"""A QR code as rows of black stretches."""

from functools import lru_cache

from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel

_QUIET = 4  # modules of white around the code (ISO 18004)


def qr_modules(payload: str) -> tuple[tuple[bool, ...], ...]:
    """The code of ``payload`` at the correction level M, True for black."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(payload))
    code.version = code.calculate_version()
    # Any mask can be read. Choosing the best of the eight would take six times as long.
    code.makeImpl(False, 0)
    return tuple(tuple(bool(module) for module in row) for row in code.modules)


def draw_qr(pen, x: float, y: float, size: float, payload: str):
    """Draw the code in a white square whose top left corner is (x, y), its quiet zone included."""
    count, rectangles = _rectangles(payload)
    module = size / (count + 2 * _QUIET)
    pen.area(x, y, size, size, "#FFFFFF")
    pen.modules(x + _QUIET * module, y + _QUIET * module, module, module, rectangles)


@lru_cache(maxsize=64)
def _rectangles(payload: str) -> tuple[int, tuple[str, ...]]:
    """Modules of a side, and the black stretches as PDF operators: the link to pay is the same on many letters."""
    modules = qr_modules(payload)
    return len(modules), tuple(
        f"{start} {-number} {length} 1 re"
        for number, row in enumerate(modules, start=1)
        for start, length in _stretches(row)
    )


def _stretches(row):
    start = None
    for position, black in enumerate((*row, False)):
        if black and start is None:
            start = position
        elif not black and start is not None:
            yield start, position - start
            start = None
