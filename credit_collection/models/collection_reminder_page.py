from odoo import models


class CollectionReminder(models.Model):
    """Where the buttons of a reminder lead."""

    _inherit = "collection.reminder"

    def action_preview(self):
        """What the customer will receive, in a dialog: nothing leaves."""
        self.ensure_one()
        preview = self.env["collection.reminder.preview"].create({"reminder_id": self.id})
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
