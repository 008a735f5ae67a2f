"""Letters already printed, put into one file."""

from collections.abc import Iterable
from io import BytesIO


def merge(documents: Iterable[bytes], library, duplex: bool = False) -> bytes:
    """``documents`` one after the other; printed on both sides, each begins on a new sheet.

    ``library`` has ``PdfReader`` and ``PdfWriter``: pypdf, or the one Odoo chose.
    """
    writer = library.PdfWriter()
    pages = 0
    for document in documents:
        if duplex and pages % 2:
            writer.add_blank_page()  # of the size of the page before
            pages += 1
        for page in library.PdfReader(BytesIO(document)).pages:
            writer.add_page(page)
            pages += 1
    output = BytesIO()
    writer.write(output)
    return output.getvalue()
