"""What may be written to public bodies and to consumers, and what a statement of account may say."""

import re

from odoo.tests import tagged

from .shipped_texts_case import ShippedTextsCase, words_of


class KindCase(ShippedTextsCase):
    """Reads all that a plan sends, in both languages."""

    def assert_never_written(self, plan_xmlid, pattern):
        for level, texts in self._sent(plan_xmlid).items():
            for lang, text in texts.items():
                with self.subTest(level=level, lang=lang):
                    self.assertNotRegex(text, pattern)


@tagged("post_install", "-at_install")
class TestTextsToPublicBodies(KindCase):
    """Public bodies are written to under their own code, from receipt of the invoice, without an empty threat."""

    def test_no_order_for_payment(self):
        # None can be obtained against them; and a prefect or a judge is not for a letter to brandish.
        self.assert_never_written(
            "plan_public", r"(?i)injonction|order for payment|référé|préfet|prefect|commissaire de justice|d[’']office"
        )

    def test_neither_penalties_nor_interest_between_businesses(self):
        self.assert_never_written(
            "plan_public", r"(?i)441-|pénalité|penalt|code de commerce|Commercial Code|dix points"
        )

    def test_the_time_to_pay_is_counted_from_receipt(self):
        french = re.sub(r"\s+", " ", self._sent("plan_public")["level_public_notice"]["fr_FR"])
        self.assertIn("Le délai de paiement court de la réception de chaque facture", french)

    def test_interest_is_named_in_the_last_reminder_and_claimed_by_the_notice_alone(self):
        claims = {level.name: level.claim_interest for level in self._plan("plan_public").level_ids}
        self.assertEqual(
            {name: claim for name, claim in claims.items() if claim != "none"},
            {"Final reminder": "mention", "Formal notice": "amount"},
        )


@tagged("post_install", "-at_install")
class TestTextsToConsumers(KindCase):
    """A consumer owes legal interest from the notice on, and nothing else."""

    def test_interest_is_claimed_at_no_level(self):
        levels = self._plan("plan_consumer").level_ids
        self.assertEqual(set((levels - levels.filtered("is_formal_notice")).mapped("claim_interest")), {"none"})
        self.assertEqual(levels.filtered("is_formal_notice").claim_interest, "mention")

    def test_no_rate_nor_register_nor_code_of_business(self):
        self.assert_never_written("plan_consumer", r"(?i)banque centrale|central bank|code de commerce|Commercial Code")

    def test_instalments_are_offered_before_and_in_the_notice(self):
        for level in ("second", "final", "notice"):
            texts = self._sent("plan_consumer")[f"level_consumer_{level}"]
            with self.subTest(level=level):
                self.assertRegex(texts["fr_FR"], "plusieurs fois|échelonné|échelonnement")
                self.assertIn("instalments", texts["en_US"])


@tagged("post_install", "-at_install")
class TestTheStatementOfAccount(ShippedTextsCase):
    """The monthly statement informs: it asks for nothing, and claims nothing."""

    DEMANDS = {
        "fr_FR": r"(?i)régler|réglé|rappel|relance|retard|pénalité|intérêt|mise en demeure|veuillez payer|\bdû|délai",
        "en_US": r"(?i)\bpay\b|remind|\blate\b|penalt|interest|formal notice|\bowe|failing",
    }

    def test_it_demands_nothing(self):
        for lang, pattern in self.DEMANDS.items():
            template = self.env.ref("credit_collection.mail_template_statement").with_context(lang=lang)
            with self.subTest(lang=lang):
                self.assertNotRegex(words_of(template.subject) + words_of(template.body_html), pattern)
