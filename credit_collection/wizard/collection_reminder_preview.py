import base64

from odoo import api, fields, models


class CollectionReminderPreview(models.TransientModel):
    """What the customer will receive: recipients, e-mail and letter, before anything leaves."""

    _name = "collection.reminder.preview"
    _description = "Preview of a Reminder"

    reminder_id = fields.Many2one("collection.reminder", required=True, ondelete="cascade")
    recipients = fields.Char(string="To", compute="_compute_email")
    copies = fields.Char(string="In copy", compute="_compute_email")
    email_from = fields.Char(string="From", related="reminder_id.email_from")
    subject = fields.Char(compute="_compute_email")
    body = fields.Html(compute="_compute_email", sanitize=False)
    attachment_names = fields.Char(string="Attachments", compute="_compute_email")
    letter = fields.Binary(compute="_compute_letter")
    letter_obstacle = fields.Char(compute="_compute_letter")
    has_letter = fields.Boolean(compute="_compute_letter")

    @api.depends("reminder_id")
    def _compute_email(self):
        for preview in self:
            reminder = preview.reminder_id
            template = reminder.level_id.mail_template_id
            recipients, copies = reminder._get_recipients("email")
            preview.recipients = ", ".join(recipients.mapped("email_formatted"))
            preview.copies = ", ".join(copies.filtered("email").mapped("email_formatted"))
            content = template._generate_template(reminder.ids, ("subject", "body_html")) if template else {}
            preview.subject = content.get(reminder.id, {}).get("subject")
            preview.body = content.get(reminder.id, {}).get("body_html")
            preview.attachment_names = (
                ", ".join(name for name, *_rest in reminder._prepare_email_attachments()) if template else False
            )

    @api.depends("reminder_id")
    def _compute_letter(self):
        for preview in self:
            reminder = preview.reminder_id
            preview.has_letter = bool(reminder.level_id.letter_template_id)
            preview.letter_obstacle = reminder._get_letter_obstacle() if preview.has_letter else False
            printable = preview.has_letter and not preview.letter_obstacle
            preview.letter = base64.b64encode(reminder._render_letter()) if printable else False
