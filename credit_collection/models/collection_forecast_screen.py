from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import format_date, format_datetime

GRANULARITIES = ("day", "week", "month")
# Weeks of the past that the graph shows before those to come; the table shows more.
WEEKS_DRAWN = 8
WEEKS_LISTED = 26
FORMATS = {"day": "EEE d MMM", "week": "d MMM", "month": "LLLL yyyy"}
# From so many customers on, a forecast takes longer than a request may: the scheduler makes it.
MANY_CUSTOMERS = 2000
# Last day of a period that begins or ends amid a week or a month.
CUT_FORMATS = {"week": "d MMM", "month": "d MMMM yyyy"}


class CollectionForecast(models.Model):
    """What the screen of forecasts shows, and its workbook: periods to come, weeks past, the record, the plan."""

    _inherit = "collection.forecast"

    @api.model
    def get_screen(self, options=None):
        """All that the screen shows, with the rights of whoever looks.

        ``options``: ``company_id``, ``currency_id``, ``granularity`` ("day", "week", "month") and ``scope``, one of the
        scopes offered; whatever is not offered is replaced by the first that is.
        """
        options = options if isinstance(options, dict) else {}
        company = self._choose_company(options.get("company_id"))
        forecast = self._get_current(company)
        screen = {
            # A branch's people know the name of their company.
            "companies": [{"id": root.id, "name": root.sudo().name} for root in self.env.companies.root_id],
            "company_id": company.id,
            "can_refresh": self.env.user.has_group("credit_collection.group_collection_manager"),
            "forecast": None,
        }
        scopes = forecast._get_scopes() if forecast else {}
        if not scopes:
            return screen
        currency, scope, granularity = forecast._choose(scopes, options)
        return {
            **screen,
            **forecast._get_choices(scopes, currency),
            "currency_id": currency.id,
            "scope": scope,
            "granularity": granularity,
            "forecast": forecast._describe(),
            **forecast._get_figures(currency, scope, granularity),
        }

    @api.model
    def refresh_now(self, company_id):
        """Foretell anew, for managers: what the next night would do. Raises AccessError for others.

        Returns whether it is done; where there are many customers, the scheduler begins within a minute.
        """
        if not self.env.user.has_group("credit_collection.group_collection_manager"):
            raise AccessError(self.env._("Only managers have the forecast made before its hour."))
        company = self._choose_company(company_id)
        # The forecast is the program's own, whatever of the ledger the manager may read.
        self = self.sudo()
        customers = self.env["collection.debtor"].search_count([("company_id", "=", company.id)], limit=MANY_CUSTOMERS)
        if customers == MANY_CUSTOMERS:
            self.env.ref("credit_collection.cron_forecast")._trigger()
            return False
        self._refresh_company(company)
        return True

    # -- what is offered and chosen ------------------------------------------------------------------------------------

    @api.model
    def _choose_company(self, company_id):
        offered = self.env.companies.root_id
        return offered.filtered(lambda root: root.id == company_id) or self.env.company.root_id

    def _get_scopes(self):
        """{currency: {scope: name}}: what the user may look at, all customers first."""
        groups = self.env["collection.forecast.line"]._read_group(
            [("forecast_id", "=", self.id), ("granularity", "=", "week")],
            ["currency_id", "breakdown", "collector_id", "customer_kind", "country_id"],
        )
        scopes = {}
        for currency, breakdown, collector, kind, country in groups:
            scope = _name_scope(breakdown, collector.id, kind, country.id)
            scopes.setdefault(currency, {})[scope] = self._describe_scope(breakdown, collector, kind, country)
        ranks = {"total": 0, "collector": 1, "segment": 2}
        own = self.company_id.currency_id
        return {
            currency: dict(
                sorted(scopes[currency].items(), key=lambda entry: (ranks[entry[0].split("-")[0]], entry[1].lower()))
            )
            for currency in sorted(scopes, key=lambda currency: (currency != own, currency.name))
        }

    def _describe_scope(self, breakdown, collector, kind, country):
        if breakdown == "total":
            return self.env._("All customers")
        if breakdown == "collector":
            # The name of a colleague is no secret to whoever may see his figures.
            return collector.sudo().name or self.env._("Nobody")
        kinds = dict(self.env["collection.debtor"]._fields["customer_kind"]._description_selection(self.env))
        return f"{kinds[kind]} – {country.name or self.env._('Country unknown')}"

    def _choose(self, scopes, options):
        """(currency, scope, granularity) that are there, as asked as far as they are."""
        currency = next((known for known in scopes if known.id == options.get("currency_id")), next(iter(scopes)))
        scope = str(options.get("scope"))
        granularity = options.get("granularity")
        return (
            currency,
            scope if scope in scopes[currency] else next(iter(scopes[currency])),
            granularity if granularity in GRANULARITIES else "week",
        )

    def _get_choices(self, scopes, currency):
        return {
            "currencies": [{"id": known.id, "name": known.name} for known in scopes],
            "scopes": [
                {"key": scope, "name": name, "breakdown": scope.split("-")[0]}
                for scope, name in scopes[currency].items()
            ],
        }

    @api.model
    def _get_scope_domain(self, scope):
        """Domain on the lines of a scope that ``_get_scopes`` offers."""
        breakdown, *key = scope.split("-")
        domain = [("breakdown", "=", breakdown)]
        if breakdown == "collector":
            domain.append(("collector_id", "=", int(key[0]) or False))
        elif breakdown == "segment":
            domain += [("customer_kind", "=", key[0]), ("country_id", "=", int(key[1]) or False)]
        return domain

    # -- figures -------------------------------------------------------------------------------------------------------

    def _describe(self):
        self.ensure_one()
        return {
            "id": self.id,
            "as_of": format_date(self.env, self.as_of),
            "made_at": format_datetime(self.env, self.made_at, dt_format="short"),
            "items": self.item_count,
        }

    def _get_figures(self, currency, scope, granularity):
        conditions = self._get_scope_domain(scope)
        verdict = self._judge_record(currency, conditions)
        shows = verdict.shows
        return {
            "shows": shows,
            "periods": self._get_periods(currency, conditions, granularity, shows),
            "past": self._get_past_weeks(currency, conditions),
            "weeks_drawn": WEEKS_DRAWN,
            "record": {
                "code": verdict.code,
                "is_dependable": verdict.is_dependable,
                "sentence": self._describe_verdict(verdict, self.payment_count),
                "rows": self._describe_errors(verdict),
            },
            "plans": self._get_plans(currency) if scope == "total" else [],
        }

    def _get_periods(self, currency, conditions, granularity, shows):
        """Periods to come: what is due, expected as the record allows to show it, committed, and the bounds."""
        lines = self.env["collection.forecast.line"].search(
            [
                ("forecast_id", "=", self.id),
                ("granularity", "=", granularity),
                ("currency_id", "=", currency.id),
                *conditions,
            ],
            order="first_day, id",
        )
        shown = {"model": "expected", "due_date": "naive_due_date", "average_delay": "naive_average_delay"}[shows]
        return [
            {
                "label": self._label_period(line, granularity),
                "name": self._name_period(line, granularity),
                "range": f"{format_date(self.env, line.first_day)} – {format_date(self.env, line.last_day)}",
                "first_day": str(line.first_day),
                "due": line.due,
                "overdue": line.overdue,
                "shown": line[shown],
                # What was promised is known, whatever the forecast is worth.
                "committed": line.committed,
                "low": line.low if shows == "model" else None,
                "high": line.high if shows == "model" else None,
                "expected": line.expected,
                "naive_due_date": line.naive_due_date,
                "naive_average_delay": line.naive_average_delay,
            }
            for line in lines
        ]

    def _get_past_weeks(self, currency, conditions):
        """Of each week that is over, what was foretold on its eve beside what came; the latest first."""
        weeks = [
            line
            for line in self._find_judged_lines(currency, conditions)
            if line.last_day <= line.as_of + timedelta(weeks=1)
        ]
        weeks.sort(key=lambda line: line.first_day, reverse=True)
        return [
            {
                "label": self._label_period(line, "week"),
                "range": f"{format_date(self.env, line.first_day)} – {format_date(self.env, line.last_day)}",
                "first_day": str(line.first_day),
                "expected": line.expected,
                "low": line.low,
                "high": line.high,
                "actual": line.actual,
                "gap": line.actual - line.expected,
                "is_within": line.low <= line.actual <= line.high,
                "naive_due_date": line.naive_due_date,
                "naive_average_delay": line.naive_average_delay,
                "is_replayed": line.forecast_id.is_replayed,
            }
            for line in weeks[:WEEKS_LISTED]
        ]

    def _label_period(self, line, granularity):
        """Short name of a period, for the graph: its first day, or month; the days it has if it is cut."""
        if not _is_cut(line, granularity):
            return format_date(self.env, line.first_day, date_format=FORMATS[granularity])
        if line.first_day == line.last_day and granularity == "week":
            return format_date(self.env, line.first_day, date_format=FORMATS["day"])
        first = "d" if line.first_day.month == line.last_day.month else CUT_FORMATS[granularity]
        last = format_date(self.env, line.last_day, date_format=CUT_FORMATS[granularity])
        return f"{format_date(self.env, line.first_day, date_format=first)}–{last}"

    def _name_period(self, line, granularity):
        """Name of a period, for tables."""
        label = self._label_period(line, granularity)
        if granularity == "week" and not _is_cut(line, granularity):
            return self.env._("Week of %s", label)
        return label

    def _describe_errors(self, verdict):
        """Errors of the forecast and of the two naive ones, in words; what is shown is marked."""
        rows = (
            ("model", self.env._("This forecast"), verdict.error, verdict.coverage),
            ("due_date", self.env._("Paid on the due date"), verdict.error_by_due_date, None),
            ("average_delay", self.env._("Due date and the customer’s usual delay"), verdict.error_by_average, None),
        )
        return [
            {
                "name": name,
                "label": label,
                "error": self._format_share(error) if verdict.weeks else "–",
                "coverage": self._format_share(coverage) if coverage is not None and verdict.weeks else "",
                "is_shown": name == verdict.shows,
            }
            for name, label, error, coverage in rows
        ]

    def _get_plans(self, currency):
        """Plans of this month, the last and those within sight, in a currency."""
        plans = self.env["collection.cash.plan"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("currency_id", "=", currency.id),
                ("month", ">=", (self.as_of.replace(day=1) - timedelta(days=1)).replace(day=1)),
                ("month", "<=", self.as_of + timedelta(weeks=13)),
            ],
            order="month",
        )
        states = dict(plans._fields["state"]._description_selection(self.env))
        return [
            {
                "id": plan.id,
                "first_day": str(plan.month),
                "label": format_date(self.env, plan.month, date_format=FORMATS["month"]),
                "amount": plan.amount,
                "received": plan.received,
                "expected": plan.expected,
                "foretold": plan.foretold,
                "missing": plan.missing if plan.state != "open" else 0,
                "state": plan.state,
                "state_label": states[plan.state],
            }
            for plan in plans
        ]


def _is_cut(line, granularity):
    """Whether a line is of a part of a week, or of a month: the outer ones of a forecast are."""
    if granularity == "week":
        return (line.last_day - line.first_day).days < 6
    after = line.last_day + timedelta(days=1)
    return granularity == "month" and not line.first_day.day == after.day == 1


def _name_scope(breakdown, collector_id, kind, country_id):
    """What the screen calls a part of the customers: "total", "collector-7", "segment-business-75"; 0 for none."""
    if breakdown == "collector":
        return f"collector-{collector_id or 0}"
    return f"segment-{kind}-{country_id or 0}" if breakdown == "segment" else "total"
