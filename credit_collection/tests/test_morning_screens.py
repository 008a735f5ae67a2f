"""A collector's morning in the browser: a console error fails the test."""

from odoo import Command
from odoo.tests import tagged

from .test_screens import COLLECTION, ScreensCase


@tagged("post_install", "-at_install")
class TestACollectorsMorning(ScreensCase):
    """Two calls, of which one ends in a promise and one in a dispute; then the batch is approved and sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.level_ids.approval = "batch"
        calls = cls.env["collection.plan"].create(
            {
                "name": "By telephone",
                "level_ids": [
                    Command.create(
                        {
                            "name": "Appel",
                            "day": 3,
                            "call_script": "<p>{{ customer }}: {{ amount }}</p>",
                            "channel_ids": [Command.create({"channel": "task"})],
                        }
                    )
                ],
            }
        )
        cls.make_late_invoice("Serrurerie Petit", 20)
        called = cls.env["res.partner"].search([("name", "in", ("Menuiserie Durand", "Boulangerie Martin"))])
        called.phone = "02 61 91 20 01"
        cls.env["collection.debtor"]._ensure_debtors(cls.company)
        cls.env["collection.debtor"].search([("partner_id", "in", called.ids)]).plan_id = calls

    def spend_the_morning(self, lang):
        user = self.make_user("collector", f"{COLLECTION}collector", lang)
        reminders = self.plan_run().reminder_ids
        reminders.debtor_id.write({"user_id": user.id, "unread_since": False})
        tasks = reminders.filtered(lambda reminder: reminder.level_id.name == "Appel")
        tasks.action_send()
        self.env["collection.channel.task"]._process(tasks.delivery_ids)
        self.start_tour("/odoo/collection", "collection_morning", login=user.login, timeout=300)
        return reminders - tasks

    def debtor(self, name):
        return self.env["collection.debtor"].search([("partner_id.name", "=", name)])

    def assertMorningDone(self, batch):  # noqa: N802 - as the assertions of unittest
        """What the morning left behind."""
        promised = self.debtor("Menuiserie Durand")._read_decisions()
        self.assertEqual((promised.decision, promised.promised), ("promised", 40000.0))
        contested = self.debtor("Boulangerie Martin")._read_decisions()
        self.assertEqual((contested.decision, contested.disputed), ("disputed", 12000.0))
        calls = self.env["collection.call"].search([("user_id", "!=", self.env.uid)])
        self.assertEqual(
            {call.debtor_id.partner_id.name: (call.outcome, call.note) for call in calls},
            {
                "Menuiserie Durand": ("promise", "Le virement part jeudi"),
                "Boulangerie Martin": ("dispute", "La moitié des plaques est cassée"),
            },
        )
        self.assertEqual(batch.partner_id.name, "Serrurerie Petit")
        self.assertEqual(batch.state, "outbox")

    def test_in_french(self):
        self.assertMorningDone(self.spend_the_morning("fr_FR"))

    def test_in_english(self):
        self.assertMorningDone(self.spend_the_morning("en_US"))
