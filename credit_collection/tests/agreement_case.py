"""Customers who are granted time, and words to say what becomes of it."""

from odoo import Command
from odoo.tests import new_test_user

from .common import CollectionCase, day

GROUP = "credit_collection.group_collection_"


class AgreementCase(CollectionCase):
    """A customer who owes 1 200.00, due 30 days ago, and would be reminded today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.make_partner()
        cls.plan = cls.make_plan()
        cls.invoice = cls.make_invoice(cls.partner, 1200, due=day(-30))

    @classmethod
    def make_agreement(cls, *invoices, **values):
        """A draft of three monthly instalments from in two weeks on, unless values say otherwise, laid out."""
        invoices = invoices or (cls.invoice,)
        agreement = cls.env["collection.agreement"].create(
            {
                "debtor_id": cls.debtor_of(invoices[0].partner_id).id,
                "item_ids": [Command.set([cls.item_of(invoice).id for invoice in invoices])],
                "first_date": day(14),
                "interest_mode": "claimed",
                **values,
            }
        )
        agreement.action_lay_out()
        return agreement

    @classmethod
    def propose(cls, *invoices, **values):
        agreement = cls.make_agreement(*invoices, **values)
        agreement._propose()
        return agreement

    @classmethod
    def accept(cls, *invoices, **values):
        """An agreement that was proposed and accepted today."""
        agreement = cls.propose(*invoices, **values)
        agreement._accept(cls.company._get_collection_today(), "Jeanne Durand, gérante")
        return agreement

    def states(self, agreement):
        """State of each instalment in order."""
        agreement.invalidate_recordset()
        agreement.instalment_ids.invalidate_recordset()
        return agreement.instalment_ids.sorted("due_date").mapped("state")

    def paid(self, agreement):
        """What was paid of each instalment in order."""
        agreement.instalment_ids.invalidate_recordset()
        return agreement.instalment_ids.sorted("due_date").mapped("paid")

    def follow(self):
        """The nightly job looks after the agreements."""
        self.env["collection.agreement"]._cron_follow()

    def todo(self, code):
        """The records behind a card of To do."""
        kind = next(kind for kind in self.env["collection.todo"]._get_kinds() if kind["code"] == code)
        return self.env[kind["model"]].search(kind["domain"])

    @classmethod
    def make_user(cls, name, group="collector", **values):
        """A user of collection who is no accountant."""
        return new_test_user(cls.env, name, f"base.group_user,{GROUP}{group}", **values)
