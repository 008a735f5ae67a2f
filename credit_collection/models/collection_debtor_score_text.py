from odoo import api, fields, models
from odoo.tools import format_date

from ..calc.score_reading import points_of
from .share_format import format_share

MINUS = "\N{MINUS SIGN}"


class CollectionDebtor(models.Model):
    """The score in words: what it is, what has moved it up or down and by how much, and who thinks otherwise."""

    _inherit = "collection.debtor"

    score_text = fields.Text(string="Score in words", compute="_compute_score_text")
    score_page = fields.Json(string="Score and why", compute="_compute_score_page")

    @api.depends("score", "score_class", "score_date", "score_factors", "score_override")
    @api.depends_context("lang")
    def _compute_score_text(self):
        for debtor in self:
            debtor.score_text = "\n".join(debtor._describe_score())

    def _describe_score(self):
        """Sentences and lines: the score, the factors with their signed points, the class that a person has set."""
        if not self.score_date:
            yield self._describe_no_score()
        else:
            yield self._describe_risk()
            for factor in self._get_score_factors():
                yield f"{factor['points_text']}  {factor['words']}"
            yield self._describe_score_basis()
        if self.score_override:
            yield self._describe_override()

    @api.depends("score", "score_class", "score_date", "score_factors", "score_override", "customer_kind")
    @api.depends_context("lang", "uid")
    def _compute_score_page(self):
        labels = self._get_class_labels()
        for debtor in self:
            scored = bool(debtor.score_date)
            debtor.score_page = {
                "scored": scored,
                "score": debtor.score if scored else "",
                "score_class": debtor.score_class or "",
                "label": labels.get(debtor.score_class, ""),
                "text": debtor._describe_risk() if scored else debtor._describe_no_score(),
                "basis": debtor._describe_score_basis() if scored else "",
                "factors": debtor._get_score_factors() if scored else [],
                "override": debtor._describe_override() if debtor.score_override else "",
                "can_override": bool(debtor.id) and debtor.has_access("write") and not debtor._is_unscored_person(),
                "has_history": bool(debtor.id and scored),
            }

    @api.model
    def _get_class_labels(self):
        return dict(self._fields["score_class"]._description_selection(self.env))

    # -- sentences -----------------------------------------------------------------------------------------------------

    def _describe_no_score(self):
        if self._is_unscored_person():
            return self.env._("Not scored: your company does not score natural persons.")
        return self.env._("Not scored yet: scores are worked out every night, from what was paid.")

    def _describe_risk(self):
        """ "Score 62 of 100, class C – Late at times. The next invoice is paid late with a probability of 38%."."""
        return self.env._(
            "Score %(score)s of 100, class %(label)s. The next invoice is paid late with a probability of %(risk)s.",
            score=self.score,
            label=self._get_class_labels().get(self.score_found_class, ""),
            risk=self._format_risk(self.score_probability),
        )

    def _describe_score_basis(self):
        """How much is known, what customers alike do, and as of when."""
        factors = self.score_factors or {}
        known = factors.get("known", 0)
        if self.score_found_class == "N":
            first = self.env._("A new customer: %s outcomes are known, it is taken for its likes.", known)
        else:
            first = self.env._("From the outcome of %s instalments.", known)
        return self.env._(
            "%(first)s Of customers of its kind and country, %(segment)s are late. As of %(date)s.",
            first=first,
            segment=self._format_risk(factors.get("segment", 0)),
            date=format_date(self.env, self.score_date),
        )

    def _describe_override(self):
        return self.env._(
            "Class %(letter)s set by %(user)s until %(until)s, in the place of %(found)s: %(reason)s",
            letter=self.score_override_class,
            # Who decided is part of the decision, whoever may read users.
            user=self.score_override_user_id.sudo().name or self.env._("a former user"),
            until=format_date(self.env, self.score_override_until),
            found=self.score_found_class or self.env._("none"),
            reason=self.score_override_reason,
        )

    @api.model
    def _format_risk(self, probability):
        return format_share(self.env, probability)

    # -- factors -------------------------------------------------------------------------------------------------------

    def _get_score_factors(self):
        """The factors that count, the weightiest first: code, weight (log-odds of being late), points and words.

        Those worth less than half a point are left out, unless all are: near 0 and 100 hardly any moves the score.
        """
        self.ensure_one()
        weights = (self.score_factors or {}).get("weights", {})
        ordered = sorted(weights.items(), key=lambda entry: (-abs(entry[1]), entry[0]))
        factors = [self._describe_factor(code, weight) for code, weight in ordered]
        return [factor for factor in factors if factor["points"]] or factors

    def _describe_factor(self, code, weight):
        points = points_of(self.score_probability, weight)
        return {
            "code": code,
            "weight": weight,
            "points": points,
            "points_text": f"+{points}" if points > 0 else str(points).replace("-", MINUS),
            "words": self._get_factor_words(code, weight > 0),
            "tone": "danger" if weight > 0 else "success",
        }

    @api.model
    def _get_factor_words(self, code, is_worse):
        """What a factor says, where it speaks against the customer and where it speaks for it."""
        words = {
            "late_now": (self.env._("Late in the last weeks"), self.env._("In time in the last weeks")),
            "late_this_year": (self.env._("Often late this year"), self.env._("Seldom late this year")),
            "late_ever": (self.env._("Often late over the years"), self.env._("Seldom late over the years")),
            "very_late": (
                self.env._("Often late by more than a week"),
                self.env._("Seldom late by more than a week"),
            ),
            "days_early": (self.env._("Pays at the last moment"), self.env._("Pays before the due date")),
            "overdue_now": (self.env._("Invoices overdue now"), self.env._("Nothing overdue now")),
            "broken_promise": (self.env._("Promises not kept"), self.env._("Promises kept")),
            "lost_dispute": (self.env._("Disputes that were rejected"), self.env._("No dispute rejected")),
            "bounced_debit": (self.env._("Payments that came back"), self.env._("No payment came back")),
            "relation": (self.env._("A recent customer"), self.env._("A customer of long standing")),
            "terms": (
                self.env._("Its usual terms of payment, which are often exceeded"),
                self.env._("Its usual terms of payment, which are seldom exceeded"),
            ),
            "amount": (
                self.env._("The size of its invoices, such as are often late"),
                self.env._("The size of its invoices, such as are seldom late"),
            ),
            "amount_unusual": (
                self.env._("An amount that is unusual for it"),
                self.env._("An amount that is usual for it"),
            ),
        }
        worse, better = words.get(code, (code, code))
        return worse if is_worse else better

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_open_scores(self):
        """The scores that the customer has had."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_score")
        return {**action, "domain": [("debtor_id", "=", self.id)], "context": {}}

    def action_open_payment_history(self):
        """When each of the customer's instalments was due and paid: what its score rests on."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_payment_history")
        return {**action, "domain": [("debtor_id", "=", self.id)], "context": {}}
