from dataclasses import replace

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..calc.amount_words import spell_amount
from .letter.content import Group, Item, Letter, Payment, Table, Total
from .letter.drawing import render
from .letter.epc import epc_payload
from .letter_company import unbroken

TEMPLATES = {
    "agreement": "credit_collection.letter_template_agreement",
    "warning": "credit_collection.letter_template_agreement_warning",
    "revocation": "credit_collection.letter_template_agreement_revocation",
}


class CollectionAgreement(models.Model):
    """The letters of an agreement on paper: to be signed, warning of a missed instalment, revocation."""

    _inherit = "collection.agreement"

    def _render_agreement_letter(self, kind="agreement"):
        """PDF of a letter of that kind. Raises UserError, saying whose letter it is and what forbids it."""
        self.ensure_one()
        self.check_access("read")
        letter = self._prepare_agreement_letter(kind)
        # It goes with a message as often as by post: the address is no obstacle here.
        if obstacle := self.company_id._describe_uncovered_characters(letter):
            raise UserError(self.env._("%(label)s: %(value)s", label=self.debtor_id.display_name, value=obstacle))
        return render(letter, self.company_id._get_letter_fonts())

    def _render_warning_letter(self):
        return self._render_agreement_letter("warning")

    def _render_revocation_letter(self):
        return self._render_agreement_letter("revocation")

    def _prepare_agreement_letter(self, kind):
        """The letter as plain values, in the customer's language. Override to change what it says."""
        subject, body = self._get_agreement_template(kind)._render_texts(self, self.lang)
        agreement = self.with_context(lang=self.lang)
        reminder = agreement._imagine_reminder()
        # Letterhead, address and bank of the company are on every letter it writes.
        company = reminder._get_letter_company().sudo(False)
        recipient = agreement._find_recipients("postal") or agreement.partner_id
        legal_name = agreement.partner_id.name if kind == "agreement" else None
        return Letter(
            sender=company._prepare_letter_sender(recipient),
            address=recipient._get_postal_lines(company, legal_name),
            place_and_date=company._format_place_and_date(agreement._get_letter_day(kind)),
            references=tuple(agreement._prepare_agreement_references()),
            reference=agreement.name,
            parties=tuple(agreement._prepare_agreement_parties(company, kind)),
            heading=agreement._get_letter_title(kind),
            subject=subject,
            body=body,
            signature=company._prepare_letter_signature(agreement.user_id),
            countersignature=tuple(agreement._prepare_countersignature()) if kind == "agreement" else (),
            language=(self.lang or "fr_FR").replace("_", "-"),
            **agreement._prepare_agreement_claims(company, kind),
            payment=agreement._prepare_agreement_payment(reminder, kind),
        )

    def _get_agreement_template(self, kind):
        """Text of the letter, that of the company or for abroad if there is one; another where it is being tried."""
        if chosen := self.env.context.get("collection_letter_template_id"):
            return self.env["collection.letter.template"].browse(chosen)
        template = self.env.ref(TEMPLATES[kind])
        return template._get_variant(self.company_id, self.partner_id._is_abroad(self.company_id))

    def _get_letter_day(self, kind):
        """Day that the letter bears: an agreement that was proposed keeps its own."""
        days = {"agreement": self.proposed_on, "revocation": self.ended_on}
        return days.get(kind) or self._get_today()

    def _prepare_agreement_references(self):
        yield self.env._("Our reference"), self.name
        if self.partner_id.ref:
            yield self.env._("Your customer number"), self.partner_id.ref
        if self.user_id:
            yield self.env._("Your contact"), ", ".join(filter(None, (self.user_id.name, unbroken(self.user_id.phone))))

    def _prepare_agreement_parties(self, company, kind):
        """Full identity of both: who owes, and whom."""
        if kind == "warning":
            return
        # What identifies a company is public.
        yield self.env._("The creditor"), company.sudo()._get_legal_identity()
        yield self.env._("The debtor"), self.debtor_id._get_legal_identity()

    def _prepare_countersignature(self):
        """Lines beside which the customer signs."""
        yield self.env._("For the debtor: %s", self.partner_id.name)
        if self.debtor_id.customer_kind == "consumer":
            # C. civ. 1376: without the sum in words and figures, in the debtor's own hand, it proves nothing.
            yield self.env._(
                "Written by hand: “I acknowledge that I owe the sum of …”, in words and in figures (Civil Code, "
                "art.\u00a01376)"
            )
        yield self.env._("Written by hand: “Read and agreed” (Bon pour accord)")
        yield self.env._("Place and date:")
        yield self.env._("Name and capacity:")
        yield self.env._("Signature and stamp:")

    # -- what is owed --------------------------------------------------------------------------------------------------

    def _prepare_agreement_claims(self, company, kind):
        """Fields of the letter that say what is owed and by when."""
        labels = company._prepare_letter_labels()
        amount = self._get_letter_amount(kind)
        claims = {
            "tables": tuple(self._prepare_agreement_tables(kind)),
            "amounts_due": (self._format(amount),),
            "in_words": self._spell(amount) if kind != "warning" else "",
        }
        if kind == "agreement":
            labels = replace(
                labels,
                due=self.env._("Acknowledged"),
                total=self.env._("Total of the instalments"),
                qr=self.env._("Scan to pay the next instalment"),
            )
            return {**claims, "labels": labels, "extra_columns": self._get_schedule_columns()}
        labels = replace(labels, due=self.env._("Left to pay"))
        if kind == "warning":
            claims["deadline"] = company._format_letter_date(self._get_regularise_until())
        return {**claims, "labels": labels}

    def _get_letter_amount(self, kind):
        if kind == "agreement":
            return self.total
        return self.missed_amount if kind == "warning" else self._get_open_amount()

    def _spell(self, amount):
        words = spell_amount(self.currency_id._to_decimal(amount), self.currency_id.name, self.env.lang or "")
        return self.env._("In words: %s.", words) if words else ""

    def _prepare_agreement_tables(self, kind):
        if kind != "warning":
            yield self._prepare_debt_table(kind)
        if kind != "revocation":
            yield self._prepare_schedule_table(kind)

    def _prepare_debt_table(self, kind):
        """The debt acknowledged, as it was then; of a revocation, what is left of it."""
        title = self.env._("The debt acknowledged") if kind == "agreement" else self.env._("What is owed at once")
        rows = [(item, due) for item, due in self._get_debt_rows(kind) if not self.currency_id.is_zero(due)]
        total = self._format(sum(due for _item, due in rows))
        return Table(
            (Group(tuple(self._prepare_debt_item(*row) for row in rows), Total(self.env._("Total"), due=total)),), title
        )

    def _get_debt_rows(self, kind):
        """[(item, amount)]: frozen once the agreement was proposed, what is open of the items before."""
        if not self.line_ids:
            return list(self._read_open().items())
        lines = self.line_ids
        if kind == "agreement":
            return [(line.item_id, line.amount) for line in lines if not line.is_interest]
        return [(line.item_id, line.residual) for line in lines]

    def _prepare_debt_item(self, item, due):
        # The customer's own invoice: whoever may write to him may quote it.
        move = item.sudo().move_id
        return Item(
            number=item.name or "/",
            date=format_date(self.env, move.invoice_date or move.date) if move else "",
            due_date=format_date(self.env, item.due_date),
            original=self._format(item.amount),
            due=self._format(due),
        )

    def _get_schedule_columns(self):
        if not self.interest:
            return (self.env._("Amount"),)
        return (self.env._("Principal"), self.env._("Interest"), self.env._("To be paid"))

    def _prepare_schedule_table(self, kind):
        """All instalments of an agreement; those missed of a warning."""
        progress = self._read_progress() if kind == "warning" else {}
        rows = self._get_named_instalments()
        if kind == "warning":
            rows = [(name, line) for name, line in rows if progress[line].is_missed]
            items = tuple(self._prepare_missed_item(name, line, progress[line]) for name, line in rows)
            total = Total(self.env._("Total"), due=self._format(self.missed_amount))
            title = self.env._("Missed instalments")
        else:
            items = tuple(self._prepare_instalment_item(name, line) for name, line in rows)
            columns = self._get_instalment_amounts(self.principal - self.difference, self.interest, self.total)
            total = Total(self.env._("Total"), extra=columns)
            title = self.env._("The instalments")
        return Table((Group(items, total),), title, number_label=self.env._("Instalment no."))

    def _prepare_instalment_item(self, name, line):
        return Item(
            number=name,
            due_date=format_date(self.env, line.due_date),
            extra=self._get_instalment_amounts(line.principal, line.interest, line.amount),
        )

    def _get_instalment_amounts(self, principal, interest, amount):
        shown = (principal, interest, amount) if self.interest else (amount,)
        return tuple(self._format(value) for value in shown)

    def _prepare_missed_item(self, name, line, now):
        return Item(
            number=name,
            due_date=format_date(self.env, line.due_date),
            days_late=str((self._get_today() - line.due_date).days),
            original=self._format(now.owed),
            paid=self._format(now.paid) if now.paid else "",
            due=self._format(now.owed - now.paid),
        )

    # -- how to pay ----------------------------------------------------------------------------------------------------

    def _prepare_agreement_payment(self, reminder, kind):
        """Bank account and reference, with the code that orders the next instalment or what is claimed."""
        # The company prints its IBAN on every invoice.
        account = reminder._get_payment_bank_account().sudo()
        holder = account.acc_holder_name or account.partner_id.name or ""
        return Payment(
            holder=holder,
            iban=account.acc_number or "",
            bic=account.bank_bic or "",
            bank=account.bank_name or "",
            reference=self.name,
            qr=self._get_agreement_qr(account, holder, kind),
        )

    def _get_agreement_qr(self, account, holder, kind):
        """Content of the QR code of a SEPA transfer; empty for other currencies, or without an account."""
        if self.currency_id.name != "EUR":
            return ""
        amount = self._get_letter_amount(kind)
        if kind == "agreement":
            amount = self.next_amount or self.instalment_ids.sorted("due_date")[:1].amount
        exact = self.currency_id._to_decimal(amount)
        return epc_payload(holder, account.acc_number or "", exact, account.bank_bic or "", self.name)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_collection_renderer(self, report_ref):
        """Add the letters of agreements."""
        return {
            "credit_collection.agreement_letter": "_render_agreement_letter",
            "credit_collection.agreement_warning": "_render_warning_letter",
            "credit_collection.agreement_revocation": "_render_revocation_letter",
        }.get(self._get_report(report_ref).report_name) or super()._get_collection_renderer(report_ref)
