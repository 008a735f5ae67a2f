from odoo import fields, models


class CollectionInterestWaive(models.TransientModel):
    """Give up interest or lump sums of items, with the reason."""

    _name = "collection.interest.waive"
    _description = "Waive Interest"

    item_ids = fields.Many2many("collection.item", string="Items")
    scope = fields.Selection(
        lambda self: self.env["collection.interest.waiver"]._fields["scope"]._description_selection(self.env),
        default="both",
        required=True,
    )
    for_good = fields.Boolean(string="For good", help="Interest to come is waived too.")
    until = fields.Date(
        string="Up to",
        default=lambda self: self.env["collection.decision"]._get_today(),
        help="Last day whose interest is waived.",
    )
    reason = fields.Char()

    def action_waive(self):
        """Record the waivers."""
        until = False if self.for_good or self.scope == "lump_sum" else self.until
        self.env["collection.interest.waiver"]._waive(self.item_ids, self.scope, until, self.reason)
        return {"type": "ir.actions.act_window_close"}
