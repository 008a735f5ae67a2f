"""Interest put on invoices and waived, and words to say what is left of it."""

from decimal import Decimal

from odoo.tests import new_test_user

from .interest_case import LATE, InterestCase

GROUP = "credit_collection.group_collection_"


class ChargesCase(InterestCase):
    """A business that paid late, or did not, on Monday 31 August 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company._fill_interest_invoicing()

    def charge(self, invoices, until=LATE, interest=True, lump_sum=True):
        """The draft invoices of what these invoices' items bear."""
        debtor = self.debtor_of(invoices.partner_id)
        return debtor._invoice_interest(dict.fromkeys(self.items_of(invoices), (interest, lump_sum)), until)

    def items_of(self, invoices):
        """The receivable lines of the invoices, in order."""
        return invoices.line_ids.filtered("account_id.collection_role").sorted("date_maturity")

    def left_of(self, invoice, until=LATE):
        """(interest, lump sum) that the invoice still bears."""
        claim = self.claim_of_line(invoice, until)
        return claim.interest, claim.lump_sum

    def claim_of_line(self, invoice, until=LATE):
        self.debtor_of(invoice.partner_id)
        line = self.items_of(invoice)
        return self.env["collection.interest"]._compute_for_lines(line, until)[line]

    def lines_on(self, move):
        """(words, amount) of each line of an invoice."""
        return [(line.name, line.price_subtotal) for line in move.invoice_line_ids]

    def credit(self, move, amount=None):
        """Post a credit note of an interest invoice, whole or in part."""
        note = move._reverse_moves([{"invoice_date": LATE, "date": LATE}])
        if amount:
            note.invoice_line_ids[1:].unlink()
            note.invoice_line_ids.price_unit = amount
        note.action_post()
        return note

    def figures_of(self, invoice):
        """(claimed, invoiced, collected, waived) of the invoice's customer."""
        debtor = self.debtor_of(invoice.partner_id)
        debtor.invalidate_recordset()
        return (
            debtor.interest_claimed,
            debtor.interest_invoiced,
            debtor.interest_collected,
            debtor.interest_waived,
        )

    @classmethod
    def make_user(cls, name, group="collector", **values):
        """A user of collection who is no accountant."""
        return new_test_user(cls.env, name, f"base.group_user,{GROUP}{group}", **values)


NOTHING = Decimal(0), Decimal(0)
