from odoo import api, models


class CollectionTodo(models.Model):
    """Calls that wait to be made."""

    _inherit = "collection.todo"

    @api.model
    def _get_kinds(self):
        """Add the customers whom a task or an earlier call says to call by today."""
        today = self.env["collection.decision"]._get_today()
        return [
            *super()._get_kinds(),
            {
                "code": "calls",
                "name": self.env._("Calls to make"),
                "description": self.env._("Customers whom a reminder or an earlier call says to call by today."),
                "model": "collection.debtor",
                "domain": [
                    (
                        "activity_ids",
                        "any",
                        [("activity_type_id.category", "=", "phonecall"), ("date_deadline", "<=", today)],
                    )
                ],
                "action": "credit_collection.action_collection_calls_to_make",
                "icon": "fa-volume-control-phone",
            },
        ]
