from odoo import api, fields, models


class CollectionLevel(models.Model):
    """Levels that go out by text message."""

    _inherit = "collection.level"

    sms_template_id = fields.Many2one(
        "sms.template",
        string="SMS",
        domain="[('model', '=', 'collection.reminder')]",
        ondelete="restrict",
    )

    @api.constrains("sms_template_id")
    def _check_sms_text(self):
        # The text is one of what the channels of a level need: see _check_channel_texts().
        self._check_channel_texts()
