"""Text messages that leave for good: core's own code up to the request that would go over the internet."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.addons.sms.tools.sms_api import SmsApi

from .outbox_case import OutboxCase

MOBILE = "06 12 34 56 78"
NUMBER = "+33612345678"


class SmsCase(OutboxCase):
    """Customers chased by SMS, and a service that answers as it is told.

    ``self.sent`` is what it took: [(number, text)]. ``self.state`` is what it answers, an exception what it raises.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sms_template = cls.env["sms.template"].create(
            {
                "name": "Reminder",
                "model_id": cls.env["ir.model"]._get_id("collection.reminder"),
                "body": "{{ object.company_id.name }}: {{ object.total_text }} due, ref {{ object.name }}",
            }
        )
        cls.partner.phone = MOBILE
        cls.plan = cls.make_plan([("Relance", 3, cls.by_sms())])

    @classmethod
    def by_sms(cls, fallback=False, **values):
        """Values of a level that goes out by SMS."""
        return {
            "channel_ids": [Command.create({"channel": "sms", "fallback": fallback})],
            "sms_template_id": cls.sms_template.id,
            **values,
        }

    def setUp(self):
        super().setUp()
        self.sent, self.requests = [], []
        self.state = "success"
        self.enterContext(self.service())

    @contextmanager
    def service(self):
        """Odoo's SMS service: what ``_contact_iap`` would ask over the internet is answered here."""

        def contact(api, endpoint, params, timeout=15):
            self.requests.append((endpoint, params))
            if isinstance(self.state, Exception):
                raise self.state
            results = []
            for message in params["messages"]:
                for number in message["numbers"]:
                    if self.state == "success":
                        self.sent.append((number["number"], message["content"]))
                    results.append({"uuid": number["uuid"], "state": self.state, "credit": 1})
            return results

        with patch.object(SmsApi, "_contact_iap", contact):
            yield

    def sms_of(self, reminder):
        """The reminder's delivery by SMS."""
        return self.delivery_of(reminder, "sms")

    def leave(self, **values):
        """A reminder of €1,200 that has been through the outbox: its delivery by SMS."""
        reminder = self.remind(**values)
        self.process_outbox()
        return self.sms_of(reminder)
