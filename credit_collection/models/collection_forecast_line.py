from datetime import timedelta

import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ..calc.cash_forecast import cut_periods, forecast_cash
from ..calc.forecast_record import day_by_delay, day_by_due_date
from ..calc.payment_history import day_number
from .collection_debtor import CUSTOMER_KINDS
from .column_arrays import insert_columns

KINDS = tuple(kind for kind, _label in CUSTOMER_KINDS)
# Receipts are often entered days after they came: what came of a week is looked at again so long.
LATE_ENTRIES = timedelta(days=35)
FIGURES = ("due", "overdue", "expected", "committed", "low", "high", "naive_due_date", "naive_average_delay")


class CollectionForecastLine(models.Model):
    """The cash foretold of a period, in one currency: of all customers, of one collector's, or of one segment's.

    Bounds are those of their own sum: they do not add up. What came is held against it later, for weeks: what money
    paid, in that week, of the items that were open when it was foretold.
    """

    _name = "collection.forecast.line"
    _description = "Cash Forecast of a Period"
    _order = "first_day, granularity, id"
    _rec_name = "first_day"
    _log_access = False

    forecast_id = fields.Many2one("collection.forecast", required=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="forecast_id.company_id")
    as_of = fields.Date(related="forecast_id.as_of")
    granularity = fields.Selection(
        [("day", "Day"), ("week", "Week"), ("month", "Month")], string="Period", required=True, readonly=True
    )
    first_day = fields.Date(required=True, readonly=True)
    last_day = fields.Date(required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="cascade")
    breakdown = fields.Selection(
        [("total", "All customers"), ("collector", "Collector"), ("segment", "Segment")],
        required=True,
        readonly=True,
    )
    collector_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    customer_kind = fields.Selection(CUSTOMER_KINDS, readonly=True)
    country_id = fields.Many2one("res.country", readonly=True, ondelete="set null")

    scope_name = fields.Char(string="Customers", compute="_compute_scope_name", help="Whose money the line is of.")

    due = fields.Monetary(string="Falls due", readonly=True, help="Falls due in the period.")
    overdue = fields.Monetary(readonly=True, help="Was due already: counted in the first period.")
    expected = fields.Monetary(readonly=True, help="What is committed by its chance to be kept, and what is foretold.")
    committed = fields.Monetary(readonly=True, help="Promised, scheduled or to be debited, by its chance to be kept.")
    low = fields.Monetary(readonly=True, aggregator=None, help="Less comes once in ten.")
    high = fields.Monetary(readonly=True, aggregator=None, help="More comes once in ten.")
    naive_due_date = fields.Monetary(string="If paid when due", readonly=True)
    naive_average_delay = fields.Monetary(string="If paid after the usual delay", readonly=True)
    is_over = fields.Boolean(readonly=True, help="The period is over, and what came is known.")
    actual = fields.Monetary(string="Received", readonly=True, help="Of the items that were open then.")

    _period_idx = models.Index("(forecast_id, granularity, breakdown, currency_id)")

    # -- what is foretold ----------------------------------------------------------------------------------------------

    @api.model
    def _write_lines(self, forecast, book, foretold, committed, spread, granularities):
        """Lines of a ``forecast`` of a ``book`` from the dates ``foretold``, by one statement."""
        items = book.items
        if not len(items):
            return
        naive = (day_by_due_date(items, forecast.as_of), day_by_delay(items, book.history, np.mean))
        rows = []
        for breakdown, keys in self._get_breakdowns(forecast.company_id, items).items():
            groups, code = np.unique(np.column_stack((items.currency, *keys)), axis=0, return_inverse=True)
            code = code.ravel()
            for granularity in granularities:
                periods = cut_periods(forecast.as_of, granularity)
                table = forecast_cash(items, foretold, periods, code, committed, spread)
                sums = [_sum_by_period(items, days, forecast.as_of, periods, code) for days in naive]
                rows += self._prepare_rows(forecast, granularity, breakdown, groups.tolist(), table, sums)
        self._insert(rows)

    def _get_breakdowns(self, company, items):
        """{breakdown: columns of (collector, kind of customer, country)} of each item; 0 where it is not told apart."""
        Debtor = self.env["collection.debtor"]
        Debtor.flush_model(["company_id", "country_id", "customer_kind", "user_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT id, COALESCE(user_id, 0), array_position(%s::varchar[], customer_kind),
                          COALESCE(country_id, 0)
                     FROM collection_debtor WHERE company_id = %s ORDER BY id""",
                list(KINDS),
                company.id,
            )
        )
        debtor, collector, kind, country = np.array(rows, np.int64).reshape(-1, 4).T
        at = np.searchsorted(debtor, items.debtor)
        nobody = np.zeros(len(items), np.int64)
        return {
            "total": (nobody, nobody, nobody),
            "collector": (collector[at], nobody, nobody),
            "segment": (nobody, kind[at], country[at]),
        }

    def _prepare_rows(self, forecast, granularity, breakdown, groups, table, naive):
        """Rows of one table, the columns in the order of ``_insert``."""
        currencies = self.env["res.currency"]
        for group, (currency_id, collector, kind, country) in enumerate(groups):
            digits = currencies.browse(currency_id).decimal_places
            for rank, period in enumerate(table.periods):
                figures = (
                    table.due[group, rank],
                    table.overdue[group] if rank == 0 else 0.0,
                    *(getattr(table, name)[group, rank] for name in ("expected", "committed", "low", "high")),
                    *(figure[group, rank] for figure in naive),
                )
                yield (
                    forecast.id,
                    granularity,
                    period.start,
                    forecast.as_of + timedelta(days=period.last),
                    currency_id,
                    breakdown,
                    collector or None,
                    KINDS[kind - 1] if kind else None,
                    country or None,
                    *(round(float(figure), digits) for figure in figures),
                    False,
                )

    def _insert(self, rows):
        names = {
            "forecast_id": "int4",
            "granularity": "varchar",
            "first_day": "date",
            "last_day": "date",
            "currency_id": "int4",
            "breakdown": "varchar",
            "collector_id": "int4",
            "customer_kind": "varchar",
            "country_id": "int4",
            **dict.fromkeys(FIGURES, "numeric"),
            "is_over": "bool",
        }
        columns = zip(*rows, strict=True)
        insert_columns(
            self.env,
            self._table,
            {name: (kind, list(values)) for (name, kind), values in zip(names.items(), columns, strict=True)},
        )
        self.invalidate_model()

    # -- what came -----------------------------------------------------------------------------------------------------

    @api.model
    def _refresh_actual(self, company, day):
        """Hold what came by the end of ``day`` against what was foretold of the weeks that are week."""
        self.flush_model()
        self.env["collection.forecast"].flush_model()
        self.env["collection.payment.history"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH week AS MATERIALIZED (
                    SELECT line.id, line.breakdown, line.currency_id, COALESCE(line.collector_id, 0) AS collector_id,
                           line.customer_kind, COALESCE(line.country_id, 0) AS country_id, line.first_day,
                           line.last_day, forecast.as_of
                      FROM collection_forecast_line line
                      JOIN collection_forecast forecast ON forecast.id = line.forecast_id
                     WHERE forecast.company_id = %(company)s AND forecast.state = 'past' AND line.granularity = 'week'
                       AND line.last_day <= %(day)s AND (line.is_over IS NOT TRUE OR line.last_day > %(again)s)
                ), receipt AS MATERIALIZED (%(receipts)s
                ), came AS MATERIALIZED (
                    -- By span first: many lines are about the same days.
                    SELECT span.as_of, span.first_day, receipt.currency_id, receipt.collector_id, receipt.customer_kind,
                           receipt.country_id, SUM(receipt.amount) AS amount
                      FROM (SELECT DISTINCT as_of, first_day, last_day FROM week) span
                      JOIN receipt
                        ON receipt.day BETWEEN span.first_day AND span.last_day AND receipt.issued <= span.as_of
                     GROUP BY span.as_of, span.first_day, receipt.currency_id, receipt.collector_id,
                              receipt.customer_kind, receipt.country_id
                ), total AS (
                    SELECT week.id, SUM(came.amount) AS amount
                      FROM week
                      JOIN came ON came.as_of = week.as_of AND came.first_day = week.first_day
                       AND came.currency_id = week.currency_id
                     WHERE week.breakdown = 'total'
                        OR week.breakdown = 'collector' AND came.collector_id = week.collector_id
                        OR week.breakdown = 'segment' AND came.customer_kind = week.customer_kind
                           AND came.country_id = week.country_id
                     GROUP BY week.id)
                UPDATE collection_forecast_line line
                   SET actual = COALESCE(total.amount, 0), is_over = TRUE
                  FROM week LEFT JOIN total ON total.id = week.id
                 WHERE line.id = week.id
                """,
                company=company.id,
                day=day,
                again=day - LATE_ENTRIES,
                receipts=self._sql_receipts(company, day),
            )
        )
        self.invalidate_model()

    def _sql_receipts(self, company, day):
        """What money paid by day of receipt and of issue: (currency_id, day, issued, collector, kind, country, amount).

        Of the days of the weeks that are over and not looked at for good. Customers are taken as they stand today.
        """
        return SQL(
            """
            SELECT received.currency_id, received.day, received.issued, COALESCE(debtor.user_id, 0) AS collector_id,
                   debtor.customer_kind, COALESCE(debtor.country_id, 0) AS country_id, SUM(received.amount) AS amount
              FROM (%(received)s) received
              JOIN collection_debtor debtor ON debtor.id = received.debtor_id
             WHERE received.day BETWEEN (SELECT MIN(first_day) FROM week) AND %(day)s
             GROUP BY received.currency_id, received.day, received.issued, debtor.user_id, debtor.customer_kind,
                      debtor.country_id
            """,
            received=self.env["collection.payment.history"]._sql_money_received(company),
            day=day,
        )

    @api.depends("breakdown", "collector_id", "customer_kind", "country_id")
    @api.depends_context("lang")
    def _compute_scope_name(self):
        describe = self.env["collection.forecast"]._describe_scope
        for key, lines in self.grouped(
            lambda line: (line.breakdown, line.collector_id, line.customer_kind, line.country_id)
        ).items():
            lines.scope_name = describe(*key)

    @api.depends("granularity", "first_day", "last_day")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.first_day or ''} – {line.last_day or ''}"


def _sum_by_period(items, days, as_of, periods, code):
    """Amounts by group and period of items that are paid on day numbers ``days``, one each: array (groups, periods)."""
    wait = days - day_number(as_of)
    amount = np.nan_to_num(items.amount)
    groups = int(code.max()) + 1
    return np.column_stack(
        [np.bincount(code, amount * ((wait >= period.first) & (wait <= period.last)), groups) for period in periods]
    )
