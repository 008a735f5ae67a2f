"""A class that a person sets in the place of the one found: with a reason, until a day, for all to see."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import TODAY, day
from .score_case import ScoreCase

GROUP = "credit_collection.group_collection_"


@tagged("post_install", "-at_install")
class TestAClassSetByAPerson(ScoreCase):
    """Late pays a month after; the collector knows why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.debtor_of(cls.make_payer("Late", (28,) * 8))
        cls.collector = new_test_user(cls.env, "sophie", f"base.group_user,{GROUP}collector", name="Sophie Tanguy")
        cls.reader = new_test_user(cls.env, "auditor", f"base.group_user,{GROUP}reader")
        cls.score()
        cls.found = cls.late.score_class

    def set_class(self, user=None, until=None, reason="New owner", score_class="B", debtors=None):
        wizard = (
            self.env["collection.score.override"]
            .with_user(user or self.collector)
            .with_context(active_model="collection.debtor", active_ids=(debtors or self.late).ids)
            .create({"score_class": score_class, "until": until or day(30), "reason": reason})
        )
        wizard.action_apply()

    def test_it_takes_the_place_of_the_one_found(self):
        self.set_class()
        self.assertEqual((self.late.score_class, self.late.score_found_class), ("B", self.found))
        self.assertEqual((self.late.score_override_until, self.late.score_override_user_id), (day(30), self.collector))

    def test_the_score_itself_stays(self):
        before = (self.late.score, self.late.score_factors)
        self.set_class()
        self.assertEqual((self.late.score, self.late.score_factors), before)

    def test_the_page_and_the_timeline_say_who_and_why(self):
        self.set_class()
        said = f"Class B set by Sophie Tanguy until 04/09/2026, in the place of {self.found}: New owner"
        self.assertEqual(self.late.score_page["override"], said)
        self.assertIn(said, self.late.score_text)
        self.env.flush_all()
        entries = self.late.get_timeline(kinds=["note"])["entries"]
        self.assertIn("Class B set until 04/09/2026", entries[0]["text"])
        self.assertEqual(entries[0]["author"], "Sophie Tanguy")

    def test_it_outlives_the_scores_of_its_time(self):
        self.set_class()
        self.set_today(day(30))
        self.score()
        self.assertEqual((self.late.score_class, self.late.score_override), ("B", True))

    def test_then_the_class_found_holds_again(self):
        self.set_class()
        self.set_today(day(31))
        self.score()
        self.assertEqual((self.late.score_class, self.late.score_override), (self.late.score_found_class, False))
        self.assertIn("The class set by a person is over", self.late.message_ids[0].body)

    def test_it_is_given_up_in_a_click(self):
        self.set_class()
        self.late.with_user(self.collector).action_end_score_override()
        self.assertEqual((self.late.score_class, self.late.score_override_reason), (self.found, False))

    def test_a_reason_is_asked_for(self):
        with self.assertRaisesRegex(ValidationError, "Say why"):
            self.set_class(reason="  ")

    def test_and_a_last_day_to_come(self):
        with self.assertRaisesRegex(ValidationError, "a last day to come"):
            self.set_class(until=day(-1))
        self.set_class(until=TODAY)

    def test_nobody_is_made_a_new_customer(self):
        with self.assertRaises(ValidationError):
            self.late._override_score("N", day(30), "Why not")

    def test_an_auditor_sets_none(self):
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.set_class(user=self.reader)
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.late.with_user(self.reader)._override_score("A", day(30), "Why not")
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.late.with_user(self.reader).action_end_score_override()

    def test_natural_persons_have_none_to_set(self):
        person = self.debtor_of(self.make_payer("Yann Guillou", (5, 5), is_company=False))
        with self.assertRaisesRegex(UserError, "Yann Guillou is a natural person"):
            self.set_class(debtors=person)
