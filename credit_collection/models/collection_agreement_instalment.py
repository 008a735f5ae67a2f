from odoo import api, fields, models

from ..calc.commitments import State


class CollectionAgreementInstalment(models.Model):
    """One instalment of an agreement. What was paid of it is read from the reconciliations, never typed."""

    _name = "collection.agreement.instalment"
    _description = "Instalment of an Agreement"
    _order = "due_date, id"

    agreement_id = fields.Many2one("collection.agreement", required=True, ondelete="cascade", index=True)
    agreement_state = fields.Selection(related="agreement_id.state", string="Agreement is")
    debtor_id = fields.Many2one(related="agreement_id.debtor_id", store=True, index=True, ondelete="restrict")
    user_id = fields.Many2one(related="agreement_id.user_id", string="Collector")
    company_id = fields.Many2one(related="agreement_id.company_id")
    currency_id = fields.Many2one(related="agreement_id.currency_id", store=True)
    due_date = fields.Date(required=True, index=True)
    principal = fields.Monetary(required=True)
    interest = fields.Monetary()
    amount = fields.Monetary(compute="_compute_amount", store=True)
    is_down_payment = fields.Boolean(string="Down Payment")

    owed = fields.Monetary(
        compute="_compute_progress", help="The amount, less what credit notes and write-offs took from the end."
    )
    paid = fields.Monetary(compute="_compute_progress")
    remaining = fields.Monetary(compute="_compute_progress", string="Left to pay")
    settled_on = fields.Date(compute="_compute_progress", string="Paid on")
    state = fields.Selection(
        [
            (State.OPEN.value, "To come"),
            (State.KEPT.value, "Paid"),
            (State.KEPT_LATE.value, "Paid late"),
            (State.PARTLY.value, "Paid in part"),
            (State.BROKEN.value, "Missed"),
            ("dropped", "No longer owed"),
        ],
        compute="_compute_progress",
    )
    is_missed = fields.Boolean(
        string="Missed", compute="_compute_progress", search="_search_is_missed", help="Grace included, while in force."
    )

    _amounts_positive = models.Constraint(
        "CHECK (principal >= 0 AND COALESCE(interest, 0) >= 0 AND principal + COALESCE(interest, 0) > 0)",
        "An instalment is for a positive amount.",
    )
    _one_a_day = models.UniqueIndex("(agreement_id, due_date)", "Two instalments of an agreement are on one day.")

    @api.depends("principal", "interest")
    def _compute_amount(self):
        for instalment in self:
            instalment.amount = instalment.principal + instalment.interest

    @api.depends("due_date", "agreement_id.name")
    def _compute_display_name(self):
        for instalment in self:
            instalment.display_name = f"{instalment.agreement_id.name or '/'} – {instalment.due_date or ''}"

    def _compute_progress(self):
        progress = self.agreement_id._read_progress()
        for instalment in self:
            now = progress.get(instalment._origin)
            instalment.owed = float(now.owed) if now else instalment.amount
            instalment.paid = float(now.paid) if now else 0.0
            instalment.remaining = instalment.owed - instalment.paid
            instalment.settled_on = now.settled_on if now else False
            instalment.state = now.state if now else State.OPEN.value
            instalment.is_missed = bool(now and now.is_missed)

    def _search_is_missed(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        # Which of them are missed; who may see them is for the record rules of the search around.
        live = self.env["collection.agreement"].sudo().search([("state", "=", "accepted")])
        missed = [instalment.id for instalment, now in live._read_progress().items() if now.is_missed]
        return [("id", operator if True in value else {"in": "not in", "not in": "in"}[operator], missed)]

    # -- nobody changes what was given ---------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Add instalments to drafts alone."""
        instalments = super().create(vals_list)
        instalments._check_draft()
        return instalments

    def write(self, vals):
        """Change the instalments of drafts alone."""
        self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        self._check_draft()

    def _check_draft(self):
        if not self.env.su:
            self.agreement_id._check_draft()

    def action_open_agreement(self):
        """The agreement that it belongs to."""
        self.ensure_one()
        return self.agreement_id.action_open()
