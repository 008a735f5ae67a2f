from odoo import models


class CollectionAgreement(models.Model):
    """Where the buttons of an agreement lead."""

    _inherit = "collection.agreement"

    def action_accept(self):
        """Dialog that records the customer's acceptance."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The customer accepts"),
            "res_model": "collection.agreement.accept",
            "view_mode": "form",
            "target": "new",
            "context": {"default_agreement_id": self.id},
        }

    def action_open_instalments(self):
        """The instalments, as a list and a calendar."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.action_collection_agreement_instalment"
        )
        return {**action, "domain": [("agreement_id", "=", self.id)], "context": {}}
