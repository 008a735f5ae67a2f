"""A QR code as rows of black stretches."""

from functools import lru_cache

from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel


@lru_cache(maxsize=64)
def qr_modules(payload: str) -> tuple[tuple[bool, ...], ...]:
    """The code of ``payload`` at the correction level M, True for black."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(payload))
    code.version = code.calculate_version()
    # Any mask can be read. Choosing the best of the eight would take six times as long.
    code.makeImpl(False, 0)
    return tuple(tuple(bool(module) for module in row) for row in code.modules)


def draw_qr(pen, x: float, y: float, size: float, payload: str):
    """Draw the code in a square whose top left corner is (x, y), neighbours in one stroke."""
    modules = qr_modules(payload)
    rectangles = [
        f"{start} {-number} {length} 1 re"
        for number, row in enumerate(modules, start=1)
        for start, length in _stretches(row)
    ]
    canvas = pen.canvas
    canvas.saveState()
    canvas.translate(x, pen.height - y)
    canvas.scale(size / len(modules), size / len(modules))
    canvas.addLiteral(" ".join(("0 g", *rectangles, "f")))
    canvas.restoreState()


def _stretches(row):
    start = None
    for position, black in enumerate((*row, False)):
        if black and start is None:
            start = position
        elif not black and start is not None:
            yield start, position - start
            start = None
