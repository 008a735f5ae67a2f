from odoo import fields, models


class ResCompany(models.Model):
    """How long a promise holds beyond its day."""

    _inherit = "res.company"

    collection_promise_grace_days = fields.Integer(
        string="Days of grace of promises",
        default=2,
        help="Calendar days after the day of a promise during which it still holds: a transfer takes its time.",
    )

    _collection_promise_grace_plausible = models.Constraint(
        "CHECK (COALESCE(collection_promise_grace_days, 0) BETWEEN 0 AND 60)",
        "The days of grace of promises are a number from 0 to 60.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_promise_grace_days = fields.Integer(
        related="company_id.root_id.collection_promise_grace_days", readonly=False
    )
