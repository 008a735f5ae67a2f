"""Every text shipped with the add-on, as debtors and collectors read it, in both languages."""

import re
from datetime import date

from lxml import html

from odoo.tests import TransactionCase, tagged

LANGUAGES = ("en_US", "fr_FR")

# What a debtor, or the person who writes to one, reads of each model.
TEXT_FIELDS = {
    "mail.template": ("name", "subject", "body_html"),
    "collection.letter.template": ("name", "subject", "body"),
    "collection.plan": ("name", "description"),
    "collection.level": ("name", "activity_summary", "call_script"),
}

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

# level | day | counted from | channels, with what stands in for each | approval | rest before
STANDARD_PLAN = """
    Préventive      | -7 | due_date | email                 | automatic | 0
    Rappel          |  3 | due_date | email>letter          | automatic | 0
    Relance         | 12 | due_date | email>letter          | automatic | 0
    Appel           | 20 | due_date | task                  | automatic | 0
    Dernier rappel  | 30 | due_date | email letter          | batch     | 10
    Mise en demeure | 45 | due_date | registered>task email | manager   | 12
    Décision        |  3 | deadline | task                  | manager   | 0
"""


def _words(text):
    """The words of a text or of its HTML, tags and placeholders taken out."""
    if not text:
        return ""
    return html.fromstring(f"<div>{text}</div>").text_content()


class ShippedTextsCase(TransactionCase):
    """Reads the records of the module by their external ids, in English and in French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env.ref("base.module_credit_collection")._update_translations("fr_FR")

    def _shipped(self, model):
        """(external id, record) of the records of the model in the module's data."""
        rows = self.env["ir.model.data"].search(
            [("module", "=", "credit_collection"), ("model", "=", model)], order="name"
        )
        return [(row.name, self.env[model].browse(row.res_id)) for row in rows]

    def _texts(self, lang):
        """(external id, field, text) of every text shipped in the language."""
        for model, names in TEXT_FIELDS.items():
            for xmlid, record in self._shipped(model):
                for name in names:
                    text = record.with_context(lang=lang)[name]
                    if text:
                        yield xmlid, name, text

    def _sent(self, plan_xmlid):
        """{external id of the level: {language: its e-mail and its letter}} of a plan."""
        plan = self._plan(plan_xmlid)
        return {
            level.get_external_id()[level.id].split(".")[1]: {
                lang: "\n".join(
                    _words(text)
                    for template in (
                        level.mail_template_id.with_context(lang=lang),
                        level.letter_template_id.with_context(lang=lang),
                    )
                    for text in (template.subject, template["body_html" if "body_html" in template else "body"])
                )
                for lang in LANGUAGES
            }
            for level in plan.level_ids
        }

    def _plan(self, xmlid):
        return self.env.ref(f"credit_collection.{xmlid}")

    def _levels(self, suffix):
        """Levels of all the plans whose external id ends that way."""
        return [level for xmlid, level in self._shipped("collection.level") if xmlid.endswith(f"_{suffix}")]


@tagged("post_install", "-at_install")
class TestNoTextThreatensOrCharges(ShippedTextsCase):
    """Nothing shipped charges for a reminder, threatens, discloses, or forgets its manners."""

    def _offences(self, lang):
        return [
            (xmlid, field, reason, match[0])
            for xmlid, field, text in self._texts(lang)
            for reason, pattern in FORBIDDEN[lang].items()
            if (match := re.search(pattern, _words(text), re.IGNORECASE))
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
        self.assertEqual([key for key, text in french.items() if _words(text) == _words(english[key])], [])

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

    def test_french_typography(self):
        typos = [
            (xmlid, field, match[0])
            for xmlid, field, text in self._texts("fr_FR")
            if (match := re.search(FRENCH_TYPOS, _words(text)))
        ]
        self.assertEqual(typos, [])

    def test_every_template_goes_out_in_the_language_of_the_debtor(self):
        templates = [template for _xmlid, template in self._shipped("mail.template")]
        self.assertEqual({template.lang for template in templates}, {"{{ object.lang }}"})
        self.assertFalse(any(template.auto_delete or template.use_default_to for template in templates))
        self.assertFalse(any(template.partner_to or template.email_to or template.email_cc for template in templates))


@tagged("post_install", "-at_install")
class TestPlansShipped(ShippedTextsCase):
    """The plans are those agreed, wait for a manager to switch them on, and share the debtors out."""

    def test_standard_plan_follows_the_agreed_table(self):
        levels = self._plan("plan_standard").with_context(lang="fr_FR").level_ids
        table = [
            [
                level.name,
                str(level.day),
                level.counted_from,
                " ".join(">".join(filter(None, (line.channel, line.fallback))) for line in level.channel_ids),
                level.approval,
                str(level.rest_days),
            ]
            for level in levels
        ]
        expected = [[cell.strip() for cell in line.split("|")] for line in STANDARD_PLAN.strip().splitlines()]
        self.assertEqual(table, expected)

    def test_standard_plan_thresholds(self):
        plan = self._plan("plan_standard")
        notice = plan.level_ids.filtered("is_formal_notice")
        preventive = plan.level_ids[0]
        self.assertEqual((plan.rest_days, plan.debtor_threshold, plan.currency_id.name), (7, 50, "EUR"))
        self.assertEqual((notice.debtor_threshold, notice.deadline_days), (150, 15))
        self.assertEqual((preventive.item_minimum, preventive.include_first_invoice), (5000, True))

    def test_first_reminder_carries_the_invoices_and_the_second_the_statement(self):
        for plan_xmlid in ("standard", "public", "consumer"):
            first = self.env.ref(f"credit_collection.level_{plan_xmlid}_reminder")
            second = self.env.ref(f"credit_collection.level_{plan_xmlid}_second")
            notice = self.env.ref(f"credit_collection.level_{plan_xmlid}_notice")
            with self.subTest(plan=plan_xmlid):
                self.assertEqual((first.attach_invoices, first.attach_statement), (True, False))
                self.assertEqual((second.attach_invoices, second.attach_statement), (False, True))
                self.assertTrue(notice.attach_letter)

    def test_a_manager_approves_every_formal_notice_and_decides_what_follows(self):
        for suffix in ("notice", "decision"):
            levels = self._levels(suffix)
            self.assertEqual(len(levels), 4)
            self.assertEqual({level.approval for level in levels}, {"manager"})

    def test_each_debtor_meets_the_plan_made_for_it(self):
        cases = {
            "plan_key_account": {"customer_kind": "public", "is_key_account": True, "has_email": True},
            "plan_public": {"customer_kind": "public", "has_email": False},
            "plan_consumer": {"customer_kind": "consumer", "has_email": False},
            "plan_no_email": {"customer_kind": "business", "has_email": False},
            "plan_standard": {"customer_kind": "unknown", "has_email": True},
        }
        plans = self.env["collection.plan"].browse([plan.id for _xmlid, plan in self._shipped("collection.plan")])
        for xmlid, values in cases.items():
            partner = self.env["res.partner"].create({"name": xmlid})
            debtor = self.env["collection.debtor"].create({"partner_id": partner.id, **values})
            met = [plan for plan in plans.sorted("sequence") if debtor.filtered_domain(plan._get_debtor_domain())]
            self.assertEqual(met[0], self._plan(xmlid))

    def test_nothing_is_sent_to_key_accounts(self):
        plan = self._plan("plan_key_account")
        self.assertTrue(plan.is_manual)
        self.assertEqual(set(plan.level_ids.channel_ids.mapped("channel")), {"task"})

    def test_debtors_without_email_get_letters(self):
        channels = self._plan("plan_no_email").level_ids.channel_ids
        self.assertEqual(set(channels.mapped("channel")), {"letter", "registered", "task"})
        self.assertEqual(set(channels.mapped("fallback")), {False, "task"})


@tagged("post_install", "-at_install")
class TestFormalNotice(ShippedTextsCase):
    """A formal notice says so, asks for an amount by a day, and names its bases; nothing else does, but the warning
    without which an agreement cannot be revoked."""

    def test_the_letter_puts_in_default_by_a_day(self):
        for level in self._levels("notice"):
            letter = level.letter_template_id.with_context(lang="fr_FR")
            with self.subTest(letter=letter.name):
                self.assertEqual(level.channel_ids[0].channel, "registered")
                self.assertTrue(level.is_formal_notice)
                self.assertRegex(
                    re.sub(r"\s+", " ", letter.body),
                    'Nous vous mettons en demeure de régler la somme de <t t-out="object.total_text"/> '
                    'au plus tard le <t t-out="object.deadline_text"/>',
                )
                self.assertIn("nous nous réservons de saisir la juridiction compétente", self._flat(letter.body))
                self.assertIn("article 1344 du code civil", self._flat(letter.body))
                self.assertIn("formal notice to pay", self._flat(letter.with_context(lang="en_US").body))

    def test_nothing_else_puts_in_default(self):
        others = [
            xmlid
            for xmlid, field, text in self._texts("fr_FR")
            if "mettons en demeure" in self._flat(text) and not xmlid.startswith("letter_template_notice_")
        ]
        self.assertEqual(others, ["letter_template_agreement_warning"])

    def test_business_penalties_are_named_not_billed(self):
        self.assertEqual(self._bases("plan_standard"), {"L. 441-10", "D. 441-5", "1344"})
        self.assertEqual(self._bases("plan_no_email"), {"L. 441-10", "D. 441-5", "1344"})

    def test_public_bodies_owe_eight_points_under_their_own_code(self):
        bases = {"L. 2192-13", "R. 2192-10", "R. 2192-12", "R. 2192-31", "D. 2192-35", "1344", "68-1250"}
        self.assertEqual(self._bases("plan_public"), bases)
        self.assertIn("majoré de huit points", self._flat(self._sent("plan_public")["level_public_notice"]["fr_FR"]))

    def test_consumers_owe_legal_interest_from_the_notice_on(self):
        self.assertEqual(self._bases("plan_consumer"), {"1344", "1231-6", "1344-1"})

    def test_consumers_are_never_asked_for_penalties_nor_the_lump_sum(self):
        for level, texts in self._sent("plan_consumer").items():
            for lang, text in texts.items():
                with self.subTest(level=level, lang=lang):
                    self.assertNotRegex(text, r"(?i)40\s?€|€\s?40|441-10|441-5|pénalité|penalt|forfait|lump|fixed sum")

    def test_interest_of_consumers_is_not_mentioned_before_the_notice(self):
        mentioning = {
            level for level, texts in self._sent("plan_consumer").items() if "intérêt" in texts["fr_FR"].lower()
        }
        self.assertEqual(mentioning, {"level_consumer_notice"})

    def _bases(self, plan_xmlid):
        """Numbers of the articles that the formal notice of a plan cites, the same in both languages."""
        [texts] = [texts for level, texts in self._sent(plan_xmlid).items() if level.endswith("_notice")]
        number = re.compile(r"[LDR]\. \d+-\d+|(?<!\d)1344-1|1231-6|1344(?!-)|68-1250")
        english, french = (set(number.findall(self._flat(texts[lang]))) for lang in LANGUAGES)
        self.assertEqual(english, french)
        return french

    def _flat(self, text):
        """On one line, with ordinary spaces."""
        return re.sub(r"\s+", " ", _words(text))


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
        self.assertIn(self._flat(reminder.total_text), self._flat(_words(text)))
        greeting = {"fr_FR": "Madame, Monsieur,", "en_US": "Dear Sir or Madam,"}
        self.assertIn(greeting[reminder.lang], text)

    def _flat(self, text):
        return re.sub(r"\s+", " ", text)
