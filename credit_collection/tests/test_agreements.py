"""The steps of a payment agreement, and what each of them does to the decision."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .agreement_case import AgreementCase
from .common import day


@tagged("post_install", "-at_install")
class TestNothingIsChasedWhileItHolds(AgreementCase):
    """Proposed, an agreement keeps reminders back for a while; accepted, until it ends."""

    def test_a_draft_changes_nothing(self):
        self.make_agreement()
        self.assert_decided(self.invoice, "level", "Rappel", 1200)

    def test_proposed_it_holds_until_the_answer_is_expected(self):
        agreement = self.propose()
        self.assertEqual(agreement.valid_until, day(10))
        self.assert_decided(self.invoice, "scheduled", claim=0, next_date=day(10))
        self.set_today(day(10))
        self.assert_decided(self.invoice, "scheduled")
        self.set_today(day(11))
        self.assert_decided(self.invoice, "level", "Rappel", 1200)

    def test_accepted_it_holds_until_the_next_instalment_and_its_grace(self):
        self.accept()
        # The first instalment is in 14 days, with 5 of grace.
        self.assert_decided(self.invoice, "scheduled", claim=0, next_date=day(19))
        self.set_today(day(60))
        self.assert_decided(self.invoice, "scheduled", claim=0)

    def test_accepted_after_its_date_it_holds_again(self):
        agreement = self.propose()
        self.set_today(day(12))
        agreement._accept(day(12), "Jeanne Durand")
        self.assert_decided(self.invoice, "scheduled", claim=0)

    def test_all_that_is_open_is_in_it_and_other_invoices_go_on(self):
        other = self.make_invoice(self.partner, 300, due=day(-20))
        self.accept()
        self.pay(self.invoice, 200)
        decided = self.decide()
        self.assertEqual(self.decision_of(self.invoice).scheduled, 1000)
        self.assertEqual(decided[self.invoice.name].decision, "scheduled")
        self.assertEqual(decided[other.name][:3], ("level", "Rappel", 300))

    def test_a_reminder_in_preparation_is_called_back(self):
        reminder = self.plan_run().reminder_ids
        self.propose()
        self.assertEqual(reminder.state, "cancelled")

    def test_a_missed_instalment_ends_nothing_by_itself(self):
        self.accept()
        self.set_today(day(25))
        self.follow()
        self.assert_decided(self.invoice, "scheduled", claim=0)

    def test_revoked_dunning_goes_on_at_the_level_reached(self):
        self.run_and_send()
        agreement = self.accept()
        self.set_today(day(25))
        agreement._revoke("Nothing paid")
        self.assertEqual((agreement.state, agreement.ended_on), ("revoked", day(25)))
        self.assert_decided(self.invoice, "level", "Relance", 1200)

    def test_cancelled_dunning_goes_on(self):
        agreement = self.accept()
        agreement.action_cancel()
        self.assertEqual(agreement.state, "cancelled")
        self.assert_decided(self.invoice, "level", "Rappel", 1200)

    def test_back_to_draft_dunning_goes_on(self):
        agreement = self.propose()
        agreement.action_back_to_draft()
        self.assertFalse(agreement.line_ids)
        self.assert_decided(self.invoice, "level", "Rappel", 1200)

    def test_the_due_dates_of_the_ledger_stay(self):
        self.accept()
        self.assertEqual(self.open_lines(self.invoice).date_maturity, day(-30))

    def test_a_past_day_is_decided_by_what_held_on_it(self):
        agreement = self.accept()
        self.set_today(day(30))
        agreement._revoke("Nothing paid")
        self.assertEqual(self.decide(day(-1))[self.invoice.name].decision, "level")
        self.assertEqual(self.decide(day(0))[self.invoice.name].decision, "scheduled")
        self.assertEqual(self.decide(day(29))[self.invoice.name].decision, "scheduled")
        self.assertEqual(self.decide(day(30))[self.invoice.name].decision, "level")

    def test_a_day_to_come_is_decided_by_what_will_hold(self):
        self.propose()
        self.assertEqual(self.decide(day(9))[self.invoice.name].decision, "scheduled")
        self.assertEqual(self.decide(day(40))[self.invoice.name].decision, "level")

    def test_one_customer_alone_is_decided_alike(self):
        self.accept()
        debtor = self.debtor_of(self.partner)
        self.assertEqual(self.decisions(debtors=debtor).mapped("decision"), ["scheduled"])

    def test_merged_customers_keep_their_agreements(self):
        agreement = self.accept()
        kept = self.make_partner("Menuiserie Durand et fils")
        debtor = self.debtor_of(kept)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner | kept).ids, kept)
        self.assertEqual(agreement.debtor_id, debtor)
        self.assertEqual(agreement.instalment_ids.debtor_id, debtor)


@tagged("post_install", "-at_install")
class TestLayingOut(AgreementCase):
    """Instalments come from what is asked for, and may be changed by hand as long as they make the debt."""

    def test_the_form_lays_them_out_anew_at_each_change(self):
        with Form(
            self.env["collection.agreement"].with_context(
                default_debtor_id=self.debtor_of(self.partner).id,
                default_item_ids=[(6, 0, self.item_of(self.invoice).ids)],
            )
        ) as form:
            form.first_date = day(21)
            self.assertEqual(form.principal, 1200)
            self.assertEqual(len(form.instalment_ids), 3)
            form.instalment_count = 5
            self.assertEqual(len(form.instalment_ids), 5)
            with form.instalment_ids.edit(0) as line:
                line.principal = 300
            self.assertEqual(form.difference, -60)
        agreement = form.save()
        self.assertEqual(agreement.instalment_ids.mapped("principal"), [300, 240, 240, 240, 240])
        with self.assertRaisesRegex(UserError, "The instalments make .*1,260.00.* and .*1,200.00.* is open"):
            agreement.action_propose()

    def test_by_amount_after_a_down_payment(self):
        agreement = self.make_agreement(split_by="amount", instalment_amount=500, down_payment=200)
        self.assertEqual(
            [(line.due_date, line.amount, line.is_down_payment) for line in agreement.instalment_ids],
            [(day(0), 200, True), (day(14), 500, False), (day(14).replace(month=4), 500, False)],
        )
        self.assertEqual(agreement.difference, 0)

    def test_what_no_schedule_answers_is_said(self):
        agreement = self.make_agreement()
        agreement.instalment_count = 500
        with self.assertRaisesRegex(UserError, "That makes more than 120 instalments"):
            agreement.action_lay_out()
        self.assertEqual(agreement.obstacle, "That makes more than 120 instalments: fewer, or larger ones.")

    def test_an_instalment_in_the_past_is_refused(self):
        agreement = self.make_agreement(first_date=day(-3))
        with self.assertRaisesRegex(UserError, "An instalment would be in the past"):
            agreement._propose()

    def test_the_debt_is_frozen_when_it_is_proposed(self):
        agreement = self.propose()
        self.pay(self.invoice, 200)
        agreement.invalidate_recordset()
        self.assertEqual(
            (agreement.principal, agreement.line_ids.amount, agreement.line_ids.residual), (1200, 1200, 1000)
        )

    def test_a_payment_before_it_is_proposed_asks_for_another_schedule(self):
        agreement = self.make_agreement()
        self.pay(self.invoice, 200)
        with self.assertRaisesRegex(UserError, "lay them out again"):
            agreement._propose()
        agreement.action_lay_out()
        agreement._propose()
        self.assertEqual(agreement.instalment_ids.mapped("principal"), [333.33, 333.33, 333.34])


@tagged("post_install", "-at_install")
class TestWhatAnAgreementIsAbout(AgreementCase):
    """Open items of one customer, in one currency, each in one agreement, and ours."""

    def new(self, *invoices):
        items = self.env["collection.item"].union(*(self.item_of(invoice) for invoice in invoices))
        return self.env["collection.agreement"]._action_new(self.debtor_of(self.partner), items)

    def test_a_dialog_with_the_items_chosen(self):
        action = self.new(self.invoice)
        self.assertEqual((action["res_model"], action["target"]), ("collection.agreement", "new"))
        self.assertEqual(action["context"]["default_item_ids"], [(6, 0, self.item_of(self.invoice).ids)])

    def test_nothing_chosen(self):
        with self.assertRaisesRegex(UserError, "Choose the invoices"):
            self.env["collection.agreement"]._action_new(self.debtor_of(self.partner), self.env["collection.item"])

    def test_two_currencies_are_two_agreements(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        foreign = self.make_invoice(self.partner, 100, due=day(-10), currency=dollar)
        with self.assertRaisesRegex(UserError, "An agreement is in one currency"):
            self.new(self.invoice, foreign)

    def test_an_invoice_is_in_one_agreement(self):
        agreement = self.propose()
        with self.assertRaisesRegex(UserError, f"is in the agreement {agreement.name}"):
            self.new(self.invoice)
        agreement.action_cancel()
        self.assertTrue(self.new(self.invoice))

    def test_what_is_paid_needs_none(self):
        item = self.item_of(self.invoice)
        self.pay(self.invoice, 1200)
        with self.assertRaisesRegex(UserError, "Nothing is open of"):
            self.env["collection.agreement"]._action_new(self.debtor_of(self.partner), item)

    def test_what_was_assigned_is_the_assignees_to_grant(self):
        self.item_of(self.invoice).write({"assignee_id": self.make_assignee().id, "status": "assigned"})
        with self.assertRaisesRegex(UserError, "was assigned to Factor Affacturage"):
            self.new(self.invoice)


@tagged("post_install", "-at_install")
class TestAccepting(AgreementCase):
    """Acceptance says when and by whom, and acknowledges the debt."""

    def test_the_debt_is_acknowledged_on_that_day(self):
        agreement = self.propose()
        self.set_today(day(4))
        agreement._accept(day(3), "Jeanne Durand, gérante")
        self.assertEqual((agreement.accepted_on, agreement.accepted_by), (day(3), "Jeanne Durand, gérante"))
        self.assertEqual(self.item_of(self.invoice).acknowledged_on, day(3))

    def test_neither_before_the_proposal_nor_in_the_future(self):
        agreement = self.propose()
        for wrong in (day(-1), day(1)):
            with self.assertRaisesRegex(UserError, "It was proposed on 03/10/2026"):
                agreement._accept(wrong, "Jeanne Durand")

    def test_somebody_accepted(self):
        with self.assertRaisesRegex(UserError, "Say who accepted"):
            self.propose()._accept(day(0), " ")

    def test_once(self):
        agreement = self.accept()
        with self.assertRaisesRegex(UserError, "does not wait for an answer"):
            agreement._accept(day(0), "Jeanne Durand")

    def test_proposed_and_not_accepted_it_is_to_sign(self):
        agreement = self.propose()
        self.assertEqual(self.todo("agreement_sign"), agreement)
        agreement._accept(day(0), "Jeanne Durand")
        self.assertFalse(self.todo("agreement_sign"))


@tagged("post_install", "-at_install")
class TestMissing(AgreementCase):
    """A missed instalment: the customer is warned, then a person revokes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.accept()

    def test_missed_once_grace_is_over(self):
        self.set_today(day(19))
        self.assertFalse(self.todo("agreement_missed"))
        self.set_today(day(20))
        self.assertEqual(self.todo("agreement_missed"), self.agreement)
        self.agreement.invalidate_recordset()
        self.assertEqual((self.agreement.missed_amount, self.agreement.missed_since), (400, day(14)))

    def test_warned_the_days_to_regularise_begin(self):
        self.set_today(day(20))
        self.agreement._record_warning()
        self.assertEqual((self.agreement.warned_on, self.agreement.regularise_until), (day(20), day(28)))
        self.assertFalse(self.todo("agreement_missed"))
        self.set_today(day(28))
        self.assertFalse(self.todo("agreement_revoke"))
        self.set_today(day(29))
        self.assertEqual(self.todo("agreement_revoke"), self.agreement)

    def test_regularised_nothing_more_is_asked(self):
        self.set_today(day(20))
        self.agreement._record_warning()
        self.pay(self.invoice, 400)
        self.set_today(day(29))
        self.assertFalse(self.todo("agreement_revoke") | self.todo("agreement_missed"))

    def test_another_one_missed_is_warned_of_anew(self):
        self.set_today(day(20))
        self.agreement._record_warning()
        self.pay(self.invoice, 400)
        # The second instalment was due on 24 April, with five days of grace.
        self.set_today(day(51))
        self.assertEqual(self.todo("agreement_missed"), self.agreement)
        self.assertFalse(self.todo("agreement_revoke"))

    def test_a_reason_is_given(self):
        with self.assertRaisesRegex(UserError, "Say why the agreement is revoked."):
            self.agreement._revoke("")

    def test_revoked_once(self):
        self.agreement._revoke("Nothing paid")
        with self.assertRaisesRegex(UserError, "is not in force"):
            self.agreement._revoke("Again")

    def test_straight_to_a_formal_notice_where_the_company_wants_it(self):
        notice = {"is_formal_notice": True, "approval": "manager", "deadline_days": 15}
        self.plan.level_ids = [(0, 0, self.prepare_level("Mise en demeure", 45, notice))]
        self.set_today(day(20))
        self.agreement._revoke("Nothing paid", "notice")
        reminder = self.debtor_of(self.partner).reminder_ids
        self.assertEqual((reminder.level_id.name, reminder.state), ("Mise en demeure", "proposed"))
        self.assertEqual(reminder.line_ids.mapped("claim"), [1200])
        # Decided again it stands: a person chose the level.
        reminder._decide_again()
        self.assertEqual(reminder.state, "proposed")

    def test_a_plan_without_notice_goes_on_where_it_stood(self):
        self.agreement._revoke("Nothing paid", "notice")
        self.assertFalse(self.debtor_of(self.partner).reminder_ids)
        self.assert_decided(self.invoice, "level", "Rappel", 1200)

    def test_the_dialog_proposes_the_reason_and_what_follows(self):
        self.company.collection_agreement_resume = "notice"
        self.set_today(day(20))
        self.agreement.invalidate_recordset()
        wizard = self.env["collection.agreement.revoke"].create({"agreement_id": self.agreement.id})
        self.assertEqual((wizard.reason, wizard.resume), ("Instalment of 03/24/2026 not paid.", "notice"))
        self.assertTrue(wizard.is_early)
        self.assertEqual(wizard.action_revoke()["res_model"], "collection.agreement.send")
        self.assertEqual(self.agreement.state, "revoked")
