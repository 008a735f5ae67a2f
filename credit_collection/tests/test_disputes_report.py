"""How much is contested, how long it takes and how it ends."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import day
from .dispute_case import DisputeCase


class ReportCase(DisputeCase):
    """Words to read the figures, and invoices of several products."""

    def groups(self, by, *measures, domain=(), model="collection.dispute.report"):
        """{label: measures} of the analysis."""
        self.env.flush_all()
        self.env[model].invalidate_model()
        rows = self.env[model]._read_group(
            [("debtor_id.partner_id", "=", self.partner.id), *domain], [by], list(measures)
        )
        return {
            (group.display_name if hasattr(group, "display_name") else group): tuple(
                round(value, 4) if isinstance(value, float) else value for value in values
            )
            for group, *values in rows
        }

    def products_invoice(self, *amounts, **values):
        """A posted invoice of a product a line, named A, B…"""
        products = self.env["product.product"].create([{"name": chr(65 + rank)} for rank in range(len(amounts))])
        invoice = self.make_invoice(self.partner, 1, due=day(-10), post=False, **values)
        invoice.invoice_line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "product_id": product.id,
                        "name": product.name,
                        "price_unit": amount,
                        "account_id": self.account("706").id,
                        "tax_ids": [Command.clear()],
                    }
                )
                for product, amount in zip(products, amounts, strict=True)
            ),
        ]
        invoice.action_post()
        return invoice


@tagged("post_install", "-at_install")
class TestAnalysis(ReportCase):
    """Amounts, ages and times of disputes by nature, owner, salesperson, customer and product."""

    def test_amounts_by_nature_and_how_they_end(self):
        first = self.study(amount=400)
        first.line_ids.accepted = 100
        first.action_accept_part()
        self.dispute(self.make_invoice(self.partner, 500, due=day(-10)), nature=self.quality)
        found = self.groups("nature_id", "disputes:sum", "disputed:sum", "pending:sum", "accepted:sum", "rejected:sum")
        self.assertEqual(found, {"Price": (1, 400, 100, 100, 300), "Quality": (1, 500, 500, 0, 0)})

    def test_an_amount_is_shared_over_the_products_of_its_invoice(self):
        self.dispute(self.products_invoice(300, 100), amount=200)
        self.assertEqual(self.groups("product_id", "disputed:sum"), {"A": (150,), "B": (50,)})

    def test_a_dispute_counts_once_however_many_products(self):
        dispute = self.study(self.products_invoice(300, 100, 100))
        self.set_today(day(7))
        self.reject(dispute)
        self.study()
        found = self.groups("stage", "disputes:sum", "days_taken:avg", "work_days_taken:avg", "days_open:avg")
        self.assertEqual(found, {"rejected": (1, 7, 5, False), "study": (1, False, False, 0)})

    def test_the_age_of_what_is_not_decided(self):
        self.dispute()
        for later, age in ((15, "1"), (16, "2"), (31, "3"), (61, "4"), (91, "5")):
            self.set_today(day(later))
            self.assertEqual(self.groups("age", "disputed:sum"), {age: (1000,)})

    def test_by_owner_and_salesperson(self):
        seller = new_test_user(self.env, "seller", "base.group_user")
        owner = self.make_user("logistics", name="Logistics")
        dispute = self.dispute(self.products_invoice(300, invoice_user_id=seller.id))
        dispute.user_id = owner
        self.assertEqual(self.groups("owner_id", "disputed:sum"), {owner.display_name: (300,)})
        self.assertEqual(self.groups("salesperson_id", "disputed:sum"), {seller.display_name: (300,)})

    def test_in_the_currency_of_the_company(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": day(-60), "rate": 1.25, "company_id": self.company.id}
        )
        self.dispute(self.make_invoice(self.partner, 500, due=day(-10), currency=dollar), amount=200)
        self.assertEqual(self.groups("debtor_id", "disputed:sum"), {self.partner.display_name: (160,)})

    def test_an_entry_without_invoice_counts_whole(self):
        self.dispute(self.make_entry(self.partner, 300, self.account("411"), due=day(-20), no_followup=False))
        self.assertEqual(self.groups("product_id", "disputed:sum"), {False: (300,)})


@tagged("post_install", "-at_install")
class TestRate(ReportCase):
    """What was contested of what was invoiced in a period; the rate of a group is that of its totals."""

    def rates(self, by, domain=()):
        measures = ("invoiced:sum", "disputed:sum", "rate:avg")
        return self.groups(by, *measures, model="collection.dispute.rate", domain=domain)

    def test_by_product_and_customer(self):
        self.dispute(self.products_invoice(300, 100), amount=200)
        found = self.rates("product_id", domain=[("product_id", "!=", False)])
        self.assertEqual(found, {"A": (300, 150, 0.5), "B": (100, 50, 0.5)})
        # 200 of 1 400.
        self.assertEqual(self.rates("partner_id"), {self.partner.display_name: (1400, 200, 0.1429)})

    def test_of_a_period(self):
        self.dispute(amount=250)
        self.assertEqual(self.rates("partner_id", domain=[("date", ">=", day(-1))]), {})
        self.assertEqual(
            self.rates("partner_id", domain=[("date", "<", day(-1))]), {self.partner.display_name: (1000, 250, 0.25)}
        )

    def test_withdrawn_it_does_not_count(self):
        self.dispute(amount=250).action_withdraw()
        self.assertEqual(self.rates("partner_id"), {self.partner.display_name: (1000, 0, 0)})

    def test_contested_twice_it_counts_once(self):
        self.reject(self.study())
        self.dispute()
        self.assertEqual(self.rates("partner_id"), {self.partner.display_name: (1000, 1000, 1)})
