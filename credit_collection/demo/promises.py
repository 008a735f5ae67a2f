"""What customers promised to pay: a part that is awaited, a promise kept, another broken. See situations.py."""

from odoo import Command

from .situations import situation


@situation
def a_third_promised(ledger):
    """920.00 € of an invoice of 2 760.00 € are promised for next week: the rest is chased."""
    yield
    yield
    _note(
        ledger,
        "vallon",
        -1,
        9,
        920,
        heard_by="call",
        note="Un premier tiers part avec la paie du mois ; le reste attend le visa de la centrale.",
    )


@situation
def promise_kept(ledger):
    """The first instalment was promised on the phone, and paid on the day said."""
    yield
    yield
    invoice = ledger.env["account.move"].search(
        [
            ("partner_id", "=", ledger.partners["ponant"].id),
            ("company_id", "=", ledger.company.id),
            ("move_type", "=", "out_invoice"),
        ],
        order="invoice_date desc",
        limit=1,
    )
    first = ledger.receivable(invoice)
    item = ledger.track(first)
    if first.reconciled:
        item.closed_on = ledger.day(-28)
    _note(ledger, "ponant", -31, -28, 1440, item=item, note="Virement signé, il part jeudi.")


@situation
def promise_broken(ledger):
    """The whole invoice was promised for last week: nothing has come, the collector calls again."""
    yield
    yield
    _note(ledger, "lebihan", -13, -6, 4056, heard_by="email", note="« Nous réglons en début de semaine prochaine. »")


def _note(ledger, customer, noted, due, amount, item=None, heard_by="call", note=None):
    """A promise about the customer's oldest open item, noted on that day; what became of it is found."""
    debtor = ledger.debtor(customer)
    if item is None:
        promises = ledger.env["collection.promise"]
        line = promises._get_open_lines(debtor, ledger.company.currency_id).sorted("date_maturity")[:1]
        item = ledger.track(line)
    ledger.env["collection.promise"].create(
        {
            "debtor_id": debtor.id,
            "item_ids": [Command.set(item.ids)],
            "amount": amount,
            "currency_id": item.currency_id.id,
            "date": ledger.day(due),
            "noted_on": ledger.day(noted),
            "noted_by_id": debtor.user_id.id or ledger.env.uid,
            "contact_id": debtor.partner_id.child_ids[:1].id,
            "heard_by": heard_by,
            "note": note,
        }
    )
    debtor._refresh_promises()
