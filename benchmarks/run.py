"""Measures the add-on on large generated ledgers: ``make bench`` (see README.md beside this file)."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db
from odoo.tools import config

from benchmarks import accounting, decisions, ledger, scores, screens, sending
from benchmarks.figures import Results, describe_machine, seconds
from tools import databases
from tools.console import entry, say

ITEMS = 1_000_000


def main() -> int:
    """Measure, print, write; 1 if a budget is missed or something could not be measured."""
    items = int(os.environ.get("BENCH_ITEMS") or ITEMS)
    config.parse_config(["-c", os.environ["ODOO_RC"], "--log-level=critical"])
    started = time.monotonic()
    bench = Bench(databases.Environment(), items)
    try:
        bench.measure()
    finally:
        bench.clean()
    results = bench.results
    results.print_table()
    results.write()
    say(f"{len(results.missed())} budgets missed, in {(time.monotonic() - started) / 60:.0f} minutes")
    return 1 if results.missed() or results.not_measured else 0


class Bench:
    """The databases of a run and what is measured on each."""

    def __init__(self, environment: databases.Environment, items: int) -> None:
        self.environment = environment
        self.items = items
        self.created: list[str] = []
        with psycopg2.connect(dbname="postgres") as connection, connection.cursor() as cursor:
            self.results = Results(items, describe_machine(cursor))

    def measure(self) -> None:
        """Everything, from the empty database to the large one."""
        results = self.results
        bare, empty = self._copy(None, "bare"), self._copy(None, "empty")
        with results.group("Installing on an empty ledger"):
            results.add("Install on an empty ledger", self._install(empty), "s")
        with results.group("What accountants do"):
            accounting.measure(results, bare, empty)
        small, large = (self._measure_decisions(items) for items in (self.items // 10, self.items))
        with results.group("Growth"):
            decisions.measure_growth(results, small, large)
        self._measure_work()
        self._measure_forecasts()

    def _measure_decisions(self, items: int) -> tuple[str, int]:
        label = f"{items:,} items"
        database = self._copy(ledger.prepare(self.environment, items), str(items))
        with self.results.group(f"Installing, {label}"):
            added = self._install(database) - self.results.value("Install on an empty ledger")
            self.results.add(f"Added time of installation, {label}", added, "s", 60)
        with self.results.group(f"Debtors and their figures, {label}"), self._odoo(database) as env:
            decisions.prepare(env, self.results, label)
        with self.results.group(f"Decision, {label}"), self._odoo(database) as env:
            decisions.measure_query(env, self.results, label, with_budget=items == self.items)
        return label, items

    def _measure_work(self) -> None:
        """What people and scheduled actions do on the large ledger."""
        results = self.results
        with self._odoo(self._name(str(self.items))) as env:
            run = env["collection.run"]
            with results.group("Live decisions"):
                decisions.measure_one_debtor(env, results)
            with results.group("Simulation of the past"):
                decisions.measure_past(env, results)
            with results.group("Planning"):
                run = decisions.measure_run(env, results)
            with results.group("Letters"):
                sending.measure_letters(env, results, run.reminder_ids)
            with results.group("E-mails"):
                sending.measure_emails(env, results, run.reminder_ids)
            with results.group("Screens"):
                screens.measure(env, results)

    def _measure_forecasts(self) -> None:
        """What is foretold at night from what customers have paid so far."""
        database = self._copy(ledger.prepare_paid(self.environment, self.items), "paid")
        with self.results.group("Scores and forecasts"):
            self._install(database)
            with self._odoo(database) as env:
                scores.measure(env, self.results)

    def clean(self) -> None:
        """Drop the databases of this run; the generated ledgers stay for the next one of the day."""
        for database in self.created:
            databases.drop(database)
        self.environment.release()

    def _name(self, suffix: str) -> str:
        return databases.own(f"bench_run_{suffix}")

    def _copy(self, source: str | None, suffix: str) -> str:
        name = self._name(suffix)
        self.created.append(name)
        databases.copy(source or databases.template(self.environment), name)
        return name

    def _install(self, database: str) -> float:
        return seconds(lambda: databases.install(self.environment, database))

    @contextmanager
    def _odoo(self, database: str) -> Iterator[api.Environment]:
        try:
            with Registry(database).cursor() as cursor:
                env = api.Environment(cursor, SUPERUSER_ID, {})
                yield env(context={"allowed_company_ids": env.company.ids})
        finally:
            Registry.delete(database)
            close_db(database)


if __name__ == "__main__":
    entry(main)
