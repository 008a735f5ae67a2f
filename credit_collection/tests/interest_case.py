"""Late customers of each kind, and words to read what they owe for it."""

from datetime import date
from decimal import Decimal

from .common import CollectionCase

# Nearly a year of French rates: 12.15 % to 30 June, 12.40 % from 1 July.
LATE = date(2026, 8, 31)


class InterestCase(CollectionCase):
    """It is Monday 31 August 2026; the rates are those that are shipped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.make_partner()
        cls.rules = {
            name: cls.env.ref(f"credit_collection.interest_rule_{name}")
            for name in ("fr_business", "fr_public", "fr_consumer", "de_business", "gb_business", "ch_business")
        }
        cls.set_today(LATE)

    def setUp(self):
        super().setUp()
        self.set_today(LATE)

    @classmethod
    def make_debtor(cls, name, kind="business", country="base.fr", **values):
        """A customer of a kind and a country, and its debtor: (partner, debtor)."""
        partner = cls.make_partner(name, country_id=cls.env.ref(country).id if country else False)
        debtor = cls.debtor_of(partner)
        debtor.write({"customer_kind": kind, **values})
        return partner, debtor

    def claim_of(self, move, until=None, start=None):
        """What the move's only item bears."""
        item = self.item_of(move)
        return item._compute_interest(until, start)[item]

    def claims_of_lines(self, moves, until=None):
        """What each receivable line of the moves bears, in the order of their due dates."""
        self.decisions()
        lines = moves.line_ids.filtered("account_id.collection_role").sorted("date_maturity")
        claims = self.env["collection.interest"]._compute_for_lines(lines, until)
        return [claims[line] for line in lines]

    def assert_claimed(self, claim, interest, lump_sum=None):
        """These amounts, in euros and cents, are claimed, and their lines add up to them."""
        self.assertEqual((claim.claimed, claim.reason, claim.interest), (True, "", Decimal(interest)))
        self.assertEqual(sum(line.amount or 0 for line in claim.statement.lines), claim.statement.total)
        if lump_sum is not None:
            self.assertEqual(claim.lump_sum, Decimal(lump_sum))

    def assert_nothing_claimed(self, claim, reason):
        self.assertEqual(
            (claim.claimed, claim.interest, claim.lump_sum, claim.reason), (False, Decimal(0), Decimal(0), reason)
        )

    def shown(self, claim):
        """(first day, last day, days, base, rate, amount) of the lines of the statement."""
        return [
            (str(line.start), str(line.end), line.days, line.base, line.percent, line.amount)
            for line in claim.statement.lines
        ]
