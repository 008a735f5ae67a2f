"""What a customer contests: each transition of a dispute, and its effect on what is chased."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
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
