from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionRemindNow(models.TransientModel):
    """A reminder that a person makes now, of items and at a level of his choice.

    It goes through the states of all others: to approve, to send, in the outbox. Between two reminders the debtor has
    its rest; a person may pass over it, neither over a stop nor over what is disputed, promised or on its way.
    """

    _name = "collection.remind.now"
    _description = "Remind Now"

    debtor_id = fields.Many2one("collection.debtor", required=True, readonly=True)
    item_ids = fields.Many2many("collection.item", string="Items", domain="[('debtor_id', '=', debtor_id)]")
    plan_id = fields.Many2one("collection.plan", compute="_compute_plan_id")
    level_id = fields.Many2one(
        "collection.level",
        compute="_compute_level_id",
        store=True,
        readonly=False,
        required=True,
        domain="[('plan_id', '=', plan_id)]",
    )
    last_reminder_date = fields.Date(related="debtor_id.last_reminder_date")
    pending_id = fields.Many2one("collection.reminder", compute="_compute_pending_id")
    left_out = fields.Text(compute="_compute_left_out")

    @api.depends("debtor_id")
    def _compute_plan_id(self):
        for wizard in self:
            wizard.plan_id = wizard.debtor_id.current_plan_id

    @api.depends("debtor_id")
    def _compute_pending_id(self):
        for wizard in self:
            wizard.pending_id = wizard.debtor_id._find_pending_reminder()

    @api.depends("debtor_id")
    def _compute_level_id(self):
        """The highest level that is due, else the next one, else the first after the due date."""
        for wizard in self:
            decisions = wizard._get_decisions()
            due = decisions.filtered(lambda it: it.decision == "level") or decisions.filtered(
                lambda it: it.decision == "waiting"
            )
            levels = due.level_id.filtered(lambda level, plan=wizard.plan_id: level.plan_id == plan)
            late = wizard.plan_id.level_ids.filtered(lambda level: level.counted_from != "deadline" and level.day >= 0)
            wizard.level_id = max(levels, key=_get_rank, default=None) or min(late, key=_get_rank, default=None)

    @api.depends("item_ids", "level_id")
    def _compute_left_out(self):
        for wizard in self:
            _lines, reasons = wizard._choose_lines() if wizard.level_id else ([], [])
            wizard.left_out = "\n".join(reasons)

    def _get_decisions(self):
        """Live decisions about the items."""
        items = self.env["collection.item"].browse(self.item_ids.ids)
        return self.debtor_id._read_decisions().filtered(lambda decision: decision.item_id in items)

    # -- what it carries -----------------------------------------------------------------------------------------------

    def _choose_lines(self):
        """(values of the lines by payee, why the other items are left out), for the level chosen."""
        decisions = self._get_decisions()
        level = self.level_id
        early = level.counted_from == "due_date" and level.day < 0
        reached = self._find_reached(decisions)
        labels = dict(decisions._fields["decision"]._description_selection(self.env))
        lines, reasons = {}, []
        for decision in decisions:
            if decision.claim <= 0:
                reasons.append(
                    self.env._(
                        "%(invoice)s: %(decision)s.",
                        invoice=decision.move_name,
                        decision=labels[decision.decision].lower(),
                    )
                )
            elif early and decision.days_late > 0:
                reasons.append(self.env._("%s is overdue: this level comes before the due date.", decision.move_name))
            elif not early and decision.days_late <= 0:
                reasons.append(self.env._("%s is not due yet.", decision.move_name))
            else:
                is_recalled = decision.item_id in reached
                if is_recalled:
                    reasons.append(
                        self.env._("%s has been reminded at this level: it is recalled only.", decision.move_name)
                    )
                payee = decision.item_id._get_payee()
                lines.setdefault(payee, []).append(self._prepare_line(decision, is_recalled))
        return lines, reasons

    def _find_reached(self, decisions):
        """Items that were reminded at the level in their present cycle."""
        lines = self.env["collection.reminder.line"].search(
            [
                ("item_id", "in", decisions.item_id.ids),
                ("level_id", "=", self.level_id.id),
                ("dropped", "=", False),
            ]
        )
        return lines.filtered(lambda line: line.cycle == line.item_id.cycle).item_id

    def _prepare_line(self, decision, is_recalled):
        return {
            "item_id": decision.item_id.id,
            "level_id": False if is_recalled else self.level_id.id,
            "cycle": decision.cycle,
            "due_date": decision.due_date,
            "days_late": decision.days_late,
            "residual": decision.residual,
            "claim": decision.claim,
        }

    def _prepare_reminder(self, payee, lines):
        return {
            "debtor_id": self.debtor_id.id,
            "level_id": self.level_id.id,
            "level_chosen": True,
            "date": self.debtor_id.company_id._get_collection_today(),
            "assignee_id": payee.id if payee else False,
            "line_ids": [(0, 0, line) for line in lines],
        }

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_prepare(self):
        """Make the reminder and show it: somebody approves and sends it."""
        return self._open(self._make_reminders())

    def action_send(self):
        """Make the reminder, approve it and put it into the outbox, as far as the user may and nothing holds it."""
        reminders = self._make_reminders()
        reminders.action_approve()
        reminders.filtered(lambda reminder: reminder.state == "approved").action_send()
        return self._open(reminders)

    def action_open_pending(self):
        """The reminder that waits already."""
        return self._open(self.pending_id)

    def _make_reminders(self):
        """The reminders, to approve: one a payee. Raises UserError, saying why there is none."""
        self.ensure_one()
        if self.pending_id:
            raise UserError(
                self.env._(
                    "A reminder to %s waits to leave: send it or cancel it first, for nobody gets two at once.",
                    self.debtor_id.display_name,
                )
            )
        by_payee, reasons = self._choose_lines()
        values = [
            self._prepare_reminder(payee, lines)
            for payee, lines in by_payee.items()
            if any(line["level_id"] for line in lines)
        ]
        if not values:
            raise UserError(
                self.env._("Nothing can be reminded at “%s”.", self.level_id.name) + "\n" + "\n".join(reasons)
            )
        reminders = self.env["collection.reminder"].create(values)
        reminders._fill_interest()
        return reminders

    def _open(self, reminders):
        if len(reminders) == 1:
            return self.env["collection.debtor"]._open_record(reminders)
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_reminder")
        return {**action, "domain": [("id", "in", reminders.ids)], "context": {}}


def _get_rank(level):
    return level.counted_from == "deadline", level.day, level.id
