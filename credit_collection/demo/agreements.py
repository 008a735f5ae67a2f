"""Customers who were granted time: one keeps to it, the other has missed an instalment. See situations.py."""

from datetime import datetime, time

from odoo import Command

from .situations import situation


@situation
def agreement_that_is_kept(ledger):
    """8 400.00 € in four monthly instalments: two are paid, the third comes in ten days."""
    invoice = ledger.invoice("leguer", -125, 7000, "Comptoir de dégustation et rayonnages de la boutique")
    yield
    agreement = _grant(
        ledger,
        invoice,
        proposed=-56,
        accepted=-52,
        first=-50,
        by="Gaëlle Le Calvez, gérante",
        instalment_count=4,
        interest_mode="waived",
    )
    for day in (-50, -21):
        ledger.pay(invoice, ledger.day(day), 2100)
    _date_letter(ledger, agreement, -56)
    yield


@situation
def agreement_with_a_missed_instalment(ledger):
    """3 000.00 € in three instalments: the second is a fortnight late, the customer has to be warned."""
    invoice = ledger.invoice("odet", -110, 2500, "Mobilier des deux salles de consultation", terms="30")
    yield
    _grant(
        ledger,
        invoice,
        proposed=-48,
        accepted=-46,
        first=-45,
        by="Dr Annaïg Cosquer, associée",
        instalment_count=3,
        interest_mode="claimed",
    )
    ledger.pay(invoice, ledger.day(-45), 1000)
    yield


def _grant(ledger, invoice, proposed, accepted, first, by, **values):
    """An agreement on the invoice, proposed and accepted on those days of the past."""
    item = ledger.track(ledger.receivable(invoice))
    agreement = ledger.env["collection.agreement"].create(
        {
            "debtor_id": item.debtor_id.id,
            "item_ids": [Command.set(item.ids)],
            "first_date": ledger.day(first),
            **values,
        }
    )
    agreement.action_lay_out()
    agreement._freeze_debt()
    agreement.write(
        {
            "state": "accepted",
            "proposed_on": ledger.day(proposed),
            "valid_until": ledger.day(proposed + 10),
            "accepted_on": ledger.day(accepted),
            "accepted_by": by,
        }
    )
    item.acknowledged_on = ledger.day(accepted)
    return agreement


def _date_letter(ledger, agreement, offset):
    """The letter that the customer signed, as it left on that day."""
    moment = datetime.combine(ledger.day(offset), time(9, 20))
    document = agreement._post_letter("agreement")
    document.write({"kept_at": moment, "sent_at": moment})
