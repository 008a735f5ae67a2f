"""Which level a claim comes to, and when: rest, jumps, preventive levels, formal notices."""

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import CollectionCase, day

STANDARD = (
    ("Préventive", -7, {"item_minimum": 5000, "include_first_invoice": True}),
    ("Rappel", 3),
    ("Relance", 12),
    ("Appel", 20, {"channels": ("task",)}),
    ("Dernier rappel", 30, {"rest_days": 10}),
    ("Mise en demeure", 45, {"rest_days": 12, "is_formal_notice": True, "deadline_days": 15, "debtor_threshold": 150}),
    ("Décision", 3, {"counted_from": "deadline", "channels": ("task",)}),
)


@tagged("post_install", "-at_install")
class TestOneInvoiceThroughThePlan(CollectionCase):
    """An invoice lives through the standard plan, one step at a time, claimed for what is still owed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan(STANDARD, rest_days=7, debtor_threshold=50)
        cls.partner = cls.make_partner()
        cls.make_invoice(cls.partner, 10, due=day(-300), invoiced=day(-330)).line_ids.no_followup = True
        cls.invoice = cls.make_invoice(cls.partner, 6000, due=day(0))

    def test_never_paid_it_goes_through_every_level_to_the_decision(self):
        self.play(
            """
            day    event  decision   level            claim
            J-8    -      waiting    Préventive       6000.00
            J-7    -      level      Préventive       6000.00
            J-1    -      waiting    Rappel           6000.00
            J0     -      waiting    Rappel           6000.00
            J+2    -      waiting    Rappel           6000.00
            J+3    -      level      Rappel           6000.00
            J+4    -      waiting    Relance          6000.00
            J+12   -      level      Relance          6000.00
            J+19   -      waiting    Appel            6000.00
            J+20   -      level      Appel            6000.00
            J+29   -      waiting    Dernier rappel   6000.00
            J+30   -      level      Dernier rappel   6000.00
            J+44   -      waiting    Mise en demeure  6000.00
            J+45   -      level      Mise en demeure  6000.00
            J+62   -      waiting    Décision         6000.00
            J+63   -      level      Décision         6000.00
            J+64   -      finished   -                6000.00
            J+400  -      finished   -                6000.00
            """,
            self.invoice,
        )

    def test_credited_disputed_and_paid_in_its_course_it_claims_the_rest(self):
        self.disputes = []
        self.patch(self.registry["collection.decision"], "_part_disputed", self._part_disputed)
        self.play(
            """
            day    event             decision   level        claim
            J-7    -                 level      Préventive   6000.00
            J+3    -                 level      Rappel       6000.00
            J+5    credit note 1000  waiting    Relance      5000.00
            J+12   -                 level      Relance      5000.00
            J+13   dispute 2000      waiting    Appel        3000.00
            J+20   -                 level      Appel        3000.00
            J+21   paid 3000         disputed   -            0.00
            J+50   settled           level      Dernier rappel  2000.00
            J+51   paid 2000         covered    -            0.00
            J+52   allocated         settled    -            0.00
            """,
            self.invoice,
            {"dispute": self._event_dispute, "settled": self._event_settled, "allocated": self._event_allocated},
        )

    def _part_disputed(self):
        line = self.open_lines(self.invoice)
        return SQL(" UNION ALL ").join(
            [
                SQL("SELECT NULL::integer AS line_id, NULL::numeric AS amount, NULL::date AS next_date WHERE FALSE"),
                *(SQL("SELECT %s, %s, NULL::date", line.id, amount) for amount in self.disputes if line),
            ]
        )

    def _event_dispute(self, _invoice, amount):
        self.disputes.append(int(amount))

    def _event_settled(self, _invoice):
        self.disputes.clear()

    def _event_allocated(self, invoice):
        notes = self.env["account.move"].search([("move_type", "=", "out_refund")])
        self.reconcile(invoice, notes)


@tagged("post_install", "-at_install")
class TestRest(CollectionCase):
    """A minimum rest between two reminders, counted per debtor, and before a level."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan(rest_days=7)
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))

    def test_what_becomes_due_within_the_rest_waits_and_joins(self):
        second = self.make_invoice(self.partner, 500, due=day(-1))
        self.run_and_send()
        self.set_today(day(2))
        self.assert_decided(second, "waiting", "Rappel", 500.0, day(7))
        self.set_today(day(7))
        self.assertEqual(
            {name: (found.decision, found.level) for name, found in self.decide().items()},
            {self.invoice.name: ("level", "Relance"), second.name: ("level", "Rappel")},
        )
        reminder = self.run_and_send()
        self.assertEqual(len(reminder), 1)
        self.assertEqual(set(reminder.line_ids.mapped("level_id.name")), {"Rappel", "Relance"})

    def test_the_rest_of_one_debtor_is_not_another_s(self):
        self.run_and_send()
        other = self.make_invoice(self.make_partner("Autre"), 500, due=day(-5))
        self.assert_decided(other, "level", "Rappel")

    def test_the_rest_before_a_level_counts_from_the_item_s_last_level(self):
        self.plan.level_ids.filtered(lambda level: level.name == "Relance").rest_days = 12
        self.run_and_send()
        self.assert_decided(self.invoice, "waiting", "Relance", next_date=day(12))

    def test_a_plan_without_rest_never_climbs_two_levels_in_a_day(self):
        self.plan.rest_days = 0
        late = self.make_invoice(self.partner, 500, due=day(-60))
        self.run_and_send()
        self.assert_decided(late, "waiting", "Relance", 500.0, day(1))

    def test_old_debts_imported_yesterday_start_at_the_first_level(self):
        old = self.make_invoice(self.make_partner("Repris"), 5000, due=day(-200))
        self.assert_decided(old, "level", "Rappel", 5000.0)


@tagged("post_install", "-at_install")
class TestJump(CollectionCase):
    """A plan may let late debts jump to the last level they are late enough for, formal notices apart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan(STANDARD, allow_jump=True)
        cls.partner = cls.make_partner()

    def test_a_debt_of_200_days_goes_to_the_last_level_before_the_formal_notice(self):
        invoice = self.make_invoice(self.partner, 1000, due=day(-200))
        self.assert_decided(invoice, "level", "Dernier rappel", 1000.0)

    def test_a_debt_of_15_days_goes_to_the_level_of_its_age(self):
        invoice = self.make_invoice(self.partner, 1000, due=day(-15))
        self.assert_decided(invoice, "level", "Relance", 1000.0)

    def test_the_formal_notice_comes_after_it_like_for_any_other(self):
        invoice = self.make_invoice(self.partner, 1000, due=day(-200))
        self.run_and_send()
        self.assert_decided(invoice, "waiting", "Mise en demeure", next_date=day(12))

    def test_a_debt_not_late_enough_for_any_level_waits_for_the_first(self):
        invoice = self.make_invoice(self.partner, 1000, due=day(-1))
        self.assert_decided(invoice, "waiting", "Rappel", next_date=day(2))


@tagged("post_install", "-at_install")
class TestPreventiveLevels(CollectionCase):
    """A word before the due date, for large claims or a first invoice; it expires on the due date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan(STANDARD)
        cls.partner = cls.make_partner()
        cls.first = cls.make_invoice(cls.partner, 100, due=day(-5), invoiced=day(-100))
        cls.first.line_ids.no_followup = True

    def test_a_large_claim_gets_it(self):
        invoice = self.make_invoice(self.partner, 5000, due=day(7))
        self.assert_decided(invoice, "level", "Préventive", 5000.0)

    def test_a_smaller_claim_of_a_known_customer_waits_for_the_first_reminder(self):
        invoice = self.make_invoice(self.partner, 4999.99, due=day(7))
        self.assert_decided(invoice, "waiting", "Rappel", 4999.99, day(10))

    def test_what_credits_leave_counts_and_not_the_original_amount(self):
        invoice = self.make_invoice(self.partner, 6000, due=day(7))
        self.make_credit_note(self.partner, 1500, of=invoice)
        self.assert_decided(invoice, "waiting", "Rappel", 4500.0)

    def test_the_first_invoice_of_a_customer_gets_it_whatever_its_amount(self):
        newcomer = self.make_partner("Nouveau")
        first = self.make_invoice(newcomer, 80, due=day(7), invoiced=day(-20))
        second = self.make_invoice(newcomer, 80, due=day(7), invoiced=day(-10))
        self.assert_decided(first, "level", "Préventive", 80.0)
        self.assert_decided(second, "waiting", "Rappel", 80.0)

    def test_before_its_day_it_waits(self):
        invoice = self.make_invoice(self.partner, 5000, due=day(8))
        self.assert_decided(invoice, "waiting", "Préventive", 5000.0, day(1))

    def test_on_the_due_date_it_has_expired(self):
        invoice = self.make_invoice(self.partner, 5000, due=day(0))
        self.assert_decided(invoice, "waiting", "Rappel", 5000.0, day(3))

    def test_overdue_without_it_the_item_starts_at_the_first_level_after(self):
        invoice = self.make_invoice(self.partner, 5000, due=day(-3))
        self.assert_decided(invoice, "level", "Rappel", 5000.0)

    def test_of_two_such_levels_each_item_gets_the_first_that_concerns_it(self):
        self.plan.level_ids = [
            Command.create(self.prepare_level("Grands montants", -15, {"item_minimum": 20000, "sequence": 1}))
        ]
        large = self.make_invoice(self.partner, 20000, due=day(7))
        medium = self.make_invoice(self.partner, 6000, due=day(7))
        small = self.make_invoice(self.partner, 500, due=day(7))
        self.assert_decided(large, "level", "Grands montants")
        self.assert_decided(medium, "level", "Préventive")
        self.assert_decided(small, "waiting", "Rappel")

    def test_its_reminder_speaks_of_what_is_to_come_only(self):
        self.first.line_ids.no_followup = False
        self.run_and_send()
        self.set_today(day(1))
        self.make_invoice(self.partner, 7000, due=day(7))
        reminder = self.plan_run().reminder_ids
        self.assertEqual(
            (reminder.level_id.name, reminder.line_ids.mapped("claim"), reminder.claim_company),
            ("Préventive", [7000.0], 7000.0),
        )


@tagged("post_install", "-at_install")
class TestFormalNotice(CollectionCase):
    """The formal notice has a threshold and a deadline; the next step opens after its deadline."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan(
            (
                ("Rappel", 3),
                ("Mise en demeure", 45, {"is_formal_notice": True, "deadline_days": 15, "debtor_threshold": 150}),
                ("Décision", 3, {"counted_from": "deadline", "channels": ("task",)}),
            )
        )
        cls.partner = cls.make_partner()

    def _reminded(self, amount):
        invoice = self.make_invoice(self.partner, amount, due=day(-50))
        self.run_and_send()
        self.set_today(day(1))
        return invoice

    def test_it_is_not_reached_under_its_own_threshold(self):
        self.assert_decided(self._reminded(149.99), "small", "Mise en demeure", 149.99)

    def test_it_is_reached_from_its_threshold_on(self):
        self.assert_decided(self._reminded(150), "level", "Mise en demeure", 150.0)

    def test_the_next_level_counts_from_the_deadline_it_granted(self):
        invoice = self._reminded(500)
        reminder = self.run_and_send()
        self.assertEqual(reminder.deadline_date, day(16))
        self.assertEqual(self.item_of(invoice).deadline_date, day(16))
        self.assert_decided(invoice, "waiting", "Décision", 500.0, day(19))
        self.set_today(day(19))
        self.assert_decided(invoice, "level", "Décision", 500.0)

    def test_it_names_apart_what_it_puts_in_default_and_what_it_recalls(self):
        notified = self._reminded(500)
        recalled = self.make_invoice(self.partner, 300, due=day(-1))
        to_come = self.make_invoice(self.partner, 200, due=day(20))
        reminder = self.plan_run().reminder_ids
        self.assertTrue(reminder.is_formal_notice)
        self.assertEqual(
            {line.move_id: line.level_id.name for line in reminder.line_ids},
            {notified: "Mise en demeure", recalled: False},
        )
        self.assertNotIn(to_come, reminder.line_ids.move_id)

    def test_after_the_last_level_the_plan_is_finished(self):
        invoice = self._reminded(500)
        self.run_and_send()
        self.set_today(day(19))
        self.run_and_send()
        self.set_today(day(20))
        self.assertEqual(self.decide()[invoice.name], ("finished", None, 500.0, None))
        self.assertEqual(
            self.decision_of(invoice).summary, "Not reminded: all levels of the plan are done: decide what follows."
        )
