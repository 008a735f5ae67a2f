"""A letter and what is enclosed with it, in one document with continuous page numbers."""

from collections.abc import Iterable
from io import BytesIO
from typing import NamedTuple

from PIL import Image
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from .fonts import Fonts
from .page import GREY, HEIGHT, WIDTH, Pen

_SAME_SIZE = 3  # points within which a page is A4 already
_PICTURE_MARGIN = 12 * mm


class Unreadable(Exception):
    """A document that cannot be joined: broken, protected by a password, or neither PDF nor picture."""


class Enclosure(NamedTuple):
    """A document joined to a letter, as PDF, and what the list of enclosures calls it."""

    title: str
    content: bytes


class Description(NamedTuple):
    """What the file says of itself, and the words stamped on the pages enclosed."""

    title: str
    author: str
    language: str
    letter: str  # bookmark of the letter itself
    stamp: str  # "{enclosure}", "{page}" and "{pages}" stand for numbers


def count_pages(content: bytes, library) -> int:
    """Number of pages of a PDF. Raises Unreadable."""
    return len(_pages(content, library))


def picture_to_pdf(content: bytes) -> bytes:
    """A PDF page that shows the picture, no larger than it is at 150 dpi. Raises Unreadable."""
    try:
        with Image.open(BytesIO(content)) as source:
            image = source.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Unreadable(str(error)) from error
    room = WIDTH - 2 * _PICTURE_MARGIN, HEIGHT - 2 * _PICTURE_MARGIN
    scale = min(room[0] / image.width, room[1] / image.height, 72 / 150)
    width, height = image.width * scale, image.height * scale
    output = BytesIO()
    canvas = Canvas(output, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.drawImage(ImageReader(image), (WIDTH - width) / 2, HEIGHT - _PICTURE_MARGIN - height, width, height)
    canvas.save()
    return output.getvalue()


def assemble(letter: bytes, enclosures: Iterable[Enclosure], description: Description, fonts: Fonts, library) -> bytes:
    """The letter, then its enclosures on A4, each page stamped with its number and each part in the bookmarks.

    ``library`` has ``PdfReader`` and ``PdfWriter``: pypdf, or the one Odoo chose. Raises Unreadable.
    """
    parts = [(description.letter, _pages(letter, library))]
    parts += [(enclosure.title, _pages(enclosure.content, library)) for enclosure in enclosures]
    stamps = _stamps([len(pages) for _title, pages in parts], description, fonts, library)
    writer = library.PdfWriter()
    for rank, (title, pages) in enumerate(parts):
        first = len(writer.pages)
        for page in pages:
            added = writer.add_page(page)
            if rank:
                _fit(added, library)
                added.merge_page(stamps.pop(0))
        writer.add_outline_item(title=title, page_number=first)
    _describe(writer, description, library)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _pages(content, library):
    try:
        reader = library.PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("password")
        pages = list(reader.pages)
    except Unreadable:
        raise
    # Whatever a file from outside makes the library stumble over: it has dozens of exceptions, and strange files more.
    except Exception as error:
        raise Unreadable(str(error)) from error
    if not pages:
        raise Unreadable("no page")
    return pages


def _stamps(counts, description, fonts, library):
    """A transparent page for each page enclosed, with its number at the top right."""
    if len(counts) < 2:
        return []
    output = BytesIO()
    canvas = Canvas(output, pagesize=(WIDTH, HEIGHT), invariant=1, initialFontName=fonts.name)
    pen = Pen(canvas, fonts)
    number = counts[0]
    for enclosure, count in enumerate(counts[1:], start=1):
        for _page in range(count):
            number += 1
            text = description.stamp.format(enclosure=enclosure, page=number, pages=sum(counts))
            width = fonts.width(text, 7.5)
            pen.area(WIDTH - 10 * mm - width - 3, 4.2 * mm, width + 6, 11, "#FFFFFF")
            pen.text(WIDTH - 10 * mm, 7 * mm, text, 7.5, color=GREY, align="right")
            pen.show_page()
    canvas.save()
    return list(library.PdfReader(BytesIO(output.getvalue())).pages)


def _fit(page, library):
    """Put a page on A4, upright, without what it would do by itself."""
    page.pop("/AA", None)
    for note in page.get("/Annots") or ():
        for action in ("/A", "/AA"):
            note.get_object().pop(action, None)
    if page.get("/Rotate"):
        page.transfer_rotation_to_content()
    box = page.cropbox
    left, bottom, width, height = float(box.left), float(box.bottom), float(box.width), float(box.height)
    if abs(width - WIDTH) < _SAME_SIZE and abs(height - HEIGHT) < _SAME_SIZE and abs(left) + abs(bottom) < 1:
        return
    scale = min(WIDTH / width, HEIGHT / height)
    # At the top of the sheet, in its middle. What floats above the page would not follow.
    page.add_transformation(
        (scale, 0, 0, scale, (WIDTH - width * scale) / 2 - left * scale, HEIGHT - (bottom + height) * scale)
    )
    for name in ("/Annots", "/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"):
        page.pop(name, None)
    page.mediabox = library.generic.RectangleObject((0, 0, WIDTH, HEIGHT))


def _describe(writer, description, library):
    """What a reader, a screen reader or an archive asks of the file."""
    writer.add_metadata({"/Title": description.title, "/Author": description.author, "/Creator": description.author})
    name, text = library.generic.NameObject, library.generic.create_string_object
    writer._root_object.update({name("/Lang"): text(description.language), name("/PageMode"): name("/UseOutlines")})
