"""Public bodies pay from the day an invoice reached them, and owe interest from the end of that time."""

from datetime import date
from io import BytesIO

from pypdf import PdfReader

from odoo.tests import tagged

from .common import CollectionCase
from .interest_case import InterestCase
from .smtp import plain_spaces


@tagged("post_install", "-at_install")
class TestTimeToPayFromReceipt(CollectionCase):
    """Of a public body the due date is counted from receipt, never earlier than the invoice says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan([("Rappel", 3)])
        cls.partner = cls.make_partner("Centre hospitalier")
        # Invoiced on 3 February, at thirty days: 5 March.
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=date(2026, 3, 5), invoiced=date(2026, 2, 3))
        cls.debtor = cls.debtor_of(cls.partner)
        cls.debtor.customer_kind = "public"
        cls.item = cls.item_of(cls.invoice)

    def due_date(self):
        return self.decision_of(self.invoice).due_date

    def test_an_unknown_day_of_receipt_is_that_of_the_invoice(self):
        self.assertEqual(self.due_date(), date(2026, 3, 5))
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_received_later_it_falls_due_later(self):
        self.item.receipt_date = date(2026, 2, 13)
        self.assertEqual(self.due_date(), date(2026, 3, 15))
        self.assert_decided(self.invoice, "waiting", "Rappel", next_date=date(2026, 3, 18))

    def test_a_hospital_has_fifty_days_whatever_the_invoice_says(self):
        self.debtor.public_term = "50"
        self.assertEqual(self.due_date(), date(2026, 3, 25))
        self.item.receipt_date = date(2026, 2, 13)
        self.assertEqual(self.due_date(), date(2026, 4, 4))

    def test_a_longer_term_of_the_invoice_stands(self):
        self.debtor.public_term = "30"
        later = self.make_invoice(self.partner, 500, due=date(2026, 4, 4), invoiced=date(2026, 2, 3))
        self.assertEqual(self.decision_of(later).due_date, date(2026, 4, 4))

    def test_a_receipt_before_the_invoice_changes_nothing(self):
        self.item.receipt_date = date(2026, 1, 20)
        self.assertEqual(self.due_date(), date(2026, 3, 5))

    def test_a_business_pays_by_the_invoice(self):
        self.debtor.write({"customer_kind": "business", "public_term": "50"})
        self.item.receipt_date = date(2026, 2, 13)
        self.assertEqual(self.due_date(), date(2026, 3, 5))

    def test_the_figures_and_the_statement_follow(self):
        self.item.receipt_date = date(2026, 2, 13)
        self.debtor._refresh_figures()
        self.assertEqual((self.debtor.overdue, self.debtor.not_due), (0, 1000))
        text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(self.debtor._render_statement())).pages)
        self.assertIn("03/15/2026", plain_spaces(text))

    def test_a_later_receipt_calls_back_a_reminder_that_waits(self):
        reminder = self.plan_run().reminder_ids
        self.item.receipt_date = date(2026, 2, 13)
        self.assertEqual(reminder.state, "cancelled")


@tagged("post_install", "-at_install")
class TestInterestOfPublicBodies(InterestCase):
    """Interest runs from the end of the time counted from receipt, at the rate of the half-year in which it begins."""

    def test_from_the_day_after_the_time_from_receipt(self):
        partner, _debtor = self.make_debtor("Mairie", "public", public_term="30")
        invoice = self.make_invoice(partner, 10000, due=date(2026, 5, 31), invoiced=date(2026, 5, 1))
        claim = self.claim_of(invoice)
        # 92 days from 1 June at 2.15 + 8 = 10.15 %, fixed though a half-year begins.
        self.assert_claimed(claim, "255.84", "40")
        self.item_of(invoice).receipt_date = date(2026, 5, 21)
        # Due on 20 June: 72 days.
        self.assert_claimed(self.claim_of(invoice), "200.22", "40")
