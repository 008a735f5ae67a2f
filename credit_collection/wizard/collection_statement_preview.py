import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from .collection_reminder_preview import Look


class CollectionStatementPreview(models.TransientModel):
    """The statement of account as a customer would receive it now, by e-mail and as PDF; nothing is sent."""

    _name = "collection.statement.preview"
    _description = "Preview of a Statement of Account"

    debtor_id = fields.Many2one("collection.debtor", required=True, ondelete="cascade")
    recipients = fields.Char(string="To", compute="_compute_look")
    email_from = fields.Char(string="From", compute="_compute_look")
    subject = fields.Char(compute="_compute_look")
    body = fields.Html(compute="_compute_look", sanitize=False)
    obstacle = fields.Char(compute="_compute_statement")
    statement = fields.Binary(compute="_compute_statement")

    @api.depends("debtor_id")
    def _compute_look(self):
        for preview in self:
            preview.update(preview._look_at_email())

    @api.depends("debtor_id")
    def _compute_statement(self):
        for preview in self:
            preview.statement = preview.obstacle = False
            # Where the client asks for sizes, the logo that statements print would be one.
            debtor = preview.debtor_id.with_context(bin_size=False)
            try:
                preview.statement = base64.b64encode(debtor._render_statement())
            except UserError as error:
                preview.obstacle = str(error)

    def _look_at_email(self):
        """The e-mail of a statement that exists for that moment only."""
        debtor = self.debtor_id
        debtor.check_access("read")
        template = debtor.company_id._get_statement_template()
        with self.env.cr.savepoint() as moment:
            # Reading the debtor is enough to look: what is made to be looked at is gone before anybody sees it.
            reminders = self.env["collection.reminder"].sudo()
            # A month that no statement has, so that this month's own is not in the way.
            month = fields.Date.to_date("1900-01-01")
            made = reminders.create({**debtor._prepare_statement_reminder(month), "state": "proposed"})
            recipients, _copies = made._get_recipients("email")
            # As the outbox renders it: what the text reads of the customer goes to the customer.
            content = template.sudo()._generate_template(made.ids, ("subject", "body_html"))[made.id]
            look = {
                "recipients": ", ".join(recipients.mapped("email_formatted")),
                "email_from": made.email_from,
                "subject": content.get("subject") or "",
                "body": content.get("body_html") or "",
            }
            moment.rollback()
        return look


class CollectionReminderPreview(models.TransientModel):
    _inherit = "collection.reminder.preview"

    def _look(self):
        reminder = self.reminder_id
        if reminder.level_id or not reminder.statement_month:
            return super()._look()
        return Look(**self._look_at_email(reminder._get_mail_template()))
