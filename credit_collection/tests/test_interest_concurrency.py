"""Two people invoice the same interest at once, with real transactions."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from .interest_case import LATE
from .own_database import OwnDatabaseCase


@tagged("post_install", "-at_install")
class TestTwoInvoicesAtOnce(OwnDatabaseCase):
    """Whoever comes second is told: no day and no lump sum is on two drafts."""

    @classmethod
    def prepare(cls):
        cls.company._fill_interest_invoicing()
        invoice = cls.make_invoice(cls.make_partner(), 10000, due=date(2026, 5, 31))
        cls.line = invoice.line_ids.filtered("account_id.collection_role")
        cls.env["collection.debtor"]._ensure_debtors(cls.company)
        cls.debtor = cls.env["collection.debtor"].search([("partner_id", "=", invoice.partner_id.id)])
        cls.debtor._ensure_items(cls.line)

    def setUp(self):
        super().setUp()
        self.set_today(LATE)
        self.startPatcher(patch("odoo.service.model.time.sleep"))

    def invoice(self, env):
        choice = {self.line.with_env(env): (True, True)}
        return self.debtor.with_env(env)._invoice_interest(choice, LATE)

    def test_whoever_began_before_the_other_ended_is_told(self):
        with self.session() as first, self.session() as second:
            second["collection.interest.charge"].search_count([])
            self.invoice(first)
            first.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(
                    (UserError, ValidationError), "has just been invoiced|Nothing is left to invoice"
                ),
            ):
                retrying(lambda: self.invoice(second), second)
        with self.session() as env:
            charges = env["collection.interest.charge"].search([])
            self.assertEqual(sorted(charges.mapped("amount")), [40, 310.49])
            self.assertEqual(len(charges.move_id), 1)
