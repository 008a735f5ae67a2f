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
