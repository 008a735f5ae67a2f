from odoo import models


class CollectionDebtor(models.Model):
    """What a credit insurer covers stands beside the company's own limit."""

    _inherit = "collection.debtor"

    def _get_credit_limits(self, ledger):
        limits = super()._get_credit_limits(ledger)
        if not self.credit_insurer_id:
            return limits
        used = sum(known.balance_company for known in ledger.values())
        # The name of the insurer is read with its limit, whoever may see the contact.
        label = self.env._("Insured by %s", self.credit_insurer_id.sudo().display_name)
        return [*limits, self._describe_limit(label, self.insurance_limit, used)]
