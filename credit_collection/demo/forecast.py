"""What the demo company's cash is expected to be, and what its manager has planned."""

from dateutil.relativedelta import relativedelta

# Plans as parts of what came and is foretold: the last month fell short, this one will, the next is open.
PLANS = ((-1, 1.08), (0, 1.25), (1, 1.0))
# Plans are made in whole thousands.
ROUNDING = 1000


def foretell(ledger):
    """The forecasts of a night, those of past Sundays included, and three months' plans beside them."""
    company = ledger.company
    ledger.env["collection.forecast"]._refresh_company(company)
    this_month = ledger.today.replace(day=1)
    for months, part in PLANS:
        plan = ledger.env["collection.cash.plan"].create(
            {"company_id": company.id, "month": this_month + relativedelta(months=months), "amount": ROUNDING}
        )
        plan.amount = max(ROUNDING, round(plan.foretold * part / ROUNDING) * ROUNDING)
