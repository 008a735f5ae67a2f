"""Who may do what with an agreement, and who sees it."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .agreement_case import AgreementCase
from .common import day


@tagged("post_install", "-at_install")
class TestRights(AgreementCase):
    """A collector proposes and records; ending one in force is a manager's, where the company says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls.make_user("collector")
        cls.manager = cls.make_user("manager", "manager")

    def test_a_collector_does_it_all_without_reading_the_ledger(self):
        env = self.env(user=self.collector)
        debtor = self.debtor_of(self.partner)
        action = env["collection.agreement"]._action_new(debtor.with_env(env), self.item_of(self.invoice).with_env(env))
        agreement = env["collection.agreement"].with_context(**action["context"]).create({"first_date": day(14)})
        self.assertEqual(agreement.interest_mode, "claimed")
        agreement.action_lay_out()
        agreement.action_propose()
        env["collection.agreement.accept"].create(
            {"agreement_id": agreement.id, "accepted_by": "Jeanne Durand"}
        ).action_accept()
        self.assertEqual((agreement.state, agreement.remaining), ("accepted", 1200))
        self.set_today(day(20))
        agreement.invalidate_recordset()
        wizard = env["collection.agreement.send"].browse(agreement.action_warn()["res_id"])
        wizard.action_send()
        self.assertEqual(agreement.warned_on, day(20))

    def test_a_reader_reads(self):
        agreement = self.accept().with_user(self.make_user("auditor", "reader"))
        self.assertEqual(agreement.instalment_ids.mapped("remaining"), [400, 400, 400])
        self.assertTrue(agreement._render_agreement_letter())
        for step in (agreement.action_cancel, agreement._record_warning):
            with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
                step()

    def test_to_waive_interest_is_a_right_of_its_own(self):
        agreement = self.make_agreement(interest_mode="waived").with_user(self.collector)
        with self.assertRaisesRegex(AccessError, "Waiving interest is a right of its own"):
            agreement._propose()
        self.collector.group_ids = [Command.link(self.env.ref("credit_collection.group_collection_waiver").id)]
        agreement._propose()
        self.assertEqual(agreement.state, "proposed")

    def test_kept_the_waiver_needs_no_right_any_more(self):
        agreement = self.accept(interest_mode="waived")
        self.pay(self.invoice, 1200)
        agreement.with_user(self.collector)._keep()
        self.assertEqual(self.env["collection.interest.waiver"].search_count([]), 1)

    def test_a_manager_revokes(self):
        agreement = self.accept()
        with self.assertRaisesRegex(AccessError, "A collection manager ends an agreement"):
            agreement.with_user(self.collector)._revoke("Nothing paid")
        with self.assertRaisesRegex(AccessError, "A collection manager ends an agreement"):
            agreement.with_user(self.collector).action_cancel()
        agreement.with_user(self.manager)._revoke("Nothing paid")
        self.assertEqual(agreement.ended_by_id, self.manager)

    def test_or_a_collector_where_the_company_says_so(self):
        self.company.collection_agreement_end_by = "collector"
        agreement = self.accept()
        agreement.with_user(self.collector)._revoke("Nothing paid")
        self.assertEqual(agreement.state, "revoked")

    def test_a_collector_takes_a_proposal_back(self):
        agreement = self.propose()
        agreement.with_user(self.collector).action_cancel()
        self.assertEqual(agreement.state, "cancelled")

    def test_nobody_writes_the_steps(self):
        agreement = self.make_agreement().with_user(self.manager)
        for values in ({"state": "accepted"}, {"accepted_on": day(0)}, {"insurance_reason": "No matter"}):
            with self.assertRaisesRegex(AccessError, "are taken by its buttons"):
                agreement.write(values)
        with self.assertRaisesRegex(AccessError, "are taken by its buttons"):
            agreement.create({"debtor_id": agreement.debtor_id.id, "state": "accepted"})

    def test_what_was_given_does_not_change(self):
        agreement = self.propose().with_user(self.manager)
        instalment = agreement.instalment_ids[0]
        for change in (
            lambda: agreement.write({"item_ids": [Command.clear()]}),
            lambda: agreement.write({"grace_days": 90}),
            lambda: instalment.write({"due_date": day(90)}),
            instalment.unlink,
            lambda: instalment.copy({"due_date": day(90)}),
        ):
            with self.assertRaisesRegex(UserError, "The customer has this agreement"):
                change()
        with self.assertRaisesRegex(UserError, "An agreement that was given to the customer is kept"):
            agreement.unlink()
        agreement.note = "Rappelé le comptable"
        self.assertEqual(agreement.note, "Rappelé le comptable")

    def test_the_debt_acknowledged_is_the_programs(self):
        line = self.propose().line_ids.with_user(self.manager)
        for action in (lambda: line.write({"amount": 1}), line.unlink):
            with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
                action()

    def test_a_collector_sees_those_of_his_customers(self):
        self.company.collection_own_debtors_only = True
        agreement = self.accept()
        agreement._post_letter("agreement")
        other = self.make_user("other")
        self.debtor_of(self.partner).user_id = self.collector
        models = (
            "collection.agreement",
            "collection.agreement.line",
            "collection.agreement.instalment",
            "collection.document",
        )
        for model in models:
            self.assertTrue(self.env[model].with_user(self.collector).search([]), model)
            self.assertFalse(self.env[model].with_user(other).search([]), model)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            agreement.with_user(other).read(["name"])

    def test_another_company_sees_nothing_of_it(self):
        self.accept()._post_letter("agreement")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.make_user(
            "stranger", "manager", company_id=elsewhere.id, company_ids=[Command.set(elsewhere.ids)]
        )
        for model in ("collection.agreement", "collection.agreement.instalment", "collection.document"):
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
