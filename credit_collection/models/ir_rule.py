from odoo import models


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _compute_domain_context_values(self):
        """Work the rules out anew when an absence begins or ends: whose debtors a user follows is written into them."""
        yield from super()._compute_domain_context_values()
        yield self.env["collection.absence"]._get_period()
