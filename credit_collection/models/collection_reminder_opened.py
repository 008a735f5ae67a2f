from odoo import fields, models


class CollectionReminder(models.Model):
    """Whether somebody opened the page of a reminder.

    No hidden picture watches the reading of e-mails: consent would be needed for it (CNIL, guidelines of 17 September
    2020 on trackers). What is known is that a person's browser showed the page behind a link of the message.
    """

    _inherit = "collection.reminder"

    opened_at = fields.Datetime(
        string="Page opened on",
        readonly=True,
        copy=False,
        help="First time that a person opened the page behind a link of the message. Empty does not mean unread.",
    )

    def _record_opening(self):
        """Somebody sees the page of the reminder: its first time is kept."""
        self.filtered(lambda reminder: not reminder.opened_at).opened_at = fields.Datetime.now()
