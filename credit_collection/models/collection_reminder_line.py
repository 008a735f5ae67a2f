from odoo import fields, models


class CollectionReminderLine(models.Model):
    """An item in a reminder: put at a level by it, or merely recalled (no level)."""

    _name = "collection.reminder.line"
    _description = "Reminder Line"
    _order = "due_date, id"
    _log_access = False

    reminder_id = fields.Many2one("collection.reminder", required=True, ondelete="cascade", index=True)
    item_id = fields.Many2one("collection.item", required=True, ondelete="restrict", index=True)
    level_id = fields.Many2one(
        "collection.level",
        ondelete="restrict",
        help="Level the item reaches with this reminder; empty for an item merely recalled.",
    )
    cycle = fields.Integer(required=True)
    due_date = fields.Date(required=True)
    days_late = fields.Integer(required=True)
    residual = fields.Monetary(string="Open")
    claim = fields.Monetary(string="Claimed")
    dropped = fields.Boolean()
    drop_reason = fields.Char()

    debtor_id = fields.Many2one(related="reminder_id.debtor_id")
    state = fields.Selection(related="reminder_id.state")
    move_id = fields.Many2one(related="item_id.move_id")
    name = fields.Char(related="item_id.name")
    currency_id = fields.Many2one(related="item_id.currency_id")
    amount = fields.Monetary(related="item_id.amount", string="Original Amount")

    # Not dropped is part of the key: a person may drop a line and let a later run propose the level again.
    _item_level_unique = models.UniqueIndex(
        "(item_id, level_id, cycle) WHERE dropped IS NOT TRUE AND level_id IS NOT NULL",
        "This item has already been reminded at this level.",
    )

    def _get_claimed_now(self):
        """Lines that make the total: what is not yet due is never in it, unless the whole reminder comes before."""
        overdue = self.filtered(lambda line: line.days_late > 0)
        return overdue or self

    def _get_drop_reason(self, decision, already_sent=False):
        """Why the line no longer stands, in words, given the live decision about its item; None if it does."""
        self.ensure_one()
        if not decision:
            return self.env._("%s has been settled.", self.name)
        if decision.claim <= 0:
            label = dict(self.env["collection.decision"]._fields["decision"]._description_selection(self.env))
            return self.env._(
                "%(invoice)s: %(decision)s.", invoice=self.name, decision=label[decision.decision].lower()
            )
        if not self.level_id or already_sent or self.reminder_id.level_chosen:
            return None
        if decision.decision != "level" or decision.level_id != self.level_id:
            return self.env._("%s is no longer to be reminded at this level.", self.name)
        return None

    def action_drop(self):
        """Leave the item out of the reminder; a later run may propose it again."""
        self.write({"dropped": True, "drop_reason": self.env._("Left out by %s.", self.env.user.name)})
        for reminder in self.reminder_id:
            if not any(line.level_id for line in reminder._get_live_lines()):
                reminder._cancel(self.env._("All its items were left out."))
        return True
