"""What happens to a claim: which level of which plan, now or when, or why none."""

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
class TestWhatIsLeftAlone(CollectionCase):
    """Claims too small, without plan, without address, or in a person's hands are not sent, and say why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 60, due=day(-5))

    def test_a_claim_under_the_item_threshold_is_small(self):
        self.plan.item_threshold = 60.01
        self.assertEqual(self.decide()[self.invoice.name], ("small", "Rappel", 60.0, None))

    def test_a_claim_of_exactly_the_threshold_is_chased(self):
        self.plan.write({"item_threshold": 60, "debtor_threshold": 60})
        self.assert_decided(self.invoice, "level", "Rappel", 60.0)

    def test_a_debtor_who_owes_less_than_the_threshold_is_left_alone(self):
        self.plan.debtor_threshold = 100
        self.assertEqual(self.decide()[self.invoice.name], ("small", "Rappel", 60.0, None))

    def test_small_debts_add_up_over_the_debtor_s_threshold(self):
        self.plan.debtor_threshold = 100
        second = self.make_invoice(self.partner, 40, due=day(-4))
        self.assert_decided(self.invoice, "level", "Rappel", 60.0)
        self.assert_decided(second, "level", "Rappel", 40.0)

    def test_debts_of_two_plans_add_up_too(self):
        self.plan.debtor_threshold = 100
        other_plan = self.make_plan((("Autre rappel", 3),), name="Other", debtor_threshold=100)
        second = self.make_invoice(self.partner, 40, due=day(-4))
        self.item_of(second).plan_id = other_plan
        self.assert_decided(self.invoice, "level", "Rappel", 60.0)
        self.assert_decided(second, "level", "Autre rappel", 40.0)

    def test_what_is_not_due_does_not_help_over_the_threshold(self):
        self.plan.debtor_threshold = 100
        self.make_invoice(self.partner, 90, due=day(5))
        self.assert_decided(self.invoice, "small")

    def test_a_small_item_rides_along_with_a_letter_already_going(self):
        self.plan.item_threshold = 100
        large = self.make_invoice(self.partner, 500, due=day(-5))
        reminder = self.run_and_send()
        self.assertEqual(
            {(line.move_id, line.level_id.name, line.claim) for line in reminder.line_ids},
            {(large, "Rappel", 500.0), (self.invoice, False, 60.0)},
        )

    def test_a_customer_no_plan_is_made_for_has_none(self):
        self.plan.domain = "[('is_key_account', '=', True)]"
        self.assertEqual(self.decide()[self.invoice.name], ("no_plan", None, 60.0, None))
        self.assertEqual(self.decision_of(self.invoice).summary, "Not reminded: no plan applies to this customer.")

    def test_a_customer_in_a_person_s_hands_is_manual(self):
        self.debtor_of(self.partner).chase = "manual"
        self.assertEqual(self.decide()[self.invoice.name], ("manual", "Rappel", 60.0, None))

    def test_a_plan_in_a_person_s_hands_is_manual(self):
        self.plan.is_manual = True
        self.assertEqual(self.decide()[self.invoice.name].decision, "manual")

    def test_a_customer_without_email_cannot_be_reached_by_email(self):
        self.partner.email = False
        self.assertEqual(self.decide()[self.invoice.name], ("no_contact", "Rappel", 60.0, None))

    def test_a_fallback_by_post_reaches_him(self):
        self.partner.email = False
        self.plan.level_ids[0].channel_ids.fallback = "letter"
        self.assert_decided(self.invoice, "level", "Rappel")

    def test_without_a_town_a_letter_cannot_reach_him(self):
        self.partner.write({"email": False, "city": False})
        self.plan.level_ids[0].channel_ids.fallback = "letter"
        self.assert_decided(self.invoice, "no_contact")

    def test_a_task_needs_no_address(self):
        self.partner.write({"email": False, "street": False, "city": False})
        self.plan.level_ids[0].channel_ids.channel = "task"
        self.assert_decided(self.invoice, "level", "Rappel")

    def test_a_blacklisted_address_is_no_address(self):
        self.env["mail.blacklist"]._add(self.partner.email)
        self.assert_decided(self.invoice, "no_contact")

    def test_a_contact_for_collection_is_an_address(self):
        self.partner.email = False
        contact = self.make_partner("Compta", is_company=False, parent_id=self.partner.id, email="compta@d.example")
        self.debtor_of(self.partner).contact_ids = contact
        self.assert_decided(self.invoice, "level", "Rappel")


@tagged("post_install", "-at_install")
class TestPlanOfAnItem(CollectionCase):
    """The plan set on the invoice, else on the debtor, else the first whose filter the debtor meets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fallback = cls.make_plan((("Commun", 3),), name="Everybody", sequence=20)
        cls.key = cls.make_plan(
            (("Grand compte", 3),), name="Key", sequence=10, domain="[('is_key_account', '=', True)]"
        )
        cls.own = cls.make_plan((("Particulier", 3),), name="Own", sequence=30)
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))

    def test_the_first_by_sequence_whose_filter_the_debtor_meets(self):
        self.assert_decided(self.invoice, "level", "Commun")
        self.debtor_of(self.partner).is_key_account = True
        self.assert_decided(self.invoice, "level", "Grand compte")

    def test_an_archived_plan_takes_nobody(self):
        self.debtor_of(self.partner).is_key_account = True
        self.key.active = False
        self.assert_decided(self.invoice, "level", "Commun")

    def test_the_debtor_s_own_plan_comes_before(self):
        self.debtor_of(self.partner).plan_id = self.own
        self.assert_decided(self.invoice, "level", "Particulier")

    def test_the_invoice_s_own_plan_comes_first_of_all(self):
        self.debtor_of(self.partner).plan_id = self.key
        self.item_of(self.invoice).plan_id = self.own
        self.assert_decided(self.invoice, "level", "Particulier")

    def test_a_filter_through_the_customer_s_own_fields(self):
        self.key.domain = "[('partner_id.country_id.code', '=', 'FR')]"
        self.assert_decided(self.invoice, "level", "Grand compte")


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


@tagged("post_install", "-at_install")
class TestPlanChangedInMidCourse(CollectionCase):
    """In a new plan an item stands at its last level whose day is not after the last one sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan((("Rappel", 3), ("Relance", 12), ("Dernier", 30)))
        cls.gentle = cls.make_plan((("Doux", 10), ("Moins doux", 20), ("Ferme", 40)), name="Gentle", sequence=50)
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-12))
        cls.debtor = cls.env["collection.debtor"].create({"partner_id": cls.partner.id, "company_id": cls.company.id})

    def _send_twice(self):
        self.run_and_send()
        self.set_today(day(1))
        self.run_and_send()
        self.assertEqual(self.decision_of(self.invoice).position_level_id.name, "Relance")

    def test_it_goes_on_after_the_levels_whose_days_are_past(self):
        self._send_twice()
        self.debtor.plan_id = self.gentle
        self.assert_decided(self.invoice, "waiting", "Moins doux", 1000.0, day(8))

    def test_a_level_of_the_same_day_counts_as_reached(self):
        self._send_twice()
        self.gentle.level_ids[0].day = 12
        self.debtor.plan_id = self.gentle
        self.assert_decided(self.invoice, "waiting", "Moins doux", 1000.0, day(8))

    def test_a_level_of_a_later_day_comes_next(self):
        self.run_and_send()
        self.set_today(day(1))
        self.debtor.plan_id = self.gentle
        self.assert_decided(self.invoice, "level", "Doux", 1000.0)

    def test_there_and_back_no_level_is_sent_twice(self):
        self.gentle.level_ids[0].day = 2
        self._send_twice()
        self.debtor.plan_id = self.gentle
        self.item_of(self.invoice).write({"level_id": self.gentle.level_ids[0].id, "level_date": day(1)})
        self.debtor.plan_id = self.plan
        self.set_today(day(30))
        self.assert_decided(self.invoice, "level", "Dernier", 1000.0)
        self.assertEqual(self.run_and_send().line_ids.level_id.name, "Dernier")

    def test_pending_reminders_of_the_former_plan_go_with_the_reason(self):
        reminder = self.plan_run().reminder_ids
        self.debtor.plan_id = self.gentle
        self.assertEqual(
            (reminder.state, reminder.cancel_reason),
            ("cancelled", f"{self.invoice.name} is now to be reminded at “Doux”."),
        )
        self.assertEqual(self.plan_run().reminder_ids.level_id.name, "Doux")

    def test_a_customer_given_to_a_person_has_no_pending_reminder_left(self):
        reminder = self.plan_run().reminder_ids
        self.debtor.chase = "manual"
        self.assertEqual(reminder.state, "cancelled")

    def test_a_person_restarts_dunning_in_a_new_cycle(self):
        self._send_twice()
        self.item_of(self.invoice).action_restart()
        self.set_today(day(2))
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)
        self.assertEqual(self.run_and_send().line_ids.cycle, 2)


@tagged("post_install", "-at_install")
class TestPaymentIncidents(CollectionCase):
    """A payment that bounced is a call the same day, never a friendly reminder; cycle and level are kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))

    def setUp(self):
        super().setUp()
        self.run_and_send()
        payment = self.pay(self.invoice, 1000)
        self.decide()
        self.set_today(day(9))
        (payment.move_id.line_ids & self.open_line_of(payment)).remove_move_reconcile()
        payment.action_draft()

    def open_line_of(self, payment):
        return payment.move_id.line_ids.filtered(lambda line: line.account_id.collection_role)

    def test_it_is_left_to_a_person_who_calls_today(self):
        self.assertEqual(self.decide()[self.invoice.name], ("manual", "Relance", 1000.0, None))
        self.assertEqual(
            self.decision_of(self.invoice).summary, "Not reminded: a payment came back: call the customer today."
        )

    def test_it_keeps_its_cycle_and_level(self):
        decision = self.decision_of(self.invoice)
        self.assertEqual((decision.position_level_id.name, decision.cycle), ("Rappel", 1))

    def test_once_the_person_resumes_it_goes_on_at_the_next_level(self):
        self.item_of(self.invoice).action_resume()
        self.assert_decided(self.invoice, "level", "Relance", 1000.0)

    def test_on_a_past_day_before_the_payment_it_was_no_incident(self):
        self.assertEqual(self.decide(on=day(-1))[self.invoice.name].decision, "level")
