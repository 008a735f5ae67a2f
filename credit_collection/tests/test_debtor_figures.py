"""The figures of a debtor's page: live, exact, by currency, and each opens what adds up to it."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .common import TODAY, CollectionCase, day

GROUP = "credit_collection.group_collection_"


class FiguresCase(CollectionCase):
    """A customer with late, future and foreign debts, a credit and a payment nobody allocated."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.dollar = cls.env.ref("base.USD")
        cls.dollar.active = True
        cls.partner = cls.make_partner()
        for amount, offset in ((100, 10), (200, 0), (400, -1), (800, -30), (1600, -31), (3200, -60), (6400, -61)):
            cls.make_invoice(cls.partner, amount, due=day(offset))
        cls.make_invoice(cls.partner, 12800, due=day(-91))
        cls.make_invoice(cls.partner, 55.5, due=day(-5), currency=cls.dollar)
        cls.make_credit_note(cls.partner, 50)
        cls.make_invoice(cls.make_partner("Autre"), 999, due=day(-5))
        cls.receive_payment(cls.partner, 25)
        cls.debtor = cls.debtor_of(cls.partner)

    def figures(self, debtor=None):
        """{currency name: {figure: amount}} of the page, ages included."""
        page = (debtor or self.debtor).page_figures
        return {
            currency["name"]: {figure["name"]: figure["amount"] for figure in currency["figures"] + currency["ages"]}
            for currency in page["currencies"]
        }

    def list_behind(self, figure, currency, user=None):
        """Records of the list that a figure opens."""
        debtor = self.debtor.with_user(user) if user else self.debtor
        action = debtor.with_context(figure=figure, figure_currency_id=currency.id).action_open_figure()
        model = debtor.env[action["res_model"]].with_context(**(action.get("context") or {}))
        return model.search(action["domain"])


@tagged("post_install", "-at_install")
class TestFiguresOfThePage(FiguresCase):
    """What is open stands by age and by currency; credits and payments apart."""

    def test_amounts_by_age(self):
        figures = self.figures()["EUR"]
        self.assertEqual(
            {name: figures[name] for name in ("not_due", "late_30", "late_60", "late_90", "late_more")},
            {"not_due": 300.0, "late_30": 1200.0, "late_60": 4800.0, "late_90": 6400.0, "late_more": 12800.0},
        )

    def test_balance_overdue_and_credits(self):
        figures = self.figures()["EUR"]
        self.assertEqual((figures["overdue"], figures["credit"], figures["balance"]), (25200.0, 75.0, 25500.0 - 75.0))

    def test_a_foreign_currency_stands_apart_after_the_company_s(self):
        figures = self.figures()
        self.assertEqual(list(figures), ["EUR", "USD"])
        self.assertEqual((figures["USD"]["overdue"], figures["USD"]["balance"]), (55.5, 55.5))

    def test_what_is_in_a_case_is_in_court(self):
        invoice = self.make_invoice(self.partner, 700, due=day(-5))
        entry = invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        self.assertEqual(self.figures()["EUR"]["in_court"], 0.0)
        case = SQL("SELECT %s AS line_id, NULL::numeric AS amount, NULL::date AS next_date", entry.id)
        self.patch(self.registry["collection.decision"], "_part_in_case", lambda _decision: case)
        self.debtor.invalidate_recordset()
        self.assertEqual(self.figures()["EUR"]["in_court"], 700.0)
        self.assertEqual(self.list_behind("in_court", self.euro).move_id, invoice)

    def test_they_are_the_sums_of_the_decisions(self):
        decisions = self.decisions(debtors=self.debtor)
        for currency in (self.euro, self.dollar):
            mine = decisions.filtered(lambda it, currency=currency: it.currency_id == currency)
            late = mine.filtered(lambda it: it.days_late > 0)
            figures = self.figures()[currency.name]
            self.assertEqual(figures["overdue"], currency.round(sum(late.mapped("residual"))))
            self.assertEqual(figures["claim"], currency.round(sum(late.mapped("claim"))))
            self.assertEqual(figures["not_due"], currency.round(sum((mine - late).mapped("residual"))))

    def test_what_keeps_euros_back_is_told(self):
        invoice = self.make_invoice(self.partner, 70, due=day(-3))
        self.item_of(invoice).said_paid_on = TODAY
        self.assertEqual(self.figures()["EUR"]["settling"], 70.0)

    def test_a_payment_shows_at_once(self):
        invoice = self.env["account.move"].search([("partner_id", "=", self.partner.id), ("amount_total", "=", 400)])
        self.pay(invoice, 400)
        self.env.invalidate_all()
        self.assertEqual(self.figures()["EUR"]["late_30"], 800.0)

    def test_the_bar_s_shares_make_a_hundred(self):
        page = self.debtor.page_figures
        self.assertAlmostEqual(sum(age["share"] for age in page["currencies"][0]["ages"]), 100, places=1)

    def test_accounts_outside_the_perimeter_are_left_out(self):
        before = self.figures()["EUR"]
        outside = self.account("411").copy({"code": "4119ZZ"})
        outside.collection_role = False
        self.make_entry(self.partner, 5000, outside, due=day(-10))
        self.env.invalidate_all()
        self.assertEqual(self.figures()["EUR"], before)

    def test_a_debtor_without_anything_open_has_no_figure(self):
        nobody = self.debtor_of(self.make_partner("Personne"))
        page = nobody.page_figures
        self.assertEqual((page["currencies"], page["next_step"]["text"]), ([], "Nothing is open"))

    def test_in_a_list_they_are_not_worked_out(self):
        debtors = self.env["collection.debtor"].search([])
        self.assertGreater(len(debtors), 1)
        self.assertEqual(set(debtors.mapped("page_figures")), {False})


@tagged("post_install", "-at_install")
class TestEachFigureOpensWhatAddsUpToIt(FiguresCase):
    """The list behind a number contains what makes it, and nothing else."""

    def test_of_items_by_age_and_state(self):
        self.item_of(self.env["account.move"].search([("amount_total", "=", 800)])).said_paid_on = TODAY
        columns = {"settling": "settling", "claim": "claim"}
        for currency in (self.euro, self.dollar):
            for name, amount in self.figures()[currency.name].items():
                if not amount or name in ("balance", "credit"):
                    continue
                with self.subTest(currency=currency.name, figure=name):
                    found = self.list_behind(name, currency)
                    self.assertEqual(found.debtor_id, self.debtor)
                    self.assertEqual(currency.round(sum(found.mapped(columns.get(name, "residual")))), amount)

    def test_of_the_ledger(self):
        for name, sign in (("balance", 1), ("credit", -1)):
            lines = self.list_behind(name, self.euro)
            self.assertEqual(sum(lines.mapped("amount_residual_currency")) * sign, self.figures()["EUR"][name])
            self.assertEqual(lines.partner_id, self.partner)

    def test_a_collector_without_accounting_opens_the_same(self):
        collector = new_test_user(self.env, "collector", f"base.group_user,{GROUP}collector")
        figures = self.figures(self.debtor.with_user(collector))["EUR"]
        self.assertEqual(figures, self.figures()["EUR"])
        lines = self.list_behind("balance", self.euro, collector)
        self.assertEqual(sum(lines.mapped("amount_residual_currency")), figures["balance"])

    def test_a_name_that_is_no_figure_is_refused(self):
        for name in (None, "partner_id", "residual); DROP TABLE", "__class__"):
            with self.subTest(name), self.assertRaises(UserError):
                self.debtor.with_context(figure=name).action_open_figure()


@tagged("post_install", "-at_install")
class TestTheNextStep(CollectionCase):
    """The page says what comes next and when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan()
        cls.partner = cls.make_partner()

    def next_step(self):
        debtor = self.debtor_of(self.partner)
        debtor._refresh_figures()
        self.env.invalidate_all()
        step = debtor.page_figures["next_step"]
        return step["text"], step["pending"]

    def test_a_level_that_is_due(self):
        self.make_invoice(self.partner, 100, due=day(-5))
        self.make_invoice(self.partner, 100, due=day(-6))
        self.assertEqual(self.next_step(), ("Rappel, now (2 items)", ""))

    def test_a_level_to_come(self):
        self.make_invoice(self.partner, 100, due=day(2))
        self.assertEqual(self.next_step(), ("Rappel, on 03/15/2026", ""))

    def test_a_reminder_that_waits(self):
        self.plan.level_ids.approval = "batch"
        self.make_invoice(self.partner, 100, due=day(-5))
        self.plan_run()
        self.assertEqual(self.next_step()[1], "Rappel: to approve")

    def test_a_pause(self):
        self.make_invoice(self.partner, 100, due=day(-5))
        self.debtor_of(self.partner).write({"pause_until": day(3), "pause_reason": "Talks"})
        self.assertEqual(self.next_step()[0], "Paused, on 03/14/2026")


@tagged("post_install", "-at_install")
class TestUsualDelay(CollectionCase):
    """Days late of what was paid in twelve months, weighted by amount; nothing known is said so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.make_partner()

    def delay(self):
        self.env.invalidate_all()
        return self.debtor_of(self.partner)._get_usual_delay()

    def paid(self, amount, due, on):
        invoice = self.make_invoice(self.partner, amount, due=due)
        self.pay(invoice, amount, on=on)
        return invoice

    def test_no_history(self):
        self.make_invoice(self.partner, 100, due=day(-5))
        self.assertIsNone(self.delay())
        self.assertEqual(self.debtor_of(self.partner).page_figures["delay"]["text"], "No payment in twelve months")

    def test_amounts_weigh(self):
        self.paid(100, day(-60), day(-50))
        self.paid(300, day(-60), day(-30))
        self.assertEqual(self.delay(), 25)

    def test_early_payments_count_against_late_ones(self):
        self.paid(100, day(-20), day(-30))
        self.assertEqual(self.delay(), -10)

    def test_credit_notes_and_older_payments_do_not_count(self):
        self.paid(100, day(-60), day(-50))
        self.paid(5000, day(-500), day(-400))
        credited = self.make_invoice(self.partner, 700, due=day(-90))
        self.reconcile(credited, self.make_credit_note(self.partner, 700))
        self.assertEqual(self.delay(), 10)

    def test_it_opens_what_was_paid(self):
        invoice = self.paid(100, day(-60), day(-50))
        action = self.debtor_of(self.partner).with_context(figure="delay").action_open_figure()
        self.assertEqual(self.env["account.move.line"].search(action["domain"]).move_id, invoice)


@tagged("post_install", "-at_install")
class TestCreditLimit(FiguresCase):
    """The limit of core, and what remains of it after all that is open."""

    def limits(self):
        self.env.invalidate_all()
        return [
            (limit["label"], limit["remaining_amount"], limit["exceeded"])
            for limit in self.debtor.page_figures["credit_limits"]
        ]

    def test_none_where_the_company_uses_none(self):
        self.company.account_use_credit_limit = False
        self.partner.credit_limit = 1000
        self.assertEqual(self.limits(), [])

    def test_what_remains_counts_every_currency_and_credit(self):
        self.company.account_use_credit_limit = True
        self.partner.credit_limit = 30000
        lines = self.env["account.move.line"].search(self.debtor._get_ledger_domain())
        used = sum(lines.mapped("amount_residual"))
        self.assertEqual(self.limits(), [("Credit limit", self.euro.round(30000 - used), False)])

    def test_beyond_it(self):
        self.company.account_use_credit_limit = True
        self.partner.credit_limit = 1000
        self.assertTrue(self.limits()[0][2])


@tagged("post_install", "-at_install")
class TestWhatWeOweIt(CollectionCase):
    """Supplier debts of the same partner are shown, with the list behind, to whoever may not read purchases too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.make_partner()
        cls.make_invoice(cls.partner, 1000, due=day(-5))
        cls._make_document("in_invoice", cls.partner, 300, day(-3), day(-30))
        cls._make_document("in_invoice", cls.partner, 45.5, day(20), day(-30))
        cls._make_document("in_invoice", cls.make_partner("Autre"), 7000, day(-3), day(-30))
        cls.collector = new_test_user(cls.env, "collector", f"base.group_user,{GROUP}collector")

    def test_they_are_summed_and_listed(self):
        debtor = self.debtor_of(self.partner).with_user(self.collector)
        debts = debtor.page_figures["supplier_debts"]
        self.assertEqual([debt["amount"] for debt in debts], [345.5])
        action = debtor.with_context(figure="supplier_debt", figure_currency_id=self.euro.id).action_open_figure()
        found = debtor.env[action["res_model"]].with_context(**action["context"]).search(action["domain"])
        self.assertEqual(sorted(found.mapped("residual")), [45.5, 300.0])

    def test_those_of_other_portfolios_are_not_read(self):
        debtor = self.debtor_of(self.partner)
        debtor.user_id = self.env.user
        self.company.collection_own_debtors_only = True
        self.env.flush_all()
        self.assertFalse(self.env["collection.supplier.debt"].with_user(self.collector).search([]))


@tagged("post_install", "-at_install")
class TestThePageIsReadQuickly(FiguresCase):
    """One decision a page, and as many statements for a debtor with many items as for one with few."""

    def read_page(self, debtor):
        """What the client asks for as it opens the page."""
        self.env.invalidate_all()
        return debtor.web_read(
            {
                "page_figures": {},
                "page_contacts": {},
                "current_plan_id": {"fields": {"display_name": {}}},
                "decision_ids": {"fields": {"move_name": {}, "residual": {}, "decision": {}}, "limit": 40},
            }
        )[0]

    def count(self, debtor):
        before = self.env.cr.sql_log_count
        self.read_page(debtor)
        return self.env.cr.sql_log_count - before

    def test_one_decision_query(self):
        read = []
        original = type(self.env["collection.decision"])._search

        def noting(model, *args, **kwargs):
            read.append(model.env.context.get("collection_debtor_ids"))
            return original(model, *args, **kwargs)

        self.patch(type(self.env["collection.decision"]), "_search", noting)
        self.assertEqual(len(self.read_page(self.debtor)["decision_ids"]), 9)
        self.assertEqual(read, [self.debtor.ids])

    def test_as_many_statements_for_one_item_as_for_many(self):
        few = self.debtor_of(self.env["res.partner"].search([("name", "=", "Autre")]))
        self.read_page(few)
        self.assertLessEqual(abs(self.count(self.debtor) - self.count(few)), 2)

    def test_a_reader_sees_the_page_and_may_not_act(self):
        reader = new_test_user(self.env, "reader", f"base.group_user,{GROUP}reader")
        page = self.read_page(self.debtor.with_user(reader))
        self.assertFalse(page["page_figures"]["can_act"])
        self.assertFalse(page["page_contacts"]["can_act"])
        self.assertEqual(page["page_figures"]["currencies"][0]["figures"][0]["amount"], 25200.0)

    def test_another_portfolio_s_page_is_not_read(self):
        collector = new_test_user(self.env, "collector", f"base.group_user,{GROUP}collector")
        self.debtor.user_id = self.env.user
        self.company.collection_own_debtors_only = True
        self.env.flush_all()
        theirs = self.debtor.with_user(collector)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            self.assertRaises(AccessError, lambda: self.read_page(theirs))
            self.assertRaises(AccessError, theirs.with_context(figure="overdue").action_open_figure)
            self.assertRaises(AccessError, theirs.get_timeline)
