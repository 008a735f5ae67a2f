from odoo import api, fields, models


class CollectionCall(models.Model):
    """What was noted from a call."""

    _inherit = "collection.call"

    promise_id = fields.Many2one("collection.promise", ondelete="set null", readonly=True, index="btree_not_null")
    dispute_id = fields.Many2one("collection.dispute", ondelete="set null", readonly=True, index="btree_not_null")
    agreement_id = fields.Many2one("collection.agreement", ondelete="set null", readonly=True, index="btree_not_null")


class CollectionPromise(models.Model):
    """A promise heard on the telephone is the outcome of its call."""

    _inherit = "collection.promise"

    @api.model_create_multi
    def create(self, vals_list):
        """Note the promise on the call whose dialog made it."""
        promises = super().create(vals_list)
        self.env["collection.call"]._note_results(promises)
        return promises


class CollectionDispute(models.Model):
    """A dispute heard on the telephone is the outcome of its call."""

    _inherit = "collection.dispute"

    @api.model_create_multi
    def create(self, vals_list):
        """Note the dispute on the call whose dialog made it."""
        disputes = super().create(vals_list)
        self.env["collection.call"]._note_results(disputes)
        return disputes


class CollectionAgreement(models.Model):
    """An agreement found on the telephone is the outcome of its call."""

    _inherit = "collection.agreement"

    @api.model_create_multi
    def create(self, vals_list):
        """Note the agreement on the call whose dialog made it."""
        agreements = super().create(vals_list)
        self.env["collection.call"]._note_results(agreements)
        return agreements
