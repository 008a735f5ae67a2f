from dataclasses import replace

from odoo import models
from odoo.tools import format_amount, format_date, format_list, html_escape

from .letter.content import Table
from .letter.payment import spaced_iban


class CollectionDebtor(models.Model):
    """What stands at the head of a statement of account, and whom to pay for what."""

    _inherit = "collection.debtor"

    def _prepare_statement(self):
        """As ever, with the sums at its head, and what was assigned in tables of its own: see _split_by_payee()."""
        statement = super()._prepare_statement()
        debtor = self.with_context(lang=statement.language.replace("-", "_"))
        lines = debtor._get_statement_lines()
        if not lines:
            return statement
        return replace(
            statement,
            body="".join(f"<p>{html_escape(text)}</p>" for text in debtor._describe_statement_sums()),
            tables=tuple(debtor._prepare_statement_tables(lines)),
        )

    def _describe_statement_sums(self):
        """Sentences: what the account comes to, and of it what is overdue, to come, and not allocated."""
        sums = {name: self._format_statement_amounts(amounts) for name, amounts in self._sum_statement().items()}
        yield self.env._(
            "Balance of your account: %s.", sums["balance"] or format_amount(self.env, 0, self.currency_id)
        )
        parts = (
            sums["overdue"] and self.env._("Overdue: %s.", sums["overdue"]),
            sums["not_due"] and self.env._("Not yet due: %s.", sums["not_due"]),
            sums["credit"] and self.env._("Credit notes and payments not allocated: %s.", sums["credit"]),
        )
        if any(parts):
            yield " ".join(filter(None, parts))

    def _format_statement_amounts(self, amounts):
        ordered = sorted(amounts.items(), key=lambda entry: (entry[0] != self.currency_id, entry[0].name))
        texts = [format_amount(self.env, amount, currency) for currency, amount in ordered]
        return format_list(self.env, texts) if texts else ""

    def _prepare_statement_tables(self, lines):
        """A table a payee: who reads two accounts must see which invoice goes to which."""
        today = self.company_id._get_collection_today()
        by_payee = self._split_by_payee(lines)
        for assignee, payee_lines in by_payee.items():
            title = note = ""
            if assignee:
                # The account is printed on what the customer receives.
                account = assignee.sudo().bank_account_id
                title = self.env._("To be paid to %s", assignee.display_name)
                note = assignee._get_mention() + " " + self.env._("IBAN: %s", spaced_iban(account.acc_number or ""))
            elif len(by_payee) > 1:
                title = self.env._("To be paid to %s", self.company_id.name)
            yield Table(tuple(self._prepare_statement_groups(payee_lines, today)), title, note)

    def _split_by_payee(self, lines):
        """{assignee, empty for the company itself: lines}, the company's own first."""
        # Whom a customer is to pay is no secret to who writes to it.
        assigned = (
            self.env["collection.item"]
            .sudo()
            .search([("move_line_id", "in", lines.ids), ("status", "=", "assigned"), ("assignee_id", "!=", False)])
        )
        payees = {item.move_line_id: item.assignee_id for item in assigned}
        nobody = self.env["collection.assignee"]
        grouped = lines.grouped(lambda line: payees.get(line, nobody))
        return dict(sorted(grouped.items(), key=lambda entry: entry[0].id or 0))

    def _prepare_statement_groups(self, lines, today):
        """As ever, by the days on which public bodies and retentions really fall due."""
        due_dates = self._get_statement_due_dates(lines)
        ordered = lines.sorted(lambda line: (due_dates[line], line.id))
        days = {line.id: day for line, day in due_dates.items()}
        return super(CollectionDebtor, self.with_context(collection_due_dates=days))._prepare_statement_groups(
            ordered, today
        )

    def _prepare_statement_item(self, line, today):
        item = super()._prepare_statement_item(line, today)
        due_date = self.env.context.get("collection_due_dates", {}).get(line.id)
        if not due_date:
            return item
        days_late = (today - due_date).days
        return replace(
            item,
            due_date=format_date(self.env, due_date),
            days_late=str(days_late) if days_late > 0 and line.amount_residual_currency > 0 else "",
        )
