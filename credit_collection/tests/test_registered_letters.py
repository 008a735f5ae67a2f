from base64 import b64encode

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import day
from .registered_case import PDF, RegisteredCase


@tagged("post_install", "-at_install")
class TestWhatBecomesOfARegisteredLetter(RegisteredCase):
    """To be posted, deposited, presented, then delivered or returned: each change with its day, on the timeline."""

    def test_made_it_is_to_be_posted(self):
        letter = self.letters_for()
        self.assertEqual((letter.channel, letter.state, letter.deposit_state), ("registered", "to_post", "to_post"))

    def test_posted_it_is_deposited_that_day(self):
        letter = self.posted_letter()
        self.assertEqual(
            (letter.state, letter.deposit_state, letter.deposited_on), ("handed_over", "deposited", day(0))
        )
        self.assertIn("Registered letter posted: Mise en demeure", self.notes_of(letter)[0])

    def test_presented_then_delivered_both_days_are_kept(self):
        letter = self.posted_letter()
        letter.tracking_number = "1A 009 158 2038 0"
        self.set_today(day(6))
        letter._record_deposit_state("presented", day(2))
        letter._record_deposit_state("delivered", day(5))
        self.assertEqual((letter.deposit_state, letter.presented_on, letter.ended_on), ("delivered", day(2), day(5)))
        details = f"(Mise en demeure, {letter.reminder_id.name}, 1A00915820380)"
        self.assertEqual(
            self.notes_of(letter)[:2],
            [
                f"Registered letter: delivered on 03/15/2026 {details}",
                f"Registered letter: presented on 03/12/2026 {details}",
            ],
        )

    def test_delivered_at_once_it_was_presented_that_day(self):
        letter = self.posted_letter()
        self.set_today(day(6))
        letter._record_deposit_state("delivered", day(3))
        self.assertEqual(letter.presented_on, day(3))

    def test_the_same_said_twice_is_noted_once(self):
        letter = self.posted_letter()
        self.set_today(day(6))
        letter._record_deposit_state("presented", day(2))
        count = len(letter.debtor_id.message_ids)
        self.assertFalse(letter._record_deposit_state("presented", day(2)))
        self.assertEqual(len(letter.debtor_id.message_ids), count)

    def test_a_day_entered_wrongly_is_corrected(self):
        letter = self.posted_letter()
        self.set_today(day(20))
        letter._record_deposit_state("presented", day(12))
        letter._record_deposit_state("presented", day(2))
        self.assertEqual(letter.presented_on, day(2))
        letter._record_deposit_state("deposited", day(0))
        self.assertFalse(letter.presented_on)

    def test_a_day_to_come_is_refused(self):
        letter = self.posted_letter()
        with self.assertRaisesRegex(UserError, "03/11/2026 is a day to come"):
            letter._record_deposit_state("presented", day(1))

    def test_presented_before_it_was_deposited_is_refused(self):
        letter = self.posted_letter()
        with self.assertRaisesRegex(ValidationError, "deposited first, then presented"):
            letter._record_deposit_state("presented", day(-1))

    def test_one_not_posted_yet_is_refused(self):
        letter = self.letters_for()
        with self.assertRaisesRegex(UserError, "has not been posted"):
            letter._record_deposit_state("presented", day(0))

    def test_returned_unclaimed_it_remains_valid(self):
        letter = self.posted_letter()
        self.set_today(day(18))
        letter._record_deposit_state("unclaimed", day(18), presented_on=day(2))
        self.assertEqual((letter.state, letter.deposit_state), ("handed_over", "unclaimed"))
        self.assertEqual(letter.reminder_id.line_ids.item_id.level_id.name, "Mise en demeure")
        self.assertFalse(letter.debtor_id.activity_ids)

    def test_undeliverable_a_person_looks_for_another_address(self):
        letter = self.posted_letter()
        self.set_today(day(5))
        letter._record_deposit_state("undeliverable", day(4))
        self.assertEqual((letter.state, letter.deposit_state), ("bounced", "undeliverable"))
        self.assertEqual(letter.error, "Registered letter: returned undeliverable on 03/14/2026")
        self.assertEqual(letter.debtor_id.activity_ids.summary, "Find another address: Menuiserie Durand")

    def test_undeliverable_the_fallback_takes_over(self):
        self.plan.level_ids[0].write({"mail_template_id": self.mail_template.id})
        self.plan.level_ids[0].channel_ids.fallback = "email"
        letter = self.posted_letter()
        letter._record_deposit_state("undeliverable", day(0))
        self.assertEqual(letter.reminder_id.delivery_ids.mapped("channel"), ["registered", "email"])

    def test_sent_again_to_another_address_it_is_another_letter(self):
        letter = self.posted_letter()
        letter.tracking_number = "1A00915820380"
        first = letter.document_ids
        letter._record_deposit_state("undeliverable", day(0))
        self.partner.write({"street": "8 rue Neuve"})
        letter.action_mark_not_arrived()
        self.assertEqual((letter.tracking_number, letter.deposit_state, letter.deposited_on), (False, "to_post", False))
        self.process_outbox()
        self.assertEqual(letter.state, "to_post")
        self.assertEqual(len(letter.document_ids), 2)
        self.assertEqual(letter.document_ids - first, letter.document_ids.filtered(lambda kept: not kept.sent_at))
        self.assertTrue(first.attachment_id.raw.startswith(b"%PDF"))
        self.assertIn("8 RUE NEUVE", self.pages_of(letter.attachment_id.raw)[0].upper())
        self.set_today(day(1))
        letter.action_mark_posted()
        self.assertEqual((letter.deposit_state, letter.deposited_on), ("deposited", day(1)))


@tagged("post_install", "-at_install")
class TestTheNextStepOpensAfterThePresentation(RegisteredCase):
    """What follows a formal notice opens at the later of the date it prints and presentation + 8 days."""

    def next_step(self, letter):
        """Day on which the litigation step opens."""
        item = letter.reminder_id.line_ids.item_id
        self.assertEqual(letter._get_next_step_date() or None, item.deadline_date or None)
        return self.decide()[item.name].next_date

    def test_the_letter_prints_posting_plus_fifteen_days(self):
        letter = self.letters_for()
        self.assertEqual(letter.reminder_id.deadline_date, day(15))
        page = self.pages_of(letter.attachment_id.raw)[0].replace("\N{NO-BREAK SPACE}", " ")
        self.assertIn("25 March 2026", page)

    def test_presented_early_it_opens_at_the_date_printed(self):
        letter = self.posted_letter()
        self.set_today(day(3))
        letter._record_deposit_state("presented", day(2))
        self.assertEqual(self.next_step(letter), day(15))

    def test_presented_late_it_opens_eight_days_after(self):
        letter = self.posted_letter()
        self.set_today(day(11))
        letter._record_deposit_state("presented", day(10))
        self.assertEqual(self.next_step(letter), day(18))

    def test_on_the_very_day_both_are_the_same(self):
        letter = self.posted_letter()
        self.set_today(day(8))
        letter._record_deposit_state("presented", day(7))
        self.assertEqual(self.next_step(letter), day(15))

    def test_returned_unclaimed_it_counts_from_the_presentation(self):
        letter = self.posted_letter()
        self.set_today(day(14))
        letter._record_deposit_state("unclaimed", day(14), presented_on=day(9))
        self.assertEqual(self.next_step(letter), day(17))

    def test_a_corrected_day_brings_it_back(self):
        letter = self.posted_letter()
        self.set_today(day(13))
        letter._record_deposit_state("presented", day(12))
        self.assertEqual(self.next_step(letter), day(20))
        letter._record_deposit_state("presented", day(2))
        self.assertEqual(self.next_step(letter), day(15))

    def test_an_item_restarted_meanwhile_is_left_alone(self):
        letter = self.posted_letter()
        item = letter.reminder_id.line_ids.item_id
        item.action_restart()
        self.set_today(day(11))
        letter._record_deposit_state("presented", day(10))
        self.assertFalse(item.deadline_date)


@tagged("post_install", "-at_install")
class TestItsNumber(RegisteredCase):
    """Entered or scanned in any form, kept in one, once in a company, and noted."""

    def test_is_kept_in_one_form_and_noted(self):
        letter = self.letters_for()
        letter.tracking_number = "1a 009 158 2038 0"
        self.assertEqual(letter.tracking_number, "1A00915820380")
        self.assertIn("Number of the registered letter: 1A00915820380", self.notes_of(letter)[0])

    def test_given_before_it_is_made_it_stands_on_the_letter(self):
        self.make_invoice(self.partner, 1200, due=day(-40))
        letter = self.prepare().delivery_ids
        letter.tracking_number = "1A00915820380"
        self.process_outbox()
        self.assertIn("1A00915820380", self.pages_of(letter.attachment_id.raw)[0].replace(" ", "").replace("\xa0", ""))

    def test_what_is_no_number_is_refused(self):
        letter = self.letters_for()
        with self.assertRaisesRegex(ValidationError, "“<b>” is no number of a registered letter"):
            letter.tracking_number = "<b>"

    def test_one_mistyped_is_told(self):
        letter = self.letters_for()
        with self.assertRaisesRegex(ValidationError, "its check digit does not fit"):
            letter.tracking_number = "RR 123456784 FR"

    def test_that_of_another_letter_is_refused(self):
        letters = self.letters_for(self.partner, self.make_partner("Anne"))
        letters[0].tracking_number = "1A00915820380"
        with self.assertRaisesRegex(
            ValidationError, f"already that of the letter {letters[0].reminder_id.name} to Menuiserie Durand"
        ):
            letters[1].tracking_number = "1A00915820380"


@tagged("post_install", "-at_install")
class TestRecordingAnOutcome(RegisteredCase):
    """A person says what the post did, and attaches the receipt or the envelope as proof."""

    def record(self, letters, proof=b"", **values):
        values = {**values, "proof": b64encode(proof)}
        context = letters.action_record_outcome()["context"]
        self.env["collection.letter.outcome"].with_context(**context).create(values).action_record()

    def test_a_receipt_is_kept_with_its_fingerprint_and_on_the_timeline(self):
        letter = self.posted_letter()
        self.set_today(day(6))
        days = {"date": day(4), "presented_on": day(2)}
        self.record(letter, PDF, deposit_state="delivered", proof_name="AR.pdf", **days)
        receipt = letter.document_ids.filtered(lambda document: document.kind == "receipt")
        self.assertEqual((receipt.name, receipt.attachment_id.raw), ("AR.pdf", PDF))
        self.assertTrue(letter.has_receipt)
        self.assertEqual((letter.presented_on, letter.ended_on), (day(2), day(4)))
        self.assertIn(receipt.attachment_id, letter.debtor_id.message_ids.attachment_ids)

    def test_a_photograph_of_the_envelope_will_do(self):
        letter = self.posted_letter()
        self.set_today(day(18))
        photograph = b"\xff\xd8\xff\xe0 photo"
        self.record(letter, photograph, deposit_state="unclaimed", date=day(18), proof_name="x.jpg")
        envelope = letter.document_ids.filtered(lambda document: document.kind == "returned")
        self.assertEqual(envelope.attachment_id.mimetype, "image/jpeg")

    def test_several_letters_at_once(self):
        letters = self.letters_for(self.partner, self.make_partner("Anne"))
        letters.action_mark_posted()
        self.set_today(day(3))
        self.record(letters, deposit_state="presented", date=day(2))
        self.assertEqual(letters.mapped("presented_on"), [day(2), day(2)])

    def test_a_page_that_a_browser_would_run_is_no_proof(self):
        letter = self.posted_letter()
        for content in (b"<script>alert(1)</script>", b"<svg onload='alert(1)'/>", b"PK\x03\x04", b"MZ"):
            with self.assertRaisesRegex(UserError, "A proof is a PDF or a picture"):
                self.record(letter, content, deposit_state="delivered", date=day(0), proof_name="AR.pdf")
        self.assertEqual(letter.deposit_state, "deposited")

    def test_one_receipt_is_not_that_of_two_letters(self):
        letters = self.letters_for(self.partner, self.make_partner("Anne"))
        letters.action_mark_posted()
        with self.assertRaisesRegex(UserError, "belongs to one letter"):
            self.record(letters, PDF, deposit_state="delivered", date=day(0))

    def test_only_letters_in_the_post_are_offered(self):
        with self.assertRaisesRegex(UserError, "Choose registered letters that are in the post"):
            self.letters_for().action_record_outcome()


@tagged("post_install", "-at_install")
class TestWhoMayRecord(RegisteredCase):
    """A collector records; an auditor reads; neither a stranger's letters nor another's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "base.group_user,credit_collection.group_collection_"
        cls.collector = new_test_user(cls.env, "collector", f"{group}collector")
        cls.auditor = new_test_user(cls.env, "auditor", f"{group}reader")

    def test_a_collector_sends_one(self):
        self.make_invoice(self.partner, 1200, due=day(-40))
        reminder = self.plan_run().reminder_ids
        reminder.state = "approved"
        reminder.with_user(self.collector).action_send()
        self.assertEqual((reminder.state, reminder.delivery_ids.deposit_state), ("outbox", "to_post"))

    def test_a_collector_records_everything(self):
        letter = self.posted_letter().with_user(self.collector)
        letter.tracking_number = "1A00915820380"
        self.set_today(day(4))
        outcome = self.env["collection.letter.outcome"].with_user(self.collector)
        values = {"deposit_state": "presented", "date": day(2), "proof": b64encode(PDF), "proof_name": "AR.pdf"}
        outcome.create({"delivery_ids": letter.ids, **values}).action_record()
        self.assertEqual((letter.deposit_state, letter.presented_on), ("presented", day(2)))
        self.assertEqual(letter.debtor_id.message_ids[0].author_id, self.collector.partner_id)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_an_auditor_verifies_and_changes_nothing(self):
        letter = self.posted_letter().with_user(self.auditor)
        self.assertEqual(letter.action_verify()["params"]["type"], "success")
        for action in (letter.action_record_outcome, letter.action_enter_numbers, letter.action_prepare_deposit):
            self.assertRaises(AccessError, action)
        with self.assertRaises(AccessError):
            self.env["collection.letter.outcome"].with_user(self.auditor).create({"delivery_ids": letter.ids})

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_another_collector_s_letter_is_not_recorded(self):
        letter = self.posted_letter()
        self.company.collection_own_debtors_only = True
        letter.debtor_id.with_context(mail_auto_subscribe_no_notify=True).user_id = self.env.ref("base.user_admin")
        outcome = self.env["collection.letter.outcome"].with_user(self.collector)
        with self.assertRaises(AccessError):
            outcome.create({"delivery_ids": letter.ids, "deposit_state": "delivered"}).action_record()
        self.assertFalse(self.env["collection.document"].with_user(self.collector).search([]))
