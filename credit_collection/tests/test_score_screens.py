"""The screens of the scores, driven in a browser: a console error fails the test."""

from odoo.tests import tagged

from .test_screens import COLLECTION, ScreensCase


@tagged("post_install", "-at_install")
class TestTheScreensOfTheScores(ScreensCase):
    """From the list of scores to a customer, whose class a person sets; then how right the scores are."""

    def set_a_class(self, lang):
        user = self.make_user("collector", f"{COLLECTION}collector", lang)
        self.plan_run()
        self.env["collection.debtor"]._score_company(self.company)
        self.env.flush_all()
        self.start_tour("/odoo/collection", "collection_scores", login=user.login, timeout=300)
        return user, self.env["collection.debtor"].search([("score_override", "=", True)])

    def test_in_english(self):
        user, debtor = self.set_a_class("en_US")
        self.assertEqual(
            (debtor.score_class, debtor.score_override_reason, debtor.score_override_user_id),
            ("B", "Nouveau dirigeant", user),
        )

    def test_in_french(self):
        _user, debtor = self.set_a_class("fr_FR")
        self.assertEqual((debtor.score_class, len(debtor)), ("B", 1))
