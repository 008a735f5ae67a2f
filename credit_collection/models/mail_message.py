from odoo import api, models
from odoo.exceptions import AccessError


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        """Refuse to delete an e-mail that was sent as a reminder; the program's own doings excepted."""
        if self.env.su:
            return
        messages = self.filtered(lambda message: message.model == "collection.debtor")
        # Whether it was sent does not depend on who may see the delivery.
        deliveries = self.env["collection.delivery"].sudo()
        if messages and deliveries.search_count(
            [("mail_message_id", "in", messages.ids), ("message_sha256", "!=", False)], limit=1
        ):
            raise AccessError(self.env._("This e-mail was sent as a reminder: it is kept as proof."))
