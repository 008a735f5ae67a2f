"""Money in sight: registered, paid online, received by the bank or said to be, each euro once and not for ever."""

from odoo.tests import tagged
from odoo.tools import SQL

from .common import CollectionCase, day


@tagged("post_install", "-at_install")
class TestRegisteredPaymentsWithoutEntry(CollectionCase):
    """A payment that has no entry yet is money in sight for 15 days, for its own amount."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))

    def test_for_the_whole_amount_nothing_is_claimed(self):
        self.receive_payment_without_entry(self.partner, 1000, invoices=self.invoice)
        self.assertEqual(self.decide()[self.invoice.name], ("settling", None, 0.0, day(15)))

    def test_in_process_or_paid_it_counts_the_same(self):
        payment = self.receive_payment_without_entry(self.partner, 1000, invoices=self.invoice)
        self.assertEqual(payment.state, "in_process")
        with self.payments_without_entry():
            payment.action_validate()
        self.assertEqual((payment.state, payment.move_id.id), ("paid", False))
        self.assert_decided(self.invoice, "settling", claim=0.0)

    def test_for_a_part_the_rest_is_claimed_whatever_the_payment_state_says(self):
        with self.payments_without_entry():
            self.receive_payment_without_entry(self.partner, 10, invoices=self.invoice)
        self.assert_decided(self.invoice, "level", "Rappel", 990.0)

    def test_linked_to_no_invoice_it_goes_to_the_oldest(self):
        younger = self.make_invoice(self.partner, 500, due=day(-4))
        self.receive_payment_without_entry(self.partner, 1200)
        self.assert_decided(self.invoice, "settling", claim=0.0)
        self.assert_decided(younger, "level", "Rappel", 300.0)

    def test_a_linked_one_and_a_free_one_do_not_meet_on_the_same_invoice(self):
        younger = self.make_invoice(self.partner, 500, due=day(-4))
        self.receive_payment_without_entry(self.partner, 1000, invoices=self.invoice)
        self.receive_payment_without_entry(self.partner, 500)
        self.assert_decided(self.invoice, "settling", claim=0.0)
        self.assert_decided(younger, "settling", claim=0.0)

    def test_two_for_the_same_invoice_add_up(self):
        self.receive_payment_without_entry(self.partner, 300, invoices=self.invoice)
        self.receive_payment_without_entry(self.partner, 300, invoices=self.invoice)
        self.assert_decided(self.invoice, "level", "Rappel", 400.0)

    def test_two_for_invoices_that_overlap_settle_all_that_they_can_between_them(self):
        second = self.make_invoice(self.partner, 500, due=day(-4))
        third = self.make_invoice(self.partner, 500, due=day(-3))
        self.receive_payment_without_entry(self.partner, 1200, invoices=self.invoice | second)
        self.receive_payment_without_entry(self.partner, 600, invoices=second | third)
        claims = {name: found.claim for name, found in self.decide().items()}
        self.assertEqual(claims, {self.invoice.name: 0.0, second.name: 0.0, third.name: 200.0})

    def test_what_overlapping_ones_have_too_much_settles_no_invoice_of_others(self):
        second = self.make_invoice(self.partner, 500, due=day(-4))
        free = self.make_invoice(self.partner, 300, due=day(-3))
        self.receive_payment_without_entry(self.partner, 1300, invoices=self.invoice | second)
        third = self.make_invoice(self.partner, 100, due=day(-2))
        self.receive_payment_without_entry(self.partner, 700, invoices=second | third)
        claims = {name: found.claim for name, found in self.decide().items()}
        self.assertEqual(claims, {self.invoice.name: 0.0, second.name: 0.0, third.name: 0.0, free.name: 300.0})

    def test_it_expires_after_15_days_and_the_invoice_is_reminded(self):
        self.receive_payment_without_entry(self.partner, 1000, on=day(-14), invoices=self.invoice)
        self.assert_decided(self.invoice, "settling", next_date=day(1))
        self.set_today(day(1))
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_another_customer_s_payment_settles_nothing_here(self):
        self.receive_payment_without_entry(self.make_partner("Autre"), 1000)
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_a_refund_to_the_customer_settles_nothing(self):
        self.receive_payment_without_entry(self.partner, 1000, payment_type="outbound")
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_on_a_past_day_it_was_not_yet_in_sight(self):
        self.receive_payment_without_entry(self.partner, 1000, on=day(0), invoices=self.invoice)
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0, on=day(-1))

    def test_a_payment_with_its_entry_covers_instead(self):
        self.receive_payment(self.partner, 400)
        decision = self.decision_of(self.invoice)
        self.assertEqual((decision.settling, decision.covered, decision.claim), (0.0, 400.0, 600.0))

    def test_a_payment_allocated_leaves_the_rest_to_be_claimed(self):
        self.pay(self.invoice, 400)
        decision = self.decision_of(self.invoice)
        self.assertEqual((decision.residual, decision.settling, decision.claim), (600.0, 0.0, 600.0))


@tagged("post_install", "-at_install")
class TestOnlineTransactions(CollectionCase):
    """A pending or authorised online payment is money in sight for 7 days; a wire-transfer "transaction" is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))
        cls.method = cls.env.ref("payment.payment_method_unknown")
        cls.provider = cls.env["payment.provider"].search([("code", "not in", ("none", "custom"))], limit=1)

    def _pay_online(self, amount, state="pending", provider=None, invoices=None):
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": (provider or self.provider).id,
                "payment_method_id": self.method.id,
                "amount": amount,
                "currency_id": self.euro.id,
                "partner_id": self.partner.id,
                "reference": f"TX{self.env['payment.transaction'].search_count([]) + 1}",
                "invoice_ids": [(6, 0, (invoices or self.invoice).ids)],
            }
        )
        transaction.write({"state": state, "last_state_change": f"{self.company._get_collection_today()} 08:00:00"})
        return transaction

    def test_pending_or_authorised_it_is_money_in_sight(self):
        for state in ("pending", "authorized"):
            transaction = self._pay_online(1000, state)
            self.assertEqual(self.decide()[self.invoice.name], ("settling", None, 0.0, day(7)))
            transaction.state = "cancel"
            self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_in_draft_cancelled_or_failed_it_is_nothing(self):
        for state in ("draft", "cancel", "error"):
            self._pay_online(1000, state)
            self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_it_expires_7_days_after_its_last_change(self):
        self._pay_online(1000)
        self.set_today(day(6))
        self.assert_decided(self.invoice, "settling")
        self.set_today(day(7))
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_a_wire_transfer_announced_is_a_promise_and_not_money(self):
        custom = self.provider.copy({"name": "Wire transfer"})
        self.env.cr.execute(SQL("UPDATE payment_provider SET code = 'custom' WHERE id = %s", custom.id))
        custom.invalidate_recordset()
        self._pay_online(1000, provider=custom)
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_for_several_invoices_it_goes_to_the_oldest_first(self):
        second = self.make_invoice(self.partner, 500, due=day(-4))
        self._pay_online(1300, invoices=self.invoice | second)
        self.assert_decided(self.invoice, "settling", claim=0.0)
        self.assert_decided(second, "level", "Rappel", 200.0)


@tagged("post_install", "-at_install")
class TestBankStatementLines(CollectionCase):
    """A receipt nobody has reconciled is money in sight for 10 days, by its reference or its exact amount."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))

    def _label(self, separator):
        return self.invoice.name.replace("/", separator)

    def test_of_exactly_the_amount_it_settles_the_customer_s_invoice(self):
        self.receive_in_bank(1000, partner=self.partner)
        self.assertEqual(self.decide()[self.invoice.name], ("settling", None, 0.0, day(10)))

    def test_of_another_amount_without_reference_it_settles_nothing(self):
        self.receive_in_bank(999.99, partner=self.partner)
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_without_customer_nor_reference_an_amount_alone_settles_nothing(self):
        self.receive_in_bank(1000)
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_the_reference_settles_whatever_the_amount(self):
        self.receive_in_bank(250, label=f"VIR SEPA DURAND {self.invoice.name}")
        self.assert_decided(self.invoice, "level", "Rappel", 750.0)

    def test_the_reference_is_found_among_noise_and_other_separators(self):
        for separator in ("/", " ", "-", "", ".", "_", "\u00a0", "\u2013", " / "):
            for noise in (
                "DE: DURAND SARL MOTIF:{}-MERCI",
                "REÇU D’ÉLÉONORE : {} (merci)",
                "{}",
                "2026 {}",
                "{}.12/11/26",
            ):
                label = f"VIR INST RE 485236 {noise.format(self._label(separator).lower())}"
                with self.subTest(label=label):
                    line = self.receive_in_bank(1000, label=label)
                    self.assert_decided(self.invoice, "settling", claim=0.0)
                    # Read for this debtor alone, the labels are chosen first.
                    alone = self.decide(debtors=self.debtor_of(self.partner))
                    self.assertEqual(alone[self.invoice.name].decision, "settling")
                    line.unlink()

    def test_part_of_a_number_is_not_the_number(self):
        longer = f"{self.invoice.name.replace('/', '')}9"
        for label in (self.invoice.name.rpartition("/")[2], longer, f"9{self.invoice.name.replace('/', '')}"):
            with self.subTest(label=label):
                self.receive_in_bank(777, label=f"VIR {label}")
                self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_a_number_cut_into_more_than_four_words_is_not_found(self):
        name = self.invoice.name.replace("/", "")
        self.receive_in_bank(1000, label=" ".join((name[:3], name[3:5], name[5:7], name[7:9], name[9:])))
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_like_wildcards_in_a_label_are_mere_separators(self):
        self.receive_in_bank(1000, label="VIR %INV% _ \\ ' ; --")
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_a_label_longer_than_an_index_takes_still_comes_in(self):
        name = self.invoice.name.replace("/", "")
        self.receive_in_bank(1000, label="".join(f"{rank:05}" for rank in range(2000)))
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)
        self.receive_in_bank(1000, label=f"{name} {'x' * 9000}")
        self.assert_decided(self.invoice, "settling", claim=0.0)

    def test_two_references_share_the_amount_the_oldest_first(self):
        second = self.make_invoice(self.partner, 500, due=day(-4))
        self.receive_in_bank(1200, label=f"VIR {second.name} {self.invoice.name}")
        self.assert_decided(self.invoice, "settling", claim=0.0)
        self.assert_decided(second, "level", "Rappel", 300.0)

    def test_two_equal_amounts_settle_two_invoices(self):
        second = self.make_invoice(self.partner, 1000, due=day(-4))
        self.receive_in_bank(1000, partner=self.partner)
        self.assertEqual(
            {name: found.decision for name, found in self.decide().items()},
            {self.invoice.name: "settling", second.name: "level"},
        )
        self.receive_in_bank(1000, partner=self.partner)
        self.assertEqual({found.decision for found in self.decide().values()}, {"settling"})

    def test_two_different_amounts_settle_two_invoices(self):
        second = self.make_invoice(self.partner, 500, due=day(-4))
        self.receive_in_bank(1000, partner=self.partner)
        self.receive_in_bank(500, partner=self.partner)
        self.assertEqual({found.decision for found in self.decide().values()}, {"settling"})
        self.assertEqual(self.decision_of(second).settling, 500.0)

    def test_a_receipt_older_than_the_invoice_is_not_for_it(self):
        recent = self.make_invoice(self.partner, 640, due=day(-5), invoiced=day(-6))
        self.receive_in_bank(640, on=day(-7), partner=self.partner)
        self.receive_in_bank(640, on=day(-7), label=f"VIR {recent.name}")
        self.assert_decided(recent, "level", "Rappel", 640.0)
        self.receive_in_bank(640, on=day(-6), partner=self.partner)
        self.assert_decided(recent, "settling")

    def test_a_receipt_older_than_one_invoice_settles_the_other_of_that_amount(self):
        recent = self.make_invoice(self.partner, 640, due=day(-6), invoiced=day(-6))
        older = self.make_invoice(self.partner, 640, due=day(-4), invoiced=day(-40))
        self.receive_in_bank(640, on=day(-7), partner=self.partner)
        self.assert_decided(recent, "level", "Rappel", 640.0)
        self.assert_decided(older, "settling", claim=0.0)

    def test_it_expires_after_10_days_and_the_invoice_is_reminded(self):
        self.receive_in_bank(1000, on=day(-9), partner=self.partner)
        self.assert_decided(self.invoice, "settling", next_date=day(1))
        self.set_today(day(1))
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_another_customer_s_receipt_never_matches(self):
        other = self.make_partner("Autre")
        self.receive_in_bank(1000, partner=other)
        self.receive_in_bank(1000, partner=other, label=f"VIR {self.invoice.name}")
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_the_payer_s_receipt_matches_by_reference_and_not_by_amount(self):
        payer = self.make_partner("Centrale d'achat", email="centrale@achat.example")
        self.debtor_of(self.partner).payer_id = payer
        self.receive_in_bank(1000, partner=payer)
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)
        self.receive_in_bank(400, partner=payer, label=f"VIR {self.invoice.name}")
        self.assert_decided(self.invoice, "level", "Rappel", 600.0)

    def test_money_going_out_settles_nothing(self):
        self.receive_in_bank(-1000, partner=self.partner, label=f"VIR {self.invoice.name}")
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_a_receipt_explained_by_a_registered_payment_counts_once(self):
        self.receive_payment(self.partner, 1000, allocate=[self.make_invoice(self.partner, 1000, due=day(-20))])
        self.receive_in_bank(1000, partner=self.partner)
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_a_receipt_explained_by_a_payment_without_entry_counts_once(self):
        self.receive_payment_without_entry(self.partner, 400, invoices=self.invoice)
        self.receive_in_bank(400, partner=self.partner, label=f"VIR {self.invoice.name}")
        self.assert_decided(self.invoice, "level", "Rappel", 600.0)

    def test_even_without_customer_a_receipt_explained_by_a_payment_counts_once(self):
        self.receive_payment_without_entry(self.partner, 400, invoices=self.invoice)
        self.receive_in_bank(400, label=f"VIR {self.invoice.name}")
        self.assert_decided(self.invoice, "level", "Rappel", 600.0)

    def test_a_payment_explains_one_receipt_of_its_amount_and_not_two(self):
        paid = self.make_invoice(self.partner, 1000, due=day(-20))
        self.receive_payment(self.partner, 1000, on=day(-15), allocate=[paid])
        self.receive_in_bank(1000, on=day(-14), partner=self.partner)
        self.receive_in_bank(1000, on=day(-1), partner=self.partner)
        self.assert_decided(self.invoice, "settling", claim=0.0)

    def test_a_receipt_in_another_currency_settles_nothing(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.receive_in_bank(
            900,
            partner=self.partner,
            label=f"VIR {self.invoice.name}",
            foreign_currency_id=dollar.id,
            amount_currency=1000,
        )
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_a_receipt_in_the_invoice_s_currency_counts_for_its_amount_in_it(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        invoice = self.make_invoice(self.partner, 1000, due=day(-5), currency=dollar)
        self.receive_in_bank(900, partner=self.partner, foreign_currency_id=dollar.id, amount_currency=1000)
        self.assert_decided(invoice, "settling", claim=0.0)

    def test_on_a_past_day_it_had_not_arrived(self):
        self.receive_in_bank(1000, partner=self.partner)
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0, on=day(-1))


@tagged("post_install", "-at_install")
class TestSaidPaid(CollectionCase):
    """ "It has been paid", the customer says: we look for the money for five days, then remind again."""

    def test_it_holds_the_reminder_for_five_days(self):
        self.make_plan()
        invoice = self.make_invoice(self.make_partner(), 1000, due=day(-5))
        self.item_of(invoice).action_said_paid()
        self.assertEqual(self.decide()[invoice.name], ("settling", None, 0.0, day(5)))
        self.set_today(day(4))
        self.assert_decided(invoice, "settling")
        self.set_today(day(5))
        self.assert_decided(invoice, "level", "Rappel", 1000.0)
