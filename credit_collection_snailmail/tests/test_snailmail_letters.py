from io import BytesIO

import requests
from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.credit_collection.tests.common import day

from .snailmail_case import SnailmailCase


@tagged("post_install", "-at_install")
class TestALetterLeavesThroughSnailmail(SnailmailCase):
    """The outbox makes it, Snailmail prints and posts it: then its items reach their level."""

    def test_it_is_sent_with_its_number_and_its_stamps(self):
        letter = self.letters_for()
        self.assertEqual(
            (letter.state, letter.snailmail_state, letter.snailmail_reference, letter.snailmail_cost),
            ("handed_over", "sent", "SM1", 1.5),
        )
        reminder = letter.reminder_id
        self.assertEqual((reminder.state, reminder.sent_date), ("sent", day(0)))
        self.assertEqual(reminder.line_ids.item_id.level_id.name, "Relance")

    def test_snailmail_gets_the_letter_the_addresses_and_the_companys_choice(self):
        self.company.write({"snailmail_color": False, "snailmail_duplex": True})
        letter = self.letters_for()
        url, params = self.snailmail.requests[0]
        self.assertTrue(url.endswith("/iap/snailmail/1/print"))
        self.assertEqual(
            (params["options"]["color"], params["options"]["duplex"], params["options"]["cover"]), (False, True, False)
        )
        (document,) = params["documents"]
        self.assertEqual(
            document["address"],
            {
                "name": "Menuiserie Durand",
                "street": "3 rue des Tilleuls",
                "street2": False,
                "zip": "69003",
                "state": False,
                "city": "Lyon",
                "country_code": "FR",
            },
        )
        self.assertEqual(
            (document["return_address"]["name"], document["return_address"]["zip"]), ("Vendeur SA", "75002")
        )
        self.assertEqual(self.snailmail.pdf(), letter.attachment_id.raw)

    def test_what_was_sent_is_kept_and_verified(self):
        letter = self.letters_for()
        (document,) = letter.document_ids
        self.assertEqual((document.kind, document.attachment_id), ("letter", letter.attachment_id))
        self.assertTrue(document.sent_at)
        self.assertEqual(letter.action_verify()["params"]["type"], "success")

    def test_the_address_stands_where_snailmail_reads_it(self):
        self.letters_for()
        address = [
            (left, top, right)
            for text, left, top, right in self.words_of(self.snailmail.pdf())
            if text in ("MENUISERIE DURAND", "Menuiserie Durand", "3 rue des Tilleuls", "69003 LYON")
        ]
        self.assertEqual(len(address), 3)
        for left, top, right in address:
            self.assertTrue(left >= 118 and right <= 203.5 and 60 <= top <= 85.5, (left, top, right))

    def test_behind_a_cover_page_where_the_company_wants_one(self):
        self.letters_for()
        plain = len(PdfReader(BytesIO(self.snailmail.pdf())).pages)
        self.company.snailmail_cover = True
        self.letters_for(self.make_partner("Anne"))
        pages = PdfReader(BytesIO(self.snailmail.pdf())).pages
        self.assertEqual(len(pages), plain + 1)
        self.assertIn("Anne", pages[0].extract_text())
        self.assertNotIn("Please pay.", pages[0].extract_text())

    def test_the_customers_page_shows_the_letter(self):
        letter = self.letters_for()
        message = letter.debtor_id.message_ids[0]
        self.assertEqual((message.message_type, message.attachment_ids), ("snailmail", letter.attachment_id))
        self.assertEqual(message.notification_ids.notification_status, "sent")

    def test_what_was_paid_while_the_letters_before_left_is_not_claimed(self):
        for partner in (self.partner, self.make_partner("Anne")):
            self.make_invoice(partner, 1200, due=day(-5))
        first, second = self.prepare().delivery_ids.sorted(lambda delivery: (delivery.send_after, delivery.id))
        paid = second.reminder_id.line_ids.item_id.move_id
        self.snailmail.on_print = lambda: self.pay_now(paid) if len(self.snailmail.requests) == 1 else None
        self.process_outbox()
        self.assertEqual((first.state, second.state), ("handed_over", "cancelled"))
        self.assertEqual(len(self.snailmail.requests), 1)

    def test_another_company_still_prints_its_own(self):
        self.company.collection_snailmail = False
        letter = self.letters_for()
        self.assertEqual((letter.state, letter.snailmail_letter_id.id, self.snailmail.requests), ("to_post", False, []))

    def test_registered_letters_never_go_this_way(self):
        self.env["collection.plan"].search([]).active = False
        self.make_plan([("Recommandé", 3, {"channels": ("registered",)})])
        letter = self.letters_for()
        self.assertEqual((letter.channel, letter.state, self.snailmail.requests), ("registered", "to_post", []))


@tagged("post_install", "-at_install")
class TestSnailmailDoesNotTakeIt(SnailmailCase):
    """What surely did not leave goes again or falls back; what may have left is for a person to find out."""

    def test_a_country_it_does_not_serve_fails_with_the_reason_and_asks_a_person(self):
        self.snailmail.errors = ["NO_PRICE_AVAILABLE"]
        letter = self.letters_for()
        self.assertEqual(
            (letter.state, letter.error, letter.snailmail_state),
            ("failed", "Snailmail does not send letters to this country.", "error"),
        )
        self.assertEqual(len(letter.debtor_id.activity_ids), 1)
        self.assertFalse(letter.reminder_id.sent_date)

    def test_the_fallback_takes_over(self):
        self.env["collection.level"].search([("name", "=", "Relance")]).channel_ids.fallback = "email"
        self.snailmail.errors = ["FORMAT_ERROR"]
        letter = self.letters_for()
        email = letter.reminder_id.delivery_ids - letter
        self.assertEqual((letter.state, email.channel), ("failed", "email"))

    def test_without_stamps_all_of_them_wait_and_nobody_is_asked(self):
        self.snailmail.errors = ["CREDIT_ERROR"]
        letters = self.letters_for(self.partner, self.make_partner("Anne"))
        self.assertEqual(len(self.snailmail.requests), 1)
        self.assertEqual(letters.mapped("state"), ["queued", "queued"])
        self.assertEqual(set(letters.mapped("error")), {"Snailmail: no stamps are left on the account."})
        self.assertFalse(letters.debtor_id.activity_ids)

    def test_with_stamps_again_they_go_as_they_are_owed_then(self):
        self.snailmail.errors = ["CREDIT_ERROR"]
        letter = self.letters_for()
        first = letter.snailmail_letter_id
        self.pay(letter.reminder_id.line_ids.item_id.move_id, 1000)
        letter.send_after = day(0)
        self.process_outbox()
        self.assertEqual((letter.state, letter.snailmail_letter_id, first.state), ("handed_over", first, "sent"))
        self.assertIn("200.00", PdfReader(BytesIO(self.snailmail.pdf())).pages[0].extract_text())
        self.assertEqual(len(letter.debtor_id.message_ids.filtered(lambda note: note.message_type == "snailmail")), 1)

    def test_a_silence_is_unknown_and_does_not_go_again_by_itself(self):
        self.snailmail.failure = requests.exceptions.ReadTimeout()
        letter = self.letters_for()
        self.assertEqual((letter.state, letter.snailmail_state), ("unknown", "error"))
        self.process_outbox()
        self.assertEqual(len(self.snailmail.requests), 1)
        letter.action_mark_arrived()
        self.assertEqual((letter.state, letter.snailmail_state), ("handed_over", "sent"))

    def test_found_not_to_have_arrived_it_goes_again(self):
        self.snailmail.failure = requests.exceptions.ReadTimeout()
        letter = self.letters_for()
        self.snailmail.failure = None
        letter.action_mark_not_arrived()
        self.process_outbox()
        self.assertEqual((letter.state, letter.snailmail_state), ("handed_over", "sent"))

    def test_an_unreachable_snailmail_makes_them_wait(self):
        self.snailmail.failure = requests.exceptions.ConnectTimeout()
        letter = self.letters_for()
        self.assertEqual((letter.state, letter.attempt_count), ("queued", 0))

    def test_an_incomplete_address_is_not_even_tried(self):
        self.partner.country_id = False
        letter = self.letters_for()
        self.assertEqual((letter.state, letter.error), ("failed", "Snailmail misses a part of the address."))
        self.assertFalse(self.snailmail.requests)


@tagged("post_install", "-at_install")
class TestNothingLeavesBehindTheOutboxsBack(SnailmailCase):
    """Core's own job and buttons do not send what was decided another day."""

    def refused_letter(self):
        self.snailmail.errors = ["CREDIT_ERROR"]
        return self.letters_for()

    def test_cores_job_leaves_them_alone(self):
        letter = self.refused_letter()
        self.env["snailmail.letter"]._snailmail_cron(autocommit=False)
        self.assertEqual((letter.state, len(self.snailmail.requests)), ("queued", 1))

    def test_a_letter_that_waited_in_cores_queue_when_a_worker_died_is_not_sent_twice(self):
        letter = self.refused_letter()
        letter.snailmail_letter_id.state = "pending"
        self.env["snailmail.letter"]._snailmail_cron(autocommit=False)
        self.assertEqual(len(self.snailmail.requests), 1)

    def test_send_now_on_the_letter_puts_the_reminder_back_in_the_outbox(self):
        self.snailmail.errors = ["FORMAT_ERROR"]
        letter = self.letters_for()
        letter.snailmail_letter_id.snailmail_print()
        self.assertEqual(letter.state, "queued")
        self.process_outbox()
        self.assertEqual((letter.state, len(self.snailmail.requests)), ("handed_over", 2))

    def test_so_does_the_customers_page(self):
        self.snailmail.errors = ["FORMAT_ERROR"]
        letter = self.letters_for()
        letter.snailmail_letter_id.message_id.send_letter()
        self.assertEqual((letter.state, len(self.snailmail.requests)), ("queued", 1))

    def test_cancelling_the_letter_takes_it_out_of_the_outbox(self):
        letter = self.refused_letter()
        letter.snailmail_letter_id.cancel()
        self.assertEqual((letter.state, letter.snailmail_state), ("cancelled", "canceled"))
        self.process_outbox()
        self.assertEqual(len(self.snailmail.requests), 1)

    def test_taking_the_reminder_back_cancels_the_letter(self):
        letter = self.refused_letter()
        at_snailmail = letter.snailmail_letter_id
        letter.action_take_back()
        self.assertFalse(letter.exists())
        self.assertEqual(at_snailmail.state, "canceled")

    def test_its_number_and_cost_are_nobodys_to_write(self):
        letter = self.letters_for()
        collector = new_test_user(self.env, "collector", "base.group_user,credit_collection.group_collection_collector")
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            letter.with_user(collector).write({"snailmail_cost": 0})

    def test_a_collector_sends_without_any_other_right(self):
        collector = new_test_user(self.env, "collector", "base.group_user,credit_collection.group_collection_collector")
        self.make_invoice(self.partner, 1200, due=day(-5))
        letter = self.prepare().delivery_ids
        self.in_transaction(lambda env: letter.with_env(env(user=collector.id)).action_send_now() and None)
        self.assertEqual(letter.state, "handed_over")
