"""What a credit insurer covers, until when it lets us wait, and by when it must be told."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .agreement_case import AgreementCase
from .common import day


class InsuredCase(AgreementCase):
    """A customer insured for 50 000.00: 90 days more at most, to be declared within 120."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer = cls.env["res.partner"].create({"name": "Assureur-crédit", "is_company": True})
        cls.debtor = cls.debtor_of(cls.partner)
        cls.debtor._refresh_figures()
        cls.debtor.write(
            {
                "credit_insurer_id": cls.insurer.id,
                "insurance_policy": "P-2026",
                "insurance_limit": 50000,
                "insurance_valid_until": day(300),
                "insurance_extension_days": 90,
                "insurance_declaration_days": 120,
            }
        )

    def warnings(self, until):
        return self.debtor._get_extension_warnings(self.item_of(self.invoice), until)


@tagged("post_install", "-at_install")
class TestLimits(InsuredCase):
    """More time is compared with the insurer's limits before it is granted."""

    def test_dates_of_an_item(self):
        item = self.item_of(self.invoice)
        self.assertEqual((item.latest_extension_date, item.latest_declaration_date), (day(60), day(90)))

    def test_within_them_there_is_nothing_to_say(self):
        self.assertEqual(self.warnings(day(60)), [])

    def test_beyond_the_latest_extension(self):
        self.assertEqual(self.warnings(day(61)), [f"{self.invoice.name} cannot be extended beyond 05/09/2026."])

    def test_beyond_the_declaration(self):
        self.assertEqual(
            self.warnings(day(91))[1], f"{self.invoice.name} must be declared by 06/08/2026, agreement or not."
        )

    def test_declaration_late(self):
        self.set_today(day(91))
        self.assertEqual(self.warnings(None), [f"{self.invoice.name} should have been declared by 06/08/2026."])
        self.item_of(self.invoice).action_declared()
        self.assertEqual(self.warnings(None), [])

    def test_more_is_outstanding_than_is_covered(self):
        self.debtor.insurance_limit = 1000
        (sentence,) = self.warnings(None)
        self.assertRegex(sentence, r"^€?\s?1,200.00.* is outstanding, and Assureur-crédit covers .*1,000.00")

    def test_a_limit_of_yesterday(self):
        self.debtor.insurance_valid_until = day(-1)
        self.assertEqual(self.warnings(None), ["The limit of Assureur-crédit was valid until 03/09/2026."])

    def test_nothing_of_whoever_is_not_insured(self):
        self.debtor.write({"credit_insurer_id": False, "insurance_limit": 0})
        self.assertEqual(self.warnings(day(500)), [])
        self.assertFalse(self.item_of(self.invoice).latest_extension_date)

    def test_items_are_found_by_their_dates(self):
        item = self.item_of(self.invoice)
        items = self.env["collection.item"]
        self.assertEqual(items.search([("latest_extension_date", "<=", day(60))]), item)
        self.assertFalse(items.search([("latest_extension_date", "<", day(60))]))
        self.assertEqual(items.search([("latest_declaration_date", ">=", day(90))]), item)


@tagged("post_install", "-at_install")
class TestBeyondThemAManagerConfirms(InsuredCase):
    """An agreement beyond the insurer's limits is proposed by a collector, accepted by a manager with the reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The last instalment comes on 24 May, a fortnight after the latest extension.
        cls.agreement = cls.propose()

    def test_it_is_shown(self):
        self.assertEqual(self.agreement.insurance_warning, f"{self.invoice.name} cannot be extended beyond 05/09/2026.")
        self.assertEqual(self.agreement.latest_extension_date, day(60))

    def test_a_collector_cannot(self):
        with self.assertRaisesRegex(AccessError, "A collection manager has to confirm .* beyond 05/09/2026"):
            self.agreement.with_user(self.make_user("collector"))._accept(day(0), "Jeanne Durand", "Good customer")

    def test_a_manager_says_why(self):
        manager = self.make_user("manager", "manager")
        with self.assertRaisesRegex(UserError, "Say why the agreement goes beyond"):
            self.agreement.with_user(manager)._accept(day(0), "Jeanne Durand")
        self.agreement.with_user(manager)._accept(day(0), "Jeanne Durand", "The insurer agreed by telephone")
        self.assertEqual(
            (self.agreement.insurance_reason, self.agreement.insurance_user_id),
            ("The insurer agreed by telephone", manager),
        )

    def test_within_them_a_collector_records_it(self):
        self.agreement.action_back_to_draft()
        self.agreement.instalment_count = 2
        self.agreement.action_lay_out()
        self.agreement._propose()
        self.agreement.with_user(self.make_user("collector"))._accept(day(0), "Jeanne Durand")
        self.assertFalse(self.agreement.insurance_reason)


@tagged("post_install", "-at_install")
class TestDeclaring(InsuredCase):
    """What has to be declared stands in To do two weeks before."""

    def test_two_weeks_before(self):
        item = self.item_of(self.invoice)
        self.set_today(day(74))
        self.assertFalse(self.todo("insurance_declare"))
        self.set_today(day(75))
        self.assertEqual(self.todo("insurance_declare"), item)

    def test_declared_it_is_done(self):
        item = self.item_of(self.invoice)
        self.set_today(day(75))
        item.action_declared()
        self.assertEqual(item.declared_on, day(75))
        self.assertFalse(self.todo("insurance_declare"))

    def test_an_item_that_nobody_followed_is_found(self):
        self.env["collection.item"]._cron_follow_insured()
        item = self.env["collection.item"].search([("move_id", "=", self.invoice.id)])
        self.assertEqual(item.latest_declaration_date, day(90))

    def test_a_paid_item_is_not_declared(self):
        self.item_of(self.invoice)
        self.pay(self.invoice, 1200)
        self.debtor._refresh_figures()
        self.set_today(day(100))
        self.assertFalse(self.todo("insurance_declare"))


@tagged("post_install", "-at_install")
class TestPromises(InsuredCase):
    """Whoever notes a promise reads first what the insurer says of the wait, and notes it all the same."""

    def warning_of(self, **values):
        defaults = {"debtor_id": self.debtor.id, "amount": 1200}
        promise = self.env["collection.promise"].with_user(self.make_user("noter")).create({**defaults, **values})
        return promise.insurance_warning

    def test_within_the_limits_nothing_is_said(self):
        self.assertFalse(self.warning_of(date=day(60), item_ids=self.item_of(self.invoice).ids))

    def test_an_item_promised_beyond_them(self):
        self.assertEqual(
            self.warning_of(date=day(61), item_ids=self.item_of(self.invoice).ids),
            f"{self.invoice.name} cannot be extended beyond 05/09/2026.",
        )

    def test_the_whole_account_promised_beyond_them(self):
        self.item_of(self.invoice)
        self.assertEqual(self.warning_of(date=day(61)), f"{self.invoice.name} cannot be extended beyond 05/09/2026.")

    def test_without_insurer_nothing_is_said(self):
        self.debtor.credit_insurer_id = False
        self.assertFalse(self.warning_of(date=day(61), item_ids=self.item_of(self.invoice).ids))
