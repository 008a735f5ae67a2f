"""A call is noted in two clicks: the right record, the right next step, and its task done."""

from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import TODAY, CollectionCase, day

COLLECTION = "credit_collection.group_collection_"
TOMORROW = day(1)
FRIDAY = day(3)
HOSTILE = "<img src=x onerror=alert(1)> {{ amount }} & Fils"


class CallsCase(CollectionCase):
    """A customer who owes €1,200 and €300, five and twenty days late, and a collector who calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.plan = cls.make_plan(
            [
                (
                    "Appel",
                    3,
                    {
                        "channels": ("task",),
                        "activity_summary": "Call them",
                        "call_script": "<p>{{ customer }} owes {{ amount }}; {{ oldest_invoice }} is {{ days_late }} "
                        "days late.</p>",
                    },
                )
            ]
        )
        cls.partner = cls.make_partner(phone="02 61 91 20 01")
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Anne Roux",
                "parent_id": cls.partner.id,
                "phone": "07 55 12 34 56",
                "email": "anne@durand.example",
            }
        )
        cls.recent = cls.make_invoice(cls.partner, 1200, due=day(-5))
        cls.oldest = cls.make_invoice(cls.partner, 300, due=day(-20))
        cls.env["collection.debtor"]._ensure_debtors(cls.company)
        cls.debtor = cls.env["collection.debtor"].search([("partner_id", "=", cls.partner.id)])
        cls.debtor.contact_ids = cls.contact
        cls.collector = new_test_user(cls.env, "collector", f"base.group_user,{COLLECTION}collector")
        cls.debtor.user_id = cls.collector

    def call(self, user=None, **values):
        """A call whose screen the user opened from the customer's page, saved as a button saves it."""
        debtor = self.debtor.with_user(user or self.collector)
        action = debtor.action_call()
        calls = self.env["collection.call"].with_user(user or self.collector).with_context(**action["context"])
        return calls.create(values)

    def send_tasks(self):
        """The reminders of today's run, whose tasks are put before the collector."""
        reminders = self.plan_run().reminder_ids
        reminders.write({"state": "approved"})
        reminders.action_send()
        self.env["collection.channel.task"]._process(reminders.delivery_ids)
        return reminders.delivery_ids

    def calls_planned(self):
        """(summary, day, person) of the calls that wait."""
        calls = self.debtor.activity_ids.filtered(lambda activity: activity.activity_type_id.category == "phonecall")
        return [(activity.summary, activity.date_deadline, activity.user_id) for activity in calls]


@tagged("post_install", "-at_install")
class TestTheCallScreen(CallsCase):
    """It opens on whom to call, what to say, what is owed and what was said before."""

    def test_it_opens_as_a_dialog_on_what_is_overdue(self):
        action = self.debtor.with_user(self.collector).action_call()
        context = action["context"]
        self.assertEqual((action["res_model"], action["target"]), ("collection.call", "new"))
        items = self.env["collection.item"].browse(context["default_item_ids"][0][2])
        self.assertEqual(set(items.move_id), {self.recent, self.oldest})
        self.assertEqual(
            (context["default_debtor_id"], context["default_partner_id"], context["default_phone"]),
            (self.debtor.id, self.contact.id, "07 55 12 34 56"),
        )

    def test_only_the_items_chosen_and_the_reminder_given(self):
        delivery = self.send_tasks()
        action = self.env["collection.call"]._action_new(
            self.debtor, self.item_of(self.recent), reminder_id=delivery.reminder_id.id
        )
        self.assertEqual(action["context"]["default_item_ids"], [(6, 0, self.item_of(self.recent).ids)])
        self.assertEqual(action["context"]["default_reminder_id"], delivery.reminder_id.id)

    def test_items_of_another_customer_are_refused(self):
        other = self.make_invoice(self.make_partner("Garage Roux"), 100, due=day(-5))
        with self.assertRaisesRegex(UserError, "are those of Menuiserie Durand alone"):
            self.env["collection.call"]._action_new(self.debtor, self.item_of(other))

    def test_the_form_shows_contacts_script_items_and_past_calls(self):
        self.call(note="Rang twice").action_other()
        action = self.debtor.with_user(self.collector).action_call()
        calls = self.env["collection.call"].with_user(self.collector).with_context(**action["context"])
        with Form(calls, view="credit_collection.view_collection_call_screen") as form:
            self.assertEqual([contact.id for contact in form.contact_ids], [self.contact.id, self.partner.id])
            self.assertEqual(
                form.script,
                f"<p>Menuiserie Durand owes 1,500.00\xa0€; {self.oldest.name} is 20 days late.</p>",
            )
            self.assertEqual(len(form.past_call_ids), 1)
            self.assertIn(self.recent.name, form.items_table)
            self.assertIn("1,200.00", form.items_table)
            form.note = "He will look"
        call = form.record
        self.assertEqual((call.note, call.outcome, call.user_id), ("He will look", False, self.collector))

    def test_the_script_speaks_the_customers_language(self):
        level = self.plan.level_ids
        level.with_context(
            lang="fr_FR"
        ).call_script = "<p>{{ customer }} doit {{ amount }}, échu le {{ oldest_due_date }}.</p>"
        self.partner.lang = "fr_FR"
        self.assertEqual(
            self.call().script.replace("\u202f", " ").replace("\xa0", " "),
            "<p>Menuiserie Durand doit 1 500,00 €, échu le 18/02/2026.</p>",
        )

    def test_a_hostile_name_is_text(self):
        self.partner.name = HOSTILE
        shown = str(self.call().script)
        self.assertIn("&lt;img src=x onerror=alert(1)&gt; {{ amount }} &amp; Fils owes", shown)
        self.assertNotIn("<img", shown)

    def test_a_placeholder_that_stands_for_nothing_is_refused(self):
        level = self.plan.level_ids
        with self.assertRaisesRegex(ValidationError, r"stands for nothing: object\.env"):
            level.call_script = "<p>{{ object.env }}</p>"
        with self.assertRaisesRegex(ValidationError, r"qui ne désigne rien\s: montant"):
            level.with_context(lang="fr_FR").call_script = "<p>{{ montant }}</p>"

    def test_how_late_the_customer_was_is_kept(self):
        call = self.call()
        self.pay(self.recent | self.oldest, 1500)
        self.debtor._refresh_figures()
        self.assertEqual((call.overdue, call.days_overdue, call.level_id), (1500, 20, self.plan.level_ids))
        self.assertEqual(self.debtor.overdue, 0)

    def test_a_number_found_wrong_comes_last_and_says_so(self):
        self.contact._flag_wrong_phone(TODAY)
        self.assertEqual(self.debtor._find_callable_contacts().ids, [self.partner.id, self.contact.id])
        call = self.call(partner_id=self.contact.id, phone=self.contact.phone)
        self.assertEqual(call.wrong_phone_info, "This number was found to be wrong on 03/10/2026.")


@tagged("post_install", "-at_install")
class TestNobodyAnswers(CallsCase):
    """The next call is planned for whoever called, on the day chosen in one click."""

    def no_answer(self, when, **values):
        call = self.call(**values)
        self.assertEqual(
            call.with_context(collection_call_again=when).action_no_answer(), {"type": "ir.actions.act_window_close"}
        )
        self.assertEqual(call.outcome, "no_answer")
        return call

    def test_this_afternoon(self):
        self.no_answer("afternoon")
        self.assertEqual(
            self.calls_planned(), [("Call again in the afternoon: Menuiserie Durand, Anne Roux", TODAY, self.collector)]
        )

    def test_tomorrow_is_a_working_day(self):
        self.no_answer("tomorrow")
        self.assertEqual(self.calls_planned()[0][1], TOMORROW)
        self.set_today(date(2026, 3, 13))
        self.no_answer("tomorrow")
        self.assertEqual(
            self.calls_planned(), [("Call again: Menuiserie Durand, Anne Roux", date(2026, 3, 16), self.collector)]
        )

    def test_in_three_working_days(self):
        self.no_answer("three_days")
        self.assertEqual(self.calls_planned()[0][1], FRIDAY)

    def test_on_the_day_chosen(self):
        self.no_answer("chosen", next_call_date=day(9), next_call_moment="morning")
        self.assertEqual(
            self.calls_planned(), [("Call again in the morning: Menuiserie Durand, Anne Roux", day(9), self.collector)]
        )

    def test_without_a_day_it_is_asked_for(self):
        with self.assertRaisesRegex(UserError, "Choose the day on which to call again"):
            self.call().with_context(collection_call_again="chosen").action_no_answer()

    def test_the_next_call_takes_the_place_of_the_one_planned(self):
        self.no_answer("three_days")
        self.no_answer("tomorrow")
        self.assertEqual([planned[1] for planned in self.calls_planned()], [TOMORROW])

    def test_a_message_left_is_followed_by_a_call_in_three_working_days(self):
        call = self.call()
        call.action_message_left()
        self.assertEqual((call.outcome, call.next_call_date), ("message", FRIDAY))
        self.assertEqual(len(self.calls_planned()), 1)


@tagged("post_install", "-at_install")
class TestSomebodyAnswers(CallsCase):
    """Promise, dispute, agreement and copies open their dialog; the call is saved first, whatever becomes of it."""

    def make(self, action, **values):
        """The record that the dialog of ``action`` makes."""
        dialog = self.env[action["res_model"]].with_user(self.collector).with_context(**action["context"])
        with Form(dialog, view=action["views"][0][0] or None) as form:
            for name, value in values.items():
                form[name] = value
        return form.record

    def test_a_promise_is_the_outcome_once_it_is_noted(self):
        call = self.call(note="On Friday, he says", item_ids=[Command.set(self.item_of(self.recent).ids)])
        action = call.action_promise()
        self.assertEqual((call.outcome, call.promise_id.ids), ("other", []))
        promise = self.make(action, date=FRIDAY)
        self.assertEqual((promise.heard_by, promise.item_ids.move_id), ("call", self.recent))
        self.assertEqual((call.outcome, call.promise_id), ("promise", promise))

    def test_a_dialog_that_is_closed_loses_nothing(self):
        reason = self.env.ref("credit_collection.lateness_reason_cash")
        call = self.call(note="On Friday, he says", lateness_reason_id=reason.id)
        call.action_promise()
        call.invalidate_recordset()
        self.assertEqual((call.outcome, call.note, call.lateness_reason_id), ("other", "On Friday, he says", reason))

    def test_a_dispute_is_the_outcome_once_it_is_noted(self):
        call = self.call(item_ids=[Command.set(self.item_of(self.recent).ids)])
        dispute = self.make(call.action_dispute())
        self.assertEqual((call.outcome, call.dispute_id), ("dispute", dispute))

    def test_an_agreement_opens_on_the_items_talked_about(self):
        call = self.call()
        action = call.action_agreement()
        self.assertEqual(action["res_model"], "collection.agreement")
        self.assertEqual(action["context"]["collection_call_id"], call.id)
        self.assertEqual(action["context"]["default_debtor_id"], self.debtor.id)

    def test_copies_are_sent_to_the_contact(self):
        call = self.call()
        copies = {self.recent.id: ("INV.pdf", b"%PDF-1.4", "application/pdf")}
        with patch.object(self.registry["collection.reminder"], "_copy_invoices", lambda _self, _moves: copies):
            action = call.action_copy_sent()
        self.assertEqual(call.outcome, "other")
        composer = (
            self.env["mail.compose.message"].with_user(self.collector).with_context(**action["context"]).create({})
        )
        self.assertEqual((composer.partner_ids, composer.attachment_ids.mapped("name")), (self.contact, ["INV.pdf"]))
        self.assertIn("copies of our invoices", composer.body)
        composer.action_send_mail()
        self.assertEqual(call.outcome, "copy_sent")
        self.assertEqual(self.debtor.message_ids[:1].attachment_ids.mapped("name"), ["INV.pdf"])

    def test_without_any_copy_the_user_is_told(self):
        with (
            patch.object(self.registry["collection.reminder"], "_copy_invoices", lambda _self, _moves: {}),
            self.assertRaisesRegex(UserError, "There is no copy to send"),
        ):
            self.call().action_copy_sent()

    def test_nothing_settled_keeps_note_and_next_call(self):
        call = self.call(note="Away until Monday", next_call_date=day(6))
        call.action_other()
        self.assertEqual((call.outcome, self.calls_planned()[0][1]), ("other", day(6)))


@tagged("post_install", "-at_install")
class TestTheNumberIsWrong(CallsCase):
    """The number of that contact is flagged with the day, and a task asks for another one."""

    def test_flagged_with_a_task(self):
        call = self.call()
        call.action_wrong_number()
        self.assertEqual(
            (self.contact.collection_wrong_phone, self.contact.collection_wrong_phone_on), ("07 55 12 34 56", TODAY)
        )
        self.assertEqual(call.outcome, "wrong_number")
        activity = self.debtor.activity_ids
        self.assertEqual(activity.summary, "Find another telephone number: Menuiserie Durand, Anne Roux")
        self.assertEqual(activity.user_id, self.collector)

    def test_the_next_screen_proposes_somebody_else(self):
        self.call().action_wrong_number()
        context = self.debtor.with_user(self.collector).action_call()["context"]
        self.assertEqual(context["default_partner_id"], self.partner.id)

    def test_another_number_that_was_dialled_says_nothing_of_the_contacts_own(self):
        self.call(phone="01 99 00 12 34").action_wrong_number()
        self.assertFalse(self.contact.collection_wrong_phone)

    def test_a_new_number_is_given_its_chance(self):
        self.call().action_wrong_number()
        self.contact.phone = "06 12 34 56 78"
        self.assertFalse(self.contact._has_wrong_phone())


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
