"""Accountants never wait: posting, reconciling and editing run no statement of ours."""

import re
from contextlib import contextmanager
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common import CollectionCase, day

# Settings of ours on companies and accounts are columns that core's own statements bring along; tables are not.
TABLE_OF_OURS = re.compile(r"(?:from|join|into|update)\s+\"?collection_", re.IGNORECASE)


@tagged("post_install", "-at_install")
class TestAccountantsRunNoStatementOfOurs(CollectionCase):
    """Whatever an accountant does to the ledger, no statement names a table of collection.

    The foreign keys to the ledger act inside PostgreSQL, where a row is deleted: they are not statements of Odoo's.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))
        cls.draft = cls.make_invoice(cls.partner, 500, due=day(-5), post=False)

    def setUp(self):
        super().setUp()
        # The item is followed, and a reminder about it is pending: there would be something to update.
        self.plan_run()
        self.env.flush_all()
        self.env.invalidate_all()

    @contextmanager
    def statements(self):
        """Texts of the statements run within, flush included."""
        texts = []
        execute = Cursor.execute

        def noting(cursor, query, *args, **kwargs):
            execute(cursor, query, *args, **kwargs)
            texts.append(cursor._obj.query.decode(errors="replace"))

        with patch.object(Cursor, "execute", noting):
            yield texts
            self.env.flush_all()

    def assert_nothing_of_ours(self, texts):
        self.assertGreater(len(texts), 5, "the statements were not noted")
        self.assertEqual([text for text in texts if TABLE_OF_OURS.search(text)], [])

    def test_a_statement_of_ours_would_be_noticed(self):
        with self.statements() as texts:
            self.env["collection.item"].search([("move_id", "=", self.invoice.id)]).said_paid_on = day(0)
        self.assertTrue([text for text in texts if TABLE_OF_OURS.search(text)])

    def test_to_post_an_invoice(self):
        with self.statements() as texts:
            self.draft.action_post()
        self.assert_nothing_of_ours(texts)

    def test_to_create_one(self):
        with self.statements() as texts:
            self.make_invoice(self.partner, 300, due=day(20))
        self.assert_nothing_of_ours(texts)

    def test_to_register_a_payment_and_reconcile_it(self):
        with self.statements() as texts:
            self.pay(self.invoice, 400)
        self.assert_nothing_of_ours(texts)

    def test_to_reconcile_and_to_undo_it(self):
        payment = self.receive_payment(self.partner, 1000)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.statements() as texts:
            self.reconcile(self.invoice, payment.move_id)
            self.invoice.line_ids.remove_move_reconcile()
        self.assert_nothing_of_ours(texts)

    def test_to_set_a_reminded_invoice_back_to_draft_and_edit_it(self):
        with self.statements() as texts:
            self.invoice.button_draft()
            self.invoice.invoice_line_ids.price_unit = 900
            self.invoice.action_post()
        self.assert_nothing_of_ours(texts)

    def test_to_reverse_it(self):
        with self.statements() as texts:
            self.invoice._reverse_moves(cancel=True)
        self.assert_nothing_of_ours(texts)

    def test_to_reconcile_a_bank_statement_line(self):
        with self.statements() as texts:
            self.receive_in_bank(700, partner=self.partner)
        self.assert_nothing_of_ours(texts)


@tagged("post_install", "-at_install")
class TestLiveReadingIsPruned(CollectionCase):
    """A live decision reads the lines of its debtors and no others', in one statement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partners = [cls.make_partner(f"Client {number}") for number in range(4)]
        for partner in cls.partners:
            for offset in (-20, -5, 5):
                cls.make_invoice(partner, 100, due=day(offset))

    def test_as_many_statements_for_one_debtor_as_for_four(self):
        debtors = self.debtor_of(self.partners[0]).search([])
        debtors._refresh_figures()
        decision = self.env["collection.decision"]

        def read(some):
            self.env.invalidate_all()
            return decision.with_context(collection_debtor_ids=some.ids).search_fetch([], ["decision", "claim"])

        read(debtors)
        with self.assertQueryCount(__system__=self._count(lambda: read(debtors[:1]))):
            self.assertEqual(len(read(debtors)), 12)

    def _count(self, action):
        before = self.env.cr.sql_log_count
        action()
        return self.env.cr.sql_log_count - before

    def test_planning_takes_as_many_statements_for_four_debtors_as_for_one(self):
        runs = self.env["collection.run"].create([{}, {}])
        self.make_invoice(self.partners[0], 100, due=day(-5))
        one = self.debtor_of(self.partners[0])
        (one.search([]) - one).chase = "off"
        first = self._count(runs[0].action_plan)
        runs[0].action_cancel()
        one.search([]).chase = "on"
        self.env.flush_all()
        second = self._count(runs[1].action_plan)
        self.assertEqual((len(runs[0].reminder_ids), len(runs[1].reminder_ids)), (1, 4))
        self.assertLessEqual(second, first)
