from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, format_list

from .collection_item_receipts import MONEY_JOURNALS
from .collection_reminder import PENDING_STATES


class CollectionReminder(models.Model):
    """Thanks for a payment: they go out as reminders do, by the outbox, and remind of nothing.

    A message of thanks has no level and no line: no item moves by it, and the debtor does not rest from it.
    """

    _inherit = "collection.reminder"

    thanks_for_id = fields.Many2one(
        "collection.reminder",
        string="Thanks for the Settlement of",
        ondelete="cascade",
        index="btree_not_null",
        readonly=True,
        help="The reminder all of whose items were paid; empty for a reminder.",
    )
    thanks_total_text = fields.Char(string="Total settled", compute="_compute_thanks_texts")
    thanks_invoices_text = fields.Char(string="Invoices settled", compute="_compute_thanks_texts")

    _level_or_statement = models.Constraint(
        "CHECK (level_id IS NOT NULL OR statement_month IS NOT NULL OR thanks_for_id IS NOT NULL)",
        "A reminder has a level of a plan.",
    )
    _thanks_unique = models.UniqueIndex(
        "(thanks_for_id) WHERE thanks_for_id IS NOT NULL", "The customer has been thanked for this already."
    )

    # -- what it says --------------------------------------------------------------------------------------------------

    def _compute_thanks_texts(self):
        for reminder in self:
            lines = reminder.thanks_for_id._get_live_lines()
            reminder.thanks_total_text = reminder._format_totals(lines) if lines else ""
            numbers = list(dict.fromkeys(lines.sorted("due_date").mapped("name")))
            reminder.thanks_invoices_text = format_list(self.env, numbers, lang_code=reminder.lang) if numbers else ""

    def _get_mail_template(self):
        """Text of the e-mail: the plan's words of thanks where it is one."""
        if self.thanks_for_id:
            return self.thanks_for_id.plan_id._get_thanks_template()
        return super()._get_mail_template()

    def _prepare_email_attachments(self, copies=None):
        attachments = super()._prepare_email_attachments(copies)
        if self.thanks_for_id:
            # Files that the template sends to every customer.
            files = self._get_mail_template().sudo().attachment_ids
            attachments += [(file.name, file.raw, file.mimetype) for file in files]
        return attachments

    # -- on its way ----------------------------------------------------------------------------------------------------

    def _choose_channels(self):
        """Thanks go by e-mail, or not at all."""
        thanks = self.filtered("thanks_for_id")
        chosen, obstacles = super(CollectionReminder, self - thanks)._choose_channels()
        if thanks:
            found = self.env["collection.channel"]._get_channel("email")._get_obstacles(thanks)
            reachable = thanks.filtered(lambda reminder: reminder not in found)
            chosen["email"] = chosen.get("email", self.browse()) | reachable
            obstacles |= {reminder: [reason] for reminder, reason in found.items()}
        return chosen, obstacles

    def _get_send_hold(self, bank_hold, calendar, today):
        """Old bank data does not hold thanks back: the money they are for has arrived."""
        return super()._get_send_hold(None if self.thanks_for_id else bank_hold, calendar, today)

    def _decide_again(self):
        """Thanks are decided by what they are for; the rest as ever."""
        thanks = self.filtered("thanks_for_id")
        thanks.filtered(lambda reminder: reminder.state in PENDING_STATES)._decide_thanks_again()
        return super(CollectionReminder, self - thanks)._decide_again()

    def _decide_thanks_again(self):
        """Cancel thanks to those who are left alone by now, or whose payment came back."""
        settled = self.thanks_for_id._filter_settled()
        by_reason = defaultdict(self.browse)
        for thanks in self:
            debtor = thanks.debtor_id
            if debtor.is_paused or debtor.chase == "off":
                by_reason[self.env._("Nothing is sent to this customer now.")] += thanks
            elif thanks.thanks_for_id not in settled:
                by_reason[self.env._("The payment came back.")] += thanks
        for reason, thanks in by_reason.items():
            thanks._cancel(reason)

    # -- for what ------------------------------------------------------------------------------------------------------

    def _filter_settled(self):
        """Those of the reminders all of whose items were settled, by money, since they were sent."""
        if not self:
            return self
        self._flush_for_thanks()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM collection_reminder reminder WHERE id IN %s AND %s",
                tuple(self.ids),
                self._sql_settled_by_money(),
            )
        )
        return self.browse(reminder_id for (reminder_id,) in rows)

    @api.model
    def _flush_for_thanks(self):
        for model in (
            "account.move.line",
            "account.partial.reconcile",
            "collection.debtor",
            "collection.item",
            "collection.level",
            "collection.plan",
            "collection.reminder",
            "collection.reminder.line",
        ):
            self.env[model].flush_model()

    @api.model
    def _sql_settled_by_money(self):
        """Condition on ``reminder``: nothing it claimed is open, and nothing but money settled it since it was sent."""
        return SQL(
            """EXISTS (SELECT FROM collection_reminder_line line
                        WHERE line.reminder_id = reminder.id AND line.dropped IS NOT TRUE AND line.claim > 0)
               AND NOT EXISTS (
                   SELECT FROM collection_reminder_line line
                     JOIN collection_item item ON item.id = line.item_id
                     LEFT JOIN account_move_line debt ON debt.id = item.move_line_id
                    WHERE line.reminder_id = reminder.id AND line.dropped IS NOT TRUE AND line.claim > 0
                      AND (debt.reconciled IS NOT TRUE
                           OR NOT EXISTS (
                              SELECT FROM account_partial_reconcile part
                               WHERE part.debit_move_id = debt.id AND part.debit_amount_currency > 0
                                 AND part.max_date >= reminder.sent_date)
                           OR EXISTS (
                              SELECT FROM account_partial_reconcile part
                                JOIN account_move_line credit ON credit.id = part.credit_move_id
                                JOIN account_journal journal ON journal.id = credit.journal_id
                               WHERE part.debit_move_id = debt.id AND part.debit_amount_currency > 0
                                 AND part.max_date >= reminder.sent_date AND journal.type NOT IN %s)))""",
            MONEY_JOURNALS,
        )
