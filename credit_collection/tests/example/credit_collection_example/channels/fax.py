from odoo import api, models


class CollectionChannelFax(models.AbstractModel):
    _name = "collection.channel.fax"
    _inherit = "collection.channel"
    _description = "Faxes"

    _code = "fax"
    _address_kind = None  # "email" or "postal" where the channel needs one

    @api.model
    def _get_label(self):
        return self.env._("Fax")

    @api.model
    def _get_recipients(self, reminders):
        nobody = self.env["res.partner"]
        return {reminder: (reminder.partner_id.filtered("phone"), nobody) for reminder in reminders}

    @api.model
    def _describe_lost(self, reminder):
        return self.env._("%s has no number.", reminder.partner_id.name)

    @api.model
    def _process(self, deliveries):
        for delivery in deliveries:
            # Converse here. Only what surely left is recorded; a refusal is `_record_failure(reason)`.
            delivery._record_handed_over()
