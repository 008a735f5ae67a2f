"""The screens, driven in a browser: a console error fails the test."""

from datetime import timedelta

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

COLLECTION = "credit_collection.group_collection_"


class ScreensCase(HttpCase):
    """A company with three customers who are late, and its own plan of one level."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref("base.main_company")
        cls.company.collection_freshness_days = 0
        cls.env["collection.plan"].search([]).active = False
        cls.today = cls.company._get_collection_today()
        cls.mail_template = cls.env.ref("credit_collection.mail_template_business_reminder")
        cls.plan = cls.env["collection.plan"].create(
            {
                "name": "Plan",
                "sequence": -1,
                "level_ids": [
                    Command.create(
                        {
                            "name": "Rappel",
                            "day": 3,
                            "mail_template_id": cls.mail_template.id,
                            "channel_ids": [Command.create({"channel": "email"})],
                        }
                    )
                ],
            }
        )
        for name, days_late in (("Menuiserie Durand", 40), ("Boulangerie Martin", 12), ("Garage Roux", 1)):
            cls.make_late_invoice(name, days_late)

    @classmethod
    def make_late_invoice(cls, name, days_late):
        partner = cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "email": f"compta@{name.split()[-1].lower()}.example",
                "street": "3 rue des Tilleuls",
                "zip": "69003",
                "city": "Lyon",
            }
        )
        due = cls.today - timedelta(days=days_late)
        cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": due - timedelta(days=30),
                "invoice_payment_term_id": False,
                "invoice_date_due": due,
                "invoice_line_ids": [
                    Command.create({"name": "Works", "price_unit": 1000 * days_late, "tax_ids": [Command.clear()]})
                ],
            }
        ).action_post()

    def make_user(self, login, groups, lang):
        self.env["res.lang"]._activate_lang(lang)
        return new_test_user(self.env, login=login, groups=groups, lang=lang, email=f"{login}@example.com")

    def plan_run(self):
        """A run of today, with its reminders, and an answer that waits to be read."""
        run = self.env["collection.run"].create({})
        run.action_plan()
        self.env["collection.debtor"].search([("partner_id.name", "=", "Garage Roux")]).unread_since = self.today
        return run


@tagged("post_install", "-at_install")
class TestScreensOpenWithoutError(ScreensCase):
    """Every screen of the menu opens, changes view and answers "Why?" without a console error."""

    def test_in_english_for_an_accountant_who_manages_collection(self):
        self.plan_run()
        groups = f"{COLLECTION}manager,account.group_account_manager,base.group_system"
        user = self.make_user("manager_en", groups, "en_US")
        self.start_tour("/odoo/collection", "collection_screens", login=user.login, timeout=300)

    def test_in_french_for_an_accountant_who_manages_collection(self):
        self.plan_run()
        groups = f"{COLLECTION}manager,account.group_account_manager,base.group_system"
        user = self.make_user("manager_fr", groups, "fr_FR")
        self.start_tour("/odoo/collection", "collection_screens", login=user.login, timeout=300)

    def test_for_a_collector_who_is_no_accountant(self):
        self.plan_run()
        user = self.make_user("collector_fr", f"{COLLECTION}collector", "fr_FR")
        self.start_tour("/odoo/collection", "collection_screens_without_accounting", login=user.login, timeout=300)

    def test_for_an_auditor_who_is_no_accountant(self):
        self.plan_run()
        user = self.make_user("auditor_en", f"{COLLECTION}reader", "en_US")
        self.start_tour("/odoo/collection", "collection_screens_without_accounting", login=user.login, timeout=300)


@tagged("post_install", "-at_install")
class TestFirstSetUp(ScreensCase):
    """From the set-up screen, a manager sees a dry run, sends a first run and switches collection on."""

    def test_by_clicking_in_french(self):
        user = self.make_user("manager_fr", f"{COLLECTION}manager", "fr_FR")
        self.start_tour("/odoo/collection", "collection_first_dry_run", login=user.login, timeout=300)
        self.assertTrue(self.company.collection_first_run_seen)
        self.assertTrue(self.company.collection_active)
        reminders = self.env["collection.reminder"].search([("run_id.is_dry_run", "=", False)])
        self.assertEqual(
            sorted(
                reminders.mapped(lambda reminder: (reminder.partner_id.name, reminder.claim_company, reminder.state))
            ),
            [("Boulangerie Martin", 12000.0, "outbox"), ("Menuiserie Durand", 40000.0, "outbox")],
        )
