"""Interest is invoiced and its figures read in the browser, in French: a console error fails the test."""

from odoo.tests import tagged

from .test_screens import COLLECTION, ScreensCase


@tagged("post_install", "-at_install")
class TestInvoicingInterestByClicking(ScreensCase):
    def test_in_french_for_an_accountant_who_collects(self):
        self.company._fill_interest_invoicing()
        self.env["collection.debtor"]._ensure_debtors(self.company)
        debtor = self.env["collection.debtor"].search([("partner_id.name", "=", "Menuiserie Durand")])
        user = self.make_user("collector_fr", f"{COLLECTION}collector,account.group_account_manager", "fr_FR")
        self.start_tour(f"/odoo/debtors/{debtor.id}", "collection_interest_invoice", login=user.login, timeout=240)
        charges = self.env["collection.interest.charge"].search([("debtor_id", "=", debtor.id)])
        self.assertEqual(sorted(charges.mapped("kind")), ["interest", "lump_sum"])
        self.assertEqual(charges.move_id.state, "draft")
