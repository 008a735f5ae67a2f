import base64
from contextlib import contextmanager
from dataclasses import dataclass, replace

from odoo import api, fields, models
from odoo.exceptions import UserError


@dataclass(frozen=True, slots=True)
class Look:
    """What stands in the dialog: ``recipients`` and ``copies`` as addresses, ``letter`` as PDF."""

    recipients: str = ""
    copies: str = ""
    subject: str = ""
    body: str = ""
    attachment_names: str = ""
    has_letter: bool = False
    letter: bytes = b""
    letter_obstacle: str = ""
    task: str = ""
    warning: str = ""


class CollectionReminderPreview(models.TransientModel):
    """What the customer will receive: recipients, e-mail and letter, before anything leaves.

    With a level of its own it shows the texts of that level, on this reminder's customer and invoices.
    """

    _name = "collection.reminder.preview"
    _description = "Preview of a Reminder"

    reminder_id = fields.Many2one("collection.reminder", required=True, ondelete="cascade")
    level_id = fields.Many2one("collection.level", ondelete="cascade")
    debtor_id = fields.Many2one(related="reminder_id.debtor_id", string="Shown for")
    recipients = fields.Char(string="To", compute="_compute_look")
    copies = fields.Char(string="In copy", compute="_compute_look")
    email_from = fields.Char(string="From", related="reminder_id.email_from")
    subject = fields.Char(compute="_compute_look")
    body = fields.Html(compute="_compute_look", sanitize=False)
    attachment_names = fields.Char(string="Attachments", compute="_compute_look")
    letter = fields.Binary(compute="_compute_letter")
    letter_obstacle = fields.Char(compute="_compute_look")
    has_letter = fields.Boolean(compute="_compute_look")
    task = fields.Char(compute="_compute_look", help="What a person does at this level.")
    warning = fields.Char(compute="_compute_look", help="Why nothing would leave if it left now.")

    @api.depends("reminder_id", "level_id")
    def _compute_look(self):
        for preview in self:
            look = preview._get_look()
            preview.recipients = look.recipients
            preview.copies = look.copies
            preview.subject = look.subject
            preview.body = look.body
            preview.attachment_names = look.attachment_names
            preview.has_letter = look.has_letter
            preview.letter_obstacle = look.letter_obstacle
            preview.task = look.task
            preview.warning = look.warning

    # Apart: a file's value depends on whether the client asks for its content or its size.
    @api.depends("reminder_id", "level_id")
    def _compute_letter(self):
        for preview in self:
            letter = preview._get_look().letter
            preview.letter = base64.b64encode(letter) if letter else False

    def _get_look(self):
        # Where the client asks for sizes, the logo that letters print would be one.
        preview = self.with_context(bin_size=False)
        with preview._standing_at_level() as cancelled:
            look = preview._look()
        return (
            replace(look, warning=self.env._("If it left now it would be cancelled: %s", cancelled))
            if cancelled
            else look
        )

    @contextmanager
    def _standing_at_level(self):
        """The reminder is at the level to look at, else as it would leave now, until the end of the block.

        Gives why it would be cancelled rather than leave; it is then shown as it was planned.
        """
        # Reading the reminder is enough to look at it: it is put back before anybody sees another.
        reminder = self.reminder_id.sudo()
        cancelled = ""
        with self.env.cr.savepoint() as moment:
            if self.level_id:
                reminder.line_ids.filtered("level_id").level_id = self.level_id
                reminder.level_id = self.level_id
            else:
                before = reminder.state
                reminder._decide_again()
                if reminder.state == "cancelled" != before:
                    cancelled = reminder.cancel_reason or ""
                    moment.rollback()
            yield cancelled
            moment.rollback()

    def _look(self):
        level = self.reminder_id.level_id
        channels = set(level.channel_ids.mapped("channel"))
        ways = channels | set(filter(None, level.channel_ids.mapped("fallback")))
        by_post = ways & set(self.env["collection.channel"]._get_codes_by_address_kind("postal"))
        return Look(
            **(self._look_at_email(level.mail_template_id) if "email" in ways and level.mail_template_id else {}),
            **(self._look_at_letter() if by_post and level.letter_template_id else {}),
            task=self._describe_task(level) if "task" in channels else "",
        )

    def _look_at_email(self, template):
        reminder = self.reminder_id
        recipients, copies = reminder._get_recipients("email")
        content = template._generate_template(reminder.ids, ("subject", "body_html"))[reminder.id]
        return {
            "recipients": ", ".join(recipients.mapped("email_formatted")),
            "copies": ", ".join(copies.filtered("email").mapped("email_formatted")),
            "subject": content.get("subject") or "",
            "body": content.get("body_html") or "",
            "attachment_names": ", ".join(name for name, *_rest in reminder._prepare_email_attachments()),
        }

    def _look_at_letter(self):
        try:
            return {"has_letter": True, "letter": self.reminder_id._render_letter()}
        except UserError as error:
            return {"has_letter": True, "letter_obstacle": str(error)}

    def _describe_task(self, level):
        """What happens where nothing but a task is made, or beside what is sent."""
        return self.env._(
            "“%(task)s” is put on the list of tasks of the person in charge: the customer receives nothing by it.",
            task=level.activity_summary or level.name,
        )
