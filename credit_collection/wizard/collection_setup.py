from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import AccessError, UserError

# Entries taken back into dunning at once: each write also refreshes its journal entry.
BATCH_SIZE = 500


class CollectionSetup(models.TransientModel):
    """From an installed add-on to a first dry run, then to automatic collection."""

    _name = "collection.setup"
    _description = "Set-up of Collection"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company.root_id)
    currency_id = fields.Many2one(related="company_id.currency_id")
    plan_id = fields.Many2one(
        "collection.plan",
        string="Default plan",
        required=True,
        default=lambda self: self._get_standard_plan(),
        domain="[('active', 'in', (True, False)), '|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        context={"active_test": False},
        help="Takes every customer that no other plan takes.",
    )
    other_plan_ids = fields.Many2many(
        "collection.plan",
        string="Other plans to use",
        context={"active_test": False},
        domain="[('active', 'in', (True, False)), ('id', '!=', plan_id),"
        " '|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        help="Each takes the customers that meet its filter: public bodies, consumers, customers without e-mail…",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        help="Of the company's working calendar: it says when a day begins, and when messages may leave.",
    )
    signatory_name = fields.Char(string="Letters signed by")
    signatory_capacity = fields.Char(string="Capacity")
    legal_mentions = fields.Char()
    mail_warning = fields.Char(compute="_compute_state")
    excluded_count = fields.Integer(string="Entries left out", compute="_compute_excluded")
    excluded_amount = fields.Monetary(string="Open on them", compute="_compute_excluded")
    can_include = fields.Boolean(compute="_compute_excluded")
    first_run_seen = fields.Boolean(compute="_compute_state")
    is_active = fields.Boolean(compute="_compute_state")

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Set-up of collection")

    @api.model
    def default_get(self, fields_list):
        """What is in use already, else what is shipped."""
        company = self.env.company.root_id
        active_plans = self.env["collection.plan"].search([])
        default_plan = active_plans[-1:] or self._get_standard_plan()
        return {
            **super().default_get(fields_list),
            "plan_id": default_plan.id,
            "other_plan_ids": [(6, 0, (active_plans - default_plan).ids)],
            "tz": self._propose_tz(company),
            "signatory_name": company.collection_signatory_name or self.env.user.name,
            "signatory_capacity": company.collection_signatory_capacity,
            "legal_mentions": company.collection_legal_mentions,
        }

    @api.model
    def _get_standard_plan(self):
        return self.env.ref("credit_collection.plan_standard", raise_if_not_found=False) or self.env["collection.plan"]

    @api.model
    def _propose_tz(self, company):
        """Time zone of the company's calendar; that of a new database is UTC, which nobody chose."""
        chosen = company.resource_calendar_id.tz
        return chosen if chosen and chosen != "UTC" else self.env.user.tz or company.partner_id.tz or "Europe/Paris"

    @api.depends("company_id")
    def _compute_state(self):
        for setup in self:
            setup.first_run_seen = setup.company_id.collection_first_run_seen
            setup.is_active = setup.company_id.collection_active
            setup.mail_warning = setup.company_id._get_collection_mail_warning()

    @api.depends("company_id")
    def _compute_excluded(self):
        for setup in self:
            # The manager needs to know how many there are, whether or not he reads the ledger.
            lines = self.env["account.move.line"].sudo()
            groups = lines._read_group(setup._get_excluded_domain(), [], ["__count", "amount_residual:sum"])
            setup.excluded_count, setup.excluded_amount = groups[0]
            setup.can_include = self.env["account.move.line"].has_access("write")

    def _get_excluded_domain(self):
        """Open debts of the perimeter that only the default of general journals keeps out of follow-up."""
        Decision = self.env["collection.decision"].with_context(allowed_company_ids=self.company_id.ids)
        accounts = Decision._get_perimeter_accounts().filtered("collection_role")
        return [
            ("account_id", "in", accounts.ids),
            ("reconciled", "=", False),
            ("parent_state", "=", "posted"),
            ("no_followup", "=", True),
            ("journal_id.type", "=", "general"),
            ("amount_residual", ">", 0),
            ("company_id", "child_of", self.company_id.id),
        ]

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_show_excluded(self):
        """The entries that only a default keeps out."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries left out by default"),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": self._get_excluded_domain(),
            "context": {"create": False},
        }

    def action_include(self):
        """Clear "No Follow-Up" on all of them, with the rights and in the name of the user."""
        self.ensure_one()
        if not self.can_include:
            raise AccessError(
                self.env._("Only an accountant may change entries: ask one to open this screen and include them.")
            )
        lines = self.env["account.move.line"].search(self._get_excluded_domain())
        for start in range(0, len(lines), BATCH_SIZE):
            lines[start : start + BATCH_SIZE].no_followup = False
            self.env.flush_all()
        return self._reopen()

    def action_look(self):
        """Put the choices into use, then show a first dry run of today."""
        self._apply()
        return self.env["collection.dry.run"].create({"company_id": self.company_id.id}).action_look()

    def action_save(self):
        """Put the choices into use."""
        self._apply()
        return self._reopen()

    def action_switch_on(self):
        """Let the scheduled actions plan and send, once a dry run has been seen."""
        self._apply()
        if not self.company_id.collection_first_run_seen:
            raise UserError(self.env._("Look at a dry run first: you will see what would be sent, and to whom."))
        # A setting of the company that its collection manager holds, without being its administrator.
        self.company_id.sudo().collection_active = True
        return self._reopen()

    def action_switch_off(self):
        """Stop the scheduled actions; what a person sends still goes."""
        # As above.
        self.company_id.sudo().collection_active = False
        return self._reopen()

    def _apply(self):
        self.ensure_one()
        chosen = self.plan_id | self.other_plan_ids
        available = self.env["collection.plan"].search([("company_id", "in", (False, self.company_id.id))])
        (available - chosen).active = False
        chosen.filtered(lambda plan: not plan.active).active = True
        # As above: when a working day of the company begins is a setting of collection too.
        self.company_id.sudo().resource_calendar_id.tz = self.tz
        # As above: settings of collection, kept on the company.
        self.company_id.sudo().write(
            {
                "collection_signatory_name": self.signatory_name,
                "collection_signatory_capacity": self.signatory_capacity,
                "collection_legal_mentions": self.legal_mentions,
            }
        )

    def _reopen(self):
        return self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_setup")
