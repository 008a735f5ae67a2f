from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..calc.call_script import find_unknown


class CollectionLevel(models.Model):
    """The script of a call: a text with the customer's figures, checked when it is written."""

    _inherit = "collection.level"

    call_placeholders = fields.Html(compute="_compute_call_placeholders", sanitize=False)

    @api.depends_context("lang")
    def _compute_call_placeholders(self):
        known = self.env["collection.debtor"]._get_call_placeholders()
        self.call_placeholders = Markup(", ").join(
            Markup("<code>{{ %s }}</code> %s") % (name, words) for name, words in known.items()
        )

    @api.constrains("call_script")
    def _check_call_script(self):
        """Refuse a placeholder that stands for nothing, in any language."""
        known = self.env["collection.debtor"]._get_call_placeholders()
        for code, _name in self.env["res.lang"].get_installed():
            for level in self.with_context(lang=code):
                unknown = find_unknown(str(level.call_script or ""), known)
                if unknown:
                    raise ValidationError(
                        self.env._(
                            "The script of “%(level)s” has a placeholder that stands for nothing: %(unknown)s. "
                            "There are: %(known)s.",
                            level=level.name,
                            unknown=", ".join(unknown),
                            known=", ".join(known),
                        )
                    )

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """A translation is checked like the text it stands for."""
        result = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        if field_name == "call_script":
            self._check_call_script()
        return result
