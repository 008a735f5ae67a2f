import base64
import json
from io import BytesIO

import pdfplumber
from PIL import Image

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import day
from .letter_case import LetterCase


@tagged("post_install", "-at_install")
class TestALetterSaysWhatTheLedgerSays(LetterCase):
    """Amounts, dates and names come from the books, in the debtor's language."""

    def test_everything_is_there(self):
        self.company.partner_id.lang = "en_US"
        partner = self.make_partner("Menuiserie Durand", ref="C00042", lang="en_US")
        invoice = self.make_invoice(partner, 1200, due=day(-30))
        self.pay(invoice, 200)
        reminder = self.make_reminder(invoice)
        lines = self.read_letter(reminder)
        for text in (
            "Atelier Dupont",
            "Tel. 04 72 00 00 00",
            "Lyon, 10 March 2026",
            "Menuiserie Durand",
            "69003 LYON",
            f"Our reference: {reminder.name}",
            "Your customer number: C00042",
            "Madame, Monsieur,",
            "Avant.",
            "Entre.",
            "Après.",
            "Jeanne Dupont",
            "Directrice financière",
            "Account holder Atelier Dupont",
            "IBAN FR76 3000 4000 0312 3456 7890 143",
            f"Reference to quote {reminder.name}",
            "Page 1/1",
        ):
            self.assertTrue(any(text in line for line in lines), text)
        (row,) = (line for line in lines if line.startswith(invoice.name))
        self.assertEqual(row, f"{invoice.name} 01/09/2026 02/08/2026 30 1,200.00 € 200.00 € 1,000.00 €")

    def test_in_the_debtors_language_whoever_prints(self):
        partner = self.make_partner(lang="fr_FR")
        reminder = self.make_reminder(self.make_invoice(partner, 1200, due=day(-30)))
        for lang in ("en_US", "fr_FR"):
            lines = self.read_letter(reminder.with_context(lang=lang))
            self.assertTrue(any("10 mars 2026" in line for line in lines))
            self.assertTrue(any("1 200,00 €" in line and "08/02/2026" in line for line in lines))

    def test_first_of_the_month_in_french(self):
        self.set_today(day(22))
        company = self.company.with_context(lang="fr_FR")
        self.assertEqual(company._format_letter_date(day(22)), "1er\u00a0avril\u00a02026")
        self.assertEqual(company._format_letter_date(day(21)), "31\u00a0mars\u00a02026")

    def test_legal_mentions_are_not_repeated(self):
        mentions = self.company._get_letter_legal_mentions()
        self.assertEqual(mentions.count("552 100 554") + mentions.count("552100554"), 1)
        self.assertIn("FR23334175221", mentions)
        self.company.collection_legal_mentions = False
        self.assertIn("SIREN\u00a0552\u00a0100\u00a0554", self.company._get_letter_legal_mentions())

    def test_two_currencies_are_never_added(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        partner = self.make_partner(lang="en_US")
        reminder = self.make_reminder(
            self.make_invoice(partner, 1000, due=day(-30)),
            self.make_invoice(partner, 300, due=day(-20), currency=dollar),
        )
        letter = reminder._prepare_letter()
        (table,) = letter.tables
        self.assertEqual([group.total.label for group in table.groups], ["Total in EUR", "Total in USD"])
        self.assertEqual([group.total.due for group in table.groups], list(letter.amounts_due))
        self.assertEqual(len(letter.amounts_due), 2)

    def test_what_is_not_claimed_now_explains_the_difference(self):
        partner = self.make_partner(lang="en_US")
        reminder = self.make_reminder(self.make_invoice(partner, 1000, due=day(-30)))
        reminder.line_ids.claim = 600
        item = reminder._prepare_letter().tables[0].groups[0].items[0]
        amounts = [text.replace("\u00a0", "") for text in (item.original, item.paid, item.held, item.due)]
        self.assertEqual(amounts, ["1,000.00€", "", "400.00€", "600.00€"])

    def test_not_yet_due_is_apart(self):
        partner = self.make_partner(lang="en_US")
        late, soon = self.make_invoice(partner, 1000, due=day(-30)), self.make_invoice(partner, 300, due=day(10))
        claimed, recalled = self.make_reminder(late, soon)._prepare_letter().tables
        self.assertEqual([item.number for item in claimed.groups[0].items], [late.name])
        self.assertEqual([item.number for item in recalled.groups[0].items], [soon.name])
        self.assertEqual(recalled.title, "Not yet due, for information")

    def test_payer_reads_whose_invoice_it_is(self):
        partner = self.make_partner("Clinique des Monts", lang="en_US")
        reminder = self.make_reminder(self.make_invoice(partner, 1000, due=day(-30)))
        self.assertEqual(reminder._prepare_letter().tables[0].groups[0].items[0].debtor, "")
        reminder.debtor_id.payer_id = self.make_partner("Centrale d'achat")
        letter = reminder._prepare_letter()
        self.assertEqual(letter.tables[0].groups[0].items[0].debtor, "Clinique des Monts")
        self.assertEqual(letter.address[0], "Centrale d'achat")

    def test_logo_and_signature_are_printed(self):
        image = BytesIO()
        Image.new("RGB", (300, 100), "navy").save(image, "PNG")
        self.company.logo = self.company.collection_signature = base64.b64encode(image.getvalue())
        reminder = self.make_reminder(self.make_invoice(self.make_partner(), 1000, due=day(-30)))
        with pdfplumber.open(BytesIO(reminder._render_letter())) as document:
            self.assertEqual(len(document.pages[0].images), 2)


@tagged("post_install", "-at_install")
class TestAFormalNoticeOnPaper(LetterCase):
    """It puts in default by name, to a calendar day, by registered letter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.make_partner(lang="en_US")
        cls.old = cls.make_invoice(cls.partner, 1000, due=day(-60))
        cls.young = cls.make_invoice(cls.partner, 300, due=day(-20))
        cls.notice = cls.make_reminder(
            cls.old, cls.young, notice=(cls.old,), is_formal_notice=True, channels=("registered",), deadline_days=15
        )

    def test_items_in_default_are_apart_from_those_recalled(self):
        in_default, recalled = self.notice._prepare_letter().tables
        self.assertEqual([item.number for item in in_default.groups[0].items], [self.old.name])
        self.assertEqual([item.number for item in recalled.groups[0].items], [self.young.name])

    def test_asks_for_what_it_puts_in_default_only(self):
        (amount,) = self.notice._prepare_letter().amounts_due
        self.assertEqual(amount.replace("\u00a0", ""), "1,000.00€")
        self.assertTrue(self.notice._prepare_letter().subject.endswith(amount))

    def test_grants_a_calendar_day(self):
        self.assertEqual(self.notice._prepare_letter().deadline, "25\u00a0March\u00a02026")
        self.notice.deadline_date = day(20)
        self.assertEqual(self.notice._prepare_letter().deadline, "30\u00a0March\u00a02026")

    def test_says_it_is_registered_and_shows_the_number(self):
        self.assertEqual(self.notice._prepare_letter().registered, "Registered letter with acknowledgement of receipt")
        self.notice.state = "approved"
        self.notice.action_send()
        self.notice.delivery_ids.tracking_number = "1A 234 567 8901 2"
        self.assertIn("Tracking number: 1A23456789012", self.read_letter(self.notice))

    def test_goes_to_the_registered_office_in_the_legal_name(self):
        self.notice.debtor_id.registered_office_id = self.make_partner(
            "Siège",
            is_company=False,
            type="other",
            parent_id=self.partner.id,
            street="1, place Vendôme",
            zip="75001",
            city="Paris",
        )
        self.assertEqual(self.notice._prepare_letter().address, ("Menuiserie Durand", "1 place Vendôme", "75001 PARIS"))


@tagged("post_install", "-at_install")
class TestALetterThatCannotBePrintedIsHeld(LetterCase):
    """The reason is in words the user understands."""

    def obstacle(self, **partner_values):
        partner = self.make_partner(**partner_values)
        return self.obstacle_of(self.make_reminder(self.make_invoice(partner, 1000, due=day(-30))))

    def test_no_address(self):
        self.assertEqual(self.obstacle(street=False, city=False), "There is no postal address to write to.")

    def test_no_postcode(self):
        self.assertEqual(self.obstacle(zip=False), "The postal address does not end with a postcode and a town.")

    def test_characters_that_no_font_has(self):
        self.assertEqual(self.obstacle(name="上海 SARL"), "No font of this server can print these characters: 上 海")

    def test_a_line_too_long_for_the_post(self):
        street = "Résidence universitaire des Frères Lumière, bâtiment C"
        self.assertEqual(
            self.obstacle(street=street),
            "The line “Résidence universitaire des Frères Lumière bâtiment C” of the postal address is too long: "
            "the post reads 38 characters at most. "
            "It could read “RES UNVT des Frères Lumière BAT C”: write it so on the customer’s page.",
        )

    def test_a_line_that_can_only_be_shortened_one_way_is(self):
        partner = self.make_partner(street="112 bis, avenue du Maréchal Foch prolongée")
        self.assertEqual(partner._get_postal_lines(self.company)[1], "112 bis AV du Maréchal Foch prolongée")

    def test_a_long_name_takes_two_lines(self):
        partner = self.make_partner("Société coopérative agricole des producteurs de lait du Vercors")
        self.assertEqual(
            partner._get_postal_lines(self.company),
            ("Société coopérative agricole des", "producteurs de lait du Vercors", "3 rue des Tilleuls", "69003 LYON"),
        )

    def test_no_text(self):
        reminder = self.make_reminder(self.make_invoice(self.make_partner(), 1000, due=day(-30)))
        reminder.level_id.channel_ids.unlink()
        reminder.level_id.letter_template_id = False
        self.assertEqual(self.obstacle_of(reminder), "The level “Relance” has no text for a letter.")

    def test_printing_says_whose_letter_it_is(self):
        reminder = self.make_reminder(self.make_invoice(self.make_partner("上海"), 1000, due=day(-30)))
        with self.assertRaisesRegex(UserError, "^上海: No font"):
            reminder._render_letter()

    def test_overseas_departments_are_no_foreign_country(self):
        partner = self.make_partner(country_id=self.env.ref("base.re").id, zip="97400", city="Saint-Denis")
        self.assertEqual(partner._get_postal_lines(self.company)[-1], "97400 SAINT-DENIS")

    def test_abroad_the_country_comes_last_in_the_senders_language(self):
        partner = self.make_partner("Müller GmbH", country_id=self.env.ref("base.de").id, zip="80331", city="München")
        self.assertEqual(partner._get_postal_lines(self.company)[-2:], ("80331 MÜNCHEN", "ALLEMAGNE"))


@tagged("post_install", "-at_install")
class TestLettersComeOutOfThePrintMenu(LetterCase):
    """Without wkhtmltopdf."""

    REPORT = "credit_collection.action_report_reminder_letter"

    def reminders(self):
        towns = (("Nice", "06000", "base.fr"), ("München", "80331", "base.de"), ("Lille", "59000", "base.fr"))
        return self.env["collection.reminder"].union(
            *(
                self.make_reminder(
                    self.make_invoice(
                        self.make_partner(city, city=city, zip=code, country_id=self.env.ref(country).id),
                        1000,
                        due=day(-30),
                    )
                )
                for city, code, country in towns
            )
        )

    def test_in_postal_order(self):
        self.assertEqual(self.reminders()._sort_for_the_post().mapped("partner_id.city"), ["Nice", "Lille", "München"])

    def test_the_report_draws_them(self):
        reminders = self.reminders()
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        data, kind = report._render_qweb_pdf(self.REPORT, reminders.ids)
        self.assertEqual(kind, "pdf")
        self.assertEqual(len(self.read_pages(data)), 3)

    def test_a_collector_prints_them(self):
        reminder = self.make_reminder(self.make_invoice(self.make_partner(), 1000, due=day(-30)))
        collector = new_test_user(self.env, "collector", groups="credit_collection.group_collection_collector")
        self.assertIn("Avant.", self.read_letter(reminder.with_user(collector)))
        (statement,) = self.read_pages(reminder.debtor_id.with_user(collector)._render_statement())
        self.assertIn("Atelier Dupont", statement)

    def test_a_template_is_previewed_on_a_real_debtor(self):
        reminder = self.make_reminder(self.make_invoice(self.make_partner(), 1000, due=day(-30)))
        other = self.env["collection.letter.template"].create(
            {"name": "Other", "subject": "Another subject", "body": "<p>Other words.</p>"}
        )
        action = other.action_preview()
        self.assertEqual(action["report_name"], "credit_collection.reminder_letter")
        shown = reminder.browse(action["context"]["active_ids"]).with_context(**action["context"])
        self.assertIn("Other words.", self.read_letter(shown))


@tagged("post_install", "-at_install")
class TestTheReportIsDownloaded(LetterCase, HttpCase):
    """As the browser asks for it."""

    def test_letter(self):
        reminder = self.make_reminder(self.make_invoice(self.make_partner(), 1000, due=day(-30)))
        new_test_user(self.env, "collector", groups="credit_collection.group_collection_collector")
        self.authenticate("collector", "collector")
        # Odoo answers HTML under tests unless told otherwise.
        response = self.url_open(
            f'/report/pdf/credit_collection.reminder_letter/{reminder.id}?context={{"force_report_rendering": true}}'
        )
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertIn("Avant.", self.read_pages(response.content)[0])

    def test_from_the_print_menu_without_asking_for_wkhtmltopdf(self):
        reminder = self.make_reminder(self.make_invoice(self.make_partner(), 1000, due=day(-30)))
        action = self.env.ref("credit_collection.action_report_reminder_letter").report_action(reminder, config=False)
        self.browser_js("/odoo", PRINT % json.dumps(action), "odoo.isReady", login="admin")


# Prints as the menu does, with a download that only remembers what it was asked.
PRINT = """(async () => {
    const { download } = odoo.loader.modules.get("@web/core/network/download");
    const asked = [];
    download._download = async (options) => asked.push(JSON.parse(options.data.data));
    const action = %s;
    await odoo.__WOWL_DEBUG__.root.env.services.action.doAction(action);
    const expected = [["/report/pdf/credit_collection.reminder_letter/" + action.context.active_ids, "qweb-pdf"]];
    if (JSON.stringify(asked) !== JSON.stringify(expected)) {
        throw new Error("Asked for " + JSON.stringify(asked));
    }
    console.log("test successful");
})()"""


@tagged("post_install", "-at_install")
class TestAWrongTemplateIsRefusedWhenItIsSaved(LetterCase):
    """Not the night it is sent."""

    def test_with_what_is_wrong(self):
        for wrong in ({"body": '<p t-out="object.no_such_field"/>'}, {"subject": "{{ object.no_such_field }}"}):
            with self.assertRaisesRegex(ValidationError, "“Reminder” cannot be completed: .*no_such_field"):
                self.letter_template.write(wrong)

    def test_a_right_one_is_accepted(self):
        self.letter_template.write(
            {"subject": "{{ object.company_id.name }}", "body": '<p t-out="object.first_due_date_text"/>'}
        )

    def test_whether_or_not_there_is_a_reminder_to_try_it_on(self):
        self.make_reminder(self.make_invoice(self.make_partner(), 1000, due=day(-30)))
        self.test_with_what_is_wrong()
        self.test_a_right_one_is_accepted()


@tagged("post_install", "-at_install")
class TestAStatementOfAccount(LetterCase):
    """Everything open, credits included, and not a word of reminder."""

    def test_balance_is_the_sum_of_what_is_shown(self):
        partner = self.make_partner(lang="en_US")
        invoice = self.make_invoice(partner, 1000, due=day(-30))
        soon = self.make_invoice(partner, 500, due=day(10))
        note = self.make_credit_note(partner, 200)
        debtor = self.debtor_of(partner)
        (group,) = debtor._prepare_statement().tables[0].groups
        shown = {item.number: item.due.replace("\u00a0", "").replace("\ufeff", "") for item in group.items}
        self.assertEqual(shown, {invoice.name: "1,000.00€", soon.name: "500.00€", note.name: "-200.00€"})
        self.assertEqual(group.total.due.replace("\u00a0", ""), "1,300.00€")

    def test_a_settled_invoice_is_not_in_it(self):
        partner = self.make_partner(lang="en_US")
        self.pay(self.make_invoice(partner, 1000, due=day(-30)), 1000)
        (lines,) = self.read_pages(self.debtor_of(partner)._render_statement())
        self.assertIn("Statement of account", lines)
        self.assertIn("Nothing is open on your account.", lines)
