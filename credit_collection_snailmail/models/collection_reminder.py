from odoo import models

from odoo.addons.credit_collection.report.letter.content import AddressBox

# What the printers of Snailmail read the address from: see ``snailmail.letter._append_cover_page``. The edges of the
# area stay free.
SNAILMAIL_BOX = AddressBox(left=119, top=60.5, width=83.5, height=24.5)


class CollectionReminder(models.Model):
    """The letter, with its address where Snailmail looks for it."""

    _inherit = "collection.reminder"

    def _get_letter_address_box(self):
        if self.env.context.get("collection_snailmail"):
            return SNAILMAIL_BOX
        return super()._get_letter_address_box()
