"""A run: what it proposes, what it leaves and why, and how it is taken back."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import CollectionCase, day


@tagged("post_install", "-at_install")
class TestRun(CollectionCase):
    """A run keeps what it decided, counted by decision, and proposes one reminder a debtor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan()
        cls.partner = cls.make_partner()
        cls.other = cls.make_partner("Boulangerie Martin")

    def test_it_counts_every_open_item_by_decision(self):
        self.make_invoice(self.partner, 1000, due=day(-5))
        self.make_invoice(self.other, 400, due=day(-5))
        self.make_invoice(self.other, 300, due=day(5))
        self.make_invoice(self.other, 200, due=day(-5)).line_ids.no_followup = True
        run = self.plan_run()
        self.assertEqual(
            {
                (count.decision, count.level_id.name, count.item_count, count.debtor_count, count.residual, count.claim)
                for count in run.count_ids
            },
            {
                ("level", "Rappel", 2, 2, 1400.0, 1400.0),
                ("waiting", "Rappel", 1, 1, 300.0, 300.0),
                ("excluded", False, 1, 1, 200.0, 0.0),
            },
        )
        self.assertEqual((run.item_count, run.reminder_count, run.state), (4, 2, "planned"))

    def test_one_reminder_a_debtor_lists_its_items_each_at_its_own_level(self):
        late = self.make_invoice(self.partner, 1000, due=day(-12))
        self.run_and_send()
        self.set_today(day(5))
        recent = self.make_invoice(self.partner, 500, due=day(0))
        between = self.make_invoice(self.partner, 300, due=day(4))
        coming = self.make_invoice(self.partner, 100, due=day(9))
        reminder = self.plan_run().reminder_ids
        self.assertEqual(reminder.level_id.name, "Relance")
        self.assertEqual(
            {line.move_id: (line.level_id.name, line.claim, line.days_late) for line in reminder.line_ids},
            {late: ("Relance", 1000.0, 17), recent: ("Rappel", 500.0, 5), between: (False, 300.0, 1)},
        )
        self.assertNotIn(coming, reminder.line_ids.move_id)
        self.assertEqual(reminder.claim_company, 1800.0)

    def test_grouped_by_level_there_is_one_reminder_a_level(self):
        self.plan.grouping = "level"
        late = self.make_invoice(self.partner, 1000, due=day(-12))
        self.run_and_send()
        self.set_today(day(5))
        recent = self.make_invoice(self.partner, 500, due=day(0))
        self.make_invoice(self.partner, 300, due=day(4))
        reminders = self.plan_run().reminder_ids
        self.assertEqual(
            {reminder.level_id.name: reminder.line_ids.move_id for reminder in reminders},
            {"Relance": late, "Rappel": recent},
        )

    def test_what_is_recalled_does_not_reach_a_level(self):
        self.make_invoice(self.partner, 1000, due=day(-5))
        recalled = self.make_invoice(self.partner, 300, due=day(-1))
        self.run_and_send()
        self.assertEqual(self.decision_of(recalled).position_level_id.name, False)
        self.assert_decided(recalled, "waiting", "Rappel", 300.0, day(2))

    def test_a_level_without_approval_is_to_send_the_others_wait_for_it(self):
        self.plan.level_ids[0].approval = "batch"
        self.make_invoice(self.partner, 1000, due=day(-5))
        run = self.plan_run()
        self.assertEqual((run.reminder_ids.state, run.to_approve_count), ("proposed", 1))
        run.action_approve()
        self.assertEqual((run.reminder_ids.state, run.to_approve_count), ("approved", 0))

    def test_a_debtor_with_a_pending_reminder_gets_no_second_one(self):
        self.make_invoice(self.partner, 1000, due=day(-5))
        first = self.plan_run()
        second = self.plan_run()
        self.assertEqual((len(first.reminder_ids), len(second.reminder_ids)), (1, 0))

    def test_a_run_is_planned_once(self):
        self.make_invoice(self.partner, 1000, due=day(-5))
        run = self.plan_run()
        with self.assertRaisesRegex(UserError, "has already been planned: start a new run"):
            run.action_plan()

    def test_cancelled_its_items_are_proposed_again(self):
        self.make_invoice(self.partner, 1000, due=day(-5))
        run = self.plan_run()
        run.action_cancel()
        self.assertEqual(
            (run.state, run.reminder_ids.state, run.reminder_ids.cancel_reason),
            ("cancelled", "cancelled", "The run was cancelled."),
        )
        self.assertEqual(self.plan_run().reminder_ids.line_ids.mapped("claim"), [1000.0])

    def test_a_line_left_out_is_proposed_again_by_a_later_run(self):
        invoice = self.make_invoice(self.partner, 1000, due=day(-5))
        self.make_invoice(self.partner, 500, due=day(-5))
        reminder = self.plan_run().reminder_ids
        reminder.line_ids.filtered(lambda line: line.move_id == invoice).action_drop()
        self.assertEqual(reminder.claim_company, 500.0)
        self.hand_over(reminder)
        self.set_today(day(1))
        self.assert_decided(invoice, "level", "Rappel", 1000.0)

    def test_only_the_last_run_keeps_its_snapshot(self):
        self.make_invoice(self.partner, 1000, due=day(-5))
        first = self.plan_run(is_dry_run=True)
        second = self.plan_run(is_dry_run=True)
        self.assertEqual((first.snapshot_ids.ids, second.snapshot_ids.mapped("claim")), ([], [1000.0]))
        self.assertEqual(first.count_ids.claim, 1000.0)

    def test_an_extension_keeps_one_more_column(self):
        """A column of the reminder comes from one overridable hook."""
        self.make_invoice(self.partner, 1000, due=day(-5))
        original = self.registry["collection.run"]._get_reminder_columns

        def with_hold(run):
            return {**original(run), "hold_reason": SQL("'Held by an extension'")}

        self.patch(self.registry["collection.run"], "_get_reminder_columns", with_hold)
        self.assertEqual(self.plan_run().reminder_ids.hold_reason, "Held by an extension")


@tagged("post_install", "-at_install")
class TestDryRun(CollectionCase):
    """The simulation: decisions of any day, and nothing proposed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.invoice = cls.make_invoice(cls.make_partner(), 1000, due=day(-5))

    def test_it_proposes_nothing_and_sends_nothing(self):
        run = self.plan_run(is_dry_run=True)
        self.assertEqual((run.snapshot_ids.decision, run.reminder_ids.ids), ("level", []))
        self.assertFalse(self.env["collection.item"].search([("move_id", "=", self.invoice.id)]))
        with self.assertRaisesRegex(UserError, "A dry run sends nothing"):
            run.action_send()

    def test_it_tells_a_day_to_come(self):
        run = self.plan_run(is_dry_run=True, date=day(7))
        self.assertEqual((run.snapshot_ids.level_id.name, run.snapshot_ids.days_late), ("Rappel", 12))

    def test_it_tells_a_past_day(self):
        self.pay(self.invoice, 1000)
        run = self.plan_run(is_dry_run=True, date=day(-1))
        self.assertEqual((run.snapshot_ids.decision, run.snapshot_ids.claim), ("level", 1000.0))

    def test_from_it_a_real_run_of_today_starts(self):
        action = self.plan_run(is_dry_run=True, date=day(7)).action_start_from_dry_run()
        run = self.env["collection.run"].browse(action["res_id"])
        self.assertEqual((run.date, run.is_dry_run, len(run.reminder_ids)), (day(0), False, 1))


@tagged("post_install", "-at_install")
class TestScheduledPlanning(CollectionCase):
    """Every working day the companies that switched collection on are planned, one company's trouble apart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.second = cls.make_company("Seconde SAS")
        cls.make_invoice(cls.make_partner(), 1000, due=day(-5))
        cls.env["res.company"].search([]).collection_active = False
        cls.company.collection_active = True

    def setUp(self):
        super().setUp()
        # A test neither commits nor rolls back.
        self.startPatcher(patch.object(self.env.cr, "commit", self.env.flush_all))
        self.startPatcher(patch.object(self.env.cr, "rollback", self.env.invalidate_all))

    def _plan_by_schedule(self):
        before = self.env["collection.run"].search([])
        self.env["collection.run"]._cron_plan()
        return self.env["collection.run"].search([]) - before

    def test_what_needs_no_approval_goes_to_the_outbox(self):
        run = self._plan_by_schedule()
        self.assertEqual((run.state, run.reminder_ids.state, run.date), ("done", "outbox", day(0)))

    def test_a_company_that_is_not_switched_on_is_left_alone(self):
        self.company.collection_active = False
        self.assertFalse(self._plan_by_schedule())

    def test_a_day_is_planned_once(self):
        self._plan_by_schedule()
        self.assertFalse(self._plan_by_schedule())

    def test_on_a_sunday_nothing_is_planned(self):
        self.set_today(date(2026, 3, 15))
        self.assertFalse(self._plan_by_schedule())

    def test_on_a_public_holiday_nothing_is_planned(self):
        self.set_today(date(2026, 4, 6))
        self.assertFalse(self._plan_by_schedule())

    def test_with_stale_bank_data_it_is_planned_and_nothing_leaves(self):
        self.company.collection_freshness_days = 3
        self.receive_in_bank(1, on=day(-10))
        run = self._plan_by_schedule()
        self.assertEqual((run.state, run.reminder_ids.state), ("planned", "approved"))
        self.assertIn("import the bank statements first", run.hold_reason)
        self.assertEqual(run.last_receipt_info, "Bank: 02/28/2026")

    def test_what_a_hold_kept_back_leaves_when_the_bank_data_is_fresh_again(self):
        self.company.collection_freshness_days = 3
        self.receive_in_bank(1, on=day(-10))
        held = self._plan_by_schedule()
        self.set_today(day(1))
        self.receive_in_bank(1)
        self._plan_by_schedule()
        self.assertEqual((held.reminder_ids.state, held.state), ("outbox", "done"))

    def test_one_company_s_trouble_is_shown_and_the_others_are_planned(self):
        self.second.collection_active = True
        original = self.registry["collection.run"]._take_snapshot

        def broken_for_the_other(run):
            if run.company_id == self.second:
                raise ValueError("a rate is missing")
            return original(run)

        self.patch(self.registry["collection.run"], "_take_snapshot", broken_for_the_other)
        with self.assertLogs("odoo.addons.credit_collection.models.collection_run", "ERROR"):
            runs = self._plan_by_schedule()
        ours = runs.filtered(lambda run: run.company_id == self.company)
        theirs = runs - ours
        self.assertEqual((ours.state, ours.reminder_ids.state), ("done", "outbox"))
        self.assertIn("Planning failed: a rate is missing", theirs.mapped("hold_reason"))
