from odoo import api, models

from .collection_reminder import PENDING_STATES

# Working days during which an unread answer freezes what goes by itself.
UNREAD_ANSWER_DAYS = 5
DECISION_FIELDS = ("decision", "claim", "residual", "level_id", "move_line_id", "due_date", "days_late")


class CollectionReminder(models.Model):
    """Between planning and leaving: what holds a reminder back, and what is still true of it."""

    _inherit = "collection.reminder"

    # -- holds ---------------------------------------------------------------------------------------------------------

    def _refresh_holds(self):
        """Say on each reminder why it may not leave now, or that it may."""
        for company, reminders in self.grouped("company_id").items():
            bank_hold = company._get_bank_hold()
            calendar = company._get_working_calendar()
            today = company._get_collection_today()
            for reminder in reminders:
                hold = reminder._get_send_hold(bank_hold, calendar, today) or False
                if reminder.hold_reason != hold:
                    reminder.hold_reason = hold

    def _get_send_hold(self, bank_hold, calendar, today):
        """Why a reminder in the outbox may not leave now, in words; None if it may. Override to add a hold.

        ``bank_hold`` is that of the company, on ``today`` in its working ``calendar``.
        """
        self.ensure_one()
        unread_since = self.debtor_id.unread_since
        if unread_since and today <= calendar.add_working_days(unread_since, UNREAD_ANSWER_DAYS):
            return self.env._("An answer of the customer waits to be read.")
        if self.is_formal_notice:
            return self._get_approval_obstacle()
        # What a person approved goes: he knows of the bank, it stands on the run.
        return None if self.approved_by_id else bank_hold

    # -- deciding again ------------------------------------------------------------------------------------------------

    def _decide_again(self):
        """Hold the reminders against the ledger of this very moment.

        What is still owed is updated, what is not is dropped with its reason, and a reminder that lost all the items
        of its level is cancelled.
        """
        reminders = self.filtered(lambda reminder: reminder.state in PENDING_STATES)
        if not reminders:
            return
        decisions = reminders._get_decisions_now()
        for reminder in reminders:
            reminder._hold_against(decisions)

    def _get_decisions_now(self):
        """Live decisions about the debtors' items, by journal item: one query a company."""
        decisions = {}
        for company, reminders in self.grouped("company_id").items():
            # What is owed does not depend on who asks: a line that a user may not read is not a line that was paid.
            Decision = (
                self.env["collection.decision"]
                .sudo()
                .with_context(
                    allowed_company_ids=company.ids,
                    collection_date=company._get_collection_today(),
                    collection_debtor_ids=reminders.debtor_id.ids,
                )
            )
            Decision._flush_for_decision()
            Decision.invalidate_model()
            rows = Decision.search_fetch([("debtor_id", "in", reminders.debtor_id.ids)], DECISION_FIELDS, order="id")
            decisions |= {row.id: row for row in rows}
        return decisions

    def _hold_against(self, decisions):
        """Update or drop the lines by these decisions; cancel the reminder if nothing of its level is left."""
        has_left = self._has_left()
        for line in self._get_live_lines():
            decision = decisions.get(line.item_id.move_line_id.id)
            reason = line._get_drop_reason(decision, has_left)
            if reason:
                line._leave_out(reason, has_left)
            else:
                line._follow(decision)
        if not self._has_own_lines():
            reasons = set(self.line_ids.filtered("level_id").mapped("drop_reason")) - {False}
            self._cancel(" ".join(sorted(reasons)) or self.env._("Nothing is left to claim."))

    def _has_own_lines(self):
        """Whether a line of the reminder's own level still stands, and not only what it recalls."""
        return any(line.level_id == self.level_id for line in self._get_live_lines())

    @api.model
    def _leave_out_strayed(self, items):
        """Reminders that have not left drop the items that now belong to another debtor."""
        lines = self.env["collection.reminder.line"].search(
            [
                ("item_id", "in", items.ids),
                ("dropped", "=", False),
                ("reminder_id.state", "in", PENDING_STATES),
            ]
        )
        for line in lines.filtered(lambda line: line.reminder_id.debtor_id != line.item_id.debtor_id):
            reason = self.env._(
                "%(invoice)s now belongs to %(debtor)s.", invoice=line.name, debtor=line.item_id.debtor_id.display_name
            )
            line._leave_out(reason, line.reminder_id._has_left())
        for reminder in lines.reminder_id:
            if not reminder._has_own_lines():
                reminder._cancel(self.env._("Its items now belong to another customer."))
