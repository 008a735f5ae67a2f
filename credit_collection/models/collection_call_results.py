from odoo import fields, models


class CollectionCall(models.Model):
    """What was noted from a call."""

    _inherit = "collection.call"

    promise_id = fields.Many2one("collection.promise", ondelete="set null", readonly=True, index="btree_not_null")
    dispute_id = fields.Many2one("collection.dispute", ondelete="set null", readonly=True, index="btree_not_null")
    agreement_id = fields.Many2one("collection.agreement", ondelete="set null", readonly=True, index="btree_not_null")
