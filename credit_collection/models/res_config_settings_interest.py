from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_interest_account_id = fields.Many2one(
        related="company_id.root_id.collection_interest_account_id", readonly=False
    )
    collection_lump_sum_account_id = fields.Many2one(
        related="company_id.root_id.collection_lump_sum_account_id", readonly=False
    )
