from email.message import EmailMessage

from odoo import Command
from odoo.tests import tagged

from .common import day
from .outbox_case import OutboxCase


class GatewayCase(OutboxCase):
    """A reminder that has left by e-mail, and the mail gateway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan([("Rappel", 3), ("Relance", 12)])
        cls.env["collection.level.channel"].search([("level_id.plan_id.active", "=", True)]).fallback = "letter"

    def setUp(self):
        super().setUp()
        self.reminder = self.remind()
        self.process_outbox()
        self.sent = self.server.message_to(self.address)
        self.debtor = self.reminder.debtor_id
        self.delivery = self.delivery_of(self.reminder)

    def receive(self, message):
        """The gateway is handed a message, as root."""
        self.env["mail.thread"].sudo().message_process(False, message.as_bytes())
        self.env.invalidate_all()

    def reply(self, text="Payé hier, bien à vous", **headers):
        message = EmailMessage()
        message["From"] = f"Durand <{self.address}>"
        message["To"] = self.sent["Reply-To"]
        message["Subject"] = f"Re: {self.sent['Subject']}"
        message["Message-Id"] = "<answer-1@durand.example>"
        message["In-Reply-To"] = self.sent["Message-Id"].strip()
        message["References"] = self.sent["Message-Id"].strip()
        for name, value in headers.items():
            message[name] = value
        message.set_content(text)
        return message

    def report_of(self, address, status="5.1.1", reason="550 5.1.1 No such user"):
        """What a mail server sends back (RFC 3464)."""
        text = "\r\n".join(
            [
                "From: MAILER-DAEMON@mx.example",
                f"To: {self.company.bounce_email}",
                "Subject: Undelivered Mail Returned to Sender",
                "Message-Id: <bounce-1@mx.example>",
                "MIME-Version: 1.0",
                'Content-Type: multipart/report; report-type=delivery-status; boundary="part"',
                "",
                "--part",
                "Content-Type: text/plain; charset=utf-8",
                "",
                f"<{address}>: {reason}",
                "--part",
                "Content-Type: message/delivery-status",
                "",
                "Reporting-MTA: dns; mx.example",
                "",
                f"Final-Recipient: rfc822; {address}",
                "Action: failed",
                f"Status: {status}",
                f"Diagnostic-Code: smtp; {reason}",
                "",
                "--part",
                "Content-Type: text/rfc822-headers",
                "",
                f"Message-Id: {self.sent['Message-Id'].strip()}",
                "",
                "--part--",
                "",
            ]
        )
        self.env["mail.thread"].sudo().message_process(False, text.encode())
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestAnAnswerFindsTheDebtor(GatewayCase):
    """An answer lands on the debtor's timeline and freezes what goes by itself until somebody has read it."""

    def test_it_lands_on_the_timeline(self):
        self.receive(self.reply())
        answer = self.debtor.message_ids[0]
        self.assertIn("Payé hier", answer.body)
        self.assertEqual(answer.author_id, self.partner)

    def test_it_freezes_automatic_sending_until_it_is_read(self):
        self.receive(self.reply())
        self.assertEqual(self.debtor.unread_since, day(0))
        self.make_invoice(self.partner, 50, due=day(-4))
        again = self.prepare()
        self.assertEqual(self.process_outbox(), 0)
        self.assertEqual(again.hold_reason, "An answer of the customer waits to be read.")
        self.debtor.action_mark_read()
        self.assertEqual(self.process_outbox(), 1)

    def test_a_second_answer_does_not_prolong_the_freeze(self):
        self.receive(self.reply())
        self.set_today(day(1))
        second = self.reply("Encore moi")
        second.replace_header("Message-Id", "<answer-2@durand.example>")
        self.receive(second)
        self.assertEqual(self.debtor.unread_since, day(0))

    def test_the_answer_of_somebody_unknown_finds_it_too(self):
        stranger = self.reply()
        stranger.replace_header("From", "Cabinet <cabinet@comptable.example>")
        self.receive(stranger)
        self.assertEqual(self.debtor.unread_since, day(0))

    def test_a_note_of_a_collector_freezes_nothing(self):
        self.debtor.message_post(body="Called, no answer")
        self.assertFalse(self.debtor.unread_since)


@tagged("post_install", "-at_install")
class TestAMessageComesBack(GatewayCase):
    """A bounce comes back to its delivery and to a person, and the next channel takes over."""

    def test_the_delivery_came_back_and_a_letter_takes_over(self):
        self.report_of(self.address)
        self.assertEqual(self.delivery.state, "bounced")
        self.assertEqual(
            self.delivery.error,
            f"Came back from {self.address}: <{self.address}>: 550 5.1.1 No such user",
        )
        letter = self.delivery_of(self.reminder, "letter")
        self.assertEqual((letter.state, self.reminder.state), ("queued", "outbox"))
        self.process_outbox()
        letter.action_mark_posted()
        self.assertEqual((letter.state, self.reminder.state), ("handed_over", "sent"))

    def test_a_person_is_asked_for_another_address(self):
        self.report_of(self.address)
        self.assertEqual(self.debtor.activity_ids.summary, f"Find another address: {self.address}")

    def test_the_address_is_not_tried_again(self):
        self.report_of(self.address)
        self.assertFalse(self.debtor.has_email)
        self.delivery.action_mark_not_arrived()
        self.process_outbox()
        self.assertEqual(len(self.server.messages), 1)
        self.assertEqual(self.delivery.error, "No usable e-mail address for Menuiserie Durand.")

    def test_another_address_found_it_goes_again(self):
        self.report_of(self.address)
        self.debtor.contact_ids = self.make_partner("Anne")
        self.delivery.action_mark_not_arrived()
        self.assertEqual(self.process_outbox(), 1)
        self.assertEqual((self.delivery.state, self.delivery.recipients), ("handed_over", "compta@anne.example"))

    def test_told_twice_it_asks_once(self):
        self.report_of(self.address)
        self.report_of(self.address)
        self.assertEqual(len(self.debtor.activity_ids), 1)
        self.assertEqual(len(self.reminder.delivery_ids), 2)

    def test_the_item_keeps_the_level_and_the_debtor_its_rest(self):
        self.report_of(self.address)
        self.assertEqual(self.reminder.line_ids.item_id.level_id.name, "Rappel")

    def test_a_bounce_freezes_nothing(self):
        self.report_of(self.address)
        self.assertFalse(self.debtor.unread_since)

    def test_one_of_two_recipients_came_back_the_other_has_it(self):
        self.debtor.contact_ids = [Command.set((self.make_partner("Anne") | self.make_partner("Paul")).ids)]
        self.make_invoice(self.partner, 50, due=day(-4))
        reminder = self.prepare()
        self.process_outbox()
        self.sent = self.server.message_to("compta@anne.example")
        self.report_of("compta@anne.example")
        delivery = self.delivery_of(reminder)
        self.assertEqual(delivery.state, "handed_over")
        self.assertIn("Came back from compta@anne.example", delivery.error)
        self.assertEqual(self.debtor.activity_ids.summary, "Find another address: compta@anne.example")
        self.assertFalse(self.delivery_of(reminder, "letter"))

    def test_both_came_back_the_letter_takes_over(self):
        self.test_one_of_two_recipients_came_back_the_other_has_it()
        self.report_of("compta@paul.example")
        reminder = self.debtor.reminder_ids[0]
        self.assertEqual(self.delivery_of(reminder).state, "bounced")
        self.assertTrue(self.delivery_of(reminder, "letter"))

    def test_an_unknown_delivery_that_comes_back_had_left(self):
        self.delivery._move_to("unknown", from_states=("handed_over",))
        self.report_of(self.address)
        self.assertEqual(self.delivery.state, "bounced")
