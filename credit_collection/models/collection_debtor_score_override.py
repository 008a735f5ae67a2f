from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .collection_score import SCORE_CLASSES

# What a person may set: nobody is made a new customer.
OVERRIDE_CLASSES = SCORE_CLASSES[:-1]
LONGEST_REASON = 500


class CollectionDebtor(models.Model):
    """A class that a person sets in the place of the one found, with a reason and an end; the score itself stays."""

    _inherit = "collection.debtor"

    score_override = fields.Boolean(string="Class set by a person", readonly=True, copy=False)
    score_override_class = fields.Selection(OVERRIDE_CLASSES, string="Class set", readonly=True, copy=False)
    score_override_reason = fields.Char(string="Class set because", readonly=True, copy=False)
    score_override_until = fields.Date(
        string="Class set until", readonly=True, copy=False, help="That day included; then the class found holds again."
    )
    score_override_user_id = fields.Many2one(
        "res.users", string="Class set by", readonly=True, copy=False, ondelete="set null"
    )

    _score_override_idx = models.Index("(score_override_until) WHERE score_override")

    def action_override_score(self):
        """Set another class, or see why the present one was set."""
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_score_override")
        return {
            **action,
            "context": {"active_model": self._name, "active_ids": self.ids, "active_id": self[:1].id},
        }

    def _override_score(self, score_class, until, reason):
        """Set the class of these debtors until that day; the timeline says who did, and why.

        Raises AccessError where the user may not change a debtor, ValidationError without a reason or a day to come,
        UserError of natural persons whom the company does not score.
        """
        self.check_access("write")
        reason = (reason or "").strip()
        if not reason:
            raise ValidationError(self.env._("Say why the class is another one: the customer's page keeps it."))
        if score_class not in dict(OVERRIDE_CLASSES):
            raise ValidationError(self.env._("Choose a class from A to E."))
        for debtor in self:
            if not until or until < debtor.company_id._get_collection_today():
                raise ValidationError(self.env._("A class set by a person has a last day to come: choose it."))
            if debtor._is_unscored_person():
                raise UserError(
                    self.env._("%s is a natural person: your company does not score them.", debtor.display_name)
                )
        # The right has been checked: what the program keeps is written by the program.
        self.sudo().write(
            {
                "score_class": score_class,
                "score_override": True,
                "score_override_class": score_class,
                "score_override_reason": reason[:LONGEST_REASON],
                "score_override_until": until,
                "score_override_user_id": self.env.uid,
            }
        )
        for debtor in self:
            debtor.message_post(
                body=self.env._(
                    "Class %(letter)s set until %(until)s, in the place of %(found)s: %(reason)s",
                    letter=score_class,
                    until=format_date(self.env, until),
                    found=debtor.score_found_class or self.env._("none"),
                    reason=reason[:LONGEST_REASON],
                )
            )

    def action_end_score_override(self):
        """The class found holds again, from now on."""
        self.check_access("write")
        self.filtered("score_override")._end_score_override(self.env._("Class set by hand given up"))
        return True

    def _end_score_override(self, why):
        for debtor in self:
            # The program's own fields, once the right has been checked or the time is over.
            debtor.sudo().write(
                {
                    "score_class": debtor.score_found_class,
                    "score_override": False,
                    "score_override_class": False,
                    "score_override_reason": False,
                    "score_override_until": False,
                    "score_override_user_id": False,
                }
            )
            debtor.message_post(
                body=self.env._(
                    "%(why)s: the class is %(found)s again.",
                    why=why,
                    found=debtor.score_found_class or self.env._("none"),
                )
            )

    @api.model
    def _end_lapsed_overrides(self, company):
        """Classes set by a person end by themselves after their last day."""
        lapsed = self.with_context(active_test=False).search(
            [
                ("company_id", "=", company.id),
                ("score_override", "=", True),
                ("score_override_until", "<", company._get_collection_today()),
            ]
        )
        lapsed._end_score_override(self.env._("The class set by a person is over"))
