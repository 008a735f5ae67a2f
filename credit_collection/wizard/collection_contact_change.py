from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize


class CollectionContactChange(models.TransientModel):
    """Name or correct a contact for collection, without the right to edit all contacts."""

    _name = "collection.contact.change"
    _description = "Contact for Collection"

    debtor_id = fields.Many2one("collection.debtor", required=True)
    company_partner_id = fields.Many2one(related="debtor_id.partner_id")
    is_company_itself = fields.Boolean(compute="_compute_is_company_itself")
    contact_id = fields.Many2one(
        "res.partner",
        domain="[('commercial_partner_id', '=', company_partner_id)]",
        help="Empty: a new contact is made.",
    )
    name = fields.Char(compute="_compute_from_contact", store=True, readonly=False)
    function = fields.Char(string="Job", compute="_compute_from_contact", store=True, readonly=False)
    phone = fields.Char(compute="_compute_from_contact", store=True, readonly=False)
    email = fields.Char(compute="_compute_from_contact", store=True, readonly=False)
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        compute="_compute_from_contact",
        store=True,
        readonly=False,
    )
    hours = fields.Char(string="Hours to call", compute="_compute_from_contact", store=True, readonly=False)
    receives = fields.Boolean(
        string="Receives the reminders", compute="_compute_from_contact", store=True, readonly=False
    )
    in_copy = fields.Boolean(compute="_compute_from_contact", store=True, readonly=False)

    @api.depends("contact_id", "debtor_id")
    def _compute_is_company_itself(self):
        for change in self:
            change.is_company_itself = bool(change.contact_id) and change.contact_id == change.company_partner_id

    @api.depends("contact_id")
    def _compute_from_contact(self):
        for change in self:
            contact = change.contact_id
            for name in ("name", "function", "phone", "email", "lang"):
                change[name] = contact[name]
            change.hours = contact.collection_hours
            change.receives = not contact or contact in change.debtor_id.contact_ids
            change.in_copy = bool(contact) and contact in change.debtor_id.copy_contact_ids

    def action_apply(self):
        """Keep what is known, as verified today."""
        self.ensure_one()
        debtor = self.debtor_id
        debtor.check_access("write")
        if not (self.name or "").strip():
            raise UserError(self.env._("Give the contact a name."))
        if self.email and not email_normalize(self.email):
            raise UserError(self.env._("“%s” is not an e-mail address.", self.email))
        contact = self._write_contact()
        debtor.write(
            {
                "contact_ids": [(4 if self.receives else 3, contact.id)],
                "copy_contact_ids": [(4 if self.in_copy else 3, contact.id)],
            }
        )
        # Whether somebody can be written to is the program's own figure.
        debtor.sudo()._refresh_reach()
        return {"type": "ir.actions.act_window_close"}

    def _write_contact(self):
        """The contact with these values, made if there was none."""
        # A collector may not edit contacts: of its debtor's, these fields alone, and never those of a user.
        contact = self.contact_id.sudo()
        if contact and contact.commercial_partner_id != self.debtor_id.partner_id:
            raise UserError(self.env._("This is not a contact of %s.", self.debtor_id.display_name))
        values = self._prepare_contact()
        new_address = "email" in values and contact and email_normalize(self.email) != contact.email_normalized
        if contact.user_ids and new_address:
            raise UserError(self.env._("%s is a user: an administrator changes the address.", contact.display_name))
        if not contact:
            return contact.create(
                {**values, "parent_id": self.debtor_id.partner_id.id, "type": "contact", "is_company": False}
            ).sudo(False)
        contact.write({**values, **({"message_bounce": 0} if new_address else {})})
        return contact.sudo(False)

    def _prepare_contact(self):
        # The company's own name and addresses are for whoever keeps customers.
        person = {} if self.is_company_itself else self._prepare_person()
        return {
            **person,
            "collection_hours": self.hours,
            "collection_verified_on": self.debtor_id.company_id._get_collection_today(),
            "collection_wrong_on": False,
        }

    def _prepare_person(self):
        return {
            "name": self.name.strip(),
            "function": self.function,
            "phone": self.phone,
            "email": self.email,
            "lang": self.lang,
        }
