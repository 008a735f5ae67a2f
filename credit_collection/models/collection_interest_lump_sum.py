from odoo import fields, models


class CollectionInterestLumpSum(models.Model):
    """Recovery costs owed for each invoice, from an amount of the invoice on."""

    _name = "collection.interest.lump.sum"
    _description = "Lump Sum for Recovery Costs"
    _order = "rule_id, amount_from"

    rule_id = fields.Many2one("collection.interest.rule", required=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="rule_id.currency_id")
    amount_from = fields.Monetary(string="Invoices from", help="Including tax.")
    lump_sum = fields.Monetary(required=True)

    _band_unique = models.UniqueIndex("(rule_id, amount_from)", "Two lump sums of a rule begin at the same amount.")
    _amounts_positive = models.Constraint(
        "CHECK (COALESCE(amount_from, 0) >= 0 AND lump_sum >= 0)", "Amounts of lump sums cannot be negative."
    )
