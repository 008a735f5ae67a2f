from decimal import Decimal

from odoo import fields, models


class ResCompany(models.Model):
    """What a text message costs the company."""

    _inherit = "res.company"

    collection_sms_price = fields.Float(
        string="Price of an SMS",
        digits=(16, 4),
        help="Of one part of a message, in the company's currency: 160 characters, or 70 with some accents.",
    )

    _collection_sms_price_positive = models.Constraint(
        "CHECK (COALESCE(collection_sms_price, 0) >= 0)", "The price of an SMS cannot be negative."
    )

    def _get_sms_cost(self, segments):
        """Cost of a message of so many segments, in the company's currency and rounded by it; 0 if no price is set."""
        self.ensure_one()
        # What the company pays for a message is no secret to whoever sends it.
        price = self.root_id.sudo().collection_sms_price or 0
        return self.currency_id.round(float(Decimal(str(price)) * segments))


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_sms_price = fields.Float(
        related="company_id.root_id.collection_sms_price", readonly=False, digits=(16, 4)
    )
