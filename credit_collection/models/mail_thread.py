from odoo import models
from odoo.tools import html2plaintext


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        message = message_dict.get("bounced_message")
        if message:
            # The mail gateway acts for nobody in particular.
            deliveries = self.env["collection.delivery"].sudo().search([("mail_message_id", "in", message.ids)])
            reason = " ".join(html2plaintext(message_dict.get("body") or "").split())
            deliveries._record_bounce(
                message_dict.get("bounced_email"), reason[:300] or self.env._("the message came back.")
            )
        return result
