"""The screens of who follows whom, driven in a browser: a console error fails the test."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .test_screens import COLLECTION, ScreensCase


@tagged("post_install", "-at_install")
class TestWhoFollowsWhomOnScreen(ScreensCase):
    """My work, its "Tomorrow", the first screen for everybody, pauses, absences and portfolios."""

    def test_in_french_for_a_manager(self):
        self.plan_run()
        paused = self.env["collection.debtor"].search([("partner_id.name", "=", "Menuiserie Durand")])
        paused.write({"pause_until": self.today + timedelta(days=3), "pause_reason": "Avoir promis"})
        user = self.make_user("manager_fr", f"{COLLECTION}manager", "fr_FR")
        self.env["collection.portfolio"].create(
            {"name": "Tous les clients", "member_ids": [Command.create({"user_id": user.id})]}
        )
        self.start_tour("/odoo/collection", "collection_portfolios", login=user.login, timeout=300)
        debtors = self.env["collection.debtor"].search([("overdue", ">", 0)])
        self.assertEqual((debtors.user_id, set(debtors.mapped("user_by_rule"))), (user, {True}))
