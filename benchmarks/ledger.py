"""Generated ledgers: a copy of the project's template database filled by ``ledger.sql``, kept for the day."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db

from tools import databases, postgres
from tools.console import say
from tools.paths import ROOT, digest

SCRIPT = Path(__file__).with_name("ledger.sql")
PAID_SCRIPT = Path(__file__).with_name("paid.sql")
# Writes entries of the invoices that the other script makes up.
IMPORT_SCRIPT = ROOT / "evaluation" / "ledger_import.sql"
# Large tables whose indexes are faster made at the end than kept up to date on the way.
INDEXED = ("account_move", "account_move_line", "account_partial_reconcile")


def prepare(environment: databases.Environment, items: int) -> str:
    """Name of a database with ``items`` open debts and without the add-on, built unless it is there already."""
    name = databases.own(f"bench_{items}")
    signature = digest(SCRIPT.read_text(), databases.template(environment), items, date.today())  # noqa: DTZ011
    if databases.exists(name) and _signature(name) == signature:
        say(f"→ The ledger of {items} open items is there already ({name})")
        return name
    databases.create_from_template(environment, name)
    _prepare_companies(name)
    _fill(name, items)
    postgres.query(f"COMMENT ON DATABASE \"{name}\" IS '{signature}'")
    return name


def prepare_paid(environment: databases.Environment, invoices: int) -> str:
    """Name of a database with ``invoices`` paid ones of a tenth as many customers, built unless it is there already."""
    name = databases.own(f"bench_paid_{invoices}")
    scripts = (PAID_SCRIPT.read_text(), IMPORT_SCRIPT.read_text())
    signature = digest(*scripts, databases.template(environment), invoices, date.today())  # noqa: DTZ011
    if databases.exists(name) and _signature(name) == signature:
        say(f"→ The ledger of {invoices} paid invoices is there already ({name})")
        return name
    databases.create_from_template(environment, name)
    day = date.today()  # noqa: DTZ011
    _run_scripts(name, scripts, lambda cursor: {"invoices": invoices, "day": day, **_read_accounting(cursor, day)})
    postgres.query(f"COMMENT ON DATABASE \"{name}\" IS '{signature}'")
    return name


def _read_accounting(cursor, day: date) -> dict:
    """What ``IMPORT_SCRIPT`` asks for. Entries were written a month ago: what runs at night reads what is new."""
    cursor.execute(
        """
        SELECT company.id, company.currency_id, sale.id, bank.id, bank.default_account_id,
               (SELECT id FROM account_account WHERE account_type = 'income' ORDER BY id LIMIT 1),
               (SELECT id FROM account_account WHERE code_store ->> company.id::text LIKE '4111%' ORDER BY id LIMIT 1)
          FROM (SELECT * FROM res_company ORDER BY id LIMIT 1) company
          JOIN LATERAL (SELECT id FROM account_journal
                         WHERE company_id = company.id AND type = 'sale' ORDER BY id LIMIT 1) sale ON TRUE
          JOIN LATERAL (SELECT id, default_account_id FROM account_journal
                         WHERE company_id = company.id AND type = 'bank' ORDER BY id LIMIT 1) bank ON TRUE
        """
    )
    names = ("company", "currency", "sale_journal", "bank_journal", "bank_account", "income", "receivable")
    return {**dict(zip(names, cursor.fetchone(), strict=True)), "written": day - timedelta(days=30)}


def _signature(name: str) -> str:
    rows = postgres.query(f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{name}'")
    return rows[0][0]


def _prepare_companies(name: str) -> None:
    """A branch beside the company, and currencies in use."""
    with Registry(name).cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {})
        env["res.company"].create({"name": "Agence de Lyon", "parent_id": env.company.id})
        currencies = env["res.currency"].with_context(active_test=False)
        currencies.search([("name", "in", ("EUR", "USD", "GBP"))]).active = True
    Registry.delete(name)
    close_db(name)


def _fill(name: str, items: int) -> None:
    def prepare(cursor) -> dict:
        cursor.execute("SELECT id FROM res_company ORDER BY id")
        (company,), (branch,) = cursor.fetchall()
        return {"items": items, "day": date.today(), "company": company, "branch": branch}  # noqa: DTZ011

    _run_scripts(name, (SCRIPT.read_text(),), prepare)


def _run_scripts(name: str, scripts: Iterable[str], prepare: Callable) -> None:
    """Run scripts part by part in one transaction, with the parameters that ``prepare`` finds by a cursor."""
    connection = psycopg2.connect(dbname=name)
    try:
        with connection.cursor() as cursor:
            _speed_up(cursor)
            indexes = _drop_indexes(cursor)
            parameters = prepare(cursor)
            for title, statements in chain.from_iterable(map(parts, scripts)):
                say(f"  {title}")
                cursor.execute(statements, parameters)
            say("  Indexes")
            for definition in indexes:
                cursor.execute(definition)
        connection.commit()
        connection.autocommit = True
        with connection.cursor() as cursor:
            say("  Statistics")
            cursor.execute("VACUUM (ANALYZE)")
    finally:
        connection.close()


def parts(script: str) -> Iterator[tuple[str, str]]:
    """(title, statements) of each part of a script; a part begins with a comment like “-- ## Payments”."""
    pieces = re.split(r"^-- ## (.*)$", script, flags=re.MULTILINE)
    return zip(pieces[1::2], pieces[2::2], strict=True)


def _speed_up(cursor) -> None:
    cursor.execute(
        "SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'; SET synchronous_commit = off; SET jit = off"
    )
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        # The script writes no reference that dangles; checking each row of millions is most of the time.
        cursor.execute("SET session_replication_role = replica")


def _drop_indexes(cursor) -> list[str]:
    cursor.execute(
        """
        SELECT index.indexname, index.indexdef
          FROM pg_indexes index
         WHERE index.schemaname = 'public' AND index.tablename IN %s
           AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = index.indexname)
        """,
        (INDEXED,),
    )
    definitions = []
    for name, definition in cursor.fetchall():
        cursor.execute(f'DROP INDEX "{name}"')
        definitions.append(definition)
    return definitions
