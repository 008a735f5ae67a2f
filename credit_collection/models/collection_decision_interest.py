from odoo import models


class CollectionDecision(models.Model):
    """What an open item bears for being late."""

    _inherit = "collection.decision"

    def action_show_interest(self):
        """How the interest of the item is computed, in a dialog."""
        self.ensure_one()
        return self.env["collection.interest.view"]._open_for(self.debtor_id, self.move_line_id)
