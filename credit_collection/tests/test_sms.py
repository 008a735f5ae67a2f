"""Reminders by text message, through the outbox, to a service that takes, refuses or falls silent."""

import json
from datetime import timedelta

import requests
import urllib3

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import TODAY, day
from .sms_case import NUMBER, SmsCase


@tagged("post_install", "-at_install")
class TestATextMessageLeaves(SmsCase):
    """The customer's mobile receives what is owed now, once, and the delivery says what left and what it cost."""

    def test_it_says_what_is_owed_in_plain_signs(self):
        self.company.collection_sms_price = 0.0485
        delivery = self.leave()
        text = f"Vendeur SA: 1,200.00 € due, ref {delivery.reminder_id.name}"
        self.assertEqual(self.sent, [(NUMBER, text)])
        self.assertEqual((delivery.state, delivery.sms_state), ("handed_over", "sent"))
        self.assertEqual((delivery.sms_text, delivery.sms_number), (text, NUMBER))
        self.assertEqual((delivery.sms_segments, delivery.sms_cost), (1, 0.05))
        self.assertEqual((delivery.reminder_id.state, delivery.reminder_id.sent_date), ("sent", TODAY))

    def test_in_the_language_of_the_customer(self):
        self.sms_template.with_context(lang="fr_FR").body = "{{ object.total_text }} en retard"
        self.partner.lang = "fr_FR"
        self.leave()
        self.assertEqual(self.sent, [(NUMBER, "1 200,00 € en retard")])

    def test_its_cost_is_known_before_it_leaves(self):
        self.company.collection_sms_price = 0.0485
        self.sms_template.body = "ê" * 140
        delivery = self.sms_of(self.remind())
        self.assertEqual((delivery.state, delivery.sms_segments, delivery.sms_cost), ("queued", 3, 0.15))
        self.assertEqual(self.requests, [])

    def test_what_was_paid_meanwhile_is_not_claimed(self):
        invoice = self.make_invoice(self.partner, 1200, due=day(-5))
        reminder = self.prepare(invoice)
        self.pay(invoice, 1200)
        self.process_outbox()
        self.assertEqual((self.requests, reminder.state), ([], "cancelled"))

    def test_part_paid_claims_the_rest(self):
        invoice = self.make_invoice(self.partner, 1200, due=day(-5))
        self.prepare(invoice)
        self.pay(invoice, 500)
        self.process_outbox()
        self.assertIn("700.00 € due", self.sent[0][1])

    def test_outside_working_hours_it_waits(self):
        reminder = self.remind()
        self.clock.move_to(self.sms_of(reminder).send_after + timedelta(hours=12))
        self.process_outbox()
        self.assertEqual((self.requests, self.sms_of(reminder).state), ([], "queued"))

    def test_no_message_is_left_for_cores_own_queue(self):
        self.leave()
        self.assertFalse(self.env["sms.sms"].search([]))

    def test_a_collector_sends_without_reading_the_account(self):
        collector = new_test_user(self.env, "collector", "base.group_user,credit_collection.group_collection_collector")
        delivery = self.sms_of(self.remind())
        self.in_transaction(
            lambda env: env["collection.delivery"].with_user(collector.id).browse(delivery.id).action_send_now()
        )
        self.assertEqual((len(self.sent), delivery.state), (1, "handed_over"))
        with self.assertRaisesRegex(AccessError, "nobody changes it"):
            delivery.with_user(collector).sms_text = "Something else"


@tagged("post_install", "-at_install")
class TestWhoReceivesIt(SmsCase):
    """The first contact, in the order of reminders, with a mobile that may be written to."""

    def recipient(self):
        return self.sms_of(self.remind()).recipient_ids

    def test_the_contact_for_collection_before_the_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Anne Roux", "parent_id": self.partner.id, "phone": "07 55 12 34 56"}
        )
        self.debtor_of(self.partner).contact_ids = contact
        self.assertEqual(self.recipient(), contact)

    def test_the_next_one_where_the_first_has_a_landline(self):
        contact = self.env["res.partner"].create(
            {"name": "Anne Roux", "parent_id": self.partner.id, "phone": "02 61 91 20 01"}
        )
        self.debtor_of(self.partner).contact_ids = contact
        self.assertEqual(self.recipient(), self.partner)

    def assert_nobody(self):
        reminder = self.remind()
        self.assertEqual((reminder.state, reminder.delivery_ids.ids), ("proposed", []))
        self.assertEqual(reminder.hold_reason, "No mobile number that can be written to for Menuiserie Durand.")

    def test_a_landline_receives_nothing(self):
        self.partner.phone = "02 61 91 20 01"
        self.assert_nobody()

    def test_a_number_that_is_none_receives_nothing(self):
        self.partner.phone = "12<b>"
        self.assert_nobody()

    def test_who_refused_receives_nothing(self):
        self.env["phone.blacklist"].create({"number": NUMBER})
        self.assert_nobody()

    def test_a_wrong_number_receives_nothing_until_it_is_changed(self):
        self.partner._flag_wrong_phone(TODAY)
        self.assert_nobody()
        self.partner.phone = "07 55 12 34 56"
        self.assertEqual(self.partner._filter_reachable_by_sms(), self.partner)

    def test_the_fallback_takes_over_where_nobody_can_receive(self):
        self.plan.level_ids.channel_ids.fallback = "email"
        self.partner.phone = False
        self.assertEqual(self.remind().delivery_ids.mapped("channel"), ["email"])


@tagged("post_install", "-at_install")
class TestTheServiceDoesNotTakeIt(SmsCase):
    """A refusal asks a person and uses the fallback; a silence is unknown; what ails the account waits."""

    def test_a_wrong_number_fails_and_the_fallback_takes_over(self):
        self.plan.level_ids.channel_ids.fallback = "email"
        self.state = "wrong_number_format"
        delivery = self.leave()
        self.assertEqual(
            (delivery.state, delivery.error), ("failed", f"The number {NUMBER} cannot receive SMS: correct it.")
        )
        self.assertEqual(self.delivery_of(delivery.reminder_id).state, "handed_over")
        self.assertEqual(delivery.debtor_id.activity_ids.summary, f"Reminder not delivered: {delivery.error}")

    def test_a_country_and_a_content_that_are_refused_are_said(self):
        self.state = "country_not_supported"
        self.assertEqual(self.leave().error, f"The SMS service does not write to the country of {NUMBER}.")
        self.state = "incompatible_content"
        other = self.make_partner("Garage Roux", phone="07 55 12 34 56")
        self.assertEqual(self.leave(partner=other).error, "The SMS service refuses the message (incompatible_content).")

    def test_without_credit_all_wait_and_the_service_is_asked_once(self):
        self.state = "insufficient_credit"
        other = self.make_partner("Garage Roux", phone="07 55 12 34 56")
        self.make_invoice(self.partner, 1200, due=day(-5))
        self.make_invoice(other, 300, due=day(-5))
        deliveries = self.prepare().delivery_ids
        self.process_outbox()
        self.assertEqual(deliveries.mapped("state"), ["queued", "queued"])
        self.assertEqual(
            set(deliveries.mapped("error")),
            {"No SMS credit is left: buy some, then the messages leave by themselves."},
        )
        self.assertEqual((len(self.requests), deliveries.mapped("attempt_count")), (1, [0, 0]))
        self.state = "success"
        self.clock.move_to(max(deliveries.mapped("send_after")))
        self.process_outbox()
        self.assertEqual((len(self.sent), set(deliveries.mapped("state"))), (2, {"handed_over"}))

    def test_an_account_that_is_not_registered_waits(self):
        self.state = "unregistered"
        self.assertEqual(self.leave().state, "queued")

    def test_a_service_that_was_never_reached_waits(self):
        refused = urllib3.exceptions.NewConnectionError(None, "refused")
        self.state = AccessError("An error occurred")
        self.state.__cause__ = requests.exceptions.ConnectionError(urllib3.exceptions.MaxRetryError(None, "/", refused))
        delivery = self.leave()
        self.assertEqual(
            (delivery.state, delivery.error),
            ("queued", "The SMS service cannot be reached: the messages leave later by themselves."),
        )

    def assert_unknown(self, state, detail):
        self.state = state
        delivery = self.leave()
        self.assertEqual(
            (delivery.state, delivery.error),
            ("unknown", f"The SMS service did not say whether it sent the message ({detail})."),
        )
        self.state = "success"
        self.process_outbox()
        self.assertEqual((delivery.state, self.sent), ("unknown", []))
        return delivery

    def test_a_silence_is_unknown_and_never_goes_again_by_itself(self):
        silence = AccessError("timed out")
        silence.__cause__ = requests.exceptions.ReadTimeout()
        delivery = self.assert_unknown(silence, "ReadTimeout")
        self.assertEqual(delivery.debtor_id.activity_ids.summary, f"Find out whether this reminder arrived: {NUMBER}")
        delivery.action_mark_not_arrived()
        self.process_outbox()
        self.assertEqual((delivery.state, len(self.sent)), ("handed_over", 1))

    def test_an_error_of_the_service_is_unknown(self):
        self.assert_unknown("server_error", "server_error")

    def test_any_other_error_is_unknown(self):
        self.assert_unknown(ValueError("?"), "ValueError")

    def test_a_text_that_cannot_be_written_is_set_aside_and_the_others_go(self):
        reminder = self.remind()
        other = self.remind(partner=self.make_partner("Garage Roux", phone="07 55 12 34 56"))
        self.env.cr.execute(
            "UPDATE sms_template SET body = %s WHERE id = %s",
            [json.dumps({"en_US": f"{{{{ 1 / (object.id - {reminder.id}) }}}} due"}), self.sms_template.id],
        )
        self.sms_template.invalidate_recordset()
        with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
            self.process_outbox()
        self.assertEqual((self.sms_of(reminder).state, self.sms_of(other).state), ("failed", "handed_over"))


@tagged("post_install", "-at_install")
class TestWhatTheOperatorReports(SmsCase):
    """The report of the operator reaches the delivery: delivered, or as a message that comes back."""

    def report(self, delivery, status):
        tracker = self.env["sms.tracker"].search(
            [("collection_delivery_id", "=", delivery.id)], order="id desc", limit=1
        )
        accepted = self.env["sms.sms"].IAP_TO_SMS_STATE_SUCCESS.get(status)
        if accepted:
            tracker._action_update_from_sms_state(accepted)
        else:
            tracker._action_update_from_provider_error(status)

    def test_delivered(self):
        delivery = self.leave()
        self.report(delivery, "delivered")
        self.assertEqual((delivery.state, delivery.sms_state), ("handed_over", "delivered"))

    def test_delivered_after_a_silence_is_no_longer_unknown(self):
        self.state = ValueError("?")
        delivery = self.leave()
        self.report(delivery, "delivered")
        self.assertEqual((delivery.state, delivery.reminder_id.sent_date), ("handed_over", TODAY))

    def test_not_delivered_uses_the_fallback_and_asks_a_person(self):
        self.plan.level_ids.channel_ids.fallback = "letter"
        delivery = self.leave()
        self.report(delivery, "invalid_destination")
        self.assertEqual((delivery.state, delivery.sms_state), ("bounced", "not_delivered"))
        self.assertEqual(delivery.error, f"Came back from {NUMBER}: the operator reports “invalid_destination”")
        self.assertIn("letter", delivery.reminder_id.delivery_ids.mapped("channel"))
        self.assertEqual(delivery.debtor_id.activity_ids.summary, f"Find another address: {NUMBER}")

    def test_what_an_earlier_message_became_is_past(self):
        self.state = ValueError("?")
        delivery = self.leave()
        first = self.env["sms.tracker"].search([("collection_delivery_id", "=", delivery.id)])
        self.state = "success"
        delivery.action_mark_not_arrived()
        self.process_outbox()
        first._action_update_from_provider_error("rejected")
        self.assertEqual((delivery.state, delivery.sms_state), ("handed_over", "sent"))


@tagged("post_install", "-at_install")
class TestTextsOfMessages(SmsCase):
    """A level needs its text, a text that cannot be completed is refused, and the preview shows length and cost."""

    def test_a_level_by_sms_needs_a_text(self):
        with self.assertRaisesRegex(ValidationError, "goes out by SMS: choose the text of its message"):
            self.plan.level_ids.sms_template_id = False

    def test_a_placeholder_that_does_not_exist_is_refused_in_every_language(self):
        self.remind()
        with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
            with self.assertRaisesRegex(ValidationError, "no_such_field"), self.env.cr.savepoint():
                self.sms_template.body = "{{ object.no_such_field }}"
            with self.assertRaisesRegex(ValidationError, "French"), self.env.cr.savepoint():
                self.sms_template.update_field_translations("body", {"fr_FR": "{{ object.no_such_field }}"})

    def preview(self, reminder):
        action = reminder.action_preview()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_the_preview_shows_number_text_length_and_cost(self):
        self.company.collection_sms_price = 0.06
        reminder = self.remind()
        shown = self.preview(reminder)
        self.assertEqual((shown.has_sms, shown.sms_number), (True, NUMBER))
        self.assertEqual(shown.sms_text, f"Vendeur SA: 1,200.00 € due, ref {reminder.name}")
        self.assertEqual(shown.sms_length, "40 characters, 1 SMS, 0.06\xa0€")

    def test_the_preview_says_what_makes_a_message_long(self):
        self.sms_template.body = "Forêt"
        self.assertEqual(
            self.preview(self.remind()).sms_length,
            "5 characters, 1 SMS. “ê” makes an SMS hold 70 characters instead of 160.",
        )

    def test_the_preview_says_who_cannot_receive(self):
        reminder = self.remind()
        self.partner.phone = False
        self.assertEqual(
            self.preview(reminder).sms_number, "No mobile number that can be written to for Menuiserie Durand."
        )

    def test_the_preview_of_a_level_shows_its_own_message(self):
        self.plan.level_ids = [
            Command.create(
                self.prepare_level(
                    "Dernière", 30, self.by_sms(sms_template_id=self.env.ref("credit_collection.sms_template_final").id)
                )
            )
        ]
        self.remind()
        action = self.plan.level_ids.sorted("day")[-1].action_preview()
        shown = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("1,200.00 € overdue. Please pay, or call", shown.sms_text)

    def test_the_shipped_text_takes_one_sms_in_english_and_in_french(self):
        self.env.ref("base.module_credit_collection")._update_translations("fr_FR")
        self.company.phone = "+33 2 61 91 00 10"
        reminder = self.remind()
        template = self.env.ref("credit_collection.sms_template_final")
        channel = self.env["collection.channel.sms"]
        texts = {}
        for lang in ("en_US", "fr_FR"):
            self.partner.lang = lang
            reminder.invalidate_recordset()
            texts[lang], length, _cost = channel._compose(reminder, template)
            self.assertEqual((length.alphabet, length.segments), ("GSM-7", 1), texts[lang])
        self.assertNotEqual(texts["en_US"], texts["fr_FR"])
