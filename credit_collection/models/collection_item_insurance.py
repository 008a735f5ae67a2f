from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

# How long before its last day a declaration stands on the list of things to do.
DECLARATION_NOTICE_DAYS = 15
OPERATORS = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}


class CollectionItem(models.Model):
    """Until when an insured item may be extended, and by when it must be declared."""

    _inherit = "collection.item"

    latest_extension_date = fields.Date(
        string="Latest Extension", compute="_compute_insurance_dates", search="_search_latest_extension_date"
    )
    latest_declaration_date = fields.Date(
        string="Latest Declaration", compute="_compute_insurance_dates", search="_search_latest_declaration_date"
    )
    declared_on = fields.Date(string="Declared on", help="Day on which the unpaid item was declared to the insurer.")

    @api.depends(
        "due_date",
        "debtor_id.credit_insurer_id",
        "debtor_id.insurance_extension_days",
        "debtor_id.insurance_declaration_days",
    )
    def _compute_insurance_dates(self):
        for item in self:
            item.latest_extension_date = item._add_insured_days("insurance_extension_days")
            item.latest_declaration_date = item._add_insured_days("insurance_declaration_days")

    def _add_insured_days(self, delay):
        days = self.debtor_id[delay]
        insured = self.debtor_id.credit_insurer_id and days and self.due_date
        return self.due_date + timedelta(days=days) if insured else False

    def _search_latest_extension_date(self, operator, value):
        return self._search_insured_date("insurance_extension_days", operator, value)

    def _search_latest_declaration_date(self, operator, value):
        return self._search_insured_date("insurance_declaration_days", operator, value)

    def _search_insured_date(self, delay, operator, value):
        if operator not in OPERATORS:
            return NotImplemented
        return [
            (
                "id",
                "in",
                SQL(
                    """(SELECT item.id FROM collection_item item
                          JOIN collection_debtor debtor ON debtor.id = item.debtor_id
                         WHERE debtor.credit_insurer_id IS NOT NULL AND debtor.%(delay)s > 0
                           AND item.due_date + debtor.%(delay)s %(operator)s %(day)s)""",
                    delay=SQL.identifier(delay),
                    operator=SQL(OPERATORS[operator]),
                    day=fields.Date.to_date(value),
                ),
            )
        ]

    def _get_insurance_warnings(self, until):
        """Where more time up to the day ``until`` goes beyond what the insurer lets us grant for these items."""
        for item in self:
            if until and item.latest_extension_date and until > item.latest_extension_date:
                yield self.env._(
                    "%(invoice)s cannot be extended beyond %(date)s.",
                    invoice=item.display_name,
                    date=format_date(self.env, item.latest_extension_date),
                )
        today = self.env["collection.decision"]._get_today()
        for item in self.filtered(lambda item: item.latest_declaration_date and not item.declared_on):
            if item.latest_declaration_date < today:
                yield self.env._(
                    "%(invoice)s should have been declared by %(date)s.",
                    invoice=item.display_name,
                    date=format_date(self.env, item.latest_declaration_date),
                )
            elif until and item.latest_declaration_date < until:
                yield self.env._(
                    "%(invoice)s must be declared by %(date)s, agreement or not.",
                    invoice=item.display_name,
                    date=format_date(self.env, item.latest_declaration_date),
                )

    def action_declared(self):
        """The unpaid items were declared to the insurer today."""
        for item in self.filtered(lambda item: not item.declared_on):
            item.declared_on = item.company_id._get_collection_today()
        return True

    @api.model
    def _get_to_declare_domain(self):
        """Open items that have to be declared to an insurer within two weeks, or should have been."""
        soon = self.env["collection.decision"]._get_today() + timedelta(days=DECLARATION_NOTICE_DAYS)
        return [
            ("declared_on", "=", False),
            ("closed_on", "=", False),
            ("move_line_id", "!=", False),
            ("latest_declaration_date", "<=", soon),
        ]

    @api.model
    def _cron_follow_insured(self):
        """Follow the open items of insured customers, so that none goes undeclared for want of a reminder."""
        insured = self.env["collection.debtor"].search(
            [("credit_insurer_id", "!=", False), ("insurance_declaration_days", ">", 0), ("overdue", ">", 0)]
        )
        for company, debtors in insured.grouped("company_id").items():
            decisions = debtors.with_context(allowed_company_ids=company.ids)._read_decisions()
            self._ensure_for(decisions.filtered(lambda decision: decision.days_late > 0 and not decision.item_id))
