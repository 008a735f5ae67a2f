"""Reminders that leave for good: a real mail server, real commits simulated on the test's own transaction."""

from odoo import api

from .common import CollectionCase, day
from .smtp import mail_server


class OutboxCase(CollectionCase):
    """Customers chased by e-mail from compta@vendeur.example, and a mail server that receives them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.write({"name": "Vendeur SA", "email": "compta@vendeur.example"})
        cls.alias_domain = cls.env["mail.alias.domain"].search([("name", "=", "vendeur.example")]) or cls.env[
            "mail.alias.domain"
        ].create({"name": "vendeur.example", "bounce_alias": "bounce", "catchall_alias": "catchall"})
        cls.company.alias_domain_id = cls.alias_domain
        cls.env["ir.mail_server"].search([]).active = False
        cls.mail_template.write(
            {
                "subject": "Reminder {{ object.name }}: {{ object.total_text }}",
                "body_html": "<p>Dear customer, please pay <t t-out='object.total_text'/>.</p>"
                "<t t-out='object.items_table'/>",
                "email_from": "{{ object.email_from }}",
                "lang": "{{ object.lang }}",
                "use_default_to": False,
            }
        )
        cls.partner = cls.make_partner()
        cls.address = "compta@menuiserie.durand.example"

    def setUp(self):
        super().setUp()
        self.server = self.enterContext(mail_server(self.env))

    # -- sending -------------------------------------------------------------------------------------------------------

    @classmethod
    def prepare(cls, *_invoices):
        """Reminders of today's run, in the outbox."""
        reminders = cls.plan_run().reminder_ids
        reminders.write({"state": "approved"})
        reminders.action_send()
        return reminders

    def process_outbox(self, limit=None):
        """The scheduled job, in a transaction of its own whose commits and rollbacks are real for the test."""
        return self.in_transaction(lambda env: env["collection.delivery"]._process_outbox(limit))

    def in_transaction(self, work):
        """What ``work(env)`` returns, done as the scheduler does it: it may commit."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cursor:
            result = work(api.Environment(cursor, api.SUPERUSER_ID, {}))
        self.env.invalidate_all()
        return result

    @classmethod
    def delivery_of(cls, reminder, channel="email"):
        """The reminder's delivery on a channel."""
        return reminder.delivery_ids.filtered(lambda delivery: delivery.channel == channel)

    @classmethod
    def remind(cls, amount=1200, late=5, partner=None):
        """A reminder of one invoice, in the outbox."""
        invoice = cls.make_invoice(partner or cls.partner, amount, due=cls.days_ago(late))
        return cls.prepare(invoice)

    @classmethod
    def days_ago(cls, days):
        """That many days before the test's today."""
        return day(-days)
