from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..calc.published_rates import Publication, half_year_start


class CollectionInterestRate(models.Model):
    """A published rate and where it was read. One that nobody has checked is not used."""

    _name = "collection.interest.rate"
    _description = "Published Rate"
    _order = "reference_id, date_from desc"

    reference_id = fields.Many2one(
        "collection.interest.reference", string="Reference Rate", required=True, ondelete="cascade", index=True
    )
    reference_code = fields.Char(related="reference_id.code")
    date_from = fields.Date(string="In Force from", required=True)
    percent = fields.Float(string="Rate (%)", digits=(8, 4), required=True, aggregator=None)
    source = fields.Char(help="Where the rate was read: official journal, site of the central bank…")
    verified = fields.Boolean(
        default=True,
        help="Somebody has checked it against its source. A rate that is not checked is not used: "
        "interest of its period is shown as without rate, and not claimed.",
    )

    _reference_date_unique = models.UniqueIndex(
        "(reference_id, date_from)", "This reference already has a rate from that day on."
    )
    _percent_plausible = models.Constraint(
        "CHECK (percent > -20 AND percent < 100)", "A rate is a percentage a year: enter 2.40 for 2.40 %."
    )

    @api.depends("reference_id.name", "date_from")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = f"{rate.reference_id.name} – {format_date(self.env, rate.date_from)}"

    @api.constrains("reference_id", "date_from")
    def _check_reference_day(self):
        for rate in self:
            by_half_year = rate.reference_id.publication == Publication.HALF_YEAR.value
            if by_half_year and rate.date_from != half_year_start(rate.date_from):
                raise ValidationError(
                    self.env._(
                        "“%(reference)s” is published for each half-year: its rates begin on 1 January or 1 July.",
                        reference=rate.reference_id.name,
                    )
                )
