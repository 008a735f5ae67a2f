from odoo import api, fields, models

from ..models.collection_debtor_score_override import OVERRIDE_CLASSES


class CollectionScoreOverride(models.TransientModel):
    """Set the class of some debtors by hand: until when, and why."""

    _name = "collection.score.override"
    _description = "Class set by a Person"

    debtor_ids = fields.Many2many("collection.debtor", string="Customers", required=True)
    score_class = fields.Selection(OVERRIDE_CLASSES, string="Class", required=True)
    until = fields.Date(
        required=True,
        default=lambda self: fields.Date.add(self.env["collection.decision"]._get_today(), months=3),
        help="That day included; then the class found holds again.",
    )
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields_list):
        """The debtors chosen in the list, or that of the page."""
        return {**super().default_get(fields_list), "debtor_ids": [(6, 0, self.env.context.get("active_ids", []))]}

    def action_apply(self):
        """Set the class, and say so on the timelines."""
        self.debtor_ids._override_score(self.score_class, self.until, self.reason)
        return {"type": "ir.actions.act_window_close"}
