from datetime import timedelta

from odoo import api, fields, models


class CollectionLater(models.TransientModel):
    """Put debtors off until a day: they leave the list of whoever puts them off, and nobody else's."""

    _name = "collection.later"
    _description = "Contact later"

    debtor_ids = fields.Many2many("collection.debtor", required=True, string="Customers")
    until = fields.Date(
        string="Back on my list on",
        required=True,
        default=lambda self: self.env["collection.decision"]._get_today() + timedelta(days=7),
    )

    @api.model
    def default_get(self, fields_list):
        """The debtors chosen in the list."""
        return {"debtor_ids": [(6, 0, self.env.context.get("active_ids", []))], **super().default_get(fields_list)}

    def action_put_off(self):
        """Take them off the list until that day."""
        self.debtor_ids._put_off(self.until)
        return {"type": "ir.actions.act_window_close"}
