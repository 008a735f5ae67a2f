from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CollectionLevelChannel(models.Model):
    """One way a level goes out, and what takes its place where it cannot."""

    _name = "collection.level.channel"
    _description = "Channel of a Dunning Level"
    _order = "sequence, id"

    level_id = fields.Many2one("collection.level", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    channel = fields.Selection(selection="_selection_channel", required=True, default="email")
    fallback = fields.Selection(
        selection="_selection_channel",
        string="Otherwise",
        help="Used when the address for the channel is missing, or when the message comes back.",
    )

    _channel_unique = models.UniqueIndex("(level_id, channel)", "A channel stands once in a level.")

    @api.model
    def _selection_channel(self):
        return self.env["collection.channel"]._selection_channel()

    @api.constrains("channel", "fallback")
    def _check_fallback(self):
        for line in self:
            if line.fallback == line.channel:
                raise ValidationError(self.env._("A channel cannot stand in for itself: choose another fallback."))
