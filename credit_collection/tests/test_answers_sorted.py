"""An answer is read on the page and sorted in a click into the record that it calls for."""

from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import TODAY, CollectionCase, day

GROUP = "credit_collection.group_collection_"


class SortedAnswerCase(CollectionCase):
    """A customer with two late invoices answers its reminder; a collector without accounting rights reads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.contact = cls.env["res.partner"].create(
            {"name": "Anne Durand", "parent_id": cls.partner.id, "email": "anne@durand.example", "type": "contact"}
        )
        cls.collector = new_test_user(cls.env, "collector", f"base.group_user,{GROUP}collector")
        cls.reader = new_test_user(cls.env, "reader", f"base.group_user,{GROUP}reader")
        cls.first = cls.make_invoice(cls.partner, 100, due=day(-5))
        cls.second = cls.make_invoice(cls.partner, 200, due=day(-6))
        cls.debtor = cls.debtor_of(cls.partner)
        cls.debtor.contact_ids = cls.contact
        cls.run_and_send()
        cls.answer("Bonjour, voyez avec la direction.")

    @classmethod
    def answer(cls, text):
        cls.debtor.message_post(
            body=text, author_id=cls.contact.id, message_type="email", subtype_xmlid="mail.mt_comment"
        )
        cls.debtor._freeze_for_answer()
        cls.env.flush_all()
        cls.env.invalidate_all()

    def as_collector(self):
        return self.debtor.with_user(self.collector)

    def dialog(self, action, **values):
        """The record of the dialog that the action opens, filled in as a collector would."""
        model = self.env[action["res_model"]].with_user(self.collector).with_context(**action["context"])
        form = Form(model, view=action["views"][0][0] or None)
        for name, value in values.items():
            form[name] = value
        return form.save()


@tagged("post_install", "-at_install")
class TestTheAnswerStandsOnThePage(SortedAnswerCase):
    """Its words and its author are read without another click, and in the list of answers."""

    def test_words_and_author(self):
        debtor = self.as_collector()
        self.assertEqual(debtor.answer_text, "Bonjour, voyez avec la direction.")
        self.assertIn("Anne Durand", debtor.answer_author)
        self.assertEqual(debtor.answer_excerpt, "Bonjour, voyez avec la direction.")

    def test_the_last_one_counts(self):
        self.answer("Finalement, non.")
        self.assertEqual(self.debtor.answer_text, "Finalement, non.")

    def test_once_read_it_is_gone(self):
        self.as_collector().action_mark_read()
        self.assertFalse(self.debtor.answer_text)
        self.assertFalse(self.debtor.unread_since)

    def test_the_list_opens_from_to_do(self):
        todo = self.env["collection.todo"].with_user(self.collector).search([]).filtered(lambda it: it.code == "answer")
        self.assertEqual(todo.count, 1)
        action = todo.action_open()
        listed = self.env["collection.debtor"].with_user(self.collector).search(action["domain"])
        self.assertEqual(listed, self.as_collector())
        self.assertEqual(action["views"][0][0], self.env.ref("credit_collection.view_collection_answer_list").id)

    def test_markup_is_text(self):
        self.answer(Markup("<b>Il manque</b> &lt;script&gt;alert(1)&lt;/script&gt;"))
        self.assertNotIn("<b>", self.debtor.answer_text)
        self.assertIn("<script>alert(1)</script>", self.debtor.answer_excerpt)


@tagged("post_install", "-at_install")
class TestAnswerPaid(SortedAnswerCase):
    """Paid: the items are said to be paid; which ones is asked where there are several."""

    def test_the_items_of_the_last_reminder_are_proposed(self):
        wizard = self.dialog(self.as_collector().action_answer_paid())
        self.assertEqual(wizard.item_ids.move_id, self.first | self.second)
        self.assertTrue(self.debtor.unread_since)
        wizard.action_apply()
        self.assertEqual(wizard.item_ids.mapped("said_paid_on"), [TODAY, TODAY])
        self.assertFalse(self.debtor.unread_since)

    def test_an_invoice_that_it_names_is_taken_at_once(self):
        self.answer(f"La facture {self.second.name} est payée.")
        self.assertEqual(self.as_collector().action_answer_paid(), True)
        self.assertEqual(
            (self.item_of(self.first).said_paid_on, self.item_of(self.second).said_paid_on), (False, TODAY)
        )
        self.assertFalse(self.debtor.unread_since)

    def test_none_chosen_is_refused(self):
        action = self.as_collector().action_answer_paid()
        wizard = self.dialog(action)
        wizard.item_ids = False
        self.assertRaises(UserError, wizard.action_apply)
        self.assertTrue(self.debtor.unread_since)


@tagged("post_install", "-at_install")
class TestAnswerProblemAndDate(SortedAnswerCase):
    """A problem opens a dispute, a date a promise, with the customer's words; made, they mark the answer as read."""

    def test_a_problem(self):
        action = self.as_collector().action_answer_problem()
        self.assertEqual((action["res_model"], action["target"]), ("collection.dispute", "new"))
        self.assertEqual(action["context"]["default_note"], "Bonjour, voyez avec la direction.")
        self.assertTrue(self.debtor.unread_since)

    def test_a_date(self):
        action = self.as_collector().action_answer_date()
        self.assertEqual((action["res_model"], action["target"]), ("collection.promise", "new"))
        self.assertTrue(self.debtor.unread_since)
        promise = self.dialog(action, date=day(10))
        self.assertEqual(promise.debtor_id, self.debtor)
        self.assertFalse(self.debtor.unread_since)

    def test_a_promise_of_another_debtor_does_not_read_this_answer(self):
        other = self.debtor_of(self.make_partner("Autre"))
        self.env["collection.debtor"].with_context(collection_answered_debtor_id=self.debtor.id)._settle_answer(other)
        self.assertTrue(self.debtor.unread_since)


@tagged("post_install", "-at_install")
class TestAnswerWrongPerson(SortedAnswerCase):
    """The contact is flagged and receives nothing any more; another takes its place."""

    def test_whoever_answered_is_proposed_and_replaced(self):
        right = self.env["res.partner"].create(
            {"name": "Luc Martin", "parent_id": self.partner.id, "email": "luc@durand.example", "type": "contact"}
        )
        wizard = self.dialog(self.as_collector().action_answer_wrong_person(), replacement_id=right)
        self.assertEqual(wizard.contact_id, self.contact)
        wizard.action_apply()
        self.assertEqual(self.debtor.contact_ids, right)
        self.assertEqual(self.contact.collection_wrong_on, TODAY)
        self.assertFalse(self.debtor.unread_since)

    def test_without_another_the_company_receives(self):
        self.dialog(self.as_collector().action_answer_wrong_person()).action_apply()
        self.assertFalse(self.debtor.contact_ids)
        self.assertEqual(self.debtor._find_receiving(), self.partner)

    def test_a_stranger_cannot_be_put_in_its_place(self):
        stranger = self.make_partner("Autre")
        wizard = self.dialog(self.as_collector().action_answer_wrong_person())
        wizard.replacement_id = stranger
        self.assertRaises(UserError, wizard.action_apply)


@tagged("post_install", "-at_install")
class TestWhoSortsAnswers(SortedAnswerCase):
    """A reader reads them and changes nothing."""

    def test_a_reader(self):
        debtor = self.debtor.with_user(self.reader)
        self.assertEqual(debtor.answer_text, "Bonjour, voyez avec la direction.")
        with mute_logger("odoo.addons.base.models.ir_model"):
            for method in ("paid", "problem", "date", "wrong_person"):
                with self.subTest(method):
                    self.assertRaises(AccessError, getattr(debtor, f"action_answer_{method}"))
            self.assertRaises(AccessError, debtor.action_mark_read)
