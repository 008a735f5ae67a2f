"""A customer with a past and two open invoices, and words to say what is foretold of them."""

from datetime import timedelta

from .common import CollectionCase, day

# Sunday two days before Tuesday 10 March 2026.
LAST_SUNDAY = day(-2)


def foretell_yesterday(company):
    """The forecast of yesterday's end alone, without those of past Sundays: they take a second or two."""
    forecasts = company.env["collection.forecast"]
    company.env["collection.payment.history"]._refresh(company)
    return forecasts._make_forecast(company, company._get_collection_today() - timedelta(days=1))


def committed_by_week(company):
    """[(first day, amount)] of the weeks to which money is committed, as foretold now."""
    lines = foretell_yesterday(company).line_ids.filtered(
        lambda line: line.granularity == "week" and line.breakdown == "total" and line.committed
    )
    return [(str(line.first_day), line.committed) for line in lines.sorted("first_day")]


class ForecastCase(CollectionCase):
    """Three invoices were paid five days late; 500.00 is two days late, and 1 000.00 falls due on Friday 13 March."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.make_partner()
        for due in (-100, -70, -40):
            cls.pay(cls.make_invoice(cls.partner, 700, due=day(due)), 700, on=day(due + 5))
        cls.late = cls.make_invoice(cls.partner, 500, due=day(-2))
        cls.coming = cls.make_invoice(cls.partner, 1000, due=day(3))
        cls.debtor = cls.debtor_of(cls.partner)
        cls.forecasts = cls.env["collection.forecast"]
        # The country of a customer is one of its figures.
        cls.env["collection.debtor"]._refresh_figures(cls.company)

    @classmethod
    def foretell(cls, company=None):
        """What a night does; the forecast of yesterday's end."""
        return cls.forecasts._refresh_company(company or cls.company)

    @classmethod
    def lines(cls, forecast, granularity="week", breakdown="total"):
        """The forecast's periods in order."""
        lines = cls.env["collection.forecast.line"].search(
            [
                ("forecast_id", "=", forecast.id),
                ("granularity", "=", granularity),
                ("breakdown", "=", breakdown),
            ],
            order="first_day, id",
        )
        lines.invalidate_recordset()
        return lines

    @classmethod
    def expected_date(cls, invoice):
        """What is expected of the invoice's only open item."""
        return cls.env["collection.payment.date"].search([("move_line_id", "=", cls.open_lines(invoice).id)])

    @classmethod
    def make_record(cls, forecast, weeks=9, expected=100, due_date=150, average=60):
        """As many past Sundays as ``weeks``, whose first week brought 100.00, as foretold unless said otherwise."""
        cls.forecasts.search([("company_id", "=", cls.company.id), ("state", "=", "past")]).unlink()
        pasts = cls.forecasts.create(
            [
                {"company_id": cls.company.id, "as_of": day(-2 - 7 * rank), "state": "past"}
                for rank in range(1, weeks + 1)
            ]
        )
        cls.env["collection.forecast.line"].create(
            [
                {
                    "forecast_id": past.id,
                    "granularity": "week",
                    "breakdown": "total",
                    "currency_id": cls.euro.id,
                    "first_day": day(-1 - 7 * rank),
                    "last_day": day(5 - 7 * rank),
                    "expected": expected,
                    "low": 80,
                    "high": 120,
                    "naive_due_date": due_date,
                    "naive_average_delay": average,
                    "actual": 100,
                    "is_over": True,
                }
                for rank, past in enumerate(pasts, start=1)
            ]
        )
        forecast.payment_count = 200
