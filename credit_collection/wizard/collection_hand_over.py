from odoo import api, fields, models


class CollectionHandOver(models.TransientModel):
    """Give debtors to another collector, with the reason and their open tasks."""

    _name = "collection.hand.over"
    _description = "Hand Customers over"

    debtor_ids = fields.Many2many("collection.debtor", required=True, string="Customers")
    user_id = fields.Many2one(
        "res.users",
        string="To",
        required=True,
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref("credit_collection.group_collection_collector").ids),
            ("share", "=", False),
        ],
    )
    reason = fields.Char(required=True)
    with_activities = fields.Boolean(
        string="With their open tasks", default=True, help="Calls and tasks of the present collector go along."
    )

    @api.model
    def default_get(self, fields_list):
        """The debtors chosen in the list, or the one whose page it is."""
        chosen = self.env.context.get("active_ids", []) if self._is_about_debtors() else []
        return {"debtor_ids": [(6, 0, chosen)], **super().default_get(fields_list)}

    @api.model
    def _is_about_debtors(self):
        return self.env.context.get("active_model", "collection.debtor") == "collection.debtor"

    def action_hand_over(self):
        """Give them to the other collector."""
        self.debtor_ids._hand_over(self.user_id, self.reason, self.with_activities)
        return {"type": "ir.actions.act_window_close"}
