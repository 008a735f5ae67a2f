from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import day
from .outbox_case import OutboxCase
from .smtp import read_html


@tagged("post_install", "-at_install")
class TestWhatChangedBetweenPlanningAndSending(OutboxCase):
    """Nothing is sent that has stopped being true: the items are decided again as the message leaves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.invoice = cls.make_invoice(cls.partner, 1200, due=day(-6))
        cls.other = cls.make_invoice(cls.partner, 300, due=day(-5))
        cls.reminder = cls.prepare()

    def line(self, invoice):
        return self.reminder.line_ids.filtered(lambda line: line.move_id == invoice)

    def assert_sent_for(self, total):
        self.assertEqual(self.process_outbox(), 1)
        self.assertIn(f"please pay {total} €", read_html(self.server.message_to(self.address)))

    def assert_dropped(self, invoice, reason):
        self.assertEqual((self.line(invoice).dropped, self.line(invoice).drop_reason), (True, reason))

    def assert_cancelled(self, reason):
        self.assertEqual(self.process_outbox(), 0)
        self.assertEqual(self.server.messages, [])
        self.assertEqual(self.reminder.state, "cancelled")
        self.assertIn(reason, self.reminder.cancel_reason)
        self.assertEqual(self.delivery_of(self.reminder).state, "cancelled")

    def test_nothing_changed(self):
        self.assert_sent_for("1,500.00")

    def test_paid_in_full_leaves_the_message_with_the_reason(self):
        self.pay(self.invoice, 1200)
        self.assert_sent_for("300.00")
        self.assert_dropped(self.invoice, f"{self.invoice.name} has been settled.")
        self.assertFalse(self.line(self.invoice).item_id.level_id)

    def test_all_paid_cancels_the_reminder_and_says_why(self):
        self.pay(self.invoice, 1200)
        self.pay(self.other, 300)
        self.assert_cancelled(f"{self.invoice.name} has been settled.")

    def test_part_paid_claims_the_rest(self):
        self.pay(self.invoice, 1000)
        self.assert_sent_for("500.00")
        self.assertEqual(self.line(self.invoice).claim, 200)

    def test_paid_on_the_bank_and_not_yet_reconciled(self):
        self.receive_in_bank(1200, partner=self.partner)
        self.assert_sent_for("300.00")
        self.assert_dropped(self.invoice, f"{self.invoice.name}: payment in sight.")

    def test_credited_leaves_the_message(self):
        self.make_credit_note(self.partner, 1200, of=self.invoice)
        self.assert_sent_for("300.00")
        self.assert_dropped(self.invoice, f"{self.invoice.name}: covered by credits.")

    def test_excluded_by_a_person(self):
        self.open_lines(self.invoice).no_followup = True
        self.assert_sent_for("300.00")
        self.assert_dropped(self.invoice, f"{self.invoice.name}: no follow-up.")

    def test_blocked(self):
        self.invoice.action_toggle_block_payment()
        self.assert_sent_for("300.00")
        self.assert_dropped(self.invoice, f"{self.invoice.name}: payment blocked.")

    def test_paused(self):
        self.reminder.debtor_id.write({"pause_until": day(3), "pause_reason": "Talks"})
        self.assert_cancelled(f"{self.invoice.name}: paused.")

    def test_never_chased(self):
        self.reminder.debtor_id.chase = "off"
        self.assert_cancelled(f"{self.other.name}: never chased.")

    def test_disputed_in_part(self):
        disputed = SQL(
            "SELECT %s AS line_id, 700::numeric AS amount, %s AS next_date", self.open_lines(self.invoice).id, day(9)
        )
        with patch.object(type(self.env["collection.decision"]), "_part_disputed", lambda decision: disputed):
            self.assert_sent_for("800.00")
        self.assertEqual(self.line(self.invoice).claim, 500)

    def test_under_the_threshold_once_part_paid(self):
        self.reminder.plan_id.debtor_threshold = 400
        self.pay(self.invoice, 1150)
        self.assert_cancelled(f"{self.invoice.name}: too small.")

    def test_reminded_meanwhile_by_another_way(self):
        self.line(self.invoice).item_id.write({"level_id": self.reminder.level_id.id, "level_date": day(0)})
        self.assert_sent_for("300.00")
        self.assert_dropped(self.invoice, f"{self.invoice.name}: waiting.")

    def test_moved_to_another_plan_the_reminder_of_the_former_goes(self):
        other_plan = self.make_plan([("Autre", 1)], name="Autre", domain="[('id', '=', 0)]")
        self.reminder.debtor_id.plan_id = other_plan
        self.assertEqual(self.reminder.state, "cancelled")
        self.assertIn(f"{self.invoice.name} is now to be reminded at “Autre”.", self.reminder.cancel_reason)

    def test_what_a_user_may_not_read_was_not_paid(self):
        outsider = self.env["res.users"].create(
            {
                "name": "Outsider",
                "login": "outsider",
                "group_ids": [(6, 0, [self.env.ref("credit_collection.group_collection_collector").id])],
            }
        )
        self.company.collection_own_debtors_only = True
        self.reminder.with_user(outsider)._decide_again()
        self.assertFalse(any(self.reminder.line_ids.mapped("dropped")))

    def test_a_level_chosen_by_a_person_stands_as_long_as_something_is_owed(self):
        self.reminder.action_take_back()
        self.reminder.action_change_level(self.reminder.plan_id.level_ids[1])
        self.reminder.action_approve()
        self.reminder.action_send()
        self.pay(self.invoice, 1200)
        self.assert_sent_for("300.00")
        self.assertEqual(self.line(self.other).item_id.level_id.name, "Relance")

    def test_days_late_are_those_of_the_day_it_leaves(self):
        self.set_today(day(2))
        self.process_outbox()
        self.assertIn(f"{self.invoice.name} 03/04/2026 8 1,200.00", read_html(self.server.message_to(self.address)))

    def test_what_changes_while_the_batch_is_leaving_is_seen_before_its_turn(self):
        second = self.make_partner("Zoé")
        self.make_invoice(second, 80, due=day(-5))
        reminders = self.prepare()
        self.delivery_of(self.reminder).send_after = "2020-01-01 00:00:00"
        moments = iter(range(0, 1000, 10))

        def pay_after_the_first():
            self.server.on_message = None
            paid.append(True)

        paid = []
        self.server.on_message = pay_after_the_first
        decide = type(self.env["collection.reminder"])._get_decisions_now

        def decide_without_what_was_paid(records):
            return {} if paid else decide(records)

        with (
            patch("odoo.addons.credit_collection.channels.email.time.monotonic", lambda: next(moments)),
            patch.object(type(self.env["collection.reminder"]), "_get_decisions_now", decide_without_what_was_paid),
        ):
            self.assertEqual(self.process_outbox(), 1)
        self.assertEqual(self.reminder.state, "sent")
        self.assertEqual(reminders.state, "cancelled")


@tagged("post_install", "-at_install")
class TestOneReminderOnTwoChannels(OutboxCase):
    """E-mail and letter are one reminder: the second still goes after the first advanced the level."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan([("Dernier rappel", 3, {"channels": ("email", "letter")}), ("Suite", 12)])

    def setUp(self):
        super().setUp()
        self.invoice = self.make_invoice(self.partner, 1200, due=day(-6))
        self.reminder = self.prepare()
        self.process_outbox()
        self.letter = self.delivery_of(self.reminder, "letter")

    def test_the_email_left_and_the_letter_waits_for_the_post(self):
        self.assertEqual(self.delivery_of(self.reminder).state, "handed_over")
        self.assertEqual((self.letter.state, self.reminder.state), ("to_post", "outbox"))
        self.assertEqual(self.reminder.line_ids.item_id.level_id.name, "Dernier rappel")

    def test_posted_on_another_day_the_level_keeps_its_date(self):
        self.set_today(day(1))
        self.letter.action_mark_posted()
        self.assertEqual((self.letter.state, self.reminder.state), ("handed_over", "sent"))
        self.assertEqual(self.reminder.sent_date, day(0))

    def test_paid_after_the_email_the_letter_is_not_posted_and_the_level_stands(self):
        self.pay(self.invoice, 1200)
        self.letter.action_mark_posted()
        self.assertEqual((self.letter.state, self.reminder.state), ("cancelled", "sent"))
        self.assertEqual(self.letter.error, f"{self.invoice.name} has been settled.")
        line = self.reminder.line_ids
        self.assertEqual((line.dropped, line.claim, line.item_id.level_id.name), (False, 0, "Dernier rappel"))

    def test_part_paid_after_the_email_the_letter_is_printed_again_for_the_rest(self):
        self.pay(self.invoice, 1000)
        self.letter.action_mark_posted()
        self.assertEqual(self.letter.state, "queued")
        self.process_outbox()
        self.assertEqual(self.letter.state, "to_post")
        self.letter.action_mark_posted()
        self.assertEqual((self.letter.state, self.reminder.line_ids.claim), ("handed_over", 200))

    def test_cancelled_by_a_person_only_the_letter_stops(self):
        self.reminder.action_cancel()
        self.assertEqual((self.letter.state, self.reminder.state), ("cancelled", "sent"))
        self.assertFalse(self.reminder.line_ids.dropped)

    def test_it_cannot_be_taken_back_any_more(self):
        with self.assertRaisesRegex(UserError, "Part of the reminder to Menuiserie Durand has already left"):
            self.reminder.action_take_back()
        with self.assertRaisesRegex(UserError, "has already left"):
            self.reminder.line_ids.action_drop()
