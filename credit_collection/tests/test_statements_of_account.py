"""Monthly statements of account: by the outbox, once a month, without reminding of anything."""

from datetime import date, datetime, time
from io import BytesIO

from psycopg2 import IntegrityError
from pypdf import PdfReader

from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import day
from .outbox_case import OutboxCase
from .smtp import attachments_of, plain_spaces, read_html

MONTH = date(2026, 3, 1)


class StatementCase(OutboxCase):
    """Statements go to everybody on the 10th: today, Tuesday 10 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"collection_statement_scope": "all", "collection_statement_day": 10})
        cls.partner.lang = "en_US"
        cls.invoice = cls.make_invoice(cls.partner, 1200, due=day(-5))
        cls.to_come = cls.make_invoice(cls.partner, 500, due=day(20))

    def send_month(self):
        """The month's job, then the outbox; returns the statements of the month."""
        self.in_transaction(lambda env: env["res.company"]._cron_send_statements())
        self.process_outbox()
        return self.statements()

    def statements(self):
        return self.env["collection.reminder"].search([("statement_month", "!=", False)])

    def debtor(self):
        return self.debtor_of(self.partner)

    def pdf_of(self, message):
        [(name, content)] = attachments_of(message).items()
        pages = PdfReader(BytesIO(content)).pages
        return name, plain_spaces("\n".join(page.extract_text() for page in pages))


@tagged("post_install", "-at_install")
class TestAStatementLeaves(StatementCase):
    """The mail server receives an e-mail and a PDF that say where the account stands, in the debtor's language."""

    def test_the_mail_says_what_is_overdue_to_come_and_to_deduct(self):
        self.make_credit_note(self.partner, 150)
        [statement] = self.send_month()
        message = self.server.message_to(self.address)
        text = read_html(message)
        self.assertEqual(
            plain_spaces(message["Subject"]),
            f"Vendeur SA – your statement of account on March 10, 2026 ({statement.name})".replace(
                "March 10, 2026", "10 March 2026"
            ),
        )
        for words in (
            "Overdue 1,200.00 €",
            "Not yet due 500.00 €",
            "Credit notes and payments not allocated, to be deducted 150.00 €",
            "Balance of your account 1,550.00 €",
        ):
            self.assertIn(words, text)
        self.assertEqual((statement.state, statement.sent_date), ("sent", day(0)))

    def test_the_pdf_lists_every_open_item_and_the_sums(self):
        self.make_credit_note(self.partner, 150)
        self.send_month()
        name, text = self.pdf_of(self.server.message_to(self.address))
        self.assertRegex(name, r"^R\d{7}-statement\.pdf$")
        for words in (
            "Statement of account",
            "Balance of your account: 1,550.00 €.",
            "Overdue: 1,200.00 €. Not yet due: 500.00 €. Credit notes and payments not allocated: 150.00 €.",
            self.invoice.name,
            self.to_come.name,
            "-150.00 €",
        ):
            self.assertIn(words, text)

    def test_in_french(self):
        self.env.ref("base.module_credit_collection")._update_translations("fr_FR")
        self.partner.lang = "fr_FR"
        [statement] = self.send_month()
        message = self.server.message_to(self.address)
        self.assertEqual(
            plain_spaces(message["Subject"]), f"Vendeur SA – votre relevé de compte au 10 mars 2026 ({statement.name})"
        )
        self.assertIn("Solde de votre compte 1 700,00 €", read_html(message))
        name, text = self.pdf_of(message)
        self.assertEqual(name, f"{statement.name}-relevé.pdf")
        self.assertIn("Solde de votre compte : 1 700,00 €.", text)
        self.assertIn("Échu : 1 200,00 €. Non échu : 500,00 €.", text)

    def test_two_currencies_are_never_added(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.make_invoice(self.partner, 300, due=day(-2), currency=dollar)
        self.send_month()
        self.assertIn("Overdue 1,200.00 € and $ 300.00", read_html(self.server.message_to(self.address)))

    def test_it_stands_on_the_debtors_timeline_with_its_pdf(self):
        [statement] = self.send_month()
        message = statement.delivery_ids.mail_message_id
        self.assertEqual((message.model, message.res_id), ("collection.debtor", statement.debtor_id.id))
        self.assertEqual(message.attachment_ids.mapped("mimetype"), ["application/pdf"])

    def test_to_those_named_for_it(self):
        anne = self.env["res.partner"].create({"name": "Anne", "email": "anne@durand.example"})
        self.debtor().statement_contact_ids = anne
        self.send_month()
        self.assertEqual(self.server.message_to("anne@durand.example")["To"], "Anne <anne@durand.example>")
        self.assertEqual(len(self.server.messages), 1)


@tagged("post_install", "-at_install")
class TestAStatementRemindsOfNothing(StatementCase):
    """No item reaches a level, the debtor does not rest from it, and runs plan as if it were not there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan([("Rappel", 3)]).rest_days = 7

    def test_items_and_rest_are_as_before(self):
        self.send_month()
        self.assertFalse(self.item_of(self.invoice).level_id)
        self.assertFalse(self.debtor().last_reminder_date)
        self.assert_decided(self.invoice, "level", "Rappel", 1200.0)
        self.set_today(day(1))
        self.assert_decided(self.invoice, "level", "Rappel", 1200.0, on=day(0))

    def test_one_that_waits_does_not_keep_a_reminder_back(self):
        self.in_transaction(lambda env: env["res.company"]._cron_send_statements())
        self.assertEqual(self.statements().state, "outbox")
        self.assertEqual(self.plan_run().reminder_ids.level_id.name, "Rappel")

    def test_a_reminder_does_not_name_it_among_those_before(self):
        self.send_month()
        reminder = self.plan_run().reminder_ids
        self.assertEqual((reminder.past_reminders_text, reminder.last_reminder_date_text), ("", ""))

    def test_it_is_not_counted_among_the_reminders(self):
        self.send_month()
        debtor = self.debtor()
        debtor.invalidate_recordset()
        self.assertEqual(debtor.reminder_count, 0)
        todo = self.env["collection.todo"].search([("code", "=", "approve")])
        self.assertEqual(todo.count, 0)

    def test_a_reminder_without_level_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["collection.reminder"].create({"debtor_id": self.debtor().id, "date": day(0)})
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestOnceAMonth(StatementCase):
    """One statement a month and a customer, on the day chosen or the working day after it."""

    def test_a_second_pass_makes_none(self):
        self.send_month()
        self.assertEqual(len(self.send_month()), 1)
        self.set_today(day(5))
        self.make_invoice(self.make_partner("Anne"), 100, due=day(-5))
        self.assertEqual(len(self.send_month()), 1)

    def test_the_database_refuses_a_second_one(self):
        [statement] = self.send_month()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["collection.reminder"].create(statement.debtor_id._prepare_statement_reminder(MONTH))
            self.env.flush_all()

    def test_the_next_month_another(self):
        self.send_month()
        self.set_today(date(2026, 4, 9))
        self.assertEqual(len(self.send_month()), 1)
        self.set_today(date(2026, 4, 10))
        self.assertEqual(self.send_month().mapped("statement_month"), [date(2026, 4, 1), MONTH])

    def test_not_before_its_day(self):
        self.company.collection_statement_day = 11
        self.assertFalse(self.send_month())

    def test_on_a_sunday_the_monday_after(self):
        self.company.collection_statement_day = 15
        self.set_today(date(2026, 3, 15))
        self.assertFalse(self.send_month())
        self.set_today(date(2026, 3, 16))
        self.assertEqual(len(self.send_month()), 1)

    def test_31_is_the_last_day_of_every_month(self):
        self.company.collection_statement_day = 31
        self.set_today(date(2026, 4, 29))
        self.assertFalse(self.send_month())
        self.set_today(date(2026, 4, 30))
        self.assertEqual(len(self.send_month()), 1)

    def test_a_day_that_no_month_has_is_refused(self):
        for impossible in (0, 32, -1):
            with self.assertRaises(ValidationError):
                self.company.collection_statement_day = impossible

    def test_the_job_runs_where_a_company_wants_it(self):
        job = self.env.ref("credit_collection.cron_send_statements")
        self.assertTrue(job.active)
        self.company.collection_statement_scope = "off"
        self.assertFalse(job.active)
        self.assertFalse(self.send_month())


@tagged("post_install", "-at_install")
class TestWhoReceivesAStatement(StatementCase):
    """Those who owe something, unless they are left alone; whoever asked for it, even so."""

    def sent(self):
        return bool(self.send_month().filtered(lambda statement: statement.state == "sent"))

    def test_nobody_who_owes_nothing(self):
        self.pay(self.invoice, 1200)
        self.pay(self.to_come, 500)
        self.make_credit_note(self.partner, 50)
        self.assertFalse(self.send_month())

    def test_nobody_who_said_never(self):
        self.debtor().statement_sending = "never"
        self.assertFalse(self.sent())

    def test_not_one_never_chased_unless_asked_for(self):
        for values in ({"chase": "off"}, {"chase": "manual"}, {"chase": "on", "is_key_account": True}):
            with self.subTest(**values):
                self.debtor().write(values)
                self.assertFalse(self.debtor() & self.found())
                self.debtor().statement_sending = "always"
                self.assertTrue(self.debtor() & self.found())
                self.debtor().write({"statement_sending": False, "is_key_account": False})

    def found(self):
        self.decisions()
        debtors = self.env["collection.debtor"]
        return debtors.search(debtors._get_statement_domain(self.company))

    def test_asked_for_it_goes_even_to_one_never_chased(self):
        self.debtor().write({"chase": "off", "statement_sending": "always"})
        self.assertTrue(self.sent())

    def test_during_a_pause_never(self):
        self.debtor().write({"pause_until": day(3), "pause_reason": "Strike", "statement_sending": "always"})
        self.assertFalse(self.sent())

    def test_only_those_who_asked_where_the_company_says_so(self):
        self.company.collection_statement_scope = "asked"
        self.assertFalse(self.debtor() & self.found())
        self.debtor().statement_sending = "always"
        self.assertTrue(self.sent())

    def test_without_an_address_none_is_made(self):
        self.partner.email = False
        self.assertFalse(self.send_month())


@tagged("post_install", "-at_install")
class TestEachCompanyItsOwn(StatementCase):
    """A company's statements go to its own debtors, by its own choice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_company("Autre SA")
        cls.make_invoice(cls.partner, 900, due=day(-5), company=cls.other)

    def test_one_that_sends_none(self):
        self.assertEqual(self.send_month().company_id, self.company)

    def test_one_that_sends_its_own(self):
        self.other.write({"collection_statement_scope": "all", "collection_statement_day": 10})
        self.assertEqual(self.send_month().company_id, self.company | self.other)
        texts = sorted(read_html(message).split("In short: ")[1][:18] for message in self.server.messages)
        self.assertEqual(texts, ["Overdue 1,200.00 €", "Overdue 900.00 € B"])


@tagged("post_install", "-at_install")
class TestDecidedAgainBeforeItLeaves(StatementCase):
    """What waits in the outbox says what is true when it leaves, or does not leave."""

    def wait(self):
        """A statement that the hour keeps in the outbox: it is 21 in Paris."""
        self.clock.move_to(datetime.combine(day(0), time(20)))
        [statement] = self.send_month()
        self.assertEqual((statement.state, len(self.server.messages)), ("outbox", 0))
        return statement

    def test_the_sums_are_those_of_the_moment(self):
        self.wait()
        self.set_today(day(1))
        self.pay(self.invoice, 200)
        self.process_outbox()
        self.assertIn("Overdue 1,000.00 €", read_html(self.server.message_to(self.address)))

    def test_all_paid_it_is_cancelled(self):
        statement = self.wait()
        self.set_today(day(1))
        self.pay(self.invoice | self.to_come, 1700)
        self.process_outbox()
        self.assertEqual((statement.state, statement.cancel_reason), ("cancelled", "Nothing is open on the account."))

    def test_paused_meanwhile_it_is_cancelled(self):
        statement = self.wait()
        self.set_today(day(1))
        self.debtor().write({"pause_until": day(30), "pause_reason": "Strike"})
        self.process_outbox()
        self.assertEqual(statement.cancel_reason, "This customer gets no statement of account.")

    def test_an_answer_to_read_holds_it_back_and_the_month_ends(self):
        statement = self.wait()
        self.set_today(day(1))
        self.debtor().unread_since = day(1)
        self.process_outbox()
        self.assertEqual(statement.state, "outbox")
        self.assertEqual(statement.hold_reason, "An answer of the customer waits to be read.")
        self.set_today(date(2026, 4, 1))
        self.process_outbox()
        self.assertEqual(statement.cancel_reason, "The month of the statement is over.")


@tagged("post_install", "-at_install")
class TestAPersonSendsOrLooks(StatementCase):
    """A statement can be looked at without leaving a trace, and sent by hand within the month."""

    def test_the_preview_shows_mail_and_pdf_and_leaves_nothing(self):
        auditor = new_test_user(self.env, "auditor", "base.group_user,credit_collection.group_collection_reader")
        self.decisions()
        preview = self.env["collection.statement.preview"].with_user(auditor).create({"debtor_id": self.debtor().id})
        self.assertEqual(preview.recipients, '"Menuiserie Durand" <compta@menuiserie.durand.example>')
        self.assertIn("your statement of account on", preview.subject)
        self.assertIn("Balance of your account", preview.body)
        self.assertTrue(preview.statement)
        self.assertFalse(self.statements())

    def test_by_hand_to_one_never_chased(self):
        self.company.collection_statement_scope = "off"
        self.debtor().chase = "off"
        self.debtor().action_send_statement()
        self.process_outbox()
        self.assertEqual(self.statements().state, "sent")

    def test_by_hand_not_twice_a_month(self):
        self.debtor().action_send_statement()
        with self.assertRaisesRegex(UserError, "already has its statement of account of this month"):
            self.debtor().action_send_statement()

    def test_by_hand_not_to_one_who_said_never(self):
        self.debtor().statement_sending = "never"
        with self.assertRaisesRegex(UserError, "Nothing may be sent to Menuiserie Durand"):
            self.debtor().action_send_statement()
