"""What becomes of late-payment interest under an agreement: claimed in addition, waived, or in the instalments."""

from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .agreement_case import AgreementCase
from .charges_case import LATE, NOTHING, ChargesCase

DUE = date(2026, 5, 31)
# 30 days at 12.15 % and 62 at 12.40 % of 10 000.00.
OWED = Decimal("310.49"), Decimal(40)


@tagged("post_install", "-at_install")
class TestInterest(ChargesCase):
    """10 000.00 late by three months, in two instalments on 30 September and 30 October."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.make_invoice(cls.partner, 10000, due=DUE)

    def agree(self, mode, **values):
        agreement = self.env["collection.agreement"].create(
            {
                "debtor_id": self.debtor_of(self.partner).id,
                "item_ids": [Command.set(self.item_of(self.late).ids)],
                "first_date": date(2026, 9, 30),
                "instalment_count": 2,
                "interest_mode": mode,
                **values,
            }
        )
        agreement.action_lay_out()
        agreement._propose()
        agreement._accept(LATE, "Jeanne Durand")
        return agreement

    def test_claimed_in_addition_it_runs_on(self):
        self.agree("claimed")
        self.assertEqual(self.left_of(self.late), OWED)

    def test_waived_nothing_is_claimed_while_it_holds(self):
        agreement = self.agree("waived")
        self.assertEqual(self.left_of(self.late), NOTHING)
        self.assertEqual(self.claim_of(self.late).reason, f"Waived as long as the agreement {agreement.name} is kept.")

    def test_proposed_it_waives_nothing_yet(self):
        agreement = self.agree("waived")
        agreement.sudo().write({"state": "proposed", "accepted_on": False})
        self.assertEqual(self.left_of(self.late), OWED)

    def test_revoked_it_runs_again_from_the_start(self):
        self.agree("waived")._revoke("Nothing paid")
        self.assertEqual(self.left_of(self.late), OWED)

    def test_cancelled_it_runs_again_from_the_start(self):
        self.agree("waived").action_cancel()
        self.assertEqual(self.left_of(self.late), OWED)

    def test_kept_it_is_waived_for_good(self):
        agreement = self.agree("waived")
        self.pay(self.late, 10000)
        self.env["collection.agreement"]._cron_follow()
        self.assertEqual(agreement.state, "kept")
        waiver = self.env["collection.interest.waiver"].search([("debtor_id", "=", agreement.debtor_id.id)])
        self.assertEqual(
            (waiver.scope, waiver.until, waiver.interest, waiver.lump_sum, waiver.reason),
            ("both", False, 310.49, 40, f"Agreement {agreement.name} kept"),
        )
        self.assertEqual(self.left_of(self.late), NOTHING)

    def test_on_a_past_day_what_held_then_counts(self):
        agreement = self.agree("waived")
        self.set_today(date(2026, 9, 15))
        agreement._revoke("Nothing paid")
        interest = self.env["collection.interest"].with_context(collection_interest_as_of=date(2026, 9, 10))
        line = self.items_of(self.late)
        claim = interest._compute_for_lines(line, date(2026, 9, 10))[line]
        self.assertEqual((claim.interest, claim.lump_sum), NOTHING)

    def test_included_the_instalments_carry_it(self):
        agreement = self.agree("included", interest_percent=12.4, past_interest=310.49)
        # 10 000 × 12.40 % × 30/365 = 101.92; 5 000 × 30 days = 50.96; and 310.49 shared out as 155.24 and 155.25.
        self.assertEqual(
            [(line.principal, line.interest) for line in agreement.instalment_ids], [(5000, 257.16), (5000, 206.21)]
        )
        self.assertEqual((agreement.interest, agreement.total), (463.37, 10463.37))
        # Recovery costs are not in the instalments.
        self.assertEqual(self.left_of(self.late), (Decimal(0), Decimal(40)))

    def test_the_form_proposes_the_rate_and_the_interest_of_the_law(self):
        agreement = self.env["collection.agreement"].new(
            {
                "debtor_id": self.debtor_of(self.partner).id,
                "item_ids": [Command.set(self.item_of(self.late).ids)],
                "interest_mode": "included",
            }
        )
        agreement._onchange_interest_mode()
        self.assertEqual((agreement.interest_percent, agreement.past_interest), (12.4, 310.49))

    def test_included_it_is_paid_with_its_invoice(self):
        agreement = self.agree("included", interest_percent=12.4, past_interest=310.49)
        agreement.action_invoice_interest()
        move = agreement.interest_move_id
        self.assertEqual((move.state, move.amount_total, move.invoice_date_due), ("draft", 463.37, date(2026, 10, 30)))
        self.pay(self.late, 10000)
        self.env["collection.agreement"]._cron_follow()
        self.assertEqual(agreement.state, "accepted")
        self.assertEqual(agreement.remaining, 463.37)
        move.invoice_date = LATE
        move.action_post()
        self.env["collection.agreement"]._cron_follow()
        self.assertIn(self.item_of(move), agreement.item_ids)
        self.assertEqual((agreement.principal, agreement.remaining), (10000, 463.37))
        self.pay(move, 463.37)
        self.env["collection.agreement"]._cron_follow()
        self.assertEqual(agreement.state, "kept")
        # What the instalments paid is not claimed again.
        self.assertEqual(self.left_of(self.late)[0], Decimal(0))

    def test_included_and_revoked_late_payment_interest_is_owed_again(self):
        self.agree("included", interest_percent=12.4)._revoke("Nothing paid")
        self.assertEqual(self.left_of(self.late), OWED)


@tagged("post_install", "-at_install")
class TestNotLate(AgreementCase):
    """What is not late bears no interest, agreement or not."""

    def test_an_invoice_to_come_may_be_in_an_agreement(self):
        coming = self.make_invoice(self.partner, 900, due=date(2026, 3, 31))
        agreement = self.accept(coming)
        self.assertEqual(agreement.instalment_ids.mapped("amount"), [300, 300, 300])
        self.assertEqual(self.decide()[coming.name].decision, "scheduled")
