"""What comes back after a reminder has left, through the same doors as real mail."""

from datetime import datetime, time
from email.message import EmailMessage


def answer(ledger, customer, offset, text):
    """The customer answers the last e-mail: routed to the debtor's page by its reference."""
    debtor = ledger.debtor(customer)
    sent = _last_email(debtor).mail_message_id
    message = EmailMessage()
    message["From"] = f"{debtor.partner_id.name} <{debtor.partner_id.email}>"
    message["To"] = ledger.company.email
    message["Subject"] = f"RE: {sent.subject}"
    message["Message-Id"] = f"<answer-{debtor.id}@{debtor.partner_id.email.partition('@')[2]}>"
    message["References"] = sent.message_id
    message.set_content(text)
    ledger.env["mail.thread"].message_process("collection.debtor", message.as_bytes())
    debtor.unread_since = ledger.day(offset)
    debtor.message_ids[:1].date = datetime.combine(ledger.day(offset), time(14, 5))


def bounce(ledger, customer, reason):
    """The last e-mail comes back undelivered; the letter that takes over is printed."""
    debtor = ledger.debtor(customer)
    delivery = _last_email(debtor)
    address = debtor.partner_id.email_normalized
    report = "\r\n".join(
        (
            f"From: Mail Delivery System <mailer-daemon@{address.partition('@')[2]}>",
            f"To: {ledger.company.alias_domain_id.bounce_email}",
            "Subject: Undelivered Mail Returned to Sender",
            f"Message-Id: <bounce-{delivery.id}@mail.example>",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="part"',
            "",
            "--part",
            "Content-Type: text/plain; charset=utf-8",
            "",
            reason,
            "--part",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mail.example",
            "",
            f"Final-Recipient: rfc822; {address}",
            "Action: failed",
            "Status: 5.1.1",
            "--part",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-Id: {delivery.mail_message_id.message_id}",
            "--part--",
            "",
        )
    )
    ledger.env["mail.thread"].message_process("collection.debtor", report.encode())
    deliveries = delivery.reminder_id.delivery_ids
    # The letter takes over when the e-mail comes back: the same day.
    deliveries.send_after = delivery.send_after
    print_letters(deliveries)


def print_letters(deliveries):
    """Letters that wait in the outbox are drawn and put on the pile to be posted."""
    queued = deliveries.filtered(lambda delivery: delivery.state == "queued")
    for channel, letters in queued.grouped("channel").items():
        queued.env["collection.channel"]._get_channel(channel)._process(letters)


def _last_email(debtor):
    return debtor.env["collection.delivery"].search(
        [("debtor_id", "=", debtor.id), ("channel", "=", "email"), ("state", "=", "handed_over")],
        order="handed_over_at desc, id desc",
        limit=1,
    )
