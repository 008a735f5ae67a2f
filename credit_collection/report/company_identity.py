import re

from odoo import fields, models
from odoo.tools import format_amount


class ResCompany(models.Model):
    """Who the company is in law: at the foot of its letters, and where they name the parties."""

    _inherit = "res.company"

    collection_legal_form = fields.Char(string="Legal Form", help="As the trade register has it: SAS, SARL…")
    collection_share_capital = fields.Monetary(string="Share Capital")
    collection_registry_city = fields.Char(string="Trade Register of", help="Town of the register (RCS).")

    def _get_french_postal_countries(self):
        """Codes of the countries whose addresses the French post sorts, overseas departments and communities included.

        Override to add one.
        """
        return frozenset({"FR", "GP", "MQ", "GF", "RE", "YT", "MF", "BL", "PM", "NC", "PF", "WF"})

    def _get_letter_legal_mentions(self):
        """Legal form, capital and trade register, with the numbers they do not hold already."""
        vat = self.country_id.vat_label or self.env._("VAT")
        registration, siret = self._get_letter_registration(), self.partner_id._get_siret()
        # The number of the establishment begins with that of the company.
        own = () if siret and registration[0] == "SIREN" else (registration,)
        numbers = (*own, ("SIRET", siret), (vat, self.vat))
        return " – ".join(self._complete_mentions(self._get_legal_form_and_capital(), numbers))

    def _get_legal_identity(self):
        """The company as a party: name, legal form and capital, registered office, trade register."""
        known = (self.name, self._get_legal_form_and_capital(), self.partner_id._get_single_line_address())
        return ", ".join(self._complete_mentions(", ".join(filter(None, known)), (self._get_letter_registration(),)))

    def _get_legal_form_and_capital(self):
        """ "SAS with a capital of €50,000" from the fields, else the mentions that somebody wrote out."""
        if not self.collection_legal_form:
            return self.collection_legal_mentions or ""
        if not self.collection_share_capital:
            return self.collection_legal_form
        return self.env._(
            "%(form)s with a capital of %(capital)s",
            form=self.collection_legal_form,
            capital=format_amount(
                self.env,
                self.collection_share_capital,
                self.currency_id,
                lang_code=self.env.lang,
                trailing_zeroes=False,
            ),
        )

    def _get_letter_registration(self):
        """(label, number): "RCS Lyon" and the SIREN, or what the country calls it."""
        label, number = self.partner_id._get_registration() or ("", "")
        if label == "SIREN" and self.collection_registry_city:
            label = f"RCS {self.collection_registry_city}"
        return label, number

    def _complete_mentions(self, mentions, numbers):
        """``mentions``, then the numbers whose digits are not in them."""
        known = _alphanumeric(mentions)
        missing = [
            f"{label}\u00a0{number}" for label, number in numbers if number and _alphanumeric(number) not in known
        ]
        return filter(None, (mentions, *missing))


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_legal_form = fields.Char(related="company_id.root_id.collection_legal_form", readonly=False)
    collection_share_capital = fields.Monetary(
        related="company_id.root_id.collection_share_capital", readonly=False, currency_field="currency_id"
    )
    collection_registry_city = fields.Char(related="company_id.root_id.collection_registry_city", readonly=False)


def _alphanumeric(text):
    return re.sub(r"[^0-9A-Za-z]", "", text).upper()
