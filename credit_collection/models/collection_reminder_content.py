from markupsafe import Markup

from odoo import fields, models
from odoo.tools import SQL, format_amount, format_date, format_list, hmac, html_escape

CELL = "padding:6px 4px;border-bottom:1px solid #dddddd;font-size:13px;"


class CollectionReminder(models.Model):
    """What a reminder says: amounts in words, tables, means of payment, in the debtor's language.

    The fields of this file are the placeholders of e-mail and letter templates.
    """

    _inherit = "collection.reminder"

    email_from = fields.Char(compute="_compute_email_from")
    total_text = fields.Char(string="Total claimed", compute="_compute_texts")
    overdue_total_text = fields.Char(string="Total overdue", compute="_compute_texts")
    first_due_date_text = fields.Char(string="Oldest due date", compute="_compute_texts")
    last_reminder_date_text = fields.Char(string="Date of the last reminder", compute="_compute_texts")
    past_reminders_text = fields.Char(string="Dates of past reminders", compute="_compute_texts")
    deadline_text = fields.Char(string="Deadline in words", compute="_compute_texts")
    items_table = fields.Html(compute="_compute_items_table", sanitize=False)
    payment_means = fields.Html(compute="_compute_payment_means", sanitize=False)
    answer_paid_url = fields.Char(compute="_compute_answer_urls")
    answer_problem_url = fields.Char(compute="_compute_answer_urls")
    answer_date_url = fields.Char(compute="_compute_answer_urls")

    # -- sender --------------------------------------------------------------------------------------------------------

    def _compute_email_from(self):
        for reminder in self:
            # The address that the company shows to its customers is no secret.
            company = reminder.company_id.sudo()
            collector = reminder.user_id
            reminder.email_from = (
                collector.email_formatted
                if collector.email
                else company.email_formatted or company.partner_id.email_formatted
            )

    def _find_reply_to(self):
        """{reminder: address for answers}: the debtor's thread where the mail gateway is set up, else the sender."""
        debtors = self.debtor_id
        senders = {reminder.debtor_id.id: reminder.email_from for reminder in self}
        authors = {reminder.debtor_id.id: reminder._get_author().id for reminder in self}
        addresses = debtors._notify_get_reply_to_batch(defaults=senders, author_ids=authors)
        return {reminder: addresses[reminder.debtor_id.id] for reminder in self}

    def _get_author(self):
        """Who writes: the collector, else the company."""
        return self.user_id.partner_id or self.company_id.partner_id

    # -- amounts and dates ---------------------------------------------------------------------------------------------

    def _compute_texts(self):
        past_dates = self._find_past_reminder_dates()
        for reminder in self:
            lines = reminder._get_live_lines()
            past = past_dates.get(reminder._origin.id, [])
            reminder.total_text = reminder._format_totals(reminder._get_demanded_lines())
            reminder.overdue_total_text = reminder._format_totals(lines.filtered(lambda line: line.days_late > 0))
            reminder.first_due_date_text = reminder._format_date(min(lines.mapped("due_date"), default=False))
            reminder.last_reminder_date_text = reminder._format_date(past[-1]) if past else ""
            reminder.past_reminders_text = ", ".join(reminder._format_date(day) for day in past)
            reminder.deadline_text = reminder._format_date(
                reminder.deadline_date or reminder._get_deadline_if_posted_today()
            )

    def _get_demanded_lines(self):
        """Lines that the reminder asks to be paid: those a formal notice puts in default, else all that is due."""
        lines = self._get_live_lines()
        if self.is_formal_notice:
            return lines.filtered(lambda line: line.level_id.is_formal_notice)
        return lines._get_claimed_now()

    def _get_deadline_if_posted_today(self):
        return fields.Date.add(self.company_id._get_collection_today(), days=self.level_id.deadline_days)

    def _find_past_reminder_dates(self):
        """{reminder id: days, in order, on which the debtor was reminded of items of the reminder}."""
        if not self.ids:
            return {}
        self.env["collection.reminder.line"].flush_model()
        self.env["collection.reminder"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.reminder_id, array_agg(DISTINCT past.sent_date ORDER BY past.sent_date)
                  FROM collection_reminder_line line
                  JOIN collection_reminder_line other ON other.item_id = line.item_id AND other.dropped IS NOT TRUE
                  JOIN collection_reminder past ON past.id = other.reminder_id AND past.id <> line.reminder_id
                 WHERE line.reminder_id IN %s AND line.dropped IS NOT TRUE AND past.sent_date IS NOT NULL
                 GROUP BY line.reminder_id
                """,
                tuple(self.ids),
            )
        )
        return dict(rows)

    def _format_totals(self, lines):
        """Sum by currency, never across: "1 200,00 €, 300,00 $ et 80,00 CHF"."""
        amounts = [self._format_amount(amount, currency) for currency, amount in self._get_totals(lines)]
        return format_list(self.env, amounts, lang_code=self.lang)

    def _get_totals(self, lines):
        """[(currency, amount)] of what is claimed, interest and lump sums included; the company's currency first."""
        totals = self._sum_late_claims(lines)["total"].items()
        return sorted(totals, key=lambda total: (total[0] != self.company_currency_id, total[0].name))

    def _format_amount(self, amount, currency):
        return format_amount(self.env, amount, currency, lang_code=self.lang)

    # -- tables --------------------------------------------------------------------------------------------------------

    def _compute_items_table(self):
        for reminder in self:
            translated = reminder.with_context(lang=reminder.lang)
            reminder.items_table = translated._build_items_table()

    def _build_items_table(self):
        lines = self._get_live_lines().sorted(lambda line: (line.currency_id.name, line.due_date, line.id))
        head = Markup("").join(
            Markup('<th style="%stext-align:%s;">%s</th>') % (CELL, align, label)
            for label, align in self._get_table_head()
        )
        body = Markup("").join(
            Markup("").join(self._build_row(line) for line in group) + self._build_principal_row(currency, lines)
            for currency, group in lines.grouped("currency_id").items()
        )
        body += self._build_late_rows(self._get_demanded_lines())
        return Markup(
            '<table style="width:100%%;border-collapse:collapse;font-size:14px;"><thead><tr>%s</tr></thead>'
            "<tbody>%s</tbody></table>"
        ) % (head, body)

    def _get_table_head(self):
        head = [
            (self.env._("Invoice"), "left"),
            (self.env._("Due date"), "left"),
            (self.env._("Days late"), "right"),
            (self.env._("Still due"), "right"),
        ]
        return [(self.env._("Customer"), "left"), *head] if self.debtor_id.payer_id else head

    def _build_row(self, line):
        cells = [
            (line.name or "/", "left"),
            (format_date(self.env, line.due_date, lang_code=self.lang), "left"),
            (str(line.days_late) if line.days_late > 0 else self.env._("to come"), "right"),
            (self._format_amount(line.claim, line.currency_id), "right"),
        ]
        if self.debtor_id.payer_id:
            cells.insert(0, (self.debtor_id.display_name, "left"))
        return Markup("<tr>%s</tr>") % Markup("").join(
            Markup('<td style="%stext-align:%s;white-space:nowrap;">%s</td>') % (CELL, align, html_escape(text))
            for text, align in cells
        )

    def _build_principal_row(self, currency, lines):
        of_currency = lines.filtered(lambda line: line.currency_id == currency)._get_claimed_now()
        total = self._format_amount(sum(of_currency.mapped("claim")), currency)
        return self._build_total_row(self.env._("Total due in %s", currency.name), total)

    def _build_late_rows(self, lines):
        """What being late costs, and all that is claimed with it; nothing where nothing of the kind is claimed."""
        sums = self._sum_late_claims(lines)
        labels = (
            ("interest", self.env._("Late-payment interest")),
            ("lump_sum", self.env._("Lump sum for recovery costs")),
            ("total", self.env._("Total claimed")),
        )
        if not sums["interest"] and not sums["lump_sum"]:
            return Markup("")
        return Markup("").join(
            self._build_total_row(label, self._format_sums(sums[name])) for name, label in labels if sums[name]
        )

    def _build_total_row(self, label, amount):
        return Markup(
            '<tr><td colspan="%s" style="%sfont-weight:bold;">%s</td>'
            '<td style="%stext-align:right;font-weight:bold;white-space:nowrap;">%s</td></tr>'
        ) % (len(self._get_table_head()) - 1, CELL, label, CELL, amount)

    def _compute_payment_means(self):
        accounts = self._find_payment_bank_accounts()
        for reminder in self:
            translated = reminder.with_context(lang=reminder.lang)
            reminder.payment_means = translated._build_payment_means(accounts[reminder])

    def _build_payment_means(self, account):
        rows = [(self.env._("Reference to quote"), self.name)]
        if account:
            rows.insert(0, ("IBAN", account.acc_number))
        if account.bank_bic:
            rows.insert(1, ("BIC", account.bank_bic))
        return Markup("<p>%s</p>") % Markup("<br/>").join(
            self.env._("%(label)s: %(value)s", label=label, value=Markup("<strong>%s</strong>") % text)
            for label, text in rows
        )

    def _find_payment_bank_accounts(self):
        """{reminder: bank account that its debtor is asked to pay into}; empty if the company has none.

        Chosen as core chooses that of an invoice: in the currency or in any, and among those one that is trusted.
        """
        # The company prints its IBAN on every invoice: the collector may too, without reading bank accounts.
        found = {}
        for company, reminders in self.sudo().grouped("company_id").items():
            own = company.partner_id.bank_ids | company._get_collection_companies().partner_id.bank_ids
            accounts = own.filtered(lambda account, c=company: account.company_id.root_id in (c, c.browse()))
            for reminder in reminders:
                currency = reminder._get_live_lines().currency_id[:1] or company.currency_id
                ranked = accounts.sorted(
                    lambda account, currency=currency, company=company: (
                        account.currency_id not in (currency, currency.browse()),
                        not account.allow_out_payment,
                        account.partner_id != company.partner_id,
                    )
                )
                found[reminder] = ranked[:1]
        return found

    def _get_payment_bank_account(self):
        """Bank account that the debtor is asked to pay into; empty if the company has none."""
        self.ensure_one()
        return self._find_payment_bank_accounts()[self]

    # -- answers -------------------------------------------------------------------------------------------------------

    def _compute_answer_urls(self):
        for reminder in self:
            page = f"{reminder.company_id.get_base_url()}/collection/answer/{reminder.id}"
            base = f"{page}/{reminder._get_answer_token()}"
            reminder.answer_paid_url = f"{base}/paid"
            reminder.answer_problem_url = f"{base}/problem"
            reminder.answer_date_url = f"{base}/date"

    def _get_answer_token(self):
        """Secret of the reminder's answer page: whoever holds the message may answer it, nobody else."""
        self.ensure_one()
        # The key of the signature never leaves this call.
        return hmac(self.env(su=True), "collection-answer", self.id)
