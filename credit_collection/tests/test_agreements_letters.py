"""The letters of agreements: read back from the paper, sent, kept and proved."""

import base64
from io import BytesIO

from pypdf import PdfReader

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .agreement_case import AgreementCase
from .common import day
from .letter_case import LetterCase


@tagged("post_install", "-at_install")
class TestLetters(AgreementCase, LetterCase):
    """Each letter says what it has to, in the customer's language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.module_credit_collection")._update_translations("fr_FR")

    def read_letter(self, agreement, kind="agreement"):
        """The words of the letter, in one line with ordinary spaces."""
        return self.read_pdf(agreement._render_agreement_letter(kind))

    def read_pdf(self, content):
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
        return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())

    def assert_says(self, text, *sentences):
        for sentence in sentences:
            self.assertIn(sentence, text)

    def test_the_agreement_in_english(self):
        self.partner.lang = "en_US"
        agreement = self.propose()
        text = self.read_letter(agreement)
        self.assert_says(
            text,
            "Payment agreement",
            "Subject: Payment of 1,200.00 € by instalments",
            "The creditor: Atelier Dupont",
            "The debtor: Menuiserie Durand",
            "acknowledges that it owes the creditor 1,200.00 € of principal",
            "(article 2240 of the French Civil Code)",
            self.invoice.name,
            "1/3 03/24/2026 400.00 €",
            "3/3 05/24/2026 400.00 €",
            "Late-payment interest and recovery costs are owed in addition",
            "remains so 8 days after a letter of warning",
            "neither novation nor waiver",
            "Total of the instalments: 1,200.00 €",
            "In words: one thousand, two hundred euros",
            "FR76 3000 4000 0312 3456 7890 143",
            f"Reference to quote {agreement.name}",
            "signed, by 20 March 2026",
            "Read and agreed",
            "Jeanne Dupont",
        )

    def test_the_agreement_in_french(self):
        self.partner.lang = "fr_FR"
        text = self.read_letter(self.propose(interest_mode="waived"))
        self.assert_says(
            text,
            "Objet : Règlement échelonné de 1 200,00 €",
            "reconnaît devoir au créancier la somme de 1 200,00 €",
            "interrompt la prescription (article 2240 du Code civil)",
            "1/3 24/03/2026 400,00 €",
            "Déchéance du terme",
            "ni novation ni renonciation",
            "abandonnés définitivement",
            "Bon pour accord",
        )

    def test_a_consumer_writes_the_sum_himself(self):
        self.partner.lang = "en_US"
        self.debtor_of(self.partner).customer_kind = "consumer"
        self.assert_says(self.read_letter(self.propose()), "I acknowledge that I owe the sum of")

    def test_interest_has_its_column(self):
        self.partner.lang = "en_US"
        text = self.read_letter(self.propose(interest_mode="included", interest_percent=10))
        # 14 days on 1 200.00 at 10 %: 4.60.
        self.assert_says(text, "1/3 03/24/2026 400.00 € 4.60 € 404.60 €", "at 10 % a year")

    def test_the_warning(self):
        self.partner.lang = "fr_FR"
        agreement = self.accept()
        self.set_today(day(20))
        self.pay(self.invoice, 150)
        text = self.read_letter(agreement, "warning")
        self.assert_says(
            text,
            "Échéance du 24 mars 2026 : 250,00 € en attente de règlement",
            "À régler au plus tard le 7 avril 2026 : 250,00 €",
            "1/3 24/03/2026 6 400,00 € 150,00 € 250,00 €",
            "1 050,00 €",
        )

    def test_the_revocation(self):
        self.partner.lang = "fr_FR"
        agreement = self.accept()
        self.set_today(day(20))
        agreement._record_warning()
        self.pay(self.invoice, 150)
        self.set_today(day(30))
        agreement._revoke("Échéance impayée")
        text = self.read_letter(agreement, "revocation")
        self.assert_says(
            text,
            "1 050,00 € immédiatement exigibles",
            "malgré notre courrier du 30 mars 2026",
            "clause de déchéance du terme",
            self.invoice.name,
        )

    def test_the_code_orders_the_next_instalment(self):
        agreement = self.accept()
        payment = agreement._prepare_agreement_letter("agreement").payment
        self.assertIn("\nEUR400.00\n", payment.qr)
        self.pay(self.invoice, 500)
        agreement.invalidate_recordset()
        self.assertIn("\nEUR300.00\n", agreement._prepare_agreement_letter("agreement").payment.qr)

    def test_another_currency_has_no_code(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        foreign = self.make_invoice(self.partner, 1000, due=day(-10), currency=dollar)
        self.assertEqual(self.propose(foreign)._prepare_agreement_letter("agreement").payment.qr, "")

    def test_a_letter_that_would_not_be_true_is_refused(self):
        agreement = self.accept()
        with self.assertRaisesRegex(UserError, "No instalment of .* is missed"):
            agreement.action_send_letter("warning")
        with self.assertRaisesRegex(UserError, "has not been revoked"):
            agreement.action_send_letter("revocation")

    def test_every_text_is_whole_in_both_languages(self):
        agreement = self.accept()
        self.set_today(day(20))
        agreement._record_warning()
        texts = {
            "collection.letter.template": ("letter_template_agreement%s", ("subject", "body")),
            "mail.template": ("mail_template_agreement%s", ("subject", "body_html")),
        }
        for lang, greeting in (("en_US", "Dear Sir or Madam,"), ("fr_FR", "Madame, Monsieur,")):
            self.partner.lang = lang
            for model, (xmlid, names) in texts.items():
                for suffix in ("", "_warning", "_revocation"):
                    template = self.env.ref(f"credit_collection.{xmlid % suffix}")
                    self.assertEqual(template._name, model)
                    subject, body = (
                        template._render_field(name, agreement.ids, set_lang=lang)[agreement.id] for name in names
                    )
                    with self.subTest(template=xmlid % suffix, lang=lang):
                        self.assertNotRegex(subject + body, r"\{\{|\}\}|t-out|t-if|object\.|None|False")
                        self.assertIn(greeting, body)

    def test_printed_as_a_report(self):
        agreement = self.propose()
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf("credit_collection.action_report_agreement_letter", agreement.ids)
        self.assertEqual(kind, "pdf")
        self.assertIn(agreement.name, self.read_pdf(content))

    def test_a_text_that_cannot_be_completed_is_refused(self):
        template = self.env.ref("credit_collection.letter_template_agreement")
        with self.assertRaisesRegex(ValidationError, "cannot be completed"):
            template.subject = "{{ object.nothing_of_the_kind }}"

    def test_a_company_words_it_its_own_way(self):
        self.partner.lang = "en_US"
        self.env.ref("credit_collection.letter_template_agreement").copy(
            {
                "replaces_id": self.env.ref("credit_collection.letter_template_agreement").id,
                "company_id": self.company.id,
                "subject": "Our own words",
            }
        )
        self.assert_says(self.read_letter(self.propose()), "Our own words")


@tagged("post_install", "-at_install")
class TestSending(AgreementCase, LetterCase):
    """What leaves stands on the customer's page and is kept with its fingerprint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.propose()
        cls.debtor = cls.debtor_of(cls.partner)

    def send(self, agreement, kind):
        action = agreement.action_send_letter(kind)
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.action_send()
        return wizard

    def test_by_email_with_the_letter(self):
        wizard = self.send(self.agreement, "agreement")
        self.assertEqual(wizard.partner_ids, self.partner)
        message = self.debtor.message_ids[0]
        self.assertEqual(message.partner_ids, self.partner)
        self.assertIn(self.agreement.name, message.subject)
        document = self.agreement.document_ids
        self.assertEqual((document.kind, document.attachment_id), ("agreement", message.attachment_ids))
        self.assertTrue(document.attachment_id.raw.startswith(b"%PDF"))
        self.assertEqual(document.action_verify()["params"]["type"], "success")

    def test_changed_afterwards_it_is_seen(self):
        self.send(self.agreement, "agreement")
        self.agreement.document_ids.attachment_id.sudo().raw = b"%PDF-1.4 another"
        self.assertEqual(self.agreement.document_ids.action_verify()["params"]["type"], "danger")

    def test_printed_for_the_post_it_is_kept_too(self):
        action = self.agreement.action_send_letter()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertTrue(base64.b64decode(wizard.letter).startswith(b"%PDF"))
        self.assertEqual(wizard.action_print()["type"], "ir.actions.act_url")
        self.assertEqual(self.agreement.document_ids.kind, "agreement")
        self.assertFalse(self.debtor.message_ids.partner_ids)

    def test_nobody_to_write_to(self):
        self.partner.email = False
        with self.assertRaisesRegex(UserError, "No usable e-mail address for Menuiserie Durand"):
            self.send(self.agreement, "agreement")
        self.assertFalse(self.agreement.document_ids)

    def test_a_draft_does_not_leave(self):
        self.agreement.action_back_to_draft()
        with self.assertRaisesRegex(UserError, "has to be proposed before"):
            self.send(self.agreement, "agreement")

    def test_sent_the_warning_starts_the_days_to_regularise(self):
        self.agreement._accept(day(0), "Jeanne Durand")
        self.set_today(day(20))
        self.send(self.agreement, "warning")
        self.assertEqual(self.agreement.regularise_until, day(28))
        self.assertEqual(self.agreement.document_ids.kind, "warning")

    def test_several_are_warned_at_once(self):
        self.agreement._accept(day(0), "Jeanne Durand")
        unreachable = self.make_partner("Sans Adresse", email=False)
        second = self.accept(self.make_invoice(unreachable, 600, due=day(-10)))
        self.set_today(day(20))
        action = (self.agreement | second).action_warn()
        self.assertEqual((self.agreement.warned_on, second.warned_on), (day(20), False))
        self.assertIn("Sans Adresse", action["params"]["message"])

    def test_signed_it_is_kept(self):
        wizard = self.env["collection.agreement.accept"].create(
            {
                "agreement_id": self.agreement.id,
                "accepted_by": "Jeanne Durand",
                "document": base64.b64encode(self.make_png()),
                "document_name": "accord.png",
            }
        )
        wizard.action_accept()
        document = self.agreement.document_ids
        self.assertEqual((document.kind, document.name), ("signed", "accord.png"))
        self.assertEqual(document.attachment_id.mimetype, "image/png")
        self.assertEqual(self.agreement.state, "accepted")

    def test_a_program_is_no_signed_agreement(self):
        wizard = self.env["collection.agreement.accept"].create(
            {
                "agreement_id": self.agreement.id,
                "accepted_by": "Jeanne Durand",
                "document": base64.b64encode(b"<html><script>alert(1)</script></html>"),
                "document_name": "accord.pdf",
            }
        )
        with self.assertRaisesRegex(UserError, "is a PDF or a picture"):
            wizard.action_accept()
        self.assertEqual(self.agreement.state, "proposed")

    def test_the_dialog_opens_by_email_to_whoever_receives_reminders(self):
        contact = self.env["res.partner"].create(
            {"name": "Comptabilité", "parent_id": self.partner.id, "email": "factures@durand.example"}
        )
        self.debtor.contact_ids = [Command.link(contact.id)]
        action = self.agreement.action_send_letter()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.partner_ids, contact)
