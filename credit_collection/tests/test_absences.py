"""Debtors handed over to a colleague, and followed by another while their collector is away."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TODAY, day
from .portfolio_case import PortfolioCase


@tagged("post_install", "-at_install")
class TestHandingOver(PortfolioCase):
    """A collector gives his customers to another, with the reason and the open tasks."""

    def hand_over(self, debtors, user, by=None, **values):
        by = by or self.sophie
        wizard = (
            self.env["collection.hand.over"]
            .with_user(by)
            .with_context(active_model="collection.debtor", active_ids=debtors.ids)
        )
        wizard.create({"user_id": user.id, "reason": "New sectors", **values}).action_hand_over()

    def test_moves_the_customers_and_their_tasks(self):
        debtor = self.make_debtor("Client", user=self.sophie)
        task = debtor.activity_schedule("mail.mail_activity_data_call", user_id=self.sophie.id)
        of_others = debtor.activity_schedule("mail.mail_activity_data_todo", user_id=self.helene.id)
        self.hand_over(debtor, self.karim)
        self.assertEqual((debtor.user_id, debtor.user_by_rule), (self.karim, False))
        self.assertEqual((task.user_id, of_others.user_id), (self.karim, self.helene))

    def test_keeps_who_gave_them_to_whom_and_why(self):
        debtor = self.make_debtor("Client", user=self.sophie)
        self.hand_over(debtor, self.karim)
        event = debtor.event_ids
        self.assertEqual(
            (event.kind, event.former_user_id, event.user_id, event.reason, event.author_id, event.day),
            ("hand_over", self.sophie, self.karim, "New sectors", self.sophie.partner_id, TODAY),
        )

    def test_without_the_tasks_if_told_so(self):
        debtor = self.make_debtor("Client", user=self.sophie)
        task = debtor.activity_schedule("mail.mail_activity_data_call", user_id=self.sophie.id)
        self.hand_over(debtor, self.karim, with_activities=False)
        self.assertEqual(task.user_id, self.sophie)

    def test_where_collectors_see_their_own_debtors_only(self):
        self.company.collection_own_debtors_only = True
        debtor = self.make_debtor("Client", user=self.sophie)
        self.hand_over(debtor, self.karim)
        self.assertEqual(debtor.user_id, self.karim)
        self.assert_forbidden(debtor.with_user(self.sophie).read, ["overdue"])

    def test_to_somebody_who_is_no_collector_is_refused(self):
        debtor = self.make_debtor("Client", user=self.sophie)
        with self.assertRaisesRegex(UserError, "is no collector"):
            self.hand_over(debtor, self.auditor)

    def test_without_a_reason_is_refused(self):
        debtor = self.make_debtor("Client", user=self.sophie)
        with self.assertRaisesRegex(UserError, "Say why they are handed over"):
            self.hand_over(debtor, self.karim, reason="  ")

    def test_those_of_another_are_refused_where_the_company_says_so(self):
        self.company.collection_own_debtors_only = True
        debtor = self.make_debtor("Client", user=self.karim)
        self.assert_forbidden(self.hand_over, debtor, self.sophie)
        self.assertEqual(debtor.user_id, self.karim)


class AbsenceCase(PortfolioCase):
    """Collectors see their own debtors only; Sophie has one, Karim another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.collection_own_debtors_only = True
        cls.of_sophie = cls.make_debtor("Of Sophie", user=cls.sophie)
        cls.of_karim = cls.make_debtor("Of Karim", user=cls.karim)
        cls.env.flush_all()

    def absence(self, user, replacement, first, last, **values):
        return self.env["collection.absence"].create(
            {
                "user_id": user.id,
                "replacement_id": replacement and replacement.id,
                "date_from": first,
                "date_to": last,
                **values,
            }
        )

    def seen_by(self, user):
        self.env.invalidate_all()
        return self.env["collection.debtor"].with_user(user).search([]).sudo() & (self.of_sophie | self.of_karim)


@tagged("post_install", "-at_install")
class TestDuringAnAbsence(AbsenceCase):
    """From the first day to the last, the replacement sees and does; after that all is as before, by itself."""

    def test_from_the_first_day_to_the_last(self):
        self.absence(self.sophie, self.karim, day(1), day(3))
        seen = {}
        for offset in (0, 1, 2, 3, 4):
            self.set_today(day(offset))
            seen[offset] = self.of_sophie in self.seen_by(self.karim)
        self.assertEqual(seen, {0: False, 1: True, 2: True, 3: True, 4: False})

    def test_the_absent_collector_keeps_what_is_his(self):
        self.absence(self.sophie, self.karim, day(0), day(3))
        self.assertEqual(self.seen_by(self.sophie), self.of_sophie)
        self.assertEqual(self.of_sophie.user_id, self.sophie)

    def test_the_replacement_acts(self):
        self.absence(self.sophie, self.karim, day(0), day(3))
        self.of_sophie.with_user(self.karim).write({"pause_until": day(2), "pause_reason": "Talks"})
        self.assertTrue(self.of_sophie.is_paused)

    def test_what_hangs_on_the_debtors_is_seen_with_them(self):
        self.hand_over(self.plan_run().reminder_ids)
        self.absence(self.sophie, self.karim, day(0), day(0))
        self.env.flush_all()
        for model in ("reminder", "reminder.line", "delivery", "item", "snapshot"):
            found = self.env[f"collection.{model}"].with_user(self.karim).search([])
            self.assertIn(self.of_sophie, found.sudo().debtor_id, model)

    def test_his_tasks_are_on_the_replacement_s_list(self):
        self.of_sophie.activity_schedule("mail.mail_activity_data_call", user_id=self.sophie.id, date_deadline=TODAY)
        todo = self.env["collection.todo"].with_user(self.karim).search([("code", "=", "activity")])
        self.assertEqual(todo.count, 0)
        self.absence(self.sophie, self.karim, day(0), day(0))
        todo.invalidate_recordset()
        self.assertEqual(todo.count, 1)

    def test_shortened_it_ends_at_once(self):
        absence = self.absence(self.sophie, self.karim, day(-2), day(3))
        self.assertIn(self.of_sophie, self.seen_by(self.karim))
        absence.date_to = day(-1)
        self.assertNotIn(self.of_sophie, self.seen_by(self.karim))

    def test_deleted_too(self):
        absence = self.absence(self.sophie, self.karim, day(-2), day(3))
        self.assertIn(self.of_sophie, self.seen_by(self.karim))
        absence.unlink()
        self.assertNotIn(self.of_sophie, self.seen_by(self.karim))

    def test_who_replaces_a_replacement_follows_both(self):
        third = self.make_user("nadia", "collector")
        self.absence(self.sophie, self.karim, day(0), day(3))
        self.absence(self.karim, third, day(1), day(2))
        self.assertEqual(self.seen_by(third), self.of_sophie.browse())
        self.set_today(day(1))
        self.assertEqual(self.seen_by(third), self.of_sophie | self.of_karim)

    def test_each_replacing_the_other_ends_nowhere(self):
        self.absence(self.sophie, self.karim, day(0), day(0))
        self.absence(self.karim, self.sophie, day(0), day(0))
        self.assertEqual(self.seen_by(self.sophie), self.of_sophie | self.of_karim)

    def test_it_begins_at_midnight_where_the_collector_works(self):
        self.sophie.company_id.resource_calendar_id.tz = "Europe/Paris"
        self.absence(self.sophie, self.karim, day(1), day(1))
        self.clock.move_to("2026-03-10 22:59:00")
        self.assertNotIn(self.of_sophie, self.seen_by(self.karim))
        self.clock.move_to("2026-03-10 23:01:00")
        self.assertIn(self.of_sophie, self.seen_by(self.karim))


@tagged("post_install", "-at_install")
class TestAbsencesAreChecked(AbsenceCase):
    """Nobody makes himself the replacement of another, nor replaces himself."""

    def test_a_collector_says_when_he_is_away(self):
        mine = {"replacement_id": self.karim.id, "date_from": day(0), "date_to": day(1)}
        absence = self.env["collection.absence"].with_user(self.sophie).create(mine)
        self.assertEqual(absence.user_id, self.sophie)

    def test_not_when_another_is(self):
        theirs = {
            "user_id": self.sophie.id,
            "replacement_id": self.karim.id,
            "date_from": day(0),
            "date_to": day(1),
        }
        self.assert_forbidden(lambda: self.env["collection.absence"].with_user(self.karim).create(theirs))
        absence = self.absence(self.sophie, False, day(0), day(1))
        self.assert_forbidden(lambda: absence.with_user(self.karim).write({"replacement_id": self.karim.id}))
        mine = self.env["collection.absence"].with_user(self.karim).create({"date_from": day(5), "date_to": day(6)})
        self.assert_forbidden(lambda: mine.write({"user_id": self.sophie.id, "replacement_id": self.karim.id}))

    def test_a_manager_says_it_for_all(self):
        absence = self.absence(self.sophie, False, day(0), day(1))
        absence.with_user(self.helene).replacement_id = self.karim
        self.assertEqual(absence.replacement_id, self.karim)

    def test_what_makes_no_sense_is_refused(self):
        self.absence(self.sophie, self.karim, day(0), day(5))
        for words, values in (
            ("overlaps", (self.sophie, self.karim, day(5), day(6))),
            ("cannot replace himself", (self.karim, self.karim, day(0), day(1))),
            ("is no collector", (self.karim, self.auditor, day(0), day(1))),
        ):
            with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
                self.absence(*values)

    def test_one_without_a_replacement_stands_on_the_list_of_things_to_do(self):
        card = self.env["collection.todo"].search([("code", "=", "absence")])
        self.assertEqual(card.count, 0)
        absence = self.absence(self.sophie, False, day(3), day(5))
        card.invalidate_recordset()
        self.assertEqual(card.count, 1)
        absence.replacement_id = self.karim
        card.invalidate_recordset()
        self.assertEqual(card.count, 0)


@tagged("post_install", "-at_install")
class TestTheManagerIsWarned(PortfolioCase):
    """A collector who is also an accountant sees every entry: the manager learns who."""

    def test_by_name_where_collectors_are_limited(self):
        self.make_user("lea", "collector", "account.group_account_invoice")
        self.make_user("paul", "manager", "account.group_account_manager")
        card = self.env["collection.todo"].with_user(self.helene).search([("code", "=", "portfolio_rights")])
        self.assertEqual((card.count, self.company._get_portfolio_warning()), (0, None))
        self.company.collection_own_debtors_only = True
        card.invalidate_recordset()
        self.assertEqual(card.count, 1)
        self.assertIn("Lea", card.description)
        self.assertNotIn("Paul", card.description)
        settings = self.env["res.config.settings"].create({})
        self.assertIn("see the entries of every customer: Lea.", settings.collection_portfolio_warning)

    def test_and_nobody_else(self):
        cards = self.env["collection.todo"].with_user(self.sophie).search([])
        self.assertNotIn("portfolio_rights", cards.mapped("code"))
        with self.assertRaises(AccessError):
            self.sophie.with_user(self.sophie).read(["collection_rights_text"])
