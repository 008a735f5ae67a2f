"""Which journal items collection looks at, and whose they are."""

from datetime import date

from odoo.tests import tagged

from .common import CollectionCase, day


@tagged("post_install", "-at_install")
class TestAccountRoles(CollectionCase):
    """Each account of the French chart has its role, and what it holds is chased accordingly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan((("Préventive", -7), ("Rappel", 3)))
        cls.partner = cls.make_partner()

    def _entry(self, code, amount=1000, due=None):
        entry = self.make_entry(self.partner, amount, self.account(code), due=due, on=day(-60))
        entry.line_ids.no_followup = False
        return entry

    def test_the_french_chart_has_its_roles(self):
        roles = {code: self.account(code).collection_role for code in ("4111", "4117", "413", "416", "4181", "44567")}
        self.assertEqual(
            roles,
            {"4111": "trade", "4117": "retention", "413": "bill", "416": "doubtful", "4181": False, "44567": False},
        )

    def test_a_new_account_gets_its_role(self):
        account = self.env["account.account"].create(
            {
                "code": "413500",
                "name": "Bills discounted",
                "account_type": "asset_receivable",
            }
        )
        self.assertEqual(account.collection_role, "bill")

    def test_a_trade_receivable_is_chased(self):
        self.assert_decided(self._entry("4111", due=day(-5)), "level", "Rappel", 1000.0)

    def test_a_bill_is_silent_until_its_term_the_day_of_the_term_included(self):
        bill = self._entry("413", due=day(5))
        self.assertEqual(self.decide()[bill.name], ("collecting", None, 0.0, day(6)))
        self.assert_decided(bill, "collecting", on=day(5))

    def test_a_bill_unpaid_at_its_term_is_chased(self):
        self.assert_decided(self._entry("413", due=day(-3)), "level", "Rappel", 1000.0)

    def test_retention_money_is_silent_for_a_year_when_no_release_date_is_known(self):
        retention = self._entry("4117", due=date(2026, 3, 1))
        self.assertEqual(self.decide()[retention.name], ("waiting", "Rappel", 1000.0, date(2027, 3, 4)))

    def test_retention_money_is_chased_after_the_release_date_a_person_set(self):
        retention = self._entry("4117", due=date(2025, 12, 1))
        self.item_of(retention).release_date = day(-3)
        self.assert_decided(retention, "level", "Rappel", 1000.0)
        self.assertEqual(self.decision_of(retention).days_late, 3)

    def test_retention_money_gets_no_preventive_word_before_its_release(self):
        retention = self._entry("4117", due=date(2025, 12, 1))
        self.item_of(retention).release_date = day(5)
        self.assertEqual(self.decide()[retention.name], ("waiting", "Rappel", 1000.0, day(8)))

    def test_the_debtor_s_figures_count_retention_money_as_overdue_from_its_release_only(self):
        retention = self._entry("4117", due=date(2025, 12, 1))
        self.make_invoice(self.partner, 300, due=day(-2))
        self.decide()
        debtor = self.debtor_of(self.partner)
        self.assertEqual((debtor.overdue, debtor.not_due, debtor.days_overdue), (300.0, 1000.0, 2))
        self.item_of(retention).release_date = day(-4)
        self.decide()
        self.assertEqual((debtor.overdue, debtor.not_due, debtor.days_overdue), (1300.0, 0.0, 4))

    def test_a_doubtful_receivable_is_left_to_a_person(self):
        doubtful = self._entry("416", due=day(-90))
        self.assertEqual(self.decide()[doubtful.name], ("manual", "Rappel", 1000.0, None))
        self.assertEqual(
            self.decision_of(doubtful).summary, "Not reminded: a doubtful receivable is handled by a person."
        )

    def test_vat_credit_is_counted_and_not_chased(self):
        credit = self._entry("44567", due=day(-90))
        self.assertEqual(self.decide()[credit.name], ("out_of_scope", None, 0.0, None))

    def test_an_account_of_another_kind_is_not_even_counted(self):
        self._entry("4181", due=day(-90))
        self.assertEqual(self.decide(), {})

    def test_a_draft_invoice_is_no_debt(self):
        self.make_invoice(self.partner, 1000, due=day(-5), post=False)
        self.assertEqual(self.decide(), {})

    def test_a_receipt_is_a_debt_too(self):
        receipt = self._make_document("out_receipt", self.partner, 120, day(-5), day(-35))
        self.assert_decided(receipt, "level", "Rappel", 120.0)


@tagged("post_install", "-at_install")
class TestInstalments(CollectionCase):
    """Each instalment goes its own way, by its own date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, instalments=[(200, day(-20)), (300, day(-4)), (500, day(10))])

    def test_each_is_decided_by_its_own_date(self):
        number = self.invoice.name
        self.assertEqual(
            self.decide(),
            {
                (number, day(-20)): ("level", "Rappel", 200.0, day(0)),
                (number, day(-4)): ("level", "Rappel", 300.0, day(0)),
                (number, day(10)): ("waiting", "Rappel", 500.0, day(13)),
            },
        )

    def test_what_is_not_due_is_in_no_total(self):
        reminder = self.run_and_send()
        self.assertEqual(reminder.line_ids.mapped("claim"), [200.0, 300.0])
        self.assertEqual(reminder.claim_company, 500.0)

    def test_each_keeps_its_own_level(self):
        self.run_and_send()
        self.set_today(day(8))
        self.assertEqual(
            self.decide(),
            {
                (self.invoice.name, day(-20)): ("level", "Relance", 200.0, day(8)),
                (self.invoice.name, day(-4)): ("level", "Relance", 300.0, day(8)),
                (self.invoice.name, day(10)): ("waiting", "Rappel", 500.0, day(13)),
            },
        )

    def test_changed_in_draft_the_items_find_their_instalments_again(self):
        self.run_and_send()
        self.invoice.button_draft()
        self.invoice.invoice_payment_term_id = self._make_payment_term(
            1000, self.invoice.invoice_date, [(250, day(-20)), (250, day(-2)), (500, day(20))]
        )
        self.invoice.action_post()
        self.decide()
        items = self.env["collection.item"].search([("move_id", "=", self.invoice.id)], order="due_rank")
        self.assertEqual(items.mapped("due_rank"), [1, 2])
        self.assertEqual(
            [(item.level_id.name, item.closed_on, item.move_line_id.date_maturity) for item in items],
            [("Rappel", False, day(-20)), ("Rappel", False, day(-2))],
        )

    def test_an_instalment_that_vanished_closes_its_item_and_keeps_what_it_was(self):
        self.run_and_send()
        self.invoice.button_draft()
        self.invoice.invoice_payment_term_id = self._make_payment_term(
            1000, self.invoice.invoice_date, [(1000, day(-20))]
        )
        self.invoice.action_post()
        self.decide()
        items = self.env["collection.item"].search([("move_id", "=", self.invoice.id)], order="due_rank")
        self.assertEqual(
            [(bool(item.move_line_id), item.closed_on, item.due_date, item.amount) for item in items],
            [(True, False, day(-20), 200.0), (False, day(0), day(-4), 300.0)],
        )


@tagged("post_install", "-at_install")
class TestAnOpeningEntryOfManyCustomers(CollectionCase):
    """One entry may hold many customers' debts: an item never takes another customer's line for its own."""

    def test_a_line_deleted_in_draft_closes_its_item_alone(self):
        self.make_plan()
        partners = [self.make_partner(name) for name in ("Alpha", "Beta", "Gamma")]
        entry = self.make_entry(partners[0], 100, self.account("411"), due=day(-30), no_followup=False)
        entry.button_draft()
        for partner, amount in zip(partners[1:], (200, 300), strict=True):
            entry.write(
                {
                    "line_ids": [
                        (
                            0,
                            0,
                            {
                                "account_id": self.account("411").id,
                                "partner_id": partner.id,
                                "balance": amount,
                                "date_maturity": day(-30),
                                "no_followup": False,
                            },
                        ),
                        (0, 0, {"account_id": self.account("471").id, "balance": -amount}),
                    ]
                }
            )
        entry.action_post()
        entry.line_ids.no_followup = False
        self.debtor_of(partners[1]).write({"pause_until": day(5), "pause_reason": "New accountant"})
        self.run_and_send()
        entry.button_draft()
        first = entry.line_ids.filtered(lambda line: line.partner_id == partners[0])
        entry.write(
            {"line_ids": [(2, first.id), (2, entry.line_ids.filtered(lambda line: line.balance == -100)[:1].id)]}
        )
        entry.action_post()
        self.decide()
        items = self.env["collection.item"].search([("move_id", "=", entry.id)], order="amount")
        self.assertEqual(
            [
                (item.debtor_id.partner_id.name, item.amount, item.move_line_id.balance, item.closed_on)
                for item in items
            ],
            [("Alpha", 100.0, 0.0, day(0)), ("Gamma", 300.0, 300.0, False)],
        )


@tagged("post_install", "-at_install")
class TestInvoiceBackToDraft(CollectionCase):
    """An invoice set back to draft after a reminder keeps its history, its cycle and its level."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))

    def test_in_draft_it_is_not_open(self):
        self.run_and_send()
        self.invoice.button_draft()
        self.assertEqual(self.decide(), {})

    def test_posted_again_it_goes_on_at_the_same_cycle_and_level(self):
        reminder = self.run_and_send()
        self.invoice.button_draft()
        self.decide()
        self.invoice.action_post()
        decision = self.decision_of(self.invoice)
        self.assertEqual((decision.position_level_id.name, decision.cycle), ("Rappel", 1))
        self.assertEqual(self.decide()[self.invoice.name], ("waiting", "Relance", 1000.0, day(7)))
        self.assertEqual((reminder.state, reminder.line_ids.item_id.move_id), ("sent", self.invoice))

    def test_posted_again_it_is_no_payment_incident(self):
        self.run_and_send()
        self.invoice.button_draft()
        self.decide()
        self.invoice.action_post()
        self.assertEqual(self.decision_of(self.invoice).detail, False)
