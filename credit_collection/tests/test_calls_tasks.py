"""The calls that reminders ask for: their tasks, the list of them, who may make them, and why customers are late."""

from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .calls_case import COLLECTION, TOMORROW, CallsCase
from .common import day


@tagged("post_install", "-at_install")
class TestTheTaskOfAReminder(CallsCase):
    """The life of a task ends with the call that is noted: activity, delivery and call know each other."""

    def test_the_task_carries_the_script_filled_in(self):
        delivery = self.send_tasks()
        self.assertEqual(delivery.activity_id.summary, "Call them")
        self.assertIn("Menuiserie Durand owes 1,500.00", delivery.activity_id.note)
        self.assertIn(f"{self.oldest.name} is 20 days late.", delivery.activity_id.note)
        self.assertEqual(delivery.task_outcome, f"To do by {self.collector.name}")

    def test_the_call_ends_it(self):
        delivery = self.send_tasks()
        activity = delivery.activity_id
        call = self.call(note="He will pay")
        self.assertEqual(call.reminder_id, delivery.reminder_id)
        call.action_other()
        self.assertEqual((delivery.call_id, delivery.task_outcome), (call, "Spoken to, nothing settled"))
        self.assertEqual((activity.active, activity.feedback), (False, "Spoken to, nothing settled. He will pay"))
        self.assertFalse(self.debtor.activity_ids)

    def test_opened_from_the_delivery_it_is_about_its_reminder(self):
        delivery = self.send_tasks()
        self.assertEqual(
            delivery.with_user(self.collector).action_open_call()["context"]["default_reminder_id"],
            delivery.reminder_id.id,
        )

    def test_a_task_ticked_off_without_a_call_is_done(self):
        delivery = self.send_tasks()
        delivery.activity_id.with_user(self.collector).action_feedback(feedback="They called us")
        self.assertEqual(delivery.task_outcome, "They called us")
        self.assertFalse(self.debtor._find_waiting_call_deliveries())

    def test_a_colleagues_task_about_the_customer_is_done_too(self):
        delivery = self.send_tasks()
        colleague = new_test_user(self.env, "colleague", f"base.group_user,{COLLECTION}collector")
        self.call(colleague).action_other()
        self.assertFalse(delivery.activity_id.active)

    def test_a_task_that_is_no_call_stays(self):
        self.plan.level_ids.activity_type_id = self.env.ref("mail.mail_activity_data_todo")
        delivery = self.send_tasks()
        self.call().action_other()
        self.assertEqual((delivery.activity_id.active, delivery.call_id.ids), (True, []))


@tagged("post_install", "-at_install")
class TestCallsToMake(CallsCase):
    """To do counts the customers to call by today, and the row opens the call screen."""

    def todo(self):
        todo = self.env["collection.todo"].with_user(self.collector).search([("code", "=", "calls")])
        todo.invalidate_recordset()
        return todo

    def test_tasks_and_calls_again_on_their_day(self):
        self.assertEqual(self.todo().count, 0)
        self.send_tasks()
        self.assertEqual(self.todo().count, 1)
        self.call().with_context(collection_call_again="tomorrow").action_no_answer()
        self.assertEqual(self.todo().count, 0)
        self.set_today(TOMORROW)
        self.assertEqual(self.todo().count, 1)
        action = self.todo().action_open()
        debtor = self.env[action["res_model"]].with_user(self.collector).search(action["domain"])
        self.assertEqual((debtor, debtor.next_call_date), (self.debtor, TOMORROW))
        self.assertEqual(debtor.next_call_summary, "Call again: Menuiserie Durand, Anne Roux")


@tagged("post_install", "-at_install")
class TestWhoMayCall(CallsCase):
    """Auditors read, collectors note, managers delete; nobody sees the calls of another portfolio or company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = new_test_user(cls.env, "auditor", f"base.group_user,{COLLECTION}reader")
        cls.manager = new_test_user(cls.env, "manager", f"base.group_user,{COLLECTION}manager")
        cls.colleague = new_test_user(cls.env, "colleague", f"base.group_user,{COLLECTION}collector")

    def test_rights(self):
        expected = {self.auditor: "r", self.collector: "rwc", self.manager: "rwcd"}
        operations = {"read": "r", "write": "w", "create": "c", "unlink": "d"}
        for user, rights in expected.items():
            calls = self.env["collection.call"].with_user(user)
            found = "".join(letter for name, letter in operations.items() if calls.has_access(name))
            self.assertEqual((user.login, found), (user.login, rights))

    def test_an_auditor_reads_a_call_and_notes_none(self):
        call = self.call()
        call.action_other()
        self.env.flush_all()
        shown = call.with_user(self.auditor).read(["script", "items_table", "contact_ids", "outcome"])[0]
        self.assertEqual(shown["outcome"], "other")
        with mute_logger("odoo.addons.base.models.ir_model"):
            self.assertRaises(AccessError, call.with_user(self.auditor).action_other)
            self.assertRaises(AccessError, self.debtor.with_user(self.auditor).action_call)

    def test_another_portfolio_is_not_seen(self):
        call = self.call()
        self.company.collection_own_debtors_only = True
        self.env.flush_all()
        self.assertEqual(self.env["collection.call"].with_user(self.colleague).search([("id", "=", call.id)]).ids, [])
        with mute_logger("odoo.addons.base.models.ir_rule"):
            self.assertRaises(AccessError, call.with_user(self.colleague).action_other)
        self.assertTrue(self.env["collection.call"].with_user(self.manager).search([("id", "=", call.id)]))

    def test_another_company_sees_nothing(self):
        call = self.call()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            f"base.group_user,{COLLECTION}manager",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        self.assertFalse(self.env["collection.call"].with_user(stranger).search([("id", "=", call.id)]))

    def test_calls_follow_a_customer_that_is_merged(self):
        call = self.call()
        kept = self.make_partner("Durand et Fils")
        self.debtor_of(kept)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.partner | kept).ids, kept)
        self.assertEqual(call.debtor_id.partner_id, kept)


@tagged("post_install", "-at_install")
class TestReasonsForLateness(CallsCase):
    """Why customers are late is a report, with what was overdue on the day of the call."""

    def test_by_reason_and_customer(self):
        cash, lost = (self.env.ref(f"credit_collection.lateness_reason_{name}") for name in ("cash", "lost"))
        self.call(lateness_reason_id=cash.id).action_other()
        other = self.make_partner("Garage Roux")
        self.make_invoice(other, 80, due=day(-2))
        self.env["collection.call"].create({"debtor_id": self.debtor_of(other).id, "lateness_reason_id": lost.id})
        found = self.env["collection.call"]._read_group(
            [], ["lateness_reason_id", "debtor_id", "date:month"], ["overdue:sum"]
        )
        month = date(2026, 3, 1)
        self.assertEqual(
            [
                (reason, debtor, when.date() if hasattr(when, "date") else when, amount)
                for reason, debtor, when, amount in found
            ],
            [(cash, self.debtor, month, 1500), (lost, self.debtor_of(other), month, 80)],
        )

    def test_the_timeline_tells_the_call(self):
        self.call(note="He <b>will</b> pay").action_other()
        self.env.flush_all()
        entry = (
            self.env["collection.timeline"]
            .with_context(collection_debtor_ids=self.debtor.ids)
            .search([("kind", "=", "call")])
        )
        self.assertEqual(entry.name, "Spoken to, nothing settled – Anne Roux – He <b>will</b> pay")
        self.assertEqual((entry.debtor_id, entry.author_id), (self.debtor, self.collector.partner_id))
