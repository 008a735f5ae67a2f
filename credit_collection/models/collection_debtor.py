from odoo import api, fields, models
from odoo.exceptions import ValidationError

CUSTOMER_KINDS = [
    ("business", "Business"),
    ("public", "Public body"),
    ("consumer", "Consumer"),
    ("unknown", "Unknown"),
]


class CollectionDebtor(models.Model):
    """One commercial partner in one (root) company: how it is chased, and where it stands."""

    _name = "collection.debtor"
    _description = "Debtor"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "overdue desc, id"
    _rec_names_search = ["partner_id"]
    _mail_post_access = "read"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users", string="Collector", tracking=True, index=True, domain="[('share', '=', False)]"
    )

    # How it is chased
    plan_id = fields.Many2one(
        "collection.plan",
        string="Plan of its Own",
        tracking=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        help="Takes the place of the first plan whose filter the debtor meets.",
    )
    chase = fields.Selection(
        [("on", "Chased"), ("manual", "By a person"), ("off", "Never chased")],
        default="on",
        required=True,
        tracking=True,
    )
    pause_until = fields.Date(tracking=True, help="Nothing is sent up to this day included.")
    pause_reason = fields.Char(tracking=True)
    payer_id = fields.Many2one(
        "res.partner",
        string="Paid by",
        tracking=True,
        help="Central purchasing body or holding that pays: "
        "it receives the reminders, with the debtor's name on each invoice.",
    )
    contact_ids = fields.Many2many(
        "res.partner",
        "collection_debtor_contact_rel",
        string="Contacts for Collection",
        help="They receive the reminders; without any, the invoice contact does, else the company.",
    )
    copy_contact_ids = fields.Many2many(
        "res.partner",
        "collection_debtor_copy_contact_rel",
        string="In Copy",
    )
    registered_office_id = fields.Many2one(
        "res.partner",
        help="Address of the formal notices, if it is not the company's.",
    )
    note = fields.Html()
    is_key_account = fields.Boolean(tracking=True)
    customer_kind = fields.Selection(CUSTOMER_KINDS, default="unknown", required=True, tracking=True)
    unread_since = fields.Date(
        string="Answer to Read",
        tracking=True,
        index="btree_not_null",
        help="An answer came in this day and nobody has read it: "
        "automatic sending is frozen, five working days at most.",
    )

    # Figures, refreshed aside by SQL: see _refresh_figures()
    country_id = fields.Many2one("res.country", readonly=True)
    lang = fields.Char(string="Language", readonly=True)
    has_email = fields.Boolean(readonly=True)
    has_address = fields.Boolean(string="Has a postal address", readonly=True)
    first_invoice_date = fields.Date(readonly=True)
    balance = fields.Monetary(string="Outstanding", readonly=True, help="Everything open, credits included.")
    overdue = fields.Monetary(readonly=True)
    not_due = fields.Monetary(readonly=True)
    credit = fields.Monetary(string="Unallocated", readonly=True, help="Open credit notes and payments.")
    old_credit = fields.Monetary(string="To reconcile", readonly=True, help="Credits open for more than 30 days.")
    oldest_due_date = fields.Date(readonly=True)
    days_overdue = fields.Integer(readonly=True)
    open_item_count = fields.Integer(string="Open Items", readonly=True)
    last_reminder_date = fields.Date(string="Last Reminder", readonly=True, copy=False)
    level_id = fields.Many2one("collection.level", string="Highest Level", readonly=True)
    figures_date = fields.Datetime(string="Figures as of", readonly=True)

    item_ids = fields.One2many("collection.item", "debtor_id")
    reminder_ids = fields.One2many("collection.reminder", "debtor_id")

    _partner_company_unique = models.UniqueIndex(
        "(partner_id, company_id)", "This customer is already a debtor of the company."
    )
    _figures_overdue_idx = models.Index("(company_id, overdue)")

    @api.depends("partner_id.display_name")
    def _compute_display_name(self):
        for debtor in self:
            debtor.display_name = debtor.partner_id.display_name

    @api.constrains("partner_id", "company_id")
    def _check_commercial_partner(self):
        for debtor in self:
            if debtor.partner_id != debtor.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s, which is the debtor.",
                        contact=debtor.partner_id.display_name,
                        company=debtor.partner_id.commercial_partner_id.display_name,
                    )
                )
            if debtor.company_id.parent_id:
                raise ValidationError(
                    self.env._("%s is a branch: a debtor belongs to its parent company.", debtor.company_id.name)
                )

    @api.constrains("pause_until", "pause_reason")
    def _check_pause_reason(self):
        for debtor in self:
            if debtor.pause_until and not debtor.pause_reason:
                raise ValidationError(self.env._("Say why the reminders to %s pause.", debtor.display_name))

    # -- answers -------------------------------------------------------------------------------------------------------

    def message_update(self, msg_dict, update_vals=None):
        """An answer came in: sending by itself freezes until somebody has read it."""
        result = super().message_update(msg_dict, update_vals=update_vals)
        self._freeze_for_answer()
        return result

    def _freeze_for_answer(self):
        for debtor in self.filtered(lambda debtor: not debtor.unread_since):
            debtor.unread_since = debtor.company_id._get_collection_today()

    def action_mark_read(self):
        """The answer has been read: sending goes on."""
        self.write({"unread_since": False})
        return True

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_explain(self):
        """Why each open item of the debtor is reminded or not, live."""
        self.ensure_one()
        if not self.figures_date:
            self._refresh_figures()
        return (
            self.env["collection.decision"]
            .with_context(allowed_company_ids=self.company_id.ids)
            ._open_explanation(self, [])
        )

    def action_refresh_figures(self):
        """Refresh the figures of the debtors now."""
        self.check_access("read")
        # Figures are the program's own: reading a debtor is enough to ask for them.
        self.sudo()._refresh_figures()
        return True

    def action_open_items(self):
        """Journal items of the debtor that are open."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open items"),
            "res_model": "collection.decision",
            "view_mode": "list,form",
            "domain": [("debtor_id", "=", self.id)],
            "context": {"collection_debtor_ids": self.ids, "collection_date": None},
        }

    def action_open_reminders(self):
        """Reminders made for the debtor."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_reminder")
        domain = [("debtor_id", "=", self.id), ("level_id", "!=", False)]
        return {**action, "domain": domain, "context": {}}

    def write(self, vals):
        """A change of plan calls the reminders of the former plan back."""
        result = super().write(vals)
        if "plan_id" in vals or "chase" in vals:
            self._recheck_pending_reminders()
        return result

    def _recheck_pending_reminders(self):
        """Reminders of the former plan that have not left go."""
        pending = self.env["collection.reminder"].search(
            [
                ("debtor_id", "in", self.ids),
                ("state", "in", ("proposed", "approved", "outbox")),
            ]
        )
        pending._decide_again()
