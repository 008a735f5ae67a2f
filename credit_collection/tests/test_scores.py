"""Scores of customers, and why; nobody types one, and natural persons have none unless the company says so."""

from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..calc.contact_worth import Weights, chance_of, contact_worth, days_of_silence
from .common import TODAY, day
from .score_case import ScoreCase

GROUP = "credit_collection.group_collection_"


class ScoredCase(ScoreCase):
    """Prompt pays on the day, Late a month after, Never not at all; New has one invoice that is not due yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prompt = cls.debtor_of(cls.make_payer("Prompt", (0,) * 8))
        cls.late = cls.debtor_of(cls.make_payer("Late", (28,) * 8))
        cls.never = cls.debtor_of(cls.make_payer("Never", (None,) * 8))
        cls.new = cls.make_partner("New")
        cls.make_invoice(cls.new, 1000, due=day(20))
        cls.new = cls.debtor_of(cls.new)


@tagged("post_install", "-at_install")
class TestScores(ScoredCase):
    """100 less the risk, a class, and the factors that made it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.score()

    def test_who_pays_late_has_a_lower_score(self):
        self.assertLess(self.late.score, self.prompt.score - 30)
        self.assertLess(self.prompt.score_class, self.late.score_class)
        self.assertEqual(self.late.score_class, "E")

    def test_who_never_pays_does_not_look_good(self):
        self.assertLessEqual(self.never.score, self.late.score)
        self.assertEqual(self.never.score_class, "E")

    def test_a_new_customer_is_a_class_and_not_a_zero(self):
        self.assertEqual(self.new.score_class, "N")
        self.assertAlmostEqual(self.new.score_probability, self.new.score_factors["segment"], 3)
        self.assertGreater(self.new.score, 0)

    def test_whose_first_invoice_is_of_today_has_exactly_what_its_likes_have(self):
        for name, country in (("Like them", "base.fr"), ("Of Mons", "base.be")):
            partner = self.make_partner(name, country_id=self.env.ref(country).id)
            self.make_invoice(partner, 1000, due=day(30), invoiced=TODAY)
        self.score()
        like, other = (
            self.env["collection.debtor"].search([("partner_id.name", "=", name)]) for name in ("Like them", "Of Mons")
        )
        self.assertEqual((like.score_class, like.score_factors["known"]), ("N", 0))
        self.assertEqual(like.score_probability, self.new.score_probability)
        self.assertNotEqual(other.score_probability, like.score_probability)

    def test_the_score_is_a_hundred_less_the_risk(self):
        for debtor in self.prompt | self.late | self.never | self.new:
            self.assertAlmostEqual(debtor.score, 100 * (1 - debtor.score_probability), delta=0.51)
            self.assertEqual((debtor.score_date, debtor.score_found_class), (day(-1), debtor.score_class))

    def test_the_factors_are_told_with_their_points(self):
        first, *factors, last = self.late.score_text.splitlines()
        self.assertRegex(
            first, r"^Score \d+ of 100, class E – Late as a rule\. The next invoice is paid late with a prob.+ \d+%\.$"
        )
        self.assertIn("Often late this year", " ".join(factors))
        for line in factors:
            self.assertRegex(line, r"^(\+\d+|−\d+|0)  \w")
        self.assertIn("From the outcome of 8 instalments.", last)

    def test_what_speaks_against_takes_points_and_what_speaks_for_gives_some(self):
        for debtor in self.prompt | self.late | self.never:
            for factor in debtor._get_score_factors():
                self.assertLessEqual(factor["points"] * factor["weight"], 0)
        self.assertIn("overdue_now", [factor["code"] for factor in self.never._get_score_factors()])

    def test_a_new_one_says_so(self):
        self.assertIn("A new customer: 0 outcomes are known, it is taken for its likes.", self.new.score_text)

    def test_the_page_has_it_all(self):
        page = self.late.score_page
        self.assertEqual(
            (page["scored"], page["score"], page["score_class"]), (True, self.late.score, self.late.score_class)
        )
        self.assertEqual(
            [each["code"] for each in page["factors"]], [each["code"] for each in self.late._get_score_factors()]
        )
        self.assertTrue(page["can_override"])

    def test_what_was_paid_later_changes_nothing_of_a_past_score(self):
        self.score(as_of=day(-40))
        before = {debtor: (debtor.score, debtor.score_factors) for debtor in self.never | self.late}
        for move in self.env["account.move"].search([("partner_id", "=", self.never.partner_id.id)]):
            self.pay(move, 1000, on=day(-2))
        self.score(as_of=day(-40))
        self.assertEqual({debtor: (debtor.score, debtor.score_factors) for debtor in before}, before)

    def test_one_row_is_kept_for_each_day_on_which_it_changed(self):
        kept = self.env["collection.score"].search([("debtor_id", "=", self.late.id)])
        self.assertEqual(
            [(row.date, row.score, row.score_class) for row in kept],
            [(day(-1), self.late.score, self.late.score_class)],
        )
        self.score()
        self.assertEqual(self.late.score_ids, kept)
        self.set_today(day(60))
        self.score()
        self.assertEqual(self.late.score_ids.mapped("date"), [day(59), day(-1)])

    def test_plans_select_on_the_class(self):
        plan = self.make_plan(domain="[('score_class', '=', 'E')]")
        found = self.env["collection.debtor"].search([("id", "in", plan._search_debtors())])
        self.assertLessEqual(self.late | self.never, found)
        self.assertFalse(found & (self.prompt | self.new))

    def test_they_are_listed_by_class(self):
        groups = self.env["collection.debtor"]._read_group(
            [("id", "in", (self.prompt | self.late | self.never | self.new).ids)], ["score_class"], ["__count"]
        )
        self.assertEqual(sum(count for _class, count in groups), 4)
        self.assertIn(("N", 1), groups)

    def test_a_sheet_of_it_is_printed(self):
        content = self.late.with_context(lang="en_US")._render_score_sheet()
        self.assertTrue(content.startswith(b"%PDF"))
        self.assertEqual(content, self.late.with_context(lang="en_US")._render_score_sheet())
        sheet = self.late._prepare_score_sheet()
        self.assertEqual((sheet.customer, sheet.score), ("Late", str(self.late.score)))
        headings = [section.heading for section in sheet.sections]
        self.assertIn("What takes points from it, or gives it some", headings)
        self.assertIn("What it is not for", headings)

    def test_too_few_invoices_say_nothing_of_the_calibration(self):
        model = self.env["collection.score.model"].search([("company_id", "=", self.company.id)])
        self.assertEqual((model.learned_on, model.calibrated_on), (day(-1), day(-1)))
        self.assertRegex(
            model.calibration_text, r"^Too little data: \d+ invoices of the last six months have an outcome"
        )
        action = self.env["collection.score.model"].action_open_calibration()
        self.assertEqual(action["res_model"], "collection.score.model")

    def test_the_model_is_kept_as_it_was_learned(self):
        model = self.env["collection.score.model"].search([("company_id", "=", self.company.id)])
        history = self.env["collection.payment.history"]._read_history(self.company, day(-1))
        scores = model._get_score_model().score(history)
        found = dict(zip(scores.debtor.tolist(), scores.score.tolist(), strict=True))
        self.assertEqual(found[self.late.id], self.late.score)

    def test_the_night_scores_again_by_batches(self):
        self.set_today(day(10))
        module = "odoo.addons.credit_collection.models.collection_debtor_score"
        with (
            # Tests commit nothing.
            patch(f"{module}.retrying", lambda work, _env: work()),
            patch(f"{module}.BATCH_SIZE", 3),
            patch.object(self.registry["ir.cron"], "_commit_progress", lambda *_args, **_kwargs: 0),
        ):
            self.env["collection.debtor"]._cron_score()
        for debtor in self.prompt | self.late | self.never | self.new:
            self.assertEqual(debtor.score_date, day(9))

    def test_nobody_types_one(self):
        collector = new_test_user(self.env, "collector", f"base.group_user,{GROUP}collector")
        for values in ({"score": 100}, {"score_class": "A"}, {"score_override_class": "A"}):
            with mute_logger("odoo.models"), self.assertRaisesRegex(AccessError, "worked out from payments"):
                self.late.with_user(collector).write(values)
        self.late.with_user(collector).write({"is_key_account": True})

    def test_a_manager_asks_for_new_ones_and_a_collector_waits_for_the_night(self):
        users = [
            new_test_user(self.env, right, f"base.group_user,{GROUP}{right}") for right in ("manager", "collector")
        ]
        domain = [("cron_id", "=", self.env.ref("credit_collection.cron_score").id)]
        before = self.env["ir.cron.trigger"].search_count(domain)
        action = self.env["collection.debtor"].with_user(users[0]).action_score_soon()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self.env["ir.cron.trigger"].search_count(domain), before + 1)
        with self.assertRaisesRegex(AccessError, "every night"):
            self.env["collection.debtor"].with_user(users[1]).action_score_soon()

    def test_a_contact_is_worth_what_the_score_says_of_its_chance(self):
        self.env["collection.debtor"]._refresh_figures(self.company)
        debtor = self.never
        expected = contact_worth(
            Decimal(str(debtor.overdue)),
            debtor.days_overdue,
            chance_of(debtor.days_overdue, (100,) * 5, debtor.score),
            days_of_silence(TODAY, None, debtor.oldest_due_date),
            Weights(),
        )
        self.assertEqual(debtor.contact_worth, float(expected))
        self.assertIn(f"{max(debtor.score, 1)}% chance", debtor.worth_text)


@tagged("post_install", "-at_install")
class TestNaturalPersons(ScoredCase):
    """No score, unless the company has switched it on; switched off again, nothing of it stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.debtor_of(cls.make_payer("Yann Guillou", (28,) * 6, is_company=False))
        cls.consumer = cls.debtor_of(cls.make_payer("Consommateur", (28,) * 6))
        cls.consumer.customer_kind = "consumer"
        cls.score()

    def test_they_have_none_and_the_page_says_why(self):
        for debtor in self.person | self.consumer:
            self.assertEqual((debtor.score_class, debtor.score_date, len(debtor.score_ids)), (False, False, 0))
            self.assertEqual(debtor.score_text, "Not scored: your company does not score natural persons.")
            self.assertFalse(debtor.score_page["can_override"])
        self.assertTrue(self.late.score_class)

    def test_nobody_finds_them_among_low_scores(self):
        low = self.env["collection.debtor"].search([("score", "<", 90)])
        self.assertIn(self.late, low)
        self.assertFalse(low & (self.person | self.consumer))

    def test_switched_on_they_are_scored(self):
        self.company.collection_scores_persons = True
        self.score()
        self.assertTrue(self.person.score_class)
        self.assertEqual(len(self.consumer.score_ids), 1)

    def test_switched_off_all_of_it_goes_at_once(self):
        self.company.collection_scores_persons = True
        self.score()
        self.person._override_score("A", day(30), "Known for years")
        self.company.collection_scores_persons = False
        for debtor in self.person | self.consumer:
            self.assertEqual((debtor.score_class, debtor.score, debtor.score_factors), (False, 0, False))
            self.assertFalse(debtor.score_override)
        self.assertFalse(self.env["collection.score"].search([("debtor_id", "in", (self.person | self.consumer).ids)]))
        self.assertTrue(self.late.score_ids)
