"""Planning beside other planners and beside accountants, with real transactions."""

import threading
from datetime import timedelta
from functools import partial
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged

from .common import TODAY, day
from .own_database import OwnDatabaseCase

DEBTORS = 5


class ConcurrencyCase(OwnDatabaseCase):
    """Debtors with an invoice to be reminded of, in a database where the tests commit."""

    @classmethod
    def prepare(cls):
        cls.make_plan()
        partners = [cls.make_partner(f"Client {number}") for number in range(DEBTORS)]
        cls.invoices = cls.env["account.move"].union(
            *(cls.make_invoice(partner, 100, due=day(-5)) for partner in partners)
        )
        cls.env["collection.debtor"]._ensure_debtors(cls.company)

    def setUp(self):
        super().setUp()
        # A retry need not wait in a test.
        self.startPatcher(patch("odoo.service.model.time.sleep"))
        self.addCleanup(self._take_everything_back)

    def _take_everything_back(self):
        with self.session() as env:
            env["collection.run"].search([("state", "!=", "cancelled")]).action_cancel()
            env.cr.commit()

    def pending(self):
        """Number of reminders that have not left, as a new transaction sees it."""
        with self.session() as env:
            return env["collection.reminder"].search_count([("state", "in", ("proposed", "approved", "outbox"))])


@tagged("post_install", "-at_install")
class TestTwoPlannersAtOnce(ConcurrencyCase):
    """One planner a company: the other is told, or finds that all is done. Nothing is planned twice."""

    def test_the_first_planners_of_a_company_ever(self):
        with self.session() as env, env.registry.cursor() as cursor:
            cursor.execute("DELETE FROM collection_planner")
        self.test_while_one_plans_the_other_is_told()

    def test_while_one_plans_the_other_is_told(self):
        with self.session() as first, self.session() as second:
            first["collection.run"].create({}).action_plan()
            with self.assertRaisesRegex(UserError, "A run of .* is being planned right now: wait until it is done."):
                second["collection.run"].create({}).action_plan()
            first.cr.commit()
        self.assertEqual(self.pending(), DEBTORS)

    def test_whose_transaction_began_before_the_other_ended_starts_again_and_plans_nothing(self):
        with self.session() as first, self.session() as second:
            second["collection.run"].search_count([])
            first["collection.run"].create({}).action_plan()
            first.cr.commit()
            with self.assertRaises(SerializationFailure), self.assertLogs("odoo.sql_db", "ERROR"):
                second["collection.run"].create({}).action_plan()
            second.cr.rollback()
            second["collection.run"].search_count([])
            run = retrying(lambda: second["collection.run"].create({}), second)
            retrying(run.action_plan, second)
            self.assertEqual((run.state, run.reminder_count), ("planned", 0))
        self.assertEqual(self.pending(), DEBTORS)

    def test_many_at_once_make_one_reminder_a_debtor(self):
        outcomes = []
        together = threading.Barrier(4)

        def plan():
            with self.session() as env:
                together.wait()
                try:
                    retrying(lambda: env["collection.run"].create({}).action_plan(), env)
                    outcomes.append("planned")
                except UserError as error:
                    outcomes.append("told" if "is being planned right now" in str(error) else str(error))

        threads = [threading.Thread(target=plan) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(set(outcomes) | {"told"}, {"planned", "told"})
        self.assertIn("planned", outcomes)
        self.assertEqual(self.pending(), DEBTORS)


@tagged("post_install", "-at_install")
class TestAccountantsMeanwhile(ConcurrencyCase):
    """Accountants post and reconcile while a run is planned: nobody waits, nobody fails."""

    def _account(self, env):
        """A moment of an accountant's work on a customer who is being reminded.

        An invoice is posted and paid, the allocation undone and done again; the invoice to remind is edited and part
        paid, one cent a time.
        """
        helpers = self._with(env)
        reminded = self.invoices[0].with_env(env)
        new = helpers.make_invoice(reminded.partner_id, 70, due=TODAY - timedelta(1))
        payment = helpers.receive_payment(reminded.partner_id, 70)
        helpers.reconcile(payment.move_id, new)
        new.line_ids.remove_move_reconcile()
        helpers.reconcile(payment.move_id, new)
        helpers.reconcile(helpers.receive_payment(reminded.partner_id, 0.01).move_id, reminded)
        helpers.open_lines(reminded).name = f"Edited after {new.name}"
        self.assertEqual(new.payment_state, "paid")
        return new

    def _with(self, env):
        """This test's helpers, on another transaction."""
        records = {name: getattr(self, name).with_env(env) for name in ("company", "bank", "euro", "miscellaneous")}
        return type("Accountant", (type(self),), {"env": env, **records})(self._testMethodName)

    def test_while_a_run_is_planned_they_do_not_wait(self):
        with self.session() as planner:
            planner["collection.run"].create({}).action_plan()
            with self.session() as accountant:
                self._account(accountant)
                accountant.cr.commit()
            planner.cr.commit()
        self.assertEqual(self.pending(), DEBTORS)

    def test_what_they_commit_in_the_middle_of_planning_makes_it_fail_nowhere(self):
        moments = ("_refresh_before_planning", "_take_snapshot", "_propose_reminders", "_finish_planning")
        for moment in moments:
            with self.subTest(before=moment):
                original = getattr(self.registry["collection.run"], moment)

                def meanwhile(run, original=original):
                    with self.session() as accountant:
                        self._account(accountant)
                        accountant.cr.commit()
                    return original(run)

                with patch.object(self.registry["collection.run"], moment, meanwhile), self.session() as planner:
                    planner["collection.run"].create({}).action_plan()
                    planner.cr.commit()
                self.assertEqual(self.pending(), DEBTORS)
                self._take_everything_back()

    def test_their_transactions_that_began_before_the_run_end_after_it(self):
        with self.session() as accountant:
            accountant["account.move"].search_count([])
            with self.session() as planner:
                planner["collection.run"].create({}).action_plan()
                planner.cr.commit()
            self._account(accountant)
            accountant.cr.commit()
        self.assertEqual(self.pending(), DEBTORS)

    def test_at_full_speed_neither_side_fails(self):
        errors, posted, ended = [], [], threading.Event()

        def account():
            while not ended.is_set():
                try:
                    with self.session() as accountant:
                        posted.append(retrying(partial(self._account, accountant), accountant).id)
                except Exception as error:  # noqa: BLE001 - told by the test's own thread
                    errors.append(error)

        thread = threading.Thread(target=account)
        thread.start()
        try:
            for _ in range(5):
                with self.session() as planner:
                    planner["collection.run"].create({}).action_plan()
                    planner.cr.commit()
        finally:
            ended.set()
            thread.join()
        self.assertEqual(errors, [])
        self.assertGreaterEqual(len(posted), 1)
        self.assertEqual(self.pending(), DEBTORS)


@tagged("post_install", "-at_install")
class TestSendersMeanwhile(ConcurrencyCase):
    """Deliveries leave while the scheduler plans: both write on the same debtors, and neither fails."""

    def _send_to_all(self, company):
        """What the outbox writes on a debtor whose reminder has just left, in a transaction of its own."""
        with self.session() as sender:
            sender["collection.debtor"].search([("company_id", "=", company.id)]).last_reminder_date = TODAY
            sender.cr.commit()

    def test_a_sender_at_work_on_every_debtor_does_not_keep_the_scheduler_from_planning(self):
        original = self.registry["collection.run"]._refresh_before_planning
        passes = []

        def meanwhile(run):
            # Within the planner's transaction, whose snapshot is older.
            passes.append(run.id)
            self._send_to_all(run.company_id)
            return original(run)

        self.patch(self.registry["collection.run"], "_refresh_before_planning", meanwhile)
        with self.session() as scheduler:
            scheduler["res.company"].search([]).collection_active = False
            self.company.with_env(scheduler).collection_active = True
            scheduler.cr.commit()
            scheduler["collection.run"]._cron_plan()
        self.assertEqual((len(passes), self.pending()), (1, DEBTORS))

    def test_figures_that_have_not_changed_are_not_written_again(self):
        with self.session() as env, self.session() as sender:
            debtors = env["collection.debtor"].search([])
            debtors._refresh_figures()
            env.cr.commit()
            sender["collection.debtor"].search_count([])
            debtors._refresh_figures()
            env.cr.commit()
            sender["collection.debtor"].browse(debtors.ids).last_reminder_date = TODAY
            sender.cr.commit()
