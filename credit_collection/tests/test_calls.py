"""A call is noted in two clicks: the right record, the right next step, and its task done."""

from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .calls_case import FRIDAY, HOSTILE, TOMORROW, CallsCase
from .common import TODAY, day


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
