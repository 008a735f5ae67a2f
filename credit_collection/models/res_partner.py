from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    collection_debtor_ids = fields.One2many(
        "collection.debtor", "partner_id", groups="credit_collection.group_collection_reader"
    )
    collection_level_id = fields.Many2one(
        "collection.level",
        string="Dunning Level",
        compute="_compute_collection_position",
        search="_search_collection_level_id",
        groups="credit_collection.group_collection_reader",
    )
    collection_reminder_date = fields.Date(
        string="Last Reminder",
        compute="_compute_collection_position",
        search="_search_collection_reminder_date",
        groups="credit_collection.group_collection_reader",
    )

    @api.depends_context("company")
    def _compute_collection_position(self):
        for partner in self:
            debtor = partner._get_collection_debtor()
            partner.collection_level_id = debtor.level_id
            partner.collection_reminder_date = debtor.last_reminder_date

    def _search_collection_level_id(self, operator, value):
        return self._search_by_debtor("level_id", operator, value)

    def _search_collection_reminder_date(self, operator, value):
        return self._search_by_debtor("last_reminder_date", operator, value)

    def _search_by_debtor(self, field, operator, value):
        """Partners by their debtor; those without a level or a reminder may have no debtor at all."""
        if operator not in ("in", "not in"):
            if operator not in ("<", "<=", ">", ">="):
                return NotImplemented
            return self._domain_of_debtors([(field, operator, value)])
        chosen = [entry for entry in value if entry]
        found = self._domain_of_debtors([(field, "in", chosen)])
        if len(chosen) < len(value):
            found |= ~self._domain_of_debtors([(field, "!=", False)])
        return found if operator == "in" else ~found

    def _domain_of_debtors(self, domain):
        mine = [("company_id", "=", self.env.company.root_id.id)]
        return Domain("id", "in", self.env["collection.debtor"]._search([*mine, *domain]).subselect("partner_id"))

    def _get_collection_debtor(self):
        """The debtor of the contact's company in the current root company; empty if there is none."""
        self.ensure_one()
        return self.env["collection.debtor"].search(
            [("partner_id", "=", self.commercial_partner_id.id), ("company_id", "=", self.env.company.root_id.id)],
            limit=1,
        )

    def action_open_collection_debtor(self):
        """The debtor's page, made if the customer has none yet."""
        self.ensure_one()
        partner = self.commercial_partner_id
        # One that another collector follows is not made a second time: the user may not read it, and is told so.
        known = self.sudo()._get_collection_debtor().sudo(False)
        known.check_access("read")
        debtor = known or self.env["collection.debtor"].create(
            {
                "partner_id": partner.id,
                "company_id": self.env.company.root_id.id,
            }
        )
        if not debtor.figures_date:
            # Figures are the program's own: a page just made shows them.
            debtor.sudo()._refresh_figures()
        return {
            "type": "ir.actions.act_window",
            "res_model": "collection.debtor",
            "res_id": debtor.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _filter_mailable(self):
        """Those of the contacts who can be written to: with an address, neither blacklisted nor bouncing."""
        mailable = self.filtered(lambda partner: partner.email_normalized and not partner.message_bounce)
        if not mailable:
            return mailable
        # Who refused to be written to binds every user.
        refused = self.env["mail.blacklist"].sudo().search([("email", "in", mailable.mapped("email_normalized"))])
        return mailable.filtered(lambda partner: partner.email_normalized not in refused.mapped("email"))

    def write(self, vals):
        """A new address, or another company of a contact, reaches its debtors."""
        before = {partner: partner.commercial_partner_id for partner in self} if REACH_FIELDS & vals.keys() else {}
        result = super().write(vals)
        if before:
            self._follow_up_in_collection(before)
        return result

    def _follow_up_in_collection(self, commercial_before):
        """Keep debtors right when an address or the company of a contact changes: sets, whatever the number."""
        commercial = self.commercial_partner_id | self.env["res.partner"].union(*commercial_before.values())
        # Whoever edits a contact keeps collection right, without having to read it.
        debtors = (
            self.env["collection.debtor"]
            .sudo()
            .search(
                [
                    "|",
                    "|",
                    ("partner_id", "in", commercial.ids),
                    ("payer_id", "in", self.ids),
                    ("contact_ids", "in", self.ids),
                ]
            )
        )
        if debtors:
            self.env["res.partner"].flush_model()
            moved = self.filtered(lambda partner: partner.commercial_partner_id != commercial_before[partner])
            if moved:
                debtors._reattach_items()
            debtors._refresh_reach()


# What decides whom to write to, and whose debts they are.
REACH_FIELDS = {
    "email",
    "street",
    "street2",
    "zip",
    "city",
    "country_id",
    "lang",
    "active",
    "parent_id",
    "type",
    "is_company",
    "message_bounce",
}
