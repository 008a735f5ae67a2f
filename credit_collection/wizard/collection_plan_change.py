from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionPlanChange(models.TransientModel):
    """Give another plan to some debtors, or to some invoices alone."""

    _name = "collection.plan.change"
    _description = "Change of Plan"

    debtor_ids = fields.Many2many("collection.debtor")
    move_ids = fields.Many2many("account.move", string="Invoices")
    plan_id = fields.Many2one(
        "collection.plan",
        string="New plan",
        help="Leave empty to go back to the plan whose filter the customer meets.",
    )

    @api.model
    def default_get(self, fields_list):
        """The debtors or invoices chosen in the list."""
        chosen = [(6, 0, self.env.context.get("active_ids", []))]
        by_model = {"collection.debtor": "debtor_ids", "account.move": "move_ids"}
        field = by_model.get(self.env.context.get("active_model"))
        return {**super().default_get(fields_list), **({field: chosen} if field else {})}

    def action_apply(self):
        """Set the plan; reminders of the former one that have not left go."""
        if self.debtor_ids:
            self.debtor_ids.write({"plan_id": self.plan_id.id})
        for move in self.move_ids:
            items = move._get_collection_items()
            if not items:
                raise UserError(self.env._("Nothing is open on %s, so no plan is needed.", move.display_name))
            items.write({"plan_id": self.plan_id.id})
        return {"type": "ir.actions.act_window_close"}
