from odoo import api, fields, models
from odoo.exceptions import UserError

from .interest_claim import InterestClaim


class CollectionItem(models.Model):
    """What an item bears for being late."""

    _inherit = "collection.item"

    contract_rate = fields.Float(
        string="Contractual Rate (%)",
        digits=(8, 4),
        help="Yearly rate of late-payment penalties agreed for this invoice; 0: that of the customer, or of the law.",
    )
    interest_rule_id = fields.Many2one(
        "collection.interest.rule",
        string="Interest Rule of its Own",
        ondelete="restrict",
        help="The law that the contract of this invoice chooses; otherwise that of the customer applies.",
    )
    credit_note_effect = fields.Selection(
        [("correction", "What was never due: no interest on it"), ("commercial", "A favour: interest until its date")],
        string="Its Credit Notes take off",
        default="correction",
        help="A credit note that corrects the invoice reduces it from the start; a commercial one from its date.",
    )

    _contract_rate_plausible = models.Constraint(
        "CHECK (COALESCE(contract_rate, 0) BETWEEN 0 AND 100)",
        "A contractual rate is a percentage a year, from 0 to 100.",
    )

    @api.constrains("interest_rule_id", "contract_rate")
    def _check_contract_terms(self):
        for item in self:
            debtor = item.debtor_id
            debtor._check_rule_fits(item.interest_rule_id)
            if item.contract_rate:
                debtor._check_contract_rate_allowed(
                    item.contract_rate, item.interest_rule_id or debtor.applied_interest_rule_id
                )

    def _compute_interest(self, until=None, start=None):
        """Interest and lump sum of the items: {item: InterestClaim}, by a fixed number of queries.

        ``until`` is the last day that bears interest (today in the company's time zone if not given); ``start`` the
        first day shown. Raises AccessError for items that the user may not read.
        """
        self.check_access("read")
        # Whoever may read an item may know what it bears, whatever of the ledger he may read.
        lines = self.sudo().move_line_id
        claims = self.env["collection.interest"]._compute_for_lines(lines, until, start)
        return {item: claims.get(item.sudo().move_line_id) or item._prepare_lost_claim(until) for item in self}

    def _prepare_lost_claim(self, until):
        return InterestClaim(
            currency=self.currency_id,
            rule=self.env["collection.interest.rule"],
            until=until or self.company_id._get_collection_today(),
            claimed=False,
            reason=self.env._("The entry is no longer in the ledger."),
        )

    def action_show_interest(self):
        """How the interest of the items is computed, in a dialog."""
        self.check_access("read")
        if not self.move_line_id:
            raise UserError(self.env._("The entry is no longer in the ledger."))
        return self.env["collection.interest.view"]._open_for(self.debtor_id, self.move_line_id)
