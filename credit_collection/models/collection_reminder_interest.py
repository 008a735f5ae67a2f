from odoo import models
from odoo.tools import SQL, split_every

from .collection_reminder import PENDING_STATES

# Reminders whose interest is computed together: a first run may propose thousands of formal notices.
BATCH_SIZE = 500


class CollectionReminder(models.Model):
    """Interest and lump sums that reminders claim: computed each time they are decided again, frozen as they leave."""

    _inherit = "collection.reminder"

    def _decide_again(self):
        """What is owed for being late follows what is owed."""
        result = super()._decide_again()
        self._fill_interest()
        return result

    def action_change_level(self, level):
        """Another level may claim interest, or claim it no longer."""
        result = super().action_change_level(level)
        self._fill_interest()
        return result

    def _fill_interest(self):
        """Write on the lines the interest and the lump sum that they claim until today, none where the level does not.

        Those of a reminder that has left on one channel, or is on paper, stay as they were written.
        """
        open_reminders = self.filtered(lambda reminder: reminder.state in PENDING_STATES and not reminder._is_written())
        claiming = open_reminders.filtered(lambda reminder: reminder.level_id.claim_interest == "amount")
        # The program's own figures: who may decide may not have the rights on every item.
        claimed = claiming.sudo()._get_lines_with_interest()
        for company, lines in claimed.grouped(lambda line: line.reminder_id.company_id).items():
            lines._write_interest(company._get_collection_today())
        (open_reminders.sudo().line_ids - claimed)._clear_interest()

    def _is_written(self):
        """Whether somebody has received the amounts, may have, or holds the letter that says them."""
        return self._has_left() or "to_post" in self.delivery_ids.mapped("state")

    def _get_lines_with_interest(self):
        """Lines whose interest is claimed: those whose principal is."""
        lines = self.env["collection.reminder.line"]
        return lines.union(*(reminder._get_demanded_lines() for reminder in self))


class CollectionReminderLine(models.Model):
    _inherit = "collection.reminder.line"

    def _write_interest(self, until):
        claims = self.item_id._compute_interest(until=until)
        rows = [
            SQL(
                "(%s, %s::numeric, %s::numeric, %s::integer)",
                line.id,
                claims[line.item_id].interest,
                claims[line.item_id].lump_sum,
                claims[line.item_id].lump_sum_currency.id if claims[line.item_id].lump_sum else None,
            )
            for line in self
        ]
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_reminder_line line
                   SET interest = claim.interest, lump_sum = claim.lump_sum,
                       lump_sum_currency_id = claim.currency_id, interest_until = %s
                  FROM (VALUES %s) claim(id, interest, lump_sum, currency_id)
                 WHERE line.id = claim.id
                   AND (line.interest, line.lump_sum, line.lump_sum_currency_id, line.interest_until)
                       IS DISTINCT FROM (claim.interest, claim.lump_sum, claim.currency_id, %s)
                """,
                until,
                SQL(", ").join(rows),
                until,
            )
        )
        self.invalidate_recordset(["interest", "lump_sum", "lump_sum_currency_id", "interest_until"], flush=False)

    def _clear_interest(self):
        claimed = self.filtered("interest_until")
        if claimed:
            claimed.write({"interest": 0, "lump_sum": 0, "lump_sum_currency_id": False, "interest_until": False})


class CollectionRun(models.Model):
    _inherit = "collection.run"

    def _propose_reminders(self):
        """Show with the proposals what they will claim on top of the principal."""
        result = super()._propose_reminders()
        claiming = self.env["collection.reminder"].search(
            [("run_id", "=", self.id), ("level_id.claim_interest", "=", "amount")]
        )
        for batch in split_every(BATCH_SIZE, claiming.ids, claiming.browse):
            batch._fill_interest()
        return result
