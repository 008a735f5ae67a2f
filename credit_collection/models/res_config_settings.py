from odoo import api, fields, models
from odoo.exceptions import UserError


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_active = fields.Boolean(related="company_id.root_id.collection_active", readonly=False)
    collection_first_run_seen = fields.Boolean(related="company_id.root_id.collection_first_run_seen")
    collection_own_debtors_only = fields.Boolean(
        related="company_id.root_id.collection_own_debtors_only", readonly=False
    )
    collection_freshness_days = fields.Integer(related="company_id.root_id.collection_freshness_days", readonly=False)
    collection_hour_from = fields.Float(related="company_id.root_id.collection_hour_from", readonly=False)
    collection_hour_to = fields.Float(related="company_id.root_id.collection_hour_to", readonly=False)
    collection_signature = fields.Image(related="company_id.root_id.collection_signature", readonly=False)
    collection_signatory_name = fields.Char(related="company_id.root_id.collection_signatory_name", readonly=False)
    collection_signatory_capacity = fields.Char(
        related="company_id.root_id.collection_signatory_capacity", readonly=False
    )
    collection_legal_mentions = fields.Char(related="company_id.root_id.collection_legal_mentions", readonly=False)
    collection_mail_warning = fields.Char(compute="_compute_collection_mail_warning")

    @api.depends("company_id")
    def _compute_collection_mail_warning(self):
        for settings in self:
            settings.collection_mail_warning = settings.company_id._get_collection_mail_warning()

    def action_collection_setup(self):
        """The first set-up screen, where the first dry run starts."""
        return self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_setup")

    def set_values(self):
        """Refuse to automate what nobody has looked at."""
        if self.collection_active and not self.collection_first_run_seen:
            raise UserError(
                self.env._(
                    "Automatic collection starts after a collection manager has seen a first dry run: "
                    "open Collection > Dry run, then come back."
                )
            )
        return super().set_values()
