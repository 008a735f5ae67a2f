from odoo import fields, models
from odoo.exceptions import UserError


class CollectionAnswer(models.TransientModel):
    """What an answer calls for where one click does not say enough: what was paid, or who is the right person."""

    _name = "collection.answer"
    _description = "Answer of a Customer"

    debtor_id = fields.Many2one("collection.debtor", required=True, readonly=True)
    kind = fields.Selection([("paid", "Paid"), ("wrong", "Wrong person")], required=True, readonly=True)
    text = fields.Text(related="debtor_id.answer_text", string="Answer")
    item_ids = fields.Many2many(
        "collection.item", string="Said to be paid", domain="[('debtor_id', '=', debtor_id), ('closed_on', '=', False)]"
    )
    contact_id = fields.Many2one(
        "res.partner",
        string="Not this person",
        domain="[('commercial_partner_id', '=', partner_id), ('id', '!=', partner_id)]",
    )
    replacement_id = fields.Many2one(
        "res.partner",
        string="But this one",
        domain="[('commercial_partner_id', '=', partner_id), ('id', '!=', contact_id)]",
        help="Receives the reminders from now on. Empty: the payer, the invoice contact or the company does.",
    )
    partner_id = fields.Many2one(related="debtor_id.partner_id")

    def action_apply(self):
        """Record what the answer says, and mark it as read."""
        self.ensure_one()
        self.debtor_id.check_access("write")
        if self.kind == "paid":
            self._record_paid()
        else:
            self._record_wrong_person()
        self.debtor_id.action_mark_read()
        return {"type": "ir.actions.act_window_close"}

    def _record_paid(self):
        items = self.item_ids.filtered(lambda item: item.debtor_id == self.debtor_id)
        if not items:
            raise UserError(self.env._("Choose what the customer says it has paid."))
        items.action_said_paid()

    def _record_wrong_person(self):
        if not self.contact_id or self.contact_id == self.partner_id:
            raise UserError(self.env._("Choose who is not the person to talk to."))
        if any(contact.commercial_partner_id != self.partner_id for contact in self.contact_id | self.replacement_id):
            raise UserError(self.env._("Choose contacts of %s.", self.debtor_id.display_name))
        self.debtor_id._drop_contact(self.contact_id, self.replacement_id)
