from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from .res_partner_contact import VERIFIED_DAYS

# A page shows so many contacts; the others stand on the customer's own page.
MOST_CONTACTS = 12


class CollectionDebtor(models.Model):
    """Who to talk to about a debtor: contacts by role, how to reach them, and whether they are still the right ones."""

    _inherit = "collection.debtor"

    page_contacts = fields.Json(string="Who to talk to", compute="_compute_page_contacts")
    language_name = fields.Char(string="Its Language", compute="_compute_language_name")

    def _compute_language_name(self):
        languages = dict(self.env["res.lang"].get_installed())
        for debtor in self:
            debtor.language_name = languages.get(debtor.lang, debtor.lang)

    def _compute_page_contacts(self):
        for debtor in self:
            # One debtor at a time: it is for the page.
            debtor.page_contacts = debtor._get_page_contacts() if len(self) == 1 and debtor.id else False

    def _get_page_contacts(self):
        return {"can_act": self.has_access("write"), "contacts": self._describe_contacts()}

    def _describe_contacts(self):
        """The contacts with their roles and addresses, those who receive the reminders first."""
        receiving = self._find_receiving()
        found = sorted(self._get_contact_roles().items(), key=lambda entry: entry[0] not in receiving)
        readable = self.env["res.partner"].union(*(partner for partner, _roles in found))._filtered_access("read")
        return [
            self._describe_contact(partner, roles, partner in receiving)
            for partner, roles in found[:MOST_CONTACTS]
            if partner in readable
        ]

    def _get_contact_roles(self):
        """{contact: [what it is to the debtor]}, in the order of importance. Override to add a role."""
        invoice_contacts = self.env["res.partner"].search(
            [("commercial_partner_id", "=", self.partner_id.id), ("type", "=", "invoice")], limit=MOST_CONTACTS
        )
        roles = {}
        for partners, role in (
            (self.contact_ids, self.env._("Collection")),
            (self.copy_contact_ids, self.env._("In copy")),
            (self.statement_contact_ids, self.env._("Statement of account")),
            (self.payer_id, self.env._("Pays")),
            (invoice_contacts, self.env._("Invoices")),
            (self.registered_office_id, self.env._("Registered office")),
            (self.partner_id, self.env._("Company")),
        ):
            for partner in partners:
                roles.setdefault(partner, []).append(role)
        return roles

    def _find_receiving(self):
        """Contacts to whom an e-mailed reminder would go now."""
        self.env["res.partner"].flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id FROM (
                        SELECT way.partner_id, way.rank, MIN(way.rank) OVER () AS first_rank
                          FROM (%s) way WHERE way.email_ok) usable
                    WHERE rank = first_rank""",
                self._sql_recipients(SQL("debtor.id = %s", self.id)),
            )
        )
        return self.env["res.partner"].browse(partner_id for (partner_id,) in rows)

    def _describe_contact(self, partner, roles, receives):
        verified = partner.collection_verified_on
        today = self.company_id._get_collection_today()
        languages = dict(self.env["res.lang"].get_installed())
        return {
            "id": partner.id,
            "name": partner.name or partner.display_name,
            "function": partner.function or "",
            "roles": roles,
            "receives": receives,
            "removable": partner in self.contact_ids or partner in self.copy_contact_ids,
            "editable": partner.commercial_partner_id == self.partner_id,
            "phone": partner.phone or "",
            "email": partner.email or "",
            "language": languages.get(partner.lang, ""),
            "hours": partner.collection_hours or "",
            "verified": format_date(self.env, verified) if verified else "",
            "stale": not verified or verified < today - timedelta(days=VERIFIED_DAYS),
            "bounces": bool(partner.message_bounce),
            "wrong": format_date(self.env, partner.collection_wrong_on) if partner.collection_wrong_on else "",
        }

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_verify_contact(self):
        """The contact named by the context's ``contact_id`` has been verified today."""
        contact = self._get_named_contact()
        today = self.company_id._get_collection_today()
        # A collector may not edit contacts: of one of its debtor's, this alone.
        contact.sudo().write({"collection_verified_on": today, "collection_wrong_on": False})
        return True

    def action_open_contact(self):
        """The page of the contact named by the context's ``contact_id``."""
        return self._open_record(self._get_named_contact("read"))

    def action_add_contact(self):
        """Choose or make a contact for collection, or say when to call one."""
        self.ensure_one()
        return self._open_contact_dialog()

    def action_edit_contact(self):
        """Correct what is known of the contact named by the context's ``contact_id``."""
        return self._open_contact_dialog(contact_id=self._get_named_contact().id)

    def _open_contact_dialog(self, **values):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contact for collection"),
            "res_model": "collection.contact.change",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_debtor_id": self.id,
                **{f"default_{name}": value for name, value in values.items()},
            },
        }

    def _get_named_contact(self, operation="write"):
        """The debtor's contact named by the context's ``contact_id``. Raises UserError for one that is not its own."""
        self.ensure_one()
        self.check_access(operation)
        contact = self.env["res.partner"].browse(int(self.env.context.get("contact_id") or 0))
        if contact not in self._get_contact_roles():
            raise UserError(self.env._("This is not a contact of %s.", self.display_name))
        return contact

    def _drop_contact(self, contact, replacement=None):
        """The contact is not the one to talk to: it receives nothing any more; ``replacement`` takes its place."""
        self.ensure_one()
        self.check_access("write")
        today = self.company_id._get_collection_today()
        # See action_verify_contact().
        contact.sudo().write({"collection_wrong_on": today, "collection_verified_on": False})
        commands = [(3, contact.id)]
        self.write(
            {
                "contact_ids": [*commands, *([(4, replacement.id)] if replacement else [])],
                "copy_contact_ids": commands,
                "statement_contact_ids": commands,
            }
        )
        self.message_post(
            body=(
                self.env._(
                    "%(wrong)s is not the person to talk to: %(right)s is.",
                    wrong=contact.display_name,
                    right=replacement.display_name,
                )
                if replacement
                else self.env._("%s is not the person to talk to.", contact.display_name)
            )
        )
        # Whether somebody can be written to is the program's own figure.
        self.sudo()._refresh_reach()
