"""Imports the package of letters alone: the add-on's own package imports Odoo, which these tests do without."""

import sys
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "credit_collection" / "report"))

from letter.drawing import render
from letter.fonts import find_fonts
from letter_samples import ODOO_FONTS


@pytest.fixture(scope="module")
def fonts():
    return find_fonts((str(ODOO_FONTS),))


@pytest.fixture
def read(fonts):
    """Pages of a rendered letter."""
    opened = []

    def open_letter(letter):
        document = pdfplumber.open(BytesIO(render(letter, fonts)))
        opened.append(document)
        return document.pages

    yield open_letter
    for document in opened:
        document.close()
