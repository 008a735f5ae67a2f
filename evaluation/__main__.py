"""``python -m evaluation FILE…``: walks forward through receivables and prints how well each method has foretold."""

import argparse
import math
import time
from pathlib import Path

from .methods import Collection, CustomerMean, CustomerMedian, DueDate, RollRate
from .receivables import DISPUTES_KNOWN, read_receivables
from .walk import walk

COLUMNS = {
    "auc": ("late AUC", "{:.3f}", 1),
    "brier": ("late Brier", "{:.3f}", 1),
    "issue_days": ("date at issue, days", "{:.2f}", 1),
    "issue_coverage": ("in P10–P90 %", "{:.1f}", 100),
    "open_days": ("date open, days", "{:.2f}", 1),
    "open_coverage": ("in P10–P90 %", "{:.1f}", 100),
    "cash_error": ("weekly cash, WAPE %", "{:.1f}", 100),
    "cash_coverage": ("in band %", "{:.1f}", 100),
}
# A look at the past a day up to so many invoices; beyond that fewer, so that time grows with the file, not its square.
INVOICES_A_LOOK = 100_000


def main():
    """Print one table a file."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="CSV of receivables, gzipped or not")
    parser.add_argument("--disputes-known", choices=DISPUTES_KNOWN, default="settled", help="since when (settled)")
    parser.add_argument("--without-boosting", action="store_true", help="leave out scikit-learn's gradient boosting")
    chosen = parser.parse_args()
    for path in chosen.files:
        history = read_receivables(path, chosen.disputes_known)
        began = time.monotonic()
        methods = [DueDate(), CustomerMean(), CustomerMedian(), RollRate(), Collection()]
        if not chosen.without_boosting:
            from .boosting import GradientBoosting

            methods.append(GradientBoosting())
        answers = walk(history, methods, every=1 + len(history) // INVOICES_A_LOOK)
        print(f"\n## {path.name}: {len(history)} invoices, {time.monotonic() - began:.0f} s\n")
        print_table({name: answer.table() for name, answer in answers.items()})


def print_table(tables: dict[str, dict[str, float]]):
    """A Markdown table: a method a row, a measure a column."""
    print("| | " + " | ".join(title for title, _form, _scale in COLUMNS.values()) + " |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for name, table in tables.items():
        cells = (_cell(table[measure], form, scale) for measure, (_title, form, scale) in COLUMNS.items())
        print(f"| {name} | " + " | ".join(cells) + " |")


def _cell(value: float, form: str, scale: float) -> str:
    return "–" if math.isnan(value) else form.format(value * scale)


if __name__ == "__main__":
    main()
