import base64
import re

from odoo import models
from odoo.tools import format_date

from ..calc.written_date import write_first_day
from .letter.content import Labels, Sender, Signature

_DARK_ENOUGH = 0.6  # luminance of a colour that still reads on white paper


class ResCompany(models.Model):
    """What letters of a company have in common: letterhead, signature and words."""

    _inherit = "res.company"

    # -- letterhead ----------------------------------------------------------------------------------------------------

    def _prepare_letter_sender(self, reader):
        """The company as it stands on its letters to the partner ``reader``. Override to change it."""
        self.ensure_one()
        # The letterhead is public: a collector of another branch prints it too.
        company = self.sudo()
        sender = {
            "name": company.name,
            "lines": tuple(company._get_letterhead_lines(reader)),
            "legal": company._get_letter_legal_mentions(),
            "logo": b"" if company.uses_default_logo else base64.b64decode(company.logo or b""),
        }
        if color := _dark_color(company.primary_color):
            sender["accent"] = color
        return Sender(**sender)

    def _get_letterhead_lines(self, reader):
        abroad = bool(reader.country_id) and reader.country_id != self.country_id
        for line in self.partner_id._display_address(without_company=True).splitlines():
            if line.strip() and (abroad or line.strip() != self.country_id.name):
                yield line.strip()
        if self.phone:
            yield self.env._("Tel. %s", unbroken(self.phone))
        if self.email:
            yield self.email
        if self.website:
            yield re.sub(r"^https?://|/$", "", self.website)

    def _prepare_letter_signature(self, user):
        """Who signs: the company's signatory, else the collector."""
        # What is printed at the foot of the company's letters, whoever prints one.
        company = self.sudo()
        return Signature(
            name=company.collection_signatory_name or user.name or "",
            capacity=company.collection_signatory_capacity or "",
            image=base64.b64decode(company.collection_signature or b""),
        )

    # -- words ---------------------------------------------------------------------------------------------------------

    def _format_letter_date(self, day):
        """``day`` written out, in the language of the context: "1er décembre 2025", "1 December 2025"."""
        text = write_first_day(format_date(self.env, day, date_format="d MMMM y"), self.env.lang)
        return text.replace(" ", "\u00a0")

    def _format_place_and_date(self, day):
        date = self._format_letter_date(day)
        # The letterhead is public.
        city = self.sudo().city
        return self.env._("%(city)s, %(date)s", city=city, date=date) if city else date

    def _prepare_letter_labels(self):
        """The fixed words of a letter, in the language of the context."""
        return Labels(
            colon="\u00a0: " if (self.env.lang or "").startswith("fr") else ": ",
            subject=self.env._("Subject"),
            tracking_number=self.env._("Tracking number"),
            page=self.env._("Page"),
            number=self.env._("Invoice"),
            debtor=self.env._("Customer"),
            date=self.env._("Date"),
            due_date=self.env._("Due date"),
            days_late=self.env._("Days late"),
            original=self.env._("Amount"),
            paid=self.env._("Paid"),
            held=self.env._("Not claimed now"),
            due=self.env._("Due"),
            payment=self.env._("How to pay"),
            deadline=self.env._("To be paid by"),
            total=self.env._("To be paid"),
            also=self.env._("and"),
            holder=self.env._("Account holder"),
            iban=self.env._("IBAN"),
            bic=self.env._("BIC"),
            bank=self.env._("Bank"),
            payment_reference=self.env._("Reference to quote"),
            link=self.env._("Pay online"),
            qr=self.env._("Scan with your banking app"),
            link_qr=self.env._("Scan to pay online"),
            enclosures=self.env._("Enclosures"),
        )


def unbroken(text):
    """``text`` that stays on one line: a telephone number is not cut at its spaces."""
    return (text or "").strip().replace(" ", "\u00a0")


def _dark_color(color):
    """The colour if it is one and reads on white."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", color or ""):
        return None
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return color if 0.2126 * red + 0.7152 * green + 0.0722 * blue <= _DARK_ENOUGH else None
