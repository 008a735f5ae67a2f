from odoo import fields, models


class CollectionReminder(models.Model):
    """How a letter explains the interest that it claims: placeholders of its text, in the debtor's language."""

    _inherit = "collection.reminder"

    interest_basis_text = fields.Char(string="Legal basis of interest", compute="_compute_interest_texts")
    interest_method_text = fields.Char(string="How interest is computed", compute="_compute_interest_texts")

    def _compute_interest_texts(self):
        for reminder in self:
            translated = reminder.with_context(lang=reminder.lang)
            lines = translated._get_demanded_lines().filtered(lambda line: line.interest or line.lump_sum)
            claims = lines.item_id._compute_interest(until=max(lines.mapped("interest_until"))) if lines else {}
            reminder.interest_basis_text = " ".join(dict.fromkeys(filter(None, (c.mention for c in claims.values()))))
            reminder.interest_method_text = translated._describe_interest_method(lines, claims)

    def _describe_interest_method(self, lines, claims):
        """The computation in one sentence; empty where no interest is claimed."""
        bearing = lines.filtered("interest")
        if not bearing:
            return ""
        return self.env._(
            "Interest is counted up to %(date)s: sum due × yearly rate × number of days ÷ %(days)s, part payments "
            "being deducted from their date; it runs on until full payment.",
            date=self._format_date(max(bearing.mapped("interest_until"))),
            days="/".join(str(days) for days in sorted({claims[line.item_id].rule.year_days for line in bearing})),
        )
