from odoo import models
from odoo.tools import pdf

from .letter.merging import merge


class CollectionDelivery(models.Model):
    _inherit = "collection.delivery"

    def _merge_letters(self, duplex=True):
        """One PDF of the letters made for these deliveries, in postal order: what is printed is what was decided."""
        # The letters belong to the debtors' pages: whoever reads the deliveries reads those.
        deliveries = self.sudo()
        letters = deliveries.grouped("reminder_id")
        return merge(
            (
                delivery.attachment_id.raw
                for reminder in deliveries.reminder_id._sort_for_the_post()
                for delivery in letters[reminder]
            ),
            pdf,
            duplex=duplex,
        )
