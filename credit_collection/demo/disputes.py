"""Disputes and incidents of the demo, on invoices of other situations: who contests what, and how some ended."""

from odoo import Command

from .situations import situation


@situation
def half_disputed(ledger):
    """Half of the invoice is contested, its quantity: the other half is chased."""
    yield
    yield
    dispute = open_dispute(
        ledger,
        "vallon",
        "quantity",
        -4,
        amount=1380,
        customer_reference="RECL-2207",
        note="Vingt chaises livrées sur quarante : réserve portée sur le bon de livraison.",
    )
    dispute.action_study()
    dispute.step_ids[:1].done = True


@situation
def works_without_acceptance(ledger):
    """Works are finished and their acceptance report was never signed: nothing of that invoice is chased."""
    yield
    yield
    dispute = open_dispute(
        ledger,
        "armorique",
        "acceptance",
        -8,
        note="Le maître d'œuvre attend le procès-verbal de réception signé avant de viser la situation n° 2.",
    )
    dispute.action_study()


@situation
def rejected_dispute(ledger):
    """A price contested, and refused with the order at hand: dunning goes on, the answer is to be sent."""
    yield
    yield
    dispute = open_dispute(ledger, "menez", "price", -9, note="Remise de fin d'année non déduite, selon la directrice.")
    dispute.action_study()
    dispute.answer = "<p>La remise de fin d'année porte sur les commandes passées après le 1er octobre.</p>"
    dispute.action_reject()


@situation
def accepted_dispute(ledger):
    """Some pieces arrived damaged: granted, the credit note is still to be made."""
    yield
    yield
    dispute = open_dispute(
        ledger, "rives", "delivery", -6, amount=720, note="Deux fauteuils arrivés abîmés, photographies jointes."
    )
    dispute.action_study()
    dispute.action_accept()


@situation
def invoice_not_received(ledger):
    """The customer never received the invoice: its reminders wait a few days."""
    yield
    yield
    nature = ledger.env.ref("credit_collection.incident_nature_not_received")
    item = find_item(ledger, "kermarec")
    ledger.env["collection.incident"].with_user(item.debtor_id.user_id)._note(
        item, nature, "Le service comptable a changé d'adresse en janvier."
    )


def open_dispute(ledger, customer, nature, on, amount=None, **values):
    """A dispute noted ``on`` days from today about what a customer owes, or ``amount`` of it, taxes included."""
    item = find_item(ledger, customer)
    disputes = ledger.env["collection.dispute"].with_user(item.debtor_id.user_id or ledger.env.user)
    return disputes.create(
        {
            "debtor_id": item.debtor_id.id,
            "currency_id": item.currency_id.id,
            "nature_id": ledger.env.ref(f"credit_collection.dispute_nature_{nature}").id,
            "opened_on": ledger.day(on),
            "line_ids": [
                Command.create({"item_id": item.id, "amount": amount or item._get_contestable_amounts()[item]})
            ],
            **values,
        }
    )


def find_item(ledger, customer):
    """What the customer owes on its last invoice."""
    invoice = ledger.env["account.move"].search(
        [
            ("partner_id", "=", ledger.partners[customer].id),
            ("move_type", "=", "out_invoice"),
            ("payment_state", "in", ("not_paid", "partial")),
        ],
        order="invoice_date desc",
        limit=1,
    )
    return ledger.track(ledger.receivable(invoice))
