from odoo import fields, models


class CollectionLatenessReason(models.Model):
    """Why a customer has not paid, as it says itself."""

    _name = "collection.lateness.reason"
    _description = "Reason for Lateness"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    call_ids = fields.One2many("collection.call", "lateness_reason_id")
