import re

from stdnum.fr import siren, siret

from odoo import models

from ..calc.postal_address import Trouble, find_problems, lay_out


class ResPartner(models.Model):
    """A customer on an envelope and in a court's papers."""

    _inherit = "res.partner"

    # -- envelope ------------------------------------------------------------------------------------------------------

    def _get_postal_lines(self, company, legal_name=None):
        """Lines of the address on an envelope that ``company`` posts.

        ``legal_name`` takes the place of the names, for what is sent to a registered office.
        """
        self.ensure_one()
        partner = self.with_context(lang=company.partner_id.lang)
        country = partner.country_id.name or ""
        lines = [
            line for line in partner._display_address(without_company=True).splitlines() if line.strip() != country
        ]
        abroad = self._is_abroad(company)
        names = [legal_name] if legal_name else self._get_postal_names()
        return lay_out(names, lines, self.city or "", country if abroad else "", self._has_french_address(company))

    def _get_postal_names(self):
        """The company, then the person or department it is for."""
        company_name = self.commercial_partner_id.name or self.commercial_company_name
        return list(dict.fromkeys(name for name in (company_name, self.name) if name))

    def _is_abroad(self, company):
        """Whether the envelope needs a country: overseas departments are reached by the French post without."""
        countries = self.country_id | company.country_id
        return len(countries) > 1 and not set(countries.mapped("code")) <= company._get_french_postal_countries()

    def _has_french_address(self, company):
        """Whether the rules of the French post apply."""
        return (self.country_id or company.country_id).code in company._get_french_postal_countries()

    def _get_address_obstacle(self, company, lines):
        """What the post would not deliver in ``lines``, in the user's words; an empty text if they are good."""
        problems = find_problems(lines, bool(self) and self._has_french_address(company), self._is_abroad(company))
        return " ".join(self._describe_address_problem(problem) for problem in problems)

    def _describe_address_problem(self, problem):
        if problem.trouble is Trouble.NO_ADDRESS:
            return self.env._("There is no postal address to write to.")
        if problem.trouble is Trouble.NO_TOWN:
            return self.env._("The postal address does not end with a postcode and a town.")
        if problem.trouble is Trouble.TOO_MANY_LINES:
            return self.env._("The postal address has %s lines: the post reads six at most.", problem.detail)
        words = self.env._(
            "The line “%s” of the postal address is too long: the post reads 38 characters at most.", problem.detail
        )
        if not problem.proposal:
            return words
        return words + " " + self.env._("It could read “%s”: write it so on the customer’s page.", problem.proposal)

    # -- identity ------------------------------------------------------------------------------------------------------

    def _get_registration(self):
        """Label and number under which the partner is registered, its tax number for want of one; None without any."""
        self.ensure_one()
        if number := self._get_siren():
            return "SIREN", f"{number[:3]}\u00a0{number[3:6]}\u00a0{number[6:]}"
        if self.company_registry:
            return self.company_registry_label, self.company_registry
        if self.vat and self.is_company:
            return self.country_id.vat_label or self.env._("VAT"), self.vat
        return None

    def _get_siren(self):
        """The nine digits of a French company, from its SIREN, SIRET or VAT number; empty for anybody else."""
        for number, pattern in ((self.company_registry, r"(\d{9})(\d{5})?"), (self.vat, r"FR..(\d{9})")):
            match = re.fullmatch(pattern, re.sub(r"[^0-9A-Za-z]", "", number or "").upper())
            if match and siren.is_valid(match[1]):
                return match[1]
        return ""

    def _get_siret(self):
        """The fourteen digits of a French establishment, as they are written; empty for anybody else."""
        number = re.sub(r"\D", "", self.company_registry or "")
        if len(number) != 14 or not siret.is_valid(number):
            return ""
        return "\u00a0".join((number[:3], number[3:6], number[6:9], number[9:]))

    def _get_single_line_address(self):
        """The address in one line, without names."""
        lines = self._display_address(without_company=True).splitlines()
        return ", ".join(line.strip() for line in lines if line.strip())
