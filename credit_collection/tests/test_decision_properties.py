"""What holds of every ledger, on ledgers nobody thought of."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import TODAY, CollectionCase

AMOUNTS = st.integers(1, 30).map(lambda tens: tens * 10)
AGES = st.integers(-20, 60)
DEBTS = st.lists(st.tuples(AMOUNTS, AGES), min_size=1, max_size=6)
CREDITS = st.lists(AMOUNTS, max_size=3)
# (amount, days ago, index of the debt it is linked to or None)
PAYMENTS = st.lists(st.tuples(AMOUNTS, st.integers(0, 18), st.none() | st.integers(0, 5)), max_size=3)
# (amount, days ago, index of the debt its label names or None)
RECEIPTS = st.lists(st.tuples(AMOUNTS, st.integers(0, 12), st.none() | st.integers(0, 5)), max_size=3)
# Share of the debt of that index which is disputed or promised
SHARES = st.dictionaries(st.integers(0, 5), st.integers(1, 300), max_size=2)

TRANCHES = ("settling", "disputed", "promised", "scheduled", "covered")


@tagged("post_install", "-at_install")
class TestEveryLedger(CollectionCase):
    """Each open item has one decision, its euros add up, and no euro is used twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Debts",
                "code": "DEBT",
                "type": "sale",
                "company_id": cls.company.id,
            }
        )
        cls.receivable = cls.account("4111")
        cls.shares = {"disputed": {}, "promised": {}}

    def setUp(self):
        super().setUp()
        self.lines = self.env["account.move.line"]
        for name in self.shares:
            self.patch(self.registry["collection.decision"], f"_part_{name}", self._part(name))

    def _part(self, name):
        def part(decision):
            rows = [
                SQL(
                    "SELECT %s AS line_id, %s::numeric AS amount, NULL::date AS next_date",
                    line.id,
                    self.shares[name][at],
                )
                for at, line in enumerate(self.lines)
                if at in self.shares[name]
            ]
            return SQL(" UNION ALL ").join(rows) if rows else decision._sql_nothing()

        return part

    def _make_ledger(self, debts, credits_, payments, receipts):
        """Debts one entry each, so that each has its number; credits in one."""
        moves = self.env["account.move"].create(
            [self._prepare_entry([amount], TODAY - timedelta(age)) for amount, age in debts]
            + [self._prepare_entry([-amount for amount in credits_], TODAY)] * bool(credits_)
        )
        moves._post()
        self.lines = moves[: len(debts)].line_ids.filtered("account_id.collection_role")
        for amount, age, at in payments:
            linked = self.lines[at].move_id if at is not None and at < len(debts) else None
            self.receive_payment_without_entry(self.partner, amount, on=TODAY - timedelta(age), invoices=linked)
        for amount, age, at in receipts:
            named = at is not None and at < len(debts)
            self.receive_in_bank(
                amount,
                on=TODAY - timedelta(age),
                partner=self.partner,
                label=f"VIR {self.lines[at].move_name}" if named else "VIR",
            )

    def _prepare_entry(self, amounts, due):
        return {
            "move_type": "entry",
            "journal_id": self.journal.id,
            "date": TODAY - timedelta(90),
            "line_ids": [
                *(
                    Command.create(
                        {
                            "account_id": self.receivable.id,
                            "partner_id": self.partner.id,
                            "balance": amount,
                            "date_maturity": due,
                        }
                    )
                    for amount in amounts
                ),
                Command.create({"account_id": self.account("471").id, "balance": -sum(amounts)}),
            ],
        }

    @settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(DEBTS, CREDITS, PAYMENTS, RECEIPTS, SHARES, SHARES)
    def test_the_euros_of_each_item_add_up_and_none_is_used_twice(
        self, debts, credits_, payments, receipts, disputed, promised
    ):
        self.shares.update(disputed=disputed, promised=promised)
        with self.env.cr.savepoint() as example:
            self._make_ledger(debts, credits_, payments, receipts)
            found = self.decisions()
            self._check_one_decision_each(found)
            self._check_euros(found)
            self._check_money_used_once(found, credits_, payments, receipts)
            self._check_pruned_reading(found)
            example.rollback()
        self.env.invalidate_all()

    def _check_one_decision_each(self, found):
        self.assertEqual(sorted(found.ids), sorted(self.lines.ids))
        self.assertTrue(all(decision.decision for decision in found))

    def _check_euros(self, found):
        for decision in found:
            parts = [Decimal(str(decision[name])) for name in (*TRANCHES, "claim")]
            self.assertTrue(all(part >= 0 for part in parts), parts)
            self.assertEqual(sum(parts), Decimal(str(decision.residual)), decision.explanation)
            if not decision.claim:
                self.assertEqual(decision[decision.decision], max(decision[name] for name in TRANCHES))

    def _check_money_used_once(self, found, credits_, payments, receipts):
        self.assertLessEqual(sum(found.mapped("covered")), sum(credits_))
        in_sight = sum(amount for amount, age, _at in payments if age < 15)
        in_sight += sum(amount for amount, age, _at in receipts if age < 10)
        self.assertLessEqual(sum(found.mapped("settling")), in_sight)
        # And all of the credits is used while something is left to claim.
        if sum(found.mapped("claim")):
            self.assertEqual(sum(found.mapped("covered")), sum(credits_))

    def _check_pruned_reading(self, found):
        fields = ("decision", "level_id", "next_date", "claim", *TRANCHES)
        whole = {decision.id: [decision[name] for name in fields] for decision in found}
        pruned = self.decisions(debtors=self.debtor_of(self.partner))
        self.assertEqual({decision.id: [decision[name] for name in fields] for decision in pruned}, whole)
