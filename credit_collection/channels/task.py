from markupsafe import Markup

from odoo import api, models

from ..calc.call_script import fill, find_unknown


class CollectionChannelTask(models.AbstractModel):
    """Something for a person to do about the debtor: a call, a visit, a decision.

    The delivery keeps its activity: what comes of it, the call noted or the task done, is the delivery's outcome.
    """

    _name = "collection.channel.task"
    _inherit = "collection.channel"
    _description = "Tasks"

    _code = "task"

    @api.model
    def _get_label(self):
        return self.env._("Task")

    @api.model
    def _get_obstacles(self, reminders):
        """None: what a person does needs no address."""
        return {}

    @api.model
    def _process(self, deliveries):
        for delivery in deliveries:
            delivery.activity_id = delivery.debtor_id.activity_schedule(**self._prepare_activity(delivery))
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
            "note": self._fill_script(level, delivery.debtor_id, person),
            "user_id": person.id,
        }

    @api.model
    def _fill_script(self, level, debtor, person):
        """The level's script with the debtor's figures, in the language of who reads the task."""
        script = str(level.call_script or "")
        # Figures are decided live: only for a script that asks for some.
        if not find_unknown(script, ()):
            return level.call_script
        figures = debtor.with_context(lang=person.lang)._get_call_figures(caller=person)
        return Markup(fill(script, figures))

    @api.model
    def _get_person(self, delivery):
        """Who gets the task: the manager who approved it where a manager decides, else the debtor's person."""
        reminder = delivery.reminder_id
        approver = self.env["res.users"].browse(reminder.approved_by_id or [])
        if reminder.approval == "manager" and approver:
            return approver
        return delivery._get_person()
