"""The demo company, loaded once, and words to read what it shows."""

import logging
from datetime import datetime, time

from odoo.tests import TransactionCase
from odoo.tests.common import freeze_time

from .common import TODAY


class Complaints(logging.Handler):
    """Whatever is logged as a warning or worse."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.messages = []

    def emit(self, record):
        self.messages.append(f"{record.levelname} {record.name}: {record.getMessage()}")


class DemoCase(TransactionCase):
    """Loaded once, on Tuesday 10 March 2026 at 10 in Paris."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(datetime.combine(TODAY, time(9))))
        cls.company = cls.env.ref("base.main_company")
        complaints = Complaints()
        logging.getLogger().addHandler(complaints)
        try:
            cls.env["collection.demo"]._load()
            cls.env.flush_all()
        finally:
            logging.getLogger().removeHandler(complaints)
        cls.complaints = complaints.messages
        cls.run_today, cls.dry_run = (
            cls.env["collection.run"].search(
                [("company_id", "=", cls.company.id), ("date", "=", TODAY), ("is_dry_run", "=", dry)]
            )
            for dry in (False, True)
        )

    def partner(self, name):
        return self.env["res.partner"].search([("name", "=", name), ("parent_id", "=", False)])

    def find_invoices(self, conditions):
        """The company's invoices that meet the conditions."""
        mine = [("move_type", "=", "out_invoice"), ("company_id", "=", self.company.id)]
        return self.env["account.move"].search([*mine, *conditions])

    def debtor(self, name):
        return self.env["collection.debtor"].search(
            [("partner_id.name", "=", name), ("company_id", "=", self.company.id)]
        )

    def decisions(self, name):
        """What is decided of the customer's open items today, in the order of their due dates."""
        debtor = self.debtor(name)
        return (
            self.env["collection.decision"]
            .with_context(collection_debtor_ids=debtor.ids)
            .search([("debtor_id", "=", debtor.id)])
            .sorted("due_date")
        )

    def decided(self, name):
        """[(decision, claim, next date)] of the customer's open items."""
        return [(row.decision, row.claim, row.next_date) for row in self.decisions(name)]

    def assertAtLevel(self, name, reached, following):  # noqa: N802 - as the assertions of unittest
        """The customer's first item has reached one level, and comes to the other."""
        row = self.decisions(name)[0]
        self.assertEqual((row.position_level_id, row.level_id), (self.level(reached), self.level(following)))

    def level(self, name):
        return self.env.ref(f"credit_collection.level_{name}") if name else self.env["collection.level"]

    def pending(self, name):
        return self.debtor(name).reminder_ids.filtered(lambda reminder: reminder.state not in ("sent", "cancelled"))
