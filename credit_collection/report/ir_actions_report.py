from io import BytesIO

from odoo import models


class IrActionsReport(models.Model):
    """Reports that ReportLab draws: they need no wkhtmltopdf."""

    _inherit = "ir.actions.report"

    def _get_collection_renderer(self, report_ref):
        """Name of the method that draws the report; None for the reports of others. Override to add one."""
        return {
            "credit_collection.reminder_letter": "_render_letter",
            "credit_collection.account_statement": "_render_statement",
            "credit_collection.deposit_slip": "_render_slip",
        }.get(self._get_report(report_ref).report_name)

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        renderer = self._get_collection_renderer(report_ref)
        if not renderer:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        records = self.env[self._get_report(report_ref).model].browse(res_ids)
        # What is drawn may read more than the user: the record itself is asked for here.
        records.check_access("read")
        if renderer == "_render_letter":
            records = records._sort_for_the_post()
        return {record.id: {"stream": BytesIO(getattr(record, renderer)()), "attachment": None} for record in records}
