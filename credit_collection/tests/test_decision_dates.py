"""Decisions of any date: the ledger as it stood on a past day, as it stands today on a day to come."""

from odoo.tests import tagged

from .common import CollectionCase, day


@tagged("post_install", "-at_install")
class TestPastDays(CollectionCase):
    """As of a past day, only what the ledger knew by its dates counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-20), invoiced=day(-50))

    def _as_of(self, offset):
        return {
            number: (found.decision, found.level, found.claim) for number, found in self.decide(day(offset)).items()
        }

    def test_before_the_invoice_there_was_nothing(self):
        self.assertEqual(self._as_of(-51), {})

    def test_before_the_due_date_it_waited(self):
        self.assertEqual(self._as_of(-30), {self.invoice.name: ("waiting", "Rappel", 1000.0)})

    def test_paid_since_it_was_open_until_the_payment_s_date(self):
        self.pay(self.invoice, 1000, on=day(-10))
        self.assertEqual(self._as_of(-11), {self.invoice.name: ("level", "Rappel", 1000.0)})
        self.assertEqual(self._as_of(-10), {})
        self.assertEqual(self.decide(), {})

    def test_part_paid_since_the_rest_of_each_day_is_claimed(self):
        self.pay(self.invoice, 300, on=day(-10))
        self.pay(self.invoice, 200, on=day(-5))
        self.assertEqual([self._as_of(offset)[self.invoice.name][2] for offset in (-11, -10, -5)], [1000, 700, 500])

    def test_a_payment_allocated_late_was_a_credit_from_its_date(self):
        payment = self.receive_payment(self.partner, 400, on=day(-10))
        self.reconcile(self.invoice, payment.move_id)
        self.assertEqual(self._as_of(-11)[self.invoice.name][2], 1000.0)
        self.assertEqual(self._as_of(-10)[self.invoice.name][2], 600.0)

    def test_a_credit_note_counted_from_its_date(self):
        self.make_credit_note(self.partner, 250, issued=day(-10))
        self.assertEqual([self._as_of(offset)[self.invoice.name][2] for offset in (-11, -10)], [1000.0, 750.0])

    def test_the_level_reached_on_a_past_day_is_that_of_the_reminders_sent_before(self):
        self.set_today(day(-15))
        self.run_and_send()
        self.set_today(day(-5))
        self.run_and_send()
        self.set_today(day(0))
        self.assertEqual(self._as_of(-15), {self.invoice.name: ("level", "Rappel", 1000.0)})
        self.assertEqual(self._as_of(-14), {self.invoice.name: ("waiting", "Relance", 1000.0)})
        self.assertEqual(self._as_of(-6), {self.invoice.name: ("level", "Relance", 1000.0)})
        self.assertEqual(self._as_of(0), {self.invoice.name: ("finished", None, 1000.0)})

    def test_a_foreign_currency_is_read_in_that_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        invoice = self.make_invoice(self.partner, 800, due=day(-20), currency=dollar)
        self.pay(invoice, 300, on=day(-10))
        self.assertEqual([self._as_of(offset)[invoice.name][2] for offset in (-11, -10, 0)], [800.0, 500.0, 500.0])


@tagged("post_install", "-at_install")
class TestDaysToCome(CollectionCase):
    """A day to come is decided on today's ledger: what expires by then has expired."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(10))

    def test_it_will_be_reminded_on_its_day(self):
        self.assert_decided(self.invoice, "waiting", "Rappel", 1000.0, day(13))
        self.assert_decided(self.invoice, "waiting", "Rappel", 1000.0, day(13), on=day(12))
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0, day(13), on=day(13))

    def test_money_in_sight_will_have_expired(self):
        self.receive_payment_without_entry(self.partner, 1000, invoices=self.invoice)
        self.assert_decided(self.invoice, "settling", on=day(13))
        self.assert_decided(self.invoice, "level", "Rappel", on=day(15))

    def test_two_dates_read_one_after_the_other_do_not_mix(self):
        decision = self.decision_of(self.invoice)
        tomorrow = decision.with_context(collection_date=day(13))
        self.assertEqual((decision.decision, tomorrow.decision, decision.decision), ("waiting", "level", "waiting"))


@tagged("post_install", "-at_install")
class TestScope(CollectionCase):
    """Read for some debtors or for the whole company, the decision is the same."""

    def test_read_for_one_debtor_it_is_what_the_company_s_reading_says(self):
        self.make_plan()
        partners = [self.make_partner(name) for name in ("Alpha", "Beta", "Gamma")]
        for index, partner in enumerate(partners):
            self.make_invoice(partner, 1000 + index, due=day(-5))
            self.make_invoice(partner, 100, due=day(-15))
        self.make_credit_note(partners[0], 150)
        self.receive_in_bank(1001, partner=partners[1])
        self.receive_payment_without_entry(partners[2], 50)
        whole = self.decide()
        apart = {}
        for partner in partners:
            apart |= self.decide(debtors=self.debtor_of(partner))
        self.assertEqual(len(whole), 6)
        self.assertEqual(apart, whole)
