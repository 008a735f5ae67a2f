from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    def send_letter(self):
        """Send the letters of reminders again as reminders: as they are owed now."""
        self.letter_ids._send_reminders_again()
        return super().send_letter()
