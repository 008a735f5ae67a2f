from odoo import api, models


class CollectionChannelTask(models.AbstractModel):
    """Something for a person to do about the debtor: a call, a visit, a decision."""

    _name = "collection.channel.task"
    _inherit = "collection.channel"
    _description = "Tasks"

    _code = "task"

    @api.model
    def _get_label(self):
        return self.env._("Task")

    @api.model
    def _process(self, deliveries):
        for delivery in deliveries:
            delivery.debtor_id.activity_schedule(**self._prepare_activity(delivery))
        deliveries._record_handed_over()

    @api.model
    def _prepare_activity(self, delivery):
        """Values of the activity. Override to add some."""
        level = delivery.level_id
        person = self._get_person(delivery)
        level = level.with_context(lang=person.lang)
        return {
            "activity_type_id": level.activity_type_id.id or self.env.ref("mail.mail_activity_data_call").id,
            "summary": level.activity_summary or level.name,
            "note": level.call_script,
            "user_id": person.id,
        }

    @api.model
    def _get_person(self, delivery):
        """Who gets the task: the manager who approved it where a manager decides, else the debtor's person."""
        reminder = delivery.reminder_id
        approver = self.env["res.users"].browse(reminder.approved_by_id or [])
        if reminder.approval == "manager" and approver:
            return approver
        return delivery._get_person()
