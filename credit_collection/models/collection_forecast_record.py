from datetime import timedelta

import numpy as np

from odoo import api, models

from ..calc.forecast_backtest import WEEKS as WEEKS_JUDGED
from ..calc.forecast_record import (
    AVERAGE_BETTER,
    DUE_DATE_BETTER,
    ENOUGH_WEEKS,
    TRUSTED,
    Record,
    judge,
)
from .share_format import format_share

# Forecasts of so many Sundays are held against what came.
SUNDAYS = 26


class CollectionForecast(models.Model):
    """The forecast's own record beside two that anyone could make, and what it allows to show."""

    _inherit = "collection.forecast"

    def _judge_record(self, currency, conditions):
        """How the forecasts of past Sundays have fared in a currency, weeks 1 to 4; a ``calc`` Verdict.

        ``conditions``: domain on the lines, all of one breakdown. Where the company has too few of them, the verdict is
        that of the forecast's last look at its own past, in percent alone.
        """
        self.ensure_one()
        lines = self._find_judged_lines(currency, conditions)
        record = Record(
            *(
                np.array(lines.mapped(name), float)
                for name in ("expected", "low", "high", "actual", "naive_due_date", "naive_average_delay")
            )
        )
        verdict = judge(record, self.payment_count)
        return verdict if verdict.weeks >= ENOUGH_WEEKS else self._as_verdict()

    def _find_judged_lines(self, currency, conditions):
        """Lines of the weeks that are over, of the forecasts of past Sundays, the first four weeks of each."""
        lines = self.env["collection.forecast.line"].search(
            [
                ("forecast_id.company_id", "=", self.company_id.id),
                ("forecast_id.state", "=", "past"),
                ("forecast_id.as_of", ">=", self.as_of - timedelta(weeks=SUNDAYS)),
                ("granularity", "=", "week"),
                ("is_over", "=", True),
                ("currency_id", "=", currency.id),
                *conditions,
            ]
        )
        reach = timedelta(weeks=WEEKS_JUDGED)
        return lines.filtered(lambda line: line.last_day <= line.as_of + reach)

    @api.model
    def _describe_verdict(self, verdict, payments):
        """What the record allows to show and why, in words."""
        errors = {
            "weeks": verdict.weeks,
            "error": self._format_share(verdict.error),
            "due_date": self._format_share(verdict.error_by_due_date),
            "average": self._format_share(verdict.error_by_average),
            "coverage": self._format_share(verdict.coverage),
        }
        if verdict.code == TRUSTED:
            found = self.env._(
                "Over %(weeks)s weekly forecasts, this one was off by %(error)s of the cash that came. Taking each "
                "invoice as paid on its due date would have been off by %(due_date)s, after the customer’s usual delay "
                "by %(average)s. What came was within the bounds %(coverage)s of the time; they are meant for 80%%.",
                **errors,
            )
            return found if verdict.is_dependable else f"{found} {self._describe_caution()}"
        if verdict.code == DUE_DATE_BETTER:
            return self.env._(
                "Over %(weeks)s weekly forecasts, taking each invoice as paid on its due date would have been nearer: "
                "off by %(due_date)s of the cash that came, where this forecast was off by %(error)s. That is what is "
                "shown, without bounds.",
                **errors,
            )
        if verdict.code == AVERAGE_BETTER:
            return self.env._(
                "Over %(weeks)s weekly forecasts, taking each invoice as paid after the customer’s usual delay would "
                "have been nearer: off by %(average)s of the cash that came, where this forecast was off by %(error)s. "
                "That is what is shown, without bounds.",
                **errors,
            )
        return self._describe_too_little(verdict, payments)

    @api.model
    def _describe_caution(self):
        return self.env._(
            "It is nearer than the two simple forecasts, which is why it is shown; but it is too far from what came to "
            "be planned upon yet."
        )

    def _describe_too_little(self, verdict, payments):
        known = {"weeks": verdict.weeks, "payments": payments}
        if verdict.shows == "due_date":
            return self.env._(
                "Too little is known to trust a forecast yet (%(weeks)s weekly forecasts, %(payments)s payments): each "
                "invoice is taken as paid on its due date, tomorrow if it has passed.",
                **known,
            )
        return self.env._(
            "Too little is known to trust a forecast yet (%(weeks)s weekly forecasts, %(payments)s payments): each "
            "invoice is taken as paid after the customer’s usual delay, tomorrow if that day has passed.",
            **known,
        )

    @api.model
    def _format_share(self, share):
        """A share as a percentage with one decimal, in the user's language; a dash where it is unknown."""
        if np.isnan(share):
            return "–"
        return format_share(self.env, share, digits=1)
