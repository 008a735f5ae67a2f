"""The screens of forecasts, driven in a browser: a console error fails the test."""

from odoo.tests import tagged

from .test_screens import COLLECTION, ScreensCase


@tagged("post_install", "-at_install")
class TestForecastsOnScreen(ScreensCase):
    """Graph, table, record and plan; then the dates of the items and what came."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["collection.debtor"]._ensure_debtors(cls.company)
        cls.env["collection.forecast"]._refresh_company(cls.company)
        cls.env["collection.cash.plan"].create({"company_id": cls.company.id, "amount": 10_000_000})

    def test_in_french_for_a_manager(self):
        user = self.make_user("manager_fr", f"{COLLECTION}manager", "fr_FR")
        self.start_tour("/odoo/collection", "collection_forecast", login=user.login, timeout=300)

    def test_in_english_for_an_auditor(self):
        user = self.make_user("auditor_en", f"{COLLECTION}reader", "en_US")
        self.start_tour("/odoo/collection", "collection_forecast", login=user.login, timeout=300)
