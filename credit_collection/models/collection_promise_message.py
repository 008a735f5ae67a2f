from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, format_list

from ..calc.written_date import write_first_day


class CollectionPromise(models.Model):
    """The message that confirms a promise: a person reads it over before it goes.

    The fields of this file are the placeholders of its text.
    """

    _inherit = "collection.promise"

    lang = fields.Char(compute="_compute_lang")
    amount_text = fields.Char(string="Amount in words and figures", compute="_compute_texts")
    date_text = fields.Char(string="Date in words", compute="_compute_texts")
    invoices_text = fields.Char(string="Numbers of the invoices", compute="_compute_texts")

    def _compute_lang(self):
        for promise in self:
            partner = promise.contact_id or promise.partner_id
            promise.lang = partner.lang or promise.company_id.partner_id.lang or self.env.lang

    def _compute_texts(self):
        for promise in self:
            lang = promise.lang
            promise.amount_text = format_amount(self.env, promise.amount, promise.currency_id, lang_code=lang)
            # Written out: 05/12/2026 is May for some of those who read it.
            day = format_date(self.env, promise.date, lang_code=lang, date_format="d MMMM y")
            promise.date_text = write_first_day(day, lang)
            numbers = promise.item_ids.sorted("due_date").mapped("display_name")
            promise.invoices_text = format_list(self.env, numbers, lang_code=lang) if numbers else ""

    def action_confirm(self):
        """Message that confirms the promise to the customer, in its language, to be read over and sent."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "open":
            raise UserError(self.env._("Only a promise that still holds is confirmed."))
        # A text of the company, whoever sends it; who may see the promise has been checked.
        template = self.sudo().env.ref("credit_collection.mail_template_promise")
        subject, body = (
            template._render_field(name, self.ids, compute_lang=True)[self.id] for name in ("subject", "body_html")
        )
        composer = self.env["mail.compose.message"].create(
            {
                "model": "collection.debtor",
                "res_ids": str(self.debtor_id.ids),
                "composition_mode": "comment",
                "message_type": "comment",
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "subject": subject,
                "body": body,
                "partner_ids": [(6, 0, self._get_confirmed_contacts().ids)],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Confirm the promise"),
            "res_model": "mail.compose.message",
            "res_id": composer.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"collection_confirmed_promise_id": self.id},
        }

    def action_note_and_confirm(self):
        """The promise is noted; then comes the message that confirms it."""
        return self.action_confirm()

    def _get_confirmed_contacts(self):
        """Who receives the confirmation: who promised, else those who receive the reminders."""
        debtor = self.debtor_id
        for contacts in (self.contact_id, debtor.contact_ids, debtor.payer_id, debtor.partner_id):
            usable = contacts._filter_mailable()
            if usable:
                return usable
        raise UserError(self.env._("No usable e-mail address for %s.", debtor.display_name))
