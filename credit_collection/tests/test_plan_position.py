"""Invoices and customers show where they stand, searchable and grouped, without a column of ours on either."""

from odoo.tests import tagged

from .common import CollectionCase, day


@tagged("post_install", "-at_install")
class TestWhereInvoicesAndCustomersStand(CollectionCase):
    """By level and by last reminder, those never reminded included."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan()
        cls.partners = [cls.make_partner(name) for name in ("Reminded twice", "Reminded once", "Never reminded")]
        cls.twice = cls.make_invoice(cls.partners[0], 100, due=day(-12))
        cls.never = cls.make_invoice(cls.partners[2], 100, due=day(20))
        cls.once = cls.make_invoice(cls.partners[1], 100, due=day(-1))
        cls.run_and_send()
        cls.set_today(day(2))
        cls.run_and_send()
        cls.decide()
        cls.first, cls.second = cls.plan.level_ids

    def setUp(self):
        super().setUp()
        self.set_today(day(2))

    def _invoices(self, *condition):
        ours = self.twice | self.once | self.never
        return self.env["account.move"].search([("id", "in", ours.ids), condition])

    def _partners(self, *condition):
        ours = self.env["res.partner"].union(*self.partners)
        return self.env["res.partner"].search([("id", "in", ours.ids), condition]).mapped("name")

    def test_they_show_level_and_last_reminder(self):
        self.assertEqual(
            [(move.collection_level_id, move.collection_reminder_date) for move in (self.twice, self.once, self.never)],
            [(self.second, day(2)), (self.first, day(2)), (self.plan.level_ids.browse(), False)],
        )
        self.assertEqual(
            [(partner.collection_level_id, partner.collection_reminder_date) for partner in self.partners],
            [(self.second, day(2)), (self.first, day(2)), (self.plan.level_ids.browse(), False)],
        )

    def test_invoices_are_found_by_level(self):
        self.assertEqual(self._invoices("collection_level_id", "=", self.first.id), self.once)
        self.assertEqual(self._invoices("collection_level_id", "!=", self.first.id), self.twice | self.never)
        self.assertEqual(self._invoices("collection_level_id", "in", [self.first.id, False]), self.once | self.never)
        self.assertEqual(self._invoices("collection_level_id", "not in", [self.first.id, False]), self.twice)

    def test_invoices_never_reminded_and_those_that_were(self):
        self.assertEqual(self._invoices("collection_reminder_date", "=", False), self.never)
        self.assertEqual(self._invoices("collection_reminder_date", "!=", False), self.twice | self.once)
        self.assertEqual(self._invoices("collection_reminder_date", ">=", day(2)), self.twice | self.once)
        self.assertFalse(self._invoices("collection_reminder_date", "<", day(2)))

    def test_invoices_are_grouped_by_level(self):
        groups = self.env["account.move"]._read_group(
            [("id", "in", (self.twice | self.once | self.never).ids)], ["collection_level_id"], ["amount_residual:sum"]
        )
        self.assertEqual(
            set(groups), {(self.first, 100.0), (self.second, 100.0), (self.plan.level_ids.browse(), 100.0)}
        )

    def test_customers_are_found_by_level_and_reminder(self):
        self.assertEqual(self._partners("collection_level_id", "=", self.first.id), ["Reminded once"])
        self.assertEqual(self._partners("collection_level_id", "!=", False), ["Reminded once", "Reminded twice"])
        self.assertEqual(self._partners("collection_reminder_date", "=", False), ["Never reminded"])
        self.assertEqual(self._partners("collection_reminder_date", ">", day(1)), ["Reminded once", "Reminded twice"])

    def test_nothing_of_it_is_a_column_of_the_ledger(self):
        self.env.cr.execute(
            """SELECT column_name FROM information_schema.columns
                WHERE table_name IN (
                          'account_move', 'account_move_line', 'account_partial_reconcile', 'account_payment')
                  AND column_name LIKE 'collection%'"""
        )
        self.assertEqual(self.env.cr.fetchall(), [])
