from decimal import Decimal

from odoo import models

from .letter.content import Payment
from .letter.epc import epc_payload


class CollectionReminder(models.Model):
    """How a letter asks to be paid."""

    _inherit = "collection.reminder"

    def _prepare_letter_payment_terms(self, _company, claimed):
        """Fields of the letter that say how to pay. Override to change them."""
        return {"payment": self._prepare_letter_payment(claimed)}

    def _prepare_letter_payment(self, claimed):
        """How to pay. Override to add a free text."""
        # The company prints its IBAN on every invoice.
        account = self._get_payment_bank_account().sudo()
        return Payment(
            holder=account.acc_holder_name or account.partner_id.name or "",
            iban=account.acc_number or "",
            bic=account.bank_bic or "",
            bank=account.bank_name or "",
            reference=self.name,
            link=self._get_payment_link(),
            qr=self._get_payment_qr(account, claimed),
        )

    def _get_payment_link(self):
        """Where the debtor pays online: the portal's page of overdue invoices, where a provider is switched on."""
        # Only whether the company can be paid online is read, not how.
        providers = (
            self.env["payment.provider"]
            .sudo()
            .search_count(
                [("state", "=", "enabled"), ("company_id", "in", self.company_id._get_collection_companies().ids)],
                limit=1,
            )
        )
        return f"{self.company_id.get_base_url()}/my/invoices/overdue" if providers else ""

    def _get_payment_qr(self, account, claimed):
        """Content of the QR code that orders a SEPA transfer of all the euros claimed; empty where there is none."""
        totals = {currency.name: currency._to_decimal(amount) for currency, amount in self._get_totals(claimed)}
        if "EUR" not in totals:
            return ""
        holder = account.acc_holder_name or account.partner_id.name or ""
        return epc_payload(holder, account.acc_number or "", totals["EUR"], account.bank_bic or "", self.name)


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def _to_decimal(self, amount):
        """``amount`` as it is printed: exact, with the currency's decimals."""
        return Decimal(f"{self.round(amount):.{self.decimal_places}f}")
