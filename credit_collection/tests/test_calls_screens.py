"""A call made and noted in the browser, in two clicks: a console error fails the test."""

from odoo import Command
from odoo.tests import tagged

from .test_screens import COLLECTION, ScreensCase


@tagged("post_install", "-at_install")
class TestCallingByClicking(ScreensCase):
    """Calls to make, the call screen, an outcome: two clicks, and what is typed is kept when a dialog is closed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.level_ids.write(
            {
                "name": "Appel",
                "call_script": "<p>{{ customer }}: {{ amount }}</p>",
                "channel_ids": [Command.clear(), Command.create({"channel": "task"})],
            }
        )
        cls.env["res.partner"].search([("name", "in", ("Menuiserie Durand", "Boulangerie Martin"))]).write(
            {"phone": "02 61 91 20 01"}
        )

    def call_by_clicking(self, lang):
        user = self.make_user("collector", f"{COLLECTION}collector", lang)
        reminders = self.plan_run().reminder_ids
        debtors = reminders.debtor_id
        debtors.user_id = user
        reminders.write({"state": "approved"})
        reminders.action_send()
        self.env["collection.channel.task"]._process(reminders.delivery_ids)
        self.start_tour("/odoo/collection", "collection_calls", login=user.login, timeout=240)
        calls = self.env["collection.call"].search([("debtor_id", "in", debtors.ids)])
        found = {call.debtor_id.partner_id.name: call for call in calls}
        durand, martin = found["Menuiserie Durand"], found["Boulangerie Martin"]
        self.assertEqual((durand.outcome, durand.user_id), ("no_answer", user))
        self.assertEqual(durand.next_activity_id.date_deadline, durand.next_call_date)
        self.assertEqual(
            (martin.outcome, martin.note, martin.lateness_reason_id.sequence), ("other", "Payera vendredi", 20)
        )
        self.assertEqual(reminders.delivery_ids.call_id, durand | martin)

    def test_in_french(self):
        self.call_by_clicking("fr_FR")

    def test_in_english(self):
        self.call_by_clicking("en_US")
