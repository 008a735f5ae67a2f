from markupsafe import Markup

from odoo import fields, models

# Longer than that, a list of invoices no longer fits the text of a bank transfer.
REFERENCE_LENGTH = 140


class CollectionReminder(models.Model):
    """Whom a reminder asks to pay: the company, or the one assignee of all its items.

    A reminder has one payee: what is owed to another stands in a reminder of its own.
    """

    _inherit = "collection.reminder"

    assignee_id = fields.Many2one(
        "collection.assignee",
        string="To be paid to",
        ondelete="restrict",
        index="btree_not_null",
        readonly=True,
        help="The assignee of the items; empty where they are to be paid to the company.",
    )

    def _find_payment_bank_accounts(self):
        """As ever, and for assigned items the account of their assignee, ours never standing in for it."""
        assigned = self.filtered("assignee_id")
        found = super(CollectionReminder, self - assigned)._find_payment_bank_accounts()
        # Its customers read the account: the collector may too.
        return found | {reminder: reminder.assignee_id.sudo().bank_account_id for reminder in assigned}

    def _get_send_hold(self, bank_hold, calendar, today):
        """Nobody is asked to pay into an account that is no longer in use."""
        # Its customers read the account: see above.
        if self.assignee_id and not self.assignee_id.sudo().bank_account_id.active:
            return self.env._("The account of %s is archived: choose another.", self.assignee_id.display_name)
        return super()._get_send_hold(bank_hold, calendar, today)

    def _build_payment_means(self, account):
        if not self.assignee_id:
            return super()._build_payment_means(account)
        rows = [
            (self.env._("Account holder"), self._get_assignee_holder(account)),
            (self.env._("IBAN"), account.acc_number),
            (self.env._("BIC"), account.bank_bic),
            (self.env._("Reference to quote"), self._get_payment_reference()),
        ]
        return Markup("<p><strong>%s</strong></p><p>%s</p>") % (
            self.assignee_id._get_mention(),
            Markup("<br/>").join(
                self.env._("%(label)s: %(value)s", label=label, value=Markup("<strong>%s</strong>") % value)
                for label, value in rows
                if value
            ),
        )

    def _get_assignee_holder(self, account):
        return account.acc_holder_name or account.partner_id.name or ""

    def _get_payment_reference(self):
        """What the debtor quotes: to an assignee, which does not know our reminders, the invoices themselves."""
        numbers = ", ".join(line.name for line in self._get_demanded_lines() if line.name)
        return numbers if self.assignee_id and numbers and len(numbers) <= REFERENCE_LENGTH else self.name
