"""Code 128, the barcode of registered letters."""

from functools import lru_cache

from reportlab.graphics.barcode.code128 import Code128

_QUIET = 10  # modules of white on either side


@lru_cache(maxsize=64)
def code128_bars(value: str) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Modules of the whole code, quiet zones left out, and its bars as (first module, number of modules).

    Spaces are for people: the code has none. What Code 128 cannot write has no bars.
    """
    code = Code128("".join(value.split()), quiet=0)
    code.validate()
    if not code.valid or not code.validated:
        return 0, ()
    code.encode()
    code.decompose()
    bars, position = [], 0
    for letter in code.decomposed:
        # A bar is a capital, a space a small letter; "a" is one module wide.
        width = ord(letter.lower()) - ord("a") + 1
        if letter.isupper():
            bars.append((position, width))
        position += width
    return position, tuple(bars)


def draw_code128(pen, x: float, y: float, width: float, height: float, value: str):
    """Draw the code in a rectangle whose top left corner is (x, y), quiet zones included."""
    modules, bars = code128_bars(value)
    if not bars:
        return
    module = width / (modules + 2 * _QUIET)
    rectangles = (f"{first} 0 {size} 1 re" for first, size in bars)
    pen.modules(x + _QUIET * module, y + height, module, height, rectangles)
