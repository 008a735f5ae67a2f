from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class CollectionLetterTemplate(models.Model):
    """Rendering of letter templates, and their check when they are saved."""

    _inherit = "collection.letter.template"

    def _render_texts(self, reminder, lang):
        """(subject, body) of the letter to ``reminder``'s debtor. Raises UserError, saying what is wrong."""
        self.ensure_one()
        try:
            subject, body = (
                self._render_field(field, [reminder.id], set_lang=lang)[reminder.id] for field in ("subject", "body")
            )
        except UserError as error:
            raise UserError(
                self.env._(
                    "The text of the letter “%(letter)s” cannot be completed: %(reason)s",
                    letter=self.name,
                    reason=_root_cause(error),
                )
            ) from error
        return subject, body

    @api.constrains("subject", "body")
    def _check_texts_render(self):
        """A template that cannot be completed is refused when it is saved, not the night it is sent.

        In every language installed: a translation has placeholders of its own.
        """
        spoken = self.env.lang or "en_US"
        others = [(code, name) for code, name in self.env["res.lang"].get_installed() if code != spoken]
        for code, name in [(spoken, None), *others]:
            for template in self:
                try:
                    template._render_texts(template._get_example(), code)
                except UserError as error:
                    raise ValidationError(f"{error} ({name})" if name else str(error)) from error

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """A translation is checked like the text it stands for."""
        result = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        if field_name in ("subject", "body"):
            self._check_texts_render()
        return result

    def _get_example(self):
        """The record to try the placeholders of this text on. Override for texts about something else."""
        return self._get_example_reminder()

    @api.model
    def _get_example_reminder(self):
        """Some reminder to try placeholders on, one made up in memory where there is none yet."""
        # Even one the user may not read: nothing of it is shown.
        reminders = self.env["collection.reminder"].sudo()
        return reminders.search([], limit=1) or reminders.new(
            {
                "debtor_id": reminders.debtor_id.new(
                    {"partner_id": self.env.user.partner_id.id, "company_id": self.env.company.root_id.id}
                ),
                "date": self.env.company._get_collection_today(),
            }
        )

    def action_preview(self):
        """Print this text for the last reminder that used it, else for the last one of all."""
        self.ensure_one()
        reminders = self.env["collection.reminder"]
        own = reminders.search([("level_id.letter_template_id", "=", self.id)], limit=1)
        reminder = own or reminders.search([], limit=1)
        if not reminder:
            raise UserError(self.env._("There is no reminder yet to show this letter with: make a run first."))
        report = self.env.ref("credit_collection.action_report_reminder_letter")
        return report.with_context(collection_letter_template_id=self.id).report_action(reminder, config=False)


def _root_cause(error):
    """The first line of what went wrong at the bottom: a traceback helps no accountant."""
    while error.__cause__:
        error = error.__cause__
    return str(error).strip().splitlines()[0]
