from dateutil.relativedelta import relativedelta

from odoo import api, models

from .collection_cash_plan import ALARMING


class CollectionTodo(models.Model):
    """The plan of cash that the month will not reach: for managers."""

    _inherit = "collection.todo"

    @api.model
    def _get_kinds(self):
        """Add plans that are missed, or will be."""
        kinds = super()._get_kinds()
        if not self.env.user.has_group("credit_collection.group_collection_manager"):
            return kinds
        this_month = self.env["collection.cash.plan"]._get_month(self.env.company)
        return [
            *kinds,
            {
                "code": "cash_plan",
                "name": self.env._("Cash plan missed"),
                "description": self.env._(
                    "What came and what is foretold do not reach the plan of this month or of the last."
                ),
                "model": "collection.cash.plan",
                "domain": [
                    ("state", "in", ALARMING),
                    ("month", ">=", this_month - relativedelta(months=1)),
                    ("dealt_with", "=", False),
                ],
                "action": "credit_collection.action_collection_cash_plan",
                "contact": False,
                "shared": True,
                "icon": "fa-line-chart",
                "urgent": True,
            },
        ]
