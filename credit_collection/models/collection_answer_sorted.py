from odoo import api, models


class CollectionDispute(models.Model):
    """A dispute noted from an answer marks it as read."""

    _inherit = "collection.dispute"

    @api.model_create_multi
    def create(self, vals_list):
        """Mark the answer from which the dialog was opened as read."""
        disputes = super().create(vals_list)
        self.env["collection.debtor"]._settle_answer(disputes.debtor_id)
        return disputes


class CollectionPromise(models.Model):
    """A promise noted from an answer marks it as read."""

    _inherit = "collection.promise"

    @api.model_create_multi
    def create(self, vals_list):
        """Mark the answer from which the dialog was opened as read."""
        promises = super().create(vals_list)
        self.env["collection.debtor"]._settle_answer(promises.debtor_id)
        return promises
