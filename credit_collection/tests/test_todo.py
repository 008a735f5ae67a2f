from odoo.tests import new_test_user

from .common import CollectionCase, day


class TodoCase(CollectionCase):
    def count(self, code, user=None):
        todo = self.env["collection.todo"].with_user(user or self.env.user).search([("code", "=", code)])
        todo.invalidate_recordset()
        return todo.count

    def opened(self, code):
        """Records that the card opens."""
        action = self.env["collection.todo"].search([("code", "=", code)]).action_open()
        return self.env[action["res_model"]].search(action["domain"])

    def plan_run(self):
        run = self.env["collection.run"].create({})
        run.action_plan()
        return run


class TestTodoCountsWhatWaitsForAPerson(TodoCase):
    """Each card counts what it opens, and nothing else."""

    def test_an_answer_until_somebody_has_read_it(self):
        self.make_plan()
        partner = self.make_partner()
        self.make_invoice(partner, 100, day(-5))
        debtor = self.debtor_of(partner)
        debtor._freeze_for_answer()
        self.assertEqual(self.count("answer"), 1)
        self.assertEqual(self.opened("answer"), debtor)
        debtor.action_mark_read()
        self.assertEqual(self.count("answer"), 0)

    def test_a_customer_whom_nobody_can_write_to(self):
        self.make_plan()
        partner = self.make_partner(email=False, street=False)
        self.make_invoice(partner, 100, day(-5))
        self.make_invoice(self.make_partner("Garage Roux"), 100, day(-5))
        self.plan_run()
        self.assertEqual(self.count("no_contact"), 1)
        self.assertEqual(self.opened("no_contact").partner_id, partner)

    def test_a_customer_without_plan(self):
        self.make_plan(domain="[('customer_kind', '=', 'public')]")
        self.make_invoice(self.make_partner(), 100, day(-5))
        self.plan_run()
        self.assertEqual((self.count("no_plan"), self.count("finished"), self.count("manual")), (1, 0, 0))

    def test_a_customer_handled_by_a_person(self):
        self.make_plan(is_manual=True)
        self.make_invoice(self.make_partner(), 100, day(-5))
        self.plan_run()
        self.assertEqual((self.count("no_plan"), self.count("manual"), self.count("incident")), (0, 1, 0))

    def test_reminders_for_a_manager_are_no_work_of_a_collector(self):
        self.make_plan(levels=[("Mise en demeure", 3, {"approval": "manager", "is_formal_notice": True})])
        self.make_invoice(self.make_partner(), 1000, day(-5))
        self.plan_run()
        collector = new_test_user(self.env, "collector", "credit_collection.group_collection_collector")
        manager = new_test_user(self.env, "manager", "credit_collection.group_collection_manager")
        self.assertEqual((self.count("approve", collector), self.count("approve", manager)), (0, 1))

    def test_a_collector_counts_his_own_debtors_where_the_company_says_so(self):
        self.make_plan()
        mine, other = self.make_partner("Mine"), self.make_partner("Other")
        collector = new_test_user(self.env, "collector", "credit_collection.group_collection_collector")
        for partner, user in ((mine, collector), (other, self.env.user)):
            self.make_invoice(partner, 100, day(-5))
            debtor = self.debtor_of(partner)
            debtor.user_id = user
            debtor._freeze_for_answer()
        self.assertEqual(self.count("answer", collector), 2)
        self.company.collection_own_debtors_only = True
        self.assertEqual(self.count("answer", collector), 1)

    def test_a_failure_until_somebody_has_dealt_with_it(self):
        self.make_plan()
        self.make_invoice(self.make_partner(), 100, day(-5))
        run = self.plan_run()
        run.action_send()
        delivery = run.reminder_ids.delivery_ids
        delivery._record_failure("No such mailbox")
        self.assertEqual(self.count("failed"), 1)
        delivery.action_deal_with()
        self.assertEqual(self.count("failed"), 0)

    def test_credits_that_nobody_allocated_for_a_month(self):
        self.make_plan()
        partner = self.make_partner()
        self.make_credit_note(partner, 80, issued=day(-40))
        self.plan_run()
        self.assertEqual(self.opened("old_credit").mapped("old_credit"), [80.0])


class TestMoneyThatKeepsNoReminderBackAnyMore(TodoCase):
    """What was in sight and is still not reconciled is shown to a person, record by record, once reminders resume."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-40))

    def shown(self, user=None):
        """(kind, day, amount, label) of what stands on the card, the figures being those of last night."""
        self.debtor_of(self.partner)
        self.env["collection.debtor"].search([])._refresh_figures()
        money = self.env["collection.expired.money"].with_user(user or self.env.user).search([])
        self.assertEqual(self.count("expired_money", user), len(money))
        return [(row.kind, row.date, row.amount, row.label) for row in money]

    def test_a_payment_without_entry_after_15_days(self):
        self.receive_payment_without_entry(self.partner, 400, on=day(-14), memo="CHQ 12", invoices=self.invoice)
        self.assertEqual(self.shown(), [])
        self.assert_decided(self.invoice, "level", "Rappel", 600.0)
        self.set_today(day(1))
        self.assertEqual(self.shown(), [("payment", day(-14), 400.0, "CHQ 12")])
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_a_payment_whose_invoice_has_been_settled_is_nobody_s_work(self):
        paid = self.make_invoice(self.partner, 400, due=day(-50))
        self.receive_payment_without_entry(self.partner, 400, on=day(-20), invoices=paid)
        self.reconcile(paid, self.make_credit_note(self.partner, 400))
        self.assertEqual(self.shown(), [])

    def test_an_online_payment_that_stays_pending_after_7_days(self):
        provider = self.env["payment.provider"].search([("code", "not in", ("none", "custom"))], limit=1)
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "amount": 1000,
                "currency_id": self.euro.id,
                "partner_id": self.partner.id,
                "reference": "TX-77",
                "invoice_ids": [(6, 0, self.invoice.ids)],
            }
        )
        transaction.write({"state": "pending", "last_state_change": f"{day(-6)} 08:00:00"})
        self.assertEqual(self.shown(), [])
        self.set_today(day(1))
        self.assertEqual(self.shown(), [("transaction", day(-6), 1000.0, "TX-77")])
        transaction.state = "cancel"
        self.assertEqual(self.shown(), [])

    def test_a_receipt_that_nobody_reconciled_for_10_days(self):
        line = self.receive_in_bank(990, on=day(-9), partner=self.partner, label="VIR DURAND")
        self.assertEqual(self.shown(), [])
        self.set_today(day(1))
        self.assertEqual(self.shown(), [("receipt", day(-9), 990.0, "VIR DURAND")])
        line.unlink()
        self.assertEqual(self.shown(), [])

    def test_a_receipt_of_who_pays_for_the_customer(self):
        payer = self.make_partner("Centrale d'achat", email="centrale@achat.example")
        self.debtor_of(self.partner).payer_id = payer
        self.receive_in_bank(990, on=day(-20), partner=payer, label="VIR CENTRALE")
        self.assertEqual(self.shown(), [("receipt", day(-20), 990.0, "VIR CENTRALE")])

    def test_a_receipt_that_a_registered_payment_explains_covers_already(self):
        self.receive_payment(self.partner, 300, on=day(-20))
        self.receive_in_bank(300, on=day(-20), partner=self.partner)
        self.assertEqual(self.shown(), [])

    def test_said_to_be_paid_more_than_5_days_ago_until_somebody_has_looked(self):
        item = self.item_of(self.invoice)
        item.action_said_paid()
        self.set_today(day(4))
        self.assertEqual(self.shown(), [])
        self.set_today(day(5))
        self.assertEqual(self.shown(), [("said", day(0), 1000.0, self.invoice.name)])
        self.opened("expired_money").action_not_found()
        self.assertEqual(self.shown(), [])
        self.assertIn(
            f"Said to be paid, looked for and not found: {self.invoice.name}", item.debtor_id.message_ids[0].body
        )

    def test_of_a_customer_who_owes_nothing_overdue_nothing_is_asked(self):
        other = self.make_partner("Garage Roux")
        self.make_invoice(other, 500, due=day(20))
        self.receive_in_bank(500, on=day(-20), partner=other)
        self.assertEqual(self.shown(), [])

    def test_after_three_months_it_is_history(self):
        self.receive_in_bank(990, on=day(-90), partner=self.partner)
        self.assertEqual(len(self.shown()), 1)
        self.set_today(day(1))
        self.assertEqual(self.shown(), [])

    def test_each_row_opens_its_record_or_the_customer_for_who_may_not_read_it(self):
        self.receive_in_bank(990, on=day(-20), partner=self.partner)
        payment = self.receive_payment_without_entry(self.partner, 10, on=day(-20))
        self.assertEqual(len(self.shown()), 2)
        rows = self.opened("expired_money").grouped("kind")
        opened = rows["payment"].action_open_source()
        self.assertEqual((opened["res_model"], opened["res_id"]), ("account.payment", payment.id))
        self.assertEqual(rows["receipt"].action_open_source()["res_model"], "account.move")
        collector = new_test_user(self.env, "collector", "credit_collection.group_collection_collector")
        opened = rows["payment"].with_user(collector).action_open_source()
        debtor = self.debtor_of(self.partner)
        self.assertEqual((opened["res_model"], opened["res_id"]), ("collection.debtor", debtor.id))

    def test_a_collector_is_asked_about_his_own_debtors_where_the_company_says_so(self):
        self.receive_in_bank(990, on=day(-20), partner=self.partner)
        collector = new_test_user(self.env, "collector", "credit_collection.group_collection_collector")
        self.debtor_of(self.partner).user_id = self.env.user
        self.assertEqual(len(self.shown(collector)), 1)
        self.company.collection_own_debtors_only = True
        self.assertEqual(self.shown(collector), [])


class TestTodoLeavesOutWhatIsDone(TodoCase):
    """The screen shows the cards on which something waits; without its filter the others follow them."""

    def cards(self, **context):
        todo = self.env["collection.todo"].with_context(**context)
        return todo.web_search_read([], {"code": {}, "count": {}})

    def setUp(self):
        super().setUp()
        self.make_plan()
        partner = self.make_partner()
        self.make_invoice(partner, 100, day(-5))
        self.debtor_of(partner)._freeze_for_answer()

    def test_with_the_filter_a_card_without_work_is_left_out(self):
        shown = self.cards(collection_waiting=True)
        self.assertIn("answer", [card["code"] for card in shown["records"]])
        self.assertNotIn("finished", [card["code"] for card in shown["records"]])
        self.assertEqual(shown["length"], len(shown["records"]))

    def test_without_it_what_waits_comes_first(self):
        counts = [card["count"] for card in self.cards()["records"]]
        self.assertIn(0, counts)
        self.assertEqual([bool(count) for count in counts], sorted(map(bool, counts), reverse=True))

    def test_a_rate_to_enter_concerns_who_may_enter_it(self):
        collector = new_test_user(self.env, "lea", groups="credit_collection.group_collection_collector")
        codes = self.env["collection.todo"].with_user(collector).search([]).mapped("code")
        self.assertNotIn("interest_rate", codes)
        manager = new_test_user(self.env, "helene", groups="credit_collection.group_collection_manager")
        codes = self.env["collection.todo"].with_user(manager).search([]).mapped("code")
        self.assertIn("interest_rate", codes)
