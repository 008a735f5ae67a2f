from datetime import date

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from .interest_case import InterestCase


@tagged("post_install", "-at_install")
class TestALegalMinimumThatRises(InterestCase):
    """A contract's rate was high enough when it was agreed; the law wants more of it since."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.rules["fr_business"]
        cls.floor = cls.rule._get_contract_floor(date(2026, 8, 31))[0]

    def agree(self, name="Menuiserie Durand", above=0, **values):
        """A customer whose contract has the legal minimum of today, or more."""
        return self.make_debtor(name, contract_rate=float(self.floor) + above, **values)[1]

    def raise_floor(self, points=1):
        """From January on the law's reference is higher."""
        reference = self.rule.floor_reference_id
        percent = float(self.floor) / self.rule.floor_factor + points
        reference.rate_ids = [Command.create({"date_from": date(2027, 1, 1), "percent": percent, "verified": True})]
        self.set_today(date(2027, 1, 4))

    def waiting(self, user=None):
        """Names of the customers on the card of To do."""
        self.env.invalidate_all()
        card = self.env["collection.todo"].with_user(user or self.env.user).search([("code", "=", "contract_rate")])
        action = card.action_open()
        found = self.env["collection.debtor"].with_user(user or self.env.user).search(action["domain"])
        self.assertEqual(card.count, len(found))
        return found.partner_id.mapped("name")

    def test_exactly_the_minimum_is_enough(self):
        self.agree()
        self.assertEqual(self.waiting(), [])

    def test_once_it_has_risen_somebody_is_told(self):
        self.agree()
        self.agree("Large", above=10)
        self.raise_floor()
        self.assertEqual(self.waiting(), ["Menuiserie Durand"])

    def test_before_the_day_it_rises_nobody_is(self):
        self.agree()
        self.raise_floor()
        self.set_today(date(2026, 12, 31))
        self.assertEqual(self.waiting(), [])

    def test_the_rate_of_one_invoice_counts_until_it_is_settled(self):
        invoice = self.make_invoice(self.partner, 1000, due=date(2026, 5, 31))
        self.debtor_of(self.partner).customer_kind = "business"
        item = self.item_of(invoice)
        item.contract_rate = float(self.floor)
        self.raise_floor()
        self.assertEqual(self.waiting(), ["Menuiserie Durand"])
        item.closed_on = date(2027, 1, 4)
        self.assertEqual(self.waiting(), [])

    def test_agreed_anew_or_emptied_it_is_done(self):
        debtor = self.agree()
        self.raise_floor()
        debtor.contract_rate = 0
        self.assertEqual(self.waiting(), [])

    def test_a_collector_is_told_of_those_he_may_see(self):
        self.company.collection_own_debtors_only = True
        mine = new_test_user(self.env, "mine", "credit_collection.group_collection_collector")
        other = new_test_user(self.env, "other", "credit_collection.group_collection_collector")
        self.agree(user_id=other.id)
        self.raise_floor()
        self.assertEqual((self.waiting(mine), self.waiting(other)), ([], ["Menuiserie Durand"]))

    def test_a_rate_that_floats_cannot_write_is_not_below_itself(self):
        # 3 × 2.31; as a float it is less than 6.93.
        self.rule.floor_reference_id.rate_ids = [
            Command.create({"date_from": date(2027, 1, 1), "percent": 2.31, "verified": True})
        ]
        self.set_today(date(2027, 1, 4))
        debtor = self.make_debtor("Juste", contract_rate=6.93)[1]
        self.assertFalse(debtor.has_low_contract_rate)
        with self.assertRaisesRegex(ValidationError, "A contractual rate of 6.92 % is too low"):
            debtor.contract_rate = 6.92
