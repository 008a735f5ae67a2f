from odoo import api, models
from odoo.exceptions import ValidationError


class SmsTemplate(models.Model):
    """Text messages of reminders are checked in every language installed: a translation has its own placeholders."""

    _inherit = "sms.template"

    @api.constrains("body", "model_id")
    def _check_collection_body(self):
        """Refuse the text of a reminder that cannot be completed in one of the languages."""
        # Names of models are no secret.
        ours = self.filtered(lambda template: template.sudo().model_id.model == "collection.reminder")
        # Any reminder does: what is looked for is a placeholder that does not exist.
        sample = self.env["collection.reminder"].sudo().search([], limit=1)
        if not ours or not sample:
            return
        for code, name in self.env["res.lang"].get_installed():
            for template in ours:
                try:
                    with self.env.cr.savepoint():
                        template._render_field("body", sample.ids, set_lang=code)
                except Exception as error:
                    raise ValidationError(
                        self.env._(
                            "“%(template)s” cannot be completed (%(language)s): %(error)s",
                            template=template.name,
                            language=name,
                            error=str(error.__cause__ or error)[:300],
                        )
                    ) from error

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """A translation is checked like the text it stands for."""
        result = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        if field_name == "body":
            self._check_collection_body()
        return result
