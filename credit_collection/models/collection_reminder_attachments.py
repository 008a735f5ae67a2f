import logging

from odoo import models

_logger = logging.getLogger(__name__)

INVOICE_REPORT = "account.account_invoices"


class CollectionReminder(models.Model):
    """Files that go with a reminder."""

    _inherit = "collection.reminder"

    def _prepare_email_attachments(self, copies=None):
        """[(name, bytes, mimetype)] of the files that the level attaches. Override to add some.

        ``copies`` are those of invoices made beforehand for many reminders, by move id: see _make_invoice_copies().
        Raises UserError when one that the text announces cannot be made.
        """
        self.ensure_one()
        level = self.level_id
        # Files that the template sends to every customer.
        attachments = [(file.name, file.raw, file.mimetype) for file in level.mail_template_id.sudo().attachment_ids]
        if level.attach_letter:
            attachments.append((f"{self.name}.pdf", self._render_letter(), "application/pdf"))
        if level.attach_statement:
            label = self.with_context(lang=self.lang).env._("statement")
            attachments.append((f"{self.name}-{label}.pdf", self._render_statement(), "application/pdf"))
        if level.attach_invoices:
            copies = self._make_invoice_copies() if copies is None else copies
            moves = self._get_moves_to_attach()
            attachments += [copies[move_id] for move_id in moves.ids if move_id in copies]
        return attachments

    def _get_moves_to_attach(self):
        """Invoices of the items claimed, whose copies go with the message."""
        # The customer's own invoices, read on behalf of the company.
        return self._get_live_lines().move_id.sudo().filtered(lambda move: move.is_sale_document(include_receipts=True))

    def _make_invoice_copies(self):
        """{move id: (name, bytes, mimetype)} for a set of reminders, of the levels that attach them."""
        return self._copy_invoices(self.filtered("level_id.attach_invoices")._get_moves_to_attach())

    def _copy_invoices(self, moves):
        """{move id: (name, bytes, mimetype)} of the invoices: as they were sent, else printed anew in one go."""
        copies = {
            move.id: (move.invoice_pdf_report_id.name, move.invoice_pdf_report_id.raw, "application/pdf")
            for move in moves
            if move.invoice_pdf_report_id.raw
        }
        missing = moves.filtered(lambda move: move.id not in copies)
        return copies | {
            move_id: (
                # The name of a file that the customer receives.
                self.env["account.move"].browse(move_id).sudo()._get_invoice_report_filename(),
                content,
                "application/pdf",
            )
            for move_id, content in self._print_invoices(missing).items()
        }

    def _print_invoices(self, moves):
        """{move id: PDF} of the invoices that could be printed; one that cannot does not hold the others."""
        # A copy of the customer's own invoice, printed on behalf of the company; nothing is kept on the invoice.
        report = self.env["ir.actions.report"].sudo().with_context(report_pdf_no_attachment=True)
        if not moves or report.get_wkhtmltopdf_state() == "install":
            return {}
        try:
            with self.env.cr.savepoint():
                streams = report._render_qweb_pdf_prepare_streams(INVOICE_REPORT, {}, res_ids=moves.ids)
        except Exception:
            if len(moves) == 1:
                _logger.warning("No copy of %s can be printed", moves.name, exc_info=True)
                return {}
            printed = {}
            for move in moves:
                printed |= self._print_invoices(move)
            return printed
        return {move_id: stream["stream"].getvalue() for move_id, stream in streams.items() if stream["stream"]}

    def _describe_missing_copies(self, copies):
        """Which invoices went without a copy, in words; None if all have one."""
        self.ensure_one()
        if not self.level_id.attach_invoices:
            return None
        missing = self._get_moves_to_attach().filtered(lambda move: move.id not in copies)
        if not missing:
            return None
        return self.env._("Sent without a copy of %s: it was never printed.", ", ".join(missing.mapped("name")))
