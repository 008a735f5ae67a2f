"""A customer to call, and words to note the call."""

from odoo.tests import new_test_user

from .common import CollectionCase, day

COLLECTION = "credit_collection.group_collection_"
TOMORROW = day(1)
FRIDAY = day(3)
HOSTILE = "<img src=x onerror=alert(1)> {{ amount }} & Fils"


class CallsCase(CollectionCase):
    """A customer who owes €1,200 and €300, five and twenty days late, and a collector who calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.plan = cls.make_plan(
            [
                (
                    "Appel",
                    3,
                    {
                        "channels": ("task",),
                        "activity_summary": "Call them",
                        "call_script": "<p>{{ customer }} owes {{ amount }}; {{ oldest_invoice }} is {{ days_late }} "
                        "days late.</p>",
                    },
                )
            ]
        )
        cls.partner = cls.make_partner(phone="02 61 91 20 01")
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Anne Roux",
                "parent_id": cls.partner.id,
                "phone": "07 55 12 34 56",
                "email": "anne@durand.example",
            }
        )
        cls.recent = cls.make_invoice(cls.partner, 1200, due=day(-5))
        cls.oldest = cls.make_invoice(cls.partner, 300, due=day(-20))
        cls.env["collection.debtor"]._ensure_debtors(cls.company)
        cls.debtor = cls.env["collection.debtor"].search([("partner_id", "=", cls.partner.id)])
        cls.debtor.contact_ids = cls.contact
        cls.collector = new_test_user(cls.env, "collector", f"base.group_user,{COLLECTION}collector")
        cls.debtor.user_id = cls.collector

    def call(self, user=None, **values):
        """A call whose screen the user opened from the customer's page, saved as a button saves it."""
        debtor = self.debtor.with_user(user or self.collector)
        action = debtor.action_call()
        calls = self.env["collection.call"].with_user(user or self.collector).with_context(**action["context"])
        return calls.create(values)

    def send_tasks(self):
        """The reminders of today's run, whose tasks are put before the collector."""
        reminders = self.plan_run().reminder_ids
        reminders.write({"state": "approved"})
        reminders.action_send()
        self.env["collection.channel.task"]._process(reminders.delivery_ids)
        return reminders.delivery_ids

    def calls_planned(self):
        """(summary, day, person) of the calls that wait."""
        calls = self.debtor.activity_ids.filtered(lambda activity: activity.activity_type_id.category == "phonecall")
        return [(activity.summary, activity.date_deadline, activity.user_id) for activity in calls]
