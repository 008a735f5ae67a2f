from dataclasses import replace

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import pdf

from .letter.assembly import Description, assemble, count_pages
from .letter.content import AddressBox, Letter
from .letter.drawing import render, title_of
from .letter_company import unbroken


class CollectionReminder(models.Model):
    """Reminders on paper."""

    _inherit = "collection.reminder"

    def _render_letter(self):
        """PDF of the letter with what it encloses. Raises UserError, saying whose letter it is and what forbids it."""
        self.ensure_one()
        try:
            annexes = self.with_context(lang=self.lang)._prepare_annexes()
            letter = self._prepare_printable_letter(annexes)
        except UserError as error:
            raise UserError(
                self.env._("%(label)s: %(value)s", label=self.debtor_id.display_name, value=error)
            ) from error
        fonts = self.company_id._get_letter_fonts()
        if not annexes:
            return render(letter, fonts)
        letter = replace(letter, pages_enclosed=sum(count_pages(annex.content, pdf) for annex in annexes))
        return assemble(render(letter, fonts), annexes, self._describe_assembled(letter), fonts, pdf)

    def _describe_assembled(self, letter):
        """What the file of a letter with enclosures says of itself."""
        translated = self.with_context(lang=self.lang)
        return Description(
            title=title_of(letter),
            author=letter.sender.name,
            language=letter.language,
            letter=letter.subject,
            stamp=f"{self.name} – " + translated.env._("Enclosure {enclosure} – Page {page}/{pages}"),
        )

    def _sort_for_the_post(self):
        """Sorted as the post wants them: home country first, then country, postcode and town."""
        if len(self) < 2:
            return self

        def place(reminder):
            partner = reminder._get_letter_recipient()
            abroad = partner.country_id != reminder.company_id.country_id
            return abroad, partner.country_id.code or "", partner.zip or "", partner.city or "", partner.name or ""

        return self.sorted(place)

    def _prepare_printable_letter(self, annexes=()):
        """The letter that lists ``annexes``. Raises UserError when something forbids to print it."""
        letter = replace(self._prepare_letter(), enclosures=tuple(annex.title for annex in annexes))
        company = self._get_letter_company()
        obstacles = (
            self._get_letter_recipient()._get_address_obstacle(company, letter.address),
            company._describe_uncovered_characters(letter),
        )
        if any(obstacles):
            raise UserError(" ".join(filter(None, obstacles)))
        return letter

    # -- content -------------------------------------------------------------------------------------------------------

    def _prepare_letter(self):
        """The letter as plain values, in the debtor's language. Override to change what it says."""
        self.ensure_one()
        subject, body = self._get_letter_template()._render_texts(self, self.lang)
        reminder = self.with_context(lang=self.lang)
        company = reminder._get_letter_company()
        recipient = reminder._get_letter_recipient()
        today = reminder.sent_date or reminder.company_id._get_collection_today()
        claimed = reminder._get_demanded_lines()
        return Letter(
            sender=company._prepare_letter_sender(recipient),
            address=reminder._get_letter_address(company, recipient),
            address_box=reminder._get_letter_address_box(),
            place_and_date=company._format_place_and_date(today),
            references=tuple(reminder._prepare_letter_references()),
            reference=self.name,
            parties=tuple(reminder._prepare_letter_parties(company)),
            registered=reminder._get_registered_mention(),
            tracking_number=self._get_registered_delivery().tracking_number or "",
            subject=subject,
            body=body,
            signature=company._prepare_letter_signature(self.user_id),
            language=(self.lang or "fr_FR").replace("_", "-"),
            **reminder._prepare_letter_claims(company, claimed),
            **reminder._prepare_letter_payment_terms(company, claimed),
        )

    def _get_letter_template(self):
        """The text of the letter: the level's, or the one of the company or for abroad that takes its place.

        Another one where it is being tried. Raises UserError where there is none.
        """
        if chosen := self.env.context.get("collection_letter_template_id"):
            return self.env["collection.letter.template"].browse(chosen)
        template = self.level_id.letter_template_id
        if not template:
            raise UserError(self.env._("The level “%s” has no text for a letter.", self.level_id.name))
        return template._get_variant(self.company_id, self._get_letter_recipient()._is_abroad(self.company_id))

    def _get_letter_company(self):
        """Whose letterhead: the branch's where all the invoices are of one branch, else the root company's."""
        # Which branch issued the invoices, not what is in them.
        branches = self._get_live_lines().item_id.sudo().move_id.company_id
        company = branches if len(branches) == 1 else self.company_id
        return company.with_context(lang=self.env.lang)

    def _get_letter_recipient(self):
        recipients, _copies = self._get_recipients("postal")
        return recipients[:1]

    def _get_letter_address(self, company, recipient):
        legal_name = self.debtor_id.partner_id.name if self.is_formal_notice else None
        return recipient._get_postal_lines(company, legal_name) if recipient else ()

    def _get_letter_address_box(self):
        """Where the address stands on the sheet. Override for whom posts it from other envelopes."""
        return AddressBox()

    def _get_registered_mention(self):
        if self._get_registered_delivery() or "registered" in self.level_id.channel_ids.mapped("channel"):
            return self.env._("Registered letter with acknowledgement of receipt")
        return ""

    def _get_registered_delivery(self):
        return self.delivery_ids.filtered(
            lambda delivery: delivery.channel == "registered" and delivery.state != "cancelled"
        )[:1]

    def _prepare_letter_references(self):
        """(label, text) of what both sides need to find the matter again."""
        yield self.env._("Our reference"), self.name
        if self.partner_id.ref:
            yield self.env._("Your customer number"), self.partner_id.ref
        if self.user_id:
            yield self.env._("Your contact"), ", ".join(filter(None, (self.user_id.name, unbroken(self.user_id.phone))))

    def _prepare_letter_parties(self, company):
        """(role, full identity) of both parties of a formal notice: a court wants to know who summons whom."""
        if not self.is_formal_notice:
            return
        # What identifies a company is public.
        yield self.env._("The creditor"), company.sudo()._get_legal_identity()
        yield self.env._("The debtor"), self.debtor_id._get_legal_identity()


class CollectionDebtor(models.Model):
    _inherit = "collection.debtor"

    def _get_legal_identity(self):
        """The debtor as a party: legal name, registered office, number in the register."""
        office = self.registered_office_id or self.partner_id
        registration = self.partner_id._get_registration()
        known = (
            self.partner_id.name,
            office._get_single_line_address(),
            registration and "\u00a0".join(registration),
        )
        return ", ".join(filter(None, known))
