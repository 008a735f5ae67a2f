from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from .common import TODAY, CollectionCase, day


class PersonCase(CollectionCase):
    def plan_run(self):
        run = self.env["collection.run"].create({})
        run.action_plan()
        return run

    def wizard(self, model, records, **values):
        return (
            self.env[model]
            .with_context(active_model=records._name, active_id=records[:1].id, active_ids=records.ids)
            .create(values)
        )

    def reach(self, move, level):
        """The item of the move has reached the level today."""
        item = self.item_of(move)
        item.write({"level_id": level.id, "level_date": TODAY})
        return item


class TestPause(PersonCase):
    """A person suspends reminders until a day, with a reason."""

    def test_cancels_what_was_about_to_leave(self):
        self.make_plan()
        self.make_invoice(self.make_partner(), 100, day(-5))
        reminder = self.plan_run().reminder_ids
        self.wizard(
            "collection.pause", reminder.debtor_id, until=day(10), reason="Waits for a credit note"
        ).action_pause()
        self.assertEqual(reminder.state, "cancelled")
        self.assertEqual(reminder.debtor_id.pause_until, day(10))
        reminder.debtor_id.action_resume()
        self.assertFalse(reminder.debtor_id.is_paused)
        self.assertEqual(len(self.plan_run().reminder_ids), 1)

    def test_in_the_past_is_refused(self):
        self.make_invoice(self.make_partner(), 100, day(-5))
        debtor = self.debtor_of(self.env["res.partner"].search([("name", "=", "Menuiserie Durand")], limit=1))
        with self.assertRaisesRegex(ValidationError, "already be over"):
            self.wizard("collection.pause", debtor, until=day(-1), reason="Too late").action_pause()


class TestAnotherPlan(PersonCase):
    """A plan set by a person takes the place of the one whose filter is met."""

    def test_on_one_invoice_leaves_the_others_as_they_are(self):
        self.make_plan()
        slow = self.make_plan(levels=[("Lent", 60)], name="Slow", sequence=99)
        partner = self.make_partner()
        spared = self.make_invoice(partner, 100, day(-5))
        chased = self.make_invoice(partner, 200, day(-5))
        self.wizard("collection.plan.change", spared, plan_id=slow.id).action_apply()
        self.assertEqual(spared._get_collection_items().plan_id, slow)
        self.assertEqual(self.plan_run().reminder_ids.line_ids.filtered("level_id").move_id, chased)

    def test_on_a_paid_invoice_is_refused(self):
        self.make_plan()
        invoice = self.make_invoice(self.make_partner(), 100, day(-5))
        self.pay(invoice, 100)
        with self.assertRaisesRegex(UserError, "Nothing is open"):
            self.wizard("collection.plan.change", invoice, plan_id=False).action_apply()

    def test_on_a_debtor_cancels_the_reminder_of_the_former_plan(self):
        self.make_plan()
        slow = self.make_plan(levels=[("Lent", 60)], name="Slow", sequence=99)
        self.make_invoice(self.make_partner(), 100, day(-5))
        reminder = self.plan_run().reminder_ids
        self.wizard("collection.plan.change", reminder.debtor_id, plan_id=slow.id).action_apply()
        self.assertEqual(reminder.state, "cancelled")


class TestAnotherLevel(PersonCase):
    """A reminder may be sent at another level of its plan."""

    def test_waits_for_approval_again(self):
        plan = self.make_plan()
        self.make_invoice(self.make_partner(), 100, day(-5))
        reminder = self.plan_run().reminder_ids
        self.assertEqual((reminder.state, reminder.level_id.name), ("approved", "Rappel"))
        self.wizard("collection.level.change", reminder, level_id=plan.level_ids[1].id).action_apply()
        self.assertEqual((reminder.state, reminder.level_id.name), ("proposed", "Relance"))


class TestRestart(PersonCase):
    """Dunning begins anew only when a person says so."""

    def test_opens_a_new_cycle_at_the_first_level(self):
        plan = self.make_plan()
        invoice = self.make_invoice(self.make_partner(), 100, day(-20))
        item = self.reach(invoice, plan.level_ids[1])
        item.action_restart()
        self.assertEqual((item.cycle, item.level_id.id, item.level_date), (2, False, False))
        self.assertEqual(self.plan_run().reminder_ids.level_id.name, "Rappel")
        self.assertIn(invoice.name, item.debtor_id.message_ids[0].body)

    def test_after_an_incident_keeps_the_level(self):
        plan = self.make_plan()
        invoice = self.make_invoice(self.make_partner(), 100, day(-20))
        item = self.reach(invoice, plan.level_ids[0])
        item.closed_on = day(-2)
        debtor = item.debtor_id
        self.assertTrue(debtor.has_incident)
        debtor.action_resume_incidents()
        debtor.invalidate_recordset()
        self.assertFalse(debtor.has_incident)
        self.assertEqual((item.cycle, item.level_id), (1, plan.level_ids[0]))


class TestItemMadeOnDemand(PersonCase):
    """A person may set the status of an instalment that no reminder has met."""

    def test_each_instalment_has_its_rank(self):
        self.make_plan()
        invoice = self.make_invoice(
            self.make_partner(), 300, invoiced=day(-40), instalments=[(100, day(-20)), (200, day(-10))]
        )
        items = invoice._get_collection_items()
        self.assertEqual(
            [(item.amount, item.due_rank, item.due_date) for item in items.sorted("due_rank")],
            [(100.0, 1, day(-20)), (200.0, 2, day(-10))],
        )
        self.assertEqual(invoice._get_collection_items(), items)

    def test_said_paid_cancels_the_reminder_in_preparation(self):
        self.make_plan()
        invoice = self.make_invoice(self.make_partner(), 100, day(-5))
        reminder = self.plan_run().reminder_ids
        invoice._get_collection_items().action_said_paid()
        self.assertEqual(reminder.state, "cancelled")


class TestSetUp(PersonCase):
    """The first screen puts plans into use and opens the way to automatic collection."""

    def test_cannot_switch_on_before_a_dry_run_was_seen(self):
        self.company.collection_first_run_seen = False
        plan = self.make_plan()
        setup = self.env["collection.setup"].create({"plan_id": plan.id})
        with self.assertRaisesRegex(UserError, "Look at a dry run first"):
            setup.action_switch_on()
        setup.action_look()
        setup.action_switch_on()
        self.assertTrue(self.company.collection_active)
        setup.action_switch_off()
        self.assertFalse(self.company.collection_active)

    def test_settings_refuse_too(self):
        self.company.collection_first_run_seen = False
        settings = self.env["res.config.settings"].create({"collection_active": True})
        with self.assertRaisesRegex(UserError, "after a collection manager has seen a first dry run"):
            settings.execute()

    def test_puts_the_chosen_plans_into_use_and_the_others_out(self):
        kept, dropped, chosen = (self.make_plan(name=name) for name in ("Kept", "Dropped", "Chosen"))
        chosen.active = False
        setup = self.env["collection.setup"].create({"plan_id": kept.id, "other_plan_ids": [(6, 0, chosen.ids)]})
        setup.action_save()
        self.assertEqual((kept.active, chosen.active, dropped.active), (True, True, False))

    def test_proposes_the_time_zone_of_the_user_where_the_calendar_has_only_a_new_database_s(self):
        self.make_plan()
        calendar = self.company.resource_calendar_id
        calendar.tz = "UTC"
        self.env.user.tz = "America/Martinique"
        setup = self.env["collection.setup"].create({})
        self.assertEqual(setup.tz, "America/Martinique")
        setup.action_save()
        self.assertEqual(calendar.tz, "America/Martinique")
        # It is half past eleven in the evening there, and tomorrow in Paris.
        self.clock.move_to("2026-03-11 03:30:00")
        self.assertEqual(self.company._get_collection_today(), day(0))

    def test_keeps_the_time_zone_that_somebody_chose(self):
        self.make_plan()
        self.company.resource_calendar_id.tz = "Europe/Brussels"
        self.env.user.tz = "America/Martinique"
        self.assertEqual(self.env["collection.setup"].create({}).tz, "Europe/Brussels")

    def test_includes_opening_entries_that_a_default_left_out(self):
        self.make_plan()
        partner = self.make_partner()
        entry = self.make_entry(partner, 540, self.account("411"), due=day(-30))
        setup = self.env["collection.setup"].create({})
        self.assertEqual((setup.excluded_count, setup.excluded_amount), (1, 540.0))
        setup.action_include()
        self.assertFalse(self.open_lines(entry).no_followup)
        self.assertEqual(self.plan_run().reminder_ids.line_ids.move_id, entry)

    def test_leaves_entries_to_an_accountant(self):
        self.make_entry(self.make_partner(), 540, self.account("411"), due=day(-30))
        manager = new_test_user(self.env, "manager", "credit_collection.group_collection_manager")
        setup = self.env["collection.setup"].with_user(manager).create({"plan_id": self.make_plan().id})
        self.assertEqual((setup.excluded_count, setup.can_include), (1, False))
        with self.assertRaisesRegex(AccessError, "Only an accountant"):
            setup.action_include()


class TestMenusAndPages(PersonCase):
    """Whoever collects without accounting rights finds collection, and pages that open."""

    def test_collector_sees_collection_alone_under_the_accounting_app(self):
        collector = new_test_user(self.env, "collector", "credit_collection.group_collection_collector")
        menus = self.env["ir.ui.menu"].with_user(collector).load_menus(False)
        finance = menus[self.env.ref("account.menu_finance").id]
        self.assertEqual(finance["children"], [self.env.ref("credit_collection.menu_collection").id])

    def test_accountant_without_collection_sees_none_of_it(self):
        accountant = new_test_user(self.env, "accountant", "account.group_account_invoice")
        menus = self.env["ir.ui.menu"].with_user(accountant).load_menus(False)
        self.assertNotIn(self.env.ref("credit_collection.menu_collection").id, menus)

    def test_auditor_has_no_button_that_writes(self):
        auditor = new_test_user(self.env, "auditor", "credit_collection.group_collection_reader")
        for model in (
            "collection.debtor",
            "collection.reminder",
            "collection.delivery",
            "collection.run",
            "collection.item",
        ):
            arch = self.env[model].with_user(auditor).get_view(view_type="form")["arch"]
            for method in (
                "action_approve",
                "action_send",
                "action_cancel",
                "action_plan",
                "action_restart",
                "action_mark_read",
            ):
                self.assertNotIn(f'name="{method}"', arch, model)

    def test_collector_reads_an_invoice_on_a_page_of_its_own(self):
        invoice = self.make_invoice(self.make_partner(), 100, day(-5))
        collector = new_test_user(self.env, "collector", "credit_collection.group_collection_collector")
        self.env.invalidate_all()
        invoice = invoice.with_user(collector)
        ((view_id, _kind),) = invoice.action_collection_open()["views"]
        shown = invoice.get_view(view_id, "form")["models"]["account.move"]
        self.assertIn("amount_residual", shown)
        self.assertEqual(invoice.read(shown)[0]["amount_residual"], 100.0)

    def test_debtor_page_decides_its_own_items_alone(self):
        self.make_plan()
        partner = self.make_partner()
        invoice = self.make_invoice(partner, 100, day(-5))
        self.make_invoice(self.make_partner("Garage Roux"), 200, day(-5))
        debtor = self.debtor_of(partner)
        debtor._refresh_figures()
        page = debtor.web_read({"decision_ids": {"fields": {"move_name": {}, "decision": {}}}})
        self.assertEqual(
            [(row["move_name"], row["decision"]) for row in page[0]["decision_ids"]], [(invoice.name, "level")]
        )


class TestInvoicesByLevel(PersonCase):
    """Invoices are searched and grouped by what collection knows of them, though nothing is stored on them."""

    def test_grouped_by_level(self):
        plan = self.make_plan()
        partner = self.make_partner()
        reminded, silent = (self.make_invoice(partner, amount, day(-90)) for amount in (100, 200))
        self.reach(reminded, plan.level_ids[0])
        moves = self.env["account.move"]
        self.assertTrue(moves.fields_get(["collection_level_id"])["collection_level_id"]["groupable"])
        groups = moves._read_group(
            [("id", "in", (reminded | silent).ids)], ["collection_level_id"], ["amount_residual:sum"]
        )
        self.assertEqual([(level.name, amount) for level, amount in groups], [("Rappel", 100.0), (False, 200.0)])

    def test_overdue_for_more_than_60_days_and_never_reminded(self):
        plan = self.make_plan()
        partner = self.make_partner()
        reminded, silent = (self.make_invoice(partner, amount, day(-90)) for amount in (100, 200))
        self.make_invoice(partner, 300, day(-30))
        self.reach(reminded, plan.level_ids[0])
        arch = self.env["account.move"].get_view(
            self.env.ref("account.view_account_invoice_filter").id, view_type="search"
        )["arch"]
        self.assertIn('name="collection_overdue_60_never"', arch)
        found = self.env["account.move"].search(
            [
                ("invoice_date_due", "<", "today -60d"),
                ("partner_id", "=", partner.id),
                ("collection_reminder_date", "=", False),
            ]
        )
        self.assertEqual(found, silent)
