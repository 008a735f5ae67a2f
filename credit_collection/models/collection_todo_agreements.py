from odoo import api, models


class CollectionTodo(models.Model):
    """Agreements that wait for a signature, a warning or an end, and what an insurer must be told."""

    _inherit = "collection.todo"

    @api.model
    def _get_kinds(self):
        """Add what agreements and credit insurance ask for."""
        agreements = {
            "model": "collection.agreement",
            "action": "credit_collection.action_collection_agreement",
        }
        return [
            *super()._get_kinds(),
            {
                **agreements,
                "code": "agreement_missed",
                "name": self.env._("Instalments missed"),
                "description": self.env._("Warn these customers: after the days to regularise, you decide."),
                "domain": [("to_warn", "=", True)],
                "icon": "fa-calendar-times-o",
                "urgent": True,
            },
            {
                **agreements,
                "code": "agreement_revoke",
                "name": self.env._("Agreements to revoke"),
                "description": self.env._("Warned in vain: revoke them, or give more time."),
                "domain": [("to_revoke", "=", True)],
                "icon": "fa-ban",
                "urgent": True,
            },
            {
                **agreements,
                "code": "agreement_sign",
                "name": self.env._("Agreements to sign"),
                "description": self.env._("Proposed, and not accepted yet; after their date reminders go on."),
                "domain": [("state", "=", "proposed")],
                "icon": "fa-pencil-square",
            },
            {
                "code": "insurance_declare",
                "name": self.env._("Declarations to the insurer"),
                "description": self.env._("Unpaid invoices to declare within two weeks, or late already."),
                "model": "collection.item",
                "domain": self.env["collection.item"]._get_to_declare_domain(),
                "action": "credit_collection.action_collection_insured_item",
                "contact": False,
                "icon": "fa-umbrella",
                "urgent": True,
            },
        ]
