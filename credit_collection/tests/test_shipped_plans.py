"""The plans shipped with the add-on: their levels, their thresholds, and what their formal notices cite."""

import re

from odoo.tests import tagged

from .shipped_texts_case import LANGUAGES, ShippedTextsCase, words_of

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
        return re.sub(r"\s+", " ", words_of(text))
