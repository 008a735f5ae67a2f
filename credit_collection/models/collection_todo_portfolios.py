from datetime import timedelta

from odoo import api, models

# Absences that begin so soon have to be prepared.
SOON_DAYS = 7


class CollectionTodo(models.Model):
    """Work about who follows whom: batches on their way, pauses that end, absences, rights that reach too far."""

    _inherit = "collection.todo"

    @api.model
    def _get_kinds(self):
        """Add the automatic batch, the pauses and the absences; for managers, whom their portfolio does not limit."""
        return [*super()._get_kinds(), *self._get_portfolio_kinds()]

    def _get_portfolio_kinds(self):
        kinds = [self._prepare_batch_kind(), self._prepare_pause_kind(), self._prepare_absence_kind()]
        if self.env.user.has_group("credit_collection.group_collection_manager"):
            kinds.append(self._prepare_rights_kind())
        return kinds

    def _prepare_batch_kind(self):
        return {
            "code": "batch",
            "name": self.env._("Automatic batch on its way"),
            "description": self.env._(
                "Reminders that need no approval wait in the outbox: look at them before they leave."
            ),
            "model": "collection.run",
            "domain": [
                ("reminder_ids", "any", [("state", "=", "outbox"), ("level_id.approval", "=", "automatic")]),
            ],
            "action": "credit_collection.action_collection_run",
            "icon": "fa-rocket",
        }

    def _prepare_pause_kind(self):
        return self._prepare_debtor_kind(
            "pause_ending",
            self.env._("Pauses that end within a week"),
            self.env._("Reminders go on after that: has what they waited for come?"),
            list(self.env["collection.debtor"]._get_ending_pause_domain()),
            contact=False,
            action="credit_collection.action_collection_paused",
            icon="fa-pause-circle-o",
        )

    def _prepare_absence_kind(self):
        today = self.env["collection.decision"]._get_today()
        return {
            "code": "absence",
            "name": self.env._("Collectors away without a replacement"),
            "description": self.env._("Today or within a week: say who looks after their customers."),
            "model": "collection.absence",
            "domain": [
                ("replacement_id", "=", False),
                ("date_to", ">=", today),
                ("date_from", "<=", today + timedelta(days=SOON_DAYS)),
            ],
            "action": "credit_collection.action_collection_absence",
            "icon": "fa-plane",
            "urgent": True,
        }

    def _prepare_rights_kind(self):
        users = self.env["res.users"]._get_collection_readers_of_everything(self.env.companies)
        return {
            "code": "portfolio_rights",
            "name": self.env._("Not limited by their portfolio"),
            "description": self.env["res.company"]._describe_readers_of_everything(users)
            or self.env._("Collectors with accounting rights see the entries of every customer: none is."),
            "model": "res.users",
            "domain": [("id", "in", users.ids)],
            "action": "credit_collection.action_collection_users",
            "icon": "fa-eye",
            "urgent": True,
        }
