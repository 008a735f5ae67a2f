from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    collection_snailmail = fields.Boolean(
        string="Letters by Snailmail",
        help="Odoo prints and posts the simple letters, for stamps of your account there. Registered letters never go "
        "this way.",
    )
