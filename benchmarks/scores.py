"""Times of what is foretold at night: scores of all customers, dates of all open items, the cash they bring."""

from datetime import timedelta

import numpy as np

from benchmarks.figures import Results, seconds

BUDGET = 60


def measure(env, results: Results) -> None:
    """From the ledger to what is written: reading, learning, foretelling, writing."""
    company = env.company
    payments, forecasts = env["collection.payment.history"], env["collection.forecast"]
    first = seconds(lambda: payments._refresh(company))
    results.add("Copy the payment history, first time", first, "s")
    # As on any later night: the accounts were set up long ago.
    env.cr.execute("UPDATE account_account SET write_date = write_date - INTERVAL '30 days'")
    env.cr.commit()
    results.add("Bring the payment history up to date", seconds(lambda: payments._refresh(company)), "s")
    yesterday = company._get_collection_today() - timedelta(days=1)
    history = payments._read_history(company, yesterday)
    results.add("Paid invoices", int((~np.isnat(history.paid)).sum()), "invoices")
    results.add("Open invoices", int(history.is_open().sum()), "invoices")
    results.add("Customers", len(np.unique(history.debtor)), "customers")
    del history
    scoring = seconds(lambda: env["collection.debtor"]._score_company(company))
    results.add("Score all customers", scoring, "s")
    env.cr.commit()
    foretelling = seconds(lambda: forecasts._make_forecast(company, yesterday))
    results.add("Foretell all open items and the cash", foretelling, "s")
    env.cr.commit()
    results.add("Score and forecast all customers", scoring + foretelling, "s", BUDGET)
    screen = seconds(lambda: forecasts.get_screen({}))
    results.add("Screen of the cash forecast", 1000 * screen, "ms", 300)
