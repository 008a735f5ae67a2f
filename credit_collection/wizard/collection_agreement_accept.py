from base64 import b64decode

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

READABLE = ("application/pdf", "image/png", "image/jpeg")


class CollectionAgreementAccept(models.TransientModel):
    """The customer accepts: when, who, and the letter as it was signed."""

    _name = "collection.agreement.accept"
    _description = "Record the Acceptance of an Agreement"

    agreement_id = fields.Many2one("collection.agreement", required=True, ondelete="cascade")
    accepted_on = fields.Date(required=True, default=lambda self: self.env["collection.decision"]._get_today())
    accepted_by = fields.Char(required=True, help="Name and capacity of whoever signed.")
    document = fields.Binary(string="Signed Agreement", attachment=False)
    document_name = fields.Char()
    insurance_warning = fields.Text(related="agreement_id.insurance_warning")
    insurance_reason = fields.Char(string="Beyond the insurer's limits because")

    def action_accept(self):
        """Record the acceptance, and keep the signed letter. Raises UserError for a file that is no document."""
        self.ensure_one()
        content = b64decode(self.document or b"")
        if content and guess_mimetype(content) not in READABLE:
            raise UserError(self.env._("The signed agreement is a PDF or a picture (PNG, JPEG)."))
        self.agreement_id._accept(self.accepted_on, self.accepted_by, self.insurance_reason)
        if content:
            self.agreement_id._keep_signed(self.document_name or self.env._("Signed agreement"), content)
        return {"type": "ir.actions.act_window_close"}
