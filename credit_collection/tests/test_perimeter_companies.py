"""Which debts are collected in several companies, branches and currencies."""

from odoo.tests import tagged

from .common import CollectionCase, day


@tagged("post_install", "-at_install")
class TestCompaniesAndBranches(CollectionCase):
    """A debtor belongs to a root company; its branches' invoices are its own, another company's are not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan()
        cls.partner = cls.make_partner()
        cls.branch = cls.make_company("Agence de Lille", parent=cls.company)
        cls.other = cls.make_company("Seconde SAS")

    def test_a_branch_s_invoice_belongs_to_the_root_company_s_debtor(self):
        ours = self.make_invoice(self.partner, 100, due=day(-5))
        theirs = self.make_invoice(self.partner, 200, due=day(-5), company=self.branch)
        found = self.decisions()
        self.assertEqual(found.debtor_id, self.debtor_of(self.partner))
        self.assertEqual(
            {decision.move_id: (decision.company_id, decision.root_company_id) for decision in found},
            {ours: (self.company, self.company), theirs: (self.branch, self.company)},
        )

    def test_one_reminder_carries_the_items_of_root_and_branch(self):
        self.make_invoice(self.partner, 100, due=day(-5))
        self.make_invoice(self.partner, 200, due=day(-5), company=self.branch)
        reminder = self.run_and_send()
        self.assertEqual(sorted(reminder.line_ids.mapped("claim")), [100.0, 200.0])

    def test_a_credit_of_the_branch_covers_an_invoice_of_the_root(self):
        invoice = self.make_invoice(self.partner, 100, due=day(-5))
        self.make_credit_note(self.partner, 60, company=self.branch)
        self.assert_decided(invoice, "level", claim=40.0)

    def test_another_company_has_debtors_of_its_own(self):
        ours = self.make_invoice(self.partner, 100, due=day(-5))
        theirs = self.make_invoice(self.partner, 200, due=day(-5), company=self.other)
        self.assertEqual([decision.move_id for decision in self.decisions()], [ours])
        self.assertEqual([decision.move_id for decision in self.decisions(company=self.other)], [theirs])
        self.assertNotEqual(self.debtor_of(self.partner), self.debtor_of(self.partner, self.other))

    def test_another_company_s_credit_covers_nothing_here(self):
        invoice = self.make_invoice(self.partner, 100, due=day(-5))
        self.make_credit_note(self.partner, 60, company=self.other)
        self.assert_decided(invoice, "level", claim=100.0)

    def test_a_plan_of_one_company_is_not_used_by_another(self):
        self.plan.company_id = self.other
        invoice = self.make_invoice(self.partner, 100, due=day(-5))
        self.assertEqual(self.decide()[invoice.name].decision, "no_plan")

    def test_a_run_of_one_company_leaves_the_other_alone(self):
        self.make_invoice(self.partner, 100, due=day(-5))
        self.make_invoice(self.partner, 200, due=day(-5), company=self.other)
        run = self.plan_run()
        self.assertEqual((run.item_count, run.reminder_ids.line_ids.mapped("claim")), (1, [100.0]))


@tagged("post_install", "-at_install")
class TestCurrencies(CollectionCase):
    """Currencies stay apart; thresholds alone are converted, the right way round."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.make_partner()
        for code, rate in (("USD", 1.25), ("JPY", 160.0)):
            currency = cls.env.ref(f"base.{code}")
            currency.active = True
            currency.rate_ids.unlink()
            cls.env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "rate": rate,
                    "name": day(-400),
                    "company_id": cls.company.id,
                }
            )
        cls.dollar = cls.env.ref("base.USD")
        cls.yen = cls.env.ref("base.JPY")

    def test_three_currencies_are_decided_and_totalled_apart(self):
        self.make_plan()
        for amount, currency in ((100, self.euro), (200, self.dollar), (30000, self.yen)):
            self.make_invoice(self.partner, amount, due=day(-5), currency=currency)
        reminder = self.run_and_send()
        self.assertEqual(
            reminder._get_totals(reminder.line_ids),
            [(self.euro, 100.0), (self.yen, 30000.0), (self.dollar, 200.0)],
        )
        self.assertEqual(reminder.claim_company, 100 + 160 + 187.5)

    def test_ten_dollars_are_more_than_a_thousand_yen(self):
        # 1 000 JPY are 6.25 EUR, that is 7.81 USD.
        self.make_plan(currency_id=self.dollar.id, item_threshold=10)
        invoice = self.make_invoice(self.partner, 1000, due=day(-5), currency=self.yen)
        self.assertEqual(self.decide()[invoice.name].decision, "small")

    def test_ten_dollars_are_less_than_two_thousand_yen(self):
        self.make_plan(currency_id=self.dollar.id, item_threshold=10)
        invoice = self.make_invoice(self.partner, 2000, due=day(-5), currency=self.yen)
        self.assert_decided(invoice, "level", "Rappel", 2000.0)

    def test_a_debtor_s_threshold_adds_its_currencies_at_the_day_s_rate(self):
        # 30 EUR + 12.50 USD (10 EUR) + 1 600 JPY (10 EUR) are 50 EUR.
        self.make_plan(debtor_threshold=50)
        for amount, currency in ((30, self.euro), (12.5, self.dollar), (1600, self.yen)):
            self.make_invoice(self.partner, amount, due=day(-5), currency=currency)
        self.assertEqual({found.decision for found in self.decide().values()}, {"level"})
        self.env["collection.plan"].search([]).debtor_threshold = 50.01
        self.assertEqual({found.decision for found in self.decide().values()}, {"small"})

    def test_the_minimum_of_a_preventive_level_is_converted_too(self):
        self.make_plan((("Préventive", -7, {"item_minimum": 100}), ("Rappel", 3)))
        small = self.make_invoice(self.partner, 15000, due=day(5), currency=self.yen)
        large = self.make_invoice(self.partner, 16000, due=day(5), currency=self.yen)
        self.assert_decided(small, "waiting", "Rappel", 15000.0, day(8))
        self.assert_decided(large, "level", "Préventive", 16000.0)

    def test_the_rate_of_the_day_is_used(self):
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.yen.id,
                "rate": 120.0,
                "name": day(2),
                "company_id": self.company.id,
            }
        )
        self.make_plan(item_threshold=8)
        invoice = self.make_invoice(self.partner, 1000, due=day(-5), currency=self.yen)
        self.assertEqual(self.decide()[invoice.name].decision, "small")
        self.assertEqual(self.decide(on=day(2))[invoice.name].decision, "level")

    def test_a_credit_in_another_currency_covers_nothing_and_holds_the_reminder(self):
        self.make_plan()
        invoice = self.make_invoice(self.partner, 100, due=day(-5))
        self.make_credit_note(self.partner, 500, currency=self.dollar)
        self.assert_decided(invoice, "level", "Rappel", 100.0)
        reminder = self.plan_run().reminder_ids
        self.assertEqual(
            (reminder.state, reminder.hold_reason),
            ("proposed", "An open credit in another currency waits for a person."),
        )

    def test_a_credit_used_up_in_its_own_currency_holds_nothing(self):
        self.make_plan()
        self.make_invoice(self.partner, 100, due=day(-5))
        self.make_invoice(self.partner, 800, due=day(-5), currency=self.dollar)
        self.make_credit_note(self.partner, 500, currency=self.dollar)
        reminder = self.plan_run().reminder_ids
        self.assertEqual((reminder.state, reminder.hold_reason), ("approved", False))

    def test_a_claim_in_company_currency_is_at_the_rate_of_the_entry(self):
        self.make_plan()
        invoice = self.make_invoice(self.partner, 1000, due=day(-5), currency=self.dollar)
        self.make_credit_note(self.partner, 250, currency=self.dollar)
        self.assertEqual(self.decision_of(invoice).claim_company, 600.0)
