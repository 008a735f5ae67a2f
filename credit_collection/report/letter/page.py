"""Paper: a pen that draws from the top of the page, and blocks set on pages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader

from .bidi import visual_pieces
from .fonts import Fonts
from .markup import Style
from .wrapping import PLAIN, Line

WIDTH, HEIGHT = A4
LEFT = RIGHT = 20 * mm
INK, GREY, HAIRLINE = "#1A1A1A", "#5A6270", "#C9CFD8"
LINK = "#1A4FA0"
# Binary streams: ReportLab writes them as text by default, in pure Python, which takes two thirds of the time
# of a letter. It has no switch for one document; whatever else it writes gets smaller too.
rl_config.useA85 = 0
_DOTS_PER_MM = 10  # 254 dpi: more would only make the file heavier


class Pen:
    """Draws on a canvas whose ordinates go down from the top of the page, as one reads.

    Words and rules are written as PDF operators, for the font, size and colour to be said when they
    change only: ReportLab's own methods say them every time, and measure each word again.
    """

    def __init__(self, canvas, fonts: Fonts):
        self.canvas = canvas
        self.fonts = fonts
        self._font = self._ink = None

    def show_page(self):
        """Finish the page."""
        self.canvas.showPage()
        self._font = self._ink = None

    def text(
        self, x: float, y: float, text: str, size: float, *, style: Style = PLAIN, color: str = INK, align: str = "left"
    ):
        """Write ``text`` on the baseline ``y``, from, up to or around ``x``."""
        if align != "left":
            x -= self.fonts.width(text, size, style.bold, style.italic) / (1 if align == "right" else 2)
        self._put(x, y, text, size, style, color)

    def _put(self, x, y, text, size, style, color, rtl=None) -> float:
        """Write, and underline or link what is to be; answers where the text ends."""
        end = self._write(x, y, text, size, style, color, rtl=rtl)
        if style.underline or style.link:
            self.rule(x, y + 1.2, end, color=color, width=0.5)
        if style.link:
            self.canvas.linkURL(style.link, (x, HEIGHT - y - 2, end, HEIGHT - y + size), relative=0)
        return end

    def squeezed(self, x: float, y: float, text: str, size: float, width: float):
        """Write ``text`` on the baseline ``y``, condensed if it is wider than ``width``."""
        natural = self.fonts.width(text, size)
        self._write(x, y, text, size, PLAIN, INK, min(1.0, width / natural) if natural else 1.0)

    def _write(self, x, y, text, size, style, color, ratio=1.0, rtl=None) -> float:
        """Write from ``x``, each run in its font; answers where the text ends."""
        operators = ["BT"]
        if color != self._ink:
            operators.append(f"{_rgb(color)} rg")
            self._ink = color
        for run in self.fonts.runs(text, style.bold, style.italic, rtl):
            if run.glyphs:
                operators += self._place(run, x, y, size, ratio)
            else:
                operators.append(f"{ratio:.4g} 0 0 1 {x:.2f} {HEIGHT - y:.2f} Tm")
                for font, codes in self.fonts.encoded(run, self.canvas):
                    if self._font != (font, size):
                        operators.append(f"{font} {size:.4g} Tf")
                        self._font = (font, size)
                    operators.append(f"<{codes.hex()}> Tj")
            x += size * run.width * ratio
        operators.append("ET")
        self.canvas.addLiteral(" ".join(operators))
        return x

    def _place(self, run, x, y, size, ratio):
        """Operators that place each glyph of a shaped run."""
        for font, code, right, up in self.fonts.placed(run, self.canvas):
            if self._font != (font, size):
                self._font = (font, size)
                yield f"{font} {size:.4g} Tf"
            yield f"{ratio:.4g} 0 0 1 {x + size * right * ratio:.2f} {HEIGHT - y + size * up:.2f} Tm"
            yield f"<{code.hex()}> Tj"

    def line(self, x: float, y: float, line: Line, size: float, *, color: str = INK, align: str = "left"):
        """Write a wrapped line on the baseline ``y``."""
        x -= {"left": 0, "right": line.width, "center": line.width / 2}[align]
        if line.rtl is None:
            for style, text in line.pieces:
                x = self._put(x, y, text, size, style, LINK if style.link else color)
            return
        for style, text, rtl in visual_pieces(line.pieces, line.rtl):
            x = self._put(x, y, text, size, style, LINK if style.link else color, rtl)

    def rule(self, x: float, y: float, end: float, *, color: str = HAIRLINE, width: float = 0.6):
        """Draw a horizontal line."""
        y = HEIGHT - y
        self.canvas.addLiteral(f"{_rgb(color)} RG {width:.4g} w {x:.2f} {y:.2f} m {end:.2f} {y:.2f} l S")

    def area(self, x: float, y: float, width: float, height: float, color: str):
        """Fill a rectangle whose top left corner is (x, y)."""
        self.canvas.addLiteral(f"{_rgb(color)} rg {x:.2f} {HEIGHT - y - height:.2f} {width:.2f} {height:.2f} re f")
        self._ink = color

    def modules(self, x: float, y: float, width: float, height: float, rectangles: Iterable[str]):
        """Fill black ``rectangles``, PDF operators in units of ``width`` and ``height`` up from the origin (x, y)."""
        self.canvas.saveState()
        self.canvas.translate(x, HEIGHT - y)
        self.canvas.scale(width, height)
        self.canvas.addLiteral(" ".join(("0 g", *rectangles, "f")))
        self.canvas.restoreState()

    def picture(self, x: float, y: float, picture: "Picture"):
        """Draw a picture whose top left corner is (x, y)."""
        self.canvas.drawImage(picture.image, x, HEIGHT - y - picture.height, picture.width, picture.height)


@dataclass(frozen=True, slots=True)
class Block:
    """Something of a known height, drawn from the ordinate of its top."""

    height: float
    draw: Callable[[Pen, float], None]
    keep_with_next: bool = False
    header: "Block | None" = None  # drawn again above this block when it opens a page


def space(height: float, keep_with_next: bool = False) -> Block:
    """Blank paper."""
    return Block(height, _draw_nothing, keep_with_next)


def _draw_nothing(pen, top):
    pass


def paginate(blocks: list[Block], first: float, following: float) -> list[list[Block]]:
    """Blocks set on pages: the first offers the height ``first``, the others ``following``."""
    pages: list[list[Block]] = [[]]
    room = first
    for group in _groups(blocks):
        fits_a_page = sum(block.height for block in group) <= following
        if fits_a_page and sum(block.height for block in group) > room:
            pages.append([])
            room = following
        for block in group:
            if block.height > room and pages[-1]:
                pages.append([])
                room = following
            if not pages[-1] and len(pages) > 1:
                if block.draw is _draw_nothing:
                    continue  # no blank at the top of a page
                if block.header:
                    pages[-1].append(block.header)
                    room -= block.header.height
            pages[-1].append(block)
            room -= block.height
    return [page for page in pages if page] or [[]]


def _groups(blocks):
    """Blocks that must stay on one page together."""
    group: list[Block] = []
    for block in blocks:
        group.append(block)
        if not block.keep_with_next:
            yield group
            group = []
    if group:
        yield group


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to print, with its size on paper."""

    image: ImageReader
    width: float
    height: float


@lru_cache(maxsize=32)
def picture(data: bytes, max_width: float, max_height: float) -> Picture | None:
    """The picture in ``data``, within the given size; None if it cannot be read.

    Reduced and flattened on white once and for all: a company's logo is on every letter.
    """
    try:
        with Image.open(BytesIO(data)) as source:
            image = source.convert("RGBA")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    scale = min(max_width / image.width, max_height / image.height)
    width, height = image.width * scale, image.height * scale
    image.thumbnail((round(width / mm * _DOTS_PER_MM) or 1, round(height / mm * _DOTS_PER_MM) or 1))
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    packed = BytesIO()
    # ReportLab copies JPEG as it is, and would compress anything else anew for each letter.
    paper.save(packed, "JPEG", quality=92, subsampling=0)
    return Picture(ImageReader(packed), width, height)


@lru_cache(maxsize=256)
def _rgb(code: str) -> str:
    color = HexColor(code)
    return f"{color.red:.4g} {color.green:.4g} {color.blue:.4g}"
