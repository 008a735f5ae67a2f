from io import BytesIO

import xlsxwriter

from odoo import models

# Text that a customer typed is never a formula nor a link.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
WIDTHS = (22, 12, 12, 12, 12, 8, 14, 12, 14, 10, 44)


class CollectionInterest(models.AbstractModel):
    """The computation of interest as a workbook: the same lines as on paper, as numbers and dates."""

    _inherit = "collection.interest"

    def _write_interest_workbook(self, debtor, claims, until):
        """XLSX of the computation of ``claims``, {journal item: InterestClaim}, of one debtor up to ``until``."""
        output = BytesIO()
        workbook = xlsxwriter.Workbook(output, OPTIONS)
        formats = {
            "head": workbook.add_format({"bold": True, "bg_color": "#EEF1F5", "text_wrap": True}),
            "title": workbook.add_format({"bold": True, "font_size": 13}),
            "date": workbook.add_format({"num_format": 14}),
            "amount": workbook.add_format({"num_format": 4}),
            "strong": workbook.add_format({"num_format": 4, "bold": True}),
            "percent": workbook.add_format({"num_format": "0.00##"}),
        }
        self._write_periods(workbook, formats, debtor, claims, until)
        self._write_totals(workbook, formats, claims)
        workbook.close()
        return output.getvalue()

    def _write_periods(self, workbook, formats, debtor, claims, until):
        sheet = workbook.add_worksheet(self.env._("Periods"))
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, self.env._("Computation of late-payment interest"), formats["title"])
        sheet.write_string(1, 0, debtor.display_name)
        sheet.write_string(2, 0, self.env._("Last day counted"))
        sheet.write_datetime(2, 1, until, formats["date"])
        heads = (
            self.env._("Invoice"),
            self.env._("Date"),
            self.env._("Due date"),
            self.env._("First Day"),
            self.env._("Last Day"),
            self.env._("Days"),
            self.env._("On"),
            self.env._("Rate (%)"),
            self.env._("Interest"),
            self.env._("Currency"),
            self.env._("Remark"),
        )
        for column, head in enumerate(heads):
            sheet.write_string(4, column, head, formats["head"])
        sheet.freeze_panes(5, 1)
        row = 5
        for move_line, claim in self._sort_claims(claims):
            for values in self._prepare_workbook_rows(claim):
                self._write_item(sheet, row, formats, move_line)
                self._write_values(sheet, row, formats, values)
                row += 1

    @staticmethod
    def _write_item(sheet, row, formats, move_line):
        sheet.write_string(row, 0, move_line.move_name or "/")
        sheet.write_datetime(row, 1, move_line.invoice_date or move_line.date, formats["date"])
        sheet.write_datetime(row, 2, move_line.date_maturity or move_line.date, formats["date"])

    @staticmethod
    def _write_values(sheet, row, formats, values):
        """``values`` from the fourth column on, [(value, name of its format)]; None leaves a cell empty."""
        for column, (value, kind) in enumerate(values, start=3):
            if value is None:
                continue
            if kind == "date":
                sheet.write_datetime(row, column, value, formats[kind])
            elif kind:
                sheet.write_number(row, column, float(value), formats[kind])
            elif isinstance(value, int):
                sheet.write_number(row, column, value)
            else:
                sheet.write_string(row, column, value)

    def _prepare_workbook_rows(self, claim):
        """A row a period, then one for what is taken off, one for the lump sum, or one that says why there is none."""
        blank = (None, None)
        if not claim.claimed:
            yield (blank,) * 6 + ((claim.currency.name, None), (claim.reason, None))
            return
        for line in claim.statement.lines:
            known = line.percent is not None
            yield (
                (line.start, "date"),
                (line.end, "date"),
                (line.days, None),
                (line.base, "amount"),
                (line.percent, "percent"),
                (line.amount, "amount"),
                (claim.currency.name, None),
                ("" if known else self.env._("No published rate: not claimed"), None),
            )
        for amount, remark in (
            (claim.statement.paid, self.env._("Settled by payments")),
            (claim.waived, self.env._("Waived")),
        ):
            if amount:
                yield (blank,) * 5 + ((-amount, "amount"), (claim.currency.name, None), (remark, None))
        if claim.lump_sum:
            remark = self.env._("Lump sum for recovery costs")
            yield (blank,) * 5 + ((claim.lump_sum, "amount"), (claim.lump_sum_currency.name, None), (remark, None))
        if claim.reason:
            yield (blank,) * 7 + ((claim.reason, None),)

    def _write_totals(self, workbook, formats, claims):
        sheet = workbook.add_worksheet(self.env._("Totals"))
        sheet.set_column(0, 3, 22)
        heads = (
            self.env._("Currency"),
            self.env._("Interest"),
            self.env._("Lump sums"),
            self.env._("Total"),
        )
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, formats["head"])
        for row, (currency, (interest, lump_sum)) in enumerate(self._sum_claims(claims).items(), start=1):
            sheet.write_string(row, 0, currency.name)
            for column, amount in enumerate((interest, lump_sum, interest + lump_sum), start=1):
                sheet.write_number(row, column, float(amount), formats["strong"])
        row = len(self._sum_claims(claims)) + 3
        for mention in dict.fromkeys(claim.mention for claim in claims.values() if claim.claimed and claim.mention):
            sheet.write_string(row, 0, mention)
            row += 1
