from odoo import api, models


class CollectionTodo(models.Model):
    """Rates that somebody has to enter: without them interest is shown, and not claimed."""

    _inherit = "collection.todo"

    @api.model
    def _get_kinds(self):
        """Add the reference rates that are not known for the half-year that has begun, for whom may enter them."""
        kinds = super()._get_kinds()
        if not self.env["collection.interest.rate"].has_access("create"):
            return kinds
        return [
            *kinds,
            {
                "code": "interest_rate",
                "name": self.env._("Interest rates to enter"),
                "description": self.env._(
                    "A half-year has begun and its rate is not known: its interest is not claimed."
                ),
                "model": "collection.interest.reference",
                "domain": [("is_awaited", "=", True)],
                "action": "credit_collection.action_collection_interest_reference",
                "icon": "fa-percent",
            },
        ]
