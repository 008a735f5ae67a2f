"""What the customer will receive, shown before anything leaves."""

import base64
from io import BytesIO

from pypdf import PdfReader

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import CollectionCase, day


@tagged("post_install", "-at_install")
class TestPreviewOfReminder(CollectionCase):
    """The dialog shows what will leave, and says it in words where nothing will."""

    def preview(self, **level):
        """The dialog about a reminder of a level with these values."""
        self.make_plan([("Appel", 3, level)])
        self.make_invoice(self.make_partner(), 1000, due=day(-5))
        return self.open(self.plan_run().reminder_ids.action_preview())

    def open(self, action):
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_a_level_that_is_a_task_says_that_the_customer_receives_nothing(self):
        shown = self.preview(channels=("task",), activity_summary="Appeler la comptabilité")
        self.assertEqual((shown.subject, shown.has_letter, shown.letter), ("", False, False))
        self.assertEqual(
            shown.task,
            "“Appeler la comptabilité” is put on the list of tasks of the person in charge: "
            "the customer receives nothing by it.",
        )

    def test_an_e_mail_beside_a_task_shows_both(self):
        shown = self.preview(channels=("email", "task"))
        self.assertEqual((shown.subject, shown.has_letter), ("Reminder", False))
        self.assertEqual(shown.recipients, '"Menuiserie Durand" <compta@menuiserie.durand.example>')
        self.assertIn("“Appel” is put on the list of tasks", shown.task)

    def test_a_task_that_only_stands_in_for_a_missing_address_is_not_announced(self):
        self.make_plan(
            [("Rappel", 3, {"channel_ids": [Command.create({"channel": "letter", "fallback": "task"})]})],
        )
        self.make_invoice(self.make_partner(), 1000, due=day(-5))
        shown = self.open(self.plan_run().reminder_ids.action_preview())
        self.assertEqual((shown.has_letter, shown.task), (True, ""))

    def test_a_letter_is_shown_as_it_will_be_printed(self):
        shown = self.preview(channels=("letter",))
        self.assertEqual((shown.subject, shown.task, shown.has_letter, shown.letter_obstacle), ("", "", True, ""))
        self.assertEqual(base64.b64decode(shown.letter)[:4], b"%PDF")


@tagged("post_install", "-at_install")
class TestPreviewOfWhatWaits(CollectionCase):
    """A reminder planned days ago is shown as it would leave today, and stays as it was."""

    def remind(self):
        """A letter about one invoice of 1 000, five days late, that waits to be approved."""
        self.make_plan([("Relance", 3, {"channels": ("letter", "email"), "approval": "batch"})])
        self.mail_template.body_html = "<t t-out='object.items_table'/>"
        self.invoice = self.make_invoice(self.make_partner(lang="en_US"), 1000, due=day(-5))
        return self.plan_run().reminder_ids

    def open(self, reminder, user=None):
        action = reminder.with_user(user or self.env.user).action_preview()
        shown = self.env[action["res_model"]].with_user(user or self.env.user).browse(action["res_id"])
        shown.env.invalidate_all()
        return shown

    def text_of(self, shown):
        """Words of the letter, with ordinary spaces."""
        letter = PdfReader(BytesIO(base64.b64decode(shown.letter))).pages[0].extract_text()
        return " ".join(letter.split())

    def test_days_late_are_those_of_today(self):
        reminder = self.remind()
        self.set_today(day(6))
        shown = self.open(reminder)
        self.assertIn(f"{self.invoice.name} 02/03/2026 03/05/2026 11 1,000.00 €", self.text_of(shown))
        self.assertIn(">11</td>", shown.body)
        self.env.invalidate_all()
        self.assertEqual((reminder.state, reminder.line_ids.days_late), ("proposed", 5))

    def test_what_was_paid_since_is_not_shown_as_claimed(self):
        reminder = self.remind()
        self.pay(self.invoice, 400)
        self.assertIn("600.00", self.text_of(self.open(reminder)))
        self.env.invalidate_all()
        self.assertEqual(reminder.line_ids.claim, 1000)

    def test_of_one_that_would_be_cancelled_it_says_why(self):
        reminder = self.remind()
        self.pay(self.invoice, 1000)
        shown = self.open(reminder)
        self.assertEqual(shown.warning, f"If it left now it would be cancelled: {self.invoice.name} has been settled.")
        self.assertIn("1,000.00", self.text_of(shown))
        self.assertEqual(reminder.state, "proposed")

    def test_an_auditor_sees_it_and_changes_nothing(self):
        reminder = self.remind()
        self.set_today(day(6))
        auditor = new_test_user(self.env, "auditor", "credit_collection.group_collection_reader")
        self.assertIn(" 11 1,000.00", self.text_of(self.open(reminder, auditor)))
        self.env.invalidate_all()
        self.assertEqual(reminder.line_ids.days_late, 5)

    def test_one_that_has_left_is_shown_as_it_left(self):
        reminder = self.remind()
        self.hand_over(reminder)
        self.set_today(day(6))
        self.assertIn(" 5 1,000.00", self.text_of(self.open(reminder)))


@tagged("post_install", "-at_install")
class TestPreviewOfLevel(CollectionCase):
    """A level's texts are seen on a real customer before the level is used."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        later = cls.letter_template.copy({"subject": "Last words", "body": "<p>Pay at last.</p>"})
        cls.plan = cls.make_plan(
            [
                ("Rappel", 3),
                (
                    "Mise en demeure",
                    20,
                    {"is_formal_notice": True, "letter_template_id": later.id, "channels": ("letter",)},
                ),
            ]
        )
        cls.first, cls.notice = cls.plan.level_ids

    def test_on_the_last_reminder_which_stays_as_it_is(self):
        self.make_invoice(self.make_partner(), 1000, due=day(-5))
        reminder = self.plan_run().reminder_ids
        action = self.notice.action_preview()
        shown = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((shown.debtor_id, shown.subject), (reminder.debtor_id, ""))
        self.assertEqual((shown.has_letter, shown.letter_obstacle), (True, ""))
        self.env.invalidate_all()
        self.assertEqual(
            (reminder.level_id, reminder.line_ids.level_id, reminder.state), (*[self.first] * 2, "approved")
        )

    def test_asked_for_sizes_of_files_as_the_browser_does_it_still_prints_the_logo(self):
        self.make_invoice(self.make_partner(), 1000, due=day(-5))
        self.plan_run()
        self.assertTrue(self.company.logo)
        action = self.notice.action_preview()
        shown = self.env[action["res_model"]].with_context(bin_size=True).browse(action["res_id"])
        shown.env.invalidate_all()
        self.assertEqual((shown.has_letter, shown.letter_obstacle), (True, ""))
        self.assertIn(b"b", shown.letter)  # "25.3 Kb"

    def test_by_an_auditor_who_changes_nothing(self):
        self.make_invoice(self.make_partner(), 1000, due=day(-5))
        self.plan_run()
        auditor = new_test_user(self.env, "auditor", "credit_collection.group_collection_reader")
        action = self.first.with_user(auditor).action_preview()
        self.assertEqual(self.env[action["res_model"]].with_user(auditor).browse(action["res_id"]).subject, "Reminder")

    def test_without_any_reminder_it_says_how_to_get_one(self):
        with self.assertRaisesRegex(UserError, "There is no reminder yet to show this level with: make a run first."):
            self.first.action_preview()
