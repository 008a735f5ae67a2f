"""What a person with the right gives up, why, and back again."""

from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .charges_case import LATE, NOTHING, ChargesCase

DUE = date(2026, 5, 31)
JUNE = date(2026, 6, 30)


@tagged("post_install", "-at_install")
class TestWaiving(ChargesCase):
    """Interest, the lump sum or both of an item are waived up to a day or for good, with a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.make_invoice(cls.partner, 10000, due=DUE)
        cls.item = cls.item_of(cls.invoice)

    def waive(self, scope="both", until=JUNE, reason="Our own error", user=None):
        waivers = self.env["collection.interest.waiver"]
        items = self.item
        if user:
            waivers, items = waivers.with_user(user), items.with_user(user)
        return waivers._waive(items, scope, until, reason)

    def test_interest_up_to_a_day_leaves_the_days_that_follow(self):
        self.waive("interest")
        self.assertEqual(self.left_of(self.invoice), (Decimal("210.63"), Decimal(40)))
        self.assertEqual(self.claim_of(self.invoice).reason, "Interest waived up to 06/30/2026: Our own error")

    def test_for_good_leaves_nothing_to_come(self):
        self.waive(until=False)
        self.assertEqual(self.left_of(self.invoice, date(2026, 12, 31)), NOTHING)
        self.assertIn("Interest waived for good: Our own error", self.claim_of(self.invoice).reason)

    def test_the_lump_sum_alone(self):
        self.waive("lump_sum")
        self.assertEqual(self.left_of(self.invoice), (Decimal("310.49"), Decimal(0)))

    def test_of_one_instalment_the_lump_sum_of_the_invoice(self):
        invoice = self.make_invoice(
            self.partner, 10000, instalments=[(4000, date(2026, 5, 31)), (6000, date(2026, 6, 30))]
        )
        self.decisions()
        decisions = self.decisions().filtered(lambda decision: decision.move_id == invoice)
        self.item = self.env["collection.item"]._ensure_for(decisions)[:1]
        self.waive("lump_sum")
        self.assertEqual([claim.lump_sum for claim in self.claims_of_lines(invoice)], [Decimal(0), Decimal(0)])

    def test_taken_back_it_is_claimed_again(self):
        waiver = self.waive()
        waiver.action_revoke()
        self.assertEqual(self.left_of(self.invoice), (Decimal("310.49"), Decimal(40)))
        self.assertEqual((waiver.revoked_on, waiver.revoked_by_id), (LATE, self.env.user))

    def test_the_amount_waived_is_kept_as_it_stood(self):
        waiver = self.waive()
        self.assertEqual((waiver.interest, waiver.lump_sum, waiver.date), (99.86, 40, LATE))

    def test_what_is_waived_is_not_invoiced(self):
        self.waive()
        self.assertEqual(self.charge(self.invoice).amount_total, 210.63)

    def test_without_a_reason_it_is_refused(self):
        with self.assertRaisesRegex(UserError, "Say why it is waived."):
            self.waive(reason="  ")

    def test_the_customers_page_tells_both(self):
        self.waive().action_revoke()
        taken_back, waived = self.item.debtor_id.message_ids[:2].mapped("body")
        self.assertIn("Our own error", waived)
        self.assertIn("interest up to 06/30/2026 (99.86", waived)
        self.assertIn("Waiver taken back", taken_back)
        self.assertEqual(len(self.item.debtor_id.interest_waiver_ids), 1)

    def test_a_collector_needs_the_right(self):
        collector = self.make_user("collector")
        with self.assertRaisesRegex(AccessError, "Waiving interest is a right of its own"):
            self.waive(user=collector)
        collector.group_ids = [Command.link(self.env.ref("credit_collection.group_collection_waiver").id)]
        self.assertEqual(self.waive(user=collector).user_id, collector)

    def test_a_manager_has_it(self):
        manager = self.make_user("manager", "manager")
        self.waive(user=manager).with_user(manager).action_revoke()
        self.assertEqual(self.left_of(self.invoice), (Decimal("310.49"), Decimal(40)))

    def test_nobody_writes_one_by_hand(self):
        waiver = self.waive()
        manager = self.make_user("manager", "manager")
        for action in (lambda own: own.write({"until": LATE}), lambda own: own.unlink(), lambda own: own.copy()):
            with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
                action(waiver.with_user(manager))

    def test_from_the_customers_page_for_what_is_late(self):
        action = self.item.debtor_id.action_waive_interest()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.item_ids, self.item)
        wizard.write({"scope": "both", "for_good": True, "reason": "Lost parcel"})
        wizard.action_waive()
        self.assertEqual(self.left_of(self.invoice), NOTHING)


@tagged("post_install", "-at_install")
class TestFigures(ChargesCase):
    """What was claimed, invoiced, collected and waived is a figure, by customer, month, collector and rule."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.make_invoice(cls.partner, 10000, due=DUE)

    def test_invoiced_once_it_is_posted(self):
        move = self.charge(self.invoice)
        self.assertEqual(self.figures_of(self.invoice), (0, 0, 0, 0))
        move.invoice_date = LATE
        move.action_post()
        self.assertEqual(self.figures_of(self.invoice), (0, 350.49, 0, 0))

    def test_collected_as_the_bank_receives_it(self):
        move = self.charge(self.invoice)
        move.invoice_date = LATE
        move.action_post()
        self.pay(move, 350.49)
        self.assertEqual(self.figures_of(self.invoice), (0, 350.49, 350.49, 0))

    def test_collected_in_part_is_shared_out(self):
        move = self.charge(self.invoice)
        move.invoice_date = LATE
        move.action_post()
        # A tenth of 350.49.
        self.pay(move, 35.05)
        facts = self.env["collection.interest.fact"].search([("status", "=", "invoiced")])
        self.assertEqual(
            sorted((fact.kind, round(fact.collected, 2)) for fact in facts), [("interest", 31.05), ("lump_sum", 4.0)]
        )

    def test_credited_it_is_neither_invoiced_nor_collected(self):
        move = self.charge(self.invoice)
        move.invoice_date = LATE
        move.action_post()
        self.credit(move)
        self.assertEqual(self.figures_of(self.invoice), (0, 0, 0, 0))
        statuses = self.env["collection.interest.fact"].search([]).mapped("status")
        self.assertEqual(set(statuses), {"cancelled"})

    def test_waived(self):
        self.env["collection.interest.waiver"]._waive(self.item_of(self.invoice), "both", JUNE, "A favour")
        self.assertEqual(self.figures_of(self.invoice), (0, 0, 0, 139.86))

    def test_claimed_by_the_last_reminder_alone(self):
        self.make_plan(
            levels=[("Relance", 12, {"claim_interest": "amount"}), ("Dernière", 100, {"claim_interest": "amount"})]
        )
        self.run_and_send()
        self.assertEqual(self.figures_of(self.invoice)[0], 350.49)
        self.set_today(date(2026, 9, 30))
        self.run_and_send()
        # 30 more days at 12.40 % of 10 000: 412.41 in all, and 40 once.
        self.assertEqual(self.figures_of(self.invoice)[0], 452.41)

    def test_by_month_collector_and_rule(self):
        collector = self.make_user("collector")
        self.debtor_of(self.partner).user_id = collector
        move = self.charge(self.invoice)
        move.invoice_date = LATE
        move.action_post()
        groups = self.env["collection.interest.fact"]._read_group(
            [], ["date:month", "user_id", "rule_id"], ["invoiced:sum"]
        )
        self.assertEqual(groups, [(date(2026, 8, 1), collector, self.rules["fr_business"], 350.49)])

    def test_in_the_companys_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create({"currency_id": dollar.id, "rate": 1.25, "name": date(2026, 1, 1)})
        invoice = self.make_invoice(self.make_partner("Acme"), 5000, due=DUE, currency=dollar)
        moves = self.charge(invoice)
        moves.invoice_date = LATE
        moves.action_post()
        # 155.25 dollars are 124.20 euros.
        self.assertEqual(self.figures_of(invoice), (0, 164.20, 0, 0))

    def test_a_collector_sees_those_of_his_own_customers(self):
        self.company.collection_own_debtors_only = True
        self.charge(self.invoice)
        mine, other = self.make_user("mine"), self.make_user("other")
        self.debtor_of(self.partner).user_id = mine
        for model in ("collection.interest.fact", "collection.interest.charge"):
            self.assertEqual(len(self.env[model].with_user(mine).search([])), 2)
            self.assertFalse(self.env[model].with_user(other).search([]))

    def test_another_company_sees_nothing_of_it(self):
        self.charge(self.invoice)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        manager = self.make_user(
            "manager", "manager", company_id=elsewhere.id, company_ids=[Command.set(elsewhere.ids)]
        )
        for model in ("collection.interest.fact", "collection.interest.charge"):
            self.assertFalse(self.env[model].with_user(manager).search([]))
