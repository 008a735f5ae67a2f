from odoo import fields, models


class CollectionLevel(models.Model):
    """The level to which a broken promise leads."""

    _inherit = "collection.level"

    after_broken_promise = fields.Boolean(
        string="Comes after a Broken Promise",
        help="An item that was promised and not paid comes to this level on the next working day, if it has not "
        "reached it yet, whatever the day of the level and the rest.",
    )
