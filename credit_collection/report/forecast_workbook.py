from datetime import date
from io import BytesIO

import xlsxwriter

from odoo import models

from .interest_workbook import OPTIONS


class CollectionForecast(models.Model):
    """What the screen of forecasts shows as a workbook: numbers and dates, the record beside them."""

    _inherit = "collection.forecast"

    def _render_forecast_workbook(self, options):
        """(content, name) of the XLSX of what the screen shows with these ``options``; None without a forecast."""
        screen = self.get_screen(options)
        if not screen["forecast"]:
            return None
        output = BytesIO()
        workbook = xlsxwriter.Workbook(output, OPTIONS)
        formats = {
            "head": workbook.add_format({"bold": True, "bg_color": "#EEF1F5", "text_wrap": True, "valign": "top"}),
            "title": workbook.add_format({"bold": True, "font_size": 13}),
            "date": workbook.add_format({"num_format": 14}),
            "amount": workbook.add_format({"num_format": 4}),
            "strong": workbook.add_format({"num_format": 4, "bold": True}),
            "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
        }
        currency = self.env["res.currency"].browse(screen["currency_id"]).name
        self._write_coming(workbook, formats, screen, currency)
        self._write_past(workbook, formats, screen, currency)
        self._write_record(workbook, formats, screen)
        workbook.close()
        name = f"{self.env._('Cash forecast')} - {screen['forecast']['as_of']} - {currency}.xlsx".replace("/", "-")
        return output.getvalue(), name

    def _write_coming(self, workbook, formats, screen, currency):
        sheet = workbook.add_worksheet(self.env._("Forecast"))
        scope = next(entry["name"] for entry in screen["scopes"] if entry["key"] == screen["scope"])
        company = next(entry["name"] for entry in screen["companies"] if entry["id"] == screen["company_id"])
        sheet.write_string(0, 0, self.env._("Cash forecast"), formats["title"])
        sheet.write_string(1, 0, f"{company} – {scope} – {currency}")
        sheet.write_string(2, 0, self.env._("As known at the end of %s", screen["forecast"]["as_of"]))
        columns = (
            (self.env._("Period"), "name", None),
            (self.env._("First Day"), "first_day", "date"),
            (self.env._("Overdue before"), "overdue", "amount"),
            (self.env._("Falls due"), "due", "amount"),
            (self.env._("Expected (shown)"), "shown", "strong"),
            (self.env._("Of which committed"), "committed", "amount"),
            (self.env._("Low"), "low", "amount"),
            (self.env._("High"), "high", "amount"),
            (self.env._("This forecast"), "expected", "amount"),
            (self.env._("Paid on the due date"), "naive_due_date", "amount"),
            (self.env._("After the usual delay"), "naive_average_delay", "amount"),
        )
        self._write_forecast_table(sheet, formats, 4, columns, screen["periods"])
        last = 5 + len(screen["periods"])
        sheet.write_string(last, 0, self.env._("Total"), formats["head"])
        for column, (_head, key, kind) in enumerate(columns):
            # Bounds of periods do not add up to the bounds of their sum.
            if kind in ("amount", "strong") and key not in ("low", "high"):
                sheet.write_number(last, column, sum(row[key] for row in screen["periods"]), formats["strong"])

    def _write_past(self, workbook, formats, screen, _currency):
        sheet = workbook.add_worksheet(self.env._("Past weeks"))
        sheet.write_string(0, 0, self.env._("Foretold on the eve, and received"), formats["title"])
        columns = (
            (self.env._("Week of"), "first_day", "date"),
            (self.env._("Expected"), "expected", "amount"),
            (self.env._("Low"), "low", "amount"),
            (self.env._("High"), "high", "amount"),
            (self.env._("Received"), "actual", "strong"),
            (self.env._("Gap"), "gap", "amount"),
            (self.env._("Paid on the due date"), "naive_due_date", "amount"),
            (self.env._("After the usual delay"), "naive_average_delay", "amount"),
        )
        self._write_forecast_table(sheet, formats, 2, columns, screen["past"])

    def _write_record(self, workbook, formats, screen):
        sheet = workbook.add_worksheet(self.env._("What it has been worth"))
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 2, 18)
        sheet.write_string(0, 0, self.env._("How good it has been"), formats["title"])
        sheet.merge_range(1, 0, 1, 2, "", formats["text"])
        sheet.write_string(1, 0, screen["record"]["sentence"], formats["text"])
        sheet.set_row(1, 135)
        heads = (self.env._("Forecast"), self.env._("Error of a week"), self.env._("Within the bounds"))
        for column, head in enumerate(heads):
            sheet.write_string(3, column, head, formats["head"])
        for row, entry in enumerate(screen["record"]["rows"], start=4):
            for column, key in enumerate(("label", "error", "coverage")):
                sheet.write_string(row, column, entry[key])

    def _write_forecast_table(self, sheet, formats, top, columns, rows):
        """``columns``: (head, key, "date", "amount", "strong" or None for words)."""
        for column, (head, _key, kind) in enumerate(columns):
            sheet.set_column(column, column, 16 if kind != "date" else 12)
            sheet.write_string(top, column, head, formats["head"])
        sheet.freeze_panes(top + 1, 1)
        for at, row in enumerate(rows, start=top + 1):
            for column, (_head, key, kind) in enumerate(columns):
                if row[key] is None:
                    continue
                if kind == "date":
                    sheet.write_datetime(at, column, date.fromisoformat(row[key]), formats["date"])
                elif kind:
                    sheet.write_number(at, column, row[key], formats[kind])
                else:
                    sheet.write_string(at, column, row[key])
