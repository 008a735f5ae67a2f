from odoo import api, fields, models
from odoo.tools import format_date


class CollectionAgreementRevoke(models.TransientModel):
    """End an agreement for the customer's default, with the reason and what follows."""

    _name = "collection.agreement.revoke"
    _description = "Revoke an Agreement"

    agreement_id = fields.Many2one("collection.agreement", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    missed_amount = fields.Monetary(related="agreement_id.missed_amount")
    remaining = fields.Monetary(related="agreement_id.remaining")
    regularise_until = fields.Date(related="agreement_id.regularise_until")
    is_early = fields.Boolean(
        compute="_compute_is_early", help="The customer was not warned, or his time to regularise is not over."
    )
    interest_move_id = fields.Many2one(related="agreement_id.interest_move_id")
    reason = fields.Char(compute="_compute_reason", store=True, precompute=True, readonly=False, required=True)
    resume = fields.Selection(
        lambda self: self.env["res.company"]._fields["collection_agreement_resume"]._description_selection(self.env),
        compute="_compute_reason",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        string="Then",
    )

    @api.depends("agreement_id")
    def _compute_is_early(self):
        for wizard in self:
            wizard.is_early = not wizard.agreement_id.to_revoke

    @api.depends("agreement_id")
    def _compute_reason(self):
        for wizard in self:
            agreement = wizard.agreement_id
            wizard.resume = agreement.company_id.collection_agreement_resume or "reached"
            wizard.reason = (
                self.env._("Instalment of %s not paid.", format_date(self.env, agreement.missed_since))
                if agreement.missed_since
                else False
            )

    def action_revoke(self):
        """Revoke, then open the letter that tells the customer."""
        self.ensure_one()
        self.agreement_id._revoke(self.reason, self.resume)
        return self.agreement_id.action_send_letter("revocation")
