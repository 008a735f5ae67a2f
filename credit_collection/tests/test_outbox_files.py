from io import BytesIO
from unittest.mock import patch

from pypdf import PdfReader

from odoo.tests import tagged

from .common import day
from .outbox_case import OutboxCase
from .smtp import attachments_of


@tagged("post_install", "-at_install")
class TestFilesGoWithAnEmail(OutboxCase):
    """Letter, statement and copies of invoices, as the level says; what is missing is said."""

    def send(self, **level_values):
        self.make_plan([("Rappel", 3, level_values)])
        invoice = self.make_invoice(self.partner, 1200, due=day(-5))
        self.invoice = invoice
        return self.prepare()

    def test_the_letter_opens_and_says_the_same_amount(self):
        reminder = self.send(attach_letter=True)
        self.process_outbox()
        files = attachments_of(self.server.message_to(self.address))
        self.assertEqual(list(files), [f"{reminder.name}.pdf"])
        text = PdfReader(BytesIO(files[f"{reminder.name}.pdf"])).pages[0].extract_text()
        self.assertIn("1,200.00", text)

    def test_the_statement_opens(self):
        reminder = self.send(attach_statement=True)
        self.process_outbox()
        files = attachments_of(self.server.message_to(self.address))
        self.assertEqual(list(files), [f"{reminder.name}-statement.pdf"])
        text = PdfReader(BytesIO(files[f"{reminder.name}-statement.pdf"])).pages[0].extract_text()
        self.assertIn(self.invoice.name, text)

    def test_the_copy_of_an_invoice_is_the_one_that_was_sent(self):
        reminder = self.send(attach_invoices=True)
        self.keep_copy(self.invoice, b"%PDF-1.4 original")
        self.process_outbox()
        files = attachments_of(self.server.message_to(self.address))
        self.assertEqual(list(files.values()), [b"%PDF-1.4 original"])
        self.assertEqual(self.delivery_of(reminder).error, False)

    def test_a_copy_never_made_is_printed_beforehand_for_all_at_once(self):
        reminder = self.send(attach_invoices=True)
        calls = []

        def print_invoices(report, report_ref, data, res_ids=None):
            calls.append(res_ids)
            return {move_id: {"stream": BytesIO(b"%PDF-1.4 anew"), "attachment": None} for move_id in res_ids}

        Report = type(self.env["ir.actions.report"])
        with (
            patch.object(Report, "get_wkhtmltopdf_state", lambda report: "ok"),
            patch.object(Report, "_render_qweb_pdf_prepare_streams", print_invoices),
        ):
            self.process_outbox()
        self.assertEqual(calls, [self.invoice.ids])
        self.assertEqual(list(attachments_of(self.server.message_to(self.address)).values()), [b"%PDF-1.4 anew"])
        self.assertFalse(self.invoice.invoice_pdf_report_id, "The ledger is read, never written.")
        self.assertEqual(self.delivery_of(reminder).error, False)

    def test_a_copy_that_cannot_be_made_is_left_out_and_said(self):
        reminder = self.send(attach_invoices=True)
        with patch.object(type(self.env["ir.actions.report"]), "get_wkhtmltopdf_state", lambda report: "install"):
            self.process_outbox()
        self.assertEqual(attachments_of(self.server.message_to(self.address)), {})
        self.assertEqual(
            self.delivery_of(reminder).error, f"Sent without a copy of {self.invoice.name}: it was never printed."
        )

    def keep_copy(self, invoice, content):
        self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": content,
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
                "mimetype": "application/pdf",
            }
        )
        invoice.invalidate_recordset()
