from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ..models.collection_delivery_outbox import LOCK_CLASS
from .common import day
from .outbox_case import OutboxCase


class RefusalCase(OutboxCase):
    """A reminder by e-mail, whose level falls back on a letter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.env["collection.level.channel"].search([("level_id.plan_id.active", "=", True)]).fallback = "letter"

    def assert_delivery(self, reminder, state, error=None, channel="email"):
        delivery = self.delivery_of(reminder, channel)
        self.assertEqual(delivery.state, state)
        if error:
            self.assertIn(error, delivery.error)
        return delivery


@tagged("post_install", "-at_install")
class TestAServerRefuses(RefusalCase):
    """A refusal for now is tried again, one for good uses the fallback; the timeline shows neither as sent."""

    def assert_nothing_left(self, reminder):
        self.assertEqual(self.server.messages, [])
        self.assertFalse(reminder.sent_date)
        self.assertFalse(reminder.line_ids.item_id.level_id)
        sent = reminder.debtor_id.message_ids.filtered(lambda message: message.message_type == "email_outgoing")
        self.assertFalse(sent)

    def test_a_recipient_refused_for_now_goes_an_hour_later(self):
        reminder = self.remind()
        self.server.refuse_recipients = {self.address: "450 Greylisted"}
        self.assertEqual(self.process_outbox(), 0)
        delivery = self.assert_delivery(reminder, "queued", "450 Greylisted")
        self.assertEqual((delivery.attempt_count, str(delivery.send_after)), (1, "2026-03-10 10:00:00"))
        self.assert_nothing_left(reminder)
        self.server.refuse_recipients = {}
        self.assertEqual(self.process_outbox(), 0)
        self.clock.move_to("2026-03-10 10:00:01")
        self.assertEqual(self.process_outbox(), 1)
        self.assert_delivery(reminder, "handed_over")

    def test_a_content_refused_for_now_goes_an_hour_later(self):
        reminder = self.remind()
        self.server.answers = ["451 Try again"]
        self.process_outbox()
        self.assert_delivery(reminder, "queued", "Try again")
        self.assert_nothing_left(reminder)

    def test_refused_for_now_again_and_again_it_fails_and_falls_back(self):
        reminder = self.remind()
        self.server.refuse_recipients = {self.address: "450 Greylisted"}
        for hour in range(9, 15):
            self.clock.move_to(f"2026-03-10 {hour:02}:30:00")
            self.process_outbox()
        delivery = self.assert_delivery(reminder, "failed", "450 Greylisted")
        self.assertEqual(delivery.attempt_count, 5)
        self.assert_delivery(reminder, "to_post", channel="letter")

    def test_a_recipient_refused_for_good_falls_back_on_a_letter_and_asks_a_person(self):
        reminder = self.remind()
        self.server.refuse_recipients = {self.address: "550 No such user"}
        self.process_outbox()
        self.assert_delivery(reminder, "failed", "550 No such user")
        self.assert_nothing_left(reminder)
        self.assertIn("550 No such user", reminder.debtor_id.activity_ids.summary)
        self.assertEqual(self.delivery_of(reminder, "letter").recipients, "Menuiserie Durand")
        self.assertEqual(reminder.state, "outbox")

    def test_a_content_refused_for_good_falls_back(self):
        reminder = self.remind()
        self.server.answers = ["554 Spam"]
        self.process_outbox()
        self.assert_delivery(reminder, "failed", "Spam")
        self.assertTrue(self.delivery_of(reminder, "letter"))

    def test_one_recipient_of_two_refused_the_other_has_it_and_a_person_is_asked(self):
        debtor = self.debtor_of(self.partner)
        debtor.contact_ids = self.make_partner("Anne") | self.make_partner("Paul")
        reminder = self.remind()
        self.server.refuse_recipients = {"compta@paul.example": "550 No such user"}
        self.assertEqual(self.process_outbox(), 1)
        self.assert_delivery(reminder, "handed_over", "compta@paul.example")
        self.assertEqual(debtor.activity_ids.summary, "The server refused one of the recipients: compta@paul.example.")
        self.assertFalse(self.delivery_of(reminder, "letter"))


@tagged("post_install", "-at_install")
class TestAServerIsOutOfOrder(RefusalCase):
    """It is nobody's fault among the customers: everything waits, nothing falls back, no attempt is counted."""

    def assert_waits(self, reminder, error):
        delivery = self.assert_delivery(reminder, "queued", error)
        self.assertEqual((delivery.attempt_count, str(delivery.send_after)), (0, "2026-03-10 09:15:00"))
        self.assertFalse(self.delivery_of(reminder, "letter"))
        self.assertFalse(reminder.debtor_id.activity_ids)

    def test_it_cannot_be_reached(self):
        reminder = self.remind()
        with patch.object(type(self.env["ir.mail_server"]), "_connect__", side_effect=OSError("No route to host")):
            self.assertEqual(self.process_outbox(), 0)
        self.assert_waits(reminder, "No route to host")

    def test_it_is_asked_once_for_a_whole_outbox(self):
        for number in range(60):
            self.make_invoice(self.make_partner(f"Client {number}"), 100, due=day(-5))
        self.prepare()
        with patch.object(
            type(self.env["ir.mail_server"]), "_connect__", side_effect=OSError("No route to host")
        ) as connect:
            self.process_outbox()
        self.assertEqual(connect.call_count, 1)

    def test_it_refuses_the_sender(self):
        reminder = self.remind()
        self.server.refuse_senders = {"bounce@vendeur.example": "530 Authenticate first"}
        self.process_outbox()
        self.assert_waits(reminder, "Authenticate first")

    def test_it_hangs_up_before_a_message_of_a_session_and_takes_it_in_a_new_one(self):
        self.make_invoice(self.partner, 100, due=day(-5))
        self.make_invoice(self.make_partner("Anne"), 100, due=day(-5))
        reminders = self.prepare()
        self.server.on_message = lambda: setattr(self.server, "hangs_up_before_data", int(self.server.connections == 1))
        self.assertEqual(self.process_outbox(), 2)
        self.assertEqual(len(self.server.messages), 2)
        self.assertEqual(reminders.mapped("state"), ["sent", "sent"])

    def test_it_hangs_up_before_each_message(self):
        reminder = self.remind()
        self.server.hangs_up_before_data = 99
        self.process_outbox()
        self.assertEqual(self.server.messages, [])
        self.assert_waits(reminder, "Connection unexpectedly closed")


@tagged("post_install", "-at_install")
class TestASilenceIsUnknown(RefusalCase):
    """When nobody can tell whether a message arrived, it never goes again by itself: a person finds out."""

    def lose(self, answer="drop"):
        reminder = self.remind()
        self.server.answers = [answer]
        self.assertEqual(self.process_outbox(), 0)
        return reminder

    def test_the_server_hangs_up_after_it_took_the_message(self):
        reminder = self.lose()
        self.assertEqual(len(self.server.messages), 1)
        self.assert_delivery(reminder, "unknown", "Connection unexpectedly closed")
        self.assertFalse(reminder.line_ids.item_id.level_id)
        self.assertEqual(
            reminder.debtor_id.activity_ids.summary, f"Find out whether this reminder arrived: {self.address}"
        )
        self.assertEqual(self.process_outbox(), 0)
        self.assertEqual(len(self.server.messages), 1)

    def test_the_server_hangs_up_before_it_took_the_message(self):
        reminder = self.lose("lose")
        self.assertEqual(self.server.messages, [])
        self.assert_delivery(reminder, "unknown")

    def test_nothing_falls_back_on_a_letter_meanwhile(self):
        self.assertFalse(self.delivery_of(self.lose(), "letter"))

    def test_the_message_stays_on_the_timeline_so_that_an_answer_finds_the_debtor(self):
        reminder = self.lose()
        self.assertIn(self.delivery_of(reminder).mail_message_id, reminder.debtor_id.message_ids)

    def test_a_person_finds_that_it_arrived(self):
        reminder = self.lose()
        self.delivery_of(reminder).action_mark_arrived()
        self.assert_delivery(reminder, "handed_over", f"{self.env.user.name} found that it arrived.")
        self.assertEqual((reminder.state, reminder.line_ids.item_id.level_id.name), ("sent", "Rappel"))

    def test_a_person_finds_that_it_did_not_and_it_goes_again(self):
        reminder = self.lose("lose")
        self.delivery_of(reminder).action_mark_not_arrived()
        self.assertEqual(self.process_outbox(), 1)
        self.assert_delivery(reminder, "handed_over")

    def test_the_next_message_of_the_batch_leaves_in_a_new_session(self):
        self.make_invoice(self.partner, 100, due=day(-5))
        self.make_invoice(self.make_partner("Anne"), 100, due=day(-5))
        reminders = self.prepare()
        self.server.answers = ["drop"]
        self.assertEqual(self.process_outbox(), 1)
        self.assertEqual(sorted(reminders.delivery_ids.mapped("state")), ["handed_over", "unknown"])
        self.assertEqual(len(self.server.messages), 2)

    def test_an_unknown_message_does_not_cancel_what_may_have_arrived(self):
        reminder = self.lose()
        reminder.action_cancel()
        self.assertEqual(reminder.state, "outbox")
        self.assertFalse(reminder.line_ids.dropped)

    def test_paid_meanwhile_it_still_stands_as_it_was_sent(self):
        reminder = self.lose()
        self.pay(reminder.line_ids.item_id.move_id, 1200)
        reminder._decide_again()
        self.delivery_of(reminder).action_mark_arrived()
        self.assertEqual(reminder.line_ids.item_id.level_id.name, "Rappel")


@tagged("post_install", "-at_install")
class TestAWorkerDied(RefusalCase):
    """What a dead worker was handing over is unknown; what a living one is handing over is left alone."""

    def interrupted(self):
        reminder = self.remind()
        delivery = self.delivery_of(reminder)
        delivery._move_to("handing_over", from_states=("queued",))
        return reminder, delivery

    def test_its_message_stands_before_a_person(self):
        reminder, delivery = self.interrupted()
        self.process_outbox()
        self.assertEqual(delivery.state, "unknown")
        self.assertIn("The server stopped during the sending", delivery.error)
        self.assertEqual(len(reminder.debtor_id.activity_ids), 1)

    def test_the_message_of_a_living_one_is_left_alone(self):
        _reminder, delivery = self.interrupted()
        with self.registry._db.cursor() as other_session:
            other_session.execute(SQL("SELECT pg_advisory_lock(%s, %s)", LOCK_CLASS, delivery.id))
            self.process_outbox()
            self.assertEqual(delivery.state, "handing_over")
            other_session.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", LOCK_CLASS, delivery.id))
        self.process_outbox()
        self.assertEqual(delivery.state, "unknown")

    def test_messages_made_for_a_conversation_that_never_began_are_thrown_away(self):
        reminder = self.remind()
        delivery = self.delivery_of(reminder)
        channel = self.env["collection.channel.email"]
        channel._keep_messages(channel._render(delivery))
        forgotten = delivery.mail_message_id
        self.assertNotIn(forgotten, reminder.debtor_id.message_ids)
        self.process_outbox()
        self.assertFalse(forgotten.exists())
        self.assertEqual(delivery.state, "handed_over")
        self.assertIn(delivery.mail_message_id, reminder.debtor_id.message_ids)
