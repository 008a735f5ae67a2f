from dataclasses import replace

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from .letter.content import Group, Item, Letter, Table, Total
from .letter.drawing import render


class CollectionDebtor(models.Model):
    """Statements of account: everything open, credits included, without a word of reminder."""

    _inherit = "collection.debtor"

    def _render_statement(self, is_numbered=True):
        """PDF of the statement of account. Raises UserError when a character cannot be printed.

        Enclosed with a letter it is not numbered: its pages follow the letter's.
        """
        self.ensure_one()
        company = self.company_id
        letter = replace(self._prepare_statement(), is_numbered=is_numbered)
        # It goes with a message as often as by post: the address is no obstacle here.
        if obstacle := company._describe_uncovered_characters(letter):
            raise UserError(self.env._("%(label)s: %(value)s", label=self.display_name, value=obstacle))
        return render(letter, company._get_letter_fonts())

    def _prepare_statement(self):
        """The statement as plain values, in the debtor's language. Override to change what it says."""
        self.ensure_one()
        lang = self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang
        debtor = self.with_context(lang=lang)
        company = debtor.company_id
        today = company._get_collection_today()
        lines = debtor._get_statement_lines()
        date = company._format_letter_date(today)
        return Letter(
            sender=company._prepare_letter_sender(self.partner_id),
            address=debtor.partner_id._get_postal_lines(company),
            place_and_date=company._format_place_and_date(today),
            references=((debtor.env._("Your customer number"), self.partner_id.ref),) if self.partner_id.ref else (),
            heading=debtor.env._("Statement of account"),
            subject=debtor.env._("Open items on %s", date),
            tables=(Table(tuple(debtor._prepare_statement_groups(lines, today))),) if lines else (),
            body="" if lines else debtor.env._("Nothing is open on your account."),
            labels=company._prepare_letter_labels(),
            language=(lang or "fr_FR").replace("_", "-"),
        )

    def _get_statement_lines(self):
        """Open journal items of the debtor, on the accounts that collection looks at."""
        decision = self.env["collection.decision"].with_context(allowed_company_ids=self.company_id.ids)
        # The customer's own account: whoever may write to him may quote it.
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("account_id", "in", decision._get_perimeter_accounts().ids),
                    ("partner_id", "=", self.partner_id.id),
                    ("reconciled", "=", False),
                    ("parent_state", "=", "posted"),
                    ("company_id", "in", self.company_id._get_collection_companies().ids),
                ],
                order="date_maturity, date, id",
            )
        )

    def _prepare_statement_groups(self, lines, today):
        """One group a currency, the company's first, each with its own total."""
        by_currency = lines.grouped("currency_id")
        for currency in sorted(by_currency, key=lambda currency: (currency != self.currency_id, currency.name)):
            group = by_currency[currency]
            label = self.env._("Balance in %s", currency.name) if len(by_currency) > 1 else self.env._("Balance")
            total = format_amount(self.env, sum(group.mapped("amount_residual_currency")), currency)
            yield Group(tuple(self._prepare_statement_item(line, today) for line in group), Total(label, due=total))

    def _prepare_statement_item(self, line, today):
        due_date = line.date_maturity or line.invoice_date or line.date
        days_late = (today - due_date).days
        return Item(
            number=line.move_name or "/",
            date=format_date(self.env, line.invoice_date or line.date),
            due_date=format_date(self.env, due_date),
            days_late=str(days_late) if days_late > 0 and line.amount_residual_currency > 0 else "",
            original=format_amount(self.env, line.amount_currency, line.currency_id),
            due=format_amount(self.env, line.amount_residual_currency, line.currency_id),
        )


class CollectionReminder(models.Model):
    """The statement that goes with a reminder."""

    _inherit = "collection.reminder"

    def _render_statement(self):
        """PDF of the debtor's statement of account."""
        self.ensure_one()
        return self.debtor_id._render_statement()
