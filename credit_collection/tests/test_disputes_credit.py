"""From what was granted to its credit note: a draft of exactly that amount, which an accountant posts."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .common import TODAY, day
from .dispute_case import DisputeCase


@tagged("post_install", "-at_install")
class TestCreditNotes(DisputeCase):
    """The credit note of a dispute is core's own reversal, brought down to what was granted."""

    def granted(self, invoice, accepted=None):
        """A dispute about the invoice that grants all of it, or ``accepted``."""
        dispute = self.study(invoice)
        if accepted is None:
            dispute.action_accept()
        else:
            dispute.line_ids.accepted = accepted
            dispute.action_accept_part()
        return dispute

    def totals(self, move):
        """(untaxed, tax, total) of a document."""
        return (move.amount_untaxed, move.amount_tax, move.amount_total)

    def test_of_the_whole_it_is_the_invoice_reversed(self):
        invoice = self.taxed_invoice([(1000, 20), (50, 5.5)])
        credit_note = self.credit_note_of(self.granted(invoice))
        self.assertEqual(
            (credit_note.state, credit_note.move_type, credit_note.reversed_entry_id), ("draft", "out_refund", invoice)
        )
        self.assertEqual(self.totals(credit_note), self.totals(invoice))
        self.assertEqual(credit_note.invoice_line_ids.mapped("name"), ["Works 1", "Works 2"])

    def test_of_a_part_the_taxes_are_in_proportion(self):
        invoice = self.taxed_invoice([(1000, 20)])
        self.assertEqual(self.totals(self.credit_note_of(self.granted(invoice, 300))), (250.0, 50.0, 300.0))

    def test_to_the_cent_whatever_the_amount_and_the_taxes(self):
        lines = [(333.33, 20), (66.67, 10), (0.07, 5.5), (1234.56, 2.1)]
        for accepted in (0.01, 0.05, 1.00, 33.33, 99.99, 333.34, 1000.01, 1733.70):
            with self.subTest(accepted=accepted):
                invoice = self.taxed_invoice(lines)
                credit_note = self.credit_note_of(self.granted(invoice, accepted))
                self.assertEqual(credit_note.amount_total, accepted)
                self.assertEqual(
                    credit_note.currency_id.round(credit_note.amount_untaxed + credit_note.amount_tax), accepted
                )
                self.assertEqual(self.euro.round(sum(credit_note.line_ids.mapped("balance"))), 0)

    def test_each_tax_keeps_its_share(self):
        invoice = self.taxed_invoice([(1000, 20), (1000, 10)])
        credit_note = self.credit_note_of(self.granted(invoice, 1150))
        # Half of 200 and half of 100.
        taxes = credit_note.line_ids.filtered("tax_line_id").mapped("balance")
        self.assertEqual(sorted(taxes), [50.0, 100.0])

    def test_with_taxes_included_in_the_prices(self):
        invoice = self.make_invoice(self.partner, 1, due=day(-10), post=False)
        included = self.tax(20, price_include_override="tax_included")
        invoice.invoice_line_ids = [
            Command.clear(),
            Command.create(
                {
                    "name": "Works",
                    "quantity": 3,
                    "discount": 10,
                    "price_unit": 99.99,
                    "account_id": self.account("706").id,
                    "tax_ids": [Command.set(included.ids)],
                }
            ),
        ]
        invoice.action_post()
        self.assertEqual(self.credit_note_of(self.granted(invoice, 77.77)).amount_total, 77.77)

    def test_a_tax_of_so_much_a_piece_is_left_to_the_accountant(self):
        invoice = self.make_invoice(self.partner, 1, due=day(-10), post=False)
        recycling = self.tax(2.5, amount_type="fixed", include_base_amount=True, sequence=1)
        invoice.invoice_line_ids.write(
            {"quantity": 7, "price_unit": 31.3, "tax_ids": [Command.set((recycling | self.tax(20, sequence=2)).ids)]}
        )
        invoice.action_post()
        credit_note = self.credit_note_of(self.granted(invoice, 123.45))
        self.assertEqual(self.totals(credit_note), self.totals(invoice))
        self.assertIn("change them before you post", credit_note.message_ids[0].body)

    def test_in_another_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": day(-60), "rate": 1.0837, "company_id": self.company.id}
        )
        invoice = self.taxed_invoice([(777.77, 20), (33.33, 10)], currency=dollar)
        credit_note = self.credit_note_of(self.granted(invoice, 123.45))
        self.assertEqual((credit_note.currency_id, credit_note.amount_total), (dollar, 123.45))
        self.assertEqual(self.euro.round(sum(credit_note.line_ids.mapped("balance"))), 0)

    def test_accounts_products_and_analytics_stay(self):
        invoice = self.make_invoice(self.partner, 1000, due=day(-10), post=False)
        product = self.env["product.product"].create({"name": "Door"})
        invoice.invoice_line_ids.write({"product_id": product.id, "name": "Oak door", "price_unit": 1000})
        invoice.invoice_line_ids.tax_ids = False
        account = invoice.invoice_line_ids.account_id
        invoice.action_post()
        line = self.credit_note_of(self.granted(invoice, 100)).invoice_line_ids
        self.assertEqual((line.product_id, line.account_id, line.name), (product, account, "Oak door"))

    def test_where_it_cannot_be_spread_the_draft_stays_whole_and_says_so(self):
        invoice = self.taxed_invoice([(1000, 20)])
        dispute = self.granted(invoice, 300)
        Move = self.registry["account.move"]
        self.patch(Move, "_reduce_base_lines", lambda move, amount: [])
        credit_note = self.credit_note_of(dispute)
        self.assertEqual(self.totals(credit_note), (1000.0, 200.0, 1200.0))
        self.assertIn("300.00", credit_note.message_ids[0].body)
        self.assertIn("change them before you post", credit_note.message_ids[0].body)
        self.assertEqual(dispute.credit_ids.move_id, credit_note)

    def test_posted_the_dispute_closes_and_the_rest_is_chased(self):
        dispute = self.granted(self.invoice, 300)
        credit_note = self.credit_note_of(dispute)
        self.assertEqual((dispute.credit_ids.move_state, dispute.awaits_credit), ("draft", False))
        self.assert_tranches(300, 700)
        credit_note.action_post()
        self.assert_tranches(0, 700)
        self.env["collection.debtor"]._refresh_figures(self.company)
        self.assertEqual((dispute.stage, dispute.closed_on), ("partly", TODAY))
        credit = dispute.credit_ids
        self.assertEqual((credit.name, credit.date, credit.amount), (credit_note.name, TODAY, 300))

    def test_a_decision_that_was_credited_is_not_taken_back(self):
        dispute = self.granted(self.invoice, 300)
        self.credit_note_of(dispute).action_post()
        with self.assertRaisesRegex(UserError, "before its credit note"):
            dispute.action_study()

    def test_the_draft_deleted_it_is_proposed_again(self):
        dispute = self.granted(self.invoice, 300)
        self.credit_note_of(dispute).unlink()
        self.assertEqual((dispute.credit_ids.move_state, dispute.awaits_credit), ("gone", True))
        self.assert_tranches(300, 700)
        self.assertEqual(self.credit_note_of(dispute).amount_total, 300)

    def test_once_made_it_is_not_made_twice(self):
        dispute = self.granted(self.invoice, 300)
        self.credit_note_of(dispute)
        with self.assertRaisesRegex(UserError, "its credit note is made already"):
            dispute.action_propose_credit_note()

    def test_two_invoices_of_one_dispute_have_a_credit_note_each(self):
        other = self.make_invoice(self.partner, 500, due=day(-10))
        items = self.item_of(self.invoice) | self.item_of(other)
        action = self.env["collection.dispute"]._action_new(items.debtor_id, items)
        dispute = self.env["collection.dispute"].with_context(**action["context"]).create({"nature_id": self.price.id})
        dispute.action_study()
        for line, accepted in zip(dispute.line_ids, (100, 200), strict=True):
            line.accepted = accepted
        action = dispute.action_accept_part()
        self.assertEqual(action["res_model"], "account.move.reversal")
        wizard = Form(self.env["account.move.reversal"].with_context(**action["context"])).save()
        self.assertEqual(wizard.collection_accepted, 300)
        wizard.refund_moves()
        self.assertEqual(
            {credit.move_id.reversed_entry_id: credit.move_id.amount_total for credit in dispute.credit_ids},
            {self.invoice: 100.0, other: 200.0},
        )

    def test_an_entry_without_invoice_is_credited_by_hand(self):
        entry = self.make_entry(self.partner, 300, self.account("411"), due=day(-20), no_followup=False)
        dispute = self.study(entry)
        self.assertIs(dispute.action_accept(), True)
        with self.assertRaisesRegex(UserError, "Once it is, close the dispute"):
            dispute.action_propose_credit_note()

    def test_a_collector_who_is_no_accountant_leaves_it_to_one(self):
        collector = self.make_collector()
        dispute = self.study(user=collector)
        self.assertIs(dispute.with_user(collector).action_accept(), True)
        with self.assertRaisesRegex(AccessError, "an accountant's right"):
            dispute.with_user(collector).action_propose_credit_note()
        self.assertTrue(dispute.awaits_credit)

    def test_an_accountant_who_collects_makes_it(self):
        accountant = self.make_user(
            "accountant", "base.group_user,account.group_account_invoice,credit_collection.group_collection_collector"
        )
        dispute = self.granted(self.invoice, 300)
        action = dispute.with_user(accountant).action_propose_credit_note()
        form = Form(self.env["account.move.reversal"].with_user(accountant).with_context(**action["context"]))
        credit_note = self.env["account.move"].browse(form.save().refund_moves()["res_id"])
        self.assertEqual((credit_note.amount_total, dispute.credit_ids.user_id), (300, accountant))

    def test_the_dispute_of_another_cannot_be_credited(self):
        accountant = self.make_user("accountant", "base.group_user,account.group_account_invoice")
        dispute = self.granted(self.invoice, 300)
        wizard = self.env["account.move.reversal"].with_user(accountant)
        context = {
            "active_model": "account.move",
            "active_ids": self.invoice.ids,
            "default_collection_dispute_id": dispute.id,
        }
        with (
            mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"),
            self.assertRaises(AccessError),
        ):
            wizard.with_context(**context).create(
                {"date": TODAY, "journal_id": self.invoice.journal_id.id}
            ).refund_moves()
        self.assertFalse(dispute.credit_ids)

    def test_posting_asks_nothing_of_collection(self):
        dispute = self.granted(self.invoice, 300)
        credit_note = self.credit_note_of(dispute)
        self.env.flush_all()
        self.env.invalidate_all()
        queries = []
        execute = type(self.cr).execute

        def collect(cursor, query, *args, **kwargs):
            queries.append(query.code if isinstance(query, SQL) else str(query))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.cr), "execute", collect):
            credit_note.action_post()
            self.env.flush_all()
        self.assertGreater(len(queries), 5)
        self.assertEqual([query for query in queries if "collection_dispute" in query], [])
