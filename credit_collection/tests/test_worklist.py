"""The day's list: whom to contact, in which order, and why."""

from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..calc.contact_worth import Weights, chance_of, contact_worth, days_of_silence
from .common import TODAY, day
from .portfolio_case import PortfolioCase


class WorklistCase(PortfolioCase):
    def listed(self, user=None, *conditions):
        """Names on the list of things to do today, in its order."""
        self.env.flush_all()
        debtors = self.env["collection.debtor"].with_user(user or self.sophie)
        domain = [("overdue", ">", 0), ("is_mine", "=", True), ("is_to_contact", "=", True), *conditions]
        return debtors.search(domain, order="contact_worth desc, id").mapped("partner_id.name")

    @classmethod
    def answer(cls, *debtors):
        """A reason to contact them: an answer came in."""
        for debtor in debtors:
            debtor._freeze_for_answer()


@tagged("post_install", "-at_install")
class TestWorth(WorklistCase):
    """Amount × days late × chance × days without contact, as the company weighs them."""

    def worth(self, debtor):
        self.refresh()
        return debtor.contact_worth

    def test_of_the_four_factors(self):
        debtor = self.make_debtor("Client", 12400, late=45)
        debtor.last_reminder_date = day(-20)
        self.company.write({"collection_chance_60": 90})
        self.assertEqual(self.worth(debtor), 10044.0)
        self.assertEqual(
            debtor.worth_text,
            "12,400.00\N{NO-BREAK SPACE}€ × 45 days late × 90% chance × 20 days without contact",
        )

    def test_of_who_was_never_contacted_counts_from_the_due_date(self):
        debtor = self.make_debtor("Client", 1000, late=45)
        self.assertEqual(self.worth(debtor), 2025.0)
        self.assertTrue(debtor.worth_text.endswith("× 45 days late × no contact yet"))

    def test_weighed_anew_when_the_settings_change(self):
        debtor = self.make_debtor("Client", 1000, late=45)
        self.refresh()
        names = ("collection_worth_age", "collection_worth_silence")
        self.company.write({"collection_worth_amount": "2", **dict.fromkeys(names, "0")})
        self.assertEqual(debtor.contact_worth, 1000.0)
        self.assertEqual(debtor.worth_text, "(1,000.00\N{NO-BREAK SPACE}€)^2")

    def test_of_nothing_overdue_is_nothing(self):
        debtor = self.make_debtor("Client", 1000, late=-5)
        self.assertEqual((self.worth(debtor), debtor.worth_text), (0.0, False))

    def test_by_sql_as_by_the_formula(self):
        cases = [(1234.56, 1), (0.01, 30), (99999.99, 31), (500, 60), (77.7, 61), (1e6, 180), (3.33, 181), (42, 900)]
        debtors = {late: self.make_debtor(f"Late {late}", amount, late=late) for amount, late in cases}
        self.refresh()
        percents = (95, 80, 65, 40, 15)
        names = ("30", "60", "90", "180", "more")
        self.company.write(
            {f"collection_chance_{name}": percent for name, percent in zip(names, percents, strict=True)}
        )
        for weights in (Weights(), Weights(2, 0, 3, 1), Weights(0, 0, 0, 0), Weights(3, 3, 3, 3)):
            self.company.write(
                {
                    f"collection_worth_{name}": str(getattr(weights, name))
                    for name in ("amount", "age", "chance", "silence")
                }
            )
            for amount, late in cases:
                expected = contact_worth(
                    Decimal(str(amount)),
                    late,
                    chance_of(late, percents),
                    days_of_silence(TODAY, None, day(-late)),
                    weights,
                )
                self.assertEqual((weights, late, debtors[late].contact_worth), (weights, late, float(expected)))

    def test_a_percentage_that_is_none_is_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "collection_chances"),
            self.env.cr.savepoint(),
        ):
            self.company.collection_chance_30 = 101
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestLastContact(WorklistCase):
    """A reminder that left, a task or a call that was done: the last of them."""

    def last_contact(self, debtor):
        self.refresh()
        return debtor.last_contact_date

    def test_none_at_first(self):
        self.assertFalse(self.last_contact(self.make_debtor("Client")))

    def test_a_reminder(self):
        debtor = self.make_debtor("Client")
        self.run_and_send()
        self.set_today(day(3))
        self.assertEqual(self.last_contact(debtor), TODAY)

    def test_a_task_done(self):
        debtor = self.make_debtor("Client")
        debtor.last_reminder_date = day(-9)
        debtor.activity_schedule("mail.mail_activity_data_call", user_id=self.sophie.id).action_feedback("Spoken to")
        self.assertEqual(self.last_contact(debtor), TODAY)

    def test_a_call_in_which_somebody_answered(self):
        debtor = self.make_debtor("Client")
        calls = self.env["collection.call"]
        calls.create({"debtor_id": debtor.id, "date": "2026-03-08 10:00:00", "outcome": "other"})
        calls.create({"debtor_id": debtor.id, "date": "2026-03-09 10:00:00", "outcome": "no_answer"})
        self.assertEqual(self.last_contact(debtor), day(-2))

    def test_a_note_of_a_colleague_is_none(self):
        debtor = self.make_debtor("Client")
        debtor.message_post(body="They moved.")
        self.assertFalse(self.last_contact(debtor))


@tagged("post_install", "-at_install")
class TestWhoIsOnTheList(WorklistCase):
    """Those about whom a person has something to do, the most worthwhile first."""

    def test_in_the_order_of_worth(self):
        debtors = [self.make_debtor(f"Client {amount}", amount, user=self.sophie) for amount in (100, 300, 200)]
        self.answer(*debtors)
        self.refresh()
        self.assertEqual(self.listed(), ["Client 300", "Client 200", "Client 100"])

    def test_nobody_whom_reminders_chase_by_themselves(self):
        debtor = self.make_debtor("Client", user=self.sophie)
        self.refresh()
        self.assertEqual(self.listed(), [])
        self.assertEqual(debtor.work_reason, "Overdue, not reminded yet.")

    def test_my_customers_and_those_of_nobody(self):
        mine, theirs, nobodys = (
            self.make_debtor(name, user=user)
            for name, user in (("Mine", self.sophie), ("Theirs", self.karim), ("Nobody's", None))
        )
        self.answer(mine, theirs, nobodys)
        self.refresh()
        self.assertEqual(sorted(self.listed()), ["Mine", "Nobody's"])

    def test_everybody_s_for_who_follows_nobody(self):
        self.answer(self.make_debtor("Theirs", user=self.karim))
        self.refresh()
        self.assertEqual(self.listed(self.helene), ["Theirs"])

    def test_those_of_whom_i_replace(self):
        self.make_debtor("Mine", user=self.sophie)
        self.answer(self.make_debtor("Theirs", user=self.karim))
        self.refresh()
        self.assertEqual(self.listed(), [])
        self.env["collection.absence"].create(
            {"user_id": self.karim.id, "replacement_id": self.sophie.id, "date_from": day(0), "date_to": day(0)}
        )
        self.assertEqual(self.listed(), ["Theirs"])

    def test_each_says_why_it_is_there(self):
        answered, called, key = (
            self.make_debtor(name, user=self.sophie) for name in ("Answered", "To call", "Key account")
        )
        self.answer(answered)
        called.activity_schedule(
            "mail.mail_activity_data_call", summary="Ring the manager", user_id=self.sophie.id, date_deadline=TODAY
        )
        key.write({"chase": "manual", "is_key_account": True})
        self.plan_run()
        debtors = self.env["collection.debtor"].with_user(self.sophie)
        self.assertEqual(sorted(self.listed()), ["Answered", "Key account", "To call"])
        self.assertEqual(debtors.browse(answered.id).work_reason, "Answer of 03/10/2026 to read")
        self.assertIn("Ring the manager, due 03/10/2026", debtors.browse(called.id).work_reason)
        self.assertEqual(debtors.browse(key.id).work_reason, "Key account: nothing leaves by itself")

    def test_the_reason_of_the_card_comes_first(self):
        debtor = self.make_debtor("Client")
        self.make_credit_note(debtor.partner_id, 80, issued=day(-40))
        self.answer(debtor)
        self.refresh()
        shown = debtor.with_user(self.helene).with_context(collection_todo_code="old_credit")
        self.assertEqual(
            shown.work_reason.split(" · ")[0], "80.00\N{NO-BREAK SPACE}€ of credits open for more than 30 days"
        )

    def test_reasons_of_a_page_take_as_many_queries_as_those_of_one(self):
        debtors = self.env["collection.debtor"].union(*(self.make_debtor(f"Client {n}") for n in range(5)))
        self.answer(*debtors)
        self.refresh()
        self.env.flush_all()
        todo = self.env["collection.todo"]

        def count(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            todo._find_reasons(some)
            return self.env.cr.sql_log_count - before

        count(debtors)
        self.assertLessEqual(count(debtors), count(debtors[:1]) + 2)


@tagged("post_install", "-at_install")
class TestLater(WorklistCase):
    """A collector puts a customer off: it leaves his own list until that day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.make_debtor("Client")
        cls.answer(cls.debtor)
        cls.refresh()

    def test_until_the_day_he_chose(self):
        wizard = self.env["collection.later"].with_user(self.sophie).with_context(active_ids=self.debtor.ids)
        wizard.create({"until": day(3)}).action_put_off()
        self.assertEqual(self.listed(), [])
        self.assertEqual(self.debtor.with_user(self.sophie).put_off_until, day(3))
        self.set_today(day(3))
        self.assertEqual(self.listed(), ["Client"])

    def test_nobody_else_s_list(self):
        self.debtor.with_user(self.sophie)._put_off(day(3))
        self.assertEqual(self.listed(self.karim), ["Client"])

    def test_until_the_next_working_day(self):
        self.set_today(day(3))  # a Friday
        self.debtor.with_user(self.sophie).action_put_off_until_tomorrow()
        self.assertEqual(self.debtor.with_user(self.sophie).put_off_until, day(6))

    def test_chosen_again_the_last_day_holds(self):
        mine = self.debtor.with_user(self.sophie)
        mine._put_off(day(3))
        mine._put_off(day(1))
        self.assertEqual(mine.put_off_until, day(1))

    def test_until_a_day_that_has_come_is_refused(self):
        with self.assertRaisesRegex(UserError, "Choose a day to come"):
            self.debtor.with_user(self.sophie)._put_off(TODAY)


@tagged("post_install", "-at_install")
class TestMineOrEveryones(WorklistCase):
    """The first screen counts one's own work, or everybody's."""

    def count(self, user, mine, code="answer"):
        cards = self.env["collection.todo"].with_user(user).with_context(collection_mine=mine)
        card = cards.search([("code", "=", code)])
        card.invalidate_recordset()
        return card.count

    def test_by_a_switch(self):
        self.answer(self.make_debtor("Mine", user=self.sophie), self.make_debtor("Theirs", user=self.karim))
        self.assertEqual((self.count(self.sophie, True), self.count(self.sophie, False)), (1, 2))
        self.assertEqual(self.count(self.helene, True), 2)

    def test_the_card_opens_what_it_counts(self):
        mine = self.make_debtor("Mine", user=self.sophie)
        self.answer(mine, self.make_debtor("Theirs", user=self.karim))
        cards = self.env["collection.todo"].with_user(self.sophie).with_context(collection_mine=True)
        action = cards.search([("code", "=", "answer")]).action_open()
        self.assertEqual(self.env["collection.debtor"].search(action["domain"]), mine)

    def test_customers_of_nobody_are_everybody_s(self):
        self.make_debtor("Mine", user=self.sophie)
        gone = self.make_debtor("Left", user=self.karim)
        self.make_debtor("Nobody's")
        self.karim.active = False
        self.refresh()
        self.assertEqual(self.count(self.sophie, True, "no_collector"), 2)
        shown = gone.with_context(collection_todo_code="no_collector")
        self.assertEqual(shown.work_reason.split(" · ")[0], "Karim has left")

    def test_an_automatic_batch_on_its_way(self):
        self.make_debtor("Client")
        self.plan.level_ids.approval = "automatic"
        run = self.plan_run()
        self.assertEqual(self.count(self.sophie, True, "batch"), 0)
        run.action_send()
        self.assertEqual(self.count(self.sophie, True, "batch"), 1)
        run.reminder_ids.delivery_ids._record_handed_over()
        self.assertEqual(self.count(self.sophie, True, "batch"), 0)
