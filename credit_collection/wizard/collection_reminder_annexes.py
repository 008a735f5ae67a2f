from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionReminderAnnexes(models.TransientModel):
    """What is enclosed with the letter of one reminder, before it is made."""

    _name = "collection.reminder.annexes"
    _inherit = ["collection.annexes"]
    _description = "Enclosures of One Reminder"

    reminder_id = fields.Many2one("collection.reminder", required=True, ondelete="cascade")

    @api.model
    def default_get(self, fields_list):
        """Begin with what would be enclosed."""
        values = super().default_get(fields_list)
        reminder = self.env["collection.reminder"].browse(
            values.get("reminder_id") or self.env.context.get("active_id")
        )
        choice = reminder._get_annex_choice()
        values["reminder_id"] = reminder.id
        for name in self._get_annex_makers():
            field = self._fields[name]
            # Files chosen for the level are shown to whoever may choose others.
            value = choice.sudo()[name]
            values[name] = [(6, 0, value.ids)] if field.type == "many2many" else value
        return values

    def action_apply(self):
        """Enclose this with the letter, whatever its level says. Raises UserError once the letter is made."""
        self.ensure_one()
        reminder = self.reminder_id
        reminder.check_access("write")
        if reminder.state not in ("proposed", "approved"):
            raise UserError(self.env._("What is enclosed is chosen before the reminder goes to the outbox."))
        # A file added here belongs to the debtor's page: whoever reads the debtor reads it.
        own = self.annex_file_ids.sudo().filtered(lambda file: file.res_model == self._name)
        own.write({"res_model": "collection.debtor", "res_id": reminder.debtor_id.id})
        reminder._choose_annexes({name: self[name] for name in self._get_annex_makers()})
        return {"type": "ir.actions.act_window_close"}
