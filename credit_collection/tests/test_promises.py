"""What becomes of a promise: found in the reconciliations, never typed."""

from datetime import timedelta

from odoo.tests import tagged

from .common import day
from .promise_case import PromiseCase


@tagged("post_install", "-at_install")
class TestWhatBecomesOfAPromise(PromiseCase):
    """1 000.00 promised for the 15th, which holds until the 17th."""

    def test_it_is_open_until_its_last_day_and_broken_the_day_after(self):
        promise = self.note()
        self.assertEqual((promise.date, promise.last_day), (day(5), day(7)))
        self.assertEqual(self.found(promise, on=7), ("open", 0))
        self.assertEqual(self.found(promise, on=8), ("broken", 0))
        self.assertEqual((promise.outcome_date, promise.missing_amount), (day(8), 1000))

    def test_paid_early_it_is_kept_at_once(self):
        promise = self.note()
        self.pay(self.invoice, 1000, on=day(1))
        self.assertEqual(self.found(promise, on=1), ("kept", 1000))
        self.assertEqual((promise.settled_on, promise.outcome_date, promise.missing_amount), (day(1), day(1), 0))

    def test_paid_on_its_last_day_it_is_kept(self):
        promise = self.note()
        self.pay(self.invoice, 1000, on=day(7))
        self.assertEqual(self.found(promise, on=12), ("kept", 1000))

    def test_paid_the_day_after_it_is_kept_late(self):
        promise = self.note()
        self.assertEqual(self.found(promise, on=8), ("broken", 0))
        self.pay(self.invoice, 1000)
        self.assertEqual(self.found(promise), ("kept_late", 1000))
        self.assertEqual(promise.settled_on, day(8))

    def test_paid_in_part_it_is_partly_kept_then_kept_late(self):
        promise = self.note()
        self.pay(self.invoice, 300, on=day(4))
        self.assertEqual(self.found(promise, on=7), ("open", 300))
        self.assertEqual(self.found(promise, on=8), ("partly", 300))
        self.assertEqual(promise.missing_amount, 700)
        self.pay(self.invoice, 700)
        self.assertEqual(self.found(promise), ("kept_late", 1000))

    def test_too_much_keeps_it_for_its_own_amount(self):
        promise = self.note(400)
        self.pay(self.invoice, 1000, on=day(2))
        self.assertEqual(self.found(promise, on=2), ("kept", 400))

    def test_a_reconciliation_undone_reopens_it(self):
        promise = self.note()
        self.pay(self.invoice, 1000, on=day(1))
        self.assertEqual(self.found(promise, on=2), ("kept", 1000))
        self.undo_reconciliation(self.invoice)
        self.assertEqual(self.found(promise), ("open", 0))
        self.assertFalse(promise.settled_on)

    def test_a_payment_that_bounces_breaks_it(self):
        promise = self.note()
        payment = self.pay(self.invoice, 1000, on=day(1))
        self.assertEqual(self.found(promise, on=9), ("kept", 1000))
        self.undo_reconciliation(self.invoice)
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self.found(promise), ("broken", 0))

    def test_money_that_waits_to_be_allocated_does_not_let_it_be_called_broken(self):
        promise = self.note()
        payment = self.receive_payment(self.partner, 1000, on=day(6))
        self.assertEqual(self.found(promise, on=10), ("open", 0))
        self.assertTrue(promise.awaits_allocation)
        self.reconcile(self.invoice, payment.move_id)
        self.assertEqual(self.found(promise), ("kept", 1000))
        self.assertFalse(promise.awaits_allocation)

    def test_nor_does_a_line_of_the_bank(self):
        promise = self.note()
        self.receive_in_bank(1000, on=day(6), partner=self.partner)
        self.assertEqual(self.found(promise, on=10), ("open", 0))

    def test_less_than_promised_waiting_is_not_enough(self):
        promise = self.note()
        self.receive_payment(self.partner, 999, on=day(6))
        self.assertEqual(self.found(promise, on=10), ("broken", 0))

    def test_what_came_before_it_was_noted_does_not_keep_it(self):
        self.pay(self.invoice, 300)
        promise = self.note(700)
        self.assertEqual(self.found(promise, on=3), ("open", 0))
        self.pay(self.invoice, 700, on=day(3))
        self.assertEqual(self.found(promise), ("kept", 700))

    def test_a_payment_of_before_entered_since_keeps_it(self):
        promise = self.note()
        self.pay(self.invoice, 1000, on=day(-1))
        self.assertEqual(self.found(promise, on=1), ("kept", 1000))

    def test_paid_in_another_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        self.env["res.currency.rate"].create({"currency_id": dollar.id, "name": day(-60), "rate": 1.25})
        invoice = self.make_invoice(self.partner, 1000, due=day(-5), currency=dollar)
        promise = self.note(1000, items=self.item_of(invoice))
        payment = self.receive_payment(self.partner, 400, on=day(2))
        self.reconcile(invoice, payment.move_id)
        self.assertEqual(self.found(promise, on=3), ("open", 500))
        payment = self.receive_payment(self.partner, 500, on=day(4), currency_id=dollar.id)
        self.reconcile(invoice, payment.move_id)
        self.assertEqual(self.found(promise, on=4), ("kept", 1000))

    def test_several_invoices_are_promised_together_and_paid_in_any_order(self):
        other = self.make_invoice(self.partner, 500, due=day(10))
        promise = self.note(1200, items=self.item | self.item_of(other))
        self.pay(other, 500, on=day(1))
        self.assertEqual(self.found(promise, on=1), ("open", 500))
        self.pay(self.invoice, 700, on=day(3))
        self.assertEqual(self.found(promise, on=3), ("kept", 1200))

    def test_of_the_whole_account_any_payment_keeps_it(self):
        promise = self.note_on_account(600)
        other = self.make_invoice(self.partner, 500, due=day(10))
        self.pay(other, 500, on=day(2))
        self.pay(self.invoice, 100, on=day(3))
        self.assertEqual(self.found(promise, on=3), ("kept", 600))

    def test_each_euro_keeps_one_promise_the_first_due_first(self):
        second = self.note(400, on=8)
        first = self.note(600, on=5)
        self.pay(self.invoice, 700, on=day(2))
        self.assertEqual((self.found(first, on=2), self.found(second)), (("kept", 600), ("open", 100)))

    def test_broken_it_gives_way_to_the_next_promise_about_the_same_money(self):
        broken = self.note()
        self.assertEqual(self.found(broken, on=9), ("broken", 0))
        again = self.note(on=14)
        self.pay(self.invoice, 1000, on=day(13))
        self.assertEqual((self.found(broken, on=14), self.found(again)), (("broken", 0), ("kept", 1000)))
        self.assertEqual(broken.replaced_on, day(9))

    def test_the_next_one_cancelled_the_first_may_be_kept_late(self):
        broken = self.note()
        self.found(broken, on=9)
        self.note(on=14)._cancel("Noted by mistake")
        self.pay(self.invoice, 1000, on=day(13))
        self.assertEqual(self.found(broken, on=14), ("kept_late", 1000))
        self.assertFalse(broken.replaced_on)


@tagged("post_install", "-at_install")
class TestSettledOtherwise(PromiseCase):
    """A credit note is no payment: it neither keeps a promise nor breaks it."""

    def credit(self, amount, on):
        note = self.make_credit_note(self.partner, amount, issued=day(on))
        self.reconcile(self.invoice, note)

    def test_a_credit_note_for_all_of_it_makes_it_void(self):
        promise = self.note()
        self.credit(1000, on=3)
        self.assertEqual(self.found(promise, on=4), ("cancelled", 0))
        self.assertEqual(promise.settled_otherwise, 1000)
        self.assertEqual(promise.cancel_reason, "Nothing was left to pay: a credit note or another entry settled it.")
        self.assertFalse(promise.cancelled_by_id)

    def test_undone_it_is_open_again(self):
        promise = self.note()
        self.credit(1000, on=3)
        self.found(promise, on=4)
        self.undo_reconciliation(self.invoice)
        self.assertEqual(self.found(promise), ("open", 0))
        self.assertEqual((promise.settled_otherwise, promise.cancel_reason, promise.outcome_date), (0, False, False))

    def test_for_a_part_the_rest_keeps_it(self):
        promise = self.note()
        self.credit(200, on=3)
        self.pay(self.invoice, 800, on=day(4))
        self.assertEqual(self.found(promise, on=4), ("kept", 800))
        self.assertEqual((promise.settled_otherwise, promise.missing_amount), (200, 0))

    def test_what_is_left_unpaid_breaks_it(self):
        promise = self.note()
        self.credit(200, on=3)
        self.assertEqual(self.found(promise, on=8), ("broken", 0))
        self.assertEqual(promise.missing_amount, 800)

    def test_of_more_than_was_promised_it_takes_nothing_of_it(self):
        promise = self.note(300)
        self.credit(600, on=3)
        self.assertEqual(self.found(promise, on=4), ("open", 0))
        self.assertEqual(promise.settled_otherwise, 0)

    def test_after_it_was_broken_it_changes_nothing(self):
        promise = self.note()
        self.credit(1000, on=12)
        self.assertEqual(self.found(promise, on=13), ("broken", 0))


@tagged("post_install", "-at_install")
class TestPromisesToDo(PromiseCase):
    """The cards show promises whose day has come, and those that were not kept until somebody dealt with them."""

    def count(self, code):
        todo = self.env["collection.todo"].search([("code", "=", code)])
        todo.invalidate_recordset()
        return todo.count

    def test_due_on_its_day_then_broken(self):
        promise = self.note()
        self.found(promise, on=4)
        self.assertEqual((self.count("promise_due"), self.count("promise_broken")), (0, 0))
        self.found(promise, on=5)
        self.assertEqual((self.count("promise_due"), self.count("promise_broken")), (1, 0))
        self.found(promise, on=8)
        self.assertEqual((self.count("promise_due"), self.count("promise_broken")), (0, 1))
        promise.action_deal_with()
        self.assertEqual(self.count("promise_broken"), 0)

    def test_a_broken_one_is_history_after_ninety_days(self):
        promise = self.note()
        self.found(promise, on=7 + 90)
        self.assertEqual(self.count("promise_broken"), 1)
        self.found(promise, on=7 + 91)
        self.assertEqual(self.count("promise_broken"), 0)

    def test_a_broken_one_that_was_promised_anew_waits_for_nobody(self):
        self.found(self.note(), on=9)
        self.note(on=14)
        self.debtor._refresh_promises()
        self.assertEqual(self.count("promise_broken"), 0)


@tagged("post_install", "-at_install")
class TestPromisesOnTheTimeline(PromiseCase):
    """The customer's timeline tells what was promised and what became of it."""

    def entries(self):
        timeline = self.env["collection.timeline"].with_context(collection_debtor_ids=self.debtor.ids)
        timeline.invalidate_model()
        found = timeline.search([("res_model", "=", "collection.promise")], order="date, id")
        return [(entry.kind, entry.date.date(), entry.amount) for entry in found]

    def test_a_promise_and_its_outcome(self):
        promise = self.note(note="By transfer")
        self.assertEqual(self.entries(), [("promise", day(0), 1000)])
        self.found(promise, on=8)
        self.assertEqual(self.entries(), [("promise", day(0), 1000), ("promise_broken", day(8), 1000)])
        self.pay(self.invoice, 1000)
        self.found(promise, on=9)
        self.assertEqual(self.entries(), [("promise", day(0), 1000), ("promise_kept", day(8), 1000)])
        self.assertEqual(promise.settled_on - timedelta(days=1), promise.last_day)
