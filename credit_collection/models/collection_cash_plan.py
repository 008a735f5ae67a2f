from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_amount

# What is still to be seen of: this month and, a while, the last one.
ALARMING = ("at_risk", "missed")


class CollectionCashPlan(models.Model):
    """The cash that a company means to collect in a month, in one currency, beside what came and what is foretold.

    What came is all that customers paid in the month; what is foretold, what the open items will bring until its end.
    Invoices that are not issued yet may add to it: of a month to come it is said what is in sight, and no more.
    """

    _name = "collection.cash.plan"
    _description = "Cash Plan of a Month"
    _order = "month desc, company_id, currency_id"
    _rec_name = "month"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    month = fields.Date(required=True, default=lambda self: self._get_month(self.env.company), help="Any day of it.")
    amount = fields.Monetary(string="Cash planned", required=True)

    # Found every night
    received = fields.Monetary(readonly=True, copy=False, help="What customers have paid in the month, to yesterday.")
    expected = fields.Monetary(
        string="Still expected", readonly=True, copy=False, help="What the open items will bring until the month ends."
    )
    high = fields.Monetary(
        string="At most", readonly=True, copy=False, aggregator=None, help="More than that is received once in ten."
    )
    foretold = fields.Monetary(string="Received and expected", compute="_compute_foretold")
    missing = fields.Monetary(compute="_compute_foretold", help="What the plan asks for beyond that.")
    state = fields.Selection(
        [
            ("open", "To come"),
            ("on_track", "On track"),
            ("at_risk", "At risk"),
            ("missed", "Missed"),
            ("met", "Met"),
        ],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        help="At risk: what came and what is expected do not reach the plan. Missed: nor does the upper bound.",
    )
    dealt_with = fields.Boolean(copy=False, help="A manager knows: it no longer stands among what is to do.")

    _one_a_month = models.UniqueIndex(
        "(company_id, currency_id, month)", "There is a plan of this month in this currency already."
    )
    _amount_positive = models.Constraint("CHECK (amount > 0)", "A plan is an amount above zero.")

    @api.depends("amount", "received", "expected", "currency_id")
    def _compute_foretold(self):
        for plan in self:
            plan.foretold = plan.received + plan.expected
            plan.missing = max(plan.currency_id.round(plan.amount - plan.foretold), 0) if plan.currency_id else 0

    @api.depends("month", "amount", "currency_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = self.env._(
                "%(month)s: %(amount)s",
                month=f"{plan.month:%m/%Y}" if plan.month else "",
                amount=format_amount(self.env, plan.amount, plan.currency_id),
            )

    @api.model
    def _get_month(self, company):
        """First day of the current month."""
        return company.root_id._get_collection_today().replace(day=1)

    @api.model_create_multi
    def create(self, vals_list):
        """A plan is of the whole month, and knows at once how it stands."""
        plans = super().create([self._prepare_month(vals) for vals in vals_list])
        for company, own in plans.grouped("company_id").items():
            # What came and what is foretold is the program's to find, whoever makes the plan.
            own.sudo()._refresh_own_progress(company)
        return plans

    def write(self, vals):
        """Look again where it stands when a person has changed it."""
        result = super().write(self._prepare_month(vals))
        if {"amount", "month", "currency_id", "company_id"} & vals.keys():
            for company, own in self.grouped("company_id").items():
                # As in create().
                own.sudo()._refresh_own_progress(company)
        return result

    @api.model
    def _prepare_month(self, vals):
        month = fields.Date.to_date(vals.get("month"))
        return {**vals, "month": month.replace(day=1)} if month else vals

    # -- how it stands -------------------------------------------------------------------------------------------------

    @api.model
    def _refresh_progress(self, company):
        """Find anew what came and what is foretold of the plans of last month, this one and those to come."""
        since = self._get_month(company) - relativedelta(months=1)
        self.search([("company_id", "=", company.id), ("month", ">=", since)])._refresh_own_progress(company)

    def _refresh_own_progress(self, company):
        if not self:
            return
        received = self._read_received(company)
        foretold = self._read_foretold(company)
        this_month = self._get_month(company)
        for plan in self:
            key = (plan.month, plan.currency_id.id)
            came = received.get(key, 0.0)
            expected, high = foretold.get(key, (0.0, 0.0))
            plan.write(
                {
                    "received": came,
                    "expected": expected,
                    "high": came + high,
                    "state": plan._find_state(this_month, came, expected, high),
                }
            )

    def _find_state(self, this_month, came, expected, high):
        self.ensure_one()
        reaches = self.currency_id.compare_amounts
        if reaches(came, self.amount) >= 0:
            return "met"
        if self.month > this_month:
            return "open"
        if self.month < this_month or reaches(came + high, self.amount) < 0:
            return "missed"
        return "on_track" if reaches(came + expected, self.amount) >= 0 else "at_risk"

    def _read_received(self, company):
        """{(first day of the month, currency id): what customers paid in it to yesterday}, of the months of the plans.

        What comes today is among what is expected.
        """
        self.env["account.partial.reconcile"].flush_model()
        self.env["collection.payment.history"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT date_trunc('month', received.day)::date, received.currency_id, SUM(received.amount)
                  FROM (%(received)s) received
                 WHERE received.day >= %(first)s AND received.day < %(end)s
                 GROUP BY 1, 2
                """,
                received=self.env["collection.payment.history"]._sql_money_received(company),
                first=min(self.mapped("month")),
                end=min(max(self.mapped("month")) + relativedelta(months=1), company._get_collection_today()),
            )
        )
        return {(month, currency_id): amount for month, currency_id, amount in rows}

    def _read_foretold(self, company):
        """{(first day of the month, currency id): (expected, upper bound)} of what is left of each month."""
        forecast = self.env["collection.forecast"]._get_current(company)
        lines = self.env["collection.forecast.line"].search(
            [("forecast_id", "=", forecast.id), ("granularity", "=", "month"), ("breakdown", "=", "total")]
        )
        return {(line.first_day.replace(day=1), line.currency_id.id): (line.expected, line.high) for line in lines}
