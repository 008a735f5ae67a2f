from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CollectionPlan(models.Model):
    _name = "collection.plan"
    _inherit = "collection.debtor.filter"
    _description = "Dunning Plan"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        domain="[('parent_id', '=', False)]",
        help="Leave empty for a plan that all companies use.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the thresholds; claims in other currencies are converted at the day's rate.",
    )
    domain = fields.Char(
        help="The plan applies to the debtors that meet this filter, unless a plan is set on them. "
        "Plans are tried in their order.",
    )
    description = fields.Text(translate=True)
    level_ids = fields.One2many("collection.level", "plan_id", string="Levels", copy=True)
    rest_days = fields.Integer(
        string="Rest",
        default=7,
        help="Days without any reminder to a debtor after one was sent.",
    )
    item_threshold = fields.Monetary(help="Items claimed for less are left alone.")
    debtor_threshold = fields.Monetary(help="Debtors who owe less are left alone.")
    grouping = fields.Selection(
        [
            ("debtor", "One reminder per debtor, at its highest level"),
            ("level", "One reminder per debtor and level"),
        ],
        default="debtor",
        required=True,
    )
    allow_jump = fields.Boolean(
        string="Allow jumping levels",
        help="An item late enough for several levels goes straight to the last of them, formal notices apart. "
        "Otherwise old debts start at the first level.",
    )
    is_manual = fields.Boolean(
        string="Handled by a person",
        help="Nothing is sent to these debtors: they stand in the collector's list of things to do.",
    )
    chase_assigned = fields.Boolean(
        string="Chase assigned invoices",
        help="Chase invoices that were factored or assigned, on behalf of the assignee.",
    )
    level_count = fields.Integer(compute="_compute_level_count")

    _rest_days_positive = models.Constraint("CHECK (rest_days >= 0)", "The rest between reminders cannot be negative.")
    _thresholds_positive = models.Constraint(
        "CHECK (COALESCE(item_threshold, 0) >= 0 AND COALESCE(debtor_threshold, 0) >= 0)",
        "A threshold cannot be negative: enter 0 to chase every amount.",
    )

    @api.depends("level_ids")
    def _compute_level_count(self):
        for plan in self:
            plan.level_count = len(plan.level_ids)

    @api.constrains("active", "level_ids", "is_manual")
    def _check_has_levels(self):
        for plan in self:
            plan._check_reminds_with(plan.level_ids)

    def _check_reminds_with(self, levels):
        """Raise ValidationError where the plan is in use and ``levels``, all it would have, are none."""
        self.ensure_one()
        if self.active and not self.is_manual and not levels:
            raise ValidationError(
                self.env._(
                    "The plan “%s” has no level, so it would never remind anybody. "
                    "Add a level, or archive the plan until it is ready.",
                    self.name,
                )
            )

    @api.constrains("level_ids")
    def _check_levels_order(self):
        for plan in self:
            for previous, level in pairwise(plan.level_ids.sorted()):
                if level._position_key() == previous._position_key():
                    raise ValidationError(self.env._("Two levels of a plan cannot stand on the same day."))
                if level._position_key() < previous._position_key():
                    raise ValidationError(
                        self.env._(
                            "The level “%(level)s” (day %(day)s) stands after “%(previous)s” (day %(previous_day)s) "
                            "but would come before it. Change its day, or its place in the list.",
                            level=level.name,
                            day=level.day,
                            previous=previous.name,
                            previous_day=previous.day,
                        )
                    )

    def write(self, vals):
        """Levels saved with their plan are checked when all of them are written: two of them may swap days."""
        if "level_ids" not in vals:
            return super().write(vals)
        self.env.cr.execute(SQL("SET CONSTRAINTS collection_level_place_unique DEFERRED"))
        result = super(CollectionPlan, self.with_context(collection_levels_together=True)).write(vals)
        self.env["collection.level"].flush_model()
        self.env.cr.execute(SQL("SET CONSTRAINTS collection_level_place_unique IMMEDIATE"))
        return result

    def copy_data(self, default=None):
        """Name the copy as one."""
        return [
            {**vals, "name": self.env._("%s (copy)", plan.name)}
            for plan, vals in zip(self, super().copy_data(default), strict=True)
        ]
