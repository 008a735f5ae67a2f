"""Brings a file of receivables into an Odoo ledger: posted invoices, their payments, their credit notes, disputes.

Small files go through Odoo's own models, as people enter them: invoices posted, payments registered, both reconciled.
That takes some tens of milliseconds an invoice; larger files are written by SQL (``ledger_import.sql``), with the same
result. What became of it is compared with the file, row by row, whichever way was taken.

- A payment dated before its invoice settles it on the day of the invoice, as in any ledger.
- An amount that nobody knows, or that is not above zero, is one cent: it counts for dates, and not for cash.
- That an invoice was disputed is known, as the files say no more, from the day on which it was settled.
"""

from pathlib import Path

import numpy as np

from odoo import fields

from benchmarks.ledger import parts
from calc.payment_history import History

from .receivables import read_receivables

SCRIPT = Path(__file__).with_suffix(".sql")
# So many invoices take some minutes through Odoo's models.
LARGEST_BY_MODELS = 5_000
BATCH = 200
UNKNOWN_AMOUNT = 0.01


class NotTheSame(ValueError):
    """The ledger does not hold what the file says."""


def import_receivables(env, path: Path, say=print) -> tuple[History, np.ndarray]:
    """Fill the company's ledger with a file; the history that the add-on reads back, and its journal items.

    Raises NotTheSame if the two differ.
    """
    wanted = read_receivables(path)
    rows = _as_rows(wanted)
    partners = _create_partners(env, wanted)
    by_models = len(rows) <= LARGEST_BY_MODELS
    say(f"  {len(rows)} invoices of {len(partners)} customers, " + ("by Odoo's models" if by_models else "by SQL"))
    _fill_given(env, rows, partners)
    (_import_by_models if by_models else _import_by_sql)(env)
    _import_disputes(env)
    env.cr.commit()
    env.cr.execute("ANALYZE account_move_line, account_partial_reconcile, account_move, res_partner")
    payments = env["collection.payment.history"]
    payments._refresh(env.company)
    env.cr.commit()
    found, line_ids = payments._read_open_items(env.company, wanted.as_of)
    found = History(**vars(found))
    _compare(wanted, found)
    return found, line_ids


def _as_rows(history: History) -> list[tuple]:
    """(n, customer, issued, due, paid, removed, amount, is_disputed) of each invoice, days as dates or None."""
    known = np.nan_to_num(history.amount)
    if len(np.unique(history.currency)) > 1:
        # Of several currencies: in units of the mean of each, which are brought to a size that cents can tell apart.
        known = known * 1000
    amount = np.where(known > 0, np.maximum(np.round(known, 2), UNKNOWN_AMOUNT), UNKNOWN_AMOUNT)
    days = (history.issued, history.due, _not_before(history.paid, history), _not_before(history.removed, history))
    columns = [column.astype(object).tolist() for column in days]
    disputed = (~np.isnat(history.disputed_on)).tolist()
    numbers = range(1, len(history) + 1)
    return list(zip(numbers, history.debtor.tolist(), *columns, amount.tolist(), disputed, strict=True))


def _not_before(days: np.ndarray, history: History) -> np.ndarray:
    return np.where(np.isnat(days), days, np.maximum(days, history.issued))


def _create_partners(env, history: History) -> dict[int, int]:
    """{customer: partner id}. Companies: natural persons are not scored unless somebody says so.

    Customers of one segment get one country: it is what tells segments apart in a ledger.
    """
    customers, first = np.unique(history.debtor, return_index=True)
    segments = history.segment[first]
    countries = env["res.country"].search([], order="id")
    partners = env["res.partner"].with_context(tracking_disable=True)
    created = partners.create(
        [
            {
                "name": f"Customer {number}",
                "is_company": True,
                "country_id": countries[segment % len(countries)].id if segments.any() else False,
            }
            for number, segment in zip(customers.tolist(), segments.tolist(), strict=True)
        ]
    )
    return dict(zip(customers.tolist(), created.ids, strict=True))


def _fill_given(env, rows: list[tuple], partners: dict[int, int]):
    env.flush_all()
    env.cr.execute(
        """CREATE TEMP TABLE given (n integer PRIMARY KEY, partner_id integer, issued date, due date, paid date,
                                    removed date, amount numeric, is_disputed boolean) ON COMMIT DROP"""
    )
    env.cr.execute_values(
        "INSERT INTO given VALUES %s",
        [(number, partners[customer], *others) for number, customer, *others in rows],
        page_size=1000,
    )
    env.cr.execute("ANALYZE given")


def _accounting(env) -> dict[str, int]:
    """Journals and accounts of the company."""
    company = env.company
    journals = {
        kind: env["account.journal"].search([("type", "=", kind), ("company_id", "=", company.id)], limit=1)
        for kind in ("sale", "bank")
    }
    income = env["account.account"].search(
        [("account_type", "=", "income"), ("company_ids", "in", company.ids)], limit=1
    )
    receivable = company.partner_id.with_company(company).property_account_receivable_id
    return {
        "company": company.id,
        "currency": company.currency_id.id,
        "sale_journal": journals["sale"].id,
        "bank_journal": journals["bank"].id,
        "bank_account": journals["bank"].default_account_id.id,
        "income": income.id,
        "receivable": receivable.id,
        "written": fields.Datetime.now(),
    }


def _import_by_sql(env):
    accounting = _accounting(env)
    for _title, statements in parts(SCRIPT.read_text()):
        env.cr.execute(statements, accounting)
    env.invalidate_all()


# -- through Odoo's models ---------------------------------------------------------------------------------------------


def _import_by_models(env):
    env = env(context={**env.context, "tracking_disable": True, "mail_create_nolog": True, "no_reset_password": True})
    accounting = _accounting(env)
    env.cr.execute("SELECT n, partner_id, issued, due, paid, removed, amount FROM given ORDER BY issued, n")
    rows = env.cr.fetchall()
    env.cr.execute("CREATE TEMP TABLE placed (n integer, line_id integer, move_id integer) ON COMMIT DROP")
    for start in range(0, len(rows), BATCH):
        _import_batch(env, accounting, rows[start : start + BATCH])
        env.flush_all()
        env.invalidate_all()


def _import_batch(env, accounting: dict[str, int], rows: list[tuple]):
    invoices = env["account.move"].create([_prepare_invoice(accounting, *row[1:4], row[6]) for row in rows])
    invoices.action_post()
    debts = [_receivable(invoice) for invoice in invoices]
    env.cr.execute_values(
        "INSERT INTO placed VALUES %s",
        [(row[0], debt.id, debt.move_id.id) for row, debt in zip(rows, debts, strict=True)],
    )
    paid = [(row, debt) for row, debt in zip(rows, debts, strict=True) if row[4]]
    payments = env["account.payment"].create([_prepare_payment(accounting, row[1], row[4], row[6]) for row, _ in paid])
    payments.action_post()
    plan = [debt | _receivable(payment.move_id) for (_row, debt), payment in zip(paid, payments, strict=True)]
    withdrawn = [(row, debt) for row, debt in zip(rows, debts, strict=True) if row[5] and not row[4]]
    notes = env["account.move"].create(
        [_prepare_invoice(accounting, row[1], row[5], row[5], row[6], "out_refund") for row, _ in withdrawn]
    )
    notes.action_post()
    plan += [debt | _receivable(note) for (_row, debt), note in zip(withdrawn, notes, strict=True)]
    env["account.move.line"]._reconcile_plan(plan)


def _prepare_invoice(accounting, partner_id, issued, due, amount, move_type="out_invoice"):
    line = {"name": "Sale", "quantity": 1, "price_unit": float(amount), "account_id": accounting["income"]}
    return {
        "move_type": move_type,
        "journal_id": accounting["sale_journal"],
        "partner_id": partner_id,
        "invoice_date": issued,
        "date": issued,
        "invoice_payment_term_id": False,
        "invoice_date_due": due,
        "invoice_line_ids": [(0, 0, {**line, "tax_ids": [(5,)]})],
    }


def _prepare_payment(accounting, partner_id, paid, amount):
    return {
        "payment_type": "inbound",
        "partner_type": "customer",
        "partner_id": partner_id,
        "amount": float(amount),
        "date": paid,
        "journal_id": accounting["bank_journal"],
    }


def _receivable(move):
    return move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")


# -- disputes ----------------------------------------------------------------------------------------------------------


def _import_disputes(env):
    """Disputes as collection keeps them, one an invoice: opened, and closed, on the day it was settled."""
    env.flush_all()
    env["collection.debtor"].with_context(collection_with_history=True)._ensure_debtors(env.company)
    env.flush_all()
    env.cr.execute(
        """UPDATE collection_debtor debtor SET country_id = partner.country_id
             FROM res_partner partner WHERE partner.id = debtor.partner_id AND partner.country_id IS NOT NULL"""
    )
    env.cr.execute(
        """
        CREATE TEMP TABLE contested ON COMMIT DROP AS
        SELECT given.n, placed.line_id, placed.move_id, given.due, given.amount, debtor.id AS debtor_id,
               COALESCE(given.paid, given.removed) AS day
          FROM given
          JOIN placed ON placed.n = given.n
          JOIN collection_debtor debtor ON debtor.partner_id = given.partner_id AND debtor.company_id = %(company)s
         WHERE given.is_disputed AND COALESCE(given.paid, given.removed) IS NOT NULL;

        INSERT INTO collection_item (debtor_id, move_line_id, move_id, name, due_date, due_rank, amount, currency_id,
                                     cycle, closed_on, create_uid, create_date, write_uid, write_date)
        SELECT debtor_id, line_id, move_id, n::text, due, 1, amount, %(currency)s, 1, day,
               1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC' FROM contested;

        WITH opened AS (
            INSERT INTO collection_dispute (name, debtor_id, company_id, currency_id, stage, user_id, opened_on,
                                            deadline, closed_on, create_uid, create_date, write_uid, write_date)
            SELECT n::text, debtor_id, %(company)s, %(currency)s, 'study', %(user)s, day, day, day,
                   1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC' FROM contested
            RETURNING id, name)
        INSERT INTO collection_dispute_line (dispute_id, item_id, amount, opened_on, closed_on,
                                             create_uid, create_date, write_uid, write_date)
        SELECT opened.id, item.id, contested.amount, contested.day, contested.day,
               1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
          FROM opened
          JOIN contested ON contested.n::text = opened.name
          JOIN collection_item item ON item.move_line_id = contested.line_id;
        """,
        {"company": env.company.id, "currency": env.company.currency_id.id, "user": env.uid},
    )
    env.invalidate_all()


# -- what became of it -------------------------------------------------------------------------------------------------


def _compare(wanted: History, found: History):
    """Raise NotTheSame unless the ledger tells the dates of the file, those of payments no sooner than of invoices."""
    if len(wanted) != len(found):
        raise NotTheSame(f"The file has {len(wanted)} invoices, the ledger {len(found)}.")
    told = [
        np.sort(_signature(each.issued, each.due, *(_not_before(days, each) for days in (each.paid, each.removed))))
        for each in (wanted, found)
    ]
    different = int((told[0] != told[1]).sum())
    if different:
        raise NotTheSame(f"{different} invoices have other dates in the ledger than in the file.")


def _signature(*days: np.ndarray) -> np.ndarray:
    """One text a row from its days, in an order of its own."""
    return np.array(["|".join(row) for row in zip(*(column.astype(str).tolist() for column in days), strict=True)])
