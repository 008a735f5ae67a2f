from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import day
from .outbox_case import OutboxCase


@tagged("post_install", "-at_install")
class TestTheBankMustBeFresh(OutboxCase):
    """What goes by itself waits while nobody knows what has been paid, and goes by itself when somebody does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.company.collection_freshness_days = 3
        cls.receive_in_bank(10, on=day(-8), label="OLD")
        cls.reminder = cls.remind()
        cls.hold = (
            "The last movement known of “Bank” is of 03/02/2026: import the bank statements first, "
            "so that nobody is reminded of what has been paid."
        )

    def test_a_stale_bank_holds_it_and_the_row_says_why(self):
        self.assertEqual(self.process_outbox(), 0)
        delivery = self.delivery_of(self.reminder)
        self.assertEqual((delivery.state, delivery.hold_reason), ("queued", self.hold))

    def test_it_goes_by_itself_once_the_statement_is_in(self):
        self.process_outbox()
        self.receive_in_bank(10, on=day(-1), label="NEW")
        self.assertEqual(self.process_outbox(), 1)
        self.assertFalse(self.delivery_of(self.reminder).hold_reason)

    def test_three_working_days_are_fresh(self):
        self.receive_in_bank(10, on=day(-5), label="THURSDAY")
        self.assertEqual(self.process_outbox(), 1)

    def test_what_a_person_approved_goes(self):
        self.reminder.approved_by_id = self.env.uid
        self.assertEqual(self.process_outbox(), 1)

    def test_a_hold_does_not_stop_those_behind_it(self):
        self.delivery_of(self.reminder).send_after = "2020-01-01 00:00:00"
        approved = self.remind(partner=self.make_partner("Anne"))
        approved.approved_by_id = self.env.uid
        self.assertEqual(self.process_outbox(), 1)
        self.assertEqual(approved.state, "sent")

    def test_held_deliveries_do_not_keep_the_scheduler_awake(self):
        self.in_transaction(lambda env: env["collection.delivery"]._process_outbox())
        Delivery = self.env["collection.delivery"]
        channels = [code for code, _label in Delivery._selection_channel()]
        last = self.delivery_of(self.reminder)
        self.assertEqual(Delivery._count_due(channels, (last.send_after, last.id)), 0)

    def test_sent_by_hand_it_is_held_too_and_the_user_is_told(self):
        delivery = self.delivery_of(self.reminder)
        answer = self.in_transaction(lambda env: env["collection.delivery"].browse(delivery.id).action_send_now())
        self.assertEqual(answer["params"]["message"], self.hold)
        self.assertEqual(delivery.state, "queued")


@tagged("post_install", "-at_install")
class TestAnAnswerFreezes(OutboxCase):
    """An unread answer freezes what goes to its debtor, five working days at most."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.reminder = cls.remind()
        cls.reminder.debtor_id.unread_since = day(0)

    def test_nothing_leaves_until_it_is_read(self):
        self.assertEqual(self.process_outbox(), 0)
        self.assertEqual(self.delivery_of(self.reminder).hold_reason, "An answer of the customer waits to be read.")
        self.reminder.debtor_id.action_mark_read()
        self.assertEqual(self.process_outbox(), 1)

    def test_five_working_days_at_most(self):
        self.set_today(day(7))
        self.assertEqual(self.process_outbox(), 0)
        self.set_today(day(8))
        self.assertEqual(self.process_outbox(), 1)

    def test_the_other_debtors_receive_theirs(self):
        self.remind(partner=self.make_partner("Anne"))
        self.assertEqual(self.process_outbox(), 1)


@tagged("post_install", "-at_install")
class TestAFormalNoticeWaitsForTheMoney(OutboxCase):
    """A formal notice is neither approved nor sent while the debtor or its payer has any unallocated money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan(
            [("Mise en demeure", 3, {"is_formal_notice": True, "approval": "manager", "channels": ("email",)})]
        )
        cls.invoice = cls.make_invoice(cls.partner, 1200, due=day(-5))
        cls.reminder = cls.plan_run().reminder_ids

    def approve_and_send(self):
        self.reminder.action_approve()
        self.reminder.action_send()
        return self.process_outbox()

    def test_without_such_money_a_manager_approves_and_it_leaves(self):
        self.assertEqual(self.approve_and_send(), 1)
        item = self.reminder.line_ids.item_id
        self.assertEqual((item.level_id.name, item.deadline_date), ("Mise en demeure", day(15)))

    def test_a_collector_does_not_approve_it(self):
        collector = new_test_user(self.env, "collector", "credit_collection.group_collection_collector")
        with self.assertRaises(AccessError):
            self.reminder.with_user(collector).action_approve()

    def test_a_receipt_of_the_debtor_holds_the_approval(self):
        self.receive_in_bank(5, partner=self.partner)
        self.reminder.action_approve()
        self.assertEqual(
            (self.reminder.state, self.reminder.hold_reason),
            ("proposed", "Menuiserie Durand has money that is not allocated: reconcile it before a formal notice."),
        )

    def test_a_credit_of_its_payer_holds_the_approval(self):
        payer = self.make_partner("Centrale")
        self.reminder.debtor_id.payer_id = payer
        self.make_credit_note(payer, 5)
        self.reminder.action_approve()
        self.assertEqual(self.reminder.state, "proposed")
        self.assertIn("Centrale", self.reminder.hold_reason)

    def test_money_that_comes_after_the_approval_holds_it_in_the_outbox(self):
        self.reminder.action_approve()
        self.reminder.action_send()
        self.receive_in_bank(5, partner=self.partner)
        self.assertEqual(self.process_outbox(), 0)
        self.assertIn("has money that is not allocated", self.delivery_of(self.reminder).hold_reason)

    def test_a_stale_bank_refuses_it_though_a_person_approved(self):
        self.reminder.action_approve()
        self.reminder.action_send()
        self.company.collection_freshness_days = 3
        self.receive_in_bank(5, on=day(-10), partner=self.make_partner("Anne"))
        self.assertEqual(self.process_outbox(), 0)
        self.assertIn("import the bank statements first", self.delivery_of(self.reminder).hold_reason)


@tagged("post_install", "-at_install")
class TestWorkingDaysAndHours(OutboxCase):
    """Messages leave on working days and hours of the company, public holidays included."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()

    def send_after(self, moment, delay=0):
        """When a reminder put into the outbox at that moment (UTC) is to leave."""
        self.clock.move_to(moment)
        self.env["collection.level"].search([("plan_id.active", "=", True)]).send_delay = delay
        return str(self.remind().delivery_ids.send_after)

    def test_at_work_it_leaves_at_once(self):
        self.assertEqual(self.send_after("2026-03-10 09:00:00"), "2026-03-10 09:00:00")

    def test_in_the_evening_it_waits_for_the_morning(self):
        self.assertEqual(self.send_after("2026-03-10 17:30:00"), "2026-03-11 07:00:00")

    def test_before_the_morning_it_waits_for_it(self):
        self.assertEqual(self.send_after("2026-03-10 05:00:00"), "2026-03-10 07:00:00")

    def test_on_friday_evening_it_waits_for_monday_in_summer_time(self):
        self.assertEqual(self.send_after("2026-03-27 17:30:00"), "2026-03-30 06:00:00")

    def test_on_a_public_holiday_it_waits_for_the_next_working_day(self):
        # 14 July 2026 is a Tuesday.
        self.assertEqual(self.send_after("2026-07-14 08:00:00"), "2026-07-15 06:00:00")

    def test_on_a_day_the_company_is_closed_it_waits(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Inventory",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-03-09 23:00:00",
                "date_to": "2026-03-10 22:00:00",
            }
        )
        self.assertEqual(self.send_after("2026-03-10 09:00:00"), "2026-03-11 07:00:00")

    def test_the_delay_of_the_level_is_counted_first(self):
        self.assertEqual(self.send_after("2026-03-10 09:00:00", delay=2), "2026-03-10 11:00:00")

    def test_a_delay_that_ends_in_the_evening_leads_to_the_morning(self):
        self.assertEqual(self.send_after("2026-03-11 16:00:00", delay=2), "2026-03-12 07:00:00")

    def test_a_scheduler_that_wakes_at_night_puts_it_off_to_the_morning(self):
        self.clock.move_to("2026-03-10 16:59:00")
        reminder = self.remind()
        self.clock.move_to("2026-03-10 21:00:00")
        self.assertEqual(self.process_outbox(), 0)
        delivery = self.delivery_of(reminder)
        self.assertEqual((delivery.state, str(delivery.send_after)), ("queued", "2026-03-11 07:00:00"))

    def test_a_person_may_send_at_night(self):
        self.clock.move_to("2026-03-10 21:00:00")
        delivery = self.remind().delivery_ids
        self.assertEqual(self.process_outbox(), 0)
        self.in_transaction(lambda env: env["collection.delivery"].browse(delivery.id).action_send_now())
        self.assertEqual(delivery.state, "handed_over")


@tagged("post_install", "-at_install")
class TestUntilItLeavesAPersonCanChangeIt(OutboxCase):
    """Taken back, cancelled, sent at another level, without a line: one by one and in bulk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan([("Rappel", 3, {"send_delay": 4}), ("Relance", 12)])
        cls.partners = [cls.make_partner(f"Client {number}") for number in range(3)]
        for partner in cls.partners:
            cls.make_invoice(partner, 100, due=day(-6))
            cls.make_invoice(partner, 50, due=day(-5))
        cls.reminders = cls.prepare()

    def test_the_delay_keeps_them_in_the_outbox(self):
        self.assertEqual(self.process_outbox(), 0)
        self.clock.move_to("2026-03-10 13:00:00")
        self.assertEqual(self.process_outbox(), 3)

    def test_taken_back_in_bulk_they_can_be_sent_again(self):
        self.reminders.delivery_ids.action_take_back()
        self.assertEqual(self.reminders.mapped("state"), ["approved"] * 3)
        self.assertFalse(self.reminders.delivery_ids)
        self.reminders.action_send()
        self.clock.move_to("2026-03-10 13:00:00")
        self.assertEqual(self.process_outbox(), 3)

    def test_cancelled_one_by_one_the_items_are_free_for_the_next_run(self):
        self.reminders[0].action_cancel()
        self.assertEqual(self.reminders[0].cancel_reason, f"Cancelled by {self.env.user.name}.")
        self.assertEqual(self.reminders[0].delivery_ids.state, "cancelled")
        again = self.plan_run().reminder_ids
        self.assertEqual(again.debtor_id, self.reminders[0].debtor_id)
        self.assertEqual(len(again.line_ids), 2)

    def test_cancelled_with_their_run(self):
        run = self.reminders.run_id
        run.action_cancel()
        self.assertEqual(set(self.reminders.mapped("state")), {"cancelled"})
        self.assertEqual(run.state, "cancelled")
        self.clock.move_to("2026-03-10 13:00:00")
        self.assertEqual(self.process_outbox(), 0)

    def test_a_line_left_out_is_not_claimed_and_comes_back_with_the_next_run(self):
        line = self.reminders[0].line_ids[0]
        line.action_drop()
        self.assertEqual(line.drop_reason, f"Left out by {self.env.user.name}.")
        self.assertEqual(self.reminders[0].claim_company, 50)
        self.clock.move_to("2026-03-10 13:00:00")
        self.process_outbox()
        self.assertFalse(line.item_id.level_id)
        again = self.plan_run().reminder_ids
        self.assertEqual(again.line_ids.filtered("level_id").item_id, line.item_id)

    def test_without_any_line_the_reminder_is_cancelled(self):
        self.reminders[0].line_ids.action_drop()
        self.assertEqual(
            (self.reminders[0].state, self.reminders[0].cancel_reason), ("cancelled", "All its items were left out.")
        )

    def test_the_level_is_changed_before_the_outbox_only(self):
        relance = self.reminders.plan_id.level_ids[1]
        with self.assertRaisesRegex(UserError, "can be changed before it is sent"):
            self.reminders.action_change_level(relance)
        self.reminders.action_take_back()
        self.reminders.action_change_level(relance)
        self.assertEqual(set(self.reminders.mapped("state")), {"proposed"})
        self.reminders.action_approve()
        self.reminders.action_send()
        self.process_outbox()
        self.assertEqual(set(self.reminders.line_ids.item_id.level_id.mapped("name")), {"Relance"})

    def test_a_level_of_another_plan_is_refused(self):
        self.reminders.action_take_back()
        stranger = self.make_plan([("Autre", 1)], name="Other").level_ids
        with self.assertRaisesRegex(UserError, "“Autre” is not a level of the plan “Plan”"):
            self.reminders.action_change_level(stranger)

    def test_what_left_cannot_be_changed_any_more(self):
        self.clock.move_to("2026-03-10 13:00:00")
        self.process_outbox()
        with self.assertRaisesRegex(UserError, "no longer waits in the outbox"):
            self.reminders.delivery_ids.action_send_now()
        with self.assertRaisesRegex(UserError, "A reminder that has left can no longer be changed"):
            self.reminders.line_ids[0].action_drop()
        self.reminders.action_cancel()
        self.reminders.action_take_back()
        self.assertEqual(set(self.reminders.mapped("state")), {"sent"})

    def test_an_auditor_changes_nothing(self):
        auditor = new_test_user(self.env, "auditor", "credit_collection.group_collection_reader")
        for button in ("action_send_now", "action_take_back", "action_mark_arrived", "action_mark_not_arrived"):
            with self.subTest(button), self.assertRaises(AccessError):
                getattr(self.reminders.delivery_ids.with_user(auditor), button)()
        with self.assertRaises(AccessError):
            self.reminders.with_user(auditor).action_cancel()


@tagged("post_install", "-at_install")
class TestAnAddressIsMissing(OutboxCase):
    """The fallback of the channel takes over; without one, the reminder waits for a person with the reason."""

    def choose(self, fallback=None, **partner_values):
        self.make_plan([("Rappel", 3, {"channels": ()})])
        level = self.env["collection.level"].search([("plan_id.active", "=", True)])
        level.channel_ids = [Command.create({"channel": "email", "fallback": fallback})]
        partner = self.make_partner("Sans Adresse", **partner_values)
        self.make_invoice(partner, 100, due=day(-5))
        debtor = self.debtor_of(partner)
        debtor._refresh_reach()
        reminder = self.env["collection.reminder"].create(
            {"debtor_id": debtor.id, "level_id": level.id, "date": day(0), "state": "approved"}
        )
        reminder.action_send()
        return reminder

    def test_a_letter_for_want_of_an_email_address(self):
        reminder = self.choose("letter", email=False)
        self.assertEqual(reminder.delivery_ids.mapped("channel"), ["letter"])

    def test_the_fallback_lacks_its_address_too(self):
        reminder = self.choose("letter", email=False, city=False)
        self.assertEqual(
            (reminder.state, reminder.hold_reason),
            (
                "proposed",
                "No usable e-mail address for Sans Adresse. No complete postal address for Sans Adresse.",
            ),
        )

    def test_no_fallback(self):
        reminder = self.choose(None, email=False)
        self.assertEqual(
            (reminder.state, reminder.hold_reason), ("proposed", "No usable e-mail address for Sans Adresse.")
        )


@tagged("post_install", "-at_install")
class TestATaskIsForAPerson(OutboxCase):
    """A level may ask a person to call: the debtor's, else one who answers for the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan([("Appel", 3, {"channels": ("task",), "activity_summary": "Call them"})])

    def test_the_collector_gets_it(self):
        collector = new_test_user(self.env, "collector", "credit_collection.group_collection_collector")
        self.debtor_of(self.partner).user_id = collector
        reminder = self.remind()
        self.assertEqual(self.process_outbox(), 1)
        activity = reminder.debtor_id.activity_ids
        self.assertEqual((activity.user_id, activity.summary), (collector, "Call them"))
        self.assertEqual(reminder.line_ids.item_id.level_id.name, "Appel")

    def test_nobody_in_charge_a_manager_gets_it_and_never_the_robot(self):
        reminder = self.remind()
        self.process_outbox()
        person = reminder.debtor_id.activity_ids.user_id
        self.assertTrue(person.has_group("credit_collection.group_collection_manager"))
        self.assertTrue(person.active)
