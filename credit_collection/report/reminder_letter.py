from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .letter.content import Group, Item, Letter, Payment, Table, Total
from .letter.drawing import render_all


class CollectionReminder(models.Model):
    """Reminders on paper."""

    _inherit = "collection.reminder"

    def _render_letter(self):
        """PDF of the letter. Raises UserError when something forbids to print it."""
        self.ensure_one()
        return self._render_letters()

    def _render_letters(self, duplex=False):
        """One PDF of the letters, in postal order; printed on both sides, each begins on a new sheet."""
        return render_all(self._prepare_printable_letters(), self.env.company._get_letter_fonts(), duplex)

    def _sort_for_the_post(self):
        """Sorted as the post wants them: home country first, then country, postcode and town."""
        if len(self) < 2:
            return self

        def place(reminder):
            partner = reminder._get_letter_recipient()
            abroad = partner.country_id != reminder.company_id.country_id
            return abroad, partner.country_id.code or "", partner.zip or "", partner.city or "", partner.name or ""

        return self.sorted(place)

    def _prepare_printable_letters(self):
        for reminder in self._sort_for_the_post():
            try:
                yield reminder._prepare_printable_letter()
            except UserError as error:
                raise UserError(
                    self.env._("%(label)s: %(value)s", label=reminder.debtor_id.display_name, value=error)
                ) from error

    def _prepare_printable_letter(self):
        letter = self._prepare_letter()
        obstacles = (
            self._get_letter_recipient()._get_address_obstacle(self._get_letter_company(), letter.address),
            self.company_id._describe_uncovered_characters(letter),
        )
        if any(obstacles):
            raise UserError(" ".join(filter(None, obstacles)))
        return letter

    def _get_letter_obstacle(self):
        """Why the letter cannot be printed, in the user's words; None if it can."""
        self.ensure_one()
        try:
            self._prepare_printable_letter()
        except UserError as error:
            return str(error)
        return None

    # -- content -------------------------------------------------------------------------------------------------------

    def _prepare_letter(self):
        """The letter as plain values, in the debtor's language. Override to change what it says."""
        self.ensure_one()
        template = self._get_letter_template()
        if not template:
            raise UserError(self.env._("The level “%s” has no text for a letter.", self.level_id.name))
        subject, body = template._render_texts(self, self.lang)
        reminder = self.with_context(lang=self.lang)
        company = reminder._get_letter_company()
        recipient = reminder._get_letter_recipient()
        today = reminder.sent_date or reminder.company_id._get_collection_today()
        claimed = reminder._get_demanded_lines()
        return Letter(
            sender=company._prepare_letter_sender(recipient),
            address=reminder._get_letter_address(company, recipient),
            place_and_date=company._format_place_and_date(today),
            references=tuple(reminder._prepare_letter_references()),
            reference=self.name,
            registered=reminder._get_registered_mention(),
            tracking_number=self._get_registered_delivery().tracking_number or "",
            subject=subject,
            body=body,
            tables=tuple(reminder._prepare_letter_tables(claimed)),
            deadline=reminder._get_letter_deadline(company),
            amounts_due=tuple(
                reminder._format_amount(amount, currency) for currency, amount in self._get_totals(claimed)
            ),
            payment=reminder._prepare_letter_payment(claimed),
            signature=company._prepare_letter_signature(self.user_id),
            labels=company._prepare_letter_labels(),
            language=(self.lang or "fr_FR").replace("_", "-"),
        )

    def _get_letter_template(self):
        """The text of the letter: the level's, unless another one is being tried."""
        chosen = self.env.context.get("collection_letter_template_id")
        return self.env["collection.letter.template"].browse(chosen) if chosen else self.level_id.letter_template_id

    def _get_letter_company(self):
        """Whose letterhead: the branch's where all the invoices are of one branch, else the root company's."""
        branches = self._get_live_lines().item_id.sudo().move_id.company_id
        company = branches if len(branches) == 1 else self.company_id
        return company.with_context(lang=self.env.lang)

    def _get_letter_recipient(self):
        recipients, _copies = self._get_recipients("postal")
        return recipients[:1]

    def _get_letter_address(self, company, recipient):
        legal_name = self.debtor_id.partner_id.name if self.is_formal_notice else None
        return recipient._get_postal_lines(company, legal_name) if recipient else ()

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
            yield self.env._("Your contact"), ", ".join(filter(None, (self.user_id.name, self.user_id.phone)))

    def _get_letter_deadline(self, company):
        """The calendar date that a formal notice grants, written out."""
        if not self.is_formal_notice:
            return ""
        return company._format_letter_date(self.deadline_date or self._get_deadline_if_posted_today())

    # -- items ---------------------------------------------------------------------------------------------------------

    def _prepare_letter_tables(self, claimed):
        """The claimed items, and apart those merely recalled."""
        recalled = self._get_live_lines() - claimed
        claimed_title = recalled_title = ""
        if self.is_formal_notice:
            claimed_title = self.env._("Invoices you are put in default to pay")
            recalled_title = self.env._("Other open invoices, for information")
        elif recalled:
            recalled_title = self.env._("Not yet due, for information")
        if claimed:
            yield Table(tuple(self._prepare_letter_groups(claimed)), claimed_title)
        if recalled:
            yield Table(tuple(self._prepare_letter_groups(recalled)), recalled_title)

    def _prepare_letter_groups(self, lines):
        """One group a currency, each with its own total."""
        by_currency = lines.sorted(lambda line: (line.due_date, line.id)).grouped("currency_id")
        for currency, _amount in self._get_totals(lines):
            group = by_currency[currency]
            label = self.env._("Total in %s", currency.name) if len(by_currency) > 1 else self.env._("Total")
            items = tuple(self._prepare_letter_item(line) for line in group)
            yield Group(items, Total(label, **self._prepare_letter_amounts(group)))

    def _prepare_letter_item(self, line):
        """One row. What is paid and what is not claimed now explain how the amount became what is due."""
        # The customer's own invoice: whoever may write to him may quote it.
        move = line.sudo().move_id
        return Item(
            number=line.name or "/",
            date=self._format_letter_day(move.invoice_date or move.date),
            due_date=self._format_letter_day(line.due_date),
            days_late=str(line.days_late) if line.days_late > 0 else "",
            debtor=self.debtor_id.partner_id.name if self.debtor_id.payer_id else "",
            **self._prepare_letter_amounts(line),
        )

    def _prepare_letter_amounts(self, lines):
        """Amounts of lines of one currency, formatted; zero where it says nothing is left out."""
        amount, residual, claim = (sum(lines.mapped(name)) for name in ("amount", "residual", "claim"))
        currency = lines.currency_id
        return {
            "original": self._format_amount(amount, currency),
            "paid": self._format_amount_if_any(amount - residual, currency),
            "held": self._format_amount_if_any(residual - claim, currency),
            "due": self._format_amount(claim, currency),
        }

    def _format_amount_if_any(self, amount, currency):
        return "" if currency.is_zero(amount) else self._format_amount(amount, currency)

    def _format_letter_day(self, day):
        return format_date(self.env, day) if day else ""

    # -- payment -------------------------------------------------------------------------------------------------------

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
        """Content of the QR code for the first total that a standard can write; empty if none can."""
        if not account:
            return ""
        for currency, amount in self._get_totals(claimed):
            values = account._build_qr_code_vals(
                currency.round(amount), self.name, "", currency, self.partner_id, silent_errors=True
            )
            parameters = account._get_qr_code_generation_params(**values) if values else {}
            if parameters and parameters.get("barcode_type") == "QR":
                return parameters["value"]
        return ""
