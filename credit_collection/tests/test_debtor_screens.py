"""The debtor's page, driven in a browser in French and English: a console error fails the test."""

from odoo.tests import tagged

from .test_screens import COLLECTION, ScreensCase


@tagged("post_install", "-at_install")
class TestTheDebtorsPageIsWorkedWith(ScreensCase):
    """Figures open their lists, a contact is verified, chosen items are reminded, an answer is read."""

    def read_page(self, user):
        """The tour of the page, once a run would have met the customers."""
        debtors = self.env["collection.debtor"]
        debtors._ensure_debtors(self.company)
        debtors._refresh_figures(self.company)
        self.start_tour("/odoo/collection", "collection_debtor_page", login=user.login, timeout=300)

    def test_in_english_for_an_accountant(self):
        user = self.make_user("manager_en", f"{COLLECTION}manager,account.group_account_manager", "en_US")
        self.read_page(user)

    def test_in_french_for_a_collector_without_accounting(self):
        user = self.make_user("collector_fr", f"{COLLECTION}collector", "fr_FR")
        self.read_page(user)

    def test_an_answer_in_french(self):
        self.plan_run()
        debtor = self.env["collection.debtor"].search([("unread_since", "!=", False)])
        debtor.message_post(
            body="Il manque une palette.",
            author_id=debtor.partner_id.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        user = self.make_user("collector_fr", f"{COLLECTION}collector", "fr_FR")
        self.start_tour("/odoo/collection", "collection_debtor_answer", login=user.login, timeout=300)
        self.assertFalse(debtor.unread_since)
