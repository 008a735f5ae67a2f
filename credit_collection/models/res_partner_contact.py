from odoo import fields, models

# A contact that nobody has verified for so long is shown as such.
VERIFIED_DAYS = 365


class ResPartner(models.Model):
    """What those who collect know of a contact: whether it is still the right person, and when to call."""

    _inherit = "res.partner"

    collection_verified_on = fields.Date(
        string="Contact verified on",
        groups="credit_collection.group_collection_reader",
        help="Day on which somebody made sure that this is the person to talk to about invoices, with these addresses.",
    )
    collection_hours = fields.Char(
        string="Hours to call",
        groups="credit_collection.group_collection_reader",
        help="When the person can be called.",
    )
    collection_wrong_on = fields.Date(
        string="Wrong person since",
        groups="credit_collection.group_collection_reader",
        help="Day on which we learnt that this is not the person to talk to about invoices.",
    )
