"""What a dispute does elsewhere: the ledger settles it, interest knows it, the customer is answered."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TODAY, day
from .dispute_case import DisputeCase


@tagged("post_install", "-at_install")
class TestSettledByTheLedger(DisputeCase):
    """What the ledger settles is disputed no longer."""

    def refresh(self):
        self.env["collection.debtor"]._refresh_figures(self.company)

    def test_paid_while_it_was_contested_it_is_withdrawn(self):
        dispute = self.dispute()
        self.pay(self.invoice, 1000)
        self.refresh()
        self.assertEqual((dispute.stage, dispute.closed_on), ("withdrawn", TODAY))
        self.assertFalse(dispute.activity_ids)

    def test_paid_in_part_it_stands_for_what_is_left(self):
        dispute = self.dispute()
        self.pay(self.invoice, 600)
        self.refresh()
        self.assertEqual((dispute.stage, dispute.closed_on), ("to_qualify", False))
        self.assert_tranches(400, 0)

    def test_credited_by_hand_it_is_accepted(self):
        dispute = self.study()
        credit_note = self.make_credit_note(self.partner, 1000, of=self.invoice)
        self.reconcile(self.invoice, credit_note)
        self.refresh()
        self.assertEqual((dispute.stage, dispute.accepted_amount, dispute.closed_on), ("accepted", 1000, TODAY))

    def test_credited_in_part_and_paid_it_is_partly_accepted(self):
        dispute = self.study()
        credit_note = self.make_credit_note(self.partner, 250, of=self.invoice)
        self.reconcile(self.invoice, credit_note)
        self.pay(self.invoice, 750)
        self.refresh()
        self.assertEqual((dispute.stage, dispute.accepted_amount, dispute.rejected_amount), ("partly", 250.0, 750.0))

    def test_one_item_of_two_settled_the_dispute_goes_on(self):
        other = self.make_invoice(self.partner, 500, due=day(-10))
        items = self.item_of(self.invoice) | self.item_of(other)
        action = self.env["collection.dispute"]._action_new(items.debtor_id, items)
        dispute = self.env["collection.dispute"].with_context(**action["context"]).create({})
        self.pay(other, 500)
        self.refresh()
        self.assertEqual(dispute.stage, "to_qualify")
        self.assertEqual(dispute.line_ids.mapped("closed_on"), [False, TODAY])

    def test_merged_customers_take_their_disputes_along(self):
        other = self.make_partner("Menuiserie Durand Fils")
        dispute = self.dispute(self.make_invoice(other, 500, due=day(-10)))
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (other | self.partner).ids, self.partner, extra_checks=False
        )
        self.assertEqual(dispute.debtor_id, self.debtor_of(self.partner))


@tagged("post_install", "-at_install")
class TestInterestOnDisputes(DisputeCase):
    """Interest on what is contested runs, and is claimed once the dispute is rejected."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.make_invoice(cls.partner, 10000, due=day(-100))
        cls.debtor_of(cls.partner).write({"customer_kind": "business"})

    def claim(self):
        item = self.item_of(self.invoice)
        return item._compute_interest()[item]

    def test_on_the_whole_it_is_not_claimed(self):
        whole = self.claim().interest
        self.dispute()
        claim = self.claim()
        self.assertEqual((claim.claimed, claim.interest, claim.reason), (False, 0, "The whole amount is disputed."))
        self.assertEqual(claim.computed.total, whole)

    def test_on_a_part_it_is_not_claimed_on_that_part(self):
        whole = self.claim().interest
        self.dispute(amount=4000)
        claim = self.claim()
        self.assertEqual(claim.computed.total, whole)
        self.assertEqual(claim.interest, (whole * 6000 / 10000).quantize(claim.interest))

    def test_rejected_it_is_claimed(self):
        whole = self.claim().interest
        dispute = self.study()
        self.reject(dispute)
        self.assertEqual(self.claim().interest, whole)
        self.assertGreater(whole, 0)

    def test_on_money_conceded_it_is_not_claimed(self):
        dispute = self.study()
        dispute.action_accept()
        self.assertFalse(self.claim().claimed)


@tagged("post_install", "-at_install")
class TestAnswers(DisputeCase):
    """The customer is told what was decided, in a message that a person reads over."""

    def compose(self, dispute):
        """The composer that the button opens, as the client makes it."""
        action = dispute.action_answer()
        return self.env["mail.compose.message"].with_context(**action["context"]).create({})

    def test_rejected_the_answer_goes_to_who_gets_the_reminders(self):
        dispute = self.study(customer_reference="LIT/77")
        self.reject(dispute, "<p>The order of 3 February says <b>12.00</b>.</p>")
        composer = self.compose(dispute)
        self.assertEqual(composer.partner_ids, self.partner)
        self.assertEqual(composer.subject, f"{self.company.name} – your dispute LIT/77")
        for words in ("The order of 3 February", self.invoice.name, "remains payable"):
            self.assertIn(words, composer.body)

    def test_sent_it_stands_on_the_customers_page_and_the_dispute_is_answered(self):
        dispute = self.study()
        self.reject(dispute)
        self.compose(dispute).action_send_mail()
        message = dispute.debtor_id.message_ids[0]
        self.assertEqual((message.partner_ids, message.message_type), (self.partner, "comment"))
        self.assertEqual(dispute.answered_on, TODAY)

    def test_changed_before_it_leaves_it_says_what_was_written(self):
        dispute = self.study()
        self.reject(dispute)
        composer = self.compose(dispute)
        composer.body = "<p>As agreed on the phone.</p>"
        composer.action_send_mail()
        self.assertEqual(dispute.debtor_id.message_ids[0].body, "<p>As agreed on the phone.</p>")

    def test_accepted_in_part_it_says_both(self):
        dispute = self.study()
        dispute.line_ids.accepted = 300
        dispute.action_accept_part()
        body = self.compose(dispute).body
        for words in ("agree to it in part", "300.00", "1,000.00", "The rest of the invoice remains payable"):
            self.assertIn(words, body)

    def test_before_the_decision_there_is_no_answer(self):
        with self.assertRaisesRegex(UserError, "Decide .* first"):
            self.dispute().action_answer()

    def test_a_message_to_another_customer_answers_nothing(self):
        dispute = self.study()
        self.reject(dispute)
        other = self.debtor_of(self.make_partner("Scierie Ory"))
        context = {**dispute.action_answer()["context"], "default_res_ids": other.ids}
        self.env["mail.compose.message"].with_context(**context).create({}).action_send_mail()
        self.assertFalse(dispute.answered_on)

    def test_hostile_words_stay_words(self):
        hostile = "<script>alert(1)</script>{{ object.env.cr.execute('x') }}"
        dispute = self.study(customer_reference=hostile, note=hostile)
        self.reject(dispute, f"<p>See</p>{hostile}")
        composer = self.compose(dispute)
        self.assertNotIn("<script", composer.body)
        self.assertIn("&lt;script&gt;", composer.body)
        self.assertIn(hostile, composer.subject)
        composer.action_send_mail()
        self.assertNotIn("<script", dispute.debtor_id.message_ids[0].body)


@tagged("post_install", "-at_install")
class TestWhereDisputesShow(DisputeCase):
    """Disputes show in To do and on the customer's timeline."""

    def todo(self, code):
        self.env.flush_all()
        todos = self.env["collection.todo"].search([])
        todos.invalidate_recordset()
        return next(todo for todo in todos if todo.code == code).count

    def test_to_qualify_then_past_their_deadline(self):
        dispute = self.dispute()
        self.assertEqual((self.todo("dispute_qualify"), self.todo("dispute_deadline")), (1, 0))
        dispute.action_study()
        self.set_today(day(7))
        self.assertEqual((self.todo("dispute_qualify"), self.todo("dispute_deadline")), (0, 1))

    def test_to_credit_until_the_draft_is_made(self):
        dispute = self.study(amount=400)
        dispute.action_accept()
        self.assertEqual(self.todo("dispute_credit"), 1)
        credit_note = self.credit_note_of(dispute)
        self.assertEqual(self.todo("dispute_credit"), 0)
        credit_note.unlink()
        self.assertEqual(self.todo("dispute_credit"), 1)

    def test_to_answer_until_it_is(self):
        dispute = self.study()
        self.reject(dispute)
        self.assertEqual(self.todo("dispute_answer"), 1)
        dispute._record_answer()
        self.assertEqual(self.todo("dispute_answer"), 0)

    def test_the_timeline_tells_when_it_was_opened_and_how_it_ended(self):
        dispute = self.study(amount=400)
        self.reject(dispute)
        self.env.flush_all()
        entries = (
            self.env["collection.timeline"]
            .with_context(collection_debtor_ids=dispute.debtor_id.ids)
            .search([("debtor_id", "=", dispute.debtor_id.id), ("res_model", "=", "collection.dispute")])
        )
        found = {entry.kind: (entry.name, entry.amount, fields.Date.to_date(entry.date)) for entry in entries}
        self.assertEqual(
            found,
            {
                "dispute": (f"{dispute.name} – Price", 400.0, TODAY),
                "dispute_closed": (f"{dispute.name} – Rejected", 0.0, TODAY),
            },
        )
