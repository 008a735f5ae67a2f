"""What collection knows of a generated ledger: debtors, plans, levels reached, past reminders."""

from datetime import date
from pathlib import Path

from benchmarks.ledger import parts

SCRIPT = Path(__file__).with_name("situations.sql")


def activate_plans(env) -> None:
    """Put the plans that come with the add-on to work."""
    plans = env["collection.plan"].with_context(active_test=False).search([])
    plans.active = True
    env.flush_all()


def fill(env) -> None:
    """Write the situations over debtors that exist, and refresh the statistics of the server."""
    for _title, statements in parts(SCRIPT.read_text()):
        env.cr.execute(statements, {"day": date.today()})  # noqa: DTZ011
    env.invalidate_all()
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
