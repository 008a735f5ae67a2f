from odoo import models


class MailComposeMessage(models.TransientModel):
    """The answer about a dispute, once a person has sent it."""

    _inherit = "mail.compose.message"

    def _action_send_mail_comment(self, res_ids):
        """Record on the dispute that its customer has been answered."""
        messages = super()._action_send_mail_comment(res_ids)
        dispute = self.env["collection.dispute"].browse(self.env.context.get("collection_dispute_id"))
        # Whatever a client sends along: only a message to the dispute's own customer answers it.
        if dispute and self.model == "collection.debtor" and dispute.exists().debtor_id.ids == list(res_ids):
            dispute._record_answer()
        return messages
