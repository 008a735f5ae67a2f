"""Plans of the months beside what came and what is foretold, and who is told when one falls short."""

from psycopg2 import IntegrityError

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import day
from .forecast_case import ForecastCase, foretell_yesterday

GROUP = "credit_collection.group_collection_"


@tagged("post_install", "-at_install")
class TestAPlanIsWatched(ForecastCase):
    """500.00 came on 4 March; of 1 500.00 that is open, most should come before the month ends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pay(cls.make_invoice(cls.partner, 500, due=day(-8)), 500, on=day(-6))
        cls.forecast = foretell_yesterday(cls.company)

    def plan(self, amount, month="2026-03-15", **values):
        return self.env["collection.cash.plan"].create({"amount": amount, "month": month, **values})

    def test_a_plan_is_of_the_whole_month(self):
        self.assertEqual(str(self.plan(1000).month), "2026-03-01")

    def test_it_knows_at_once_what_came_and_what_is_expected(self):
        plan = self.plan(1000)
        month = self.lines(self.forecast, "month")[0]
        self.assertEqual((plan.received, plan.expected), (500, month.expected))
        self.assertEqual(plan.foretold, 500 + month.expected)

    def test_what_the_bank_took_back_was_not_received(self):
        receipt = self.receive_payment(self.partner, 300, on=day(-5))
        back = self.make_entry(self.partner, 300, self.account("411"), on=day(-3), journal=self.bank)
        self.reconcile(receipt.move_id, back)
        foretell_yesterday(self.company)
        self.assertEqual(self.plan(1000).received, 500)

    def test_reached_it_is_met(self):
        self.assertEqual(self.plan(500).state, "met")

    def test_beyond_all_that_can_come_it_is_missed(self):
        plan = self.plan(50_000)
        self.assertEqual(plan.state, "missed")
        self.assertEqual(plan.missing, 50_000 - plan.foretold)

    def test_within_the_bounds_but_above_what_is_expected_it_is_at_risk(self):
        month = self.lines(self.forecast, "month")[0]
        self.assertLess(month.expected, month.high)
        plan = self.plan(500 + (month.expected + month.high) / 2)
        self.assertEqual(plan.state, "at_risk")

    def test_below_what_is_expected_it_is_on_track(self):
        month = self.lines(self.forecast, "month")[0]
        self.assertEqual(self.plan(500 + month.expected / 2).state, "on_track")

    def test_of_a_month_to_come_nothing_is_said(self):
        self.assertEqual(self.plan(50_000, "2026-04-01").state, "open")

    def test_over_and_not_reached_it_is_missed(self):
        # 700.00 came on 3 February, and on 4 January.
        self.assertEqual(self.plan(900, "2026-02-01").state, "missed")
        self.assertEqual(self.plan(700, "2026-01-01").state, "met")

    def test_the_night_looks_again(self):
        plan = self.plan(2000)
        self.pay(self.late + self.coming, 1500, on=day(1))
        self.set_today(day(2))
        self.foretell()
        self.assertEqual((plan.received, plan.expected, plan.state), (2000, 0, "met"))

    def test_there_is_one_a_month_and_currency(self):
        self.plan(1000)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.plan(2000, "2026-03-20")

    def test_managers_are_told_and_nobody_else(self):
        manager = new_test_user(self.env, "manager", f"base.group_user,{GROUP}manager")
        collector = new_test_user(self.env, "collector", f"base.group_user,{GROUP}collector")
        plan = self.plan(50_000)
        todo = self.env["collection.todo"]
        card = todo.with_user(manager).search([("code", "=", "cash_plan")])
        self.assertEqual(card.count, 1)
        self.assertFalse(todo.with_user(collector).search([("code", "=", "cash_plan")]))
        plan.dealt_with = True
        card.invalidate_recordset()
        self.assertEqual(card.count, 0)

    def test_a_collector_reads_plans_and_sets_none(self):
        collector = new_test_user(self.env, "collector", f"base.group_user,{GROUP}collector")
        plan = self.plan(1000).with_user(collector)
        self.assertTrue(plan.has_access("read"))
        self.assertFalse(plan.has_access("write"))
        self.company.collection_own_debtors_only = True
        self.assertFalse(self.env["collection.cash.plan"].with_user(collector).search([]))
