"""This project as it runs in production: the methods of its models, asked as of each past day of a ledger."""

import numpy as np

from calc.payment_history import History, OpenItems, day_numbers

from .walk import Method


class Production(Method):
    """Reads the ledger as of the day by SQL, and asks the models that run at night. Nothing else of the past is used.

    Of invoices to be issued the next day: the score's probability and the fitted dates. Of the open book: what the
    nightly forecast has written, dates from ``collection.payment.date`` and cash from ``collection.forecast.line``.
    """

    name = "this project, in Odoo"

    def __init__(self, env, truth: History, line_ids: np.ndarray):
        self.env = env
        self.company = env.company
        self.truth = truth
        self.line_ids = line_ids
        self.learned = None

    def learn(self, past: History):
        """Read what the ledger knew, and fit on it. Raises ValueError if it is not what was known then."""
        super().learn(past)
        payments = self.env["collection.payment.history"]
        self.forecasts = self.env["collection.forecast"]
        self.book = self.forecasts._read_book(self.company, past.as_of)
        known = self.line_ids[self.truth.issued <= np.datetime64(past.as_of, "D")]
        self.open_lines = known[past.is_open()]
        if len(self.book.history) != len(past) or set(self.book.line_ids.tolist()) != set(self.open_lines.tolist()):
            raise ValueError(f"As of {past.as_of} the ledger tells another past than the file.")
        self.incidents = payments._read_incidents(self.company, past.as_of)
        self.model = self.score = self.written_on = None

    def late(self, items: OpenItems) -> np.ndarray:
        """The score's probability."""
        if self.score is None:
            self.score = self.env["collection.score.model"]._learn(self.company, self.book.history, self.incidents)
        return self.score.probability(self.book.history, items, self.incidents)

    def dates(self, items: OpenItems) -> np.ndarray:
        """P50, P10, P90; what is foretold for never is given the day after all days."""
        if (items.issued > np.datetime64(self.past.as_of, "D")).all():
            forecast = self._fitted().forecast(items)
            found = (forecast.p50, forecast.p10, forecast.p90)
        else:
            found = self._read_dates()
        return np.array([day_numbers(days) for days in found])

    def cash(self, items: OpenItems, weeks: int) -> np.ndarray:
        """Expected, low, high. Asked on Sundays: weeks are whole."""
        lines = self._write_forecast().line_ids.filtered(
            lambda line: line.granularity == "week" and line.breakdown == "total"
        )
        coming = lines.sorted("first_day")[:weeks]
        return np.array([coming.mapped(name) for name in ("expected", "low", "high")])

    def _fitted(self):
        if self.model is None:
            before = self.forecasts._get_learned(self.company, self.past.as_of) or self.learned
            self.model, self.learned = self.forecasts._fit(self.company, self.book.history, before)
        return self.model

    def _write_forecast(self):
        """The forecast of the night, made once a day asked."""
        if self.written_on is None:
            self.written_on = self.forecasts._make_forecast(self.company, self.past.as_of)
            self.env.cr.commit()
        return self.written_on

    def _read_dates(self):
        self._write_forecast()
        dates = self.env["collection.payment.date"].search([])
        by_line = {date.move_line_id.id: (date.p50, date.p10, date.p90) for date in dates}
        rows = [by_line[line_id] for line_id in self.open_lines.tolist()]
        return np.array([[day or "NaT" for day in row] for row in rows], "datetime64[D]").T
