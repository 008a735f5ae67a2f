from odoo import api, fields, models
from odoo.tools import format_amount


class CollectionReminderPreview(models.TransientModel):
    """The text message of a reminder, its length and what it costs, before anything leaves."""

    _inherit = "collection.reminder.preview"

    has_sms = fields.Boolean(compute="_compute_sms")
    sms_number = fields.Char(string="SMS to", compute="_compute_sms")
    sms_text = fields.Text(string="Message", compute="_compute_sms")
    sms_length = fields.Char(string="Length and cost", compute="_compute_sms")

    @api.depends("reminder_id", "level_id")
    def _compute_sms(self):
        for preview in self:
            with preview._standing_at_level():
                look = preview._look_at_sms(preview.reminder_id.level_id)
            # After the block: what it reads is forgotten with it.
            preview.has_sms = bool(look)
            preview.sms_number = look.get("number", False)
            preview.sms_text = look.get("text", False)
            preview.sms_length = look.get("length", False)

    def _look_at_sms(self, level):
        """{"number", "text", "length"} of the message of the level; empty where it has none."""
        ways = set(level.channel_ids.mapped("channel")) | set(filter(None, level.channel_ids.mapped("fallback")))
        if "sms" not in ways or not level.sms_template_id:
            return {}
        channel = self.env["collection.channel"]._get_channel("sms")
        recipients, _copies = channel._get_recipients(self.reminder_id)[self.reminder_id]
        text, length, cost = channel._compose(self.reminder_id)
        lost = None if recipients else channel._describe_lost(self.reminder_id)
        return {
            "number": lost or channel._describe_recipients(recipients),
            "text": text,
            "length": self._describe_sms_length(length, cost),
        }

    def _describe_sms_length(self, length, cost):
        """ "152 characters, 1 SMS, 0.06 €"; with what makes the message longer than it need be."""
        words = self.env._(
            "%(characters)s characters, %(segments)s SMS", characters=length.characters, segments=length.segments
        )
        if cost:
            words += ", " + format_amount(self.env, cost, self.reminder_id.company_id.currency_id)
        if length.outside:
            words += ". " + self.env._("“%s” makes an SMS hold 70 characters instead of 160.", length.outside)
        return words
