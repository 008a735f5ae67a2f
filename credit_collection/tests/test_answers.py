import re
from datetime import date

from odoo.tests import HttpCase

from .common import TODAY, CollectionCase, day


class AnswerCase(CollectionCase, HttpCase):
    """A customer who received a reminder of 1,200 € in French and follows its links."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.make_plan()
        cls.partner = cls.make_partner(lang="fr_FR")
        cls.invoice = cls.make_invoice(cls.partner, 1200, due=day(-5))
        cls.reminder = cls.plan_run().reminder_ids
        cls.item = cls.reminder.line_ids.item_id
        cls.debtor = cls.reminder.debtor_id

    def path(self, answer, token=None):
        return f"/collection/answer/{self.reminder.id}/{token or self.reminder._get_answer_token()}/{answer}"

    def send(self, answer, **fields):
        """What the browser does: open the page, fill it in, send it."""
        page = self.url_open(self.path(answer))
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        response = self.url_open(self.path(answer), data={"csrf_token": token, **fields})
        self.env.invalidate_all()
        return response

    def last_note(self):
        return self.debtor.message_ids.filtered(lambda message: message.author_id == self.partner).sorted("id")[-1:]


class TestOpeningAnAnswerChangesNothing(AnswerCase):
    """Mail scanners follow every link: only a person who sends the form answers."""

    def test_the_page_shows_what_is_claimed_in_the_language_of_the_debtor(self):
        response = self.url_open(self.path("paid"))
        self.assertEqual(response.status_code, 200)
        self.assertIn("Vous avez déjà réglé", response.text)
        self.assertIn(self.invoice.name, response.text)
        self.assertIn("no-store", response.headers["Cache-Control"])

    def test_nothing_is_recorded(self):
        for answer in ("paid", "problem", "date"):
            self.url_open(self.path(answer))
        self.env.invalidate_all()
        self.assertFalse(self.item.said_paid_on)
        self.assertFalse(self.debtor.unread_since)

    def test_a_browser_that_shows_the_page_says_that_it_was_opened(self):
        self.browser_js(self.path("paid"), "console.log('test successful')", ready="document.readyState === 'complete'")
        self.env.invalidate_all()
        opened_at = self.reminder.opened_at
        self.assertTrue(opened_at)
        self.assertFalse(self.item.said_paid_on)
        Timeline = self.env["collection.timeline"].with_context(collection_debtor_ids=self.debtor.ids)
        opening = Timeline.search([("debtor_id", "=", self.debtor.id), ("kind", "=", "opened")])
        self.assertEqual((opening.text, opening.date), ("Rappel", opened_at))
        self.assertEqual(opening.action_open()["res_id"], self.reminder.id)

    def test_opened_again_its_first_time_is_kept(self):
        self.reminder.opened_at = "2026-03-02 08:00:00"
        self.reminder._record_opening()
        self.assertEqual(str(self.reminder.opened_at), "2026-03-02 08:00:00")

    def test_an_opening_without_its_tokens_is_refused(self):
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open(
                f"/collection/opened/{self.reminder.id}/{self.reminder._get_answer_token()}", data={"a": "b"}
            )
        self.assertEqual(response.status_code, 400)
        page = self.url_open(self.path("paid"))
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        response = self.url_open(f"/collection/opened/{self.reminder.id}/wrong", data={"csrf_token": token})
        self.assertEqual(response.status_code, 404)
        self.env.invalidate_all()
        self.assertFalse(self.reminder.opened_at)

    def test_a_form_without_its_token_is_refused(self):
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open(self.path("paid"), data={"words": "payé"})
        self.assertEqual(response.status_code, 400)
        self.env.invalidate_all()
        self.assertFalse(self.item.said_paid_on)


class TestALinkThatIsNotOursLeadsNowhere(AnswerCase):
    """The token of the message is the only key, and it opens one reminder only."""

    def test_wrong_token(self):
        self.assertEqual(self.url_open(self.path("paid", token="0" * 64)).status_code, 404)

    def test_the_token_of_another_reminder(self):
        other = self.make_invoice(self.make_partner("Autre"), 500, due=day(-5))
        self.assertTrue(other)
        another = self.plan_run().reminder_ids
        self.assertEqual(self.url_open(self.path("paid", token=another._get_answer_token())).status_code, 404)

    def test_an_answer_that_does_not_exist(self):
        self.assertEqual(self.url_open(self.path("nothing")).status_code, 404)


class TestAnswersFreezeWhatGoesByItself(AnswerCase):
    """Each answer stands on the timeline and stops automatic sending until somebody has read it."""

    def test_paid_gives_the_money_five_days(self):
        response = self.send("paid", words="Virement du 9 mars")
        self.assertIn("Merci", response.text)
        self.assertEqual(self.item.said_paid_on, TODAY)
        self.assertEqual(self.debtor.unread_since, TODAY)
        self.assertIn("Virement du 9 mars", self.last_note().body)
        self.assertEqual(self.last_note().author_id, self.partner)
        self.assertEqual(self.decide()[self.invoice.name].decision, "settling")

    def test_paid_said_again_does_not_keep_reminders_away_for_ever(self):
        self.send("paid")
        self.set_today(day(10))
        self.send("paid")
        self.assertEqual(self.item.said_paid_on, TODAY)

    def test_a_problem_is_told_in_the_words_of_the_customer(self):
        self.send("problem", words="Il manque une palette.")
        self.assertFalse(self.item.said_paid_on)
        self.assertEqual(self.debtor.unread_since, TODAY)
        self.assertIn("Il manque une palette.", self.last_note().body)

    def test_a_date_is_noted(self):
        self.send("date", day="2026-03-20")
        self.assertIn("03/20/2026", self.last_note().body)
        self.assertEqual(self.debtor.unread_since, TODAY)

    def test_a_date_that_makes_no_sense_is_asked_again(self):
        for wrong in ("", "2026-03-09", "2030-01-01", "vendredi"):
            with self.subTest(wrong):
                response = self.send("date", day=wrong, words="promis")
                self.assertIn("promis", response.text)
                self.assertFalse(self.debtor.unread_since)


class TestWhatACustomerTypesIsHostile(AnswerCase):
    """It is escaped, shortened, and cannot fill the timeline."""

    def test_markup_is_shown_as_text(self):
        self.send("problem", words="<script>alert(1)</script>")
        self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt;", self.last_note().body)

    def test_a_novel_is_cut(self):
        self.send("problem", words="x" * 5000)
        self.assertEqual(str(self.last_note().body).count("x"), 2000)

    def test_the_tenth_answer_is_the_last_recorded(self):
        for number in range(11):
            self.reminder._record_answer("problem", f"n°{number}", None)
        self.assertEqual(self.reminder.answer_count, 10)
        self.assertIn("n°9", self.last_note().body)

    def test_a_date_far_away_is_no_payment(self):
        self.assertFalse(self.reminder._record_answer("paid", "", date(2020, 1, 1)))
