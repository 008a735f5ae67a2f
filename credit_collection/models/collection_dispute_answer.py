from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, html2plaintext

from ..calc.dispute_stages import OPEN

TEMPLATES = {
    "rejected": "credit_collection.mail_template_dispute_rejected",
    "accepted": "credit_collection.mail_template_dispute_accepted",
    "partly": "credit_collection.mail_template_dispute_accepted",
    "withdrawn": "credit_collection.mail_template_dispute_withdrawn",
}
LAYOUT = "mail.mail_notification_light"


class CollectionDispute(models.Model):
    """What the customer is answered once a dispute is decided."""

    _inherit = "collection.dispute"

    lang = fields.Selection(related="debtor_id.partner_id.lang", string="Language of the Customer")

    has_answer = fields.Boolean(compute="_compute_has_answer")

    @api.depends("answer")
    def _compute_has_answer(self):
        for dispute in self:
            # An editor leaves an empty paragraph behind.
            dispute.has_answer = bool(html2plaintext(dispute.answer or "").strip())

    def action_answer(self):
        """The e-mail that tells the decision, to be read, changed and sent by a person, from the customer's page.

        Raises UserError before the decision.
        """
        self.ensure_one()
        self._check_collector()
        self.check_access("write")
        if self.stage in OPEN:
            raise UserError(self.env._("Decide %s first: the answer says what was decided.", self.name))
        action = self.debtor_id._compose_message(TEMPLATES[self.stage], self)
        return {**action, "context": {**action["context"], "collection_dispute_id": self.id}}

    def _record_answer(self):
        """The answer has been sent to the customer."""
        self.check_access("write")
        # What was sent is a fact, which the program records.
        for dispute in self.sudo():
            dispute.answered_on = dispute.company_id._get_collection_today()


class CollectionDebtor(models.Model):
    """A message to a debtor about something that concerns it, read over before it leaves."""

    _inherit = "collection.debtor"

    def _compose_message(self, template, record, attachments=()):
        """Action with an e-mail rendered from a template about ``record``, to the debtor's contacts for collection.

        ``attachments`` are [(name, bytes)]. It leaves, once a person sends it, on the debtor's thread, where answers
        come back. Without an address the recipients are empty: the person adds one, or calls.
        """
        self.ensure_one()
        # What the text reads of the customer goes to the customer; the template is the company's.
        content = self.env.ref(template).sudo()._generate_template(record.ids, ("subject", "body_html"))[record.id]
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": raw,
                    "mimetype": "application/pdf",
                    "res_model": "mail.compose.message",
                    "res_id": 0,
                }
                for name, raw in attachments
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Message to %s", self.display_name),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_composition_mode": "comment",
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_partner_ids": [Command.set(self._find_mailable_contacts().ids)],
                "default_subject": content.get("subject") or "",
                "default_body": content.get("body_html") or "",
                "default_attachment_ids": [Command.set(files.ids)],
                "default_email_layout_xmlid": LAYOUT,
                "force_email": True,
            },
        }

    def _find_mailable_contacts(self):
        """Who receives the reminders of the debtor by e-mail; nobody where no address can be used."""
        self.ensure_one()
        self.env["res.partner"].flush_model()
        self.env["mail.blacklist"].flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id FROM (%s) way WHERE email_ok ORDER BY rank FETCH FIRST ROW WITH TIES""",
                self._sql_recipients(SQL("debtor.id = %s", self.id)),
            )
        )
        return self.env["res.partner"].browse(partner_id for (partner_id,) in rows)
