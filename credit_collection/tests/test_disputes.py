"""What a customer contests: each transition of a dispute, and its effect on what is chased."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TODAY, day
from .dispute_case import DisputeCase


@tagged("post_install", "-at_install")
class TestStages(DisputeCase):
    """Each transition has its effect on the decision, at once."""

    def test_noted_the_whole_invoice_is_not_chased_until_the_deadline(self):
        self.dispute()
        # Five working days after Tuesday 10 March.
        self.assert_decided(self.invoice, "disputed", claim=0, next_date=day(7))

    def test_studied_it_stays_so(self):
        self.study()
        self.assert_decided(self.invoice, "disputed", claim=0, next_date=day(7))

    def test_rejected_dunning_goes_on_where_it_stood(self):
        self.item_of(self.invoice).level_id = self.plan.level_ids[0]
        dispute = self.study()
        self.reject(dispute)
        self.assert_decided(self.invoice, "waiting", "Relance", 1000, day(2))
        self.assertEqual((dispute.decided_on, dispute.closed_on), (TODAY, TODAY))
        self.assertEqual(
            (dispute.disputed_amount, dispute.accepted_amount, dispute.rejected_amount), (1000.0, 0.0, 1000.0)
        )

    def test_rejected_without_an_answer_is_refused(self):
        dispute = self.study()
        for answer in (False, "", "<p><br></p>"):
            with self.assertRaisesRegex(UserError, "Write the answer to the customer first"):
                self.reject(dispute, answer)
        self.assertEqual(dispute.stage, "study")

    def test_accepted_it_is_not_chased_until_the_credit_note_is_posted(self):
        dispute = self.study()
        dispute.action_accept()
        self.assert_tranches(1000, 0)
        self.assertEqual((dispute.accepted_amount, dispute.rejected_amount), (1000.0, 0.0))
        self.assertEqual((dispute.decided_on, dispute.closed_on), (TODAY, False))

    def test_accepted_in_part_the_rest_is_chased_at_once(self):
        dispute = self.study()
        dispute.line_ids.accepted = 300
        dispute.action_accept_part()
        self.assert_tranches(300, 700)
        self.assertEqual((dispute.accepted_amount, dispute.rejected_amount), (300.0, 700.0))

    def test_accepted_in_part_is_more_than_nothing_and_less_than_all(self):
        dispute = self.study()
        for accepted in (0, 1000):
            dispute.line_ids.accepted = accepted
            with self.assertRaisesRegex(UserError, "more than nothing, less than all"):
                dispute.action_accept_part()

    def test_withdrawn_dunning_goes_on(self):
        dispute = self.dispute()
        dispute.action_withdraw()
        self.assert_decided(self.invoice, "level", "Rappel", 1000)
        self.assertEqual((dispute.stage, dispute.closed_on, dispute.rejected_amount), ("withdrawn", TODAY, 0.0))

    def test_without_a_nature_it_is_not_studied(self):
        dispute = self.dispute()
        dispute.nature_id = False
        with self.assertRaisesRegex(UserError, "its nature first"):
            dispute.action_study()

    def test_a_dispute_is_studied_before_it_is_decided(self):
        dispute = self.dispute()
        with self.assertRaisesRegex(UserError, "cannot go from “To qualify” to “Accepted”"):
            dispute.action_accept()

    def test_a_decision_is_taken_back_on_its_day(self):
        dispute = self.study()
        self.reject(dispute)
        dispute.action_study()
        self.assert_decided(self.invoice, "disputed", claim=0)
        self.assertEqual((dispute.stage, dispute.decided_on, dispute.closed_on), ("study", False, False))

    def test_and_no_later(self):
        dispute = self.study()
        self.reject(dispute)
        self.set_today(day(1))
        self.assertFalse(dispute.can_be_taken_back)
        with self.assertRaisesRegex(UserError, "a decision is taken back on its day only"):
            dispute.action_study()

    def test_later_the_customer_contests_again(self):
        dispute = self.study()
        self.reject(dispute)
        self.set_today(day(1))
        action = dispute.action_contest_again()
        again = self.env["collection.dispute"].with_context(**action["context"]).create({})
        self.assertEqual((again.stage, again.nature_id, again.disputed_amount), ("to_qualify", self.price, 1000.0))
        self.assert_decided(self.invoice, "disputed", claim=0)

    def test_moved_on_the_board_it_follows_the_same_rules(self):
        collector = self.make_collector()
        dispute = self.dispute(user=collector)
        dispute.stage = "study"
        with self.assertRaisesRegex(UserError, "Write the answer to the customer first"):
            dispute.stage = "rejected"
        dispute.stage = "withdrawn"
        self.assertEqual((dispute.closed_on, dispute.decided_by_id), (TODAY, collector))

    def test_the_time_it_took_is_kept_in_days_and_in_working_days(self):
        dispute = self.study()
        # Over one weekend.
        self.set_today(day(7))
        self.reject(dispute)
        self.assertEqual((dispute.days_taken, dispute.work_days_taken), (7, 5))

    def test_what_is_decided_no_longer_changes(self):
        dispute = self.study()
        self.reject(dispute)
        with self.assertRaisesRegex(UserError, "its items and amounts no longer change"):
            dispute.with_user(self.make_collector()).line_ids.amount = 5
        with self.assertRaisesRegex(UserError, "is history: it is kept"):
            dispute.unlink()

    def test_noted_by_mistake_it_is_deleted_and_chased_again(self):
        self.dispute().unlink()
        self.assert_decided(self.invoice, "level", "Rappel", 1000)

    def test_closed_by_hand_where_it_was_credited_otherwise(self):
        dispute = self.study()
        dispute.action_accept()
        dispute.action_close()
        self.assertEqual(dispute.closed_on, TODAY)
        self.assert_decided(self.invoice, "level", "Rappel", 1000)
        with self.assertRaisesRegex(UserError, "Only an accepted dispute that waits"):
            dispute.action_close()


@tagged("post_install", "-at_install")
class TestAmounts(DisputeCase):
    """The disputed part is not chased, the rest is; nothing is disputed that is not open."""

    def test_part_of_an_invoice(self):
        self.dispute(amount=400)
        self.assert_decided(self.invoice, "level", "Rappel", 600)
        self.assert_tranches(400, 600)

    def test_the_reminder_claims_the_rest(self):
        self.dispute(amount=400)
        self.assertEqual(self.plan_run().reminder_ids.line_ids.mapped("claim"), [600.0])

    def test_a_reminder_in_preparation_follows(self):
        reminder = self.plan_run().reminder_ids
        dispute = self.dispute(amount=400)
        self.assertEqual(reminder.line_ids.claim, 600)
        dispute.line_ids.amount = 1000
        self.assertEqual(reminder.state, "cancelled")

    def test_more_than_is_open_is_refused(self):
        dispute = self.dispute(amount=400)
        self.pay(self.invoice, 700)
        with self.assertRaisesRegex(ValidationError, "300.00.* that are open and not disputed yet"):
            dispute.line_ids.amount = 300.01
        dispute.line_ids.amount = 300

    def test_two_disputes_never_exceed_the_item(self):
        self.dispute(amount=700)
        second = self.dispute()
        self.assertEqual(second.disputed_amount, 300)
        with self.assertRaisesRegex(ValidationError, "is more than the .*300.00"):
            second.line_ids.amount = 300.01
        self.assert_tranches(1000, 0)

    def test_even_after_a_payment(self):
        self.dispute(amount=700)
        self.dispute()
        self.pay(self.invoice, 600)
        self.assert_tranches(400, 0)

    def test_what_is_disputed_in_full_cannot_be_again(self):
        self.dispute()
        item = self.item_of(self.invoice)
        with self.assertRaisesRegex(UserError, "it is settled, or already in a dispute"):
            self.env["collection.dispute"]._action_new(item.debtor_id, item)

    def test_nothing_or_less_is_refused(self):
        dispute = self.dispute()
        for amount in (0, -10):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError) as refused, self.cr.savepoint():
                dispute.line_ids.amount = amount
                dispute.line_ids.flush_recordset()
            self.assertIn("collection_dispute_line_amount_positive", str(refused.exception))

    def test_several_currencies_are_disputed_apart(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        abroad = self.make_invoice(self.partner, 500, due=day(-10), currency=dollar)
        items = self.item_of(self.invoice) | self.item_of(abroad)
        with self.assertRaisesRegex(UserError, "Choose items of one currency"):
            self.env["collection.dispute"]._action_new(items.debtor_id, items)
        dispute = self.dispute(abroad, amount=200)
        self.assertEqual(dispute.currency_id, dollar)
        self.assert_tranches(200, 300, abroad)
        self.assert_tranches(0, 1000)

    def test_an_item_of_another_currency_is_refused(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        abroad = self.make_invoice(self.partner, 500, due=day(-10), currency=dollar)
        dispute = self.dispute(amount=400)
        with self.assertRaisesRegex(ValidationError, "items of one currency"):
            dispute.line_ids = [Command.create({"item_id": self.item_of(abroad).id, "amount": 100})]

    def test_an_item_of_another_customer_is_refused(self):
        other = self.make_invoice(self.make_partner("Scierie Ory"), 500, due=day(-10))
        dispute = self.dispute(amount=400)
        with self.assertRaisesRegex(ValidationError, "is not owed by"):
            dispute.line_ids = [Command.create({"item_id": self.item_of(other).id, "amount": 100})]

    def test_the_last_item_stays(self):
        dispute = self.dispute()
        with self.assertRaisesRegex(UserError, "Choose at least one item"):
            dispute.line_ids.unlink()

    def test_one_instalment_of_two(self):
        invoice = self.make_invoice(self.partner, 1000, instalments=[(400, day(-20)), (600, day(-5))])
        decisions = self.decisions().filtered(lambda decision: decision.move_id == invoice).sorted("due_date")
        second = self.env["collection.item"]._ensure_for(decisions[1])
        action = self.env["collection.dispute"]._action_new(second.debtor_id, second)
        self.env["collection.dispute"].with_context(**action["context"]).create({})
        found = self.decisions().filtered(lambda decision: decision.move_id == invoice).sorted("due_date")
        self.assertEqual([(row.disputed, row.claim) for row in found], [(0, 400), (600, 0)])

    def test_money_in_sight_goes_first(self):
        self.dispute(amount=400)
        self.receive_in_bank(1000, label=f"VIR {self.invoice.name}", partner=self.partner)
        decision = self.decision_of(self.invoice)
        self.assertEqual((decision.settling, decision.disputed, decision.claim), (1000, 0, 0))


@tagged("post_install", "-at_install")
class TestPastDates(DisputeCase):
    """What was disputed on a day of the past is what was disputed then."""

    def test_before_during_and_after(self):
        dispute = self.study(amount=400)
        self.set_today(day(10))
        self.reject(dispute)
        self.set_today(day(20))
        for on, disputed in ((day(-1), 0), (TODAY, 400), (day(9), 400), (day(10), 0), (day(20), 0)):
            self.assert_tranches(disputed, 1000 - disputed, on=on)

    def test_what_was_granted_in_part_counts_from_the_decision(self):
        dispute = self.study()
        self.set_today(day(10))
        dispute.line_ids.accepted = 300
        dispute.action_accept_part()
        self.set_today(day(20))
        self.assert_tranches(1000, 0, on=day(9))
        self.assert_tranches(300, 700, on=day(10))

    def test_until_the_credit_note_is_in_the_books(self):
        dispute = self.study(amount=400)
        dispute.action_accept()
        self.set_today(day(5))
        credit_note = self.credit_note_of(dispute)
        credit_note.write({"invoice_date": day(5), "date": day(5)})
        credit_note.action_post()
        self.set_today(day(20))
        self.assert_tranches(400, 600, on=day(4))
        self.assert_tranches(0, 600, on=day(5))

    def test_an_item_added_later_is_contested_from_then_on(self):
        other = self.make_invoice(self.partner, 500, due=day(-10))
        dispute = self.dispute()
        self.set_today(day(3))
        dispute.line_ids = [Command.create({"item_id": self.item_of(other).id, "amount": 500})]
        self.assert_tranches(0, 500, other, on=day(2))
        self.assert_tranches(500, 0, other)

    def test_noted_after_the_fact_it_counts_from_the_day_it_was_opened(self):
        item = self.item_of(self.invoice)
        action = self.env["collection.dispute"]._action_new(item.debtor_id, item)
        opened = TODAY - timedelta(days=4)
        self.env["collection.dispute"].with_context(**action["context"]).create({"opened_on": opened})
        self.assert_tranches(1000, 0, on=opened)
        self.assert_tranches(0, 1000, on=opened - timedelta(days=1))

    def test_nor_on_a_day_to_come(self):
        item = self.item_of(self.invoice)
        action = self.env["collection.dispute"]._action_new(item.debtor_id, item)
        with self.assertRaisesRegex(ValidationError, "on a day to come"):
            self.env["collection.dispute"].with_context(**action["context"]).create({"opened_on": day(1)})

    def test_past_its_deadline_only_a_person_changes_it(self):
        self.dispute()
        self.set_today(day(8))
        self.assert_decided(self.invoice, "disputed", claim=0)
        decision = self.decision_of(self.invoice)
        self.assertFalse(decision.next_date)
        self.assertIn("A person's decision.", decision.explanation)


@tagged("post_install", "-at_install")
class TestOwners(DisputeCase):
    """The owner of a dispute has an activity until its deadline; nature and steps come along."""

    def activity_of(self, dispute):
        return dispute.activity_ids.mapped(lambda activity: (activity.user_id, activity.date_deadline))

    def test_the_natures_owner_and_delay(self):
        owner = self.make_user("quality")
        self.quality.user_id = owner
        dispute = self.dispute(nature=self.quality)
        # Fifteen working days.
        self.assertEqual((dispute.user_id, dispute.deadline), (owner, day(21)))
        self.assertEqual(self.activity_of(dispute), [(owner, day(21))])

    def test_else_the_customers_collector(self):
        collector = self.make_collector()
        self.debtor_of(self.partner).user_id = collector
        self.assertEqual(self.dispute().user_id, collector)

    def test_an_owner_of_another_company_is_not_taken(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.price.user_id = self.env["res.users"].create(
            {"name": "Far", "login": "far", "company_id": company.id, "company_ids": [Command.set(company.ids)]}
        )
        self.assertEqual(self.dispute().user_id, self.env.user)

    def test_a_portal_user_cannot_own_one(self):
        portal = self.make_user("customer", "base.group_portal")
        dispute = self.dispute()
        with self.assertRaisesRegex(ValidationError, "choose an internal user of that company"):
            dispute.user_id = portal
        self.assertNotIn("dispute_owner", str(portal.all_group_ids.get_external_id()))

    def test_the_activity_follows_owner_and_deadline(self):
        dispute = self.dispute()
        owner = self.make_user("logistics")
        dispute.write({"user_id": owner.id, "deadline": day(30)})
        self.assertEqual(self.activity_of(dispute), [(owner, day(30))])

    def test_and_is_done_with_the_decision(self):
        dispute = self.study()
        self.reject(dispute)
        self.assertFalse(dispute.activity_ids)
        dispute.action_study()
        self.assertEqual(self.activity_of(dispute), [(self.env.user, day(7))])

    def test_the_steps_of_the_nature_are_copied(self):
        dispute = self.dispute()
        self.assertEqual(dispute.step_ids.mapped("name"), self.price.step_ids.mapped("name"))
        dispute.nature_id = self.quality
        self.assertEqual(dispute.step_ids.mapped("name"), self.quality.step_ids.mapped("name"))

    def test_steps_begun_are_not_lost(self):
        dispute = self.dispute()
        dispute.step_ids[0].done = True
        dispute.nature_id = self.quality
        self.assertEqual(dispute.step_ids.mapped("name"), self.price.step_ids.mapped("name"))

    def test_who_ticked_a_step_off_is_kept(self):
        collector = self.make_collector()
        step = self.dispute().step_ids[0]
        step.with_user(collector).done = True
        self.assertEqual((step.done_by_id, step.done_on), (collector, TODAY))
        step.done = False
        self.assertEqual((step.done_by_id.id, step.done_on), (False, False))

    def test_all_natures_asked_for_are_there(self):
        names = self.env["collection.dispute.nature"].with_context(lang="en_US").search([]).mapped("name")
        self.assertEqual(
            names,
            [
                "Price",
                "Quantity",
                "Quality",
                "Delivery of the goods",
                "Double invoice",
                "Wrong entity or VAT",
                "Expected rebate or credit note",
                "Logistics penalties",
                "Unearned discount",
                "Retention",
                "Acceptance report missing",
                "Other",
            ],
        )


@tagged("post_install", "-at_install")
class TestSettledByTheLedger(DisputeCase):
    """What the ledger settles is disputed no longer."""

    def refresh(self):
        self.env["collection.debtor"]._refresh_figures(self.company)

    def test_paid_while_it_was_contested_it_is_withdrawn(self):
        dispute = self.dispute()
        self.pay(self.invoice, 1000)
        self.refresh()
        self.assertEqual((dispute.stage, dispute.closed_on), ("withdrawn", TODAY))
        self.assertFalse(dispute.activity_ids)

    def test_paid_in_part_it_stands_for_what_is_left(self):
        dispute = self.dispute()
        self.pay(self.invoice, 600)
        self.refresh()
        self.assertEqual((dispute.stage, dispute.closed_on), ("to_qualify", False))
        self.assert_tranches(400, 0)

    def test_credited_by_hand_it_is_accepted(self):
        dispute = self.study()
        credit_note = self.make_credit_note(self.partner, 1000, of=self.invoice)
        self.reconcile(self.invoice, credit_note)
        self.refresh()
        self.assertEqual((dispute.stage, dispute.accepted_amount, dispute.closed_on), ("accepted", 1000, TODAY))

    def test_credited_in_part_and_paid_it_is_partly_accepted(self):
        dispute = self.study()
        credit_note = self.make_credit_note(self.partner, 250, of=self.invoice)
        self.reconcile(self.invoice, credit_note)
        self.pay(self.invoice, 750)
        self.refresh()
        self.assertEqual((dispute.stage, dispute.accepted_amount, dispute.rejected_amount), ("partly", 250.0, 750.0))

    def test_one_item_of_two_settled_the_dispute_goes_on(self):
        other = self.make_invoice(self.partner, 500, due=day(-10))
        items = self.item_of(self.invoice) | self.item_of(other)
        action = self.env["collection.dispute"]._action_new(items.debtor_id, items)
        dispute = self.env["collection.dispute"].with_context(**action["context"]).create({})
        self.pay(other, 500)
        self.refresh()
        self.assertEqual(dispute.stage, "to_qualify")
        self.assertEqual(dispute.line_ids.mapped("closed_on"), [False, TODAY])

    def test_merged_customers_take_their_disputes_along(self):
        other = self.make_partner("Menuiserie Durand Fils")
        dispute = self.dispute(self.make_invoice(other, 500, due=day(-10)))
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (other | self.partner).ids, self.partner, extra_checks=False
        )
        self.assertEqual(dispute.debtor_id, self.debtor_of(self.partner))


@tagged("post_install", "-at_install")
class TestInterestOnDisputes(DisputeCase):
    """Interest on what is contested runs, and is claimed once the dispute is rejected."""

    def setUp(self):
        super().setUp()
        self.invoice = self.make_invoice(self.partner, 10000, due=day(-100))
        self.debtor_of(self.partner).write({"customer_kind": "business"})

    def claim(self):
        item = self.item_of(self.invoice)
        return item._compute_interest()[item]

    def test_on_the_whole_it_is_not_claimed(self):
        whole = self.claim().interest
        self.dispute()
        claim = self.claim()
        self.assertEqual((claim.claimed, claim.interest, claim.reason), (False, 0, "The whole amount is disputed."))
        self.assertEqual(claim.computed.total, whole)

    def test_on_a_part_it_is_not_claimed_on_that_part(self):
        whole = self.claim().interest
        self.dispute(amount=4000)
        claim = self.claim()
        self.assertEqual(claim.computed.total, whole)
        self.assertEqual(claim.interest, (whole * 6000 / 10000).quantize(claim.interest))

    def test_rejected_it_is_claimed(self):
        whole = self.claim().interest
        dispute = self.study()
        self.reject(dispute)
        self.assertEqual(self.claim().interest, whole)
        self.assertGreater(whole, 0)

    def test_on_money_conceded_it_is_not_claimed(self):
        dispute = self.study()
        dispute.action_accept()
        self.assertFalse(self.claim().claimed)


@tagged("post_install", "-at_install")
class TestAnswers(DisputeCase):
    """The customer is told what was decided, in a message that a person reads over."""

    def compose(self, dispute):
        """The composer that the button opens, as the client makes it."""
        action = dispute.action_answer()
        return self.env["mail.compose.message"].with_context(**action["context"]).create({})

    def test_rejected_the_answer_goes_to_who_gets_the_reminders(self):
        dispute = self.study(customer_reference="LIT/77")
        self.reject(dispute, "<p>The order of 3 February says <b>12.00</b>.</p>")
        composer = self.compose(dispute)
        self.assertEqual(composer.partner_ids, self.partner)
        self.assertEqual(composer.subject, f"{self.company.name} – your dispute LIT/77")
        for words in ("The order of 3 February", self.invoice.name, "remains payable"):
            self.assertIn(words, composer.body)

    def test_sent_it_stands_on_the_customers_page_and_the_dispute_is_answered(self):
        dispute = self.study()
        self.reject(dispute)
        self.compose(dispute).action_send_mail()
        message = dispute.debtor_id.message_ids[0]
        self.assertEqual((message.partner_ids, message.message_type), (self.partner, "comment"))
        self.assertEqual(dispute.answered_on, TODAY)

    def test_changed_before_it_leaves_it_says_what_was_written(self):
        dispute = self.study()
        self.reject(dispute)
        composer = self.compose(dispute)
        composer.body = "<p>As agreed on the phone.</p>"
        composer.action_send_mail()
        self.assertEqual(dispute.debtor_id.message_ids[0].body, "<p>As agreed on the phone.</p>")

    def test_accepted_in_part_it_says_both(self):
        dispute = self.study()
        dispute.line_ids.accepted = 300
        dispute.action_accept_part()
        body = self.compose(dispute).body
        for words in ("agree to it in part", "300.00", "1,000.00", "The rest of the invoice remains payable"):
            self.assertIn(words, body)

    def test_before_the_decision_there_is_no_answer(self):
        with self.assertRaisesRegex(UserError, "Decide .* first"):
            self.dispute().action_answer()

    def test_a_message_to_another_customer_answers_nothing(self):
        dispute = self.study()
        self.reject(dispute)
        other = self.debtor_of(self.make_partner("Scierie Ory"))
        context = {**dispute.action_answer()["context"], "default_res_ids": other.ids}
        self.env["mail.compose.message"].with_context(**context).create({}).action_send_mail()
        self.assertFalse(dispute.answered_on)

    def test_hostile_words_stay_words(self):
        hostile = "<script>alert(1)</script>{{ object.env.cr.execute('x') }}"
        dispute = self.study(customer_reference=hostile, note=hostile)
        self.reject(dispute, f"<p>See</p>{hostile}")
        composer = self.compose(dispute)
        self.assertNotIn("<script", composer.body)
        self.assertIn("&lt;script&gt;", composer.body)
        self.assertIn(hostile, composer.subject)
        composer.action_send_mail()
        self.assertNotIn("<script", dispute.debtor_id.message_ids[0].body)


@tagged("post_install", "-at_install")
class TestWhereDisputesShow(DisputeCase):
    """Disputes show in To do and on the customer's timeline."""

    def todo(self, code):
        self.env.flush_all()
        todos = self.env["collection.todo"].search([])
        todos.invalidate_recordset()
        return next(todo for todo in todos if todo.code == code).count

    def test_to_qualify_then_past_their_deadline(self):
        dispute = self.dispute()
        self.assertEqual((self.todo("dispute_qualify"), self.todo("dispute_deadline")), (1, 0))
        dispute.action_study()
        self.set_today(day(7))
        self.assertEqual((self.todo("dispute_qualify"), self.todo("dispute_deadline")), (0, 1))

    def test_to_credit_until_the_draft_is_made(self):
        dispute = self.study(amount=400)
        dispute.action_accept()
        self.assertEqual(self.todo("dispute_credit"), 1)
        credit_note = self.credit_note_of(dispute)
        self.assertEqual(self.todo("dispute_credit"), 0)
        credit_note.unlink()
        self.assertEqual(self.todo("dispute_credit"), 1)

    def test_to_answer_until_it_is(self):
        dispute = self.study()
        self.reject(dispute)
        self.assertEqual(self.todo("dispute_answer"), 1)
        dispute._record_answer()
        self.assertEqual(self.todo("dispute_answer"), 0)

    def test_the_timeline_tells_when_it_was_opened_and_how_it_ended(self):
        dispute = self.study(amount=400)
        self.reject(dispute)
        self.env.flush_all()
        entries = (
            self.env["collection.timeline"]
            .with_context(collection_debtor_ids=dispute.debtor_id.ids)
            .search([("debtor_id", "=", dispute.debtor_id.id), ("res_model", "=", "collection.dispute")])
        )
        found = {entry.kind: (entry.name, entry.amount, fields.Date.to_date(entry.date)) for entry in entries}
        self.assertEqual(
            found,
            {
                "dispute": (f"{dispute.name} – Price", 400.0, TODAY),
                "dispute_closed": (f"{dispute.name} – Rejected", 0.0, TODAY),
            },
        )


@tagged("post_install", "-at_install")
class TestWhoMayDoWhat(DisputeCase):
    """A dispute is worked on by the collectors of its customer and by its owner; auditors read."""

    def assert_forbidden(self, action):
        with mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"):
            self.assertRaises(AccessError, action)

    def test_an_owner_who_is_no_collector_works_on_his_dispute(self):
        owner = self.make_user("logistics")
        dispute = self.dispute()
        dispute.user_id = owner
        own = dispute.with_user(owner)
        own.action_study()
        own.step_ids[0].done = True
        own.line_ids.accepted = 200
        own.answer = "<p>Two pieces were missing.</p>"
        own.message_post(body="Seen with the carrier.")
        own.action_accept_part()
        self.assertEqual((dispute.stage, dispute.accepted_amount, dispute.decided_by_id), ("partly", 200, owner))
        self.assert_tranches(200, 800)

    def test_his_reminders_in_preparation_follow_though_he_reads_none(self):
        reminder = self.plan_run().reminder_ids
        owner = self.make_user("logistics")
        dispute = self.study()
        dispute.user_id = owner
        self.assertEqual(reminder.state, "cancelled")
        dispute.with_user(owner).line_ids.accepted = 200
        dispute.with_user(owner).action_accept_part()
        self.assertEqual(self.plan_run().reminder_ids.line_ids.claim, 800)

    def test_he_sees_it_as_the_form_reads_it(self):
        owner = self.make_user("logistics")
        dispute = self.dispute()
        dispute.user_id = owner
        own = dispute.with_user(owner)
        view = own.get_view(self.env.ref("credit_collection.view_collection_dispute_form").id, "form")
        self.assertIn("line_ids", view["arch"])
        values = own.web_read(
            {
                "debtor_id": {"fields": {"display_name": {}}},
                "is_collector": {},
                "awaits_credit": {},
                "line_ids": {"fields": {"item_id": {"fields": {"display_name": {}}}, "open_amount": {}, "amount": {}}},
                "credit_ids": {"fields": {"name": {}}},
                "attachment_ids": {"fields": {"name": {}}},
            }
        )[0]
        self.assertEqual(values["debtor_id"]["display_name"], self.partner.display_name)
        self.assertEqual(values["line_ids"][0]["item_id"]["display_name"], self.invoice.name)
        self.assertEqual((values["line_ids"][0]["open_amount"], values["is_collector"]), (1000, False))

    def test_he_does_not_change_what_is_contested(self):
        owner = self.make_user("logistics")
        dispute = self.dispute()
        dispute.user_id = owner
        own = dispute.with_user(owner)
        other = self.item_of(self.make_invoice(self.partner, 50, due=day(-10)))
        for action in (
            lambda: own.line_ids.write({"amount": 1}),
            lambda: own.line_ids.unlink(),
            lambda: own.write({"line_ids": [Command.create({"item_id": other.id, "amount": 50})]}),
            lambda: own.write({"opened_on": day(-5)}),
            lambda: own.action_close(),
            lambda: own.action_answer(),
            lambda: own.unlink(),
            lambda: own.copy(),
        ):
            self.assert_forbidden(action)

    def test_he_sees_no_other_dispute_and_nothing_else_of_collection(self):
        owner = self.make_user("logistics")
        other = self.dispute(self.make_invoice(self.partner, 50, due=day(-10)))
        dispute = self.dispute()
        dispute.user_id = owner
        self.assertEqual(self.env["collection.dispute"].with_user(owner).search([]), dispute)
        self.assertEqual(self.env["collection.dispute.line"].with_user(owner).search([]), dispute.line_ids)
        self.assert_forbidden(lambda: other.with_user(owner).read(["note"]))
        for model in ("collection.debtor", "collection.item", "collection.reminder", "collection.dispute.report"):
            self.assertFalse(self.env[model].with_user(owner).has_access("read"), model)

    def test_once_another_owns_it_he_sees_it_no_more(self):
        owner = self.make_user("logistics")
        dispute = self.dispute()
        dispute.user_id = owner
        dispute.with_user(owner).read(["note"])
        dispute.user_id = self.env.user
        self.assert_forbidden(lambda: dispute.with_user(owner).read(["note"]))

    def test_an_auditor_reads_and_changes_nothing(self):
        auditor = self.make_user("auditor", "base.group_user,credit_collection.group_collection_reader")
        dispute = self.dispute().with_user(auditor)
        self.assertEqual(dispute.read(["disputed_amount"])[0]["disputed_amount"], 1000)
        for action in (
            lambda: dispute.write({"note": "x"}),
            lambda: dispute.action_study(),
            lambda: dispute.line_ids.write({"accepted": 1}),
            lambda: dispute.unlink(),
            lambda: self.env["collection.dispute"].with_user(auditor)._action_new(dispute.debtor_id, dispute.line_ids),
        ):
            self.assert_forbidden(action)

    def test_an_auditor_who_owns_one_still_reads_them_all(self):
        auditor = self.make_user("auditor", "base.group_user,credit_collection.group_collection_reader")
        other = self.dispute(self.make_invoice(self.partner, 50, due=day(-10)))
        dispute = self.dispute()
        dispute.user_id = auditor
        self.assertEqual(self.env["collection.dispute"].with_user(auditor).search([]), dispute | other)
        dispute.with_user(auditor).action_study()
        self.assert_forbidden(lambda: other.with_user(auditor).action_study())

    def test_a_collector_of_another_portfolio_sees_it_only_as_its_owner(self):
        self.company.collection_own_debtors_only = True
        mine, other = self.make_collector("mine"), self.make_collector("other")
        self.debtor_of(self.partner).user_id = mine
        dispute = self.dispute(user=mine)
        self.assert_forbidden(lambda: dispute.with_user(other).read(["note"]))
        self.assertFalse(self.env["collection.dispute.report"].with_user(other).search([]))
        dispute.user_id = other
        own = dispute.with_user(other)
        own.action_study()
        self.assert_forbidden(lambda: own.line_ids.write({"amount": 5}))

    def test_a_collector_of_another_portfolio_opens_none(self):
        self.company.collection_own_debtors_only = True
        self.debtor_of(self.partner).user_id = self.make_collector("mine")
        other = self.make_collector("other")
        item = self.item_of(self.invoice)
        self.assert_forbidden(
            lambda: (
                self.env["collection.dispute"]
                .with_user(other)
                .create(
                    {
                        "debtor_id": item.debtor_id.id,
                        "user_id": other.id,
                        "line_ids": [Command.create({"item_id": item.id, "amount": 5})],
                    }
                )
            )
        )

    def test_nobody_writes_what_the_program_keeps(self):
        collector = self.make_collector()
        dispute = self.dispute(user=collector)
        for vals in ({"closed_on": TODAY}, {"decided_on": TODAY}, {"answered_on": TODAY}, {"days_taken": 1}):
            with self.subTest(vals=vals):
                self.assert_forbidden(lambda vals=vals: dispute.write(vals))
        self.assert_forbidden(lambda: dispute.line_ids.write({"closed_on": TODAY}))
        self.assert_forbidden(
            lambda: (
                self.env["collection.dispute.credit"]
                .with_user(collector)
                .create({"line_id": dispute.line_ids.id, "amount": 1})
            )
        )
        item = self.item_of(self.make_invoice(self.partner, 50, due=day(-10))).with_user(collector)
        action = self.env["collection.dispute"].with_user(collector)._action_new(item.debtor_id, item)
        made = self.env["collection.dispute"].with_user(collector).with_context(**action["context"])
        self.assertFalse(made.create({"closed_on": TODAY, "decided_on": TODAY}).closed_on)

    def test_nobody_notes_one_as_decided(self):
        collector = self.make_collector()
        item = self.item_of(self.invoice).with_user(collector)
        disputes = self.env["collection.dispute"].with_user(collector)
        context = disputes._action_new(item.debtor_id, item, stage="accepted", closed_on=TODAY)["context"]
        with self.assertRaisesRegex(UserError, "decided after it has been studied"):
            disputes.with_context(**context).create({"stage": "accepted"})
        dispute = disputes.with_context(**context).create({})
        self.assertEqual((dispute.stage, dispute.closed_on, dispute.line_ids.closed_on), ("to_qualify", False, False))
