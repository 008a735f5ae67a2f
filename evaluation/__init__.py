"""Scores, payment dates and cash forecasts put to the proof on the receivables of others. Development only."""

import sys
from pathlib import Path

# ``calc`` alone: the add-on's own package imports Odoo, which nothing here needs.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "credit_collection"))
