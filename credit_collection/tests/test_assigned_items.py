"""Invoices assigned to a factor or a bank: chased for it if the plan says so, and paid to it alone."""

from io import BytesIO
from unittest.mock import patch

from markupsafe import Markup
from pypdf import PdfReader

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import day
from .outbox_case import OutboxCase
from .smtp import attachments_of, plain_spaces, read_html

OUR_IBAN = "FR14 2004 1010 0505 0001 3M02 606"
FACTOR_IBAN = "FR76 3000 6000 0112 3456 7890 189"


class AssignedCase(OutboxCase):
    """A plan that chases for assignees, a factor, and our own account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan([("Rappel", 3, {"channels": ("email",), "attach_letter": True}), ("Relance", 12)])
        cls.plan.chase_assigned = True
        cls.plan.rest_days = 7
        cls.mail_template.body_html += Markup("<t t-out='object.payment_means'/>")
        cls.letter_template.body = "<p>Please pay.</p><p>[[items]]</p><p>[[payment]]</p>"
        cls.env["res.partner.bank"].create(
            {"acc_number": OUR_IBAN, "partner_id": cls.company.partner_id.id, "allow_out_payment": True}
        )
        cls.factor = cls.make_assignee()

    @classmethod
    def assign(cls, invoice, assignee=None):
        item = cls.item_of(invoice)
        item.write({"status": "assigned", "assignee_id": (assignee or cls.factor).id, "assigned_on": day(-30)})
        return item

    def letter_of(self, message):
        """Text of the only PDF that goes with a message."""
        [content] = attachments_of(message).values()
        return plain_spaces("\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))

    def sent_for(self, invoice):
        """The message that claims the invoice."""
        [message] = [message for message in self.server.messages if invoice.name in read_html(message)]
        return message


@tagged("post_install", "-at_install")
class TestWhoIsToBePaid(AssignedCase):
    """A reminder about assigned invoices gives the assignee's account and nobody else's, in mail and letter."""

    def send_one(self, **values):
        self.factor.write(values)
        invoice = self.make_invoice(self.partner, 1200, due=day(-5))
        self.assign(invoice)
        with patch.object(
            self.registry["collection.reminder"], "_get_payment_link", lambda reminder: "https://pay.example/mine"
        ):
            self.prepare(invoice)
            self.process_outbox()
        message = self.sent_for(invoice)
        return invoice, read_html(message), self.letter_of(message)

    def test_the_account_is_the_assignees_and_ours_is_left_out(self):
        _invoice, mail, letter = self.send_one()
        for text in (mail, letter):
            self.assertIn(FACTOR_IBAN, text)
            self.assertIn("Factor Affacturage", text)
            self.assertNotIn(OUR_IBAN.replace(" ", ""), text.replace(" ", ""))
            self.assertNotIn("pay.example", text)

    def test_payment_to_it_alone_discharges(self):
        self.partner.lang = "en_US"
        _invoice, mail, letter = self.send_one()
        for text in (mail, letter):
            self.assertIn(
                "Factor Affacturage has been subrogated to our rights in the invoices listed here (article 1346-1 of "
                "the French Civil Code). To discharge your debt, payment must be made exclusively to Factor "
                "Affacturage.",
                text,
            )

    def test_in_french(self):
        self.partner.lang = "fr_FR"
        _invoice, mail, letter = self.send_one(basis="business")
        for text in (mail, letter):
            self.assertIn(
                "Les factures citées ici ont été cédées à Factor Affacturage dans les conditions prévues par les "
                "articles L. 313-23 à L. 313-34 du code monétaire et financier. Pour être libératoire, votre règlement "
                "doit être effectué exclusivement auprès de Factor Affacturage.",
                text,
            )

    def test_the_words_of_the_contract_take_their_place_and_are_no_html(self):
        _invoice, mail, letter = self.send_one(mention="Pay <b>Factor</b> & nobody else.")
        self.assertIn("Pay <b>Factor</b> & nobody else.", letter)
        self.assertIn("Pay &lt;b&gt;Factor&lt;/b&gt; &amp; nobody else.", mail)
        self.assertNotIn("subrogated", mail + letter)

    def test_the_invoice_itself_is_to_be_quoted(self):
        invoice, mail, _letter = self.send_one()
        self.assertIn(f"Reference to quote : {invoice.name}", mail.replace("quote:", "quote :"))

    def test_ours_are_paid_to_us(self):
        invoice = self.make_invoice(self.partner, 800, due=day(-5))
        self.prepare(invoice)
        self.process_outbox()
        text = read_html(self.sent_for(invoice))
        self.assertIn(OUR_IBAN, text)
        self.assertNotIn("Factor", text)


@tagged("post_install", "-at_install")
class TestOnePayeeAReminder(AssignedCase):
    """What is owed to two is asked for in two reminders, which leave together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.make_assignee("Banque Dailly", "FR7610107001011234567890129", basis="business")
        cls.ours, cls.factored, cls.banked = (
            cls.make_invoice(cls.partner, amount, due=day(-5)) for amount in (100, 200, 400)
        )
        cls.assign(cls.factored)
        cls.assign(cls.banked, cls.bank)

    def claimed(self, reminders):
        """[(payee, invoices, total)] of the reminders."""
        return sorted(
            (
                reminder.assignee_id.display_name or "",
                *reminder._get_live_lines().mapped("name"),
                sum(reminder._get_live_lines().mapped("claim")),
            )
            for reminder in reminders
        )

    def test_a_reminder_for_each(self):
        self.assertEqual(
            self.claimed(self.plan_run().reminder_ids),
            [
                ("", self.ours.name, 100),
                ("Banque Dailly", self.banked.name, 400),
                ("Factor Affacturage", self.factored.name, 200),
            ],
        )

    def test_all_leave_the_same_day_and_the_debtor_rests_once(self):
        reminders = self.prepare()
        self.assertEqual(self.process_outbox(), 3)
        self.assertEqual(set(reminders.mapped("state")), {"sent"})
        self.assertEqual(reminders.debtor_id.last_reminder_date, day(0))
        self.assertFalse(self.plan_run().reminder_ids)

    def test_the_second_does_not_rest_from_the_first(self):
        first, *others = self.prepare()
        first._set_deadline()
        first.delivery_ids._record_handed_over()
        for reminder in others:
            reminder._decide_again()
        self.assertEqual([reminder.state for reminder in others], ["outbox", "outbox"])

    def test_from_a_reminder_of_another_day_it_rests(self):
        first, *others = self.prepare()
        first._set_deadline()
        first.delivery_ids._record_handed_over()
        later = others[0]
        later.run_id = self.env["collection.run"].create({"company_id": self.company.id})
        later._decide_again()
        self.assertEqual(later.state, "cancelled")

    def test_what_is_recalled_is_recalled_to_its_own_payee(self):
        self.run_and_send()
        self.set_today(day(2))
        late = self.make_invoice(self.partner, 50, due=day(-5))
        self.set_today(day(8))
        for reminder in self.run_and_send():
            payees = {item._get_payee() for item in reminder._get_live_lines().item_id}
            self.assertEqual(payees, {reminder.assignee_id})
        self.assertEqual(self.item_of(late).level_id.name, "Rappel")

    def test_assigned_after_planning_it_leaves_the_reminder(self):
        reminder = self.plan_run().reminder_ids.filtered(lambda reminder: not reminder.assignee_id)
        self.assign(self.ours)
        self.assertEqual(reminder.state, "cancelled")
        self.assertEqual(reminder.cancel_reason, f"{self.ours.name} is now to be paid to Factor Affacturage.")

    def test_taken_back_after_planning_it_leaves_the_assignees_reminder(self):
        reminder = self.plan_run().reminder_ids.filtered(lambda reminder: reminder.assignee_id == self.factor)
        self.item_of(self.factored).write({"status": False, "assignee_id": False})
        self.assertEqual(reminder.cancel_reason, f"{self.factored.name} is now to be paid to Vendeur SA.")

    def test_two_levels_of_one_run_leave_together_too(self):
        self.plan.grouping = "level"
        self.env["collection.item"].search([]).write({"status": False, "assignee_id": False})
        self.run_and_send()
        self.set_today(day(7))
        self.make_invoice(self.partner, 300, due=day(2))
        reminders = self.prepare()
        self.assertEqual(sorted(reminders.level_id.mapped("name")), ["Rappel", "Relance"])
        reminders[0].delivery_ids._record_handed_over()
        reminders[1]._decide_again()
        self.assertEqual(reminders[1].state, "outbox")

    def test_the_statement_shows_apart_who_is_paid_for_what(self):
        content = self.debtor_of(self.partner)._render_statement()
        text = plain_spaces("\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))
        places = [
            text.index(words)
            for words in (
                "To be paid to Vendeur SA",
                self.ours.name,
                "To be paid to Factor Affacturage",
                FACTOR_IBAN,
                self.factored.name,
                "To be paid to Banque Dailly",
                self.banked.name,
            )
        ]
        self.assertEqual(places, sorted(places))


@tagged("post_install", "-at_install")
class TestWhoAssignsWhat(AssignedCase):
    """The assignee of an item is a person's word: checked, in the history, and a manager's to set up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.make_invoice(cls.partner, 1200, due=day(-5))

    def test_it_stands_on_the_timeline(self):
        item = self.assign(self.invoice)
        self.assertIn(f"Assigned to Factor Affacturage: {self.invoice.name}", item.debtor_id.message_ids[0].body)
        item.write({"assignee_id": False, "status": False})
        self.assertIn(f"No longer assigned: {self.invoice.name}", item.debtor_id.message_ids[0].body)

    def test_an_assignee_with_a_percent_sign_in_its_name(self):
        item = self.assign(self.invoice, self.make_assignee("100 %s Factor"))
        self.assertIn(f"Assigned to 100 %s Factor: {self.invoice.name}", item.debtor_id.message_ids[0].body)

    def test_an_item_with_an_assignee_is_assigned(self):
        item = self.assign(self.invoice)
        with self.assertRaisesRegex(ValidationError, "has an assignee: its status is “Assigned”"):
            item.status = "collecting"

    def test_the_account_is_one_of_the_assignee(self):
        stranger = self.env["res.partner.bank"].create(
            {"acc_number": "FR7610107001011234567890129", "partner_id": self.partner.id}
        )
        with self.assertRaisesRegex(ValidationError, "is not one of Factor Affacturage"):
            self.factor.bank_account_id = stranger

    def test_into_an_account_that_was_archived_nobody_is_asked_to_pay(self):
        self.assign(self.invoice)
        reminder = self.prepare(self.invoice)
        self.factor.bank_account_id.active = False
        self.process_outbox()
        self.assertEqual((reminder.state, len(self.server.messages)), ("outbox", 0))
        self.assertEqual(reminder.hold_reason, "The account of Factor Affacturage is archived: choose another.")

    def test_of_another_company_it_cannot_be_chosen(self):
        other = self.factor.copy({"company_id": self.env["res.company"].create({"name": "Other"}).id})
        with self.assertRaisesRegex(ValidationError, "was not assigned by this company"):
            self.assign(self.invoice, other)

    def test_a_collector_assigns_items_and_a_manager_alone_sets_accounts(self):
        collector = new_test_user(self.env, "collector", "base.group_user,credit_collection.group_collection_collector")
        item = self.item_of(self.invoice).with_user(collector)
        item.write({"status": "assigned", "assignee_id": self.factor.id})
        self.assertEqual(item.assignee_id.display_name, "Factor Affacturage")
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.factor.with_user(collector).mention = "Pay me"

    def test_a_change_of_account_stays_in_the_history(self):
        account = self.env["res.partner.bank"].create(
            {"acc_number": "FR7610107001011234567890129", "partner_id": self.factor.partner_id.id}
        )
        # What was made a moment ago is not tracked until its transaction ends.
        self.env.cr.precommit.run()
        self.factor.bank_account_id = account
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = self.factor.message_ids.tracking_value_ids
        self.assertIn("bank_account_id", tracked.field_id.mapped("name"))
