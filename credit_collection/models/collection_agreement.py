from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..calc.instalments import Period

MANAGER = "credit_collection.group_collection_manager"
WAIVER = "credit_collection.group_collection_waiver"
STATES = [
    ("draft", "Draft"),
    ("proposed", "Proposed"),
    ("accepted", "Accepted"),
    ("kept", "Kept to the end"),
    ("revoked", "Revoked"),
    ("cancelled", "Given up"),
]
LIVE_STATES = ("proposed", "accepted")
# What the program writes as the agreement goes on: nobody makes it up.
STEP_FIELDS = frozenset(
    {
        "name",
        "state",
        "line_ids",
        "proposed_on",
        "accepted_on",
        "accepted_by",
        "ended_on",
        "end_reason",
        "ended_by_id",
        "warned_on",
        "regularise_until",
        "insurance_reason",
        "insurance_user_id",
        "interest_move_id",
    }
)
# What may still be written once the customer has the letter.
LATER_FIELDS = frozenset({"note", "valid_until"})


class CollectionAgreement(models.Model):
    """A granted payment schedule: what is owed, by which instalments, and what has become of it.

    While it holds, its items are not chased for what is open of them: see ``_part_scheduled``. What was paid of it is
    read from the reconciliations (collection_agreement_progress); the due dates of the ledger stay as they are.
    """

    _name = "collection.agreement"
    _inherit = "collection.noted"
    _description = "Payment Agreement"
    _order = "id desc"

    name = fields.Char(string="Reference", readonly=True, copy=False, default="/", index="trigram")
    debtor_id = fields.Many2one("collection.debtor", string="Customer", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="debtor_id.company_id")
    partner_id = fields.Many2one(related="debtor_id.partner_id", string="Customer’s Company")
    user_id = fields.Many2one(related="debtor_id.user_id", string="Collector")
    state = fields.Selection(STATES, default="draft", required=True, readonly=True, copy=False, index=True)
    note = fields.Char()

    # What is owed
    item_ids = fields.Many2many(
        "collection.item",
        "collection_agreement_item_rel",
        "agreement_id",
        "item_id",
        string="Items",
        copy=False,
        domain="[('debtor_id', '=', debtor_id), ('closed_on', '=', False)]",
    )
    line_ids = fields.One2many("collection.agreement.line", "agreement_id", string="Debt acknowledged", readonly=True)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency", store=True, readonly=False, required=True, precompute=True
    )
    principal = fields.Monetary(compute="_compute_principal", store=True, help="Open amount of the items.")

    # How it is to be paid
    split_by = fields.Selection(
        [("number", "Number of instalments"), ("amount", "Amount of each")], default="number", required=True
    )
    instalment_count = fields.Integer(string="Instalments", default=3)
    instalment_amount = fields.Monetary(string="Principal of each")
    first_date = fields.Date(
        string="First Instalment on",
        required=True,
        default=lambda self: fields.Date.add(self.env["collection.decision"]._get_today(), days=15),
    )
    period = fields.Selection(
        [
            (Period.WEEK.value, "Every week"),
            (Period.TWO_WEEKS.value, "Every two weeks"),
            (Period.MONTH.value, "Every month"),
        ],
        string="Then",
        default=Period.MONTH.value,
        required=True,
    )
    on_working_days = fields.Boolean(
        help="An instalment that would fall on another day waits for the next working day."
    )
    down_payment = fields.Monetary()
    down_payment_date = fields.Date(string="Down Payment on")
    interest_mode = fields.Selection(
        [
            ("waived", "Waived if the agreement is kept"),
            ("claimed", "Claimed in addition"),
            ("included", "Included in the instalments"),
        ],
        string="Late-payment Interest",
        default=lambda self: "waived" if self.env.user.has_group(WAIVER) else "claimed",
        required=True,
        help="Waived: interest and recovery costs, for good once the agreement is kept; they run again from the start "
        "if it is revoked. Included: the instalments carry interest, and no other is claimed while the agreement is "
        "kept.",
    )
    interest_percent = fields.Float(
        string="Rate a Year (%)", digits=(8, 4), help="Of the interest in the instalments, on what is left to pay."
    )
    past_interest = fields.Monetary(
        string="Interest so far", help="Late-payment interest up to today, shared out over the instalments."
    )
    instalment_ids = fields.One2many("collection.agreement.instalment", "agreement_id", string="Schedule")
    interest = fields.Monetary(compute="_compute_total", store=True, string="Interest in the instalments")
    total = fields.Monetary(compute="_compute_total", store=True)
    difference = fields.Monetary(compute="_compute_difference", help="What the instalments leave of the principal.")
    last_date = fields.Date(compute="_compute_total", store=True, string="Last Instalment on")

    # How long it holds
    valid_until = fields.Date(
        string="Answer expected by",
        copy=False,
        help="Until then nothing is chased though the customer has not signed yet.",
    )
    grace_days = fields.Integer(
        default=lambda self: self.env.company.root_id.collection_agreement_grace_days,
        help="Days after its date before an instalment counts as missed.",
    )
    regularise_days = fields.Integer(
        string="Days to regularise",
        default=lambda self: self.env.company.root_id.collection_agreement_regularise_days,
        help="Given by the letter of warning to pay a missed instalment.",
    )

    # How it went
    proposed_on = fields.Date(readonly=True, copy=False)
    accepted_on = fields.Date(
        readonly=True, copy=False, help="The debt is acknowledged on that day (Civil Code, art. 2240)."
    )
    accepted_by = fields.Char(readonly=True, copy=False, help="Who accepted for the customer.")
    warned_on = fields.Date(readonly=True, copy=False)
    regularise_until = fields.Date(readonly=True, copy=False)
    ended_on = fields.Date(readonly=True, copy=False, help="First day on which the agreement does not hold any more.")
    ended_by_id = fields.Many2one("res.users", string="Ended by", readonly=True, copy=False)
    end_reason = fields.Char(readonly=True, copy=False)
    interest_move_id = fields.Many2one(
        "account.move",
        string="Interest Invoice",
        ondelete="set null",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    document_ids = fields.One2many("collection.document", "agreement_id", string="Kept Documents", readonly=True)

    _days_positive = models.Constraint(
        "CHECK (grace_days >= 0 AND regularise_days >= 0)",
        "Days of grace and days to regularise cannot be negative.",
    )
    _percent_plausible = models.Constraint(
        "CHECK (COALESCE(interest_percent, 0) BETWEEN 0 AND 100)", "A rate is a percentage a year, from 0 to 100."
    )
    _live_idx = models.Index("(debtor_id) WHERE state IN ('proposed', 'accepted')")

    # -- figures -------------------------------------------------------------------------------------------------------

    @api.depends("item_ids", "debtor_id")
    def _compute_currency(self):
        for agreement in self:
            agreement.currency_id = (
                agreement.item_ids.currency_id[:1] or agreement.currency_id or agreement.debtor_id.currency_id
            )

    @api.depends("item_ids", "line_ids.amount")
    def _compute_principal(self):
        for agreement in self:
            lines = agreement.line_ids.filtered(lambda line: not line.is_interest)
            agreement.principal = sum(lines.mapped("amount") if lines else agreement._read_open().values())

    def _read_open(self):
        """{item: what is open of it now, in its currency}."""
        self.ensure_one()
        # Whoever may read an item may know what is open of it, whatever of the ledger he may read.
        return {item: max(0.0, item.sudo().move_line_id.amount_residual_currency) for item in self.item_ids}

    @api.depends("instalment_ids.principal", "instalment_ids.interest", "instalment_ids.due_date")
    def _compute_total(self):
        for agreement in self:
            instalments = agreement.instalment_ids
            agreement.interest = sum(instalments.mapped("interest"))
            agreement.total = sum(instalments.mapped("principal")) + agreement.interest
            agreement.last_date = max(filter(None, instalments.mapped("due_date")), default=False)

    @api.depends("principal", "instalment_ids.principal", "currency_id")
    def _compute_difference(self):
        for agreement in self:
            left = agreement.principal - sum(agreement.instalment_ids.mapped("principal"))
            agreement.difference = agreement.currency_id.round(left) if agreement.currency_id else left

    # -- writing -------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Number the agreements; each begins as a draft."""
        for vals in vals_list:
            self._check_no_step_in(vals)
        agreements = super().create(vals_list)
        for agreement in agreements:
            # The number is the program's.
            agreement.sudo().name = f"A{agreement.id:06d}"
        return agreements

    def write(self, vals):
        """Refuse to change what the customer has in his letter, and the steps that only buttons take."""
        self._check_no_step_in(vals)
        if not self.env.su and vals.keys() - LATER_FIELDS:
            self._check_draft()
        return super().write(vals)

    def _check_no_step_in(self, vals):
        made_up = STEP_FIELDS & {name for name, value in vals.items() if not self._is_blank(name, value)}
        if not self.env.su and made_up:
            raise AccessError(self.env._("The steps of an agreement are taken by its buttons: nobody writes them."))

    def _is_blank(self, name, value):
        """Whether a form says by ``value`` only what a new agreement has anyway."""
        return value in (False, None, [], "/") or (name, value) == ("state", "draft")

    def _check_draft(self):
        """Raise UserError unless all of them can still be changed."""
        if any(agreement.state != "draft" for agreement in self):
            raise UserError(
                self.env._("The customer has this agreement: take it back to draft before you change anything.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        if any(agreement.state not in ("draft", "cancelled") or agreement.document_ids for agreement in self):
            raise UserError(self.env._("An agreement that was given to the customer is kept: cancel it."))

    # -- opening -------------------------------------------------------------------------------------------------------

    @api.model
    def _action_new(self, debtor, items, **defaults):
        """Dialog that prepares an agreement of ``debtor`` on ``items``. Raises UserError where none makes sense."""
        debtor.ensure_one()
        items = items.filtered(lambda item: item.debtor_id == debtor)
        if not items:
            raise UserError(self.env._("Choose the invoices that the agreement is about."))
        if len(items.currency_id) > 1:
            raise UserError(self.env._("An agreement is in one currency: make one for each."))
        items._check_may_be_scheduled()
        return debtor._open_new(self._name, self.env._("Payment agreement"), items, large=True, **defaults)

    def action_open(self):
        """The agreement's own page."""
        self.ensure_one()
        return self.env["collection.debtor"]._open_record(self)

    def action_open_debtor(self):
        """The customer's page."""
        self.ensure_one()
        return self.env["collection.debtor"]._open_record(self.debtor_id)

    @api.model
    def _get_live_domain(self):
        """Agreements that keep reminders back today."""
        today = self.env["collection.decision"]._get_today()
        return Domain("state", "=", "accepted") | (
            Domain("state", "=", "proposed") & Domain("valid_until", ">=", today)
        )
