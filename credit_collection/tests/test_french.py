"""What French users read that no view holds: reasons, dates and punctuation in their language."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import format_amount

from .common import CollectionCase, day

SPACE = "\u00a0"  # before a French colon


class FrenchCase(CollectionCase):
    """The add-on with its French, a plan, and an invoice of €1,000 that is five days late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env.ref("base.module_credit_collection")._update_translations("fr_FR")
        cls.company.partner_id.lang = "fr_FR"
        cls.plan = cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))

    def explain(self, move):
        """The decision about the move, for a French reader."""
        return self.decision_of(move).with_context(lang="fr_FR")

    def in_euros(self, amount):
        """An amount as a French reader sees it."""
        return format_amount(self.env(context={"lang": "fr_FR"}), amount, self.euro)


@tagged("post_install", "-at_install")
class TestWhyInFrench(FrenchCase):
    """The decision is a sentence, whatever the clause that follows the colon."""

    def test_to_remind(self):
        self.assertEqual(self.explain(self.invoice).summary, f"À relancer{SPACE}: Rappel, {self.in_euros(1000)}.")

    def test_waiting(self):
        invoice = self.make_invoice(self.partner, 500, due=day(10))
        self.assertEqual(
            self.explain(invoice).summary,
            f"Non relancée{SPACE}: la prochaine étape, «{SPACE}Rappel{SPACE}», est prévue le 23/03/2026.",
        )

    def test_covered_by_a_credit_note(self):
        self.make_credit_note(self.partner, 1000)
        decision = self.explain(self.invoice)
        covered = f"{self.in_euros(1000)} couverts par des avoirs ou règlements à lettrer."
        self.assertEqual(decision.summary, f"Non relancée{SPACE}: {covered}")
        # Odoo escapes the space that does not break.
        explanation = str(decision.explanation).replace("&nbsp;", SPACE)
        self.assertIn(f"<li>Reste dû{SPACE}: {self.in_euros(1000)}.</li>", explanation)
        self.assertIn("<li>Lettrez les avoirs et règlements avec les factures qu’ils soldent.</li>", explanation)

    def test_excluded_by_a_person(self):
        self.open_lines(self.invoice).no_followup = True
        self.assertEqual(
            self.explain(self.invoice).summary,
            f"Non relancée{SPACE}: une personne a exclu la facture des relances.",
        )


@tagged("post_install", "-at_install")
class TestTheSchedulerWritesFrench(FrenchCase):
    """The scheduler has no language of its own: what it stores for people is in the company's."""

    def setUp(self):
        super().setUp()
        self.env["res.company"].search([]).collection_active = False
        self.company.collection_active = True
        # A test neither commits nor rolls back.
        self.startPatcher(patch.object(self.env.cr, "commit", self.env.flush_all))
        self.startPatcher(patch.object(self.env.cr, "rollback", self.env.invalidate_all))

    def test_a_run_and_what_holds_it(self):
        self.company.collection_freshness_days = 3
        self.receive_in_bank(1, on=day(-10))
        self.env["collection.run"].with_context(lang=None)._cron_plan()
        run = self.env["collection.run"].search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual(run.name, "Campagne du 10/03/2026")
        self.assertEqual(run.last_receipt_info, f"{self.bank.with_context(lang='fr_FR').name}{SPACE}: 28/02/2026")
        self.assertIn("importez d’abord les relevés bancaires", run.hold_reason)

    def test_why_a_reminder_no_longer_leaves(self):
        self.env["collection.run"].with_context(lang=None)._cron_plan()
        reminder = self.env["collection.reminder"].search([("debtor_id.partner_id", "=", self.partner.id)])
        self.pay(self.invoice, 1000)
        self.set_today(day(1))
        self.env["collection.delivery"].with_context(lang=None)._cron_process_outbox()
        self.assertEqual((reminder.state, reminder.cancel_reason), ("cancelled", f"{self.invoice.name} a été soldée."))
