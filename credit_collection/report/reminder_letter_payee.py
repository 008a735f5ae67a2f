from dataclasses import replace

from odoo import models


class CollectionReminder(models.Model):
    """How a letter about assigned items asks to be paid."""

    _inherit = "collection.reminder"

    def _prepare_letter_payment(self, claimed):
        payment = super()._prepare_letter_payment(claimed)
        if not self.assignee_id:
            return payment
        return replace(
            payment,
            reference=self._get_payment_reference(),
            text=self.assignee_id._get_mention(),
            # Both lead to an account or a page that is ours to choose, and paying there discharges nobody.
            link="",
            qr="",
        )
