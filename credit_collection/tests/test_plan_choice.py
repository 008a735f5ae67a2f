"""Which plan an item follows, what is left alone, and where an item stands after a change of plan or an incident."""

from odoo.tests import tagged

from .common import CollectionCase, day


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
        cls.run_and_send()
        payment = cls.pay(cls.invoice, 1000)
        cls.decide()
        cls.set_today(day(9))
        (payment.move_id.line_ids & cls.open_line_of(payment)).remove_move_reconcile()
        payment.action_draft()

    def setUp(self):
        super().setUp()
        self.set_today(day(9))

    @classmethod
    def open_line_of(cls, payment):
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
