"""What Snailmail's printers want of a document: nothing in the margins, nor in the corner of their own marks."""

from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

# As ``snailmail.letter._overwrite_margins`` has them.
MARGIN = 5 * mm
CORNER = 15 * mm


def clear_margins(content: bytes, library) -> bytes:
    """The PDF with white margins and a white corner at the bottom left of each page.

    ``library`` has ``PdfReader`` and ``PdfWriter``: pypdf, or the one Odoo chose. Core's own way fails since pypdf 7.
    """
    writer = library.PdfWriter()
    for page in library.PdfReader(BytesIO(content)).pages:
        writer.add_page(page).merge_page(library.PdfReader(BytesIO(_draw_margins())).pages[0])
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _draw_margins() -> bytes:
    output = BytesIO()
    canvas = Canvas(output, pagesize=A4, invariant=1)
    width, height = A4
    canvas.setFillColorRGB(1, 1, 1)
    for x, y, breadth, length in (
        (0, 0, width, MARGIN),
        (0, height - MARGIN, width, MARGIN),
        (0, 0, MARGIN, height),
        (width - MARGIN, 0, MARGIN, height),
        (0, 0, CORNER, CORNER),
    ):
        canvas.rect(x, y, breadth, length, stroke=0, fill=1)
    canvas.save()
    return output.getvalue()
