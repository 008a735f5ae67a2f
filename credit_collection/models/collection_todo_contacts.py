from odoo import api, models


class CollectionTodo(models.Model):
    """Answers, each with what it says, and contacts who cannot be reached."""

    _inherit = "collection.todo"

    def _get_debtor_kinds(self):
        """Open the answers on a list that says what they are about."""
        kinds = super()._get_debtor_kinds()
        for kind in kinds:
            if kind["code"] == "answer":
                kind["action"] = "credit_collection.action_collection_answers"
        return kinds

    @api.model
    def _get_kinds(self):
        """Add the overdue customers whose e-mails come back or who have no address for them."""
        return [
            *super()._get_kinds(),
            self._prepare_debtor_kind(
                "contacts",
                self.env._("Addresses to find"),
                self.env._("Overdue, and no e-mail reaches them, or those to a contact come back."),
                [
                    ("overdue", ">", 0),
                    "|",
                    ("has_email", "=", False),
                    ("contact_ids", "any", [("message_bounce", ">", 0)]),
                ],
                contact=False,
                icon="fa-address-card-o",
            ),
        ]
