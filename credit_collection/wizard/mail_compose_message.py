from odoo import models


class MailComposeMessage(models.TransientModel):
    """Copies sent after a call are its outcome."""

    _inherit = "mail.compose.message"

    def action_send_mail(self):
        """Note on the call that its copies have been sent."""
        result = super().action_send_mail()
        call = self.env["collection.call"].browse(self.env.context.get("collection_call_id")).exists()
        if call:
            call._check_may_note()
            call.outcome = "copy_sent"
        return result
