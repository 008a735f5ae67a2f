from io import BytesIO
from unittest.mock import patch

from pypdf import PdfReader

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import day
from .outbox_case import OutboxCase


class LetterOutboxCase(OutboxCase):
    """A level that goes out by letter, and customers in several places."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan([("Relance", 3, {"channels": ("letter",)}), ("Suite", 30)])
        cls.letter_template.body = "<p>Please pay.</p>[[items]]"

    def letters_for(self, *partners, amount=1200):
        """Their letters, on the pile to be posted."""
        for partner in partners:
            self.make_invoice(partner, amount, due=day(-5))
        reminders = self.prepare()
        self.process_outbox()
        return reminders.delivery_ids

    def text_of(self, letter):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(letter.attachment_id.raw)).pages)


@tagged("post_install", "-at_install")
class TestALetterIsPosted(LetterOutboxCase):
    """The outbox makes the letter; a person prints it, posts it and says so: then its items reach their level."""

    def test_the_outbox_puts_it_on_the_pile(self):
        letter = self.letters_for(self.partner)
        self.assertEqual((letter.state, letter.recipients), ("to_post", "Menuiserie Durand"))
        self.assertIn("1,200.00", self.text_of(letter).replace("\N{NO-BREAK SPACE}", " "))
        self.assertFalse(letter.reminder_id.sent_date)
        self.assertFalse(letter.reminder_id.line_ids.item_id.level_id)

    def test_posted_it_has_left(self):
        letter = self.letters_for(self.partner)
        self.set_today(day(1))
        self.assertIs(letter.action_mark_posted(), True)
        reminder = letter.reminder_id
        self.assertEqual((letter.state, reminder.state, reminder.sent_date), ("handed_over", "sent", day(1)))
        item = reminder.line_ids.item_id
        self.assertEqual((item.level_id.name, item.level_date), ("Relance", day(1)))
        note = reminder.debtor_id.message_ids[0]
        self.assertIn(f"Letter posted: Relance ({reminder.name})", note.body)
        self.assertEqual(note.attachment_ids, letter.attachment_id)

    def test_paid_since_printing_it_is_to_be_taken_out_of_the_pile(self):
        letters = self.letters_for(self.partner, self.make_partner("Anne"))
        mine = letters.filtered(lambda letter: letter.debtor_id.partner_id == self.partner)
        self.pay(mine.reminder_id.line_ids.item_id.move_id, 1200)
        answer = letters.action_mark_posted()
        self.assertEqual(answer["params"]["title"], "Take these letters out of the pile")
        invoice = mine.reminder_id.line_ids.name
        self.assertEqual(
            answer["params"]["message"], f"{mine.reminder_id.name}, Menuiserie Durand: {invoice} has been settled."
        )
        self.assertEqual((mine.state, mine.reminder_id.state), ("cancelled", "cancelled"))
        self.assertEqual((letters - mine).state, "handed_over")

    def test_part_paid_since_printing_it_is_printed_again_for_the_rest(self):
        letter = self.letters_for(self.partner)
        printed = letter.attachment_id
        self.pay(letter.reminder_id.line_ids.item_id.move_id, 1000)
        answer = letter.action_mark_posted()
        self.assertIn("Amounts changed since it was printed: print it again.", answer["params"]["message"])
        self.assertEqual(letter.state, "queued")
        self.process_outbox()
        self.assertEqual(letter.state, "to_post")
        self.assertIn("200.00", self.text_of(letter))
        self.assertFalse(printed.exists())
        self.assertIs(letter.action_mark_posted(), True)

    def test_a_change_seen_by_another_way_before_posting_is_not_forgotten(self):
        letter = self.letters_for(self.partner)
        self.pay(letter.reminder_id.line_ids.item_id.move_id, 1000)
        letter.reminder_id._decide_again()
        self.assertEqual(letter.reminder_id.line_ids.claim, 200)
        letter.action_mark_posted()
        self.assertEqual(letter.state, "queued")

    def test_taken_back_from_the_pile_it_can_be_sent_again(self):
        letter = self.letters_for(self.partner)
        reminder = letter.reminder_id
        letter.action_take_back()
        self.assertEqual((reminder.state, reminder.delivery_ids.ids), ("approved", []))
        reminder.action_send()
        self.process_outbox()
        self.assertEqual(reminder.delivery_ids.state, "to_post")

    def test_without_an_address_any_more_it_fails_and_a_person_is_asked(self):
        self.make_invoice(self.partner, 100, due=day(-5))
        letter = self.prepare().delivery_ids
        self.partner.write({"street": False})
        self.process_outbox()
        self.assertEqual((letter.state, letter.error), ("failed", "No complete postal address for Menuiserie Durand."))
        self.assertEqual(len(letter.debtor_id.activity_ids), 1)

    def test_one_that_cannot_be_printed_holds_back_no_other(self):
        stranger = self.make_partner("\N{CJK UNIFIED IDEOGRAPH-9EBB}", email="asa@asa.example")
        letters = self.letters_for(stranger, self.partner)
        wrong = letters.filtered(lambda letter: letter.debtor_id.partner_id == stranger)
        self.assertEqual((wrong.state, (letters - wrong).state), ("failed", "to_post"))
        self.assertIn("The letter cannot be printed", wrong.error)

    def test_an_email_for_want_of_an_address(self):
        self.env["collection.level"].search([("name", "=", "Relance")]).channel_ids.fallback = "email"
        self.make_invoice(self.partner, 100, due=day(-5))
        reminder = self.prepare()
        self.partner.write({"street": False})
        self.assertEqual(self.process_outbox(), 1)
        self.assertEqual(reminder.delivery_ids.mapped("state"), ["failed", "handed_over"])
        self.assertEqual(reminder.state, "sent")

    def test_there_is_nothing_to_print_before_the_outbox_was_processed(self):
        self.make_invoice(self.partner, 100, due=day(-5))
        with self.assertRaisesRegex(UserError, "letters are made when the outbox is processed"):
            self.prepare().delivery_ids.action_print()

    def test_the_date_granted_on_paper_stands_when_the_email_leaves_later(self):
        self.env["collection.plan"].search([]).active = False
        self.make_plan([("Dernier rappel", 3, {"channels": ("letter", "email")})])
        with patch.object(type(self.env["ir.mail_server"]), "_connect__", side_effect=OSError("down")):
            letters = self.letters_for(self.partner)
        reminder = letters.reminder_id
        self.assertEqual(reminder.deadline_date, day(15))
        self.set_today(day(1))
        self.process_outbox()
        self.assertEqual(reminder.deadline_date, day(15))


@tagged("post_install", "-at_install")
class TestLettersArePrintedInOneFile(LetterOutboxCase, HttpCase):
    """Hundreds of letters in one file in postal order, for those who may read their debtors."""

    def pages(self, letters, login="admin"):
        self.authenticate(login, login)
        response = self.url_open(letters.action_print()["url"] + "&duplex=0")
        self.assertEqual((response.status_code, response.headers["Content-Type"]), (200, "application/pdf"))
        return [page.extract_text() for page in PdfReader(BytesIO(response.content)).pages]

    def test_in_postal_order(self):
        places = {
            "Zoé": {"zip": "69001", "city": "Lyon"},
            "Brussels": {"zip": "1000", "city": "Bruxelles", "country_id": self.env.ref("base.be").id},
            "Anne": {"zip": "75011", "city": "Paris"},
            "Bertrand": {"zip": "69001", "city": "Lyon"},
        }
        letters = self.letters_for(*[self.make_partner(name, **place) for name, place in places.items()])
        order = [next(name for name in places if name in page) for page in self.pages(letters)]
        self.assertEqual(order, ["Bertrand", "Zoé", "Anne", "Brussels"])

    def test_those_of_another_collector_are_not_found(self):
        letters = self.letters_for(self.partner, self.make_partner("Anne"))
        self.company.collection_own_debtors_only = True
        other = new_test_user(self.env, "other", "credit_collection.group_collection_collector")
        letters[0].debtor_id.with_context(mail_auto_subscribe_no_notify=True).user_id = other
        collector = new_test_user(self.env, "collector", "credit_collection.group_collection_collector")
        url = letters.action_print()["url"]
        self.authenticate(collector.login, collector.login)
        self.assertEqual(len(PdfReader(BytesIO(self.url_open(url).content)).pages), 1)
        letters[1].debtor_id.user_id = other
        self.assertEqual(self.url_open(url).status_code, 404)
