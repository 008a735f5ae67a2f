from odoo import api, fields, models


class CollectionPromise(models.Model):
    """What a credit insurer has to say of the wait that a promise asks for, shown before it is noted.

    Nobody has to confirm: a promise notes what the customer said and grants nothing, where an agreement does.
    """

    _inherit = "collection.promise"

    insurance_warning = fields.Text(compute="_compute_insurance_warning")

    @api.depends("debtor_id", "item_ids", "date")
    def _compute_insurance_warning(self):
        for promise in self:
            warnings = promise.debtor_id and promise.debtor_id._get_extension_warnings(
                promise._get_items_waiting(), promise.date
            )
            promise.insurance_warning = "\n".join(warnings or ()) or False

    def _get_items_waiting(self):
        """Items that the promise makes wait: its own, else all those of the account that collection follows."""
        if self.item_ids:
            return self.item_ids._origin
        return self.env["collection.item"].search(
            [("debtor_id", "=", self.debtor_id._origin.id), ("closed_on", "=", False)]
        )
