from collections import defaultdict
from dataclasses import replace

from odoo import models
from odoo.tools import format_date, format_list

from ..calc.amount_words import spell_amount
from .letter.content import Group, Item, Table, Total


class CollectionReminder(models.Model):
    """What a letter claims: tables of items, interest and lump sums beside the principal, totals and their words."""

    _inherit = "collection.reminder"

    def _prepare_letter_claims(self, company, claimed):
        """Fields of the letter that say what is owed. Override to change them."""
        totals = self._get_totals(claimed)
        columns = self._get_late_columns(claimed)
        labels = company._prepare_letter_labels()
        return {
            "tables": tuple(self._prepare_letter_tables(claimed)),
            "extra_columns": tuple(label for _name, label in columns),
            "labels": replace(labels, due=self.env._("Principal due")) if columns else labels,
            "deadline": self._get_letter_deadline(company),
            "amounts_due": tuple(self._format_amount(amount, currency) for currency, amount in totals),
            "in_words": self._spell_totals(totals) if self.is_formal_notice else "",
        }

    def _get_letter_deadline(self, company):
        """The calendar date that a formal notice grants, written out."""
        if not self.is_formal_notice:
            return ""
        return company._format_letter_date(self.deadline_date or self._get_deadline_if_posted_today())

    def _spell_totals(self, totals):
        """The totals in words; nothing unless all of them can be written in the reader's language."""
        words = [
            spell_amount(currency._to_decimal(amount), currency.name, self.env.lang or "")
            for currency, amount in totals
        ]
        if not words or not all(words):
            return ""
        return self.env._("In words: %s.", format_list(self.env, words, lang_code=self.env.lang))

    # -- tables --------------------------------------------------------------------------------------------------------

    def _prepare_letter_tables(self, claimed):
        """The claimed items, and apart those merely recalled."""
        recalled = self._get_live_lines() - claimed
        claimed_title = recalled_title = ""
        if self.is_formal_notice and recalled:
            claimed_title = self.env._("Invoices you are put in default to pay")
            recalled_title = self.env._("Other open invoices, for information")
        elif recalled:
            recalled_title = self.env._("Not yet due, for information")
        if claimed:
            columns = self._get_late_columns(claimed)
            yield Table(tuple(self._prepare_letter_groups(claimed, columns)), claimed_title)
        if recalled:
            yield Table(tuple(self._prepare_letter_groups(recalled)), recalled_title)

    def _prepare_letter_groups(self, lines, columns=()):
        """One group a currency, the company's first, each with its own total."""
        by_currency = lines.sorted(lambda line: (line.due_date, line.id)).grouped("currency_id")
        for currency in sorted(by_currency, key=lambda currency: (currency != self.company_currency_id, currency.name)):
            group = by_currency[currency]
            label = self.env._("Total in %s", currency.name) if len(by_currency) > 1 else self.env._("Total")
            items = tuple(self._prepare_letter_item(line, columns) for line in group)
            yield Group(items, Total(label, **self._prepare_letter_amounts(group, columns)))

    def _prepare_letter_item(self, line, columns=()):
        """One row. What is paid and what is not claimed now explain how the amount became what is due."""
        # The customer's own invoice: whoever may write to him may quote it.
        move = line.sudo().move_id
        order = self._get_order_reference(move)
        return Item(
            number="\n".join(filter(None, (line.name or "/", order and self.env._("Order %s", order)))),
            date=self._format_letter_day(move.invoice_date or move.date),
            due_date=self._format_letter_day(line.due_date),
            days_late=str(line.days_late) if line.days_late > 0 else "",
            debtor=self.debtor_id.partner_id.name if self.debtor_id.payer_id else "",
            **self._prepare_letter_amounts(line, columns),
        )

    def _get_order_reference(self, move):
        """Contract or order that the invoice executes: the customer's own reference, else the sale's."""
        return move.ref or (move.invoice_origin if "invoice_origin" in move else "") or ""

    def _prepare_letter_amounts(self, lines, columns=()):
        """Amounts of lines of one currency, formatted; zero where it says nothing is left out."""
        amount, residual, claim = (sum(lines.mapped(name)) for name in ("amount", "residual", "claim"))
        currency = lines.currency_id
        sums = self._sum_late_claims(lines)
        return {
            "original": self._format_amount(amount, currency),
            "paid": self._format_amount_if_any(amount - residual, currency),
            "held": self._format_amount_if_any(residual - claim, currency),
            "due": self._format_amount(claim, currency),
            "extra": tuple(self._format_sums(sums[name]) for name, _label in columns),
        }

    def _format_amount_if_any(self, amount, currency):
        return "" if currency.is_zero(amount) else self._format_amount(amount, currency)

    def _format_letter_day(self, day):
        return format_date(self.env, day) if day else ""

    # -- what being late costs -----------------------------------------------------------------------------------------

    def _get_late_columns(self, lines):
        """[(kind of claim, heading)] of what ``lines`` claim beyond the principal, with the total; none if nothing."""
        sums = self._sum_late_claims(lines)
        columns = [
            (name, label)
            for name, label in (("interest", self.env._("Interest")), ("lump_sum", self.env._("Lump sum")))
            if sums[name]
        ]
        return [*columns, ("total", self.env._("Total due"))] if columns else []

    @staticmethod
    def _sum_late_claims(lines):
        """{kind of claim: {currency: amount}}: a lump sum may be owed in another currency than its invoice."""
        sums = {name: defaultdict(float) for name in ("interest", "lump_sum", "total")}
        for line in lines:
            claims = (
                ("interest", line.currency_id, line.interest),
                ("lump_sum", line.lump_sum_currency_id, line.lump_sum),
                ("principal", line.currency_id, line.claim),
            )
            for name, currency, amount in claims:
                if amount:
                    sums["total"][currency] += amount
                    if name in sums:
                        sums[name][currency] += amount
        return sums

    def _format_sums(self, sums):
        """ "1 010,00 $ + 40,00 €": two currencies are never added."""
        return " + ".join(self._format_amount(amount, currency) for currency, amount in sums.items())
