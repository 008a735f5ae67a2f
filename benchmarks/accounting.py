"""Queries that accountants' own work needs, with and without the add-on: they must be the same."""

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry

from benchmarks.figures import Results


def measure(results: Results, without: str, with_it: str) -> None:
    """Compare the number of queries in a database without and one with the add-on."""
    counts = {database: _count(database) for database in (without, with_it)}
    for action, bare in counts[without].items():
        results.add(f"Queries of {action}, without the add-on", bare, "queries")
        results.add(f"Queries of {action}, with the add-on", counts[with_it][action], "queries", bare)


def _count(database: str) -> dict[str, int]:
    with Registry(database).cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {})
        env = env(context={"allowed_company_ids": env.company.ids})
        _bill_and_collect(env)  # the first time also reads what is then in the caches
        counts = _bill_and_collect(env)
        cursor.rollback()
    return counts


def _bill_and_collect(env) -> dict[str, int]:
    partner = env["res.partner"].create({"name": "Customer"})
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_line_ids": [Command.create({"name": "Work", "quantity": 1, "price_unit": 100, "tax_ids": []})],
        }
    )
    posting = _queries(env, invoice.action_post)
    wizard = (
        env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids).create({})
    )
    return {
        "posting an invoice": posting,
        "registering and reconciling its payment": _queries(env, wizard._create_payments),
    }


def _queries(env, action) -> int:
    env.flush_all()
    env.invalidate_all()
    before = env.cr.sql_log_count
    action()
    env.flush_all()
    return env.cr.sql_log_count - before
