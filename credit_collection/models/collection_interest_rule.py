from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..calc.interest import Band, Imputation, Mode, Rates, Terms
from ..calc.published_rates import Publication, contractual_floor, half_yearly_rates
from .collection_debtor import CUSTOMER_KINDS
from .collection_interest_reference import format_percent, to_percent


class CollectionInterestRule(models.Model):
    """What a law or a contract makes a kind of customer owe for being late."""

    _name = "collection.interest.rule"
    _description = "Late-payment Interest Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        domain="[('parent_id', '=', False)]",
        help="A company's own rules come before those of all companies.",
    )
    country_ids = fields.Many2many(
        "res.country",
        string="Countries",
        help="Of the customer, or of the company where the customer has none. Empty: all countries.",
    )
    customer_kind = fields.Selection(CUSTOMER_KINDS, string="Kind of Customer", default="business", required=True)

    method = fields.Selection(
        [("reference", "Reference rate and margin"), ("fixed", "Fixed rate"), ("none", "No interest")],
        default="reference",
        required=True,
    )
    reference_id = fields.Many2one("collection.interest.reference", string="Reference Rate", ondelete="restrict")
    margin = fields.Float(string="Margin (points)", digits=(8, 4))
    rate_step = fields.Float(
        string="Rounded up to",
        digits=(8, 4),
        help="The rate is rounded up to a multiple of it, in points; 0: it is not.",
    )
    percent = fields.Float(string="Rate (%)", digits=(8, 4))
    mode = fields.Selection(
        [
            (Mode.SPLIT.value, "Each half-year at its own rate"),
            (Mode.FIXED.value, "The rate in force when interest begins"),
        ],
        default=Mode.SPLIT.value,
        required=True,
    )
    imputation = fields.Selection(
        [(Imputation.PRINCIPAL.value, "The principal"), (Imputation.INTEREST.value, "Interest")],
        string="Payments settle first",
        default=Imputation.PRINCIPAL.value,
        required=True,
        help="The principal, as the ledger reconciles; interest first (Civil Code, art. 1343-1) for a court.",
    )
    starts = fields.Selection(
        [("due_date", "The day after the due date"), ("notice", "The day after the formal notice")],
        string="Runs from",
        default="due_date",
        required=True,
    )
    year_days = fields.Integer(string="Days of a Year", default=365, required=True)

    accepts_contract = fields.Boolean(
        string="A contract may set the rate",
        help="The rate agreed with the customer takes the place of this one.",
    )
    floor_reference_id = fields.Many2one(
        "collection.interest.reference",
        string="Contracts: at least",
        ondelete="restrict",
        help="Legal minimum of a contract's rate: so many times this rate.",
    )
    floor_factor = fields.Float(string="Times", default=3)

    currency_id = fields.Many2one(
        "res.currency", string="Currency of the Lump Sum", default=lambda self: self.env.company.currency_id
    )
    lump_sum_ids = fields.One2many("collection.interest.lump.sum", "rule_id", string="Lump Sum per Invoice", copy=True)

    mention = fields.Text(translate=True, help="Legal basis, as letters print it.")
    contract_mention = fields.Text(
        string="Mention for a contract", translate=True, help="Printed where the rate is that of a contract."
    )
    source = fields.Char(help="Where the rule was read.")
    verified = fields.Boolean(help="Somebody has checked it against its source.")
    summary = fields.Char(compute="_compute_summary")

    _year_days_plausible = models.Constraint(
        "CHECK (year_days IN (360, 365, 366))", "A year has 360, 365 or 366 days here."
    )
    _percents_plausible = models.Constraint(
        "CHECK (COALESCE(percent, 0) BETWEEN 0 AND 100 AND COALESCE(margin, 0) BETWEEN -20 AND 100"
        " AND COALESCE(rate_step, 0) >= 0 AND COALESCE(floor_factor, 0) >= 0)",
        "Rates are percentages a year, and cannot be negative.",
    )

    @api.depends("method", "reference_id.name", "margin", "percent")
    @api.depends_context("lang")
    def _compute_summary(self):
        for rule in self:
            rule.summary = rule._describe_rate()

    def _describe_rate(self):
        if self.method == "none":
            return self.env._("None")
        if self.method == "fixed":
            return self.env._("%(percent)s %% a year", percent=format_percent(self.env, self.percent))
        if not self.margin:
            return self.reference_id.name
        return self.env._(
            "%(reference)s + %(margin)s points",
            reference=self.reference_id.name,
            margin=format_percent(self.env, self.margin),
        )

    @api.constrains("method", "reference_id")
    def _check_has_reference(self):
        for rule in self:
            if rule.method == "reference" and not rule.reference_id:
                raise ValidationError(self.env._("Choose the reference rate of “%s”.", rule.name))

    @api.constrains("customer_kind", "method", "lump_sum_ids")
    def _check_unknown_owes_nothing(self):
        for rule in self.filtered(lambda rule: rule.customer_kind == "unknown"):
            if rule.method != "none" or rule.lump_sum_ids:
                raise ValidationError(
                    self.env._(
                        "“%s” is for customers of unknown kind, of whom neither interest nor a lump sum is claimed: "
                        "a consumer may be among them.",
                        rule.name,
                    )
                )

    @api.constrains("lump_sum_ids", "currency_id")
    def _check_lump_sum_currency(self):
        for rule in self:
            if rule.lump_sum_ids and not rule.currency_id:
                raise ValidationError(self.env._("Choose the currency of the lump sums of “%s”.", rule.name))

    # -- which one applies ---------------------------------------------------------------------------------------------

    def _find_for(self, company, kind, country):
        """The first of these rules made for such a customer of the company; those of the company come first."""
        fitting = self.filtered(
            lambda rule: (
                rule.customer_kind == kind
                and rule.company_id in (self.env["res.company"], company)
                and (not rule.country_ids or country in rule.country_ids)
            )
        )
        return fitting.sorted(lambda rule: (not rule.company_id, rule.sequence, rule.id))[:1]

    def _has_debtors(self):
        """Whether a customer is of this kind and country, or is given the rule by a person."""
        self.ensure_one()
        domain = [("customer_kind", "=", self.customer_kind), ("open_item_count", ">", 0)]
        if self.company_id:
            domain.append(("company_id", "=", self.company_id.id))
        if self.country_ids:
            domain += [
                "|",
                "|",
                ("interest_rule_id", "=", self.id),
                ("partner_id.country_id", "in", self.country_ids.ids),
                "&",
                ("partner_id.country_id", "=", False),
                ("company_id.partner_id.country_id", "in", self.country_ids.ids),
            ]
        return bool(self.env["collection.debtor"].search_count(domain, limit=1))

    # -- what it says --------------------------------------------------------------------------------------------------

    def _get_rates(self, first, last):
        """Yearly rates from ``first`` to ``last``, None where no checked rate was published."""
        self.ensure_one()
        if self.method == "none":
            return Rates()
        if self.method == "fixed":
            return Rates.constant(to_percent(self.percent))
        return half_yearly_rates(
            self.reference_id._get_published()[self.reference_id],
            Publication(self.reference_id.publication),
            first,
            last,
            margin=to_percent(self.margin),
            step=to_percent(self.rate_step),
        )

    def _get_terms(self, currency):
        """How interest on a debt in this currency is counted."""
        return Terms(
            mode=Mode(self.mode),
            imputation=Imputation(self.imputation),
            year_days=self.year_days,
            decimals=currency.decimal_places,
        )

    def _get_bands(self):
        return tuple(Band(Decimal(str(band.amount_from)), Decimal(str(band.lump_sum))) for band in self.lump_sum_ids)

    def _get_contract_floor(self, on):
        """(lowest rate that a contract may provide, day since which it is so); None where no law says so.

        It is that of the last half-year published by ``on``: the next one is not guessed.
        """
        self.ensure_one()
        if not self.floor_reference_id:
            return None
        published = self.floor_reference_id._get_published()[self.floor_reference_id]
        days = [day for day in published if day <= on]
        if not days:
            return None
        since = max(days)
        return contractual_floor(published[since], to_percent(self.floor_factor)), since
