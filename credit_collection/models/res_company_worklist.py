from odoo import api, fields, models

from ..calc.contact_worth import LARGEST_WEIGHT, Weights

WEIGHTS = [("0", "Does not count"), ("1", "Counts"), ("2", "Counts double"), ("3", "Counts triple")]
WEIGHT_FIELDS = {
    "amount": "collection_worth_amount",
    "age": "collection_worth_age",
    "chance": "collection_worth_chance",
    "silence": "collection_worth_silence",
}
CHANCE_FIELDS = (
    "collection_chance_30",
    "collection_chance_60",
    "collection_chance_90",
    "collection_chance_180",
    "collection_chance_more",
)
ORDER_FIELDS = (*WEIGHT_FIELDS.values(), *CHANCE_FIELDS)


class ResCompany(models.Model):
    """In which order the company's collectors work: see ``calc/contact_worth.py`` for the formula."""

    _inherit = "res.company"

    collection_worth_amount = fields.Selection(WEIGHTS, string="Amount overdue", default="1", required=True)
    collection_worth_age = fields.Selection(WEIGHTS, string="Days late", default="1", required=True)
    collection_worth_chance = fields.Selection(WEIGHTS, string="Chance of payment", default="1", required=True)
    collection_worth_silence = fields.Selection(WEIGHTS, string="Days without contact", default="1", required=True)
    collection_chance_30 = fields.Integer(string="Chance up to 30 days late (%)", default=100)
    collection_chance_60 = fields.Integer(string="Chance from 31 to 60 days late (%)", default=100)
    collection_chance_90 = fields.Integer(string="Chance from 61 to 90 days late (%)", default=100)
    collection_chance_180 = fields.Integer(string="Chance from 91 to 180 days late (%)", default=100)
    collection_chance_more = fields.Integer(string="Chance beyond 180 days late (%)", default=100)

    _collection_chances = models.Constraint(
        f"CHECK ({' AND '.join(f'COALESCE({name}, 100) BETWEEN 1 AND 100' for name in CHANCE_FIELDS)})",
        "The chance of being paid after a contact is a percentage from 1 to 100.",
    )

    def _get_worth_weights(self):
        self.ensure_one()
        return Weights(**{factor: min(int(self[name] or 1), LARGEST_WEIGHT) for factor, name in WEIGHT_FIELDS.items()})

    def _get_worth_chances(self):
        """Percentages by class of lateness."""
        self.ensure_one()
        return tuple(self[name] or 100 for name in CHANCE_FIELDS)

    def write(self, vals):
        """Put the collectors' lists in their new order, and let the rules follow another limit of portfolios."""
        result = super().write(vals)
        if set(ORDER_FIELDS) & vals.keys():
            # The order is the program's own figure; whoever changes the settings need not read the debtors.
            self.env["collection.debtor"].sudo()._refresh_worth(self.root_id)
        if "collection_own_debtors_only" in vals:
            # What collectors read of the ledger is written into the rules: see res.users.
            self.flush_model(["collection_own_debtors_only"])
            self.env.registry.clear_cache()
        return result

    # -- who sees more than his portfolio ------------------------------------------------------------------------------

    @api.private
    def _get_portfolio_warning(self):
        """Names of the collectors whose accounting rights go round the limit of their portfolio, in words; or None."""
        return self._describe_readers_of_everything(self.env["res.users"]._get_collection_readers_of_everything(self))

    @api.model
    @api.private
    def _describe_readers_of_everything(self, users):
        if not users:
            return None
        return self.env._(
            "These collectors also have accounting rights and see the entries of every customer: %s.",
            # Their names are the warning itself.
            ", ".join(users.sudo().mapped("name")),
        )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_pause_days = fields.Integer(related="company_id.root_id.collection_pause_days", readonly=False)
    collection_worth_amount = fields.Selection(related="company_id.root_id.collection_worth_amount", readonly=False)
    collection_worth_age = fields.Selection(related="company_id.root_id.collection_worth_age", readonly=False)
    collection_worth_chance = fields.Selection(related="company_id.root_id.collection_worth_chance", readonly=False)
    collection_worth_silence = fields.Selection(related="company_id.root_id.collection_worth_silence", readonly=False)
    collection_chance_30 = fields.Integer(related="company_id.root_id.collection_chance_30", readonly=False)
    collection_chance_60 = fields.Integer(related="company_id.root_id.collection_chance_60", readonly=False)
    collection_chance_90 = fields.Integer(related="company_id.root_id.collection_chance_90", readonly=False)
    collection_chance_180 = fields.Integer(related="company_id.root_id.collection_chance_180", readonly=False)
    collection_chance_more = fields.Integer(related="company_id.root_id.collection_chance_more", readonly=False)
    collection_portfolio_warning = fields.Char(compute="_compute_collection_portfolio_warning")

    @api.depends("company_id", "collection_own_debtors_only")
    def _compute_collection_portfolio_warning(self):
        for settings in self:
            settings.collection_portfolio_warning = settings.company_id._get_portfolio_warning()
