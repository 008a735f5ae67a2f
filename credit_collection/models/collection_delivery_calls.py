from odoo import api, fields, models


class CollectionDelivery(models.Model):
    """The life of a task: somebody's activity, ended by the call that is noted."""

    _inherit = "collection.delivery"

    activity_id = fields.Many2one(
        "mail.activity", string="Task", ondelete="set null", index="btree_not_null", readonly=True
    )
    call_id = fields.Many2one("collection.call", ondelete="set null", index="btree_not_null", readonly=True)
    task_outcome = fields.Char(string="What came of the task", compute="_compute_task_outcome")

    @api.depends("call_id.outcome", "activity_id.active", "activity_id.feedback", "state")
    @api.depends_context("lang")
    def _compute_task_outcome(self):
        for delivery in self:
            delivery.task_outcome = delivery._describe_task_outcome()

    def _describe_task_outcome(self):
        """What came of the task, in words; False for what is no task, or one that nobody follows."""
        # Whether the task of a delivery one reads is done is no secret, whoever has the task.
        activity = self.sudo().activity_id
        if self.call_id.outcome:
            return dict(self.call_id._fields["outcome"]._description_selection(self.env))[self.call_id.outcome]
        if not activity:
            return False
        if activity.active:
            return self.env._("To do by %s", activity.user_id.name)
        return activity.feedback or self.env._("Done")

    def _waits_for_a_call(self):
        """Whether the task is a call that nobody has made."""
        self.ensure_one()
        # As above: of the task, only whether it is done is read.
        activity = self.sudo().activity_id
        return bool(activity.active and activity.activity_type_id.category == "phonecall" and not self.call_id)

    def action_open_call(self):
        """The call that ended the task, else the screen to make it."""
        self.ensure_one()
        if self.call_id:
            return self.debtor_id._open_record(self.call_id)
        return self.env["collection.call"]._action_new(
            self.debtor_id, self.debtor_id._find_call_items(), reminder_id=self.reminder_id.id
        )
