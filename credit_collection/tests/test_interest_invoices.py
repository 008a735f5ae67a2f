"""Draft invoices of interest and recovery costs: what they say, and that nothing is on two of them."""

from datetime import date
from decimal import Decimal

from psycopg2.errors import ExclusionViolation, UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .charges_case import LATE, NOTHING, ChargesCase

DUE = date(2026, 5, 31)


@tagged("post_install", "-at_install")
class TestTheInvoice(ChargesCase):
    """A draft, without VAT, a line for interest and one for the lump sum, with its basis and its computation."""

    def test_it_is_a_draft_of_what_is_claimed(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        move = self.charge(invoice)
        self.assertEqual(
            (move.state, move.move_type, move.partner_id, move.amount_untaxed, move.amount_tax, move.amount_total),
            ("draft", "out_invoice", self.partner, 350.49, 0, 350.49),
        )
        self.assertEqual(
            self.lines_on(move),
            [
                (
                    f"Late-payment interest on {invoice.name} of 05/01/2026, due on 05/31/2026: "
                    "from 06/01/2026 to 08/31/2026, 92 days, at 12.15\u00a0% and 12.40\u00a0% a year",
                    310.49,
                ),
                (f"Lump sum for recovery costs on {invoice.name} of 05/01/2026, due on 05/31/2026", 40),
            ],
        )

    def test_on_accounts_and_products_of_its_own_without_tax(self):
        interest, lump_sum = self.charge(self.make_invoice(self.partner, 10000, due=DUE)).invoice_line_ids
        self.assertEqual((interest.account_id.code, lump_sum.account_id.code), ("763100", "758800"))
        self.assertEqual(interest.product_id, self.env.ref("credit_collection.product_interest"))
        self.assertEqual(lump_sum.product_id, self.env.ref("credit_collection.product_lump_sum"))
        self.assertFalse((interest | lump_sum).tax_ids)

    def test_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner.lang = "fr_FR"
        move = self.charge(self.make_invoice(self.partner, 10000, due=DUE))
        self.assertIn("du 01/06/2026 au 31/08/2026", move.invoice_line_ids[0].name)
        self.assertIn("12,15\u00a0% et 12,40\u00a0%", move.invoice_line_ids[0].name)

    def test_it_says_on_what_law_it_stands_and_why_it_bears_no_vat(self):
        move = self.charge(self.make_invoice(self.partner, 10000, due=DUE))
        self.assertIn("L. 441-10", move.narration)
        self.assertIn("out of the scope of VAT", move.narration)

    def test_the_computation_is_attached(self):
        move = self.charge(self.make_invoice(self.partner, 10000, due=DUE))
        files = self.env["ir.attachment"].search([("res_model", "=", "account.move"), ("res_id", "=", move.id)])
        self.assertEqual(files.mapped("name"), ["Computation of late-payment interest.pdf"])
        self.assertTrue(files.raw.startswith(b"%PDF"))

    def test_part_payments_are_taken_off_as_on_the_screen(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.pay(invoice, 4000, on=date(2026, 6, 10))
        claimed = self.left_of(invoice)
        self.assertEqual(claimed, (Decimal("199.61"), Decimal(40)))
        self.assertEqual(self.charge(invoice).amount_total, 239.61)

    def test_an_invoice_paid_late_bears_what_ran_until_it_was_paid(self):
        # 30 days at 12.15 % and 31 at 12.40 % of 10 000: 99.863 + 105.315.
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.pay(invoice, 10000, on=date(2026, 7, 31))
        self.assertEqual(self.charge(invoice).amount_total, 245.18)
        self.assertEqual(self.left_of(invoice), NOTHING)

    def test_two_currencies_make_two_invoices(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        moves = self.charge(self.make_invoice(self.partner, 5000, due=DUE, currency=dollar))
        self.assertEqual(
            sorted((move.currency_id.name, move.amount_total) for move in moves), [("EUR", 40.0), ("USD", 155.25)]
        )

    def test_days_without_a_published_rate_are_left_to_invoice_later(self):
        # December: 10 000 × 12.40 % × 31 / 365; January has no rate until somebody enters it.
        invoice = self.make_invoice(self.partner, 10000, due=date(2026, 11, 30))
        until = date(2027, 1, 31)
        self.assertEqual(self.charge(invoice, until).amount_total, 145.32)
        self.assertEqual(self.left_of(invoice, until), NOTHING)
        self.rules["fr_business"].reference_id.rate_ids = [
            Command.create({"date_from": date(2027, 1, 1), "percent": 2.4, "verified": True})
        ]
        self.assertEqual(self.left_of(invoice, until), (Decimal("105.31"), Decimal(0)))

    def test_it_bears_neither_interest_nor_a_lump_sum(self):
        move = self.charge(self.make_invoice(self.partner, 10000, due=DUE))
        move.invoice_date = LATE
        move.action_post()
        self.assert_nothing_claimed(self.claim_of_line(move, date(2026, 12, 31)), "Interest bears no interest.")

    def test_not_even_where_the_accounts_were_changed(self):
        move = self.charge(self.make_invoice(self.partner, 10000, due=DUE))
        move.invoice_date = LATE
        move.action_post()
        self.company.collection_interest_account_id = self.company.collection_lump_sum_account_id = self.income
        self.assert_nothing_claimed(self.claim_of_line(move, date(2026, 12, 31)), "Interest bears no interest.")

    def test_without_accounts_it_is_refused_with_the_way_out(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.company.collection_interest_account_id = False
        self.env["account.account"].search([("code", "=like", "763%")]).account_type = "expense"
        with self.assertRaisesRegex(UserError, "Choose the accounts of late-payment interest"):
            self.charge(invoice)


@tagged("post_install", "-at_install")
class TestNeverTwice(ChargesCase):
    """No day and no lump sum is on two invoices that stand."""

    def test_what_is_on_a_draft_is_not_claimed_again(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.charge(invoice)
        self.assertEqual(self.left_of(invoice), NOTHING)
        with self.assertRaisesRegex(UserError, "Nothing is left to invoice"):
            self.charge(invoice)

    def test_the_days_that_follow_are_invoiced_next(self):
        # 99.86 until 30 June, then 210.63 and no lump sum: 310.49 + 40 in all.
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.assertEqual(self.charge(invoice, until=date(2026, 6, 30)).amount_total, 139.86)
        move = self.charge(invoice)
        self.assertEqual(move.amount_total, 210.63)
        self.assertIn("from 07/01/2026 to 08/31/2026, 62 days", move.invoice_line_ids.name)

    def test_interest_and_lump_sum_apart(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.assertEqual(self.charge(invoice, interest=False).amount_total, 40)
        self.assertEqual(self.left_of(invoice), (Decimal("310.49"), Decimal(0)))
        self.assertEqual(self.charge(invoice, lump_sum=False).amount_total, 310.49)

    def test_the_lump_sum_of_an_invoice_in_instalments_is_invoiced_once(self):
        invoice = self.make_invoice(
            self.partner, 10000, instalments=[(4000, date(2026, 5, 31)), (6000, date(2026, 6, 30))]
        )
        self.charge(invoice, until=date(2026, 6, 30), interest=False)
        self.pay(invoice, 4000, on=date(2026, 7, 10))
        self.assertEqual([claim.lump_sum for claim in self.claims_of_lines(invoice)], [Decimal(0), Decimal(0)])

    def test_a_cancelled_invoice_gives_its_days_back(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.charge(invoice).button_cancel()
        self.assertEqual(self.left_of(invoice), (Decimal("310.49"), Decimal(40)))
        self.assertEqual(self.charge(invoice).amount_total, 350.49)

    def test_a_deleted_draft_gives_its_days_back(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.charge(invoice).unlink()
        self.assertEqual(self.charge(invoice).amount_total, 350.49)

    def test_a_line_taken_off_the_draft_gives_its_own_back(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.charge(invoice).invoice_line_ids[1].unlink()
        self.assertEqual(self.left_of(invoice), (Decimal(0), Decimal(40)))

    def test_a_credit_note_gives_the_days_back(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        move = self.charge(invoice)
        move.invoice_date = LATE
        move.action_post()
        self.credit(move)
        self.assertEqual(self.left_of(invoice), (Decimal("310.49"), Decimal(40)))
        self.assertEqual(self.charge(invoice).amount_total, 350.49)

    def test_a_partial_credit_note_is_a_favour_and_gives_nothing_back(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        move = self.charge(invoice)
        move.invoice_date = LATE
        move.action_post()
        self.credit(move, 100)
        self.assertEqual(self.left_of(invoice), NOTHING)

    def test_a_partial_credit_note_takes_off_each_line_alike(self):
        # 310.49 of interest and 40 of costs: a third of 350.49 is 116.83.
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        move = self.charge(invoice)
        move.invoice_date = LATE
        move.action_post()
        self.credit(move, 116.83)
        facts = self.env["collection.interest.fact"].search([("move_id", "=", move.id)])
        self.assertEqual(
            {fact.kind: (fact.status, self.euro.round(fact.invoiced), self.euro.round(fact.amount)) for fact in facts},
            {"interest": ("invoiced", 206.99, 206.99), "lump_sum": ("invoiced", 26.67, 26.67)},
        )
        self.assertEqual(self.euro.round(self.figures_of(invoice)[1]), 233.66)
        self.assertEqual(self.claim_of_line(invoice).invoiced, Decimal("206.99"))

    def test_what_is_paid_of_the_rest_is_collected_and_no_more(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        move = self.charge(invoice)
        move.invoice_date = LATE
        move.action_post()
        note = self.credit(move, 116.83)
        self.reconcile(move, note)
        self.pay(move, 233.66)
        self.assertEqual(self.euro.round(self.figures_of(invoice)[2]), 233.66)

    def test_the_hole_that_an_earlier_invoice_leaves_is_claimed_again_and_nothing_else(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        first = self.charge(invoice, until=date(2026, 6, 30))
        self.charge(invoice, until=date(2026, 7, 31))
        first.button_cancel()
        claim = self.claim_of_line(invoice)
        # June at 12.15 %, then August at 12.40 %: July stays invoiced, for 105.32. The three make 310.49.
        self.assertEqual(
            [(str(line.start), str(line.end)) for line in claim.statement.lines],
            [("2026-06-01", "2026-06-30"), ("2026-08-01", "2026-08-31")],
        )
        self.assertEqual((claim.interest, claim.lump_sum), (Decimal("205.17"), Decimal(40)))
        move = self.charge(invoice)
        self.assertEqual([amount for _name, amount in self.lines_on(move)], [99.86, 105.31, 40])
        self.assertEqual(self.left_of(invoice), NOTHING)

    def test_an_invoice_that_stands_again_takes_its_days_back(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        move = self.charge(invoice)
        move.button_cancel()
        self.env["collection.interest.charge"]._refresh_void()
        self.assertTrue(
            all(self.env["collection.interest.charge"].search([("move_id", "=", move.id)]).mapped("is_void"))
        )
        move.button_draft()
        self.env["collection.interest.charge"]._refresh_void()
        self.assertFalse(
            any(self.env["collection.interest.charge"].search([("move_id", "=", move.id)]).mapped("is_void"))
        )
        self.assertEqual(self.left_of(invoice), NOTHING)

    def test_the_database_itself_refuses_the_same_days(self):
        charge = self.env["collection.interest.charge"]
        self.charge(self.make_invoice(self.partner, 10000, due=DUE))
        values = charge.search([("kind", "=", "interest")], limit=1).copy_data()[0]
        values.update({"date_from": LATE, "date_to": date(2026, 9, 30)})
        with mute_logger("odoo.sql_db"), self.assertRaises(ExclusionViolation), self.cr.savepoint():
            charge.create(values).flush_recordset()
        values = charge.search([("kind", "=", "lump_sum")], limit=1).copy_data()[0]
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.cr.savepoint():
            charge.create(values).flush_recordset()


@tagged("post_install", "-at_install")
class TestChoosingWhatIsInvoiced(ChargesCase):
    """The dialog proposes what is claimed, settled items included; what is not ticked waits or is waived."""

    def open_for(self, partner, user=None):
        debtor = self.debtor_of(partner)
        action = (debtor.with_user(user) if user else debtor).action_invoice_interest()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        return wizard.with_user(user) if user else wizard

    def test_it_proposes_open_and_late_paid_items_and_not_those_paid_in_time(self):
        late = self.make_invoice(self.partner, 10000, due=DUE)
        paid_late = self.make_invoice(self.partner, 1000, due=DUE)
        self.pay(paid_late, 1000, on=date(2026, 6, 30))
        self.pay(self.make_invoice(self.partner, 500, due=DUE), 500, on=date(2026, 5, 31))
        wizard = self.open_for(self.partner)
        self.assertEqual(
            [(line.name, line.interest, line.lump_sum) for line in wizard.line_ids],
            [(late.name, 310.49, 40), (paid_late.name, 9.99, 40)],
        )
        self.assertEqual(wizard.total, "400.48\u00a0€")

    def test_another_day_computes_it_anew(self):
        self.make_invoice(self.partner, 10000, due=DUE)
        wizard = self.open_for(self.partner)
        with Form(wizard) as form:
            form.until = date(2026, 6, 30)
        self.assertEqual(wizard.line_ids.interest, 99.86)
        action = wizard.action_invoice()
        self.assertEqual(self.env["account.move"].browse(action["res_id"]).amount_total, 139.86)

    def test_what_is_not_ticked_is_waived_where_the_user_says_so(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        wizard = self.open_for(self.partner)
        wizard.line_ids.takes_lump_sum = False
        wizard.write({"left_out": "waive", "reason": "Agreed by phone"})
        wizard.action_invoice()
        self.assertEqual(self.left_of(invoice), NOTHING)
        self.assertEqual(self.figures_of(invoice)[3], 40)

    def test_what_is_not_ticked_waits_otherwise(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        wizard = self.open_for(self.partner)
        wizard.line_ids.takes_lump_sum = False
        wizard.action_invoice()
        self.assertEqual(self.left_of(invoice), (Decimal(0), Decimal(40)))

    def test_nothing_ticked_is_refused(self):
        self.make_invoice(self.partner, 10000, due=DUE)
        wizard = self.open_for(self.partner)
        wizard.line_ids.write({"takes_interest": False, "takes_lump_sum": False})
        with self.assertRaisesRegex(UserError, "Tick what is to be invoiced."):
            wizard.action_invoice()

    def test_an_item_of_another_customer_put_in_it_is_left_out(self):
        self.make_invoice(self.partner, 10000, due=DUE)
        other = self.make_invoice(self.make_partner("Autre"), 10000, due=DUE)
        wizard = self.open_for(self.partner)
        wizard.line_ids.move_line_id = self.items_of(other)
        with self.assertRaisesRegex(UserError, "Tick what is to be invoiced."):
            wizard.action_invoice()

    def test_an_assigned_item_is_left_out_for_what_it_bears_is_the_assignees(self):
        assigned = self.make_invoice(self.partner, 10000, due=DUE)
        own = self.make_invoice(self.partner, 1000, due=DUE)
        self.item_of(assigned).write({"assignee_id": self.make_assignee().id, "status": "assigned"})
        self.assertEqual(self.open_for(self.partner).line_ids.mapped("name"), [own.name])
        with self.assertRaisesRegex(UserError, "Nothing is left to invoice"):
            self.charge(assigned)

    def test_one_assigned_since_the_dialog_was_opened_is_left_out_too(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        wizard = self.open_for(self.partner)
        self.item_of(invoice).status = "assigned"
        with self.assertRaisesRegex(UserError, "Tick what is to be invoiced."):
            wizard.action_invoice()

    def test_a_collector_has_the_draft_prepared_and_an_accountant_posts_it(self):
        self.make_invoice(self.partner, 10000, due=DUE)
        action = self.open_for(self.partner, self.make_user("collector")).action_invoice()
        self.assertEqual(action["params"]["message"], "An accountant checks and posts it.")
        self.assertEqual(self.env["collection.interest.charge"].search([]).move_id.state, "draft")

    def test_an_auditor_may_not(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        debtor = self.debtor_of(self.partner).with_user(self.make_user("auditor", "reader"))
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            debtor._invoice_interest({self.items_of(invoice): (True, True)}, LATE)

    def test_the_customers_page_says_that_it_was_done(self):
        self.charge(self.make_invoice(self.partner, 10000, due=DUE))
        body = self.debtor_of(self.partner).message_ids[0].body
        self.assertIn("Draft invoice of interest and recovery costs: 350.49", str(body))


@tagged("post_install", "-at_install")
class TestAPersonIsAsked(ChargesCase):
    """A level may ask that a person decides on interest once its reminder has left; nothing is invoiced by itself."""

    def remind(self):
        plan = self.make_plan(levels=[("Relance", 12, {"claim_interest": "amount", "invoice_interest": True})])
        self.make_invoice(self.partner, 10000, due=DUE)
        self.debtor_of(self.partner).plan_id = plan
        self.run_and_send()
        return self.env["collection.reminder"].search([("debtor_id", "=", self.debtor_of(self.partner).id)])

    def waiting(self):
        return self.env["collection.todo"].search([("code", "=", "interest_invoice")]).count

    def test_once_it_has_left(self):
        reminder = self.remind()
        self.assertTrue(reminder.is_interest_to_invoice)
        self.assertEqual(self.waiting(), 1)
        self.assertFalse(self.env["collection.interest.charge"].search([]))

    def test_no_longer_once_it_is_invoiced(self):
        reminder = self.remind()
        wizard = self.env["collection.interest.invoice"].browse(reminder.action_invoice_interest()["res_id"])
        wizard.action_invoice()
        self.assertEqual(self.waiting(), 0)

    def test_nor_once_somebody_said_no(self):
        self.remind().action_interest_decided()
        self.assertEqual(self.waiting(), 0)
