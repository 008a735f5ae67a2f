"""Times of the decision query, of planning and of the figures of debtors."""

import math
import random
import time
from contextlib import contextmanager
from types import SimpleNamespace

from odoo.tools import SQL

from benchmarks import situations
from benchmarks.figures import Results, median_seconds, percentile_95, seconds

DEBTORS_SAMPLED = 200


def prepare(env, results: Results, label: str) -> None:
    """Debtors, plans and situations over a ledger just installed on."""
    company = env.company
    Debtor = env["collection.debtor"]
    results.add(f"Create the debtors, {label}", seconds(lambda: Debtor._ensure_debtors(company)), "s", 30)
    situations.activate_plans(env)
    results.add(f"Refresh all figures, first time, {label}", seconds(lambda: Debtor._refresh_figures(company)), "s", 60)
    situations.fill(env)
    results.add(f"Refresh all figures, {label}", seconds(lambda: Debtor._refresh_figures(company)), "s", 60)
    env.cr.commit()


def measure_query(env, results: Results, label: str, *, with_budget: bool) -> None:
    """Time to decide all open items beside that of raw SQL grouping of the same items."""
    run = env["collection.run"].create({"is_dry_run": True})
    run._tune_for_large_sets()
    Decision = run._with_run_scope(env["collection.decision"])
    reference = _reference(Decision)
    decided = SQL(
        "SELECT COUNT(*), SUM(claim), COUNT(decision), COUNT(next_date), COUNT(detail) FROM (%s) decided",
        Decision._table_query,
    )
    raw = results.add(f"Raw SQL grouping of the open items, {label}", _timed(env, reference), "s")
    own = results.add(f"Decide all open items, {label}", _timed(env, decided), "s", 10 if with_budget else None)
    results.add(f"… ratio to raw SQL grouping, {label}", own / raw, "×", 30 if with_budget else None)
    env.cr.execute(decided)
    results.add(f"Open items decided, {label}", env.cr.fetchone()[0], "items")
    env.cr.rollback()


def measure_growth(results: Results, small: tuple[str, int], large: tuple[str, int]) -> None:
    """Exponent k with which the time grows: time ~ items^k."""
    name = "Decide all open items, {}"
    ratio = results.value(name.format(large[0])) / results.value(name.format(small[0]))
    results.add("Growth exponent of the decision", math.log(ratio) / math.log(large[1] / small[1]), "", 1.1)


def measure_plans_of_the_query(env, results: Results) -> None:
    """The live decision about one debtor, as screens read it."""
    debtors = env["collection.debtor"].search([], order="id")
    sample = random.Random(19).sample(debtors.ids, min(DEBTORS_SAMPLED, len(debtors)))
    times = []
    for debtor_id in sample:
        Decision = env["collection.decision"].with_context(
            allowed_company_ids=env.company.ids, collection_debtor_ids=(debtor_id,)
        )
        started = time.perf_counter()
        Decision.search_fetch([("debtor_id", "=", debtor_id)], ["decision", "claim", "level_id", "next_date"])
        times.append(1000 * (time.perf_counter() - started))
        env.invalidate_all()
    results.add("Decide one debtor live, 95th percentile", percentile_95(times), "ms", 50)
    explained = SQL("EXPLAIN (ANALYZE, SUMMARY) %s", Decision._table_query)
    env.cr.execute(explained)
    lines = [line for (line,) in env.cr.fetchall()]
    for wanted in ("Planning", "Execution"):
        value = next(line for line in lines if line.startswith(f"{wanted} Time"))
        results.add(f"… {wanted.lower()} by PostgreSQL, one debtor", float(value.split()[2]), "ms")
    env.cr.rollback()


def measure_past(env, results: Results) -> None:
    """A simulation as of a past day, which undoes later payments."""
    run = env["collection.run"].create({"is_dry_run": True})
    run.date = run.date.replace(day=1)
    run._tune_for_large_sets()
    Decision = run._with_run_scope(env["collection.decision"])
    query = SQL("SELECT COUNT(*), SUM(claim) FROM (%s) decided", Decision._table_query)
    results.add("Decide all open items as of the first of this month", seconds(lambda: env.cr.execute(query)), "s")
    env.cr.rollback()


def measure_run(env, results: Results):
    """A whole run, then each of its steps; returns the run, whose reminders others then send."""
    run = env["collection.run"].create({})
    with _timed_steps(run, ("_refresh_before_planning", "_take_snapshot", "_count_decisions", "_propose_reminders")) as steps:
        whole = seconds(run.action_plan)
    env.flush_all()
    lines = env["collection.reminder.line"].search_count([("reminder_id.run_id", "=", run.id)])
    results.add("Plan a whole run", whole, "s", 60)
    results.add("… of which refreshing debtors and figures", steps["_refresh_before_planning"], "s")
    results.add("… of which deciding and keeping the snapshot", steps["_take_snapshot"], "s")
    results.add("… of which counting decisions", steps["_count_decisions"], "s")
    results.add("… of which writing reminders", steps["_propose_reminders"], "s")
    results.add("Reminders proposed", len(run.reminder_ids), "reminders")
    results.add("Reminder lines written", lines, "lines")
    results.add("Reminder lines a second", lines / steps["_propose_reminders"], "lines/s", 40000, at_least=True)
    env.cr.commit()
    return run


def _reference(Decision) -> SQL:
    return SQL(
        """
        SELECT COUNT(*), SUM(residual)
          FROM (SELECT line.partner_id, SUM(line.amount_residual) AS residual
                  FROM account_move_line line
                 WHERE line.account_id IN %s AND line.reconciled IS NOT TRUE AND line.parent_state = 'posted'
                   AND line.amount_residual_currency <> 0
                 GROUP BY line.partner_id) partner
        """,
        tuple(Decision._get_perimeter_accounts().ids),
    )


def _timed(env, query: SQL) -> float:
    def execute():
        env.cr.execute(query)
        env.cr.fetchall()

    return median_seconds(execute)


@contextmanager
def _timed_steps(run, names):
    """Seconds spent in each of these methods of the run's model."""
    model, spent, originals = type(run), dict.fromkeys(names, 0.0), SimpleNamespace()
    for name in names:
        original = getattr(model, name)
        setattr(originals, name, original)

        def timed(self, *args, _name=name, _original=original):
            started = time.perf_counter()
            try:
                return _original(self, *args)
            finally:
                spent[_name] += time.perf_counter() - started

        setattr(model, name, timed)
    try:
        yield spent
    finally:
        for name in names:
            delattr(model, name)
