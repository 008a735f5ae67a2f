from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import day
from .outbox_case import OutboxCase
from .smtp import read_html, read_text


@tagged("post_install", "-at_install")
class TestAnEmailIsHandedOver(OutboxCase):
    """The mail server's acceptance is the proof, and nothing else advances an item."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()

    def test_the_server_takes_it_and_the_item_reaches_its_level(self):
        reminder = self.remind(1200)
        self.assertEqual(self.process_outbox(), 1)
        delivery = self.delivery_of(reminder)
        message = self.server.message_to(self.address)
        self.assertEqual(message["Message-Id"].strip(), delivery.mail_message_id.message_id)
        self.assertEqual((delivery.state, reminder.state), ("handed_over", "sent"))
        self.assertEqual(reminder.sent_date, day(0))
        item = reminder.line_ids.item_id
        self.assertEqual((item.level_id.name, item.level_date), ("Rappel", day(0)))
        self.assertEqual(reminder.debtor_id.last_reminder_date, day(0))

    def test_nothing_is_left_in_the_mail_queue(self):
        self.remind()
        self.process_outbox()
        self.assertEqual(self.env["mail.mail"].search_count([("state", "=", "outgoing")]), 0)

    def test_a_second_pass_sends_nothing(self):
        self.remind()
        self.process_outbox()
        self.assertEqual(self.process_outbox(), 0)
        self.assertEqual(len(self.server.messages), 1)

    def test_the_message_stays_on_the_debtors_timeline_with_its_files(self):
        conditions = b"Nos conditions"
        self.mail_template.attachment_ids = [
            Command.create({"name": "conditions.txt", "raw": conditions, "mimetype": "text/plain"})
        ]
        reminder = self.remind(1200)
        self.process_outbox()
        message = self.delivery_of(reminder).mail_message_id
        self.assertEqual((message.model, message.res_id), ("collection.debtor", reminder.debtor_id.id))
        self.assertIn(message, reminder.debtor_id.message_ids)
        self.assertIn("1,200.00", message.body.replace("\N{NO-BREAK SPACE}", " "))
        self.assertEqual(message.attachment_ids.mapped("raw"), [conditions])

    def test_several_debtors_are_served_in_one_session(self):
        for number in range(7):
            partner = self.make_partner(f"Client {number}")
            self.make_invoice(partner, 100 + number, due=day(-5))
        self.prepare()
        self.assertEqual(self.process_outbox(), 7)
        self.assertEqual(self.server.connections, 1)
        for number in range(7):
            text = read_text(self.server.message_to(f"compta@client.{number}.example"))
            self.assertIn(f"10{number}.00", text)

    def test_a_limit_leaves_the_rest_for_later(self):
        for number in range(3):
            self.make_invoice(self.make_partner(f"Client {number}"), 100, due=day(-5))
        self.prepare()
        self.assertEqual(self.process_outbox(limit=2), 2)
        self.assertEqual(self.process_outbox(), 1)

    def test_letters_and_tasks_do_not_wait_for_a_mail_server(self):
        self.env["collection.plan"].search([]).active = False
        self.make_plan([("Rappel", 3, {"channels": ("email", "task")})])
        reminder = self.remind()
        with patch.object(type(self.env["ir.mail_server"]), "_connect__", side_effect=OSError("No route to host")):
            self.assertEqual(self.process_outbox(), 1)
        self.assertEqual(self.delivery_of(reminder, "task").state, "handed_over")
        self.assertEqual(self.delivery_of(reminder).state, "queued")


@tagged("post_install", "-at_install")
class TestWhoReceivesAnEmail(OutboxCase):
    """Contacts for collection, else the payer, else the invoice contact, else the company; others in copy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.debtor = cls.env["collection.debtor"].create({"partner_id": cls.partner.id, "company_id": cls.company.id})

    def contact(self, name, **values):
        email = f"{name.lower()}@durand.example"
        return self.env["res.partner"].create({"name": name, "email": email, "parent_id": self.partner.id, **values})

    def send(self):
        self.remind()
        self.process_outbox()
        return [(message["To"], message["Cc"]) for message in self.server.messages]

    def test_the_company_by_default(self):
        self.assertEqual(self.send(), [("Menuiserie Durand <compta@menuiserie.durand.example>", None)])

    def test_its_invoice_contact_rather(self):
        self.contact("Factures", type="invoice")
        self.assertEqual([to for to, _cc in self.send()], ["Factures <factures@durand.example>"])

    def test_the_payer_rather_with_the_name_of_the_debtor_on_each_invoice(self):
        self.contact("Factures", type="invoice")
        self.debtor.payer_id = self.make_partner("Centrale")
        self.assertEqual([to for to, _cc in self.send()], ["Centrale <compta@centrale.example>"])
        self.assertIn("Customer", read_html(self.server.messages[0]))
        self.assertIn("Menuiserie Durand", read_html(self.server.messages[0]))

    def test_the_contacts_for_collection_first_of_all(self):
        self.debtor.payer_id = self.make_partner("Centrale")
        self.debtor.contact_ids = self.contact("Anne") | self.contact("Paul")
        [(to, _cc)] = self.send()
        self.assertIn("anne@durand.example", to)
        self.assertIn("paul@durand.example", to)
        self.assertNotIn("centrale", to)

    def test_others_in_copy(self):
        self.debtor.copy_contact_ids = self.make_partner("Expert Comptable")
        self.assertEqual([cc for _to, cc in self.send()], ["Expert Comptable <compta@expert.comptable.example>"])
        self.assertEqual(
            self.server.envelopes[0][1], ("compta@menuiserie.durand.example", "compta@expert.comptable.example")
        )

    def test_two_contacts_with_one_address_receive_it_once(self):
        self.debtor.contact_ids = self.contact("Anne") | self.contact("Bis", email="anne@durand.example")
        self.send()
        self.assertEqual(self.server.envelopes[0][1], ("anne@durand.example",))

    def test_a_blacklisted_address_is_never_tried(self):
        self.env["mail.blacklist"]._add("anne@durand.example")
        self.debtor.contact_ids = self.contact("Anne") | self.contact("Paul")
        self.send()
        self.assertEqual(self.server.envelopes[0][1], ("paul@durand.example",))

    def test_a_bouncing_address_is_never_tried(self):
        self.debtor.contact_ids = self.contact("Anne", message_bounce=1)
        self.send()
        self.assertEqual(self.server.envelopes[0][1], (self.address,))

    def test_nobody_in_copy_who_refused_to_be_written_to(self):
        self.env["mail.blacklist"]._add("compta@expert.comptable.example")
        self.debtor.copy_contact_ids = self.make_partner("Expert Comptable")
        self.assertEqual([cc for _to, cc in self.send()], [None])

    def test_an_address_corrected_in_the_outbox_is_the_one_used(self):
        reminder = self.remind()
        self.partner.email = "direction@durand.example"
        self.process_outbox()
        self.assertEqual(self.server.envelopes[0][1], ("direction@durand.example",))
        self.assertEqual(self.delivery_of(reminder).recipients, "direction@durand.example")

    def test_an_address_blacklisted_in_the_outbox_fails_and_a_person_is_asked(self):
        reminder = self.remind()
        self.env["mail.blacklist"]._add(self.address)
        self.process_outbox()
        delivery = self.delivery_of(reminder)
        self.assertEqual(self.server.messages, [])
        self.assertEqual(
            (delivery.state, delivery.error), ("failed", "No usable e-mail address for Menuiserie Durand.")
        )
        self.assertEqual(
            reminder.debtor_id.activity_ids.summary,
            "Reminder not delivered: No usable e-mail address for Menuiserie Durand.",
        )

    def test_the_collector_signs_and_answers_come_back_to_the_debtor(self):
        collector = self.env["res.users"].create(
            {"name": "Claire Martin", "login": "claire", "email": "claire@vendeur.example"}
        )
        self.debtor.with_context(mail_auto_subscribe_no_notify=True).user_id = collector
        self.send()
        message = self.server.message_to(self.address)
        self.assertEqual(message["From"], "Claire Martin <claire@vendeur.example>")
        self.assertEqual(message["Reply-To"], "Claire Martin <catchall@vendeur.example>")
        self.assertEqual(self.server.envelopes[0][0], "bounce@vendeur.example")


@tagged("post_install", "-at_install")
class TestAnEmailSpeaksTheDebtorsLanguage(OutboxCase):
    """The whole message, table included, is in the debtor's language, whatever the sender's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mail_template = cls.env.ref("credit_collection.mail_template_business_reminder")
        cls.make_plan()

    def send_to(self, lang, sender_lang):
        self.env.user.lang = sender_lang
        self.partner.lang = lang
        self.make_invoice(self.partner, 1234.5, due=day(-5))
        reminder = self.prepare()
        delivery = self.delivery_of(reminder)
        self.in_transaction(
            lambda env: env["collection.delivery"].with_context(lang=sender_lang).browse(delivery.id).action_send_now()
        )
        return self.server.message_to(self.address)

    def test_french_from_an_english_sender(self):
        message = self.send_to("fr_FR", "en_US")
        html = read_html(message)
        self.assertIn("Madame, Monsieur", html)
        self.assertIn("Facture Échéance Jours de retard Reste dû", html)
        self.assertIn("1 234,50 €", html)
        self.assertIn("1 234,50 €", read_text(message))
        self.assertIn("rappel", message["Subject"])
        self.assertNotIn("Invoice", html)

    def test_english_from_a_french_sender(self):
        html = read_html(self.send_to("en_US", "fr_FR"))
        self.assertIn("Dear Sir or Madam", html)
        self.assertIn("Invoice Due date Days late Still due", html)
        self.assertIn("1,234.50 €", html)
        self.assertNotIn("Facture", html)

    def test_currencies_are_never_added(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.partner.lang = "fr_FR"
        self.make_invoice(self.partner, 300, due=day(-6), currency=dollar)
        self.make_invoice(self.partner, 1000, due=day(-5))
        self.prepare()
        self.process_outbox()
        html = read_html(self.server.message_to(self.address))
        self.assertIn("Total dû en EUR 1 000,00 €", html)
        self.assertIn("Total dû en USD $ 300,00", html)

    def test_what_a_customer_is_called_cannot_break_the_message(self):
        self.make_partner("Évêché <script>alert(1)</script> & Fils", email="eveche@client.example", lang="fr_FR")
        partner = self.env["res.partner"].search([("email", "=", "eveche@client.example")])
        debtor = self.env["collection.debtor"].create({"partner_id": partner.id, "company_id": self.company.id})
        debtor.payer_id = partner
        self.make_invoice(partner, 10, due=day(-5))
        self.prepare()
        self.process_outbox()
        html = self.server.message_to("eveche@client.example").get_body(("html",)).get_content()
        self.assertNotIn("<script>", html)
        self.assertIn("&lt;script&gt;", html)


@tagged("post_install", "-at_install")
class TestOnlyTheCulpritIsSetAside(OutboxCase):
    """One message that cannot be made never holds the others, and is shown to a person with its reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.others = [cls.make_partner(f"Client {number}") for number in range(3)]
        for partner in [cls.partner, *cls.others]:
            cls.make_invoice(partner, 100, due=day(-5))

    def assert_only_the_partner_failed(self, reminders, reason):
        culprit = reminders.filtered(lambda reminder: reminder.partner_id == self.partner)
        delivery = self.delivery_of(culprit)
        self.assertEqual(delivery.state, "failed")
        self.assertIn(reason, delivery.error)
        self.assertEqual(len(culprit.debtor_id.activity_ids), 1)
        self.assertEqual(set((reminders - culprit).mapped("state")), {"sent"})
        self.assertEqual(
            {recipient for _from, to in self.server.envelopes for recipient in to}, {p.email for p in self.others}
        )

    def test_a_placeholder_that_breaks_for_one_debtor(self):
        self.mail_template.body_html = "<p t-out=\"1 / (object.partner_id.name != 'Menuiserie Durand')\"/>"
        reminders = self.prepare()
        self.assertEqual(self.process_outbox(), 3)
        self.assert_only_the_partner_failed(reminders, "The e-mail cannot be written")

    def test_a_query_in_a_placeholder_that_fails(self):
        self.mail_template.body_html = (
            "<t t-if=\"object.partner_id.name == 'Menuiserie Durand'\">"
            "<t t-out=\"object.env.cr.execute('SELECT 1/0')\"/></t><p>Hello</p>"
        )
        reminders = self.prepare()
        self.assertEqual(self.process_outbox(), 3)
        self.assert_only_the_partner_failed(reminders, "The e-mail cannot be written")

    def test_an_attachment_that_cannot_be_made(self):
        prepare = type(self.env["collection.reminder"])._prepare_email_attachments

        def fail_for_one(reminder, copies=None):
            if reminder.partner_id == self.partner:
                raise UserError("The printer is on fire.")  # pylint: disable=translation-required
            return prepare(reminder, copies)

        reminders = self.prepare()
        with patch.object(type(self.env["collection.reminder"]), "_prepare_email_attachments", fail_for_one):
            self.assertEqual(self.process_outbox(), 3)
        self.assert_only_the_partner_failed(reminders, "The printer is on fire.")

    def test_an_accident_nobody_foresaw(self):
        decide = type(self.env["collection.reminder"])._hold_against

        def fail_for_one(reminder, decisions):
            if reminder.partner_id == self.partner:
                raise KeyError("surprise")
            return decide(reminder, decisions)

        reminders = self.prepare()
        with (
            patch.object(type(self.env["collection.reminder"]), "_hold_against", fail_for_one),
            self.assertLogs("odoo.addons.credit_collection.models.collection_delivery_outbox", "ERROR"),
        ):
            self.assertEqual(self.process_outbox(), 3)
        self.assert_only_the_partner_failed(reminders, "surprise")

    def test_its_text_corrected_it_goes_again(self):
        body = self.mail_template.body_html
        self.mail_template.body_html = "<p t-out=\"1 / (object.partner_id.name != 'Menuiserie Durand')\"/>"
        reminders = self.prepare()
        self.process_outbox()
        self.mail_template.body_html = body
        failed = reminders.delivery_ids.filtered(lambda delivery: delivery.state == "failed")
        failed.action_mark_not_arrived()
        self.assertEqual(self.process_outbox(), 1)
        self.assertEqual(set(reminders.mapped("state")), {"sent"})
