from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CollectionAgreement(models.Model):
    """What a credit insurer lets us grant, shown before; beyond it a manager confirms, with the reason."""

    _inherit = "collection.agreement"

    credit_insurer_id = fields.Many2one(related="debtor_id.credit_insurer_id")
    insurance_limit = fields.Monetary(related="debtor_id.insurance_limit", currency_field="company_currency_id")
    insurance_valid_until = fields.Date(related="debtor_id.insurance_valid_until")
    company_currency_id = fields.Many2one(related="debtor_id.currency_id", string="Company Currency")
    latest_extension_date = fields.Date(compute="_compute_insurance", string="Latest Extension")
    latest_declaration_date = fields.Date(compute="_compute_insurance", string="Latest Declaration")
    insurance_warning = fields.Text(compute="_compute_insurance")
    insurance_reason = fields.Char(string="Beyond the insurer's limits because", readonly=True, copy=False)
    insurance_user_id = fields.Many2one("res.users", string="Confirmed by", readonly=True, copy=False)

    @api.depends("item_ids", "debtor_id", "instalment_ids.due_date", "last_date")
    def _compute_insurance(self):
        for agreement in self:
            items = agreement.item_ids._origin
            earliest = [
                min(filter(None, items.mapped(name)), default=False)
                for name in ("latest_extension_date", "latest_declaration_date")
            ]
            agreement.latest_extension_date, agreement.latest_declaration_date = earliest
            debtor = agreement.debtor_id
            warnings = debtor._get_extension_warnings(items, agreement.last_date) if debtor else ()
            agreement.insurance_warning = "\n".join(warnings) or False

    def _confirm_risk(self, reason):
        """Values that keep who went beyond the insurer's limits, and why; none within them.

        Raises AccessError for whoever is no manager, UserError without a reason.
        """
        self.ensure_one()
        if not self.insurance_warning:
            return {}
        if not self._is_manager():
            raise AccessError(
                self.env._(
                    "A collection manager has to confirm an agreement beyond the insurer's limits: %s",
                    " ".join(self.insurance_warning.splitlines()),
                )
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the agreement goes beyond the insurer's limits."))
        return {"insurance_reason": reason.strip(), "insurance_user_id": self.env.uid}
