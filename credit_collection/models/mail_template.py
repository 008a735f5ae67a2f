from odoo import models


class MailTemplate(models.Model):
    """E-mails of reminders are checked in every language installed: a translation has placeholders of its own."""

    _inherit = "mail.template"

    def _check_can_be_rendered(self, fnames=None, render_options=None):
        """Refuse the text of a reminder that cannot be completed in one of the languages."""
        result = super()._check_can_be_rendered(fnames=fnames, render_options=render_options)
        ours = self._filter_reminders()
        if ours:
            for code, _name in self.env["res.lang"].get_installed():
                if code != (self.env.lang or "en_US"):
                    super(MailTemplate, ours.with_context(lang=code))._check_can_be_rendered(
                        fnames=fnames, render_options=render_options
                    )
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """A translation is checked like the text it stands for."""
        result = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        self._filter_reminders()._check_can_be_rendered(fnames={field_name})
        return result

    def _filter_reminders(self):
        # Names of models are no secret.
        return self.filtered(lambda template: template.sudo().model_id.model == "collection.reminder")
