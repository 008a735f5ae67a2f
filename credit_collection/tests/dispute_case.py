"""Customers who contest, and words to say how it ends."""

from odoo import Command
from odoo.tests import Form, new_test_user

from .common import CollectionCase, day

GROUP = "credit_collection.group_collection_"


class DisputeCase(CollectionCase):
    """A customer reminded three days after the due date, and an invoice of 1 000 € ten days late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan()
        cls.partner = cls.make_partner()
        cls.price = cls.env.ref("credit_collection.dispute_nature_price")
        cls.quality = cls.env.ref("credit_collection.dispute_nature_quality")
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-10))

    @classmethod
    def make_user(cls, login, groups="base.group_user", **values):
        """An internal user; of collection too if ``groups`` says so."""
        return new_test_user(cls.env, login, groups, email=f"{login}@example.com", company_id=cls.company.id, **values)

    @classmethod
    def make_collector(cls, login="collector"):
        return cls.make_user(login, f"base.group_user,{GROUP}collector")

    @classmethod
    def dispute(cls, invoice=None, amount=None, nature=None, user=None, **values):
        """A dispute about all of the invoice, or ``amount`` of it, noted as the form does."""
        item = cls.item_of(invoice or cls.invoice)
        disputes = cls.env["collection.dispute"]
        if user:
            disputes, item = disputes.with_user(user), item.with_user(user)
        action = disputes._action_new(item.debtor_id, item, **values)
        vals = {"nature_id": (nature or cls.price).id}
        if amount:
            vals["line_ids"] = [Command.create({"item_id": item.id, "amount": amount})]
        return disputes.with_context(**action["context"]).create(vals).with_env(disputes.env)

    @classmethod
    def study(cls, *args, **values):
        """A dispute that has been qualified."""
        dispute = cls.dispute(*args, **values)
        dispute.action_study()
        return dispute

    @classmethod
    def reject(cls, dispute, answer="<p>The order says so.</p>"):
        dispute.answer = answer
        dispute.action_reject()

    def credit_note_of(self, dispute, invoice=None):
        """The draft that core's reversal makes for the dispute."""
        action = dispute.action_propose_credit_note()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.date = self.company._get_collection_today()
        return self.env["account.move"].browse(form.save().refund_moves()["res_id"])

    def taxed_invoice(self, lines, due=None, **values):
        """A posted invoice of (amount before tax, tax rate) lines."""
        invoice = self.make_invoice(self.partner, 1, due=due or day(-10), post=False, **values)
        invoice.invoice_line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "name": f"Works {rank}",
                        "quantity": 1,
                        "price_unit": amount,
                        "account_id": self.account("706").id,
                        "tax_ids": [Command.set(self.tax(rate).ids)],
                    }
                )
                for rank, (amount, rate) in enumerate(lines, start=1)
            ),
        ]
        invoice.action_post()
        return invoice

    def tax(self, rate, **values):
        """A sales tax of that percentage."""
        name = f"Tax {rate} {values}"
        known = self.env["account.tax"].search([("name", "=", name)])
        return known or known.create({"name": name, "amount": rate, "type_tax_use": "sale", **values})

    def assert_tranches(self, disputed, claim, invoice=None, on=None):
        """What is disputed and what is claimed of an invoice."""
        decision = self.decision_of(invoice or self.invoice, on=on)
        rounded = [decision.currency_id.round(amount) for amount in (decision.disputed, decision.claim)]
        self.assertEqual(rounded, [disputed, claim])
