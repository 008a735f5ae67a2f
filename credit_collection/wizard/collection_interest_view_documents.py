from odoo import models


class CollectionInterestView(models.TransientModel):
    """The dialog's computation as a document, up to the day chosen in it."""

    _name = "collection.interest.view"
    _inherit = ["collection.interest.view", "collection.interest.documents"]

    def _get_interest_computation(self):
        return self.debtor_id, self._get_claims(), self.until
