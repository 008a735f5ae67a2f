"""Money that comes in, as accountants register it."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command


class Payments:
    """What a test of CollectionCase says of payments, of bank lines and of their allocation."""

    @classmethod
    def pay(cls, invoices, amount, on=None):
        """A payment registered and allocated to the invoices, with its entry."""
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create(
                {
                    "amount": amount,
                    "payment_date": on or cls.company._get_collection_today(),
                    "journal_id": cls.bank.id,
                    "group_payment": True,
                    "currency_id": invoices.currency_id[:1].id,
                }
            )
        )
        return wizard._create_payments()

    @classmethod
    def receive_payment(cls, partner, amount, on=None, allocate=(), **values):
        """A payment posted with its entry, allocated to nothing unless to the open items of ``allocate``."""
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": partner.id,
                "amount": amount,
                "date": on or cls.company._get_collection_today(),
                "journal_id": cls.bank.id,
                **values,
            }
        )
        payment.action_post()
        for move in allocate:
            cls.reconcile(move, payment.move_id)
        return payment

    def receive_payment_without_entry(self, partner, amount, on=None, invoices=None, **values):
        """A payment as accounting add-ons make them: no entry until the bank statement comes."""
        with self.payments_without_entry():
            payment = self.env["account.payment"].create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": partner.id,
                    "amount": amount,
                    "date": on or self.company._get_collection_today(),
                    "journal_id": self.bank.id,
                    "invoice_ids": [Command.set(invoices.ids if invoices else [])],
                    **values,
                }
            )
            payment.outstanding_account_id = False
            payment.action_post()
        self.assertFalse(payment.move_id)
        return payment

    @contextmanager
    def payments_without_entry(self):
        """Within, payments have no entry, as where an accounting add-on is installed."""
        with patch.object(self.registry["account.move"], "_get_invoice_in_payment_state", lambda move: "in_payment"):
            yield

    @classmethod
    def receive_in_bank(cls, amount, on=None, label="VIREMENT", partner=None, **values):
        """A statement line that nobody has reconciled."""
        return cls.env["account.bank.statement.line"].create(
            {
                "journal_id": cls.bank.id,
                "date": on or cls.company._get_collection_today(),
                "amount": amount,
                "payment_ref": label,
                "partner_id": partner.id if partner else False,
                **values,
            }
        )

    @classmethod
    def reconcile(cls, *moves):
        """Allocate what is open on the moves to each other."""
        cls.open_lines(cls.env["account.move"].union(*moves)).reconcile()
