"""The history of payments: what the reconciliations say of each instalment, and what was known on a past day."""

from datetime import timedelta

import numpy as np

from odoo.tests import tagged

from ..calc.score_evidence import INCIDENTS
from .common import TODAY, day
from .score_case import ScoreCase


class HistoryCase(ScoreCase):
    """An invoice of 1 000.00 of 3 February, due on Thursday 5 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))

    def told(self, *moves):
        """[(paid on, removed on, open)] of the instalments of the moves, the invoice's if none is given."""
        self.refresh_history()
        return [(row.paid_on, row.removed_on, row.residual) for row in self.rows_of(*(moves or [self.invoice]))]


@tagged("post_install", "-at_install")
class TestWhatTheHistorySays(HistoryCase):
    """Paid by money, settled otherwise, or open: one row an instalment."""

    def test_an_open_invoice_is_there_without_a_day_of_payment(self):
        self.assertEqual(self.told(), [(False, False, 1000.0)])
        row = self.rows_of(self.invoice)
        self.assertEqual((row.issued, row.due, row.amount), (day(-35), day(-5), 1000.0))
        self.assertEqual((row.debtor_id.partner_id, row.company_id), (self.partner, self.company))
        self.assertEqual(row.days_late, 5)

    def test_part_paid_it_is_open_with_what_is_left(self):
        self.pay(self.invoice, 400, on=day(-1))
        self.assertEqual(self.told(), [(False, False, 600.0)])

    def test_it_is_paid_on_the_day_of_the_last_receipt(self):
        self.pay(self.invoice, 400, on=day(-3))
        self.pay(self.invoice, 600, on=day(-1))
        self.assertEqual(self.told(), [(day(-1), False, 0.0)])
        self.assertEqual(self.rows_of(self.invoice).days_late, 4)

    def test_a_credit_note_settles_it_without_payment(self):
        self.reconcile(self.invoice, self.make_credit_note(self.partner, 1000, issued=day(-2)))
        self.assertEqual(self.told(), [(False, day(-2), 0.0)])

    def test_mostly_money_is_a_payment(self):
        self.reconcile(self.invoice, self.make_credit_note(self.partner, 300, issued=day(-4)))
        self.pay(self.invoice, 700, on=day(-1))
        self.assertEqual(self.told(), [(day(-1), False, 0.0)])

    def test_mostly_a_credit_note_is_none(self):
        self.reconcile(self.invoice, self.make_credit_note(self.partner, 700, issued=day(-4)))
        self.pay(self.invoice, 300, on=day(-1))
        self.assertEqual(self.told(), [(False, day(-1), 0.0)])

    def test_what_little_was_written_off_later_does_not_put_off_the_day_of_payment(self):
        self.pay(self.invoice, 980, on=day(-4))
        self.reconcile(self.invoice, self.make_credit_note(self.partner, 20, issued=day(-1)))
        self.assertEqual(self.told(), [(day(-4), False, 0.0)])

    def test_more_than_a_little_does(self):
        self.pay(self.invoice, 979.99, on=day(-4))
        self.reconcile(self.invoice, self.make_credit_note(self.partner, 20.01, issued=day(-1)))
        self.assertEqual(self.told(), [(day(-1), False, 0.0)])

    def test_instalments_have_a_row_each(self):
        invoice = self.make_invoice(self.partner, 900, instalments=[(300, day(-10)), (600, day(20))])
        self.pay(invoice, 300, on=day(-8))
        self.assertEqual(self.told(invoice), [(day(-8), False, 0.0), (False, False, 600.0)])

    def test_a_public_body_has_its_time_from_the_receipt(self):
        item = self.item_of(self.invoice)
        item.debtor_id.write({"customer_kind": "public", "public_term": "30"})
        item.receipt_date = day(-15)
        self.refresh_history()
        self.assertEqual(self.rows_of(self.invoice).due, day(15))

    def test_the_day_of_the_first_dispute_is_kept(self):
        action = self.env["collection.dispute"]._action_new(self.debtor_of(self.partner), self.item_of(self.invoice))
        dispute = self.env["collection.dispute"].with_context(**action["context"]).create({})
        self.refresh_history()
        self.assertEqual(self.rows_of(self.invoice).disputed_on, TODAY)
        dispute.action_withdraw()
        self.refresh_history()
        self.assertFalse(self.rows_of(self.invoice).disputed_on)


@tagged("post_install", "-at_install")
class TestWhatHasChangedSince(HistoryCase):
    """Read again, the history says what the ledger says now; nothing is written for nothing."""

    def test_read_twice_nothing_changes(self):
        self.refresh_history()
        self.assertEqual(self.refresh_history(), 0)

    def test_a_payment_changes_one_row(self):
        self.make_invoice(self.partner, 500, due=day(10))
        self.refresh_history()
        self.pay(self.invoice, 1000, on=day(-1))
        self.assertEqual(self.refresh_history(), 1)

    def test_a_payment_that_was_cancelled_has_come_back(self):
        payment = self.pay(self.invoice, 1000, on=day(-3))
        self.refresh_history()
        payment.action_cancel()
        self.assertEqual(self.told(), [(False, False, 1000.0)])
        self.assertEqual(self.rows_of(self.invoice).bounced_on, TODAY)

    def test_posted_and_allocated_again_nothing_had_come_back(self):
        payment = self.pay(self.invoice, 1000, on=day(-3))
        self.refresh_history()
        payment.action_draft()
        self.refresh_history()
        payment.action_post()
        self.reconcile(self.invoice, payment.move_id)
        self.assertEqual(self.told(), [(day(-3), False, 0.0)])
        self.assertFalse(self.rows_of(self.invoice).bounced_on)

    def test_money_that_settles_another_invoice_instead_has_not_come_back(self):
        older = self.make_invoice(self.partner, 1000, due=day(-25))
        payment = self.pay(self.invoice, 1000, on=day(-3))
        self.refresh_history()
        self.invoice.line_ids.remove_move_reconcile()
        self.reconcile(older, payment.move_id)
        self.assertEqual(self.told(older, self.invoice), [(day(-3), False, 0.0), (False, False, 1000.0)])
        self.assertFalse(self.rows_of(self.invoice).bounced_on)

    def test_a_cancelled_invoice_is_withdrawn(self):
        self.refresh_history()
        self.invoice.button_draft()
        self.invoice.button_cancel()
        self.assertEqual(self.told(), [(False, TODAY, 0.0)])

    def test_a_deleted_one_is_forgotten(self):
        self.refresh_history()
        row = self.rows_of(self.invoice)
        self.invoice.button_draft()
        self.invoice.with_context(force_delete=True).unlink()
        self.refresh_history()
        self.assertFalse(row.exists())

    def test_an_account_that_leaves_the_perimeter_takes_its_rows_along(self):
        self.refresh_history()
        row = self.rows_of(self.invoice)
        self.open_lines(self.invoice).account_id.collection_role = False
        self.refresh_history()
        self.assertFalse(row.exists())

    def test_without_its_customer_an_item_is_forgotten(self):
        entry = self.make_entry(self.partner, 300, self.account("411"), due=day(-9))
        self.refresh_history()
        row = self.rows_of(entry)
        self.open_lines(entry).partner_id = False
        self.refresh_history()
        self.assertFalse(row.exists())

    def test_who_has_paid_everything_is_known_too(self):
        partner = self.make_payer("Ancien client", (0,))
        self.refresh_history()
        debtor = self.env["collection.debtor"].search([("partner_id", "=", partner.id)])
        self.assertEqual((debtor.company_id, debtor.customer_kind), (self.company, "business"))

    def test_merged_customers_have_one_past(self):
        double = self.make_partner("Menuiserie Durand SA")
        other = self.make_invoice(double, 300, due=day(-9))
        self.refresh_history()
        kept = self.debtor_of(self.partner)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({"state": "option"})
        wizard._merge((self.partner | double).ids, self.partner)
        self.assertEqual(self.rows_of(self.invoice, other).debtor_id, kept)


@tagged("post_install", "-at_install")
class TestTheHistoryAsArrays(HistoryCase):
    """What ``calc`` is given: today's, and that of a past day, which knows nothing of the future."""

    def read_arrays(self, as_of=None):
        self.refresh_history()
        return self.env["collection.payment.history"]._read_open_items(self.company, as_of)

    def test_of_an_open_invoice(self):
        history, line_ids = self.read_arrays()
        debtor = self.debtor_of(self.partner)
        self.assertEqual(history.debtor.tolist(), [debtor.id])
        self.assertEqual(line_ids.tolist(), self.open_lines(self.invoice).ids)
        self.assertEqual(history.issued.tolist(), [day(-35)])
        self.assertEqual(history.due.tolist(), [day(-5)])
        self.assertTrue(np.isnat(history.paid).all() and np.isnat(history.removed).all())
        self.assertTrue(np.isnat(history.disputed_on).all())
        self.assertEqual((history.amount.tolist(), history.currency.tolist()), ([1000.0], [self.euro.id]))
        self.assertEqual(history.as_of, TODAY)

    def test_of_nothing_at_all(self):
        self.invoice.button_draft()
        self.invoice.with_context(force_delete=True).unlink()
        history, line_ids = self.read_arrays()
        self.assertEqual((len(history), len(line_ids)), (0, 0))

    def test_what_was_paid_later_was_open(self):
        self.pay(self.invoice, 400, on=day(-3))
        self.pay(self.invoice, 600, on=day(-1))
        for as_of, paid, amount in ((day(-4), None, 1000.0), (day(-2), None, 600.0), (day(-1), day(-1), 1000.0)):
            history, _line_ids = self.read_arrays(as_of)
            self.assertEqual((history.paid.tolist(), history.amount.tolist()), ([paid], [amount]), as_of)

    def test_what_was_not_issued_yet_was_not_there(self):
        self.make_invoice(self.partner, 500, due=day(10), invoiced=day(-2))
        self.assertEqual(self.read_arrays(day(-3))[0].amount.tolist(), [1000.0])

    def test_a_past_day_is_what_was_seen_then(self):
        self.make_payer("Bon payeur", (0, 3, 12, None))
        now, _line_ids = self.read_arrays()
        for ago in (0, 1, 20, 45, 80):
            then, _line_ids = self.read_arrays(TODAY - timedelta(days=ago))
            seen = now.seen(TODAY - timedelta(days=ago))
            for name in ("debtor", "issued", "due", "paid", "removed"):
                mine, theirs = (sorted(map(str, getattr(each, name).tolist())) for each in (then, seen))
                self.assertEqual((ago, name, mine), (ago, name, theirs))

    def test_customers_of_another_kind_or_country_are_another_segment(self):
        belgian = self.make_partner("Fonderie de Mons", country_id=self.env.ref("base.be").id)
        public = self.make_partner("Commune de Lannion")
        same = self.make_partner("Menuiserie Martin")
        for partner in (belgian, public, same):
            self.make_invoice(partner, 100, due=day(-1))
        self.debtor_of(public).customer_kind = "public"
        self.env["collection.debtor"]._refresh_figures(self.company)
        history, _line_ids = self.read_arrays()
        segment_of = dict(zip(history.debtor.tolist(), history.segment.tolist(), strict=True))
        own, *others = (segment_of[self.debtor_of(each).id] for each in (self.partner, belgian, public, same))
        self.assertEqual(others[2], own)
        self.assertEqual(len({own, *others}), 3)


@tagged("post_install", "-at_install")
class TestCompaniesApart(HistoryCase):
    """Each company has the history of its own customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_company("Autre société")
        cls.make_invoice(cls.partner, 700, due=day(-1), company=cls.other)

    def test_each_reads_its_own(self):
        history = self.env["collection.payment.history"]
        history._refresh(self.company | self.other)
        for company, amount in ((self.company, 1000.0), (self.other, 700.0)):
            self.assertEqual(history._read_history(company).amount.tolist(), [amount])

    def test_refreshing_one_leaves_the_other(self):
        self.env["collection.payment.history"]._refresh(self.other)
        self.assertFalse(self.rows_of(self.invoice))
        self.assertTrue(self.other.collection_history_refreshed_at)
        self.assertFalse(self.company.collection_history_refreshed_at)


@tagged("post_install", "-at_install")
class TestWhatElseHasHappened(HistoryCase):
    """Promises broken, disputes lost, payments that came back."""

    def incidents(self, as_of=None):
        """[(kind, day)] in the order of their kinds."""
        self.refresh_history()
        found = self.env["collection.payment.history"]._read_incidents(self.company, as_of)
        self.assertLessEqual(set(found.debtor.tolist()), {self.debtor_of(self.partner).id})
        return sorted(
            (INCIDENTS[kind], when) for kind, when in zip(found.kind.tolist(), found.day.tolist(), strict=True)
        )

    def test_nothing_at_first(self):
        self.assertEqual(self.incidents(), [])

    def test_a_receipt_that_the_bank_took_back(self):
        payment = self.receive_payment(self.partner, 500, on=day(-4))
        back = self.make_entry(self.partner, 500, self.account("411"), on=day(-2), journal=self.bank)
        self.reconcile(payment.move_id, back)
        self.assertEqual(self.incidents(), [("bounced_debit", day(-2))])
        self.assertEqual(self.incidents(day(-3)), [])
        self.assertEqual(self.told(back), [(False, day(-2), 0.0)])

    def test_money_that_is_gone(self):
        payment = self.pay(self.invoice, 1000, on=day(-3))
        self.refresh_history()
        payment.action_cancel()
        self.assertEqual(self.incidents(), [("bounced_debit", TODAY)])

    def test_what_had_settled_two_invoices_came_back_once(self):
        other = self.make_invoice(self.partner, 500, due=day(-5))
        payment = self.pay(self.invoice | other, 1500, on=day(-3))
        self.refresh_history()
        payment.action_cancel()
        self.assertEqual(self.incidents(), [("bounced_debit", TODAY)])

    def test_undone_and_taken_back_by_an_entry_it_came_back_once(self):
        payment = self.pay(self.invoice, 1000, on=day(-4))
        self.refresh_history()
        self.invoice.line_ids.remove_move_reconcile()
        self.refresh_history()
        back = self.make_entry(self.partner, 1000, self.account("411"), on=day(-2), journal=self.bank)
        self.reconcile(payment.move_id, back)
        self.assertEqual(self.incidents(), [("bounced_debit", day(-2))])

    def test_what_was_paid_too_much_and_given_back_did_not_come_back(self):
        too_much = self.receive_payment(self.partner, 1200, on=day(-4), allocate=[self.invoice])
        back = self.make_entry(self.partner, 200, self.account("411"), on=day(-2), journal=self.bank)
        self.reconcile(too_much.move_id, back)
        twice = self.receive_payment(self.partner, 1000, on=day(-3))
        returned = self.receive_payment(self.partner, 1000, on=day(-1), payment_type="outbound")
        self.reconcile(twice.move_id, returned.move_id)
        self.assertEqual(self.incidents(), [])

    def promise(self):
        """1 000.00 by today, without grace."""
        return self.env["collection.promise"].create(
            {
                "debtor_id": self.debtor_of(self.partner).id,
                "amount": 1000,
                "currency_id": self.euro.id,
                "date": TODAY,
                "grace_days": 0,
            }
        )

    def test_a_broken_promise(self):
        self.promise()
        self.set_today(day(5))
        self.debtor_of(self.partner)._refresh_promises()
        self.assertEqual(self.incidents(), [("broken_promise", day(1))])

    def test_paid_afterwards_it_had_been_broken(self):
        promise = self.promise()
        self.set_today(day(5))
        self.pay(self.invoice, 1000, on=day(4))
        self.debtor_of(self.partner)._refresh_promises()
        self.assertEqual(promise.state, "kept_late")
        self.assertEqual(self.incidents(), [("broken_promise", day(1))])
