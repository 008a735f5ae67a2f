"""Who follows whom: by rules, by hand, during an absence, and from one to another."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TODAY, day
from .portfolio_case import PortfolioCase


class PortfolioRulesCase(PortfolioCase):
    def make_portfolio(self, name, *members, domain="[]", **values):
        """A portfolio of users, each with a share of 1, or of (user, share)."""
        shares = [member if isinstance(member, tuple) else (member, 1) for member in members]
        return self.env["collection.portfolio"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "domain": domain,
                "member_ids": [Command.create({"user_id": user.id, "share": share}) for user, share in shares],
                **values,
            }
        )

    def apply(self):
        """The portfolios are applied; the number of debtors given to somebody."""
        portfolios = self.env["collection.portfolio"]
        return portfolios._apply_changes(portfolios._find_changes(self.company))


@tagged("post_install", "-at_install")
class TestPortfoliosGiveDebtorsToCollectors(PortfolioRulesCase):
    """The first portfolio whose filter a debtor meets gives it to one of its collectors."""

    def test_by_filter_in_their_order(self):
        key = self.make_debtor("Key")
        key.is_key_account = True
        other = self.make_debtor("Other")
        self.make_portfolio("All", self.karim, sequence=20)
        first = self.make_portfolio("Key accounts", self.sophie, domain="[('is_key_account', '=', True)]", sequence=10)
        self.apply()
        self.assertEqual((key.user_id, other.user_id), (self.sophie, self.karim))
        self.assertEqual((key.portfolio_id, key.user_by_rule), (first, True))

    def test_in_turns_the_largest_debts_first(self):
        debtors = [self.make_debtor(f"Client {amount}", amount) for amount in (100, 400, 200, 300)]
        self.refresh()
        self.make_portfolio("All", self.sophie, self.karim)
        self.apply()
        self.assertEqual([debtor.user_id for debtor in debtors], [self.karim, self.sophie, self.sophie, self.karim])

    def test_by_shares(self):
        for number in range(6):
            self.make_debtor(f"Client {number}", 100 + number)
        portfolio = self.make_portfolio("All", (self.sophie, 2), (self.karim, 1))
        self.apply()
        count = self.env["collection.debtor"].search_count
        mine = [("portfolio_id", "=", portfolio.id)]
        self.assertEqual(
            (count([*mine, ("user_id", "=", self.sophie.id)]), count([*mine, ("user_id", "=", self.karim.id)])), (4, 2)
        )

    def test_applied_again_nothing_changes(self):
        for number in range(3):
            self.make_debtor(f"Client {number}")
        self.make_portfolio("All", self.sophie, self.karim)
        self.assertEqual(self.apply(), 3)
        self.assertEqual(self.apply(), 0)

    def test_a_new_customer_goes_to_who_has_fewer(self):
        first = self.make_debtor("First", 500)
        self.make_portfolio("All", self.sophie, self.karim)
        self.apply()
        second = self.make_debtor("Second", 900)
        self.apply()
        self.assertEqual((first.user_id, second.user_id), (self.sophie, self.karim))

    def test_who_leaves_the_portfolio_gives_his_customers_to_the_others(self):
        debtor = self.make_debtor("Client")
        portfolio = self.make_portfolio("All", self.sophie)
        self.apply()
        portfolio.member_ids = [Command.clear(), Command.create({"user_id": self.karim.id})]
        self.apply()
        self.assertEqual(debtor.user_id, self.karim)
        event = debtor.event_ids
        self.assertEqual(
            (event.kind, event.former_user_id, event.user_id, event.reason),
            ("hand_over", self.sophie, self.karim, "All"),
        )

    def test_with_the_tasks_of_who_followed_them(self):
        debtor = self.make_debtor("Client")
        portfolio = self.make_portfolio("All", self.sophie)
        self.apply()
        task = debtor.activity_schedule("mail.mail_activity_data_call", user_id=self.sophie.id)
        portfolio.member_ids.user_id = self.karim
        self.apply()
        self.assertEqual(task.user_id, self.karim)

    def test_a_customer_of_no_portfolio_stays_where_it_is(self):
        debtor = self.make_debtor("Client")
        portfolio = self.make_portfolio("All", self.sophie)
        self.apply()
        portfolio.domain = "[('is_key_account', '=', True)]"
        self.assertEqual(self.apply(), 0)
        self.assertEqual(debtor.user_id, self.sophie)

    def test_every_night_for_every_company(self):
        debtor = self.make_debtor("Client")
        self.make_portfolio("All", self.karim)
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cursor:
            self.env(cr=cursor)["collection.portfolio"]._cron_assign()
        debtor.invalidate_recordset()
        self.assertEqual(debtor.user_id, self.karim)


@tagged("post_install", "-at_install")
class TestWhatAPersonDecidedStands(PortfolioRulesCase):
    """No portfolio takes a customer away from a collector whom a person chose."""

    def test_a_collector_set_by_hand_stays(self):
        debtor = self.make_debtor("Client", user=self.sophie)
        self.make_portfolio("All", self.karim)
        self.assertEqual(self.apply(), 0)
        self.assertEqual(debtor.user_id, self.sophie)

    def test_set_by_hand_after_a_portfolio_too(self):
        debtor = self.make_debtor("Client")
        self.make_portfolio("All", self.karim)
        self.apply()
        debtor.user_id = self.sophie
        self.assertEqual((debtor.user_by_rule, bool(debtor.portfolio_id)), (False, False))
        self.assertEqual(self.apply(), 0)
        self.assertEqual(debtor.user_id, self.sophie)

    def test_until_he_gives_it_back(self):
        debtor = self.make_debtor("Client", user=self.sophie)
        self.make_portfolio("All", self.karim)
        debtor.with_user(self.sophie).action_give_back_to_portfolios()
        self.apply()
        self.assertEqual(debtor.user_id, self.karim)

    def test_or_has_left(self):
        debtor = self.make_debtor("Client", user=self.sophie)
        self.make_portfolio("All", self.karim)
        self.sophie.active = False
        self.apply()
        self.assertEqual(debtor.user_id, self.karim)

    def test_chosen_while_the_portfolios_were_applied_he_stays_too(self):
        debtor = self.make_debtor("Client")
        self.make_portfolio("All", self.karim)
        portfolios = self.env["collection.portfolio"]
        changes = portfolios._find_changes(self.company)
        debtor.user_id = self.sophie
        self.assertEqual(portfolios._apply_changes(changes), 0)
        self.assertEqual(debtor.user_id, self.sophie)


@tagged("post_install", "-at_install")
class TestPreview(PortfolioRulesCase):
    """Before anything changes, a manager sees who would be given what."""

    def test_it_counts_by_portfolio_and_collector(self):
        self.make_debtor("One", 1000)
        self.make_debtor("Two", 500)
        self.refresh()
        portfolio = self.make_portfolio("All", self.sophie)
        preview = self.env["collection.portfolio.preview"].with_user(self.helene)._open_for(self.company)
        line = preview.line_ids
        self.assertEqual(
            (line.portfolio_id, line.former_user_id, line.user_id, line.debtor_count, line.overdue),
            (portfolio, self.env["res.users"], self.sophie, 2, 1500.0),
        )
        self.assertEqual((preview.change_count, preview.unfollowed_count), (2, 0))
        self.assertFalse(self.debtor_of(self.env["res.partner"].search([("name", "=", "One")])).user_id)

    def test_it_says_who_would_still_be_followed_by_nobody(self):
        self.make_debtor("One")
        self.refresh()
        self.make_portfolio("Key", self.sophie, domain="[('is_key_account', '=', True)]")
        preview = self.env["collection.portfolio.preview"]._open_for(self.company)
        self.assertEqual((preview.change_count, preview.unfollowed_count), (0, 1))

    def test_applied_by_a_manager(self):
        debtor = self.make_debtor("One")
        self.make_portfolio("All", self.sophie)
        self.env["collection.portfolio.preview"].with_user(self.helene)._open_for(self.company).action_apply()
        self.assertEqual(debtor.user_id, self.sophie)

    def test_a_collector_neither_sees_nor_applies_it(self):
        self.make_portfolio("All", self.sophie)
        self.assert_forbidden(self.env["collection.portfolio.preview"].with_user(self.sophie)._open_for, self.company)
        self.assert_forbidden(lambda: self.env["collection.portfolio"].with_user(self.sophie).create({"name": "Mine"}))


@tagged("post_install", "-at_install")
class TestPortfoliosAreChecked(PortfolioRulesCase):
    """A portfolio that could not work is refused, in words."""

    def assert_refused(self, words, action):
        with self.assertRaisesRegex((ValidationError, UserError), words), self.env.cr.savepoint():
            action()

    def test_without_a_collector(self):
        self.assert_refused("Add a collector", lambda: self.make_portfolio("Nobody"))

    def test_with_a_filter_that_makes_no_sense(self):
        for domain in ("[('nothing', '=', 1)]", "[(", "__import__('os')"):
            self.assert_refused("is not valid", lambda it=domain: self.make_portfolio("x", self.sophie, domain=it))

    def test_with_a_filter_that_cannot_be_searched_fast(self):
        self.assert_refused(
            "cannot be searched fast",
            lambda: self.make_portfolio("x", self.sophie, domain="[('is_to_contact', '=', True)]"),
        )

    def test_with_somebody_who_is_no_collector(self):
        self.assert_refused("is no collector", lambda: self.make_portfolio("x", self.auditor))

    def test_with_a_share_of_nothing(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "share_positive"),
            self.env.cr.savepoint(),
        ):
            self.make_portfolio("x", (self.sophie, 0))

    def test_deleted_while_it_explains_who_follows_whom(self):
        self.make_debtor("One")
        portfolio = self.make_portfolio("All", self.sophie)
        self.apply()
        self.assert_refused("archive it", portfolio.unlink)


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

    def setUp(self):
        super().setUp()
        self.company.collection_own_debtors_only = True
        self.of_sophie = self.make_debtor("Of Sophie", user=self.sophie)
        self.of_karim = self.make_debtor("Of Karim", user=self.karim)
        self.env.flush_all()

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
