from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

PAUSE_FIELDS = frozenset({"pause_until", "pause_without_end"})
# Pauses that end so soon are shown to who has to decide what comes next.
ENDING_DAYS = 7


class CollectionDebtor(models.Model):
    """Pauses: with an end and a reason; without an end, or a long one, only if a manager says so."""

    _inherit = "collection.debtor"

    pause_without_end = fields.Boolean(
        string="Paused without an End", tracking=True, help="Only a collection manager decides it, and ends it."
    )
    pause_since = fields.Date(string="Paused since", readonly=True, copy=False)
    pause_text = fields.Char(string="Pause", compute="_compute_pause_text")

    _pause_idx = models.Index("(pause_until) WHERE pause_until IS NOT NULL")

    @api.depends("pause_until", "pause_without_end")
    def _compute_is_paused(self):
        result = super()._compute_is_paused()
        for debtor in self:
            debtor.is_paused = debtor.is_paused or debtor.pause_without_end
        return result

    @api.depends("pause_until", "pause_without_end", "pause_reason", "pause_since")
    @api.depends_context("lang")
    def _compute_pause_text(self):
        for debtor in self:
            debtor.pause_text = debtor._describe_pause() if debtor.is_paused else False

    def _describe_pause(self):
        """ "Until 24/03/2026: talks under way"."""
        self.ensure_one()
        end = (
            self.env._("Without an end")
            if self.pause_without_end
            else self.env._("Until %s", format_date(self.env, self.pause_until))
        )
        if not self.pause_reason:
            return end
        return self.env._("%(label)s: %(value)s", label=end, value=self.pause_reason)

    # -- what may be decided -------------------------------------------------------------------------------------------

    @api.constrains("pause_without_end", "pause_reason")
    def _check_endless_pause_reason(self):
        for debtor in self:
            if debtor.pause_without_end and not debtor.pause_reason:
                raise ValidationError(self.env._("Say why the reminders to %s pause.", debtor.display_name))

    def _check_may_pause(self, vals):
        """Raise where the user may not decide such a pause: AccessError without an end, ValidationError if too long."""
        if self.env.su or self.env.user.has_group("credit_collection.group_collection_manager"):
            return
        if vals.get("pause_without_end"):
            raise AccessError(self.env._("A collection manager decides a pause without an end: choose its last day."))
        if any(debtor.pause_without_end for debtor in self):
            raise AccessError(self.env._("A collection manager decided this pause without an end, and ends it."))
        until = fields.Date.to_date(vals.get("pause_until"))
        if not until:
            return
        for company in self.company_id:
            last = company._get_last_pause_day()
            if last and until > last:
                raise ValidationError(
                    self.env._(
                        "A collector pauses reminders for %(days)s days at most, so until %(last)s: "
                        "ask a collection manager for longer.",
                        days=company.collection_pause_days,
                        last=format_date(self.env, last),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A pause set from the beginning is decided and remembered as any other."""
        debtors = super().create(vals_list)
        for debtor, vals in zip(debtors, vals_list, strict=True):
            if vals.get("pause_until") or vals.get("pause_without_end"):
                debtor._check_may_pause(vals)
                debtor._note_pause()
        return debtors

    def write(self, vals):
        """Check who decides a pause, and remember it."""
        if not PAUSE_FIELDS & vals.keys():
            return super().write(vals)
        self._check_may_pause(vals)
        if vals.get("pause_until"):
            vals = {"pause_without_end": False, **vals}
        before = {debtor: (debtor.pause_until, debtor.pause_without_end) for debtor in self}
        paused = self.filtered("is_paused")
        result = super().write(vals)
        changed = self.filtered(lambda debtor: before[debtor] != (debtor.pause_until, debtor.pause_without_end))
        (changed & paused)._end_pause_events()
        (changed & paused).filtered(lambda debtor: not debtor.is_paused)._note_resumed()
        changed.filtered("is_paused")._note_pause()
        return result

    def _note_pause(self):
        for company, debtors in self.grouped("company_id").items():
            debtors.pause_since = company._get_collection_today()
        self.env["collection.debtor.event"]._record(
            self,
            "pause",
            reason=lambda debtor: debtor.pause_reason,
            until=lambda debtor: not debtor.pause_without_end and debtor.pause_until,
        )

    def _note_resumed(self):
        self.pause_since = False
        self.env["collection.debtor.event"]._record(self, "resume")

    def _end_pause_events(self):
        # The program's own history.
        events = self.env["collection.debtor.event"].sudo()
        for company, debtors in self.grouped("company_id").items():
            today = company._get_collection_today()
            events.search(
                [
                    ("debtor_id", "in", debtors.ids),
                    ("kind", "=", "pause"),
                    ("ended_on", "=", False),
                    "|",
                    ("until", "=", False),
                    ("until", ">=", today),
                ]
            ).ended_on = today

    # -- who is concerned ----------------------------------------------------------------------------------------------

    @api.model
    def _get_statement_domain(self, company):
        return super()._get_statement_domain(company) & Domain("pause_without_end", "=", False)

    @api.model
    def _get_ending_pause_domain(self):
        """Pauses that end within a week."""
        today = self.env["collection.decision"]._get_today()
        return Domain("pause_until", ">=", today) & Domain("pause_until", "<", today + timedelta(days=ENDING_DAYS))

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_resume(self):
        """End the pauses now; a manager alone ends one without an end."""
        self.check_access("write")
        self.filtered("is_paused").write({"pause_until": False, "pause_without_end": False, "pause_reason": False})
        return True


class ResCompany(models.Model):
    _inherit = "res.company"

    collection_pause_days = fields.Integer(
        string="Longest pause (days)",
        default=30,
        help="That a collector may decide by himself; a manager decides longer ones. 0: as long as he likes.",
    )

    _collection_pause_days_positive = models.Constraint(
        "CHECK (COALESCE(collection_pause_days, 0) >= 0)",
        "The longest pause is a number of days: enter 0 for no limit.",
    )

    def _get_last_pause_day(self):
        """Last day of the longest pause that a collector may decide today; None if there is no limit."""
        self.ensure_one()
        # What a company's rule is, its collectors may know.
        days = self.sudo().collection_pause_days
        return self._get_collection_today() + timedelta(days=days) if days else None
