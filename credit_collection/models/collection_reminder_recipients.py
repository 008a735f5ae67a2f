from odoo import models
from odoo.tools import SQL


class CollectionReminder(models.Model):
    """To whom a reminder goes."""

    _inherit = "collection.reminder"

    def _get_recipients(self, address_kind):
        """(recipients, in copy) for an "email" or a "postal" address; empty where nobody can be reached."""
        self.ensure_one()
        return self._find_recipients(address_kind)[self]

    def _find_recipients(self, address_kind):
        """{reminder: (recipients, in copy)} for a set of reminders at once. Override to choose others.

        Contacts for collection, else the payer, else the invoice contact, else the company: the first of them with an
        address that can be used. A formal notice by post goes to the registered office.
        """
        find = {"email": self._find_email_recipients, "postal": self._find_postal_recipients}[address_kind]
        return find()

    def _find_email_recipients(self):
        usable = self._find_usable_contacts(SQL("email_ok"))
        copies = self.debtor_id.copy_contact_ids._filter_mailable()
        nobody = self.env["res.partner"]
        found = {}
        for reminder in self:
            recipients = usable.get(reminder.debtor_id.id, nobody)
            in_copy = (reminder.debtor_id.copy_contact_ids & copies) - recipients
            found[reminder] = (recipients, in_copy)
        return found

    def _find_postal_recipients(self):
        usable = self._find_usable_contacts(SQL("address_ok"))
        nobody = self.env["res.partner"]
        found = {}
        for reminder in self:
            if reminder.is_formal_notice:
                office = reminder.debtor_id.registered_office_id or reminder.debtor_id.partner_id
                found[reminder] = (office.filtered(lambda o: o.city and (o.street or o.street2)), nobody)
            else:
                # One envelope, one letter.
                found[reminder] = (usable.get(reminder.debtor_id.id, nobody)[:1], nobody)
        return found

    def _find_usable_contacts(self, usable):
        """{debtor id: partners} of the first rank with a usable address, in one query."""
        self.env["res.partner"].flush_model()
        self.env["mail.blacklist"].flush_model()
        self.env["collection.debtor"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debtor_id, array_agg(partner_id ORDER BY partner_id)
                  FROM (SELECT debtor_id, partner_id, rank, MIN(rank) OVER (PARTITION BY debtor_id) AS first_rank
                          FROM (%s) way WHERE %s) usable
                 WHERE rank = first_rank
                 GROUP BY debtor_id
                """,
                self.debtor_id._sql_recipients(SQL("debtor.id IN %s", tuple(self.debtor_id.ids) or (0,))),
                usable,
            )
        )
        partners = self.env["res.partner"].browse(partner_id for _debtor, ids in rows for partner_id in ids)
        return {debtor_id: partners.browse(ids).with_prefetch(partners.ids) for debtor_id, ids in rows}
