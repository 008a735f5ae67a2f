import hashlib
from dataclasses import replace

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..report.letter.deposit_slip import render_slip
from .common import day
from .registered_case import RegisteredCase

NUMBERS = ("1A00915820380", "1A00915820397")


class DepositCase(RegisteredCase):
    """Two letters, Anne's printed first, in one deposit."""

    def setUp(self):
        super().setUp()
        self.letters = self.letters_for(self.make_partner("Anne", zip="13001", city="Marseille"), self.partner)

    def deposit(self):
        action = self.letters.action_prepare_deposit()
        return self.env["collection.deposit"].browse(action["res_id"])

    def text_of(self, content):
        return " ".join(" ".join(self.pages_of(content)).split())


@tagged("post_install", "-at_install")
class TestADepositAtThePost(DepositCase, HttpCase):
    """Registered letters are printed in one go with their slip, numbered, and deposited together."""

    def test_the_slip_lists_the_letters_in_the_order_of_printing(self):
        deposit = self.deposit()
        self.letters[0].tracking_number = NUMBERS[0]
        text = self.text_of(deposit._render_slip())
        for words in (
            f"Deposit slip of registered letters {deposit.name}",
            "1 rue de la Paix",
            f"1 {NUMBERS[0]} {self.letters[0].reminder_id.name} Anne 13001 MARSEILLE",
            f"2 {self.letters[1].reminder_id.name} Menuiserie Durand 69003 LYON",
            "Registered letters: 2, with a number: 1",
            "Stamp and signature of the post office",
        ):
            self.assertIn(words.lower(), text.lower())

    def test_slip_and_letters_are_printed_in_one_file(self):
        deposit = self.deposit()
        self.authenticate("admin", "admin")
        response = self.url_open(deposit.action_print()["url"])
        self.assertEqual((response.status_code, response.headers["Content-Type"]), (200, "application/pdf"))
        pages = [page for page in self.pages_of(response.content) if page.strip()]
        self.assertEqual(len(pages), 4)
        self.assertTrue(all("Deposit slip" in page for page in pages[:2]))
        self.assertIn("Anne", pages[2])
        self.assertIn("Durand", pages[3])

    def test_numbers_are_entered_from_the_deposit(self):
        deposit = self.deposit()
        context = deposit.action_enter_numbers()["context"]
        self.env["collection.tracking.import"].with_context(**context).create(
            {"text": "\n".join(NUMBERS)}
        ).action_apply()
        self.assertEqual(self.letters.mapped("tracking_number"), list(NUMBERS))
        self.assertEqual((deposit.letter_count, deposit.numbered_count), (2, 2))

    def test_deposited_every_letter_has_left_and_the_slip_is_kept(self):
        deposit = self.deposit()
        self.set_today(day(1))
        self.assertIs(deposit.action_mark_deposited(), True)
        self.assertEqual((deposit.state, deposit.date), ("deposited", day(1)))
        self.assertEqual(self.letters.mapped("deposit_state"), ["deposited", "deposited"])
        slip = deposit.document_ids
        self.assertEqual((slip.kind, slip.name), ("slip", f"deposit-slip-{deposit.name}.pdf"))
        self.assertEqual(slip.sha256, hashlib.sha256(slip.attachment_id.raw).hexdigest())
        answer = deposit.action_verify()["params"]
        self.assertEqual((answer["type"], answer["message"].count("exactly as on")), ("success", 3))

    def test_a_letter_paid_meanwhile_is_taken_out_and_off_the_slip(self):
        deposit = self.deposit()
        self.pay(self.letters[1].reminder_id.line_ids.item_id.move_id, 1200)
        answer = deposit.action_mark_deposited()
        self.assertEqual(answer["params"]["title"], "Take these letters out of the pile")
        self.assertEqual(deposit.delivery_ids, self.letters[0])
        self.assertNotIn("Durand", self.text_of(deposit.document_ids.attachment_id.raw))
        self.assertIn("Registered letters: 1,", self.text_of(deposit.document_ids.attachment_id.raw))

    def test_it_takes_place_once_and_stays(self):
        deposit = self.deposit()
        deposit.action_mark_deposited()
        for action in (deposit.action_mark_deposited, deposit.unlink):
            self.assertRaisesRegex(UserError, "it stays as it is", action)

    def test_letters_already_posted_make_no_deposit(self):
        self.letters.action_mark_posted()
        with self.assertRaisesRegex(UserError, "Choose registered letters to be posted"):
            self.letters.action_prepare_deposit()

    def test_a_deposit_given_up_frees_its_letters(self):
        self.deposit().unlink()
        self.assertFalse(self.letters.deposit_id)
        self.assertEqual(self.letters.mapped("state"), ["to_post", "to_post"])

    def test_forty_letters_take_two_pages_and_the_boxes_stand_once(self):
        slip = self.deposit()._prepare_slip()
        many = replace(slip, lines=slip.lines * 20)
        pages = self.pages_of(render_slip(many, self.company._get_letter_fonts()))
        self.assertEqual(len(pages), 2)
        self.assertEqual(["Stamp and signature" in page for page in pages], [False, True])
        self.assertEqual(sum(page.count("MARSEILLE") for page in pages), 20)


@tagged("post_install", "-at_install")
class TestWhoSeesADeposit(DepositCase, HttpCase):
    """Those of the company, as far as the letters are theirs."""

    def test_an_auditor_reads_it_and_changes_nothing(self):
        auditor = new_test_user(self.env, "auditor", "base.group_user,credit_collection.group_collection_reader")
        deposit = self.deposit().with_user(auditor)
        self.assertEqual(deposit.letter_count, 2)
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            deposit.action_mark_deposited()

    def test_letters_of_another_collector_are_recorded_by_a_manager(self):
        collector = new_test_user(self.env, "collector", "base.group_user,credit_collection.group_collection_collector")
        deposit = self.deposit()
        self.company.collection_own_debtors_only = True
        other = self.env.ref("base.user_admin")
        self.letters[0].debtor_id.with_context(mail_auto_subscribe_no_notify=True).user_id = other
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "letters of another collector"):
            deposit.with_user(collector).action_mark_deposited()

    def test_who_collects_nothing_finds_nothing(self):
        deposit = self.deposit()
        new_test_user(self.env, "internal", "base.group_user")
        self.authenticate("internal", "internal")
        self.assertEqual(self.url_open(f"/collection/deposit/{deposit.id}").status_code, 404)
