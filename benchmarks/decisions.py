"""Times of the decision query, of planning and of the figures of debtors."""

import math
import random
import time
from contextlib import contextmanager
from datetime import timedelta
from statistics import median

from odoo.tools import SQL

from benchmarks import situations
from benchmarks.figures import Results, median_seconds, percentile_95, seconds

DEBTORS_SAMPLED = 200
DEBTORS_IN_A_BATCH = 50
BATCHES_SAMPLED = 20
STEPS = (
    "_refresh_before_planning",
    "_take_snapshot",
    "_count_decisions",
    "_propose_reminders",
    "_insert_reminder_lines",
)


def prepare(env, results: Results, label: str) -> None:
    """Debtors, plans and situations over a ledger just installed on."""
    company = env.company
    debtors = env["collection.debtor"]
    results.add(f"Create the debtors, {label}", seconds(lambda: debtors._ensure_debtors(company)), "s", 30)
    situations.activate_plans(env)
    results.add(
        f"Refresh all figures, first time, {label}", seconds(lambda: debtors._refresh_figures(company)), "s", 60
    )
    situations.fill(env)
    results.add(f"Refresh all figures, {label}", seconds(lambda: debtors._refresh_figures(company)), "s", 60)
    env.cr.commit()


def measure_query(env, results: Results, label: str, *, with_budget: bool) -> None:
    """Time to decide all open items beside that of raw SQL grouping of the same items."""
    decision = _decisions_of_a_run(env)
    # Every column that costs something is read, so that none is left out as useless.
    decided = SQL(
        "SELECT COUNT(*), SUM(claim), SUM(claim_company), COUNT(decision), COUNT(next_date), COUNT(detail) FROM (%s) x",
        decision._table_query,
    )
    with decision._tuned_for_large_sets():
        raw = results.add(f"Raw SQL grouping of the open items, {label}", _timed(env, _reference(decision)), "s")
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


def measure_one_debtor(env, results: Results) -> None:
    """The live decision about one debtor, as screens read it."""
    debtors = env["collection.debtor"].search([], order="id")
    times = [_milliseconds_to_decide(env, (debtor_id,)) for debtor_id in _sample(debtors, DEBTORS_SAMPLED)]
    results.add("Decide one debtor live, median", median(times), "ms")
    results.add("Decide one debtor live, 95th percentile", percentile_95(times), "ms", 100)
    times = [
        _milliseconds_to_decide(env, tuple(_sample(debtors, DEBTORS_IN_A_BATCH, seed)))
        for seed in range(BATCHES_SAMPLED)
    ]
    results.add(
        f"Decide {DEBTORS_IN_A_BATCH} debtors live, as the outbox does, 95th percentile", percentile_95(times), "ms"
    )
    largest = env["collection.debtor"].search([], order="open_item_count desc", limit=1)
    items = largest.open_item_count
    results.add(f"Decide the largest debtor live ({items} items)", _milliseconds_to_decide(env, (largest.id,)), "ms")
    for wanted, milliseconds in _explained_times(env, debtors[:1]).items():
        results.add(f"… one debtor, {wanted.lower()} in PostgreSQL", milliseconds, "ms")
    env.cr.rollback()


def _sample(debtors, size: int, seed: int = 19) -> list[int]:
    return random.Random(seed).sample(debtors.ids, min(size, len(debtors)))


def _milliseconds_to_decide(env, debtor_ids: tuple[int, ...]) -> float:
    decision = env["collection.decision"].with_context(
        allowed_company_ids=env.company.ids, collection_debtor_ids=debtor_ids
    )
    env.invalidate_all()
    wanted = ["decision", "claim", "level_id", "next_date", "detail"]
    return 1000 * seconds(lambda: decision.search_fetch([("debtor_id", "in", debtor_ids)], wanted))


def _explained_times(env, debtor) -> dict[str, float]:
    decision = env["collection.decision"].with_context(
        allowed_company_ids=env.company.ids, collection_debtor_ids=tuple(debtor.ids)
    )
    env.cr.execute(SQL("EXPLAIN (ANALYZE, SUMMARY) %s", decision._table_query))
    lines = [line.split() for (line,) in env.cr.fetchall()]
    return {line[0]: float(line[2]) for line in lines if line[0] in ("Planning", "Execution") and line[1] == "Time:"}


def measure_past(env, results: Results) -> None:
    """A simulation as of a past day, which undoes later payments."""
    decision = _decisions_of_a_run(env)
    decision = decision.with_context(collection_date=decision._get_today() - timedelta(days=20))
    query = SQL("SELECT COUNT(*), SUM(claim) FROM (%s) decided", decision._table_query)
    with decision._tuned_for_large_sets():
        results.add("Decide all items as of three weeks ago", seconds(lambda: env.cr.execute(query)), "s")
    env.cr.rollback()


def _decisions_of_a_run(env):
    run = env["collection.run"].create({"is_dry_run": True})
    return run._with_run_scope(env["collection.decision"])


def measure_run(env, results: Results):
    """A whole run, then each of its steps; returns the run, whose reminders others then send."""
    run = env["collection.run"].create({})
    with _timed_steps(run, STEPS) as steps:
        whole = seconds(run.action_plan)
    env.flush_all()
    lines = env["collection.reminder.line"].search_count([("reminder_id.run_id", "=", run.id)])
    results.add("Plan a whole run", whole, "s", 60)
    results.add("… of which refreshing debtors and figures", steps["_refresh_before_planning"], "s")
    results.add("… of which deciding and keeping the snapshot", steps["_take_snapshot"], "s")
    results.add("… of which counting decisions", steps["_count_decisions"], "s")
    results.add("… of which writing items, reminders and lines", steps["_propose_reminders"], "s")
    results.add("Reminders proposed", len(run.reminder_ids), "reminders")
    results.add("Reminder lines written", lines, "lines")
    results.add("Reminder lines a second", lines / steps["_insert_reminder_lines"], "lines/s", 40000, at_least=True)
    env.cr.commit()
    return run


def _reference(decision) -> SQL:
    return SQL(
        """
        SELECT COUNT(*), SUM(residual)
          FROM (SELECT line.partner_id, SUM(line.amount_residual) AS residual
                  FROM account_move_line line
                 WHERE line.account_id IN %s AND line.reconciled IS NOT TRUE AND line.parent_state = 'posted'
                   AND line.amount_residual_currency <> 0
                 GROUP BY line.partner_id) partner
        """,
        tuple(decision._get_perimeter_accounts().ids),
    )


def _timed(env, query: SQL) -> float:
    def execute():
        env.cr.execute(query)
        env.cr.fetchall()

    return median_seconds(execute)


@contextmanager
def _timed_steps(run, names):
    """Seconds spent in each of these methods of the run's model."""
    model, spent = type(run), dict.fromkeys(names, 0.0)
    for name in names:
        original = getattr(model, name)

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
