import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.collection_agreement_documents import LETTER_STATES

TEMPLATES = {
    "agreement": "credit_collection.mail_template_agreement",
    "warning": "credit_collection.mail_template_agreement_warning",
    "revocation": "credit_collection.mail_template_agreement_revocation",
}


class CollectionAgreementSend(models.TransientModel):
    """A letter about an agreement before it leaves: e-mail and PDF, changed as one likes, or printed for the post."""

    _name = "collection.agreement.send"
    _description = "Send a Letter about an Agreement"

    agreement_id = fields.Many2one("collection.agreement", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="agreement_id.partner_id", string="Customer")
    kind = fields.Selection(
        [
            ("agreement", "Payment agreement"),
            ("warning", "Warning of a missed instalment"),
            ("revocation", "Revocation of the agreement"),
        ],
        required=True,
        readonly=True,
    )
    partner_ids = fields.Many2many("res.partner", string="To")
    subject = fields.Char()
    body = fields.Html(sanitize="email_outgoing")
    insurance_warning = fields.Text(related="agreement_id.insurance_warning")
    obstacle = fields.Char(compute="_compute_letter")
    letter = fields.Binary(compute="_compute_letter")

    @api.model
    def _prepare_for(self, agreement, kind):
        """The dialog filled in from the texts, in the customer's language."""
        template = self.env.ref(TEMPLATES[kind])
        # As the outbox renders texts: what they read of the customer goes to the customer.
        content = template.sudo()._generate_template(agreement.ids, ("subject", "body_html"))[agreement.id]
        return self.create(
            {
                "agreement_id": agreement.id,
                "kind": kind,
                "partner_ids": [(6, 0, agreement._find_recipients("email").ids)],
                "subject": content.get("subject") or "",
                "body": content.get("body_html") or "",
            }
        )

    @api.depends("agreement_id", "kind")
    def _compute_letter(self):
        for wizard in self:
            wizard.letter = wizard.obstacle = False
            # Where the client asks for sizes, the logo that letters print would be one.
            agreement = wizard.agreement_id.with_context(bin_size=False)
            if agreement.state not in LETTER_STATES[wizard.kind]:
                continue
            try:
                wizard.letter = base64.b64encode(agreement._render_agreement_letter(wizard.kind))
            except UserError as error:
                wizard.obstacle = str(error)

    def action_send(self):
        """Send the e-mail with the letter attached."""
        self.ensure_one()
        self.agreement_id._send_letter(self.kind, self.partner_ids, self.subject, self.body)
        return {"type": "ir.actions.act_window_close"}

    def action_print(self):
        """Print the letter for the post; it counts as sent today."""
        self.ensure_one()
        document = self.agreement_id._post_letter(self.kind)
        return document.action_open()
