"""A sentence of the formal notice is changed, looked at and sent in the browser: a console error fails the test."""

from io import BytesIO
from unittest.mock import patch

from pypdf import PdfReader

from odoo import Command
from odoo.tests import tagged

from .test_screens import COLLECTION, ScreensCase

FRENCH = "Cette lettre vaut mise en demeure. Écrivez à Mme Hébert, service du crédit."
ENGLISH = "This letter is a formal notice. Please write to Mrs Wainwright, credit control."


@tagged("post_install", "-at_install")
class TestChangingASentenceOfTheFormalNoticeByClicking(ScreensCase):
    """A manager changes it, sees it on a debtor, sends it by registered letter and verifies what is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        france = cls.env.ref("base.fr")
        cls.company.write({"street": "1 rue de la Paix", "zip": "75002", "city": "Paris", "country_id": france.id})
        cls.template = cls.env.ref("credit_collection.letter_template_notice_business")
        cls.plan.level_ids = [
            Command.update(
                cls.plan.level_ids.id,
                {
                    "name": "Sommation",
                    "is_formal_notice": True,
                    "approval": "manager",
                    "letter_template_id": cls.template.id,
                    "channel_ids": [Command.clear(), Command.create({"channel": "registered"})],
                },
            )
        ]

    def send_by_clicking(self, lang, tour):
        """Letters sent to Durand and to Martin, and the letters looked at as PDF before."""
        self.env["res.partner"].search([("name", "in", ("Menuiserie Durand", "Boulangerie Martin"))]).write(
            {"lang": lang, "country_id": self.env.ref("base.fr").id}
        )
        martin = self.plan_run().reminder_ids.filtered(
            lambda reminder: reminder.partner_id.name == "Boulangerie Martin"
        )
        martin.action_approve()
        martin.action_send()
        groups = f"{COLLECTION}manager,account.group_account_manager,base.group_system"
        user = self.make_user("manager", groups, lang)
        printed = []
        report_class = self.registry["ir.actions.report"]
        print_report = report_class._render_qweb_pdf

        def keep_printed(report, *args, **values):
            # Odoo answers HTML under tests unless told otherwise.
            content, kind = print_report(report.with_context(force_report_rendering=True), *args, **values)
            printed.append(content)
            return content, kind

        with patch.object(report_class, "_render_qweb_pdf", keep_printed):
            self.start_tour("/odoo/collection", tour, login=user.login, timeout=240)
        return self.env["collection.delivery"].search([("channel", "=", "registered")], order="id"), printed

    def words_of(self, content):
        """Text of the pages with single spaces."""
        return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())

    def check_sent(self, sentence, letters, printed):
        self.assertEqual(letters.mapped("debtor_id.partner_id.name"), ["Boulangerie Martin", "Menuiserie Durand"])
        self.assertEqual(letters.mapped("deposit_state"), ["deposited", "deposited"])
        self.assertEqual(letters.mapped("deposit_id.state"), ["deposited"])
        self.assertIn('t-else=""', self.template.body, "what stands for other cases is kept")
        (looked_at,) = printed
        self.assertIn(sentence, self.words_of(looked_at))
        for letter in letters:
            document = letter.document_ids
            self.assertEqual(document.kind, "letter")
            self.assertIn(sentence, self.words_of(document.attachment_id.raw))
            self.assertEqual([good for good, _words in letter._verify()], [True])

    def test_in_french(self):
        self.check_sent(FRENCH, *self.send_by_clicking("fr_FR", "collection_formal_notice_french"))
        self.assertIn("formal notice within the meaning", self.template.with_context(lang="en_US").body)

    def test_in_english(self):
        self.check_sent(ENGLISH, *self.send_by_clicking("en_US", "collection_formal_notice_english"))
        self.assertIn("vaut mise en demeure au sens", self.template.with_context(lang="fr_FR").body)
