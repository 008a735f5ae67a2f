from odoo import fields, models


class CollectionDisputeNatureStep(models.Model):
    """One thing to do for disputes of a nature."""

    _name = "collection.dispute.nature.step"
    _description = "Step of a Nature of Dispute"
    _order = "sequence, id"

    nature_id = fields.Many2one("collection.dispute.nature", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
