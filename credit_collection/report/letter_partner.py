import re
import textwrap

from odoo import models

from .letter.checks import ADDRESS_CHARACTERS

_PUNCTUATION = re.compile(r"\s*[,;:]\s*|\.(?=\s|$)")


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_postal_lines(self, company, legal_name=None):
        """Lines of the address on an envelope that ``company`` posts.

        ``legal_name`` takes the place of the names, for what is sent to a registered office.
        Source: NF Z 10-011 (no punctuation, town in capitals), UPU S42 (country last, in the sender's language).
        """
        self.ensure_one()
        names = [legal_name] if legal_name else self._get_postal_names()
        lines = [line for name in names for line in textwrap.wrap(name, ADDRESS_CHARACTERS)]
        partner = self.with_context(lang=company.partner_id.lang)
        for line in partner._display_address(without_company=True).splitlines():
            text = " ".join(_PUNCTUATION.sub(" ", line).split())
            if not text or (text == partner.country_id.name and self.country_id == company.country_id):
                continue
            is_last = text == partner.country_id.name or (self.city or "") in text
            lines.append(text.upper() if is_last else text)
        return tuple(lines)

    def _get_postal_names(self):
        """The company, then the person or department it is for."""
        company_name = self.commercial_partner_id.name or self.commercial_company_name
        return list(dict.fromkeys(name for name in (company_name, self.name) if name))
