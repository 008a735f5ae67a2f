"""Every text shipped with the add-on, as debtors and collectors read it, in both languages."""

import re
from datetime import date

from lxml import html

from odoo.tests import tagged

from .shipped_texts_case import LANGUAGES, ShippedTextsCase, words_of

FORBIDDEN = {
    "fr_FR": {
        "fees for a reminder": r"frais de (relance|rappel|dossier|gestion|mise en demeure)",
        "threat of listing": r"\bfich(age|ée?s?|er)\b|\bficp\b|liste noire|mauvais payeur|banque de france",
        "seizure": r"\bsaisies?\b|\bsaisir\b(?! la juridiction compétente)|\bsaisissable",
        "disclosure to third parties": r"\btransmi(s|se|ses|ssion)\b|\btransmettr|\bagence de recouvrement",
        "bailiff": r"\bhuissiers?\b",
        "menace": r"\bpoursuites?\b|sous peine|\bsanctions?\b",
        "tutoiement": r"\b(tu|te|toi|ton|ta|tes|tiens?|tiennes?)\b|\bt[’']",
    },
    "en_US": {
        "fees for a reminder": r"(reminder|admin|handling|collection|late) fees?\b|cost of (this|our) reminder",
        "threat of listing": r"blacklist|\blisted\b|bad payer|credit (bureau|reference|rating)",
        "seizure": r"\bseiz",
        "disclosure to third parties": r"\b(handed|passed|forwarded|referred)( on| over)? to\b|collection agency",
        "bailiff": r"\bbailiffs?\b",
        "menace": r"prosecut|legal action|\bsue\b|\bpenalt(y|ies) of\b",
    },
}

# Ordinary spaces where French wants no-break ones, quotes and apostrophes of a typewriter, capitals without accent.
FRENCH_TYPOS = r"[ \n][:;?!»€]|«[^\u00a0]|\w'\w|\"|\b(A (ce|compter|défaut)|Etat|Echéance|Etape)\b|articles? \d"


@tagged("post_install", "-at_install")
class TestNoTextThreatensOrCharges(ShippedTextsCase):
    """Nothing shipped charges for a reminder, threatens, discloses, or forgets its manners."""

    def _offences(self, lang):
        return [
            (xmlid, field, reason, match[0])
            for xmlid, field, text in self._texts(lang)
            for reason, pattern in FORBIDDEN[lang].items()
            if (match := re.search(pattern, words_of(text), re.IGNORECASE))
        ]

    def test_in_french(self):
        self.assertEqual(self._offences("fr_FR"), [])

    def test_in_english(self):
        self.assertEqual(self._offences("en_US"), [])


@tagged("post_install", "-at_install")
class TestEveryTextIsWrittenTwice(ShippedTextsCase):
    """French is written as French, and no text is left in English."""

    def test_each_text_has_its_own_french(self):
        english = {(xmlid, field): text for xmlid, field, text in self._texts("en_US")}
        french = {(xmlid, field): text for xmlid, field, text in self._texts("fr_FR")}
        self.assertEqual(english.keys(), french.keys())
        self.assertEqual([key for key, text in french.items() if words_of(text) == words_of(english[key])], [])

    def test_each_paragraph_of_a_call_script_is_translated(self):
        for xmlid, level in self._shipped("collection.level"):
            if not level.call_script:
                continue
            english, french = (
                [part.text_content() for part in html.fragments_fromstring(level.with_context(lang=lang).call_script)]
                for lang in LANGUAGES
            )
            with self.subTest(level=xmlid):
                self.assertEqual(len(english), len(french))
                self.assertEqual(set(english) & set(french), set())

    def test_each_call_is_filled_in_with_the_figures_of_the_customer(self):
        for xmlid, level in self._shipped("collection.level"):
            if level.activity_summary != "Call: cause, commitment, confirmation":
                continue
            for lang in LANGUAGES:
                script = level.with_context(lang=lang).call_script
                with self.subTest(level=xmlid, lang=lang):
                    for figure in ("collector", "company", "amount", "oldest_invoice"):
                        self.assertIn(f"{{{{ {figure} }}}}", script)

    def test_french_typography(self):
        typos = [
            (xmlid, field, match[0])
            for xmlid, field, text in self._texts("fr_FR")
            if (match := re.search(FRENCH_TYPOS, words_of(text)))
        ]
        self.assertEqual(typos, [])

    def test_every_template_goes_out_in_the_language_of_the_debtor(self):
        templates = [template for _xmlid, template in self._shipped("mail.template")]
        self.assertEqual({template.lang for template in templates}, {"{{ object.lang }}"})
        self.assertFalse(any(template.auto_delete or template.use_default_to for template in templates))
        self.assertFalse(any(template.partner_to or template.email_to or template.email_cc for template in templates))


@tagged("post_install", "-at_install")
class TestMarkersOfLetters(ShippedTextsCase):
    """A letter leaves room for its table of invoices and its means of payment, once each, in that order."""

    def test_each_letter_places_its_table_and_its_means_of_payment(self):
        for xmlid, letter in self._shipped("collection.letter.template"):
            for lang in LANGUAGES:
                paragraphs = [
                    part.text_content().strip()
                    for part in html.fragments_fromstring(letter.with_context(lang=lang).body.strip())
                ]
                with self.subTest(letter=xmlid, lang=lang):
                    self.assertEqual([text for text in paragraphs if "[[" in text], ["[[items]]", "[[payment]]"])
                    self.assertGreater(paragraphs.index("[[items]]"), 1)


@tagged("post_install", "-at_install")
class TestEveryTextRenders(ShippedTextsCase):
    """Each text, filled in for a real reminder, is whole and in the language of the debtor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A Frenchman and a Briton owe the same.
        cls.reminders = cls.env["collection.reminder"].create([cls._prepare_reminder(lang) for lang in LANGUAGES])

    @classmethod
    def _prepare_reminder(cls, lang):
        partner = cls.env["res.partner"].create({"name": "Ateliers Dupont", "lang": lang})
        debtor = cls.env["collection.debtor"].create({"partner_id": partner.id})
        item = cls.env["collection.item"].create(
            {
                "debtor_id": debtor.id,
                "name": "FAC/2026/00042",
                "due_date": date(2026, 3, 12),
                "amount": 1200,
                "currency_id": cls.env.ref("base.EUR").id,
            }
        )
        line = {
            "item_id": item.id,
            "cycle": 1,
            "due_date": item.due_date,
            "days_late": 40,
            "residual": 1200,
            "claim": 1200,
        }
        reminder = {"debtor_id": debtor.id, "level_id": cls.env.ref("credit_collection.level_standard_notice").id}
        earlier = {"level_id": cls.env.ref("credit_collection.level_standard_reminder").id}
        cls.env["collection.reminder"].create(
            {
                **reminder,
                **earlier,
                "date": date(2026, 3, 16),
                "sent_date": date(2026, 3, 16),
                "state": "sent",
                "line_ids": [(0, 0, {**line, **earlier})],
            }
        )
        return {
            **reminder,
            "date": date(2026, 4, 27),
            "deadline_date": date(2026, 5, 12),
            "line_ids": [(0, 0, {**line, "level_id": reminder["level_id"]})],
        }

    def test_subject_of_a_first_reminder_word_for_word(self):
        template = self.env.ref("credit_collection.mail_template_business_reminder")
        rendered = template._generate_template(self.reminders.ids, ("subject",))
        company = self.env.company.name
        english, french = self.reminders
        self.assertEqual(
            [self._flat(rendered[reminder.id]["subject"]) for reminder in self.reminders],
            [
                f"{company} – reminder: 1,200.00 € awaiting payment ({english.name})",
                f"{company} – rappel : 1 200,00 € en attente de règlement ({french.name})",
            ],
        )

    def test_every_email(self):
        for xmlid, template in self._shipped("mail.template"):
            if template.model != "collection.reminder" or xmlid in ("mail_template_statement", "mail_template_thanks"):
                continue  # They claim nothing: see test_texts_by_kind, and the tests of what they are about.
            rendered = template._generate_template(self.reminders.ids, ("subject", "body_html"))
            for reminder in self.reminders:
                values = rendered[reminder.id]
                with self.subTest(template=xmlid, lang=reminder.lang):
                    self._check_whole(values["subject"] + values["body_html"], reminder)
                    self.assertIn(f"({reminder.name})", values["subject"])
                    self.assertEqual(values["body_html"].count(str(reminder.items_table)), 1)
                    for answer in ("paid", "problem", "date"):
                        url = reminder[f"answer_{answer}_url"]
                        self.assertEqual(values["body_html"].count(f'href="{url}"'), 1)

    def test_first_and_second_reminders_answer_by_three_buttons(self):
        emails = [level.mail_template_id for suffix in ("reminder", "second") for level in self._levels(suffix)]
        emails = [template for template in emails if template]
        self.assertEqual(len(emails), 6)
        for template in emails:
            for reminder in self.reminders:
                body = template._generate_template(reminder.ids, ("body_html",))[reminder.id]["body_html"]
                buttons = html.fromstring(body).xpath("//td[@bgcolor]/a/@href")
                with self.subTest(template=template.name, lang=reminder.lang):
                    self.assertEqual(
                        buttons,
                        [reminder.answer_paid_url, reminder.answer_problem_url, reminder.answer_date_url],
                    )

    def test_every_letter(self):
        for xmlid, letter in self._shipped("collection.letter.template"):
            if letter.usage != "reminder":
                continue  # See test_agreements_letters.
            for reminder in self.reminders:
                translated = letter.with_context(lang=reminder.lang)
                subject = translated._render_field("subject", reminder.ids)[reminder.id]
                body = translated._render_field("body", reminder.ids)[reminder.id]
                with self.subTest(letter=xmlid, lang=reminder.lang):
                    self._check_whole(subject + body, reminder)

    def test_a_collector_signs_the_emails(self):
        reminder = self.reminders[1]
        template = self.env.ref("credit_collection.mail_template_business_reminder")
        unsigned = template._generate_template(reminder.ids, ("body_html",))[reminder.id]["body_html"]
        self.assertNotIn("Claire Martin", unsigned)
        reminder.debtor_id.user_id = self.env["res.users"].create(
            {
                "name": "Claire Martin",
                "login": "claire.martin",
                "email": "claire@example.com",
                "phone": "01 23 45 67 89",
            }
        )
        signed = template._generate_template(reminder.ids, ("body_html",))[reminder.id]["body_html"]
        for detail in ("Claire Martin", "claire@example.com", "01 23 45 67 89"):
            self.assertIn(detail, signed)

    def test_a_first_reminder_does_not_speak_of_earlier_ones(self):
        first = self.env["collection.reminder"].search(
            [
                ("debtor_id", "=", self.reminders[1].debtor_id.id),
                ("sent_date", "!=", False),
            ]
        )
        letter = self.env.ref("credit_collection.letter_template_final_business").with_context(lang="fr_FR")
        self.assertNotIn("Nos précédents rappels", letter._render_field("body", first.ids)[first.id])
        self.assertIn(
            "Nos précédents rappels", letter._render_field("body", self.reminders[1].ids)[self.reminders[1].id]
        )

    def _check_whole(self, text, reminder):
        """Nothing of the template's own language is left, and the amount is there in the right tongue."""
        self.assertNotRegex(text, r"\{\{|\}\}|t-out|t-if|t-att|object\.|None|False")
        self.assertIn(self._flat(reminder.total_text), self._flat(words_of(text)))
        greeting = {"fr_FR": "Madame, Monsieur,", "en_US": "Dear Sir or Madam,"}
        self.assertIn(greeting[reminder.lang], text)

    def _flat(self, text):
        return re.sub(r"\s+", " ", text)
