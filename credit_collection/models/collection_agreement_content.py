from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_amount, format_date, html_escape

from ..calc.written_date import write_first_day
from .collection_reminder_content import CELL


class CollectionAgreement(models.Model):
    """What letters and e-mails say of an agreement, in the customer's language: the placeholders of their texts."""

    _inherit = "collection.agreement"

    lang = fields.Char(compute="_compute_lang")
    principal_text = fields.Char(string="Principal in words", compute="_compute_texts")
    total_text = fields.Char(string="Total of the instalments", compute="_compute_texts")
    instalment_number = fields.Integer(string="Number of instalments", compute="_compute_texts")
    first_instalment_text = fields.Char(string="First instalment", compute="_compute_texts")
    interest_clause_text = fields.Char(string="Clause on interest", compute="_compute_texts")
    valid_until_text = fields.Char(string="Answer expected by, in words", compute="_compute_texts")
    accepted_on_text = fields.Char(string="Day of acceptance, in words", compute="_compute_texts")
    missed_text = fields.Char(string="Amount missed", compute="_compute_texts")
    missed_since_text = fields.Char(string="Date of the missed instalment", compute="_compute_texts")
    warned_on_text = fields.Char(string="Day of the warning, in words", compute="_compute_texts")
    regularise_until_text = fields.Char(string="Last day to regularise", compute="_compute_texts")
    open_text = fields.Char(string="What is open now", compute="_compute_texts")
    schedule_table = fields.Html(string="Table of the instalments", compute="_compute_schedule_table", sanitize=False)

    @api.depends("debtor_id")
    def _compute_lang(self):
        for agreement in self:
            partner, company = agreement.partner_id, agreement.company_id
            agreement.lang = partner.lang or company.partner_id.lang or self.env.lang

    def _compute_texts(self):
        for agreement in self:
            written = agreement.with_context(lang=agreement.lang)
            instalments = agreement.instalment_ids.sorted("due_date")
            agreement.principal_text = written._format(agreement.principal)
            agreement.total_text = written._format(agreement.total)
            agreement.instalment_number = len(instalments)
            agreement.first_instalment_text = written._format(instalments[:1].amount)
            agreement.interest_clause_text = written._get_interest_clause()
            agreement.valid_until_text = written._format_day(agreement.valid_until or agreement._get_today())
            agreement.accepted_on_text = written._format_day(agreement.accepted_on)
            agreement.missed_text = written._format(agreement.missed_amount)
            agreement.missed_since_text = written._format_day(agreement.missed_since)
            agreement.warned_on_text = written._format_day(agreement.warned_on)
            agreement.regularise_until_text = written._format_day(agreement._get_regularise_until())
            agreement.open_text = written._format(agreement._get_open_amount())

    def _get_regularise_until(self):
        """Last day that the warning grants: the one already given for what is missed, else as if it left today."""
        if self.regularise_until and not self.to_warn:
            return self.regularise_until
        return fields.Date.add(self._get_today(), days=self.regularise_days)

    def _get_open_amount(self):
        """What is open of the acknowledged debt now."""
        return sum(line._get_residual() for line in self.line_ids) if self.line_ids else self.principal

    def _get_interest_clause(self):
        """What becomes of late-payment interest, in one or two sentences."""
        if self.interest_mode == "waived":
            return self.env._(
                "Late-payment interest and recovery costs are not claimed as long as this agreement is kept, and are "
                "waived for good once it has been kept to its end. If it is revoked, they are owed from each due date "
                "on."
            )
        if self.interest_mode == "claimed":
            return self.env._(
                "Late-payment interest and recovery costs are owed in addition to these instalments: interest runs on "
                "what remains to be paid until full payment."
            )
        return self.env._(
            "The instalments include interest on what remains to be paid, at %(rate)s %% a year. No other "
            "late-payment interest is claimed as long as this agreement is kept; if it is revoked, it is owed from "
            "each due date on.",
            rate=f"{self.interest_percent:g}".replace(".", "," if (self.env.lang or "").startswith("fr") else "."),
        )

    def _format(self, amount):
        # A text may be tried on an agreement that nobody has filled in yet.
        return format_amount(self.env, float(amount or 0), self.currency_id or self.env.company.currency_id)

    def _format_day(self, day):
        # Written out: 05/12/2026 is May for some of those who read it.
        text = format_date(self.env, day, date_format="d MMMM y") if day else ""
        return write_first_day(text, self.env.lang)

    # -- table ---------------------------------------------------------------------------------------------------------

    def _compute_schedule_table(self):
        for agreement in self:
            agreement.schedule_table = agreement.with_context(lang=agreement.lang)._build_schedule_table()

    def _build_schedule_table(self):
        rows = [
            [name, format_date(self.env, line.due_date), self._format(line.amount)]
            for name, line in self._get_named_instalments()
        ]
        head = [self.env._("Instalment no."), self.env._("Date"), self.env._("Amount")]
        total = [self.env._("Total"), "", self._format(self.total)]
        return Markup('<table style="width:100%%;border-collapse:collapse;font-size:14px;">%s</table>') % Markup(
            ""
        ).join(
            self._build_row(cells, tag, strong)
            for cells, tag, strong in [(head, "th", False), *((row, "td", False) for row in rows), (total, "td", True)]
        )

    @staticmethod
    def _build_row(cells, tag, strong):
        weight = "font-weight:bold;" if strong else ""
        aligned = zip(cells, ("left", "left", "right"), strict=True)
        return Markup("<tr>%s</tr>") % Markup("").join(
            Markup('<%(tag)s style="%(cell)s%(weight)stext-align:%(align)s;white-space:nowrap;">%(text)s</%(tag)s>')
            % {"tag": Markup(tag), "cell": CELL, "weight": weight, "align": align, "text": html_escape(text)}
            for text, align in aligned
        )

    def _get_named_instalments(self):
        """[(name, instalment)] in order: "Down payment", "1/3"…"""
        instalments = self.instalment_ids.sorted("due_date")
        usual = instalments.filtered(lambda line: not line.is_down_payment)
        names = {line: f"{rank}/{len(usual)}" for rank, line in enumerate(usual, start=1)}
        return [(names.get(line) or self.env._("Down payment"), line) for line in instalments]

    # -- whom and how --------------------------------------------------------------------------------------------------

    def _imagine_reminder(self):
        """A reminder of the same debt that exists in memory alone: letterhead, recipients and bank are chosen alike."""
        # Made up to be read: nothing of it is stored.
        return (
            self.env["collection.reminder"]
            .sudo()
            .new(
                {
                    "debtor_id": self.debtor_id.id,
                    "date": self._get_today(),
                    "line_ids": [Command.create({"item_id": item.id, "claim": 1.0}) for item in self.item_ids],
                }
            )
        )

    def _find_recipients(self, address_kind):
        """Those who receive letters about the agreement, by "email" or by "postal" address; empty if nobody can."""
        recipients, _copies = self._imagine_reminder()._get_recipients(address_kind)
        return self.env["res.partner"].browse(recipients.ids)
