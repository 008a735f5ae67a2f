from odoo import fields, models
from odoo.exceptions import UserError


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
    interest = fields.Monetary(help="Late-payment interest claimed, up to the day beside.")
    lump_sum = fields.Monetary(string="Recovery Costs", currency_field="lump_sum_currency_id")
    lump_sum_currency_id = fields.Many2one("res.currency", string="Currency of Recovery Costs", ondelete="restrict")
    interest_until = fields.Date(string="Interest until")
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

    def _get_drop_reason(self, decision, has_left=False):
        """Why the line no longer stands, in words, given the live decision about its item; None if it does.

        Of a reminder that ``has_left`` on one channel, only what is no longer owed at all is left out.
        """
        self.ensure_one()
        if not decision:
            return self.env._("%s has been settled.", self.name)
        payee = self.item_id._get_payee()
        if payee != self.reminder_id.assignee_id:
            return self.env._(
                "%(invoice)s is now to be paid to %(payee)s.",
                invoice=self.name,
                payee=(payee or self.reminder_id.company_id).display_name,
            )
        if decision.claim > 0 and (not self.level_id or has_left or self.reminder_id.level_chosen):
            return None
        if decision.decision == "level" and decision.level_id != self.level_id:
            return self.env._(
                "%(invoice)s is now to be reminded at “%(level)s”.", invoice=self.name, level=decision.level_id.name
            )
        # Nobody to write to is for the channel to say: its fallback and a person take over.
        if decision.decision in ("level", "no_contact") or self._rests_for_its_own_run(decision):
            return None
        labels = dict(decision._fields["decision"]._description_selection(self.env))
        return self.env._("%(invoice)s: %(decision)s.", invoice=self.name, decision=labels[decision.decision].lower())

    def _rests_for_its_own_run(self, decision):
        """Whether nothing but another reminder of the same run, to another payee or at another level, makes it wait."""
        reminder = self.reminder_id
        return (
            decision.decision == "waiting"
            and decision.level_id == self.level_id
            and decision.due_date == self.due_date
            and bool(
                self.search_count(
                    [
                        ("reminder_id.run_id", "=", reminder.run_id.id),
                        ("reminder_id.run_id", "!=", False),
                        ("reminder_id.debtor_id", "=", reminder.debtor_id.id),
                        ("reminder_id", "!=", reminder.id),
                        ("reminder_id.sent_date", "=", reminder.debtor_id.last_reminder_date),
                    ],
                    limit=1,
                )
            )
        )

    def _leave_out(self, reason, has_left=False):
        """Claim the item no longer, with the reason.

        A line that has left stays the proof of the level reached, and claims nothing in what follows.
        """
        self.write({"drop_reason": reason, **({"claim": 0} if has_left else {"dropped": True})})

    def _follow(self, decision):
        """Claim what is owed today."""
        values = {name: decision[name] for name in ("claim", "residual", "due_date", "days_late")}
        changed = {name: value for name, value in values.items() if self[name] != value}
        if changed:
            self.write(changed)

    def action_drop(self):
        """Leave the item out of the reminder; a later run may propose it again."""
        self.check_access("write")
        for reminder in self.reminder_id:
            if reminder.state not in ("proposed", "approved", "outbox"):
                raise UserError(self.env._("A reminder that has left can no longer be changed."))
            if reminder._has_left():
                raise UserError(
                    self.env._("Part of the reminder to %s has already left.", reminder.debtor_id.display_name)
                )
        self.write({"dropped": True, "drop_reason": self.env._("Left out by %s.", self.env.user.name)})
        for reminder in self.reminder_id:
            if not any(line.level_id for line in reminder._get_live_lines()):
                reminder._cancel(self.env._("All its items were left out."))
        return True
