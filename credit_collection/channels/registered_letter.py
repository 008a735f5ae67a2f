from odoo import api, models


class CollectionChannelRegistered(models.AbstractModel):
    """Letters with acknowledgement of receipt: as a letter, with the number the post gave it."""

    _name = "collection.channel.registered"
    _inherit = "collection.channel.letter"
    _description = "Registered Letters"

    _code = "registered"

    @api.model
    def _get_label(self):
        return self.env._("Registered letter")
