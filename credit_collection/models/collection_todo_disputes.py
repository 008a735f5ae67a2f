from odoo import api, fields, models

from ..calc.dispute_stages import OPEN

# An answer owed for longer than that is history.
ANSWER_DAYS = 60


class CollectionTodo(models.Model):
    """Disputes and incidents that wait for a person."""

    _inherit = "collection.todo"

    @api.model
    def _get_kinds(self):
        """Add the disputes to qualify, to settle, to credit and to answer, and the incidents to resolve."""
        return [*super()._get_kinds(), *self._get_dispute_kinds(), self._get_incident_kind()]

    def _get_dispute_kinds(self):
        today = self.env["collection.decision"]._get_today()
        return [
            self._prepare_dispute_kind(
                "dispute_qualify",
                self.env._("Disputes to qualify"),
                self.env._("Their nature and their owner are not settled yet."),
                [("stage", "=", "to_qualify")],
                icon="fa-balance-scale",
            ),
            self._prepare_dispute_kind(
                "dispute_deadline",
                self.env._("Disputes past their deadline"),
                self.env._("Due today or late: what is contested is not chased meanwhile."),
                [("stage", "in", tuple(OPEN)), ("deadline", "<=", today)],
                icon="fa-clock-o",
                urgent=True,
            ),
            self._prepare_dispute_kind(
                "dispute_credit",
                self.env._("Credit notes to make"),
                self.env._("Accepted disputes whose credit note has not been prepared."),
                [("awaits_credit", "=", True)],
                contact=False,
                icon="fa-reply",
            ),
            self._prepare_dispute_kind(
                "dispute_answer",
                self.env._("Answers about disputes to send"),
                self.env._("Decided in the last 60 days, and the customer has not been told."),
                [
                    ("stage", "in", ("accepted", "partly", "rejected")),
                    ("answered_on", "=", False),
                    ("decided_on", ">=", fields.Date.subtract(today, days=ANSWER_DAYS)),
                ],
                icon="fa-share-square-o",
            ),
        ]

    def _prepare_dispute_kind(self, code, name, description, domain, **others):
        return {
            "code": code,
            "name": name,
            "description": description,
            "model": "collection.dispute",
            "domain": domain,
            "action": "credit_collection.action_collection_dispute",
            **others,
        }

    def _get_incident_kind(self):
        return {
            "code": "item_incident",
            "name": self.env._("Incidents to resolve"),
            "description": self.env._("An order number, a copy, an address: small things that keep money away."),
            "model": "collection.incident",
            "domain": [("resolved_on", "=", False)],
            "action": "credit_collection.action_collection_incident",
            "icon": "fa-wrench",
        }
