"""The list of receipts, with the step that came before each."""

from odoo.tests import new_test_user, tagged

from .common import day
from .promise_case import PromiseCase


@tagged("post_install", "-at_install")
class TestReceiptsAndWhatCameBefore(PromiseCase):
    """What brought the money in: nothing, a reminder, or a promise."""

    def receipts(self, **conditions):
        self.env.flush_all()
        found = self.env["collection.receipt"].search(
            [("debtor_id", "=", self.debtor.id), *((name, "=", value) for name, value in conditions.items())],
            order="date, id",
        )
        found.invalidate_recordset()
        return found

    def told(self):
        """[(date, amount, what came before, step, days since)] of the customer's receipts."""
        return [
            (each.date, each.amount, each.came_after, each.level_id.name or None, each.days_since)
            for each in self.receipts()
        ]

    def test_late_without_a_reminder(self):
        self.pay(self.invoice, 400, on=day(1))
        self.assertEqual(self.told(), [(day(1), 400, "unprompted", None, 0)])
        self.assertEqual((self.receipts().days_late, self.receipts().move_id), (6, self.invoice))

    def test_on_time(self):
        invoice = self.make_invoice(self.partner, 300, due=day(20))
        self.pay(invoice, 300, on=day(2))
        self.assertEqual(self.told(), [(day(2), 300, "before_due", None, 0)])

    def test_after_the_last_reminder(self):
        self.run_and_send()
        self.set_today(day(7))
        self.pay(self.invoice, 100, on=day(4))
        self.run_and_send()
        self.pay(self.invoice, 900, on=day(9))
        self.assertEqual(self.told(), [(day(4), 100, "reminded", "Rappel", 4), (day(9), 900, "reminded", "Relance", 2)])

    def test_after_a_promise_that_followed_the_reminder(self):
        self.run_and_send()
        self.set_today(day(1))
        promise = self.note()
        self.pay(self.invoice, 1000, on=day(5))
        self.assertEqual(self.told(), [(day(5), 1000, "promised", "Rappel", 5)])
        self.assertEqual(self.receipts().promise_id, promise)

    def test_a_promise_cancelled_before_it_brought_nothing(self):
        self.note()._cancel("Withdrawn")
        self.pay(self.invoice, 1000, on=day(5))
        self.assertEqual(self.told(), [(day(5), 1000, "unprompted", None, 0)])

    def test_a_credit_note_is_no_receipt(self):
        self.reconcile(self.invoice, self.make_credit_note(self.partner, 200))
        self.assertEqual(self.told(), [])

    def test_nor_is_a_payment_taken_back(self):
        payment = self.receive_payment(self.partner, 500)
        back = self.make_entry(self.partner, 500, self.account("411"), on=day(2), journal=self.bank)
        self.reconcile(payment.move_id, back)
        self.assertEqual(self.told(), [])

    def test_undone_it_is_gone(self):
        self.pay(self.invoice, 400, on=day(1))
        self.undo_reconciliation(self.invoice)
        self.assertEqual(self.told(), [])

    def test_amounts_are_summed_by_step(self):
        self.pay(self.invoice, 100, on=day(0))
        self.run_and_send()
        self.pay(self.invoice, 900, on=day(3))
        self.env.flush_all()
        sums = self.env["collection.receipt"]._read_group(
            [("debtor_id", "=", self.debtor.id), ("date", ">=", day(-30))], ["came_after"], ["amount_company:sum"]
        )
        self.assertEqual(dict(sums), {"unprompted": 100, "reminded": 900})

    def test_a_collector_sees_those_of_his_portfolio_alone(self):
        self.pay(self.invoice, 400, on=day(1))
        group = "base.group_user,credit_collection.group_collection_collector"
        mine, theirs = (new_test_user(self.env, login, group) for login in ("mine", "theirs"))
        self.company.collection_own_debtors_only = True
        self.debtor.user_id = mine
        self.env.flush_all()
        Receipt = self.env["collection.receipt"]
        amounts = [
            Receipt.with_user(user).search([("debtor_id", "=", self.debtor.id)]).mapped("amount")
            for user in (mine, theirs)
        ]
        self.assertEqual(amounts, [[400], []])
