"""Imports ``calc`` alone: the add-on's own package imports Odoo, which these tests do without."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "credit_collection"))
