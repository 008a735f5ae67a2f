"""Names in other scripts: with a font of the company they are printed, without one the letter says what is missing."""

from io import BytesIO
from unittest.mock import patch

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.credit_collection.report.letter import shaping
from odoo.addons.credit_collection.report.letter.fonts import find_fonts

from .common import day
from .letter_case import LetterCase

CHINESE, HEBREW = "上海", "דוד"


@tagged("post_install", "-at_install")
class TestFontsOfTheCompany(LetterCase):
    """TrueType files that somebody uploads in the settings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.font = cls.env["ir.attachment"].create({"name": "Deux.ttf", "raw": cls.make_font()})

    @classmethod
    def make_font(cls):
        """A font that has the two Chinese characters, as boxes, and nothing else."""
        pen = TTGlyphPen(None)
        pen.moveTo((100, 0))
        for point in ((900, 0), (900, 800), (100, 800)):
            pen.lineTo(point)
        pen.closePath()
        names = [".notdef", "first", "second"]
        builder = FontBuilder(1000, isTTF=True)
        builder.setupGlyphOrder(names)
        builder.setupCharacterMap(dict(zip(map(ord, CHINESE), names[1:], strict=True)))
        builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
        builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 100)))
        builder.setupHorizontalHeader(ascent=800, descent=-200)
        builder.setupNameTable({"familyName": "Two", "styleName": "Regular", "psName": "Two-Regular"})
        builder.setupOS2(sTypoAscender=800, sTypoDescender=-200)
        builder.setupPost()
        content = BytesIO()
        builder.save(content)
        return content.getvalue()

    def letter_to(self, name):
        """A reminder to a customer of that name."""
        return self.make_reminder(self.make_invoice(self.make_partner(name, email="a@a.example"), 1200, due=day(-30)))

    def choose_font(self, **values):
        settings = self.env["res.config.settings"].create({})
        settings.write({"collection_font_ids": [(6, 0, self.font.ids)], **values})
        settings.execute()

    def test_without_it_the_letter_names_what_is_missing(self):
        self.assertEqual(
            self.obstacle_of(self.letter_to(CHINESE)), "No font of this server can print these characters: 上 海"
        )

    def test_with_it_the_name_is_text(self):
        self.choose_font()
        text = PdfReader(BytesIO(self.letter_to(CHINESE)._render_letter())).pages[0].extract_text()
        self.assertIn(CHINESE, text)

    def test_a_collector_prints_with_the_font_that_another_uploaded(self):
        self.choose_font()
        reminder = self.letter_to(CHINESE)
        collector = new_test_user(self.env, "collector", "credit_collection.group_collection_collector")
        self.assertTrue(reminder.with_user(collector)._render_letter().startswith(b"%PDF"))

    def test_a_branch_prints_with_the_font_of_its_company(self):
        self.choose_font()
        branch = self.env["res.company"].create({"name": "Agence", "parent_id": self.company.id})
        self.assertFalse(branch._get_letter_fonts().uncovered_characters(CHINESE))

    def test_the_font_belongs_to_the_company(self):
        self.choose_font()
        self.assertEqual((self.font.res_model, self.font.res_id), ("res.company", self.company.id))

    def test_what_is_no_font_is_refused(self):
        self.font.raw = b"nothing"
        with self.assertRaisesRegex(ValidationError, "“Deux.ttf” is no TrueType font"):
            self.choose_font()

    def test_nobody_chooses_a_file_that_he_may_not_read(self):
        stranger = new_test_user(self.env, "stranger", "base.group_user,base.group_erp_manager")
        secret = self.env["ir.attachment"].create(
            {"name": "Secret.ttf", "raw": self.font.raw, "res_model": "collection.debtor", "res_id": 1}
        )
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self.company.with_user(stranger).collection_font_ids = secret

    def test_a_font_whose_file_is_lost_holds_the_letter_as_if_there_were_none(self):
        self.choose_font()
        self.font.raw = b""
        self.assertIn("上 海", self.obstacle_of(self.letter_to(CHINESE)))

    def test_a_script_that_the_server_cannot_join_says_which_package_does(self):
        find_fonts.cache_clear()
        self.addCleanup(find_fonts.cache_clear)
        with patch.object(shaping, "find_shaper", lambda: None):
            obstacle = self.obstacle_of(self.letter_to(HEBREW))
        self.assertEqual(
            obstacle,
            "The letters of these scripts are joined or placed by the Python package uharfbuzz, which is not "
            "installed on this server: ד ו",
        )

    def test_the_computation_of_interest_says_it_too(self):
        partner = self.make_partner(CHINESE, email="a@a.example")
        self.make_invoice(partner, 1200, due=day(-30))
        with self.assertRaisesRegex(UserError, "No font of this server can print these characters: 上 海"):
            self.debtor_of(partner)._print_interest_statement()
