from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_snailmail = fields.Boolean(related="company_id.root_id.collection_snailmail", readonly=False)
    # Of the root company too, whose letters they are: core's fields beside are those of the company logged in.
    collection_snailmail_color = fields.Boolean(
        string="Letters by Snailmail in colour", related="company_id.root_id.snailmail_color", readonly=False
    )
    collection_snailmail_duplex = fields.Boolean(
        string="Letters by Snailmail on both sides", related="company_id.root_id.snailmail_duplex", readonly=False
    )
    collection_snailmail_cover = fields.Boolean(
        string="Letters by Snailmail with a cover page", related="company_id.root_id.snailmail_cover", readonly=False
    )
