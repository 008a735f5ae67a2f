"""What an item bears for being late, from the ledger, by the law of the customer's kind and country."""

from datetime import date
from decimal import Decimal

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .interest_case import InterestCase

DUE = date(2026, 5, 31)


@tagged("post_install", "-at_install")
class TestInterestOfAnInvoice(InterestCase):
    """A French business owes the rate of the central bank and ten points, and forty euros."""

    def test_over_two_half_years_each_at_its_rate(self):
        # 30 days at 12.15 % and 62 days at 12.40 % of 10 000: 99.863 + 210.630.
        claim = self.claim_of(self.make_invoice(self.partner, 10000, due=DUE))
        self.assert_claimed(claim, "310.49", lump_sum=40)
        self.assertEqual(
            self.shown(claim),
            [
                ("2026-06-01", "2026-06-30", 30, 10000, Decimal("12.15"), Decimal("99.86")),
                ("2026-07-01", "2026-08-31", 62, 10000, Decimal("12.40"), Decimal("210.63")),
            ],
        )
        self.assertEqual(claim.lump_sum_currency.name, "EUR")
        self.assertIn("L. 441-10", claim.mention)

    def test_a_day_chosen_is_the_last_that_counts(self):
        self.assert_claimed(self.claim_of(self.make_invoice(self.partner, 10000, due=DUE), date(2026, 6, 30)), "99.86")

    def test_since_a_day_chosen_the_rest(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.assert_claimed(self.claim_of(invoice, start=date(2026, 7, 1)), "210.63")

    def test_not_yet_late_it_bears_nothing(self):
        invoice = self.make_invoice(self.partner, 10000, due=date(2026, 8, 31))
        self.assert_nothing_claimed(self.claim_of(invoice), "The item is not late.")

    def test_a_part_payment_reduces_the_base_from_the_day_after_it(self):
        # 10 days on 10 000 (33.288), 20 days on 6 000 (39.945), 62 days on 6 000 at 12.40 % (126.378): 199.611.
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.pay(invoice, 4000, on=date(2026, 6, 10))
        self.assert_claimed(self.claim_of(invoice), "199.61", lump_sum=40)

    def test_a_credit_note_of_the_invoice_reduces_it_from_the_start(self):
        # 8 000: 79.890 + 168.504.
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        note = self.make_credit_note(self.partner, 2000, of=invoice, issued=date(2026, 7, 20))
        self.assert_claimed(self.claim_of(invoice), "248.39")
        self.reconcile(invoice, note)
        self.assert_claimed(self.claim_of(invoice), "248.39")

    def test_a_commercial_credit_note_reduces_it_from_its_date(self):
        # 10 000 to 20 July (99.863 + 67.945), then 42 days on 8 000 (114.148): 281.956.
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        note = self.make_credit_note(self.partner, 2000, of=invoice, issued=date(2026, 7, 20))
        self.reconcile(invoice, note)
        self.item_of(invoice).credit_note_effect = "commercial"
        self.assert_claimed(self.claim_of(invoice), "281.96")

    def test_a_credit_note_of_another_invoice_reduces_it_from_its_date(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        note = self.make_credit_note(self.partner, 2000, issued=date(2026, 7, 20))
        self.reconcile(invoice, note)
        self.assert_claimed(self.claim_of(invoice), "281.96")

    def test_an_open_credit_note_covers_the_first_instalment_first(self):
        invoice = self.make_invoice(
            self.partner, 10000, instalments=[(4000, date(2026, 5, 31)), (6000, date(2026, 6, 30))]
        )
        self.make_credit_note(self.partner, 5000, of=invoice, issued=date(2026, 7, 20))
        first, second = self.claims_of_lines(invoice)
        self.assert_nothing_claimed(first, "The item is not late.")
        # 5 000 × 12.40 % × 62 / 365 = 105.315.
        self.assert_claimed(second, "105.32")

    def test_in_another_currency(self):
        # 5 000 dollars: 49.931 + 105.315.
        dollar = self.env.ref("base.USD")
        dollar.active = True
        claim = self.claim_of(self.make_invoice(self.partner, 5000, due=DUE, currency=dollar))
        self.assert_claimed(claim, "155.25", lump_sum=40)
        self.assertEqual((claim.currency.name, claim.lump_sum_currency.name), ("USD", "EUR"))

    def test_many_items_cost_as_many_queries_as_one(self):
        items = self.env["collection.item"].union(
            *(self.item_of(self.make_invoice(self.partner, 100 + rank, due=DUE)) for rank in range(12))
        )

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(some._compute_interest()), len(some))
            return self.cr.sql_log_count - before

        count(items)
        self.assertEqual(count(items), count(items[:1]))


@tagged("post_install", "-at_install")
class TestLumpSum(InterestCase):
    """Recovery costs are owed once for an invoice."""

    def test_once_for_an_invoice_in_instalments(self):
        invoice = self.make_invoice(
            self.partner, 10000, instalments=[(4000, date(2026, 5, 31)), (6000, date(2026, 6, 30))]
        )
        self.assertEqual([claim.lump_sum for claim in self.claims_of_lines(invoice)], [Decimal(40), Decimal(0)])

    def test_the_instalment_that_is_left_bears_it(self):
        invoice = self.make_invoice(
            self.partner, 10000, instalments=[(4000, date(2026, 5, 31)), (6000, date(2026, 6, 30))]
        )
        self.pay(invoice, 4000, on=date(2026, 6, 20))
        self.assertEqual([claim.lump_sum for claim in self.claims_of_lines(invoice)], [Decimal(0), Decimal(40)])

    def test_by_bands_where_the_law_has_them(self):
        partner, _debtor = self.make_debtor("Ashford Joinery", country="base.uk")
        small, large = self.make_invoice(partner, 900, due=DUE), self.make_invoice(partner, 12000, due=DUE)
        pound = self.env.ref("base.GBP")
        pound.active = True
        self.env["res.currency.rate"].create({"currency_id": pound.id, "rate": 0.85, "name": date(2026, 1, 1)})
        self.assertEqual(
            [(self.claim_of(move).lump_sum, self.claim_of(move).lump_sum_currency.name) for move in (small, large)],
            [(Decimal(40), "GBP"), (Decimal(100), "GBP")],
        )


@tagged("post_install", "-at_install")
class TestKindOfCustomer(InterestCase):
    """Each kind of customer owes what its own law says, and an unknown one nothing."""

    def test_of_an_unknown_kind_nothing_is_claimed(self):
        partner, _debtor = self.make_debtor("Inconnu", kind="unknown")
        self.assert_nothing_claimed(
            self.claim_of(self.make_invoice(partner, 10000, due=DUE)),
            "The kind of customer is unknown: neither interest nor a lump sum is claimed.",
        )

    def test_a_public_body_owes_eight_points_at_the_rate_of_the_beginning(self):
        # 10 000 × 10.15 % × 92 / 365 = 255.835, the second half-year included.
        partner, _debtor = self.make_debtor("Mairie de Lyon", kind="public")
        claim = self.claim_of(self.make_invoice(partner, 10000, due=DUE))
        self.assert_claimed(claim, "255.84", lump_sum=40)
        self.assertEqual([line.percent for line in claim.statement.lines], [Decimal("10.15")])

    def test_a_public_body_s_interest_follows_the_day_the_invoice_reached_it(self):
        # Ten days after the invoice's date: due on 10 June. 10 000 × 10.15 % × 82 / 365 = 228.027.
        partner, debtor = self.make_debtor("Mairie de Lyon", kind="public")
        debtor.public_term = "30"
        invoice = self.make_invoice(partner, 10000, due=DUE, invoiced=date(2026, 5, 1))
        self.item_of(invoice).receipt_date = date(2026, 5, 11)
        claim = self.claim_of(invoice)
        self.assert_claimed(claim, "228.03", lump_sum=40)
        self.assertEqual(str(claim.statement.lines[0].start), "2026-06-11")

    def test_a_consumer_owes_nothing_before_the_formal_notice(self):
        partner, _debtor = self.make_debtor("Jeanne Petit", kind="consumer")
        self.assert_nothing_claimed(
            self.claim_of(self.make_invoice(partner, 1000, due=DUE)), "Interest runs from the formal notice only."
        )

    def test_a_customer_of_reunion_owes_what_one_of_lyon_does(self):
        partner, _debtor = self.make_debtor("Sucrerie du Gol", country="base.re")
        self.assert_claimed(self.claim_of(self.make_invoice(partner, 10000, due=DUE)), "310.49", lump_sum=40)

    def test_new_caledonia_has_no_rule(self):
        partner, _debtor = self.make_debtor("Nickel du Sud", country="base.nc")
        self.assert_nothing_claimed(
            self.claim_of(self.make_invoice(partner, 10000, due=DUE)),
            "No rule says what a customer of this kind and country owes: choose one on the customer's page.",
        )

    def test_without_a_country_the_customer_is_taken_to_be_of_the_company_s(self):
        partner, _debtor = self.make_debtor("Sans Pays", country=None)
        self.assert_claimed(self.claim_of(self.make_invoice(partner, 10000, due=DUE)), "310.49")

    def test_a_german_business_owes_nine_points_above_the_base_rate(self):
        # 10 000: 30 days at 10.27 % (84.411) and 62 days at 10.52 % (178.696): 263.107.
        partner, _debtor = self.make_debtor("Schreinerei Vogel", country="base.de")
        self.assert_claimed(self.claim_of(self.make_invoice(partner, 10000, due=DUE)), "263.11", lump_sum=40)


@tagged("post_install", "-at_install")
class TestContract(InterestCase):
    """What was agreed comes before the law, as far as the law lets it."""

    def test_the_rate_agreed_with_the_customer_takes_the_place_of_the_default(self):
        # 10 000 × 9 % × 92 / 365 = 226.849.
        self.debtor_of(self.partner).contract_rate = 9
        claim = self.claim_of(self.make_invoice(self.partner, 10000, due=DUE))
        self.assert_claimed(claim, "226.85", lump_sum=40)
        self.assertIn("agreed between the parties", claim.mention)

    def test_the_rate_agreed_for_the_invoice_comes_before_that_of_the_customer(self):
        self.debtor_of(self.partner).contract_rate = 9
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.item_of(invoice).contract_rate = 15
        self.assert_claimed(self.claim_of(invoice), "378.08")

    def test_under_three_times_the_legal_rate_it_is_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, r"7\.50 % is too low.*at least 3 times.*7\.86 % since 01/01/2026"):
            self.debtor_of(self.partner).contract_rate = 7.5

    def test_the_default_rate_has_no_such_floor(self):
        # In the first half of 2024 three times the legal rate was 15.21 %, and the default 14.50 %.
        invoice = self.make_invoice(self.partner, 10000, due=date(2023, 12, 31))
        claim = self.claim_of(invoice, date(2024, 6, 30))
        self.assertEqual([line.percent for line in claim.statement.lines], [Decimal("14.50")])

    def test_a_consumer_has_no_contractual_rate(self):
        _partner, debtor = self.make_debtor("Jeanne Petit", kind="consumer")
        with self.assertRaisesRegex(ValidationError, "A contract cannot set the rate of interest of Jeanne Petit"):
            debtor.contract_rate = 12

    def test_the_law_chosen_on_the_customer_comes_before_that_of_its_country(self):
        partner, _debtor = self.make_debtor(
            "Schreinerei Vogel", country="base.de", interest_rule_id=self.rules["fr_business"].id
        )
        self.assert_claimed(self.claim_of(self.make_invoice(partner, 10000, due=DUE)), "310.49")

    def test_a_law_for_another_kind_of_customer_is_refused(self):
        _partner, debtor = self.make_debtor("Jeanne Petit", kind="consumer")
        with self.assertRaisesRegex(ValidationError, "for another kind of customer"):
            debtor.interest_rule_id = self.rules["fr_business"]

    def test_the_company_s_own_rule_comes_before_that_of_all_companies(self):
        self.env["collection.interest.rule"].create(
            {
                "name": "Our terms",
                "company_id": self.company.id,
                "customer_kind": "business",
                "method": "fixed",
                "percent": 9,
                "sequence": 99,
            }
        )
        self.assert_claimed(self.claim_of(self.make_invoice(self.partner, 10000, due=DUE)), "226.85", lump_sum=0)


@tagged("post_install", "-at_install")
class TestWhatStopsInterest(InterestCase):
    """A judgment stops it, a dispute holds the claim, and interest bears none."""

    def test_a_judgment_stops_it_and_forbids_to_claim_it(self):
        self.debtor_of(self.partner).insolvency_date = date(2026, 6, 11)
        claim = self.claim_of(self.make_invoice(self.partner, 10000, due=DUE))
        self.assert_nothing_claimed(
            claim, "An insolvency proceeding forbids to claim interest and lump sums on earlier debts."
        )
        # It ran for the ten days before the judgment.
        self.assertEqual((claim.computed.days, claim.computed.total), (10, Decimal("33.29")))

    def test_a_debt_born_after_the_judgment_bears_it(self):
        self.debtor_of(self.partner).insolvency_date = date(2026, 4, 1)
        claim = self.claim_of(self.make_invoice(self.partner, 10000, due=DUE, invoiced=date(2026, 5, 1)))
        self.assert_claimed(claim, "310.49", lump_sum=40)

    def _dispute(self, amount):
        self.patch(
            self.registry["collection.interest"],
            "_get_disputed_amounts",
            lambda model, late_items: {late.line_id: Decimal(amount) for late in late_items},
        )

    def test_of_a_disputed_part_it_is_computed_and_not_claimed(self):
        self._dispute(2000)
        claim = self.claim_of(self.make_invoice(self.partner, 10000, due=DUE))
        self.assert_claimed(claim, "248.39", lump_sum=40)
        self.assertEqual(claim.computed.total, Decimal("310.49"))

    def test_of_an_invoice_wholly_disputed_nothing_is_claimed(self):
        self._dispute(10000)
        claim = self.claim_of(self.make_invoice(self.partner, 10000, due=DUE))
        self.assert_nothing_claimed(claim, "The whole amount is disputed.")
        self.assertEqual(claim.computed.total, Decimal("310.49"))

    def test_an_interest_invoice_bears_none(self):
        self.company.collection_interest_account_id = self.account("706")
        self.assert_nothing_claimed(
            self.claim_of(self.make_invoice(self.partner, 310.49, due=DUE)), "Interest bears no interest."
        )

    def test_an_item_that_left_the_ledger_bears_none(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        item = self.item_of(invoice)
        item.move_line_id = False
        self.assert_nothing_claimed(item._compute_interest()[item], "The entry is no longer in the ledger.")


@tagged("post_install", "-at_install")
class TestPublishedRates(InterestCase):
    """Rates are those that were published and checked: none is invented."""

    # Half-year, French default rate: rate of the central bank on 1 January or 1 July, plus ten points.
    DEFAULT_RATES = """
        2013-01-01 10.75   2016-07-01 10.00   2020-01-01 10.00   2023-07-01 14.00
        2013-07-01 10.50   2017-01-01 10.00   2020-07-01 10.00   2024-01-01 14.50
        2014-01-01 10.25   2017-07-01 10.00   2021-01-01 10.00   2024-07-01 14.25
        2014-07-01 10.15   2018-01-01 10.00   2021-07-01 10.00   2025-01-01 13.15
        2015-01-01 10.05   2018-07-01 10.00   2022-01-01 10.00   2025-07-01 12.15
        2015-07-01 10.05   2019-01-01 10.00   2022-07-01 10.00   2026-01-01 12.15
        2016-01-01 10.05   2019-07-01 10.00   2023-01-01 12.50   2026-07-01 12.40
    """

    def test_the_french_default_rate_of_each_half_year_since_2013(self):
        words = self.DEFAULT_RATES.split()
        expected = {date.fromisoformat(day): Decimal(rate) for day, rate in zip(words[::2], words[1::2], strict=True)}
        rates = self.rules["fr_business"]._get_rates(date(2013, 1, 1), date(2026, 12, 31))
        self.assertEqual(dict(rates.steps), expected)

    def test_a_half_year_without_a_rate_is_shown_and_not_claimed(self):
        invoice = self.make_invoice(self.partner, 10000, due=date(2026, 11, 30))
        claim = self.claim_of(invoice, date(2027, 1, 31))
        # December: 10 000 × 12.40 % × 31 / 365.
        self.assert_claimed(claim, "105.32")
        self.assertFalse(claim.is_complete)
        self.assertEqual(self.shown(claim)[1:], [("2027-01-01", "2027-01-31", 31, 10000, None, None)])

    def test_a_rate_that_nobody_checked_is_not_used(self):
        legal = self.env.ref("credit_collection.interest_rate_fr_legal_pro_2026_07_01")
        self.assertFalse(legal.verified)
        rates = self.rules["fr_consumer"]._get_rates(date(2026, 1, 1), date(2026, 12, 31))
        self.assertEqual([rate for _day, rate in rates.steps], [Decimal("2.62"), None])
        legal.verified = True
        rates = self.rules["fr_consumer"]._get_rates(date(2026, 1, 1), date(2026, 12, 31))
        self.assertEqual([rate for _day, rate in rates.steps], [Decimal("2.62"), Decimal("2.75")])

    def test_a_reference_has_one_rate_a_day(self):
        rate = self.env.ref("credit_collection.interest_rate_ecb_mro_2026_06_17")
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            rate.copy()

    def test_a_rate_published_by_half_year_begins_with_one(self):
        with self.assertRaisesRegex(ValidationError, "1 January or 1 July"):
            self.env["collection.interest.rate"].create(
                {
                    "reference_id": self.env.ref("credit_collection.interest_reference_fr_legal_pro").id,
                    "date_from": date(2026, 8, 1),
                    "percent": 2,
                }
            )

    def test_a_rule_for_customers_of_unknown_kind_cannot_claim(self):
        with self.assertRaisesRegex(ValidationError, "a consumer may be among them"):
            self.env["collection.interest.rule"].create(
                {"name": "All", "customer_kind": "unknown", "method": "fixed", "percent": 5}
            )


@tagged("post_install", "-at_install")
class TestRateAwaited(InterestCase):
    """Somebody is told when a half-year begins without the rate that customers owe."""

    def awaited(self):
        return self.env["collection.interest.reference"].search([("is_awaited", "=", True)]).mapped("code")

    def todo_count(self):
        todo = self.env["collection.todo"].search([]).filtered(lambda todo: todo.code == "interest_rate")
        todo.invalidate_recordset()
        return todo.count

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_invoice(cls.partner, 10000, due=DUE)
        cls.decisions()

    def test_while_the_rate_is_known_nothing_waits(self):
        self.assertEqual((self.awaited(), self.todo_count()), ([], 0))

    def test_on_1_january_the_rate_waits_until_it_is_entered(self):
        self.set_today(date(2027, 1, 4))
        self.assertEqual((self.awaited(), self.todo_count()), (["ecb_mro"], 1))
        self.env["collection.interest.rate"].create(
            {
                "reference_id": self.env.ref("credit_collection.interest_reference_ecb_mro").id,
                "date_from": date(2027, 1, 1),
                "percent": 2.65,
                "source": "ECB",
            }
        )
        self.assertEqual((self.awaited(), self.todo_count()), ([], 0))

    def test_a_rate_that_no_customer_owes_is_not_waited_for(self):
        # The Bank of England's is not known at all: nobody here is British.
        self.assertFalse(self.env.ref("credit_collection.interest_reference_boe_base").is_known)
        self.assertNotIn("boe_base", self.awaited())
