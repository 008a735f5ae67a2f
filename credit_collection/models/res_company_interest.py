from odoo import fields, models


class ResCompany(models.Model):
    """Accounts of what late customers owe on top of their invoices."""

    _inherit = "res.company"

    collection_interest_account_id = fields.Many2one(
        "account.account",
        string="Account of Late-payment Interest",
        ondelete="set null",
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        help="Invoices whose lines are all on this account or on that of lump sums bear no interest themselves.",
    )
    collection_lump_sum_account_id = fields.Many2one(
        "account.account",
        string="Account of Recovery Costs",
        ondelete="set null",
        domain="[('account_type', 'in', ('income', 'income_other'))]",
    )
