"""Calls of the past: whom the collectors reached, why customers are late, and whom to call again today."""

from datetime import datetime, time

# What came of the calls, in turn: outcome, reason for lateness, note.
CALLS = (
    ("message", None, "Message laissé au standard, rappel convenu en fin de semaine."),
    ("copy_sent", "lost", "Facture transmise de nouveau pendant l'appel : elle n'était pas arrivée au bon service."),
    ("other", "approval", "Bon à payer signé, règlement annoncé pour la prochaine échéance."),
    ("other", "cash", "Trésorerie tendue ; le dirigeant rappellera."),
    ("no_answer", None, "Sonne dans le vide, rappeler en début d'après-midi."),
    ("other", "forgotten", "Échéance oubliée pendant les congés du comptable."),
)
UNANSWERED = ("message", "no_answer")


def note_past_call(ledger, delivery, offset, person):
    """The call that a reminder asked for was made that day; its task is done."""
    outcome, reason, note = CALLS[delivery.id % len(CALLS)]
    env, reminder = ledger.env, delivery.reminder_id
    contact = delivery.debtor_id._find_callable_contacts()[:1]
    call = env["collection.call"].create(
        {
            "debtor_id": delivery.debtor_id.id,
            "partner_id": contact.id,
            "phone": contact.phone,
            "user_id": person.id,
            "date": datetime.combine(ledger.day(offset), time(10, 20)),
            "duration": 2 + delivery.id % 9,
            "reminder_id": reminder.id,
            "item_ids": [(6, 0, reminder.line_ids.item_id.ids)],
            "lateness_reason_id": reason and env.ref(f"credit_collection.lateness_reason_{reason}").id,
            "note": note,
        }
    )
    # As it stood on that day, and not today.
    late = max(reminder.line_ids.mapped("days_late"), default=0)
    call.write({"outcome": outcome, "overdue": reminder.claim_company, "days_overdue": late})
    delivery.call_id = call
    delivery.activity_id.write({"active": False, "feedback": note})


def plan_calls_again(ledger):
    """The last two customers whom nobody reached are called again today."""
    calls = ledger.env["collection.call"].search([("outcome", "in", UNANSWERED)], limit=2)
    for call in calls:
        call.write({"next_call_date": ledger.today, "next_call_moment": "afternoon"})
        call._renew_next_call()
