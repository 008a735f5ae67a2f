from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import clean_context

from ..calc.dispute_stages import OPEN, Stage, rejected_of
from .collection_interest import to_amount

STAGES = [
    ("to_qualify", "To qualify"),
    ("study", "Under study"),
    ("accepted", "Accepted"),
    ("partly", "Partly accepted"),
    ("rejected", "Rejected"),
    ("withdrawn", "Withdrawn"),
]
# Working days to settle a dispute whose nature is not known yet.
DEFAULT_DAYS = 10
# What only the program sets, when something happens.
PROGRAM_FIELDS = frozenset(
    {"name", "opened_by_id", "decided_on", "decided_by_id", "closed_on", "answered_on", "days_taken", "work_days_taken"}
)
# What an owner from another department leaves to the collector.
COLLECTOR_FIELDS = frozenset({"debtor_id", "currency_id", "opened_on"})
OWNER_GROUP = "credit_collection.group_collection_dispute_owner"
COLLECTOR_GROUP = "credit_collection.group_collection_collector"


class CollectionDispute(models.Model):
    """What a customer contests: which items, why, who settles it until when, and how it ends.

    What is contested is not chased, the rest is. Stages and their effects: see collection_dispute_stage.
    """

    _name = "collection.dispute"
    _description = "Dispute"
    _inherit = ["collection.noted", "mail.thread", "mail.activity.mixin"]
    _order = "closed_on desc, deadline, id desc"
    _mail_post_access = "read"

    name = fields.Char(string="Reference", readonly=True, copy=False, default="/")
    debtor_id = fields.Many2one(
        "collection.debtor", string="Customer", required=True, ondelete="restrict", index=True, tracking=True
    )
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    collector_id = fields.Many2one(related="debtor_id.user_id", string="Collector")
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    line_ids = fields.One2many("collection.dispute.line", "dispute_id", string="Items")
    nature_id = fields.Many2one("collection.dispute.nature", ondelete="restrict", index=True, tracking=True)
    procedure = fields.Html(related="nature_id.procedure")
    step_ids = fields.One2many("collection.dispute.step", "dispute_id", string="Steps")
    stage = fields.Selection(
        STAGES, default="to_qualify", required=True, index=True, tracking=True, copy=False, group_expand=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        compute="_compute_user_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who settles it, in any department: an activity is scheduled, and the dispute can be worked on.",
    )
    deadline = fields.Date(
        compute="_compute_deadline", store=True, precompute=True, readonly=False, required=True, tracking=True
    )
    note = fields.Text(string="What the Customer says")
    customer_reference = fields.Char(string="Customer’s Reference")
    attachment_ids = fields.One2many(
        "ir.attachment", "res_id", domain=[("res_model", "=", "collection.dispute")], string="Evidence"
    )
    answer = fields.Html(string="Answer to the Customer", help="Goes into the e-mail that tells the decision.")

    opened_on = fields.Date(required=True, default=lambda self: self.env["collection.decision"]._get_today())
    opened_by_id = fields.Many2one(
        "res.users", string="Opened by", readonly=True, default=lambda self: self.env.user, copy=False
    )
    decided_on = fields.Date(readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, copy=False)
    answered_on = fields.Date(readonly=True, copy=False, help="Day on which the answer went to the customer.")
    closed_on = fields.Date(
        readonly=True,
        copy=False,
        help="An accepted dispute closes once its credit note is posted: what was granted is never chased.",
    )
    days_taken = fields.Integer(string="Days to decide", readonly=True, copy=False, aggregator="avg")
    work_days_taken = fields.Integer(string="Working Days to decide", readonly=True, copy=False, aggregator="avg")

    disputed_amount = fields.Monetary(string="Disputed", compute="_compute_amounts", store=True)
    accepted_amount = fields.Monetary(string="Accepted", compute="_compute_amounts", store=True)
    rejected_amount = fields.Monetary(string="Rejected", compute="_compute_amounts", store=True)
    is_late = fields.Boolean(compute="_compute_is_late", string="Deadline passed")
    is_collector = fields.Boolean(compute="_compute_is_collector")

    @api.depends("name", "nature_id.name")
    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = " – ".join(filter(None, (dispute.name, dispute.nature_id.name)))

    @api.depends("nature_id")
    def _compute_user_id(self):
        for dispute in self:
            owner = dispute.nature_id.user_id
            # An owner by default may work for another company than this customer's.
            fits = owner and owner.active and dispute.debtor_id.company_id in owner.company_ids
            dispute.user_id = (owner if fits else dispute.user_id) or dispute.debtor_id.user_id or self.env.user

    @api.depends("nature_id", "opened_on")
    def _compute_deadline(self):
        for dispute in self:
            company = dispute.debtor_id.company_id or self.env.company
            days = dispute.nature_id.days if dispute.nature_id else DEFAULT_DAYS
            opened = dispute.opened_on or company._get_collection_today()
            dispute.deadline = company._get_working_calendar().add_working_days(opened, days)

    @api.depends("line_ids.amount", "line_ids.accepted", "stage")
    def _compute_amounts(self):
        for dispute in self:
            currency = dispute.currency_id
            disputed = to_amount(sum(dispute.line_ids.mapped("amount")), currency)
            accepted = to_amount(sum(dispute.line_ids.mapped("accepted")), currency)
            dispute.disputed_amount = float(disputed)
            dispute.accepted_amount = float(accepted)
            dispute.rejected_amount = float(rejected_of(Stage(dispute.stage), disputed, accepted))

    @api.depends("deadline", "stage")
    def _compute_is_late(self):
        today = self.env["collection.decision"]._get_today()
        for dispute in self:
            dispute.is_late = bool(dispute.stage in OPEN and dispute.deadline and dispute.deadline < today)

    @api.depends_context("uid")
    @api.depends("debtor_id")
    def _compute_is_collector(self):
        for dispute in self:
            dispute.is_collector = dispute.debtor_id.has_access("write")

    # -- what must hold ------------------------------------------------------------------------------------------------

    @api.constrains("user_id", "debtor_id")
    def _check_owner(self):
        # Whether somebody may own a dispute of the company is no secret to whoever names him.
        for dispute in self.sudo():
            owner = dispute.user_id
            if owner.share or dispute.company_id not in owner.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot own a dispute of %(company)s: choose an internal user of that company.",
                        user=owner.name,
                        company=dispute.company_id.name,
                    )
                )

    @api.constrains("opened_on")
    def _check_opened_on(self):
        for dispute in self:
            if dispute.opened_on > self.env["collection.decision"]._get_today():
                raise ValidationError(self.env._("A dispute cannot be opened on a day to come."))

    def _check_has_lines(self):
        for dispute in self.exists():
            if not dispute.line_ids:
                raise UserError(self.env._("Choose at least one item: a dispute is about what an invoice claims."))

    def _check_open(self):
        """Raise UserError for a dispute that has been decided: its amounts are history."""
        for dispute in self:
            if dispute.stage not in OPEN:
                raise UserError(
                    self.env._("%s has been decided: its items and amounts no longer change.", dispute.display_name)
                )

    def _check_collector(self):
        """Raise AccessError for an owner who does not collect from this customer."""
        if not self.env.su and not self.debtor_id.has_access("write"):
            raise AccessError(self.env._("What is disputed is the collector's to change: ask in the discussion."))

    # -- creating and changing -----------------------------------------------------------------------------------------

    @api.model
    def default_get(self, fields_list):
        """The items chosen, each with all that is still open of it."""
        values = super().default_get(fields_list)
        chosen = self.env.context.get("default_item_ids")
        if chosen and "line_ids" in fields_list:
            items = self.env["collection.item"].browse(chosen[0][2])
            amounts = items._get_contestable_amounts()
            values["line_ids"] = [
                Command.create({"item_id": item.id, "amount": amount}) for item, amount in amounts.items() if amount
            ]
            values["currency_id"] = items.currency_id[:1].id or values.get("currency_id")
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """A dispute begins open, with the steps of its nature and an activity of its owner."""
        disputes = super().create([self._prepare_created(vals) for vals in vals_list])
        # Defaults of the dialog are of disputes, not of what follows from them.
        disputes = disputes.with_context(clean_context(self.env.context))
        disputes._check_has_lines()
        for dispute in disputes.filtered(lambda dispute: not dispute.step_ids):
            dispute._copy_steps()
        disputes._follow_owner()
        disputes._recheck_reminders()
        return disputes.with_env(self.env)

    @api.model
    def _prepare_created(self, vals):
        """The values with those that nobody gives himself, neither as values nor as defaults of the context."""
        own = vals if self.env.su else {**vals, **self._prepare_fresh()}
        stage = own.get("stage", "to_qualify")
        if stage not in OPEN:
            raise UserError(self.env._("A dispute is decided after it has been studied, not as it is noted."))
        # A number of our own, whoever notes the dispute.
        number = self.env["ir.sequence"].sudo().next_by_code("collection.dispute")
        return {**own, "stage": stage, "name": number or "/"}

    @api.model
    def _prepare_fresh(self):
        return {
            "opened_by_id": self.env.uid,
            "decided_on": False,
            "decided_by_id": False,
            "answered_on": False,
            "closed_on": False,
            "days_taken": 0,
            "work_days_taken": 0,
        }

    def write(self, vals):
        """A stage is reached by its transition only; a change of owner, nature or deadline reaches the owner."""
        if self.env.su:
            result = super().write(vals)
        else:
            self._check_may_write(vals)
            stage = vals.get("stage")
            own = {name: value for name, value in vals.items() if name != "stage"}
            result = super().write(own) if own else True
            if stage:
                self.filtered(lambda dispute: dispute.stage != stage)._move_to(stage)
        if "nature_id" in vals:
            # The new nature may have given the dispute to another owner, out of sight of this one.
            for dispute in self.sudo().filtered(lambda dispute: not any(dispute.step_ids.mapped("done"))):
                dispute._copy_steps()
        if {"user_id", "nature_id", "deadline", "opened_on"} & vals.keys():
            self._follow_owner()
        if {"deadline", "opened_on", "line_ids"} & vals.keys():
            self._recheck_reminders()
        return result

    def _check_may_write(self, vals):
        if PROGRAM_FIELDS & vals.keys():
            raise AccessError(self.env._("These facts about a dispute are kept by the program."))
        if COLLECTOR_FIELDS & vals.keys():
            self._check_collector()
            self._check_open()
        if "opened_on" in vals:
            raise AccessError(self.env._("The day on which a dispute was opened is history: it no longer changes."))

    def _copy_steps(self):
        """Take over the steps of the nature, in the words of the company, in the place of those of another nature."""
        self.ensure_one()
        # The checklist is the nature's; whoever qualifies the dispute need not be allowed to edit it.
        self.sudo().step_ids = [
            Command.clear(),
            *(
                Command.create({"name": step.name, "sequence": step.sequence})
                for step in self.nature_id.with_context(lang=self.user_id.sudo().lang or self.env.lang).step_ids
            ),
        ]

    def _get_line_start(self):
        """First day on which an item added now is contested: that of the dispute, if it is only being noted."""
        today = self.env["collection.decision"]._get_today()
        return self.opened_on if self and not self.line_ids else today

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if any(dispute.stage not in OPEN for dispute in self):
            raise UserError(self.env._("A dispute that has been decided is history: it is kept."))

    def unlink(self):
        """A dispute noted by mistake goes, and its items are chased again."""
        debtors = self.debtor_id
        result = super().unlink()
        # Reminders in preparation follow what is true, whoever changed it.
        debtors.sudo()._recheck_pending_reminders()
        return result

    def _recheck_reminders(self):
        # Reminders in preparation follow what is true; an owner from another department may not read them.
        self.debtor_id.sudo()._recheck_pending_reminders()

    # -- opening -------------------------------------------------------------------------------------------------------

    @api.model
    def _action_new(self, debtor, items, **defaults):
        """Action that notes a dispute about open items of a debtor, with ``defaults`` of its fields.

        Raises UserError where nothing of the items can be contested, or they are of several currencies.
        """
        self.browse().check_access("create")
        if len(items.currency_id) > 1:
            raise UserError(self.env._("Choose items of one currency: a dispute is settled in the currency it is in."))
        if items and not any(items._get_contestable_amounts().values()):
            raise UserError(
                self.env._(
                    "Nothing of %s can be disputed: it is settled, or already in a dispute.",
                    ", ".join(items.mapped("display_name")),
                )
            )
        currency = items.currency_id or debtor.currency_id
        return debtor._open_new(
            self._name,
            self.env._("New dispute"),
            items,
            view="view_collection_dispute_form_new",
            **{"currency_id": currency.id, **defaults},
        )
