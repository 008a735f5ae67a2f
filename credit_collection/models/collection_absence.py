from bisect import bisect_right
from datetime import datetime, time, timedelta, timezone

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from .res_users_collection import COLLECTOR


class CollectionAbsence(models.Model):
    """Days on which a collector is away, and who works in his place: both by itself, from the first day to the last.

    The debtors stay his. Meanwhile the replacement sees them, and everything that hangs on them, as his own.
    """

    _name = "collection.absence"
    _description = "Absence of a Collector"
    _order = "date_from desc, id desc"

    user_id = fields.Many2one(
        "res.users",
        string="Collector",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    replacement_id = fields.Many2one(
        "res.users",
        string="Replaced by",
        index="btree_not_null",
        ondelete="set null",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
    )
    date_from = fields.Date(string="First Day", required=True)
    date_to = fields.Date(string="Last Day", required=True)
    reason = fields.Char(help="Leave, training, sickness: whoever collects may read it.")
    state = fields.Selection(
        [("coming", "To come"), ("current", "Away"), ("over", "Over")], compute="_compute_state", search="_search_state"
    )
    debtor_count = fields.Integer(string="Debtors", compute="_compute_debtor_count")

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "The last day of an absence cannot come before the first."
    )

    @api.depends("user_id", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for absence in self:
            absence.display_name = self.env._(
                "%(collector)s, %(first)s to %(last)s",
                collector=absence.user_id.name or "",
                first=format_date(self.env, absence.date_from),
                last=format_date(self.env, absence.date_to),
            )

    @api.depends("date_from", "date_to", "user_id")
    def _compute_state(self):
        for absence in self:
            today = absence._get_today()
            if not (absence.date_from and absence.date_to) or today < absence.date_from:
                absence.state = "coming"
            else:
                absence.state = "current" if today <= absence.date_to else "over"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env["collection.decision"]._get_today()
        states = {
            "coming": Domain("date_from", ">", today),
            "current": Domain("date_from", "<=", today) & Domain("date_to", ">=", today),
            "over": Domain("date_to", "<", today),
        }
        return Domain.OR(domain for state, domain in states.items() if state in value)

    def _compute_debtor_count(self):
        counts = dict(
            self.env["collection.debtor"]._read_group(
                [("user_id", "in", self.user_id.ids), ("overdue", ">", 0)], ["user_id"], ["__count"]
            )
        )
        for absence in self:
            absence.debtor_count = counts.get(absence.user_id, 0)

    @api.constrains("user_id", "replacement_id")
    def _check_replacement(self):
        for absence in self.filtered("replacement_id"):
            # Whether somebody collects, and for which company, is asked of users whom a collector may not read.
            replacement = absence.replacement_id.sudo()
            if replacement == absence.user_id:
                raise ValidationError(self.env._("%s cannot replace himself.", replacement.name))
            if not replacement.has_group(COLLECTOR):
                raise ValidationError(self.env._("%s is no collector and could do nothing.", replacement.name))
            if not replacement.company_ids.root_id & absence.user_id.sudo().company_ids.root_id:
                raise ValidationError(
                    self.env._(
                        "%(replacement)s works for none of the companies of %(collector)s.",
                        replacement=replacement.name,
                        collector=absence.user_id.name,
                    )
                )

    @api.constrains("user_id", "date_from", "date_to")
    def _check_overlap(self):
        for absence in self:
            # An absence that the user may not read counts too.
            other = self.sudo().search(
                [
                    ("id", "!=", absence.id),
                    ("user_id", "=", absence.user_id.id),
                    ("date_from", "<=", absence.date_to),
                    ("date_to", ">=", absence.date_from),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._("This absence overlaps with another one: %s.", other.sudo(False).display_name)
                )

    # -- who is away when ----------------------------------------------------------------------------------------------

    def _get_today(self):
        """Today where the collector works."""
        # The time zone of a company is no secret.
        return self.user_id.sudo().company_id.root_id._get_collection_today() if self.user_id else fields.Date.today()

    @api.model
    def _get_current(self):
        """Absences of today, each in the time zone of its collector's company."""
        here = fields.Date.today()
        near = self.search([("date_from", "<=", here + timedelta(days=1)), ("date_to", ">=", here - timedelta(days=1))])
        return near.filtered(lambda absence: absence.date_from <= absence._get_today() <= absence.date_to)

    @api.model
    def _get_period(self):
        """Number of beginnings and ends of absences that have passed: it changes when somebody leaves or returns."""
        return bisect_right(self._get_boundaries(), fields.Datetime.now())

    @api.model
    @tools.ormcache()
    def _get_boundaries(self):
        """Moments, UTC, at which an absence begins or ends, in order."""
        # Dates alone, for whoever works out a rule.
        absences = self.sudo().search([])
        return sorted(moment for absence in absences for moment in absence._get_moments())

    def _get_moments(self):
        zone = self.user_id.company_id.root_id._get_collection_timezone()
        for day in (self.date_from, self.date_to + timedelta(days=1)):
            yield datetime.combine(day, time.min, zone).astimezone(timezone.utc).replace(tzinfo=None)

    # -- rules follow --------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Let the replacements see what they are to look after."""
        absences = super().create(vals_list)
        absences._renew_rules()
        return absences

    def write(self, vals):
        """Let the rules follow."""
        result = super().write(vals)
        # Rules look at a record before it changes: nobody makes his own absence that of somebody else.
        self.check_access("write")
        self._renew_rules()
        return result

    def unlink(self):
        """Let the rules follow."""
        result = super().unlink()
        self._renew_rules()
        return result

    def _renew_rules(self):
        # Rules keep the domain they worked out, with the users named in it.
        self.flush_model()
        self.env.registry.clear_cache()

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_open_debtors(self):
        """The overdue customers of the collector who is away."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_debtor")
        return {**action, "domain": [("user_id", "=", self.user_id.id), ("overdue", ">", 0)], "context": {}}
