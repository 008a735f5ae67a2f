from odoo import api, fields, models

MANAGERS = "credit_collection.group_collection_manager"


class ResCompany(models.Model):
    """Who posts the company's registered letters, and its account there."""

    _inherit = "res.company"

    collection_registered_provider = fields.Selection(
        selection="_selection_registered_provider", string="Registered letters", default="printed", required=True
    )
    collection_maileva_client_id = fields.Char(string="Maileva application", groups=MANAGERS)
    collection_maileva_client_secret = fields.Char(string="Maileva application's secret", groups=MANAGERS)
    collection_maileva_username = fields.Char(string="Maileva user", groups=MANAGERS)
    collection_maileva_password = fields.Char(string="Maileva password", groups=MANAGERS)
    collection_maileva_sandbox = fields.Boolean(
        string="Maileva's test server", help="Nothing is posted: for trying the account.", groups=MANAGERS
    )

    @api.model
    def _selection_registered_provider(self):
        providers = self.env["collection.registered.provider"]._get_providers()
        return [(provider._code, provider._get_label()) for provider in providers]
