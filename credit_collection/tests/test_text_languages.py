"""Texts that cannot be completed in one of the languages are refused when they are saved."""

from contextlib import contextmanager

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CollectionCase, day

BROKEN = '<p><t t-out="object.no_such_field"/></p>'


@tagged("post_install", "-at_install")
class TestTextsAreCheckedInEveryLanguage(CollectionCase):
    """A translation has placeholders of its own: one that cannot be completed is refused when it is saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.make_plan()
        cls.make_invoice(cls.make_partner(), 1000, due=day(-5))

    @contextmanager
    def refused(self, words):
        with (
            mute_logger("odoo.addons.mail.models.mail_template"),
            self.assertRaisesRegex(ValidationError, words),
            self.env.cr.savepoint(),
        ):
            yield

    def test_a_letter_whose_french_is_broken(self):
        with self.refused("no_such_field"):
            self.letter_template.with_context(lang="fr_FR").body = BROKEN
        with self.refused(r"no_such_field.*\(French / Français\)"):
            self.letter_template.update_field_translations("subject", {"fr_FR": "{{ object.no_such_field }}"})
        self.letter_template.update_field_translations("subject", {"fr_FR": "Relance {{ object.name }}"})
        self.assertEqual(self.letter_template.with_context(lang="fr_FR").subject, "Relance {{ object.name }}")

    def test_an_e_mail_whose_french_is_broken(self):
        self.plan_run()
        with self.refused("no_such_field"):
            self.mail_template.update_field_translations("subject", {"fr_FR": "{{ object.no_such_field }}"})
        self.mail_template.update_field_translations("subject", {"fr_FR": "Relance {{ object.name }}"})
        self.assertEqual(self.mail_template.with_context(lang="fr_FR").subject, "Relance {{ object.name }}")
