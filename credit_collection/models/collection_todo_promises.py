from datetime import timedelta

from odoo import api, models

from .collection_promise import BROKEN_DAYS


class CollectionTodo(models.Model):
    """Promises whose day has come, and those that were not kept."""

    _inherit = "collection.todo"

    @api.model
    def _get_kinds(self):
        """Add promises due and broken promises."""
        today = self.env["collection.decision"]._get_today()
        return [
            *super()._get_kinds(),
            {
                "code": "promise_broken",
                "name": self.env._("Broken promises"),
                "description": self.env._("Not paid, or not in full, on the day promised: call the customer."),
                "model": "collection.promise",
                "domain": [
                    ("state", "in", ("partly", "broken")),
                    ("replaced_on", "=", False),
                    ("dealt_with", "=", False),
                    ("last_day", ">=", today - timedelta(days=BROKEN_DAYS)),
                ],
                "action": "credit_collection.action_collection_promise",
                "icon": "fa-chain-broken",
                "urgent": True,
            },
            {
                "code": "promise_due",
                "name": self.env._("Promises due"),
                "description": self.env._("Their day has come and the money is not allocated: look for it."),
                "model": "collection.promise",
                "domain": [("state", "=", "open"), ("date", "<=", today)],
                "action": "credit_collection.action_collection_promise",
                "icon": "fa-calendar-check-o",
            },
        ]
