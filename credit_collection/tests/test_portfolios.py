"""Who follows whom: by rules, by hand, during an absence, and from one to another."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

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
