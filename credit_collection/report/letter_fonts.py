from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import file_path

from .letter.checks import find_gaps
from .letter.fonts import NotAFont, find_fonts, has_font, keep_font, read_font


class ResCompany(models.Model):
    """Fonts of the letters, and what none of them can print."""

    _inherit = "res.company"

    collection_font_ids = fields.Many2many(
        "ir.attachment",
        "collection_company_font_rel",
        string="Fonts for other scripts",
        help="TrueType files (.ttf) that draw what the fonts of the server lack, such as Chinese or Hindi names.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """The fonts of a company belong to it."""
        companies = super().create(vals_list)
        companies._own_fonts()
        return companies

    def write(self, vals):
        """The fonts of a company belong to it."""
        result = super().write(vals)
        if "collection_font_ids" in vals:
            self._own_fonts()
        return result

    def _own_fonts(self):
        """Whoever prints a letter reads its fonts: uploaded in the settings, they were nobody's but the uploader's."""
        for company in self.filtered("collection_font_ids"):
            # The user may read them: see _check_fonts().
            company.collection_font_ids.sudo().write({"res_model": "res.company", "res_id": company.id})

    @api.constrains("collection_font_ids")
    def _check_fonts(self):
        for file in self.collection_font_ids:
            # A letter shows what its writer may see.
            file.check_access("read")
            try:
                read_font(file.raw or b"")
            except NotAFont as error:
                raise ValidationError(
                    self.env._("“%s” is no TrueType font: choose a file that ends with .ttf.", file.name)
                ) from error

    def _get_letter_fonts(self):
        """Fonts of the letters: Odoo's and the system's, and those that the company uploaded for other scripts.

        The system parameter ``credit_collection.letter_fonts`` names more TrueType files of the server, separated by
        commas, for characters that these lack.
        """
        # Paths of fonts, a setting of the server that no letter shows.
        extra = self.env["ir.config_parameter"].sudo().get_param("credit_collection.letter_fonts") or ""
        paths = tuple(path.strip() for path in extra.split(",") if path.strip())
        return find_fonts((file_path("web/static/fonts"),), (*self._keep_uploaded_fonts(), *paths))

    def _keep_uploaded_fonts(self):
        """Names by which ``find_fonts`` knows the company's own fonts."""
        # Fonts are no secret, and are those of the root company for its branches too.
        for file in self.sudo().root_id.collection_font_ids.sorted("id"):
            try:
                if not has_font(file.checksum):
                    keep_font(file.checksum, file.raw or b"")
            except NotAFont:  # checked when it was chosen: its file has been lost since
                continue
            yield file.checksum

    # -- obstacles -----------------------------------------------------------------------------------------------------

    def _describe_uncovered_characters(self, letter):
        """Which characters of ``letter`` cannot be printed and why, in the user's words; an empty text if all can."""
        return self._describe_gaps(find_gaps(letter, self._get_letter_fonts()))

    def _describe_gaps(self, gaps):
        """What is missing to print some characters; an empty text if nothing is."""
        sentences = []
        if gaps.font:
            sentences.append(
                self.env._("No font of this server can print these characters: %s", " ".join(sorted(gaps.font)))
            )
        if gaps.shaping:
            sentences.append(
                self.env._(
                    "The letters of these scripts are joined or placed by the Python package uharfbuzz, which is not "
                    "installed on this server: %s",
                    " ".join(sorted(gaps.shaping)),
                )
            )
        return " ".join(sentences)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_font_ids = fields.Many2many(related="company_id.root_id.collection_font_ids", readonly=False)
