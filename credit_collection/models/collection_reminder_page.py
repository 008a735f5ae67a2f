from odoo import models
from odoo.exceptions import UserError


class CollectionReminder(models.Model):
    """Where the buttons of a reminder lead."""

    _inherit = "collection.reminder"

    def action_preview(self):
        """What the customer will receive, in a dialog: nothing leaves."""
        self.ensure_one()
        return self._open_preview()

    def _open_preview(self, **values):
        preview = self.env["collection.reminder.preview"].create({"reminder_id": self.id, **values})
        action = self.env["collection.debtor"]._open_record(preview)
        return {
            **action,
            "target": "new",
            "name": self.env._("What the customer receives"),
            "context": {"dialog_size": "extra-large"},
        }

    def action_open_debtor(self):
        """The debtor's page."""
        self.ensure_one()
        return self.env["collection.debtor"]._open_record(self.debtor_id)


class CollectionReminderLine(models.Model):
    _inherit = "collection.reminder.line"

    def action_explain(self):
        """Why the item is reminded or not, live."""
        self.ensure_one()
        return self.item_id.action_explain()


class CollectionLevel(models.Model):
    _inherit = "collection.level"

    def action_preview(self):
        """What a customer would receive at this level, on its last reminder, else on the last one of all."""
        self.ensure_one()
        reminders = self.env["collection.reminder"]
        domains = ([("level_id", "=", self.id)], [("level_id", "!=", False)])
        reminder = next(filter(None, (reminders.search(domain, limit=1) for domain in domains)), None)
        if not reminder:
            raise UserError(self.env._("There is no reminder yet to show this level with: make a run first."))
        return reminder._open_preview(level_id=self.id)
