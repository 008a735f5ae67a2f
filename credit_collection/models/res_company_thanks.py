import logging
from datetime import timedelta
from functools import partial

from odoo import api, models
from odoo.service.model import retrying
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# One message of thanks a debtor in so many days.
THANKS_REST_DAYS = 30
# Thanks come while the payment is fresh, not for what was settled before somebody wanted them.
FRESH_DAYS = 15
# Reminders sent longer ago are not looked at.
REMINDED_DAYS = 365


class ResCompany(models.Model):
    """Who is thanked, once a day."""

    _inherit = "res.company"

    @api.model
    def _cron_thank_for_settlements(self):
        """Thank the customers who have paid what they were reminded of, where their plan says so."""
        # The scheduler acts for all companies: whether a plan thanks depends on no user.
        if not self.env["collection.plan"].sudo().search_count([("thank_on_settlement", "=", True)], limit=1):
            return
        for company in self.sudo().search([("collection_active", "=", True), ("parent_id", "=", False)]):
            # The scheduler speaks no language: what it writes for people is in the company's.
            company = company.with_context(lang=company.partner_id.lang, allowed_company_ids=company.ids)
            try:
                retrying(partial(company._thank_for_settlements), self.env)
            except Exception:
                # One company's trouble must not keep the others from thanking; tomorrow it is tried again.
                _logger.exception("Thanks of company %s failed", company.id)
                self.env.cr.rollback()
            self.env["ir.cron"]._commit_progress(1)

    def _thank_for_settlements(self):
        """Put thanks into the outbox for the last reminders that were settled of late; return them."""
        self.ensure_one()
        Reminder = self.env["collection.reminder"]
        settled = self._find_settled_reminders()
        thanks = Reminder.create([self._prepare_thanks(reminder) for reminder in settled])
        unreachable = self.env["collection.channel"]._get_channel("email")._get_obstacles(thanks)
        lost = thanks.filtered(lambda reminder: reminder in unreachable)
        # Never sent, so no history.
        lost.unlink()
        (thanks - lost).action_send()
        return thanks - lost

    def _prepare_thanks(self, reminder):
        return {
            "debtor_id": reminder.debtor_id.id,
            "thanks_for_id": reminder.id,
            "date": self._get_collection_today(),
            "state": "approved",
        }

    def _find_settled_reminders(self):
        """The last reminder of each debtor, where all it claimed has been paid and nobody was thanked lately."""
        Reminder = self.env["collection.reminder"]
        Reminder._flush_for_thanks()
        today = self._get_collection_today()
        rows = self.env.execute_query(
            SQL(
                """
                WITH last AS MATERIALIZED (
                    SELECT DISTINCT ON (reminder.debtor_id) reminder.*
                      FROM collection_reminder reminder
                      JOIN collection_debtor debtor ON debtor.id = reminder.debtor_id
                     WHERE debtor.company_id = %(company)s AND reminder.level_id IS NOT NULL
                       AND reminder.sent_date >= %(since)s
                       AND debtor.chase <> 'off' AND COALESCE(debtor.pause_until < %(today)s, TRUE)
                     ORDER BY reminder.debtor_id, reminder.sent_date DESC, reminder.id DESC
                )
                SELECT reminder.id
                  FROM last reminder
                  JOIN collection_level level ON level.id = reminder.level_id
                  JOIN collection_plan plan ON plan.id = level.plan_id AND plan.thank_on_settlement
                 WHERE reminder.state = 'sent'
                   -- Before the due date nobody was chased.
                   AND (level.counted_from = 'deadline' OR level.day >= 0)
                   AND NOT EXISTS (SELECT FROM collection_reminder thanks
                                    WHERE thanks.debtor_id = reminder.debtor_id AND thanks.thanks_for_id IS NOT NULL
                                      AND (thanks.thanks_for_id = reminder.id
                                           OR thanks.state <> 'cancelled' AND thanks.date > %(rest)s))
                   AND EXISTS (SELECT FROM collection_reminder_line line
                                 JOIN collection_item item ON item.id = line.item_id
                                 JOIN account_partial_reconcile part ON part.debit_move_id = item.move_line_id
                                WHERE line.reminder_id = reminder.id AND part.max_date > %(fresh)s)
                   AND %(settled)s
                 ORDER BY reminder.id
                """,
                company=self.id,
                today=today,
                since=today - timedelta(days=REMINDED_DAYS),
                rest=today - timedelta(days=THANKS_REST_DAYS),
                fresh=today - timedelta(days=FRESH_DAYS),
                settled=Reminder._sql_settled_by_money(),
            )
        )
        return Reminder.browse(reminder_id for (reminder_id,) in rows)
