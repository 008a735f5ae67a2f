from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CollectionPause(models.TransientModel):
    """Suspend the reminders to some debtors until a day, or without an end if a manager says so, with the reason."""

    _name = "collection.pause"
    _description = "Pause Reminders"

    debtor_ids = fields.Many2many("collection.debtor", required=True)
    without_end = fields.Boolean(help="Reminders go on when a collection manager resumes them.")
    until = fields.Date(
        string="Nothing is sent until",
        default=lambda self: fields.Date.add(self.env["collection.decision"]._get_today(), days=14),
        help="That day included.",
    )
    reason = fields.Char(required=True)
    longest = fields.Char(compute="_compute_longest")

    @api.model
    def default_get(self, fields_list):
        """The debtors chosen in the list."""
        return {**super().default_get(fields_list), "debtor_ids": [(6, 0, self.env.context.get("active_ids", []))]}

    @api.depends("debtor_ids")
    @api.depends_context("uid", "lang")
    def _compute_longest(self):
        is_manager = self.env.user.has_group("credit_collection.group_collection_manager")
        for pause in self:
            # A limit that the user is told anyway, of companies whose debtors he chose.
            days = [] if is_manager else pause.debtor_ids.company_id.sudo().mapped("collection_pause_days")
            limits = list(filter(None, days))
            told = self.env._("At most %s days; a collection manager decides longer ones.", min(limits, default=0))
            pause.longest = told if limits else False

    def action_pause(self):
        """Suspend, and take out what waits."""
        self.debtor_ids.write({**self._prepare_end(), "pause_reason": self.reason})
        self.debtor_ids._recheck_pending_reminders()
        return {"type": "ir.actions.act_window_close"}

    def _prepare_end(self):
        if self.without_end:
            return {"pause_until": False, "pause_without_end": True}
        if not self.until:
            raise ValidationError(self.env._("A pause has a last day: choose it."))
        if self.until < self.env["collection.decision"]._get_today():
            raise ValidationError(self.env._("The pause would already be over: choose a day to come."))
        return {"pause_until": self.until}
