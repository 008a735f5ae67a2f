"""What takes euros out of a claim: disputes, promises, credits, each euro once, after the money in sight."""

from odoo.tests import tagged
from odoo.tools import SQL

from .common import CollectionCase, day


@tagged("post_install", "-at_install")
class TestCredits(CollectionCase):
    """Open credits cover what would be claimed: the invoice they reverse first, then the oldest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.older = cls.make_invoice(cls.partner, 600, due=day(-20))
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))

    def _claims(self):
        return {number: (found.decision, found.claim) for number, found in self.decide().items()}

    def test_an_invoice_fully_covered_is_not_reminded(self):
        self.make_credit_note(self.partner, 1600)
        self.assertEqual(self._claims(), {self.older.name: ("covered", 0.0), self.invoice.name: ("covered", 0.0)})

    def test_an_invoice_half_covered_claims_the_other_half(self):
        self.make_credit_note(self.partner, 300)
        self.assertEqual(self._claims(), {self.older.name: ("level", 300.0), self.invoice.name: ("level", 1000.0)})

    def test_what_the_oldest_leaves_goes_to_the_next(self):
        self.make_credit_note(self.partner, 1000)
        self.assertEqual(self._claims(), {self.older.name: ("covered", 0.0), self.invoice.name: ("level", 600.0)})

    def test_a_credit_note_covers_first_the_invoice_it_reverses(self):
        self.make_credit_note(self.partner, 1000, of=self.invoice)
        self.assertEqual(self._claims(), {self.older.name: ("level", 600.0), self.invoice.name: ("covered", 0.0)})

    def test_what_the_reversed_invoice_leaves_goes_to_the_oldest(self):
        self.pay(self.invoice, 700)
        self.make_credit_note(self.partner, 1000, of=self.invoice)
        self.assertEqual(self._claims(), {self.older.name: ("covered", 0.0), self.invoice.name: ("covered", 0.0)})
        self.assertEqual(self.decision_of(self.invoice).covered, 300.0)

    def test_a_payment_posted_and_not_allocated_covers_the_oldest(self):
        self.receive_payment(self.partner, 600)
        self.assertEqual(self._claims(), {self.older.name: ("covered", 0.0), self.invoice.name: ("level", 1000.0)})

    def test_a_credit_counts_whatever_its_follow_up_flag(self):
        self.make_entry(self.partner, -600, self.account("411"), due=day(-2))
        self.assertEqual(self._claims(), {self.older.name: ("covered", 0.0), self.invoice.name: ("level", 1000.0)})

    def test_a_credit_on_another_account_covers_nothing(self):
        self.make_entry(self.partner, -600, self.account("4117"), due=day(-2))
        self.assertEqual(self._claims(), {self.older.name: ("level", 600.0), self.invoice.name: ("level", 1000.0)})

    def test_another_customer_s_credit_covers_nothing(self):
        self.make_credit_note(self.make_partner("Autre"), 600)
        self.assertEqual(self._claims(), {self.older.name: ("level", 600.0), self.invoice.name: ("level", 1000.0)})

    def test_an_item_under_a_stop_leaves_the_credit_to_those_that_are_chased(self):
        self.older.no_followup = True
        self.make_credit_note(self.partner, 600)
        self.assertEqual(self._claims(), {self.older.name: ("excluded", 0.0), self.invoice.name: ("level", 400.0)})

    def test_a_credit_covers_after_the_money_in_sight(self):
        self.receive_payment_without_entry(self.partner, 600, invoices=self.older)
        self.make_credit_note(self.partner, 700)
        self.assertEqual(self._claims(), {self.older.name: ("settling", 0.0), self.invoice.name: ("level", 300.0)})

    def test_its_words_say_what_covers_it(self):
        self.make_credit_note(self.partner, 600)
        decision = self.decision_of(self.older)
        self.assertEqual(decision.summary, "Not reminded: 600.00\N{NO-BREAK SPACE}€ of open credits cover it.")
        self.assertIn("Reconcile the credits with the invoices they pay.", decision.explanation)

    def test_a_credit_older_than_30_days_is_to_be_reconciled(self):
        self.make_credit_note(self.partner, 50, issued=day(-31))
        self.make_credit_note(self.partner, 70, issued=day(-30))
        self.decide()
        debtor = self.debtor_of(self.partner)
        self.assertEqual((debtor.credit, debtor.old_credit), (120.0, 50.0))


@tagged("post_install", "-at_install")
class TestPartsOfLaterAddOns(CollectionCase):
    """Disputes, promises and agreements have their named part: an add-on supplies the rows, or parts of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 900, due=day(-5))
        cls.rows = {}

    def setUp(self):
        super().setUp()
        self.rows.clear()
        for name in ("disputed", "promised", "scheduled"):
            self.patch(self.registry["collection.decision"], f"_part_{name}", self._part(name))

    def _part(self, name):
        def part(decision):
            if name not in self.rows:
                return decision._sql_nothing()
            invoice, amount, next_date = self.rows[name]
            return SQL(
                "SELECT %s AS line_id, %s::numeric AS amount, %s::date AS next_date",
                self.open_lines(invoice).id,
                amount,
                next_date,
            )

        return part

    def test_half_disputed_the_other_half_is_claimed(self):
        self.rows["disputed"] = (self.invoice, 450, day(30))
        self.assert_decided(self.invoice, "level", "Rappel", 450.0)

    def test_half_disputed_and_a_third_paid_the_rest_is_claimed(self):
        self.rows["disputed"] = (self.invoice, 450, day(30))
        self.pay(self.invoice, 300)
        decision = self.decision_of(self.invoice)
        self.assertEqual((decision.residual, decision.disputed, decision.claim), (600.0, 450.0, 150.0))
        self.assert_decided(self.invoice, "level", "Rappel", 150.0)

    def test_half_disputed_and_the_rest_paid_it_is_disputed_until_the_deadline(self):
        self.rows["disputed"] = (self.invoice, 450, day(30))
        self.pay(self.invoice, 450)
        self.assertEqual(self.decide()[self.invoice.name], ("disputed", None, 0.0, day(30)))

    def test_a_dispute_over_more_than_what_remains_takes_what_remains(self):
        self.rows["disputed"] = (self.invoice, 450, day(30))
        self.pay(self.invoice, 600)
        decision = self.decision_of(self.invoice)
        self.assertEqual((decision.residual, decision.disputed, decision.claim), (300.0, 300.0, 0.0))

    def test_every_tranche_takes_its_part_in_order_and_the_largest_names_the_decision(self):
        self.receive_payment_without_entry(self.partner, 100, invoices=self.invoice)
        self.rows["disputed"] = (self.invoice, 150, day(30))
        self.rows["promised"] = (self.invoice, 300, day(12))
        self.rows["scheduled"] = (self.invoice, 50, day(40))
        self.make_credit_note(self.partner, 1000)
        decision = self.decision_of(self.invoice)
        self.assertEqual(
            (
                decision.settling,
                decision.disputed,
                decision.promised,
                decision.scheduled,
                decision.covered,
                decision.claim,
            ),
            (100.0, 150.0, 300.0, 50.0, 300.0, 0.0),
        )
        self.assertEqual(self.decide()[self.invoice.name], ("promised", None, 0.0, day(12)))

    def test_why_lists_every_tranche(self):
        self.rows["disputed"] = (self.invoice, 450, day(30))
        self.rows["promised"] = (self.invoice, 300, day(12))
        explanation = self.decision_of(self.invoice).explanation.replace("&nbsp;", " ")
        for sentence in (
            "To remind: Rappel, 150.00 €.",
            "900.00 € is open.",
            "450.00 € is disputed.",
            "300.00 € is promised.",
            "150.00 € remains to be claimed.",
        ):
            self.assertIn(sentence, explanation)

    def test_an_add_on_adds_a_named_part(self):
        """What a court has stayed goes out of the claim, by a part placed before the rest of the query."""
        original = self.registry["collection.decision"]._decision_parts

        def with_court(decision):
            parts = original(decision)
            court = SQL("SELECT id AS line_id FROM account_move_line WHERE id = %s", self.open_lines(self.invoice).id)
            parts["in_case"] = SQL("SELECT line_id, NULL::numeric AS amount, NULL::date AS next_date FROM stayed")
            return {"stayed": court, **parts}

        self.patch(self.registry["collection.decision"], "_decision_parts", with_court)
        self.assertEqual(self.decide()[self.invoice.name], ("in_case", None, 0.0, None))
