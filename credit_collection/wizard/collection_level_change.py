from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionLevelChange(models.TransientModel):
    """Send reminders at another level of their plan than the one proposed."""

    _name = "collection.level.change"
    _description = "Change of Level"

    reminder_ids = fields.Many2many("collection.reminder", required=True)
    plan_id = fields.Many2one("collection.plan", compute="_compute_plan_id")
    level_id = fields.Many2one(
        "collection.level", string="New level", required=True, domain="[('plan_id', '=', plan_id)]"
    )

    @api.model
    def default_get(self, fields_list):
        """The reminders chosen in the list, of one plan."""
        reminders = self.env["collection.reminder"].browse(self.env.context.get("active_ids", []))
        if len(reminders.plan_id) > 1:
            raise UserError(self.env._("These reminders follow different plans: choose reminders of one plan."))
        return {**super().default_get(fields_list), "reminder_ids": [(6, 0, reminders.ids)]}

    @api.depends("reminder_ids")
    def _compute_plan_id(self):
        for change in self:
            change.plan_id = change.reminder_ids.plan_id[:1]

    def action_apply(self):
        """Change the level; the reminders wait for approval again."""
        self.reminder_ids.action_change_level(self.level_id)
        return {"type": "ir.actions.act_window_close"}
