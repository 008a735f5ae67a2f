from collections import defaultdict

from odoo import fields, models
from odoo.tools import format_list

from .collection_reminder import PENDING_STATES


class CollectionReminder(models.Model):
    """Monthly statements of account: they go out as reminders do, by the outbox, and remind of nothing.

    A statement has no level and no line: no item moves by it, the debtor does not rest from it, and a run plans as if
    it were not there. What it says is read when it leaves.
    """

    _inherit = "collection.reminder"

    statement_month = fields.Date(
        string="Statement of",
        readonly=True,
        help="First day of the month of a statement of account; empty for a reminder.",
    )
    statement_date_text = fields.Char(string="Date of the statement", compute="_compute_statement_texts")
    statement_balance_text = fields.Char(string="Balance of the account", compute="_compute_statement_texts")
    statement_overdue_text = fields.Char(string="Balance overdue", compute="_compute_statement_texts")
    statement_not_due_text = fields.Char(string="Balance not yet due", compute="_compute_statement_texts")
    statement_credit_text = fields.Char(string="Credits not allocated", compute="_compute_statement_texts")

    _level_or_statement = models.Constraint(
        "CHECK (level_id IS NOT NULL OR statement_month IS NOT NULL)", "A reminder has a level of a plan."
    )
    _statement_month_unique = models.UniqueIndex(
        "(debtor_id, statement_month) WHERE statement_month IS NOT NULL",
        "This customer already has its statement of account of the month.",
    )

    # -- what it says --------------------------------------------------------------------------------------------------

    def _compute_statement_texts(self):
        for reminder in self:
            sums = reminder.debtor_id._sum_statement()
            today = reminder.company_id._get_collection_today()
            reminder.statement_date_text = reminder._format_date(reminder.sent_date or today)
            reminder.statement_balance_text = reminder._format_statement_sums(sums["balance"])
            reminder.statement_overdue_text = reminder._format_statement_sums(sums["overdue"])
            reminder.statement_not_due_text = reminder._format_statement_sums(sums["not_due"])
            reminder.statement_credit_text = reminder._format_statement_sums(sums["credit"])

    def _format_statement_sums(self, sums):
        """ "1 200,00 € et 300,00 $"; empty where there is nothing."""
        ordered = sorted(sums.items(), key=lambda entry: (entry[0] != self.company_currency_id, entry[0].name))
        amounts = [self._format_amount(amount, currency) for currency, amount in ordered]
        return format_list(self.env, amounts, lang_code=self.lang) if amounts else ""

    def _get_mail_template(self):
        """Text of the e-mail: the level's, and the company's for a statement of account."""
        self.ensure_one()
        return self.company_id._get_statement_template() if self.statement_month else self.level_id.mail_template_id

    def _prepare_email_attachments(self, copies=None):
        attachments = super()._prepare_email_attachments(copies)
        if self.statement_month:
            # Files that the template sends to every customer.
            files = self._get_mail_template().sudo().attachment_ids
            attachments += [(file.name, file.raw, file.mimetype) for file in files]
            label = self.with_context(lang=self.lang).env._("statement")
            attachments.append((f"{self.name}-{label}.pdf", self._render_statement(), "application/pdf"))
        return attachments

    # -- to whom -------------------------------------------------------------------------------------------------------

    def _find_email_recipients(self):
        """Those named for the statement of account, else those of the reminders."""
        found = super()._find_email_recipients()
        named = self.filtered(lambda reminder: reminder.statement_month and reminder.debtor_id.statement_contact_ids)
        usable = named.debtor_id.statement_contact_ids._filter_mailable()
        for reminder in named:
            recipients = reminder.debtor_id.statement_contact_ids & usable
            if recipients:
                found[reminder] = (recipients, self.env["res.partner"])
        return found

    def _choose_channels(self):
        """A statement goes by e-mail: whoever has no address finds it on the debtor's page, to print."""
        statements = self.filtered("statement_month")
        chosen, obstacles = super(CollectionReminder, self - statements)._choose_channels()
        if statements:
            found = self.env["collection.channel"]._get_channel("email")._get_obstacles(statements)
            reachable = statements.filtered(lambda reminder: reminder not in found)
            chosen["email"] = chosen.get("email", self.browse()) | reachable
            obstacles |= {reminder: [reason] for reminder, reason in found.items()}
        return chosen, obstacles

    # -- deciding again ------------------------------------------------------------------------------------------------

    def _decide_again(self):
        """A statement is decided by its debtor and its month; the rest as ever."""
        statements = self.filtered("statement_month")
        statements.filtered(lambda reminder: reminder.state in PENDING_STATES)._decide_statements_again()
        return super(CollectionReminder, self - statements)._decide_again()

    def _decide_statements_again(self):
        """Cancel those whose month is over, or whose debtor has nothing open or is left alone by now."""
        open_partners = self.debtor_id._find_with_open_debts()
        by_reason = defaultdict(self.browse)
        for statement in self:
            debtor = statement.debtor_id
            if statement.company_id._get_collection_today().replace(day=1) > statement.statement_month:
                by_reason[self.env._("The month of the statement is over.")] += statement
            elif debtor not in open_partners:
                by_reason[self.env._("Nothing is open on the account.")] += statement
            elif debtor._is_left_without_statement(by_person=bool(statement.approved_by_id)):
                by_reason[self.env._("This customer gets no statement of account.")] += statement
        for reason, statements in by_reason.items():
            statements._cancel(reason)
