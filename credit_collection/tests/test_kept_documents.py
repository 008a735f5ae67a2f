import hashlib
from email import message_from_bytes, policy
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import day
from .outbox_case import OutboxCase
from .registered_case import RegisteredCase
from .smtp import MailServer

COLLECTOR = "base.group_user,credit_collection.group_collection_collector"


def sha256(content):
    """Its fingerprint."""
    return hashlib.sha256(content).hexdigest()


class KeptEmailCase(OutboxCase):
    """An e-mail that left with its letter, and the bytes that the mail server was given."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan([("Rappel", 3, {"attach_letter": True})])

    def send(self):
        taken = []

        async def take(server, *arguments, **_keywords):
            taken.append(arguments[2].original_content)
            return await original(server, *arguments)

        original = MailServer.handle_DATA
        with patch.object(MailServer, "handle_DATA", take):
            reminder = self.remind()
            self.process_outbox()
        self.taken = taken
        return reminder.delivery_ids


@tagged("post_install", "-at_install")
class TestAnEmailIsKeptAsItLeft(KeptEmailCase, HttpCase):
    """Byte for byte what the mail server took, without its attached files standing there twice."""

    def test_the_bytes_are_those_the_server_took(self):
        delivery = self.send()
        self.assertEqual(delivery.state, "handed_over")
        self.assertEqual(delivery._read_message(), self.taken[0])
        self.assertEqual(delivery.message_sha256, sha256(self.taken[0]))

    def test_its_files_are_not_kept_again(self):
        delivery = self.send()
        self.assertEqual(len(delivery.mail_message_id.attachment_ids), 1)
        self.assertGreater(len(self.taken[0]), 4 * len(delivery.message_content))

    def test_it_is_downloaded_as_it_left(self):
        delivery = self.send()
        self.authenticate("admin", "admin")
        response = self.url_open(delivery.action_download_message()["url"])
        self.assertEqual((response.status_code, response.content), (200, self.taken[0]))
        self.assertEqual(
            response.headers["Content-Disposition"], f"attachment; filename*=UTF-8''{delivery.reminder_id.name}.eml"
        )
        message = message_from_bytes(response.content, policy=policy.default)
        self.assertEqual(message["subject"].split(":")[0], f"Reminder {delivery.reminder_id.name}")

    def test_another_collector_s_is_not_found(self):
        delivery = self.send()
        self.company.collection_own_debtors_only = True
        delivery.debtor_id.with_context(mail_auto_subscribe_no_notify=True).user_id = self.env.ref("base.user_admin")
        new_test_user(self.env, "stranger", COLLECTOR)
        self.authenticate("stranger", "stranger")
        self.assertEqual(self.url_open(f"/collection/message/{delivery.id}").status_code, 404)
        self.assertEqual(self.url_open("/collection/message/999999999").status_code, 404)

    def test_the_server_falling_silent_it_is_kept_all_the_same(self):
        self.server.answers = ["drop"]
        delivery = self.send()
        self.assertEqual(delivery.state, "unknown")
        self.assertEqual(delivery._read_message(), self.taken[0])

    def test_refused_nothing_is_kept(self):
        self.server.refuse_recipients = {self.address: "550 unknown"}
        delivery = self.send()
        self.assertEqual((delivery.state, delivery.message_sha256), ("failed", False))

    def test_sent_again_the_first_stays_kept_beside_the_second(self):
        delivery = self.send()
        first, fingerprint = self.taken[0], delivery.message_sha256
        delivery._record_bounce(self.address, "unknown user")
        delivery.action_mark_not_arrived()
        self.process_outbox()
        self.assertEqual(delivery.state, "handed_over")
        self.assertNotEqual(delivery.message_sha256, fingerprint)
        self.assertEqual((delivery.document_ids.kind, delivery.document_ids.sha256), ("message", fingerprint))
        self.assertEqual(delivery.document_ids.attachment_id.raw, first)
        self.assertEqual(delivery.action_verify()["params"]["type"], "success")


@tagged("post_install", "-at_install")
class TestVerifyingSaysItInWords(KeptEmailCase):
    """A button says whether what is kept is what was sent, with its date and fingerprint."""

    def verdict(self, delivery):
        self.env.invalidate_all()
        parameters = delivery.action_verify()["params"]
        return parameters["type"], parameters["title"], parameters["message"].replace("\u202f", " ")

    def test_untouched(self):
        delivery = self.send()
        self.assertEqual(
            self.verdict(delivery),
            (
                "success",
                "Exactly as sent",
                f"{delivery.reminder_id.name}.eml: exactly as on 03/10/2026 09:00:00 AM, "
                f"SHA-256 {delivery.message_sha256}.",
            ),
        )

    def test_with_another_text(self):
        delivery = self.send()
        self.env.cr.execute("UPDATE collection_delivery SET message_sha256 = %s WHERE id = %s", ["0" * 64, delivery.id])
        kind, title, words = self.verdict(delivery)
        self.assertEqual((kind, title), ("danger", "Not as it was sent"))
        self.assertIn("CHANGED since 03/10/2026", words)

    def test_with_another_attachment(self):
        delivery = self.send()
        delivery.mail_message_id.attachment_ids.raw = b"%PDF-1.4 another amount"
        kind, _title, words = self.verdict(delivery)
        self.assertEqual(kind, "danger")
        self.assertIn("the file is no longer there", words)

    def test_with_a_damaged_text(self):
        delivery = self.send()
        self.env.cr.execute("UPDATE collection_delivery SET message_content = 'AAAA' WHERE id = %s", [delivery.id])
        self.assertEqual(self.verdict(delivery)[0], "danger")

    def test_before_anything_left(self):
        with self.assertRaisesRegex(UserError, "Nothing was sent yet"):
            self.remind().delivery_ids.action_verify()


@tagged("post_install", "-at_install")
class TestALetterIsKeptAsItWasPosted(RegisteredCase):
    """From its making on, with the fingerprint it had then; the day of posting is added to it."""

    def test_made_it_is_kept_and_not_yet_sent(self):
        letter = self.letters_for()
        document = letter.document_ids
        self.assertEqual((document.kind, document.attachment_id), ("letter", letter.attachment_id))
        self.assertEqual(document.sha256, sha256(letter.attachment_id.raw))
        self.assertEqual(document.size, len(letter.attachment_id.raw))
        self.assertFalse(document.sent_at)

    def test_posted_it_bears_the_day(self):
        letter = self.posted_letter()
        self.assertTrue(letter.document_ids.sent_at)
        self.assertEqual(letter.action_verify()["params"]["type"], "success")

    def test_made_again_before_posting_only_the_last_is_kept(self):
        letter = self.letters_for()
        self.pay(letter.reminder_id.line_ids.item_id.move_id, 1000)
        letter.action_mark_posted()
        self.process_outbox()
        self.assertEqual(len(letter.document_ids), 1)
        self.assertEqual(letter.document_ids.attachment_id, letter.attachment_id)

    def test_exchanged_behind_our_back_it_is_found_out(self):
        letter = self.posted_letter()
        letter.attachment_id.raw = b"%PDF-1.4 another letter"
        answer = letter.document_ids.action_verify()
        self.assertEqual(answer["params"]["type"], "danger")
        self.assertIn(f"{letter.reminder_id.name}.pdf: CHANGED since", answer["params"]["message"])


@tagged("post_install", "-at_install")
class TestNobodyChangesWhatWasSent(KeptEmailCase):
    """Neither the fingerprint, nor the file, nor the message, nor the delivery, not even a manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "manager", "base.group_user,credit_collection.group_collection_manager")

    def assert_forbidden(self, action, error=AccessError):
        with mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models.unlink"):
            self.assertRaises(error, action)

    def test_not_the_fingerprint_nor_the_text_of_an_email(self):
        delivery = self.send().with_user(self.manager)
        self.assert_forbidden(lambda: delivery.write({"message_sha256": "0" * 64}))
        self.assert_forbidden(lambda: delivery.write({"message_content": False}))
        self.assert_forbidden(lambda: delivery.write({"deposit_state": "delivered"}))

    def test_not_the_files_that_went_with_it(self):
        attachment = self.send().mail_message_id.attachment_ids.with_user(self.manager)
        self.assert_forbidden(lambda: attachment.write({"raw": b"%PDF-1.4 another amount"}))
        self.assert_forbidden(lambda: attachment.write({"res_model": False, "res_id": 0}))
        self.assert_forbidden(attachment.unlink)

    def test_not_the_message_on_the_timeline(self):
        message = self.send().mail_message_id.with_user(self.manager)
        self.assert_forbidden(message.unlink)

    def test_not_the_delivery(self):
        delivery = self.send().with_user(self.manager)
        self.assert_forbidden(delivery.unlink, UserError)

    def test_not_a_kept_document(self):
        delivery = self.send()
        document = self.env["collection.document"]._keep(delivery, "letter", delivery.mail_message_id.attachment_ids)
        mine = document.with_user(self.manager)
        self.assertEqual(mine.name, f"{delivery.reminder_id.name}.pdf")
        self.assert_forbidden(lambda: mine.write({"sha256": "0" * 64}))
        self.assert_forbidden(mine.unlink)
        self.assert_forbidden(lambda: mine.copy())

    def test_other_files_of_the_customer_stay_free(self):
        delivery = self.send()
        mine = (
            self.env["ir.attachment"]
            .with_user(self.manager)
            .create(
                {"name": "note.txt", "raw": b"x", "res_model": "collection.debtor", "res_id": delivery.debtor_id.id}
            )
        )
        mine.raw = b"y"
        mine.unlink()
        self.assertFalse(mine.exists())

    def test_a_reminder_taken_back_leaves_nothing_that_cannot_go(self):
        reminder = self.remind()
        reminder.action_take_back()
        self.assertFalse(reminder.delivery_ids)
        self.assertEqual(reminder.sent_date, False)
        self.assertEqual(reminder.line_ids.due_date, day(-5))
