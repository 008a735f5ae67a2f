"""Puts one file of receivables into an Odoo ledger and walks forward through it, as production would have run.

Started by ``make evaluate`` (tools/evaluate.py), once a file, on a fresh database with the add-on.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

from evaluation.__main__ import INVOICES_A_LOOK, print_table
from evaluation.ledger_import import import_receivables
from evaluation.methods import CustomerMean, CustomerMedian, DueDate, RollRate
from evaluation.production import Production
from evaluation.walk import walk
from tools.console import entry, say
from tools.evaluate import PACKAGES


def main() -> int:
    """Import, walk, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("file", type=Path)
    parser.add_argument("--country", default="", help="country of the company, for its public holidays (none)")
    parser.add_argument("--without-boosting", action="store_true", help="leave out scikit-learn's gradient boosting")
    chosen = parser.parse_args()
    config.parse_config(["-c", os.environ["ODOO_RC"], "--log-level=critical"])
    with Registry(chosen.database).cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {})
        env = env(context={"allowed_company_ids": env.company.ids, "lang": "en_US"})
        evaluate(env, chosen.file, chosen.country, with_boosting=not chosen.without_boosting)
    return 0


def evaluate(env, path: Path, country: str, *, with_boosting: bool):
    """Print the table of one file."""
    # A file does not say where its customers pay: whose holidays they keep is unknown unless the command says so.
    env.company.partner_id.country_id = env["res.country"].search([("code", "=", country)]) if country else False
    began = time.monotonic()
    truth, line_ids = import_receivables(env, path, say)
    say(f"  in the ledger after {time.monotonic() - began:.0f} s; walking forward")
    methods = [DueDate(), CustomerMean(), CustomerMedian(), RollRate(), Production(env, truth, line_ids)]
    if with_boosting:
        # Behind the packages that the project runs with, numpy above all.
        sys.path.append(str(PACKAGES))
        from evaluation.boosting import GradientBoosting

        methods.append(GradientBoosting())
    began, shown = time.monotonic(), [0.0]

    def progress(day):
        if time.monotonic() - shown[0] > 30:
            shown[0] = time.monotonic()
            say(f"  {day}")

    answers = walk(truth, methods, every=1 + len(truth) // INVOICES_A_LOOK, progress=progress)
    print(f"\n## {path.name}: {len(truth)} invoices, {time.monotonic() - began:.0f} s\n")
    print_table({name: answer.table() for name, answer in answers.items()})


if __name__ == "__main__":
    entry(main)
