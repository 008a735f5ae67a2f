from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from .collection_decision import DEPENDS_CONTEXT, TRANCHES


class CollectionDecision(models.Model):
    """The decision in words: why, how much of what, and what would change it."""

    _inherit = "collection.decision"

    explanation = fields.Html(compute="_compute_explanation", depends_context=(*DEPENDS_CONTEXT, "lang"), string="Why?")
    summary = fields.Char(compute="_compute_explanation", depends_context=(*DEPENDS_CONTEXT, "lang"))

    def _compute_explanation(self):
        for decision in self:
            decision.summary = decision._get_summary()
            sentences = [*decision._get_tranche_sentences(), decision._get_change_sentence()]
            decision.explanation = Markup("<p><strong>%s</strong></p><ul>%s</ul>") % (
                decision.summary,
                Markup("").join(Markup("<li>%s</li>") % sentence for sentence in sentences if sentence),
            )

    def _amount(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    def _get_summary(self):
        """One sentence: what is decided, and for how much."""
        if self.decision == "level":
            return self.env._(
                "To remind: %(level)s, %(claim)s.", level=self.level_id.name, claim=self._amount(self.claim)
            )
        if self.decision in TRANCHES:
            return self.env._("Not reminded: %s", self._get_tranche_texts()[self.decision])
        return self.env._("Not reminded: %s", self._get_reason_texts()[self.decision])

    def _get_reason_texts(self):
        """Reasons that leave nothing to claim or hold the claim, each a clause that follows "Not reminded:"."""
        return {
            "waiting": self.env._(
                "the next step, “%(level)s”, comes on %(date)s.",
                level=self.level_id.name,
                date=format_date(self.env, self.next_date),
            ),
            "small": self.env._("the claim of %s is under the threshold of the plan.", self._amount(self.claim)),
            "no_plan": self.env._("no plan applies to this customer."),
            "manual": self._get_manual_text(),
            "no_contact": self.env._(
                "no address for “%s”: neither e-mail nor post can reach the customer.", self.level_id.name
            ),
            "finished": self.env._("all levels of the plan are done: decide what follows."),
            "lapsed": self.env._("limitation has run."),
            "insolvent": self.env._("a collective proceeding is open."),
            "in_case": self.env._("it is part of an open case."),
            "assigned": (
                self.env._("the invoice was assigned, and whom to pay is not known.")
                if self.detail == "no_assignee"
                else self.env._("the invoice was assigned (factoring).")
            ),
            "undelivered": self.env._("the e-invoice did not reach the customer."),
            "excluded": (
                self.env._("entries of general journals have no follow-up by default.")
                if self.detail == "by_default"
                else self.env._("a person excluded the invoice from follow-up.")
            ),
            "blocked": self.env._("the payment of the invoice is blocked."),
            "off": self.env._("this customer is never chased."),
            "paused": self.env._("reminders to this customer are paused: %s", self.debtor_id.pause_reason or ""),
            "collecting": self.env._("a direct debit or a bill is about to be presented."),
            "no_debtor": self.env._("the entry has no customer."),
            "out_of_scope": self.env._("the account has no role in collection."),
        }

    def _get_manual_text(self):
        if self.detail == "incident":
            return self.env._("a payment came back: call the customer today.")
        if self.detail == "doubtful":
            return self.env._("a doubtful receivable is handled by a person.")
        return self.env._("this customer is handled by a person.")

    def _get_tranche_texts(self):
        return {
            "settling": self.env._("%s is on its way.", self._amount(self.settling)),
            "disputed": self.env._("%s is disputed.", self._amount(self.disputed)),
            "promised": self.env._("%s is promised.", self._amount(self.promised)),
            "scheduled": self.env._("%s is in an agreement.", self._amount(self.scheduled)),
            "covered": self.env._("%s of open credits cover it.", self._amount(self.covered)),
        }

    def _get_tranche_sentences(self):
        """Where every euro of the open amount stands."""
        if not any(self[tranche] for tranche in TRANCHES):
            return []
        texts = self._get_tranche_texts()
        sentences = [self.env._("%s is open.", self._amount(self.residual))]
        sentences += [texts[tranche] for tranche in TRANCHES if self[tranche]]
        if self.claim:
            sentences.append(self.env._("%s remains to be claimed.", self._amount(self.claim)))
        return sentences

    def _get_change_sentence(self):
        """The date or the event that will change the decision."""
        if self.decision in ("level", "waiting"):
            return None
        if self.next_date:
            return self.env._("It will be decided anew on %s.", format_date(self.env, self.next_date))
        return {
            "small": self.env._("More to claim, or a lower threshold, would change it."),
            "no_plan": self.env._("A plan set on the customer, or one whose filter it meets, would change it."),
            "manual": self.env._("A person resumes the reminders on the customer's page."),
            "no_contact": self.env._("An e-mail address or a complete postal address would change it."),
            "finished": self.env._("Restart dunning, or hand the debt over."),
            "covered": self.env._("Reconcile the credits with the invoices they pay."),
            "assigned": (
                self.env._("Name the assignee on the followed item.")
                if self.detail == "no_assignee"
                else self.env._("A plan that chases for the assignee, or another status of the item, would change it.")
            ),
            "undelivered": self.env._("Send the invoice again, then clear its status."),
            "excluded": self.env._("Clear “No Follow-Up” on the entry."),
            "blocked": self.env._("Unblock the payment of the invoice."),
            "off": self.env._("Change how the customer is chased on its page."),
            "no_debtor": self.env._("Set the customer on the entry."),
            "out_of_scope": self.env._("Give the account a role in collection."),
        }.get(self.decision, self.env._("A person's decision."))

    # -- opening -------------------------------------------------------------------------------------------------------

    def _open_explanation(self, debtors, domain):
        """Action that shows live decisions of a few debtors: a form for one item, a list for several."""
        context = {"collection_date": None, "collection_debtor_ids": debtors.ids}
        found = self.with_context(**context).search([("debtor_id", "in", debtors.ids), *domain])
        if not found:
            raise UserError(self.env._("Nothing is open here, so there is nothing to remind."))
        single = len(found) == 1
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why?"),
            "res_model": self._name,
            "view_mode": "form" if single else "list,form",
            "views": [(False, "form")] if single else [(False, "list"), (False, "form")],
            "res_id": found.id if single else False,
            "domain": [("id", "in", found.ids)],
            "context": {**self.env.context, **context},
            "target": "new" if single else "current",
        }
