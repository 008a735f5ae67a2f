from odoo import fields, models

from .res_company_registered import MANAGERS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_registered_provider = fields.Selection(
        related="company_id.root_id.collection_registered_provider", readonly=False
    )
    collection_maileva_client_id = fields.Char(
        related="company_id.root_id.collection_maileva_client_id", readonly=False, groups=MANAGERS
    )
    collection_maileva_client_secret = fields.Char(
        related="company_id.root_id.collection_maileva_client_secret", readonly=False, groups=MANAGERS
    )
    collection_maileva_username = fields.Char(
        related="company_id.root_id.collection_maileva_username", readonly=False, groups=MANAGERS
    )
    collection_maileva_password = fields.Char(
        related="company_id.root_id.collection_maileva_password", readonly=False, groups=MANAGERS
    )
    collection_maileva_sandbox = fields.Boolean(
        related="company_id.root_id.collection_maileva_sandbox", readonly=False, groups=MANAGERS
    )
