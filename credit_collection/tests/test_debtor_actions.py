"""What a person does with the items chosen on a debtor's page, or with all that is overdue."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import TODAY, CollectionCase, day

GROUP = "credit_collection.group_collection_"


class ActionsCase(CollectionCase):
    """A customer with two late invoices and one to come; a collector, a reader and a manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan(
            levels=(
                ("Préventive", -7),
                ("Rappel", 3),
                ("Relance", 12),
                ("Mise en demeure", 30, {"is_formal_notice": True, "approval": "manager"}),
            )
        )
        cls.early, cls.first, cls.second, cls.notice = cls.plan.level_ids.sorted("day")
        cls.partner = cls.make_partner()
        cls.late = cls.make_invoice(cls.partner, 100, due=day(-5))
        cls.later = cls.make_invoice(cls.partner, 200, due=day(-6))
        cls.future = cls.make_invoice(cls.partner, 400, due=day(20))
        for name in ("collector", "reader", "manager"):
            setattr(cls, name, new_test_user(cls.env, name, f"base.group_user,{GROUP}{name}"))
        cls.debtor = cls.debtor_of(cls.partner)
        cls.debtor._refresh_figures()

    def chosen(self, *moves, user=None):
        """Decisions as the page chooses them; of no move, what the page asks with nothing chosen."""
        lines = self.open_lines(self.env["account.move"].union(*moves))
        model = self.env["collection.decision"].with_user(user or self.collector)
        return model.with_context(collection_debtor_ids=self.debtor.ids, collection_date=False).browse(lines.ids)

    def remind(self, *moves, user=None, level=None):
        """The dialog that reminds of these invoices."""
        action = self.chosen(*moves, user=user).action_remind()
        model = self.env[action["res_model"]].with_user(user or self.collector).with_context(**action["context"])
        form = Form(model)
        if level:
            form.level_id = level
        return form.save()

    def moves_of(self, action):
        (_set, _zero, ids) = action["context"]["default_item_ids"][0]
        return self.env["collection.item"].browse(ids).move_id


@tagged("post_install", "-at_install")
class TestChoosing(ActionsCase):
    """An action is about what was chosen, of one customer; about all that is overdue where nothing was."""

    def test_those_chosen(self):
        for method in ("action_note_dispute", "action_note_promise", "action_note_agreement", "action_note_call"):
            with self.subTest(method):
                action = getattr(self.chosen(self.late, self.future), method)()
                self.assertEqual(self.moves_of(action), self.late | self.future)
                self.assertEqual(action["context"]["default_debtor_id"], self.debtor.id)

    def test_nothing_chosen_is_all_that_is_overdue(self):
        self.assertEqual(self.moves_of(self.chosen().action_note_promise()), self.late | self.later)

    def test_several_customers_are_refused(self):
        other = self.make_invoice(self.make_partner("Autre"), 100, due=day(-5))
        self.debtor_of(other.partner_id)
        with self.assertRaisesRegex(UserError, "one customer at a time"):
            self.chosen(self.late, other).action_remind()

    def test_what_has_been_paid_meanwhile_is_not_acted_upon(self):
        chosen = self.chosen(self.late)
        self.pay(self.late, 100)
        with self.assertRaisesRegex(UserError, "Nothing chosen"):
            chosen.action_remind()

    def test_another_portfolio_s_items_are_not_acted_upon(self):
        self.debtor.user_id = self.manager
        self.company.collection_own_debtors_only = True
        self.env.flush_all()
        for method in ("action_remind", "action_say_paid", "action_pause_debtor", "action_payment_links"):
            with self.subTest(method), self.assertRaises(UserError):
                getattr(self.chosen(self.late), method)()
        self.assertFalse(self.item_of(self.late).said_paid_on)

    def test_a_reader_acts_on_nothing(self):
        methods = ("remind", "note_dispute", "note_promise", "note_call", "say_paid", "payment_links", "pause_debtor")
        with mute_logger("odoo.addons.base.models.ir_model"):
            for method in methods:
                with self.subTest(method):
                    self.assertRaises(
                        AccessError, getattr(self.chosen(self.late, user=self.reader), f"action_{method}")
                    )

    def test_said_to_be_paid(self):
        self.chosen(self.late).action_say_paid()
        self.assertEqual(self.item_of(self.late).said_paid_on, TODAY)
        self.assertFalse(self.item_of(self.later).said_paid_on)

    def test_a_pause_is_the_customer_s(self):
        action = self.chosen(self.late).action_pause_debtor()
        self.assertEqual((action["res_model"], action["context"]["active_ids"]), ("collection.pause", self.debtor.ids))


@tagged("post_install", "-at_install")
class TestRemindNow(ActionsCase):
    """A person's reminder goes through the states of all others, at the level that he chooses."""

    def lines(self, reminder):
        return [(line.name, line.level_id.name or None, line.claim) for line in reminder.line_ids.sorted("due_date")]

    def test_the_level_that_is_due_is_proposed(self):
        self.assertEqual(self.remind(self.late, self.later).level_id, self.first)

    def test_it_is_made_to_be_approved(self):
        action = self.remind(self.late).action_prepare()
        reminder = self.env["collection.reminder"].browse(action["res_id"])
        self.assertEqual((reminder.state, reminder.level_id, reminder.level_chosen), ("proposed", self.first, True))
        self.assertEqual(self.lines(reminder), [(self.late.name, "Rappel", 100.0)])
        self.assertFalse(reminder.run_id)

    def test_it_is_approved_and_sent(self):
        action = self.remind(self.late, self.later).action_send()
        reminder = self.env["collection.reminder"].browse(action["res_id"])
        self.assertEqual((reminder.state, reminder.approved_by_id), ("outbox", self.collector.id))
        self.assertEqual(reminder.delivery_ids.channel, "email")
        reminder.delivery_ids._record_handed_over()
        self.assertEqual(self.item_of(self.late).level_id, self.first)
        self.assertEqual(self.debtor.last_reminder_date, TODAY)

    def test_another_level_is_kept_when_it_is_decided_again(self):
        action = self.remind(self.late, level=self.second).action_prepare()
        reminder = self.env["collection.reminder"].browse(action["res_id"])
        reminder._decide_again()
        self.assertEqual((reminder.state, reminder.level_id), ("proposed", self.second))

    def test_a_manager_approves_a_formal_notice(self):
        wizard = self.remind(self.late, level=self.notice)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            self.assertRaises(AccessError, wizard.action_send)
        action = self.remind(self.late, level=self.notice).action_prepare()
        reminder = self.env["collection.reminder"].browse(action["res_id"])
        self.assertEqual(reminder.state, "proposed")
        reminder.with_user(self.manager).action_approve()
        self.assertEqual(reminder.state, "approved")

    def test_the_rest_between_two_reminders_is_passed_over(self):
        self.plan.rest_days = 30
        self.run_and_send()
        self.set_today(day(1))
        action = self.remind(self.late, level=self.second).action_prepare()
        self.assertEqual(self.env["collection.reminder"].browse(action["res_id"]).level_id, self.second)

    def test_nobody_gets_two_at_once(self):
        self.remind(self.late).action_prepare()
        wizard = self.remind(self.later)
        self.assertTrue(wizard.pending_id)
        with self.assertRaisesRegex(UserError, "waits to leave"):
            wizard.action_prepare()

    def test_the_same_level_is_not_sent_twice(self):
        self.run_and_send()
        wizard = self.remind(self.late, level=self.first)
        self.assertIn("it is recalled only", wizard.left_out)
        with self.assertRaisesRegex(UserError, "Nothing can be reminded at “Rappel”"):
            wizard.action_prepare()

    def test_what_is_not_due_and_what_is_on_its_way_are_left_out_with_the_reason(self):
        self.item_of(self.later).said_paid_on = TODAY
        wizard = self.remind(self.late, self.later, self.future, level=self.first)
        self.assertEqual(
            sorted(wizard.left_out.splitlines()),
            sorted([f"{self.future.name} is not due yet.", f"{self.later.name}: payment in sight."]),
        )
        reminder = self.env["collection.reminder"].browse(wizard.action_prepare()["res_id"])
        self.assertEqual(self.lines(reminder), [(self.late.name, "Rappel", 100.0)])

    def test_a_level_before_the_due_date_takes_what_is_to_come(self):
        wizard = self.remind(self.late, self.future, level=self.early)
        reminder = self.env["collection.reminder"].browse(wizard.action_prepare()["res_id"])
        self.assertEqual(self.lines(reminder), [(self.future.name, "Préventive", 400.0)])

    def test_one_reminder_a_payee(self):
        assignee = self.make_assignee()
        self.plan.chase_assigned = True
        self.item_of(self.later).write({"status": "assigned", "assignee_id": assignee.id})
        action = self.remind(self.late, self.later, level=self.first).action_prepare()
        reminders = self.env["collection.reminder"].search(action["domain"])
        self.assertEqual(
            sorted((reminder.assignee_id.id, reminder.line_ids.name) for reminder in reminders),
            sorted([(False, self.late.name), (assignee.id, self.later.name)]),
        )


@tagged("post_install", "-at_install")
class TestPaymentLinks(ActionsCase):
    """Links to the invoices chosen, one a line, for a collector without accounting rights too."""

    def links(self, *moves):
        action = self.chosen(*moves).action_payment_links()
        return self.env[action["res_model"]].with_user(self.collector).browse(action["res_id"])

    def test_one_a_line_with_its_amount(self):
        wizard = self.links(self.late, self.later)
        lines = wizard.links.splitlines()
        self.assertEqual(len(lines), 2)
        self.assertIn(self.later.name, lines[0])
        self.assertIn("200.00", lines[0])
        self.assertIn("/my/invoices/", lines[0])
        self.assertIn("access_token=", lines[0])

    def test_an_entry_has_no_link(self):
        opening = self.make_entry(self.partner, 300, self.account("411"), due=day(-20))
        with self.assertRaisesRegex(UserError, "there is none"):
            self.links(opening)
