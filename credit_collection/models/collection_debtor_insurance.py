from odoo import fields, models
from odoo.tools import format_amount, format_date


class CollectionDebtor(models.Model):
    """What a credit insurer covers of a customer, and until when it lets us wait."""

    _inherit = "collection.debtor"

    credit_insurer_id = fields.Many2one(
        "res.partner", tracking=True, ondelete="restrict", domain="[('is_company', '=', True)]"
    )
    insurance_policy = fields.Char(string="Policy", tracking=True)
    insurance_limit = fields.Monetary(string="Insured Limit", tracking=True, help="0: nothing is covered any more.")
    insurance_valid_until = fields.Date(string="Limit valid until", tracking=True)
    insurance_extension_days = fields.Integer(
        string="Latest Extension (days)",
        tracking=True,
        help="Days after the due date up to which the insurer lets you grant more time without asking it.",
    )
    insurance_declaration_days = fields.Integer(
        string="Latest Declaration (days)",
        tracking=True,
        help="Days after the due date within which an unpaid invoice must be declared to the insurer.",
    )
    agreement_ids = fields.One2many("collection.agreement", "debtor_id", string="Agreements")

    _insurance_positive = models.Constraint(
        "CHECK (COALESCE(insurance_limit, 0) >= 0 AND COALESCE(insurance_extension_days, 0) >= 0"
        " AND COALESCE(insurance_declaration_days, 0) >= 0)",
        "The insurer's limit and delays cannot be negative.",
    )

    def _get_extension_warnings(self, items, until):
        """Sentences that say where more time for ``items``, up to the day ``until``, goes beyond the insurer's limits.

        Empty where there is no insurer, or nothing to say. To be shown before any extension; beyond them a manager
        confirms.
        """
        self.ensure_one()
        if not self.credit_insurer_id:
            return []
        return [*self._get_limit_warnings(), *items._get_insurance_warnings(until)]

    def _get_limit_warnings(self):
        today = self.company_id._get_collection_today()
        if self.insurance_valid_until and self.insurance_valid_until < today:
            yield self.env._(
                "The limit of %(insurer)s was valid until %(date)s.",
                insurer=self.credit_insurer_id.display_name,
                date=format_date(self.env, self.insurance_valid_until),
            )
        if self.currency_id.compare_amounts(self.balance, self.insurance_limit) > 0:
            yield self.env._(
                "%(balance)s is outstanding, and %(insurer)s covers %(limit)s.",
                balance=format_amount(self.env, self.balance, self.currency_id),
                insurer=self.credit_insurer_id.display_name,
                limit=format_amount(self.env, self.insurance_limit, self.currency_id),
            )
