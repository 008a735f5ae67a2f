"""What promises do to the decision: nothing is chased of what is promised, and a broken word leads to a call."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import Decided, day
from .outbox_case import OutboxCase
from .promise_case import PromiseCase


@tagged("post_install", "-at_install")
class TestWhileAPromiseHolds(PromiseCase):
    """What is promised is not chased up to the last day of grace; the rest is."""

    def test_nothing_of_it_is_claimed_until_its_last_day(self):
        self.assert_decided(self.invoice, "level", "Rappel", 1000)
        self.note()
        self.assert_decided(self.invoice, "promised", claim=0, next_date=day(7))
        self.set_today(day(7))
        self.assert_decided(self.invoice, "promised", claim=0, next_date=day(7))
        self.set_today(day(8))
        self.assertEqual(self.decision_of(self.invoice).claim, 1000)

    def test_the_rest_is_chased(self):
        self.note(400)
        self.assert_decided(self.invoice, "level", "Rappel", 600)
        self.assertEqual(self.decision_of(self.invoice).promised, 400)

    def test_what_was_paid_of_it_is_not_counted_twice(self):
        self.note(400)
        self.pay(self.invoice, 150)
        decision = self.decision_of(self.invoice)
        self.assertEqual((decision.residual, decision.promised, decision.claim), (850, 250, 600))

    def test_once_kept_it_takes_nothing_more(self):
        self.note(400)
        self.pay(self.invoice, 400)
        decision = self.decision_of(self.invoice)
        self.assertEqual((decision.residual, decision.promised, decision.claim), (600, 0, 600))

    def test_a_payment_that_is_undone_is_promised_again(self):
        self.note(400)
        self.pay(self.invoice, 400)
        self.undo_reconciliation(self.invoice)
        self.assertEqual(self.decision_of(self.invoice).promised, 400)

    def test_money_in_sight_comes_first(self):
        self.note()
        self.receive_payment_without_entry(self.partner, 300, invoices=self.invoice)
        decision = self.decision_of(self.invoice)
        self.assertEqual((decision.settling, decision.promised, decision.claim), (300, 700, 0))

    def test_of_the_whole_account_the_oldest_items_first(self):
        other = self.make_invoice(self.partner, 600, due=day(-4))
        self.note_on_account(1200)
        self.assert_decided(self.invoice, "promised", claim=0)
        self.assert_decided(other, "level", "Rappel", 400)

    def test_it_goes_to_items_that_would_be_chased(self):
        other = self.make_invoice(self.partner, 600, due=day(-4))
        self.invoice.action_toggle_block_payment()
        self.note_on_account(600)
        self.assertEqual(self.decide()[other.name].claim, 0)

    def test_a_promise_on_an_item_comes_before_one_on_the_account(self):
        other = self.make_invoice(self.partner, 600, due=day(-4))
        self.note(700)
        self.note_on_account(500, on=9)
        self.assertEqual((self.decide()[self.invoice.name].claim, self.decide()[other.name].claim), (0, 400))

    def test_promises_of_several_items_are_spread_over_them(self):
        other = self.make_invoice(self.partner, 600, due=day(-4))
        self.note(1300, items=self.item | self.item_of(other))
        self.assertEqual((self.decide()[self.invoice.name].claim, self.decide()[other.name].claim), (0, 300))

    def test_two_promises_of_one_item_add_up(self):
        self.note(600, on=9)
        self.note(300, on=5)
        self.assert_decided(self.invoice, "level", "Rappel", 100)

    def test_a_promise_in_dollars_covers_no_euro(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        in_dollars = self.make_invoice(self.partner, 500, due=day(-5), currency=dollar)
        self.note(500, items=self.item_of(in_dollars))
        self.assertEqual((self.decide()[self.invoice.name].claim, self.decide()[in_dollars.name].claim), (1000, 0))

    def test_another_customer_is_chased_all_the_same(self):
        other = self.make_invoice(self.make_partner("Garage Roux"), 600, due=day(-5))
        self.note_on_account(1000)
        self.assert_decided(other, "level", "Rappel", 600)

    def test_cancelled_it_holds_nothing_back(self):
        self.note()._cancel("Noted on the wrong customer")
        self.assert_decided(self.invoice, "level", "Rappel", 1000)

    def test_a_reminder_in_preparation_is_decided_again(self):
        reminder = self.plan_run().reminder_ids
        self.note(400)
        self.assertEqual((reminder.state, reminder.line_ids.claim), ("approved", 600))
        self.note(600)
        self.assertEqual(reminder.state, "cancelled")
        self.assertIn("promised", reminder.cancel_reason)

    def test_one_debtor_is_decided_as_the_whole_company_is(self):
        self.note(400)
        self.make_invoice(self.make_partner("Garage Roux"), 600, due=day(-5))
        [live] = self.decisions(debtors=self.debtor)
        self.assertEqual((live.claim, live.promised), (600, 400))

    def test_it_is_said_in_words(self):
        self.note()
        decision = self.decision_of(self.invoice)
        self.assertIn("is promised", decision.summary)


@tagged("post_install", "-at_install")
class TestABrokenPromiseLeadsToTheCall(PromiseCase):
    """On the next working day, whatever the day of the call and the rest, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.rest_days = 7
        # Reminded on Tuesday 10 March; the promise for Friday 13 holds until Sunday 15.
        cls.run_and_send()
        cls.promise = cls.note(on=3)

    def decided(self, on):
        return self.decide(day(on))[self.invoice.name]

    def test_on_monday(self):
        self.assertEqual(self.decided(5), Decided("promised", None, 0, day(5)))
        self.assertEqual(self.decided(6), Decided("level", "Appel", 1000, day(6)))

    def test_not_on_a_day_off(self):
        promise = self.note_another(on=8)  # until Friday 20 March
        self.assertEqual(self.decided(11), Decided("waiting", "Appel", 1000, day(13)))
        self.assertEqual(self.decided(13), Decided("level", "Appel", 1000, day(13)))
        self.assertEqual(promise.last_day, day(10))

    def note_another(self, on):
        self.promise._cancel("Another day")
        return self.note(on=on)

    def test_it_is_said_in_words(self):
        decision = self.decisions(day(6))
        self.assertEqual(decision.detail, "broken_promise")
        self.assertIn("A promise was broken: the step “Appel” comes forward.", decision.explanation)

    def test_once(self):
        self.set_today(day(6))
        self.run_and_send()
        self.assertEqual(self.item.level_id.name, "Appel")
        self.assertEqual(self.decided(7).level, "Dernier rappel")
        self.assertEqual(self.decided(25).decision, "level")

    def test_for_ninety_days(self):
        self.assertEqual(self.decided(5 + 90).level, "Appel")
        self.assertEqual(self.decided(5 + 91).level, "Relance")

    def test_a_part_that_is_missing_too(self):
        self.pay(self.invoice, 400, on=day(2))
        self.assertEqual(self.decided(6), Decided("level", "Appel", 600, day(6)))

    def test_kept_it_leads_nowhere(self):
        other = self.make_invoice(self.partner, 500, due=day(-5))
        self.pay(self.invoice, 1000, on=day(2))
        self.assertEqual(self.decide(day(6))[other.name].level, "Rappel")

    def test_kept_late_the_plan_goes_on_as_before(self):
        partial_promise = self.note_another_amount(400)
        self.set_today(day(8))
        self.pay(self.invoice, 400)
        self.assertEqual(self.found(partial_promise)[0], "kept_late")
        self.assertEqual(self.decided(8).level, "Relance")

    def note_another_amount(self, amount):
        self.promise._cancel("Another amount")
        return self.note(amount, on=3)

    def test_money_that_waits_to_be_allocated_covers_it(self):
        self.receive_payment(self.partner, 1000, on=day(4))
        self.set_today(day(6))
        self.assertEqual(self.decided(6).decision, "covered")

    def test_an_item_already_called_goes_on_with_its_plan(self):
        appel = self.plan.level_ids.filtered("after_broken_promise")
        self.item.write({"level_id": appel.id, "level_date": day(0)})
        self.assertEqual(self.decided(6).level, "Dernier rappel")

    def test_what_was_sent_since_ends_it(self):
        relance = self.plan.level_ids.filtered(lambda level: level.name == "Relance")
        self.item.write({"level_id": relance.id, "level_date": day(9)})
        self.set_today(day(9))
        self.assertEqual(self.decided(10).decision, "waiting")
        self.assertEqual(self.decided(10).next_date, day(15))

    def test_a_new_promise_takes_its_place(self):
        self.set_today(day(7))
        self.note(400, on=20)
        self.assertEqual((self.decided(8).level, self.decided(8).claim), ("Relance", 600))

    def test_of_the_whole_account_every_item_late_by_then_comes_to_it(self):
        self.promise._cancel("The whole account")
        late = self.make_invoice(self.partner, 500, due=day(-5))
        to_come = self.make_invoice(self.partner, 700, due=day(30))
        self.note_on_account(1200, on=3)
        found = self.decide(day(6))
        self.assertEqual((found[self.invoice.name].level, found[late.name].level), ("Appel", "Appel"))
        self.assertEqual(found[to_come.name].decision, "waiting")

    def test_without_such_a_level_the_plan_goes_on_as_before(self):
        self.plan.level_ids.after_broken_promise = False
        self.assertEqual(self.decided(6), Decided("waiting", "Relance", 1000, day(7)))

    def test_what_stops_reminders_stops_this_one_too(self):
        self.debtor.write({"pause_until": day(20), "pause_reason": "Holidays"})
        self.assertEqual(self.decided(6).decision, "paused")

    def test_a_debtor_handled_by_a_person_stays_so(self):
        self.debtor.chase = "manual"
        self.assertEqual(self.decided(6).decision, "manual")

    def test_ninety_days_later_it_is_forgotten(self):
        self.assertEqual(self.decided(5 + 90).level, "Appel")
        self.assertEqual(self.decided(5 + 91).level, "Relance")


@tagged("post_install", "-at_install")
class TestPromisesAsOfADay(PromiseCase):
    """Asked about another day, the decision knows what had been promised, paid and cancelled by then."""

    def test_before_it_was_noted_it_did_not_hold(self):
        self.set_today(day(2))
        self.note(on=5)
        self.assertEqual(self.decide(day(1))[self.invoice.name].claim, 1000)
        self.assertEqual(self.decide(day(2))[self.invoice.name].claim, 0)

    def test_a_day_to_come_is_after_its_last_day(self):
        self.note()
        self.assertEqual(self.decide(day(7))[self.invoice.name].decision, "promised")
        self.assertEqual(self.decide(day(8))[self.invoice.name].claim, 1000)

    def test_what_was_paid_later_was_still_promised(self):
        self.note(400)
        self.set_today(day(6))
        self.pay(self.invoice, 400)
        decision = self.decisions(day(3)).filtered(lambda decision: decision.move_id == self.invoice)
        self.assertEqual((decision.residual, decision.promised, decision.claim), (1000, 400, 600))

    def test_cancelled_since_it_held_on_that_day(self):
        promise = self.note()
        self.set_today(day(4))
        promise._cancel("The customer withdrew it")
        self.assertEqual(self.decide(day(3))[self.invoice.name].decision, "promised")
        self.assertEqual(self.decide(day(4))[self.invoice.name].claim, 1000)


@tagged("post_install", "-at_install")
class TestPromisesAreReadEveryHour(PromiseCase, OutboxCase):
    """The scheduled job reads all promises watched; one that cannot be read never keeps the rest from being."""

    def read_outcomes(self):
        self.in_transaction(lambda env: env["collection.promise"]._cron_read_outcomes())

    def test_every_customers_promises(self):
        other = self.make_invoice(self.make_partner("Garage Roux"), 500, due=day(-5))
        debtor = self.debtor_of(other.partner_id)
        first = self.note()
        second = self.note(500, items=self.item_of(other), debtor_id=debtor.id)
        self.pay(self.invoice, 1000)
        self.set_today(day(9))
        self.read_outcomes()
        self.assertEqual((first.state, second.state), ("kept", "broken"))

    def test_a_bad_one_does_not_stop_the_others(self):
        other = self.make_invoice(self.make_partner("Garage Roux"), 500, due=day(-5))
        debtor = self.debtor_of(other.partner_id)
        first = self.note()
        second = self.note(500, items=self.item_of(other), debtor_id=debtor.id)
        self.set_today(day(9))
        Promise = self.registry["collection.promise"]
        record = Promise._record_outcome
        bad = first.id

        def failing(promise, outcome):
            if promise.id == bad:
                raise ValueError("bad promise")
            return record(promise, outcome)

        with (
            patch.object(Promise, "_record_outcome", failing),
            mute_logger("odoo.addons.credit_collection.models.collection_debtor_promises"),
        ):
            self.read_outcomes()
        self.assertEqual((first.state, second.state), ("open", "broken"))

    def test_an_invoice_that_left_the_ledger_leaves_the_promise_void(self):
        promise = self.note()
        self.item.move_line_id = False
        self.read_outcomes()
        self.assertEqual(promise.state, "cancelled")

    def test_what_is_more_than_a_year_old_is_left_alone(self):
        promise = self.note()
        self.set_today(day(400))
        self.pay(self.invoice, 1000)
        self.read_outcomes()
        self.assertEqual(promise.state, "open")
        self.assertEqual(self.found(promise), ("kept_late", 1000))

    def test_the_plans_that_are_shipped_call_after_a_broken_promise(self):
        levels = (
            self.env["collection.level"].with_context(active_test=False).search([("after_broken_promise", "=", True)])
        )
        shipped = levels.filtered(lambda level: level.plan_id.get_external_id()[level.plan_id.id])
        self.assertEqual(len(shipped), 5)
        self.assertEqual(set(shipped.mapped("name")), {"Call"})

    def test_two_levels_after_a_broken_promise_the_first_not_reached_counts(self):
        self.plan.write(
            {"level_ids": [Command.update(level.id, {"after_broken_promise": True}) for level in self.plan.level_ids]}
        )
        self.run_and_send()
        self.note(on=3)
        self.assertEqual(self.decide(day(6))[self.invoice.name].level, "Relance")
