"""The computation of interest as PDF and as a workbook: what it shows adds up to what is claimed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pdfplumber

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .charges_case import LATE, ChargesCase

DUE = date(2026, 5, 31)


class StatementCase(ChargesCase):
    def read_pdf(self, content):
        """Lines of text of a PDF."""
        with pdfplumber.open(BytesIO(content)) as document:
            text = "\n".join(page.extract_text() for page in document.pages)
        return text.replace("\u00a0", " ").replace("\u202f", " ").splitlines()

    def rows(self, content):
        """Rows of the first sheet of a workbook, below its heading."""
        sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
        return [row for row in sheet.iter_rows(min_row=6, values_only=True) if any(row)]


@tagged("post_install", "-at_install")
class TestThePdf(StatementCase):
    """Each period with its base, days, rate and amount; sums and totals; the law."""

    def test_each_period_and_what_they_add_up_to(self):
        self.make_invoice(self.partner, 10000, due=DUE)
        lines = self.read_pdf(self.debtor_of(self.partner)._print_interest_statement())
        for expected in (
            "06/01/2026 06/30/2026 30 10,000.00 € 12.15 % 99.86 €",
            "07/01/2026 08/31/2026 62 10,000.00 € 12.40 % 210.63 €",
            "Interest 310.49 €",
            "Lump sum for recovery costs 40.00 €",
            "Total in EUR 350.49 €",
        ):
            self.assertIn(expected, lines)
        self.assertIn("L. 441-10", " ".join(lines))

    def test_a_period_without_a_rate_is_shown_and_not_claimed(self):
        invoice = self.make_invoice(self.partner, 10000, due=date(2026, 11, 30))
        self.set_today(date(2027, 1, 31))
        lines = self.read_pdf(self.item_of(invoice)._print_interest_statement())
        self.assertIn("01/01/2027 01/31/2027 31 10,000.00 € No published rate: not claimed", lines)
        self.assertIn("Interest 105.32 €", lines)

    def test_what_is_not_claimed_says_why(self):
        _partner, debtor = self.make_debtor("Inconnu", kind="unknown")
        self.make_invoice(debtor.partner_id, 10000, due=DUE)
        lines = self.read_pdf(debtor._print_interest_statement())
        self.assertIn(
            "The kind of customer is unknown: neither interest nor a lump sum is claimed.",
            lines,
        )
        self.assertFalse([line for line in lines if line.startswith("Total in")])

    def test_two_currencies_are_never_added(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.make_invoice(self.partner, 5000, due=DUE, currency=dollar)
        lines = self.read_pdf(self.debtor_of(self.partner)._print_interest_statement())
        self.assertIn("Total in USD $ 155.25", lines)
        self.assertIn("Total in EUR 40.00 €", lines)

    def test_on_the_day_chosen_on_the_screen(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        action = self.item_of(invoice).action_show_interest()
        view = self.env[action["res_model"]].browse(action["res_id"])
        view.until = date(2026, 6, 30)
        lines = self.read_pdf(view._print_interest_statement())
        self.assertIn("Total in EUR 139.86 €", lines)
        self.assertEqual(view.total, "99.86\u00a0€")

    def test_what_the_invoice_takes_is_what_its_computation_shows(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.pay(invoice, 4000, on=date(2026, 6, 10))
        move = self.charge(invoice, lump_sum=False)
        content = self.env["ir.attachment"].search([("res_model", "=", "account.move"), ("res_id", "=", move.id)]).raw
        self.assertIn("Total in EUR 199.61 €", self.read_pdf(content))
        self.assertEqual(move.amount_total, 199.61)

    def test_a_character_that_no_font_has_is_refused_with_its_name(self):
        partner = self.make_partner("𠮷野家")
        self.make_invoice(partner, 10000, due=DUE)
        with self.assertRaisesRegex(UserError, "No font of this server can print these characters: .*𠮷"):
            self.debtor_of(partner)._print_interest_statement()

    def test_from_the_print_menu(self):
        self.make_invoice(self.partner, 10000, due=DUE)
        report = self.env.ref("credit_collection.action_report_interest_statement_debtor")
        content, kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            report.report_name, self.debtor_of(self.partner).ids
        )
        self.assertEqual(kind, "pdf")
        self.assertIn("Total in EUR 350.49 €", self.read_pdf(content))


@tagged("post_install", "-at_install")
class TestOfAReminder(StatementCase):
    """The computation of a reminder stays that of the day it counted to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan(levels=[("Relance", 12, {"claim_interest": "amount"})])
        cls.invoice = cls.make_invoice(cls.partner, 10000, due=DUE)
        cls.reminder = cls.run_and_send()

    def test_it_shows_what_the_reminder_claims(self):
        self.assertEqual(self.reminder.line_ids.interest, 310.49)
        self.assertIn("Total in EUR 350.49 €", self.read_pdf(self.reminder._render_interest_statement()))

    def test_a_month_later_still(self):
        self.set_today(date(2026, 9, 30))
        self.assertIn("Total in EUR 350.49 €", self.read_pdf(self.reminder._render_interest_statement()))

    def test_what_was_invoiced_since_changes_nothing_to_it(self):
        self.env.cr.execute("UPDATE collection_reminder SET sent_date = %s WHERE id = %s", (LATE, self.reminder.id))
        self.set_today(date(2026, 9, 30))
        self.charge(self.invoice)
        self.env.cr.execute("UPDATE collection_interest_charge SET create_date = '2026-09-30 10:00:00'")
        self.assertIn("Total in EUR 350.49 €", self.read_pdf(self.reminder._render_interest_statement()))

    def test_a_payment_entered_since_for_a_day_before_is_told(self):
        self.pay(self.invoice, 4000, on=date(2026, 6, 10))
        lines = self.read_pdf(self.reminder._render_interest_statement())
        self.assertIn("Interest 199.61 €", lines)
        self.assertIn(
            f"{self.invoice.name}: the account has changed since; the letter claimed 310.49 € of interest.", lines
        )

    def test_enclosed_with_a_letter_it_has_no_page_numbers_of_its_own(self):
        enclosed = self.read_pdf(self.reminder._render_interest_statement())
        printed = self.read_pdf(self.reminder._print_interest_statement())
        self.assertFalse([line for line in enclosed if line.endswith("Page 1/1")])
        self.assertTrue([line for line in printed if line.endswith("Page 1/1")])


@tagged("post_install", "-at_install")
class TestTheWorkbook(StatementCase, HttpCase):
    """The same lines, as dates and numbers."""

    def test_periods_and_lump_sum_as_numbers(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        rows = self.rows(self.debtor_of(self.partner)._render_interest_workbook())
        self.assertEqual(
            [(row[0], row[3] and row[3].date(), row[5], row[6], row[7], row[8], row[9]) for row in rows],
            [
                (invoice.name, date(2026, 6, 1), 30, 10000, 12.15, 99.86, "EUR"),
                (invoice.name, date(2026, 7, 1), 62, 10000, 12.4, 210.63, "EUR"),
                (invoice.name, None, None, None, None, 40, "EUR"),
            ],
        )

    def test_totals_by_currency(self):
        self.make_invoice(self.partner, 10000, due=DUE)
        content = self.debtor_of(self.partner)._render_interest_workbook()
        sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[1]
        self.assertEqual([cell.value for cell in sheet[2]], ["EUR", 310.49, 40, 350.49])

    def test_a_name_is_never_a_formula(self):
        partner = self.make_partner('=HYPERLINK("http://example.com";"x")')
        self.make_invoice(partner, 10000, due=DUE)
        sheet = openpyxl.load_workbook(BytesIO(self.debtor_of(partner)._render_interest_workbook())).worksheets[0]
        self.assertEqual(sheet["A2"].data_type, "s")

    def test_what_is_taken_off_has_a_row_of_its_own(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        claim = replace(self.claim_of_line(invoice), waived=Decimal(10))
        content = self.env["collection.interest"]._write_interest_workbook(
            self.debtor_of(self.partner), {self.items_of(invoice): claim}, LATE
        )
        self.assertEqual([row[8] for row in self.rows(content)], [99.86, 210.63, -10, 40])

    def test_downloaded_by_whoever_may_read_the_customer_and_by_nobody_else(self):
        self.make_invoice(self.partner, 10000, due=DUE)
        debtor = self.debtor_of(self.partner)
        self.make_user("collector", password="collector")
        self.company.collection_own_debtors_only = True
        url = debtor.action_interest_workbook()["url"]
        self.authenticate("collector", "collector")
        response = self.url_open(url)
        self.assertEqual((response.status_code, response.content[:2]), (200, b"PK"))
        debtor.user_id = self.make_user("other")
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            self.assertEqual(self.url_open(url).status_code, 404)
            self.assertEqual(self.url_open("/collection/interest/res.partner/1").status_code, 404)
            self.assertEqual(self.url_open("/collection/interest/nothing/1").status_code, 404)
