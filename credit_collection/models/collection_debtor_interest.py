from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .collection_interest_reference import format_percent, to_percent


class CollectionDebtor(models.Model):
    """What a customer owes for being late: what was agreed with it, and what stops it."""

    _inherit = "collection.debtor"

    contract_rate = fields.Float(
        string="Contractual Rate (%)",
        digits=(8, 4),
        tracking=True,
        help="Yearly rate of late-payment penalties agreed with the customer; 0: that of the law applies.",
    )
    interest_rule_id = fields.Many2one(
        "collection.interest.rule",
        string="Interest Rule of its Own",
        tracking=True,
        ondelete="restrict",
        domain="[('customer_kind', '=', customer_kind), ('company_id', 'in', (False, company_id))]",
        help="The law that the contract chooses; otherwise that of the customer's country applies.",
    )
    insolvency_date = fields.Date(
        string="Opening Judgment",
        tracking=True,
        help="Day of the judgment that opened an insolvency proceeding: interest on earlier debts stops, "
        "and neither it nor the lump sum is claimed.",
    )
    applied_interest_rule_id = fields.Many2one(
        "collection.interest.rule", string="Interest Rule applied", compute="_compute_applied_interest_rule"
    )

    _contract_rate_plausible = models.Constraint(
        "CHECK (COALESCE(contract_rate, 0) BETWEEN 0 AND 100)",
        "A contractual rate is a percentage a year, from 0 to 100.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Take a customer that is a company, or has a VAT number, for a business, unless told otherwise."""
        Partner = self.env["res.partner"]
        for vals in vals_list:
            if "customer_kind" not in vals and "default_customer_kind" not in self.env.context:
                partner = Partner.browse(vals.get("partner_id"))
                # As _ensure_debtors does for those that the ledger brings.
                vals["customer_kind"] = "business" if partner.is_company or partner.vat else "unknown"
        return super().create(vals_list)

    @api.depends("interest_rule_id", "customer_kind", "company_id", "partner_id.country_id")
    def _compute_applied_interest_rule(self):
        # Which law applies to a customer does not depend on who asks.
        rules = self.env["collection.interest.rule"].sudo().search([])
        for debtor in self:
            debtor.applied_interest_rule_id = debtor.interest_rule_id or rules._find_for(
                debtor.company_id, debtor.customer_kind, debtor._get_interest_country()
            )

    def _get_interest_country(self):
        """Country whose law is looked for: the customer's, else the company's."""
        return self.partner_id.country_id or self.company_id.country_id

    @api.constrains("interest_rule_id", "customer_kind")
    def _check_interest_rule_kind(self):
        for debtor in self:
            debtor._check_rule_fits(debtor.interest_rule_id)

    def _check_rule_fits(self, rule):
        """Raise ValidationError where the rule is made for another kind of customer or another company."""
        self.ensure_one()
        if rule and (
            rule.customer_kind != self.customer_kind or (rule.company_id and rule.company_id != self.company_id)
        ):
            raise ValidationError(
                self.env._(
                    "The rule “%(rule)s” is not made for a customer such as %(debtor)s: "
                    "it is for another kind of customer, or another company.",
                    rule=rule.name,
                    debtor=self.display_name,
                )
            )

    @api.constrains("contract_rate", "interest_rule_id", "customer_kind")
    def _check_contract_rate(self):
        for debtor in self.filtered("contract_rate"):
            debtor._check_contract_rate_allowed(debtor.contract_rate, debtor.applied_interest_rule_id)

    def _check_contract_rate_allowed(self, percent, rule):
        """Raise ValidationError where the rule leaves a contract no choice, or wants more than this rate."""
        self.ensure_one()
        if not rule.accepts_contract:
            raise ValidationError(
                self.env._(
                    "A contract cannot set the rate of interest of %(debtor)s: see the rule “%(rule)s”.",
                    debtor=self.display_name,
                    rule=rule.name or self.env._("none applies"),
                )
            )
        floor = rule._get_contract_floor(self.company_id._get_collection_today())
        if floor and to_percent(percent) < floor[0]:
            raise ValidationError(
                self.env._(
                    "A contractual rate of %(rate)s %% is too low: the law wants at least %(factor)g times "
                    "“%(reference)s”, which makes %(floor)s %% since %(date)s.",
                    rate=format_percent(self.env, percent),
                    factor=rule.floor_factor,
                    reference=rule.floor_reference_id.name,
                    floor=format_percent(self.env, floor[0]),
                    date=format_date(self.env, floor[1]),
                )
            )

    def action_show_interest(self):
        """How the interest of what the customer owes is computed, in a dialog."""
        self.ensure_one()
        late = self._read_decisions().filtered(
            lambda decision: decision.days_late > 0 and decision.decision != "out_of_scope"
        )
        lines = late.move_line_id
        return self.env["collection.interest.view"]._open_for(self, lines)
