from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import numpy as np

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import retrying

from ..calc.cash_forecast import Spread
from ..calc.forecast_learning import SUNDAY, Learned, learn
from ..calc.forecast_record import AVERAGE_BETTER, DUE_DATE_BETTER, TOO_LITTLE, TRUSTED, Verdict
from ..calc.payment_calendar import learn_calendar
from ..calc.payment_dates import Correction, fit_payment_dates
from ..calc.payment_history import History, OpenItems
from ..calc.payment_holds import apply_holds

# Sundays whose forecast is worked out afterwards where it is missing, as when the program is new.
REPLAYED_WEEKS = 8
# Forecasts of Sundays are kept that long, to be held against what came.
KEPT_WEEKS = 57
# Public holidays are known that many years back, and ahead as far as anything is foretold.
HOLIDAY_YEARS = (20, 5)


@dataclass(frozen=True)
class Book:
    """What a company's customers have paid and owe at the end of a day.

    ``history``: all instalments. ``items``: the open ones among them, in the same order; ``line_ids``: the journal item
    of each of these.
    """

    history: History
    items: OpenItems
    line_ids: np.ndarray

    def find(self, line_ids):
        """Position of each journal item among the open ones, -1 where it is not."""
        wanted = np.asarray(line_ids, np.int64)
        if not len(self.line_ids):
            return np.full(len(wanted), -1)
        in_order = np.argsort(self.line_ids)
        at = np.minimum(np.searchsorted(self.line_ids, wanted, sorter=in_order), len(in_order) - 1)
        return np.where(self.line_ids[in_order[at]] == wanted, in_order[at], -1)


class CollectionForecast(models.Model):
    """The cash that a company's open items will bring, as foretold at the end of a day: its lines tell when.

    Made every night of what was known by then. The forecasts of Sundays stay, so that they can be held against what
    came (collection_forecast_record); the others give way to the next. What has been learned of the forecast's own
    errors is kept with each. Invoices that are not issued yet are not in it.
    """

    _name = "collection.forecast"
    _description = "Cash Forecast"
    _order = "as_of desc, id desc"
    _rec_name = "as_of"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    as_of = fields.Date(string="As of", required=True, readonly=True, help="Last day that it knows, to its end.")
    made_at = fields.Datetime(readonly=True, default=fields.Datetime.now)
    state = fields.Selection(
        [("current", "Current"), ("past", "Past")], default="current", required=True, readonly=True
    )
    is_replayed = fields.Boolean(
        string="Worked out afterwards",
        readonly=True,
        help="Not made on its day, but later, from what the ledger knew at the end of that day.",
    )
    item_count = fields.Integer(string="Open Items", readonly=True)
    payment_count = fields.Integer(string="Payments known", readonly=True)
    line_ids = fields.One2many("collection.forecast.line", "forecast_id", readonly=True)

    # What has been learned: see calc/forecast_learning.py
    learned_on = fields.Date(readonly=True, help="Last day on which the forecast's own errors were looked at.")
    drift = fields.Float(readonly=True, help="How much likelier payments are now than they were, in log-odds.")
    drift_disputed = fields.Float(readonly=True, help="The same on top, for what is disputed.")
    early_before_due = fields.Float(readonly=True)
    late_before_due = fields.Float(readonly=True)
    early_overdue = fields.Float(readonly=True)
    late_overdue = fields.Float(readonly=True)
    spread_chance = fields.Float(readonly=True)
    spread_common = fields.Float(readonly=True)
    verdict = fields.Selection(
        [
            (TRUSTED, "Better than both naive forecasts"),
            (TOO_LITTLE, "Too little data"),
            (DUE_DATE_BETTER, "Due dates do better"),
            (AVERAGE_BETTER, "Usual delays do better"),
        ],
        readonly=True,
        default=TOO_LITTLE,
        required=True,
    )
    verdict_weeks = fields.Integer(string="Weeks of the Verdict", readonly=True)
    error = fields.Float(readonly=True, aggregator=None, help="Of the cash of a week, as a share of it.")
    error_due_date = fields.Float(string="Error of due dates", readonly=True, aggregator=None)
    error_average = fields.Float(string="Error of usual delays", readonly=True, aggregator=None)
    coverage = fields.Float(
        readonly=True, aggregator=None, help="How often the cash of a week was within the bounds: four times in five."
    )

    _one_a_day = models.UniqueIndex("(company_id, as_of)", "There is a forecast of this day already.")

    # -- making --------------------------------------------------------------------------------------------------------

    @api.model
    def _cron_forecast(self):
        """Foretell anew, of every company with open items, what was known at the end of yesterday."""
        # The scheduler acts for all companies, and on behalf of nobody.
        self = self.sudo()
        # What is due of which customer is everybody's: companies are told apart, users are not.
        companies = self.env["collection.debtor"]._read_group([], ["company_id"])
        for left, (company,) in reversed(list(enumerate(companies))):
            # Somebody who writes on a plan meanwhile makes it begin again.
            retrying(partial(self._refresh_company, company), self.env)
            self.env["ir.cron"]._commit_progress(1, remaining=left)

    @api.model
    def _refresh_company(self, company):
        """Bring the forecasts of a company up to date: that of yesterday, those of past Sundays, and what came."""
        company = company.root_id
        scope = self.with_context(
            allowed_company_ids=company.ids, collection_debtor_ids=None, lang=company.partner_id.lang
        )
        scope.env["collection.payment.history"]._refresh(company)
        yesterday = company._get_collection_today() - timedelta(days=1)
        for sunday in scope._get_missing_sundays(company, yesterday):
            scope._make_forecast(company, sunday, is_replayed=True)
        forecast = scope._make_forecast(company, yesterday)
        scope._drop_superseded(company)
        scope.env["collection.forecast.line"]._refresh_actual(company, yesterday)
        scope.env["collection.cash.plan"]._refresh_progress(company)
        return forecast

    def _get_missing_sundays(self, company, yesterday):
        """Sundays of the last weeks of which there is no forecast, the oldest first."""
        last = yesterday - timedelta(days=(yesterday.weekday() - SUNDAY) % 7)
        sundays = [last - timedelta(weeks=weeks) for weeks in reversed(range(REPLAYED_WEEKS))]
        known = set(self.search([("company_id", "=", company.id), ("as_of", "in", sundays)]).mapped("as_of"))
        return [sunday for sunday in sundays if sunday not in known and sunday != yesterday]

    @api.model
    def _make_forecast(self, company, as_of, is_replayed=False):
        """The company's forecast of what was known at the end of ``as_of``; takes the place of the one there was."""
        book = self._read_book(company, as_of)
        model, learned = self._fit(company, book.history, self._get_learned(company, as_of))
        foretold = model.forecast(book.items)
        foretold, committed = apply_holds(foretold, self._read_holds(company, book), model.calendar)
        self.search([("company_id", "=", company.id), ("as_of", "=", as_of)]).unlink()
        if not is_replayed:
            self.search([("company_id", "=", company.id), ("state", "=", "current")]).state = "past"
            self.env["collection.payment.date"]._rewrite(company, book, foretold, committed)
        forecast = self.create(
            {
                "company_id": company.id,
                "as_of": as_of,
                "state": "past" if is_replayed else "current",
                "is_replayed": is_replayed,
                "item_count": len(book.items),
                "payment_count": int((~np.isnat(book.history.paid)).sum()),
                **self._prepare_learned(learned),
            }
        )
        granularities = ("week",) if is_replayed else ("day", "week", "month")
        lines = self.env["collection.forecast.line"]
        lines._write_lines(forecast, book, foretold, committed, learned.spread, granularities)
        return forecast

    @api.model
    def _read_book(self, company, as_of):
        """What the company's customers have paid and owe, as it was known at the end of that day."""
        history, line_ids = self.env["collection.payment.history"]._read_open_items(company, as_of)
        return Book(history, history.open_items(), line_ids[history.is_open()])

    @api.model
    def _fit(self, company, history, before=None):
        """The model of payment days that ``history`` teaches, and what was learned of its errors.

        ``before``: what was learned earlier, which holds for a week.
        """
        years = [history.as_of.year - HOLIDAY_YEARS[0], history.as_of.year + HOLIDAY_YEARS[1]]
        holidays = company._get_working_calendar().public_holidays(*years)
        calendar = learn_calendar(history.paid, np.array(holidays, "datetime64[D]"))
        learned = learn(history, calendar, before)
        return fit_payment_dates(history, calendar, learned.correction), learned

    # -- what was learned ----------------------------------------------------------------------------------------------

    @api.model
    def _get_learned(self, company, as_of):
        """What the company's forecasts had learned last by that day, or None."""
        known = Domain("company_id", "=", company.id) & Domain("learned_on", "<=", as_of)
        return self.search(known, order="learned_on desc, id desc", limit=1)._as_learned()

    def _as_learned(self):
        if not self:
            return None
        self.ensure_one()
        return Learned(
            on=self.learned_on,
            correction=Correction(
                self.drift,
                self.drift_disputed,
                (self.early_before_due, self.late_before_due),
                (self.early_overdue, self.late_overdue),
            ),
            spread=Spread(self.spread_chance, self.spread_common),
            verdict=self._as_verdict(),
        )

    def _as_verdict(self):
        return Verdict(
            self.verdict, self.verdict_weeks, self.error, self.error_due_date, self.error_average, self.coverage
        )

    @api.model
    def _prepare_learned(self, learned):
        """Values of the fields that keep what was learned; what is not known is 0, of 0 weeks."""
        correction, verdict = learned.correction, learned.verdict
        figures = (verdict.error, verdict.error_by_due_date, verdict.error_by_average, verdict.coverage)
        error, error_due_date, error_average, coverage = np.nan_to_num(figures).tolist()
        return {
            "learned_on": learned.on,
            "drift": correction.drift,
            "drift_disputed": correction.disputed,
            "early_before_due": correction.before_due[0],
            "late_before_due": correction.before_due[1],
            "early_overdue": correction.overdue[0],
            "late_overdue": correction.overdue[1],
            "spread_chance": learned.spread.chance,
            "spread_common": learned.spread.common,
            "verdict": verdict.code,
            "verdict_weeks": verdict.weeks,
            "error": error,
            "error_due_date": error_due_date,
            "error_average": error_average,
            "coverage": coverage,
        }

    # -- keeping -------------------------------------------------------------------------------------------------------

    def _drop_superseded(self, company):
        """Delete what the latest forecast has replaced: days and months of all others, and all but Sundays."""
        past = self.search([("company_id", "=", company.id), ("state", "=", "past")])
        oldest = company._get_collection_today() - timedelta(weeks=KEPT_WEEKS)
        kept = past.filtered(lambda forecast: forecast.as_of.weekday() == SUNDAY and forecast.as_of >= oldest)
        (past - kept).unlink()
        self.env["collection.forecast.line"].search(
            [("forecast_id", "in", kept.ids), ("granularity", "!=", "week")]
        ).unlink()

    @api.model
    def _get_current(self, company):
        """The latest forecast of a company, empty before the first night."""
        return self.search([("company_id", "=", company.root_id.id), ("state", "=", "current")], limit=1)

    @api.depends("company_id", "as_of")
    def _compute_display_name(self):
        for forecast in self:
            day = fields.Date.to_string(forecast.as_of) if isinstance(forecast.as_of, date) else ""
            forecast.display_name = f"{forecast.company_id.name or ''} – {day}"
