"""What the customers had paid before, month after month: the past that scores and forecasts learn from.

Invoices of a regular trade, all of them paid by yesterday, each customer in its own manner. They are in a journal of
their own, as taken over from the former software: those of the sales journal keep their numbers. Nothing here is drawn
by lot: the same day gives the same past.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.tools import groupby

from .customers import CUSTOMERS
from .ledger import CATALOGUE

FIRST_DAY = -460
# Days from the due date to the payment, one invoice after the other: most keep their day, some forget one for months.
DELAYS = {
    "exemplary": (-1, 0, -3, 0, 0, -2, 1, 0, -5, -1, 0, 2, -1),
    "punctual": (-2, 0, -1, -4, 0, 1, -3, 0, -2, 0, -1, 2, 0, -1, 3, -2, 41, 0, -1, 0, -3),
    "a_few_days": (2, 4, 1, 3, 0, 5, 2, 4, 38, 1, 3, 2, 5, 3, 1, 4, 2, 3, 0),
    "month_end": (0, 0, 0, 0, 0, 0, 0, 34, 0, 0, 0, 0, 0, 0, 0, 0),
    "uneven": (1, 3, 0, 47, 2, 4, 5, 1, 3, 66, 0, 2),
    "slow": (3, 35, 1, 58, 4, 16, 2, 74, 0, 27, 3),
    "chronic": (46, 3, 71, 29, 18, 88, 24, 4, 53, 33),
}
# How a customer paid before TURN, and how since.
TURNS = {
    "deteriorating": ("a_few_days", "slow"),
    "improving": ("slow", "punctual"),
}
TURN = -170
# Later than this it was forgotten. Since reminders are sent, a fifth of the usual delay is enough, or six days.
FORGOTTEN = 14
REMINDED = -75
HASTE, SHORTEST = 5, 6
# Of those who are late at times, the first invoice due between these days was left aside, twice as large as others,
# until reminders were sent: it was paid between the days of ARREARS_PAID.
ARREARS = (-190, -115)
ARREARS_PAID = (-58, -2)
ARREARS_SIZE = 2.0
NEVER_IN_ARREARS = ("exemplary", "punctual", "month_end")


@dataclass(frozen=True)
class Trade:
    """Regular invoices: how they are paid, days between two of them, an order of magnitude before tax, first day."""

    manner: str
    every: int
    net: int
    first: int = FIRST_DAY


TRADES = {
    "legoff": Trade("exemplary", 24, 3700),
    "remparts": Trade("punctual", 29, 3500),
    "guillou": Trade("a_few_days", 33, 4000),
    "corbel": Trade("uneven", 29, 1400),
    "vautier": Trade("punctual", 30, 3100),
    "hopital": Trade("slow", 30, 5600),
    "armorique": Trade("uneven", 45, 6000),
    "embruns": Trade("exemplary", 27, 2600),
    "vallon": Trade("a_few_days", 26, 3000),
    "hortensias": Trade("exemplary", 28, 2100),
    "closfleuri": Trade("punctual", 32, 2500),
    "rives": Trade("exemplary", 29, 3300),
    "kermarec": Trade("month_end", 30, 1900),
    "menez": Trade("a_few_days", 30, 3000),
    "tyglaz": Trade("exemplary", 30, 1600),
    "filaos": Trade("uneven", 45, 5800),
    "morvan": Trade("chronic", 40, 2200),
    "perrot": Trade("improving", 29, 2300),
    "harborline": Trade("a_few_days", 45, 6300),
    "leman": Trade("month_end", 30, 3700),
    "patrimoine": Trade("exemplary", 45, 2400),
    "aulne": Trade("exemplary", 30, 2200),
    "kerdoncuff": Trade("month_end", 30, 2100),
    "genets": Trade("chronic", 45, 3900),
    "rolland": Trade("punctual", 32, 1800),
    "ponant": Trade("a_few_days", 34, 1900),
    "trieux": Trade("uneven", 32, 2300),
    "abers": Trade("deteriorating", 32, 2100),
    "lescop": Trade("chronic", 34, 3400),
    "thebault": Trade("deteriorating", 30, 3800),
    "cotriade": Trade("deteriorating", 29, 2800),
    "lebihan": Trade("uneven", 30, 3200),
    "evidence": Trade("punctual", 29, 1800),
    "port": Trade("exemplary", 22, 1800),
    "ceramiques": Trade("uneven", 32, 1700),
    "capouest": Trade("improving", 30, 2400),
    "korrigan": Trade("month_end", 24, 6200),
    "pivoine": Trade("exemplary", 29, 800),
    "thalasso": Trade("exemplary", 22, 6400),
    "kermadec": Trade("exemplary", 22, 4400),
    "odet": Trade("uneven", 29, 2100),
    "leguer": Trade("a_few_days", 29, 3100),
    "syndicat": Trade("exemplary", 22, 6400),
    # New customers: nothing can be said of them yet.
    "guichen": Trade("exemplary", 30, 1000, first=-76),
    "varangot": Trade("exemplary", 30, 2000, first=-70),
    "bigorneaux": Trade("exemplary", 30, 1000, first=-76),
}


@dataclass(frozen=True)
class PaidInvoice:
    """An invoice of about ``net`` before tax, and its three days; ``rank`` varies what it is for."""

    customer: str
    rank: int
    net: float
    issued: date
    due: date
    paid: date


def write_past(ledger):
    """Invoice, receive and reconcile the past of all customers."""
    terms = {customer.key: customer.terms for customer in CUSTOMERS}
    planned = plan_past(ledger.today, terms, ledger.company._get_working_calendar())
    _settle(ledger, planned, _invoice(ledger, planned))


# -- who paid what, and when -------------------------------------------------------------------------------------------


def plan_past(today, terms, calendar):
    """The ``PaidInvoice`` of all customers, in the order in which they were issued.

    ``terms``: {customer: name of its terms, as in customers.py}. Payments come in on working days of ``calendar``. What
    would not have been paid by yesterday is left out: situations.py tells what customers owe today.
    """
    planned = [
        invoice
        for place, customer in enumerate(TRADES)
        for invoice in _plan_customer(customer, place, today, terms[customer], calendar)
        if invoice.paid < today
    ]
    return sorted(planned, key=lambda invoice: (invoice.issued, invoice.customer))


def _plan_customer(customer, place, today, terms, calendar):
    trade = TRADES[customer]
    has_arrears = trade.manner in NEVER_IN_ARREARS
    # Customers are not all invoiced on the same day.
    first = trade.first + place * 7 % trade.every
    for rank, offset in enumerate(range(first, 0, trade.every)):
        issued = today + timedelta(days=offset)
        if trade.manner == "month_end":
            issued += relativedelta(day=28)
        due = _due_date(issued, terms)
        due_offset = (due - today).days
        net = trade.net * (0.8 + 0.13 * ((rank * 3 + place) % 4))
        paid = _payment_day(trade.manner, place, rank, due, due_offset)
        if not has_arrears and ARREARS[0] <= due_offset <= ARREARS[1]:
            has_arrears = True
            net = trade.net * ARREARS_SIZE
            paid = today + timedelta(days=ARREARS_PAID[0] + place * 23 % (ARREARS_PAID[1] - ARREARS_PAID[0]))
        yield PaidInvoice(customer, place + rank, net, issued, due, calendar.next_working_day(paid))


def _due_date(issued, terms):
    """As the terms of payment of company.py have it."""
    if terms == "45fm":
        return issued + relativedelta(days=45) + relativedelta(day=31)
    return issued + timedelta(days=int(terms))


def _payment_day(manner, place, rank, due, due_offset):
    if manner in TURNS:
        manner = TURNS[manner][due_offset >= TURN]
    delays = DELAYS[manner]
    # Customers of one manner do not forget in the same month.
    delay = delays[(rank + place * 5) % len(delays)]
    if delay > FORGOTTEN:
        delay = min(delay, max(0, REMINDED - due_offset) + max(delay // HASTE, SHORTEST))
    day = due + timedelta(days=delay)
    return day + relativedelta(day=31) if manner == "month_end" else day


# -- entering it -------------------------------------------------------------------------------------------------------


def _invoice(ledger, planned):
    journal = ledger.env["account.journal"].create(
        {"name": "Reprise de l'historique", "code": "ANT", "type": "sale", "company_id": ledger.company.id}
    )
    invoices = ledger.env["account.move"].create([_prepare_invoice(ledger, journal, past) for past in planned])
    invoices.action_post()
    return invoices


def _prepare_invoice(ledger, journal, past):
    name, price, _kind = CATALOGUE[past.rank % len(CATALOGUE)]
    line = {"product_id": ledger.products[name].id, "quantity": max(1, round(past.net / price))}
    return {
        "move_type": "out_invoice",
        "partner_id": ledger.partners[past.customer].id,
        "journal_id": journal.id,
        "invoice_date": past.issued,
        # Told, and not worked out from the terms: half the time of the whole.
        "invoice_payment_term_id": False,
        "invoice_date_due": past.due,
        "invoice_line_ids": [Command.create(line)],
    }


def _settle(ledger, planned, invoices):
    """One entry of the bank a day, with a line for each invoice paid on it, all reconciled together: for speed."""
    owed = [(past.paid, ledger.receivable(invoice)) for past, invoice in zip(planned, invoices, strict=True)]
    owed.sort(key=lambda pair: (pair[0], pair[1].id))
    days = [(day, [line for _day, line in pairs]) for day, pairs in groupby(owed, key=lambda pair: pair[0])]
    # There are no taxes to work out of what the bank received.
    Entry = ledger.env["account.move"].with_context(skip_invoice_sync=True)
    entries = Entry.create([_prepare_receipts(ledger, day, lines) for day, lines in days])
    entries.action_post()
    pairs = []
    for entry, (_day, lines) in zip(entries, days, strict=True):
        received = ledger.receivables(entry).sorted("id")
        pairs += [credit + line for credit, line in zip(received, lines, strict=True)]
    ledger.env["account.move.line"]._reconcile_plan(pairs)


def _prepare_receipts(ledger, day, lines):
    received = [
        {
            "account_id": line.account_id.id,
            "partner_id": line.partner_id.id,
            "name": f"VIR {line.move_name}",
            "credit": line.amount_residual,
        }
        for line in lines
    ]
    total = sum(line["credit"] for line in received)
    bank = {"account_id": ledger.bank.default_account_id.id, "name": "Virements reçus", "debit": total}
    return {
        "move_type": "entry",
        "journal_id": ledger.bank.id,
        "date": day,
        "ref": "Virements reçus",
        "line_ids": [Command.create(line) for line in (bank, *received)],
    }
