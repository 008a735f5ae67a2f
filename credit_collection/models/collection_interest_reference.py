from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ..calc.published_rates import Publication, half_year_start, rate_of_half_year


class CollectionInterestReference(models.Model):
    """A rate that somebody publishes, and on which laws on late payment are built."""

    _name = "collection.interest.reference"
    _description = "Reference Rate"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="How laws and imports name it.")
    publication = fields.Selection(
        [
            (Publication.CHANGE.value, "On the days on which it changes"),
            (Publication.HALF_YEAR.value, "Once for each half-year"),
        ],
        string="Published",
        default=Publication.HALF_YEAR.value,
        required=True,
        help="Laws read it on 1 January and on 1 July. A rate published at its changes is known on such a day once "
        "it was entered for that very day, or a later change was.",
    )
    rate_ids = fields.One2many("collection.interest.rate", "reference_id", string="Rates")
    current_percent = fields.Float(string="This Half-year", compute="_compute_current", digits=(8, 4), aggregator=None)
    is_known = fields.Boolean(string="Known", compute="_compute_current", help="Known for the current half-year.")
    is_awaited = fields.Boolean(
        string="Rate awaited",
        compute="_compute_is_awaited",
        search="_search_is_awaited",
        help="Customers owe interest at this rate, and it is not known for the current half-year.",
    )

    _code_unique = models.UniqueIndex("(code)", "Another reference rate has this code.")

    @api.depends("publication", "rate_ids.date_from", "rate_ids.percent", "rate_ids.verified")
    def _compute_current(self):
        today = half_year_start(self._get_today())
        published = self._get_published()
        for reference in self:
            percent = rate_of_half_year(published[reference], Publication(reference.publication), today)
            reference.is_known = percent is not None
            reference.current_percent = float(percent or 0)

    def _compute_is_awaited(self):
        awaited = self._find_awaited()
        for reference in self:
            reference.is_awaited = reference in awaited

    def _search_is_awaited(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        awaited = Domain("id", "in", self._find_awaited().ids)
        domain = Domain.OR(awaited if flag else ~awaited for flag in value)
        return domain if operator == "in" else ~domain

    @api.model
    def _find_awaited(self):
        """References that a customer's interest depends on and that are not known for the current half-year."""
        # Laws and rates are configuration: which of them are in use does not depend on who asks.
        rules = self.env["collection.interest.rule"].sudo().search([("method", "=", "reference")])
        unknown = rules.filtered(lambda rule: not rule.reference_id.is_known)
        return unknown.filtered(lambda rule: rule._has_debtors()).reference_id.sudo(False)

    @api.model
    def _get_today(self):
        return self.env.company.root_id._get_collection_today()

    def _get_published(self):
        """{reference: {day: yearly percentage}}: what was published and somebody has checked."""
        rows = self.env["collection.interest.rate"].search_fetch(
            [("reference_id", "in", self.ids), ("verified", "=", True)], ["reference_id", "date_from", "percent"]
        )
        published = {reference: {} for reference in self}
        for rate in rows:
            published[rate.reference_id][rate.date_from] = to_percent(rate.percent)
        return published

    def action_open_rates(self):
        """Rates of the reference."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_interest_rate")
        return {
            **action,
            "domain": [("reference_id", "=", self.id)],
            "context": {"default_reference_id": self.id},
        }


def format_percent(env, value):
    """A percentage in the user's way of writing numbers, with the decimals that it has: "7,50", "2,125"."""
    exact = to_percent(float(value))
    return formatLang(env, float(exact), digits=max(2, -exact.as_tuple().exponent))


def to_percent(value):
    """A percentage as it was entered, exact: with two decimals, or up to four where it has them."""
    exact = Decimal(str(round(value, 4)))
    cents = exact.quantize(Decimal("0.01"))
    return cents if cents == exact else exact.normalize()
