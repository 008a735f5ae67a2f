from odoo import api, models


class CollectionNoted(models.AbstractModel):
    """What a person notes in a dialog: the page that opened the dialog learns that it was noted.

    A dialog given up creates nothing, and so settles nothing: that is why the answer is read, or the call has its
    outcome, when the record is made and not when the dialog is opened.
    """

    _name = "collection.noted"
    _description = "Noted in a Dialog"

    @api.model_create_multi
    def create(self, vals_list):
        """Settle what the dialog was opened from: see ``_settle_origin``."""
        noted = super().create(vals_list)
        noted._settle_origin()
        return noted

    def _settle_origin(self):
        """The answer of the customer is read, the call has its outcome. Override for another page that opens one."""
        self.env["collection.debtor"]._settle_answer(self.debtor_id)
        self.env["collection.call"]._note_results(self)
