from odoo import models
from odoo.tools import pdf

from .letter.deposit_slip import Slip, SlipLabels, SlipLine, render_slip
from .letter.merging import merge


class CollectionDeposit(models.Model):
    """The slip that goes to the post with registered letters."""

    _inherit = "collection.deposit"

    def _render_slip(self):
        """PDF of the deposit slip, in the company's language: it is the post that reads it."""
        self.ensure_one()
        deposit = self.with_context(lang=self.company_id.partner_id.lang or self.env.lang)
        return render_slip(deposit._prepare_slip(), self.company_id._get_letter_fonts())

    def _prepare_slip(self):
        """The slip as plain values. Override to change what it says."""
        company = self.company_id
        letters = self._get_letters()
        numbered = len(letters.filtered("tracking_number"))
        return Slip(
            number=self.name,
            date=company._format_letter_date(self.date),
            sender=company.partner_id._get_postal_lines(company),
            lines=tuple(self._prepare_slip_line(letter) for letter in letters),
            total=self.env._(
                "Registered letters: %(letters)s, with a number: %(numbers)s", letters=len(letters), numbers=numbered
            ),
            labels=self._prepare_slip_labels(),
            language=(self.env.lang or "fr_FR").replace("_", "-"),
        )

    def _prepare_slip_line(self, letter):
        recipient = letter.recipient_ids[:1]
        legal_name = letter.reminder_id.is_formal_notice and letter.debtor_id.partner_id.name
        return SlipLine(
            tracking_number=letter.tracking_number or "",
            reference=letter.reminder_id.name,
            addressee=legal_name or recipient.commercial_partner_id.name or recipient.name or letter.recipients,
            town=" ".join(filter(None, (recipient.zip, (recipient.city or "").upper()))),
        )

    def _prepare_slip_labels(self):
        return SlipLabels(
            title=self.env._("Deposit slip of registered letters"),
            acknowledgement=self.env._("Registered letters with acknowledgement of receipt"),
            sender=self.env._("Sender"),
            rank=self.env._("No."),
            tracking_number=self.env._("Tracking number"),
            reference=self.env._("Reference"),
            addressee=self.env._("Addressee"),
            town=self.env._("Town"),
            page=self.env._("Page"),
            sender_signature=self.env._("Signature of the sender"),
            post_stamp=self.env._("Stamp and signature of the post office"),
        )

    def _render_print_run(self):
        """One PDF to print: the slip twice, for the post and for us, then the letters in its order."""
        self.ensure_one()
        # The letters belong to the debtors' pages: whoever reads the deposit's deliveries reads those.
        letters = [letter.attachment_id.raw for letter in self._get_letters().sudo() if letter.attachment_id]
        slip = self._render_slip()
        return merge([slip, slip, *letters], pdf, duplex=True)
