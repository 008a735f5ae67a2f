from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CollectionPause(models.TransientModel):
    """Suspend the reminders to some debtors until a day, with the reason."""

    _name = "collection.pause"
    _description = "Pause Reminders"

    debtor_ids = fields.Many2many("collection.debtor", required=True)
    until = fields.Date(
        string="Nothing is sent until",
        required=True,
        default=lambda self: fields.Date.add(self.env["collection.decision"]._get_today(), days=14),
        help="That day included.",
    )
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields_list):
        """The debtors chosen in the list."""
        return {**super().default_get(fields_list), "debtor_ids": [(6, 0, self.env.context.get("active_ids", []))]}

    def action_pause(self):
        """Suspend, and take out what waits."""
        today = self.env["collection.decision"]._get_today()
        if self.until < today:
            raise ValidationError(self.env._("The pause would already be over: choose a day to come."))
        self.debtor_ids.write({"pause_until": self.until, "pause_reason": self.reason})
        self.debtor_ids._recheck_pending_reminders()
        return {"type": "ir.actions.act_window_close"}
