"""Payments of all kinds, and the instalments that they keep."""

from odoo.tests import tagged

from .agreement_case import AgreementCase
from .common import day


@tagged("post_install", "-at_install")
class TestPaying(AgreementCase):
    """What the ledger reconciles pays the instalments in order, each euro once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # 400 on 24 March, 24 April and 24 May.
        cls.agreement = cls.accept()

    def test_on_time(self):
        self.set_today(day(14))
        self.pay(self.invoice, 400)
        self.assertEqual(self.states(self.agreement), ["kept", "open", "open"])
        self.assertEqual(self.agreement.instalment_ids[0].settled_on, day(14))

    def test_within_the_days_of_grace(self):
        self.set_today(day(19))
        self.pay(self.invoice, 400)
        self.assertEqual(self.states(self.agreement)[0], "kept")

    def test_late(self):
        self.set_today(day(25))
        self.pay(self.invoice, 400)
        self.assertEqual(self.states(self.agreement), ["kept_late", "open", "open"])

    def test_in_part(self):
        self.set_today(day(14))
        self.pay(self.invoice, 150)
        self.assertEqual(self.states(self.agreement)[0], "open")
        self.set_today(day(20))
        self.assertEqual(self.states(self.agreement)[0], "partly")
        self.assertEqual(self.agreement.missed_amount, 250)

    def test_not_at_all(self):
        self.set_today(day(20))
        self.assertEqual(self.states(self.agreement), ["broken", "open", "open"])

    def test_early_and_for_two(self):
        self.pay(self.invoice, 900)
        self.assertEqual(self.paid(self.agreement), [400, 400, 100])
        self.assertEqual(self.states(self.agreement), ["kept", "kept", "open"])
        self.agreement.invalidate_recordset()
        self.assertEqual((self.agreement.next_date.month, self.agreement.next_amount), (5, 300))
        self.assertEqual((self.agreement.paid, self.agreement.remaining), (900, 300))

    def test_all_of_it_keeps_the_agreement(self):
        self.pay(self.invoice, 1200)
        self.follow()
        self.assertEqual((self.agreement.state, self.agreement.ended_on), ("kept", day(0)))

    def test_more_than_all_of_it(self):
        self.receive_payment(self.partner, 1500, allocate=[self.invoice])
        self.assertEqual(self.paid(self.agreement), [400, 400, 400])
        self.follow()
        self.assertEqual(self.agreement.state, "kept")

    def test_money_that_nobody_allocated_pays_nothing_yet(self):
        self.receive_payment(self.partner, 400)
        self.assertEqual(self.paid(self.agreement), [0, 0, 0])

    def test_cancelled_it_is_missed_again(self):
        self.set_today(day(14))
        payment = self.pay(self.invoice, 400)
        self.set_today(day(20))
        self.assertEqual(self.states(self.agreement)[0], "kept")
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self.states(self.agreement)[0], "broken")

    def test_a_credit_note_ends_the_schedule_sooner(self):
        note = self.make_credit_note(self.partner, 500)
        self.reconcile(self.invoice, note)
        self.assertEqual(self.paid(self.agreement), [0, 0, 0])
        self.assertEqual(self.states(self.agreement), ["open", "open", "dropped"])
        self.assertEqual(self.agreement.instalment_ids.sorted("due_date").mapped("owed"), [400, 300, 0])
        self.pay(self.invoice, 700)
        self.follow()
        self.assertEqual(self.agreement.state, "kept")

    def test_what_arrived_before_the_proposal_ends_it_sooner_too(self):
        self.receive_payment(self.partner, 400, on=day(-3), allocate=[self.invoice])
        self.assertEqual(self.states(self.agreement), ["open", "open", "dropped"])

    def test_a_vanished_entry_is_not_known_to_be_paid(self):
        self.invoice.button_draft()
        self.set_today(day(20))
        self.assertEqual(self.states(self.agreement), ["broken", "open", "open"])

    def test_two_invoices_in_one(self):
        other = self.make_invoice(self.partner, 300, due=day(-20))
        third = self.make_invoice(self.partner, 600, due=day(-20))
        agreement = self.accept(other, third)
        self.pay(third, 350)
        self.assertEqual(self.paid(agreement), [300, 50, 0])
        self.assertEqual(self.paid(self.agreement), [0, 0, 0])

    def test_a_down_payment_is_the_first_instalment(self):
        invoice = self.make_invoice(self.partner, 500, due=day(-20))
        agreement = self.accept(invoice, down_payment=100, instalment_count=2)
        self.pay(invoice, 100)
        self.assertEqual(self.states(agreement), ["kept", "open", "open"])


@tagged("post_install", "-at_install")
class TestOtherCurrencies(AgreementCase):
    """An agreement in dollars is paid in dollars, whatever the bank received."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollar = cls.env.ref("base.USD")
        cls.dollar.active = True
        cls.env["res.currency.rate"].create({"currency_id": cls.dollar.id, "rate": 1.25, "name": "2026-01-01"})
        cls.foreign = cls.make_invoice(cls.partner, 1000, due=day(-10), currency=cls.dollar)
        cls.agreement = cls.accept(cls.foreign, instalment_count=2)

    def test_in_its_currency(self):
        self.assertEqual(self.agreement.currency_id, self.dollar)
        self.assertEqual(self.agreement.instalment_ids.mapped("amount"), [500, 500])
        self.pay(self.foreign, 500)
        self.assertEqual(self.paid(self.agreement), [500, 0])

    def test_paid_in_euros(self):
        # 400.00 euros are 500.00 dollars.
        self.receive_payment(self.partner, 400, allocate=[self.foreign])
        self.assertEqual(self.paid(self.agreement), [500, 0])
        self.assertEqual(self.states(self.agreement), ["kept", "open"])


@tagged("post_install", "-at_install")
class TestFindingWhatWasMissed(AgreementCase):
    """The cards of To do find the very agreements whose pages say that an instalment was missed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreements = cls.env["collection.agreement"]
        invoices = [cls.make_invoice(cls.partner, 900, due=day(-30)) for _number in range(8)]
        for position, invoice in enumerate(invoices):
            cls.agreements |= cls.accept(invoice, down_payment=90 if position == 5 else 0)
        paid, partly, early, noted, noted_before, _with_down_payment, warned, _unpaid = invoices
        cls.pay(paid, 300)
        cls.pay(partly, 299.99)
        cls.pay(early, 600)
        cls.reconcile(noted, cls.make_credit_note(cls.partner, 300))
        cls.receive_payment(cls.partner, 700, on=day(-3), allocate=[noted_before])
        cls.pay(noted_before, 150)
        cls.set_today(day(20))
        cls.agreements[6]._record_warning()
        cls.pay(warned, 0.01)

    def test_on_every_day_of_the_schedule(self):
        found = set()
        for later in (0, 1, 19, 20, 28, 29, 49, 51, 80, 81, 120):
            with self.subTest(later=later):
                self.set_today(day(later))
                self.agreements.invalidate_recordset()
                for name in ("to_warn", "to_revoke"):
                    said = self.agreements.filtered(name)
                    self.assertEqual(self.agreements.search([(name, "=", True)]), said)
                    self.assertEqual(self.agreements.search([(name, "=", False)]), self.agreements - said)
                    found |= {(name, len(said))}
        # All of this happens on the way.
        self.assertLessEqual({("to_warn", 0), ("to_revoke", 1)}, found)
        self.assertGreater(len(found), 6)
