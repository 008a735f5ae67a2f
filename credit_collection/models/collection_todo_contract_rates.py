from odoo import api, fields, models
from odoo.fields import Domain

from .collection_interest_reference import to_percent


class CollectionDebtor(models.Model):
    """Rates agreed with customers above which the legal minimum has risen since."""

    _inherit = "collection.debtor"

    has_low_contract_rate = fields.Boolean(
        string="Rate below the legal minimum",
        compute="_compute_has_low_contract_rate",
        search="_search_has_low_contract_rate",
        help="The rate agreed with the customer, or for one of its invoices, is below what the law wants by now.",
    )

    _contract_rate_idx = models.Index("(company_id) WHERE contract_rate > 0")

    def _compute_has_low_contract_rate(self):
        low = self._find_low_contract_rates()
        for debtor in self:
            debtor.has_low_contract_rate = debtor in low

    def _search_has_low_contract_rate(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        low = Domain("id", "in", self._find_low_contract_rates().ids)
        domain = Domain.OR(low if flag else ~low for flag in value)
        return domain if operator == "in" else ~domain

    @api.model
    def _find_low_contract_rates(self):
        """Customers of whom a contract's rate is below the minimum that the law sets today."""
        agreed = self.search([("contract_rate", ">", 0)])
        low = agreed.filtered(
            lambda debtor: debtor._is_rate_below_floor(debtor.contract_rate, debtor.applied_interest_rule_id)
        )
        items = self.env["collection.item"].search([("contract_rate", ">", 0), ("closed_on", "=", False)])
        for item in items:
            debtor = item.debtor_id
            if debtor._is_rate_below_floor(
                item.contract_rate, item.interest_rule_id or debtor.applied_interest_rule_id
            ):
                low |= debtor
        return low

    def _is_rate_below_floor(self, percent, rule):
        """Whether the law that ``rule`` is made of wants more of a contract today than ``percent`` a year."""
        floor = rule.accepts_contract and rule._get_contract_floor(self.company_id._get_collection_today())
        return bool(floor) and to_percent(percent) < floor[0]


class CollectionItem(models.Model):
    _inherit = "collection.item"

    _contract_rate_idx = models.Index("(debtor_id) WHERE contract_rate > 0")


class CollectionTodo(models.Model):
    _inherit = "collection.todo"

    @api.model
    def _get_kinds(self):
        """Add the customers whose contract has to be talked over."""
        return [
            *super()._get_kinds(),
            self._prepare_debtor_kind(
                "contract_rate",
                self.env._("Contract rates below the legal minimum"),
                self.env._("The law’s minimum has risen above the rate agreed: agree on another, or empty it."),
                [("has_low_contract_rate", "=", True)],
                icon="fa-balance-scale",
            ),
        ]
