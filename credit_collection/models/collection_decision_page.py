from odoo import models


class CollectionDecision(models.Model):
    """Where the buttons of a decision lead."""

    _inherit = "collection.decision"

    def action_explain(self):
        """The decision in words, in a dialog."""
        self.ensure_one()
        return self._open_explanation(self.debtor_id, [("id", "=", self.id)])

    def action_open_move(self):
        """The invoice."""
        self.ensure_one()
        return self.move_id.action_collection_open()

    def action_open_debtor(self):
        """The debtor's page."""
        self.ensure_one()
        return self.env["collection.debtor"]._open_record(self.debtor_id)

    def action_open_item(self):
        """What collection knows of the item: its status, its plan, its dates."""
        self.ensure_one()
        return self.env["collection.debtor"]._open_record(self.env["collection.item"]._ensure_for(self))
