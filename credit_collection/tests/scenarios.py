"""The story of one invoice, as a table that anybody in accounting can check."""

from collections import namedtuple
from datetime import timedelta

Decided = namedtuple("Decided", "decision level claim next_date")


class Scenarios:
    """What lets a test of CollectionCase play such a table."""

    def play(self, scenario, invoice, events=None):
        """Play a table of (day, event, decision, level, claim) about one invoice, a night's work on each of its days.

        Days count from the due date ("J-7", "J+3"). An event is ``name argument…``: "credit note 1000", "paid 3000",
        "nothing" is "-". ``events`` adds {name: function(invoice, *arguments)}. What is decided is read after the
        event and before the night's reminders leave.
        """
        known = {"credit note": self._event_credit_note, "paid": self._event_paid, **(events or {})}
        due = invoice.invoice_date_due
        table = [_split_row(row) for row in scenario.strip().splitlines()[1:]]
        played = []
        for offset, event, *_expected in table:
            self.set_today(due + timedelta(days=int(offset.removeprefix("J"))))
            if event != "-":
                name = max((name for name in known if event.startswith(name)), key=len)
                known[name](invoice, *event.removeprefix(name).split())
            found = self.decide().get(invoice.name, Decided("settled", None, 0.0, None))
            played.append([offset, event, found.decision, found.level or "-", f"{found.claim:.2f}"])
            self.run_and_send()
        self.assertEqual(played, table)

    def _event_credit_note(self, invoice, amount):
        self.make_credit_note(invoice.partner_id, float(amount), issued=self.company._get_collection_today())

    def _event_paid(self, invoice, amount):
        self.pay(invoice, float(amount))


def _split_row(row):
    """Cells of a row, which two spaces or more keep apart."""
    return [cell.strip() for cell in row.split("  ") if cell.strip()]
