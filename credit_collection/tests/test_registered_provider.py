from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import day
from .maileva_server import PDF, maileva_server, main_status
from .registered_case import RegisteredCase


class ProviderCase(RegisteredCase):
    """A company whose registered letters Maileva posts; the server that speaks its API is on this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "collection_registered_provider": "maileva",
                "collection_maileva_client_id": "application",
                "collection_maileva_client_secret": "application-secret",
                "collection_maileva_username": "vendeur",
                "collection_maileva_password": "secret",
            }
        )

    def setUp(self):
        super().setUp()
        self.maileva = self.enterContext(maileva_server(self.env))

    def submitted_letter(self):
        """A formal notice that Maileva has taken."""
        letter = self.letters_for()
        self.assertEqual((letter.state, letter.error), ("handed_over", False))
        return letter

    def follow(self, on=None):
        """The scheduled job that asks what became of the letters, on that day."""
        self.set_today(on or self.company._get_collection_today() + timedelta(days=1))
        return self.in_transaction(lambda env: env["collection.delivery"]._follow_due())


@tagged("post_install", "-at_install")
class TestALetterLeavesThroughMaileva(ProviderCase):
    """Drafted, submitted once, and recorded: the letter that is kept is the one that was uploaded."""

    def test_the_letter_is_uploaded_and_submitted(self):
        letter = self.submitted_letter()
        sending = self.maileva.only()
        self.assertEqual(sending["status"], "PENDING")
        self.assertEqual(sending["documents"], [(f"{letter.reminder_id.name}.pdf", letter.attachment_id.raw)])
        self.assertEqual(self.maileva.submissions, [letter.provider_reference])
        self.assertEqual((letter.provider, letter.deposit_state), ("maileva", "to_post"))

    def test_both_addresses_stand_on_the_lines_of_the_norm(self):
        self.submitted_letter()
        sending = self.maileva.only()
        lines = {name: value for name, value in sending["recipient"].items() if name.startswith("address")}
        self.assertEqual(
            {name: value.upper() for name, value in lines.items()},
            {
                "address_line_1": "MENUISERIE DURAND",
                "address_line_4": "3 RUE DES TILLEULS",
                "address_line_6": "69003 LYON",
            },
        )
        self.assertEqual(sending["recipient"]["country_code"], "FR")
        self.assertEqual(sending["options"]["sender_address_line_6"].upper(), "75002 PARIS")
        self.assertIs(sending["options"]["acknowledgement_of_receipt"], True)

    def test_the_item_reaches_its_level_and_the_timeline_says_who_posts(self):
        letter = self.submitted_letter()
        self.assertEqual(letter.reminder_id.state, "sent")
        self.assertEqual(letter.reminder_id.line_ids.item_id.level_id.name, "Mise en demeure")
        self.assertIn("Registered letter handed to: Maileva (La Poste), over the internet", self.notes_of(letter)[0])

    def test_the_letter_is_kept_as_sent(self):
        letter = self.submitted_letter()
        self.assertTrue(letter.document_ids.sent_at)
        self.assertEqual(letter.action_verify()["params"]["type"], "success")

    def test_several_letters_share_one_token(self):
        letters = self.letters_for(self.partner, self.make_partner("Anne"), self.make_partner("Zoé"))
        self.assertEqual(set(letters.mapped("state")), {"handed_over"})
        self.assertEqual((len(self.maileva.submissions), len(self.maileva.tokens)), (3, 1))

    def test_settled_while_the_letter_before_was_uploaded_it_is_not_sent(self):
        for partner in (self.partner, self.make_partner("Anne")):
            self.make_invoice(partner, 1200, due=day(-40))
        reminders = self.prepare()
        channel = type(self.env["collection.channel.registered"])
        original = channel._hand_over

        def exclude_the_other(records, provider, session, delivery):
            original(records, provider, session, delivery)
            waiting = reminders.delivery_ids.with_env(records.env).filtered(lambda other: other.state == "queued")
            waiting.reminder_id.line_ids.item_id.said_paid_on = day(0)

        with patch.object(channel, "_hand_over", exclude_the_other):
            self.process_outbox()
        self.assertEqual(sorted(reminders.delivery_ids.mapped("state")), ["cancelled", "handed_over"])
        self.assertEqual(len(self.maileva.submissions), 1)

    def test_an_address_abroad_goes_another_way(self):
        self.partner.write({"country_id": self.env.ref("base.be").id, "zip": "1000", "city": "Bruxelles"})
        letter = self.letters_for()
        self.assertEqual(letter.state, "failed")
        self.assertEqual(letter.error, "Maileva posts no registered letter to this country: Belgium.")
        self.assertFalse(self.maileva.sendings)


@tagged("post_install", "-at_install")
class TestNothingIsPostedTwice(ProviderCase):
    """Whatever breaks, and wherever, a letter is submitted once at most, and the outbox goes on."""

    def crash(self, letter, step):
        """A worker that dies at that step: what it had committed is all that is left."""
        channel = type(self.env["collection.channel.registered"])
        # Not assertRaises: Odoo's undoes what was committed meanwhile.
        with patch.object(channel, step, side_effect=KeyboardInterrupt), suppress(KeyboardInterrupt):
            self.process_outbox()
            self.fail("The worker should have died.")
        self.env.invalidate_all()
        return letter

    def queued_letter(self):
        self.make_invoice(self.partner, 1200, due=day(-40))
        return self.prepare().delivery_ids

    def test_killed_between_draft_and_submission_it_is_submitted_once(self):
        letter = self.crash(self.queued_letter(), "_submit")
        self.assertEqual((letter.state, bool(letter.provider_reference)), ("handing_over", True))
        self.assertEqual(self.maileva.submissions, [])
        self.process_outbox()
        self.assertEqual(letter.state, "handed_over")
        self.assertEqual(self.maileva.submissions, [letter.provider_reference])
        self.assertEqual(len(self.maileva.sendings), 1)

    def test_killed_after_the_submission_it_is_found_submitted(self):
        letter = self.crash(self.queued_letter(), "_record")
        self.assertEqual((letter.state, len(self.maileva.submissions)), ("handing_over", 1))
        self.process_outbox()
        self.assertEqual((letter.state, len(self.maileva.submissions)), ("handed_over", 1))
        self.assertFalse(letter.debtor_id.activity_ids)

    def test_killed_and_nobody_to_ask_it_is_unknown_until_the_provider_answers(self):
        letter = self.crash(self.queued_letter(), "_record")
        self.maileva.answers = {"token": [503]}
        self.process_outbox()
        self.assertEqual((letter.state, len(self.maileva.submissions)), ("unknown", 1))
        self.follow()
        self.assertEqual(
            (letter.state, letter.reminder_id.state, len(self.maileva.submissions)), ("handed_over", "sent", 1)
        )

    def test_an_unknown_one_that_a_person_sends_again_is_looked_for_first(self):
        letter = self.crash(self.queued_letter(), "_record")
        self.maileva.answers = {"token": [503]}
        self.process_outbox()
        letter.action_mark_not_arrived()
        self.process_outbox()
        self.assertEqual((letter.state, len(self.maileva.submissions)), ("handed_over", 1))

    def test_the_answer_to_the_submission_lost_it_is_asked_for(self):
        self.maileva.answers = {"submit": ["late"]}
        letter = self.letters_for()
        self.assertEqual((letter.state, len(self.maileva.submissions)), ("handed_over", 1))

    def test_the_submission_lost_on_its_way_it_goes_later(self):
        self.maileva.answers = {"submit": ["drop"]}
        letter = self.letters_for()
        self.assertEqual((letter.state, self.maileva.submissions), ("queued", []))
        self.assertEqual(letter.error, "Maileva does not answer (ConnectionError).")
        self.set_today(day(1))
        self.process_outbox()
        self.assertEqual(
            (letter.state, len(self.maileva.submissions), len(self.maileva.sendings)), ("handed_over", 1, 1)
        )

    def test_neither_submission_nor_status_answered_it_is_unknown(self):
        self.maileva.answers = {"submit": ["late"], "status": ["drop"]}
        letter = self.letters_for()
        self.assertEqual((letter.state, len(self.maileva.submissions)), ("unknown", 1))

    def test_an_upload_that_breaks_leaves_no_draft_behind(self):
        self.maileva.answers = {"recipient": [500]}
        letter = self.letters_for()
        self.assertEqual((letter.state, self.maileva.sendings), ("queued", {}))
        self.assertFalse(letter.provider_reference)


@tagged("post_install", "-at_install")
class TestTroubleIsToldInWords(ProviderCase):
    """Each failure says what to do; what will pass is tried again by itself, what will not stands before a person."""

    def assert_waiting(self, letter, words, until):
        self.assertEqual((letter.state, letter.error), ("queued", words))
        self.assertEqual(letter.send_after, fields.Datetime.now() + until)
        self.assertFalse(letter.debtor_id.activity_ids)

    def test_a_wrong_password(self):
        self.maileva.password = "changed"
        letter = self.letters_for()
        self.assert_waiting(
            letter,
            "Maileva does not accept the account: look at the user and passwords in the settings.",
            timedelta(minutes=15),
        )

    def test_an_account_not_yet_entered(self):
        self.company.collection_maileva_password = False
        letter = self.letters_for()
        self.assert_waiting(
            letter,
            "The account at Maileva is not complete: enter it in the settings of collection.",
            timedelta(minutes=15),
        )
        self.assertEqual(self.maileva.requests, [])

    def test_an_expired_token_is_asked_for_anew(self):
        self.maileva.on_submit = self.maileva.tokens.clear
        letters = self.letters_for(self.partner, self.make_partner("Anne"))
        self.assertEqual(letters.mapped("state"), ["handed_over", "handed_over"])

    def test_too_many_requests_wait_as_long_as_asked(self):
        self.maileva.answers, self.maileva.headers = {"sending": [429]}, {"Retry-After": "1800"}
        letter = self.letters_for()
        words = "Maileva has too much to do: the letters go later by themselves."
        self.assert_waiting(letter, words, timedelta(minutes=30))

    def test_a_server_out_of_order_stops_the_batch_and_not_the_letters(self):
        self.maileva.answers = {"sending": [502] * 5}
        letters = self.letters_for(self.partner, self.make_partner("Anne"))
        for letter in letters:
            self.assert_waiting(letter, "Maileva does not answer (HTTP 502).", timedelta(minutes=15))
        self.assertEqual([step for _method, step in self.maileva.requests].count("sending"), 1)

    def test_a_letter_refused_stands_before_a_person_and_the_next_goes(self):
        self.maileva.answers = {"sending": [400]}
        letters = self.letters_for(self.partner, self.make_partner("Anne"))
        self.assertEqual(sorted(letters.mapped("state")), ["failed", "handed_over"])
        refused = letters.filtered(lambda letter: letter.state == "failed")
        self.assertEqual(refused.error, "Maileva refuses the letter: Refused by the test")
        self.assertEqual(len(refused.debtor_id.activity_ids), 1)

    def test_an_answer_that_makes_no_sense(self):
        client = "odoo.addons.credit_collection.channels.maileva_client._get_object"
        with patch(client, side_effect=lambda response: {"access_token": "x\r\nHost: evil", "id": ["list"]}):
            letter = self.letters_for()
        self.assert_waiting(letter, "Maileva does not answer (no token in the answer).", timedelta(minutes=15))


@tagged("post_install", "-at_install")
class TestMailevaIsAskedWhatBecameOfIt(ProviderCase):
    """Number, days and proofs come by themselves; the next step opens accordingly."""

    def test_nothing_is_asked_before_some_hours(self):
        self.submitted_letter()
        self.assertEqual(self.follow(on=day(0)), 0)

    def test_deposited_with_its_number_and_proof(self):
        letter = self.submitted_letter()
        self.maileva.tell(
            registered_number="1A00915820380",
            deposit_proof_date=f"{day(1)}T08:00:00.000Z",
            deposit_proof_archive_date=f"{day(1)}T09:00:00.000Z",
        )
        self.assertEqual(self.follow(on=day(2)), 1)
        self.assertEqual((letter.tracking_number, letter.deposit_state), ("1A00915820380", "deposited"))
        self.assertEqual(letter.deposited_on, day(1))
        proof = letter.document_ids.filtered(lambda document: document.kind == "deposit_proof")
        self.assertEqual(proof.attachment_id.raw, PDF + b"download_deposit_proof")

    def test_presented_late_the_next_step_waits_eight_days(self):
        letter = self.submitted_letter()
        presentation = main_status("FIRST_PRESENTATION", "LP09", day(10))
        self.maileva.tell(main_delivery_statuses=[presentation])
        self.follow(on=day(11))
        self.assertEqual((letter.deposit_state, letter.presented_on), ("presented", day(10)))
        self.assertEqual(letter.reminder_id.line_ids.item_id.deadline_date, day(18))

    def test_delivered_with_its_receipt_it_is_asked_about_no_more(self):
        letter = self.submitted_letter()
        self.maileva.tell(
            main_delivery_statuses=[
                main_status("FIRST_PRESENTATION", "LP09", day(2)),
                main_status("DELIVERED", "LP15", day(4)),
            ],
            acknowledgement_of_receipt_archive_date=f"{day(5)}T09:00:00.000Z",
        )
        self.follow(on=day(6))
        self.assertEqual((letter.deposit_state, letter.presented_on, letter.ended_on), ("delivered", day(2), day(4)))
        receipt = letter.document_ids.filtered(lambda document: document.kind == "receipt")
        self.assertEqual(receipt.attachment_id.raw, PDF + b"download_acknowledgement_of_receipt")
        self.assertFalse(letter.next_ask_at)

    def test_told_the_same_again_nothing_is_written_twice(self):
        letter = self.submitted_letter()
        self.maileva.tell(main_delivery_statuses=[main_status("FIRST_PRESENTATION", "LP09", day(2))])
        self.follow(on=day(3))
        count = len(letter.debtor_id.message_ids)
        self.follow(on=day(4))
        self.assertEqual(len(letter.debtor_id.message_ids), count)

    def test_what_came_back_says_why(self):
        for code, state in (("LP19", "unclaimed"), ("LP22", "refused")):
            with self.subTest(code=code):
                letter = self.letters_for(self.make_partner(f"Client {code}"))
                self.maileva.tell(main_delivery_statuses=[main_status("UNDELIVERED", code, day(18))])
                self.follow(on=day(19))
                self.assertEqual((letter.state, letter.deposit_state, letter.ended_on), ("handed_over", state, day(18)))
                self.set_today(day(0))

    def test_nobody_at_the_address_a_person_is_asked(self):
        letter = self.submitted_letter()
        self.maileva.tell(
            undelivered_mail_reason="N02",
            undelivered_mail_date=f"{day(5)}T10:00:00Z",
            undelivered_mail_archive_date=f"{day(5)}T11:00:00Z",
        )
        self.follow(on=day(6))
        self.assertEqual((letter.state, letter.deposit_state, letter.ended_on), ("bounced", "undeliverable", day(5)))
        self.assertTrue(letter.has_receipt)
        self.assertEqual(len(letter.debtor_id.activity_ids), 1)

    def test_refused_after_its_submission_it_was_not_posted(self):
        letter = self.submitted_letter()
        self.maileva.tell(status="REJECTED", status_detail="Adresse incorrecte")
        self.follow(on=day(1))
        self.assertEqual(letter.state, "bounced")
        self.assertEqual(letter.error, "Not posted: the provider refused the letter. Adresse incorrecte")
        self.assertFalse(letter.next_ask_at)

    def test_one_that_cannot_be_asked_does_not_hold_the_job(self):
        letter = self.submitted_letter()
        self.maileva.answers = {"status": [500]}
        self.assertEqual(self.follow(on=day(1)), 1)
        self.assertEqual(letter.provider_error, "Maileva does not answer (HTTP 500).")
        self.maileva.tell(main_delivery_statuses=[main_status("FIRST_PRESENTATION", "LP09", day(1))])
        self.follow(on=day(2))
        self.assertEqual((letter.deposit_state, letter.provider_error), ("presented", False))

    def test_what_makes_no_sense_is_shown_and_changes_nothing(self):
        letter = self.submitted_letter()
        for told in (
            {"registered_number": "<script>"},
            {"main_delivery_statuses": "x", "delivery_statuses": {"a": 1}, "registered_number": None},
            {"main_delivery_statuses": [main_status("FIRST_PRESENTATION", "LP09", "2031-01-01")]},
            {"main_delivery_statuses": [{"category": "DELIVERED", "date": "yesterday"}]},
        ):
            self.maileva.sendings[letter.provider_reference]["recipient"] = {"id": "x", "status": "PENDING", **told}
            self.follow()
        self.assertFalse(letter.presented_on)
        self.assertFalse(letter.tracking_number)

    def test_a_proof_that_is_no_pdf_is_not_kept(self):
        letter = self.submitted_letter()
        self.maileva.tell(deposit_proof_archive_date=f"{day(1)}T09:00:00Z")
        with patch("odoo.addons.credit_collection.tests.maileva_server.PDF", b"<html>"):
            self.follow(on=day(1))
        self.assertEqual(letter.document_ids.mapped("kind"), ["letter"])
        self.assertEqual(letter.provider_error, "Maileva does not answer (not a PDF).")

    def test_the_button_asks_at_once(self):
        letter = self.submitted_letter()
        self.maileva.tell(registered_number="1A00915820380")
        self.in_transaction(lambda env: letter.with_env(env).action_ask_provider())
        self.assertEqual(letter.tracking_number, "1A00915820380")


@tagged("post_install", "-at_install")
class TestTheAccountIsSecret(ProviderCase):
    """Off until an account is entered; managers alone read it, collectors use it unseen."""

    def test_a_new_company_prints_its_letters_itself(self):
        company = self.make_company("Autre SARL")
        self.assertEqual(company.collection_registered_provider, "printed")

    def test_a_collector_does_not_read_it(self):
        collector = new_test_user(self.env, "collector", "base.group_user,credit_collection.group_collection_collector")
        company = self.company.with_user(collector)
        for name in ("client_id", "client_secret", "username", "password"):
            with mute_logger("odoo.models"), self.assertRaises(AccessError):
                company.read([f"collection_maileva_{name}"])
        self.assertNotIn("collection_maileva_password", company.fields_get())

    def test_a_collector_sends_with_it(self):
        collector = new_test_user(self.env, "collector", "base.group_user,credit_collection.group_collection_collector")
        self.make_invoice(self.partner, 1200, due=day(-40))
        letter = self.prepare().delivery_ids
        self.in_transaction(lambda env: letter.with_env(env(user=collector.id)).action_send_now())
        self.assertEqual((letter.state, len(self.maileva.submissions)), ("handed_over", 1))

    def test_it_stands_in_no_log(self):
        account = self.env["collection.registered.provider.maileva"]._get_account(self.company)
        self.assertNotIn("secret", repr(account).replace("client_secret", ""))
