from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CollectionLevel(models.Model):
    _name = "collection.level"
    _description = "Dunning Level"
    _order = "plan_id, sequence, counted_from desc, day, id"

    plan_id = fields.Many2one("collection.plan", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="plan_id.company_id")
    currency_id = fields.Many2one(related="plan_id.currency_id")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    day = fields.Integer(
        required=True,
        aggregator=None,
        help="Days after the due date of the item; negative before it.",
    )
    counted_from = fields.Selection(
        [("due_date", "Due date"), ("deadline", "Deadline of the formal notice")],
        default="due_date",
        required=True,
    )
    is_formal_notice = fields.Boolean(
        string="Formal notice",
        help="The items of this level are put in default by a letter to the debtor's registered office.",
    )
    rest_days = fields.Integer(
        string="Rest before",
        help="Days since the item's previous level, if more than the plan's rest.",
    )
    debtor_threshold = fields.Monetary(help="The level is not reached for debtors who owe less.")
    item_minimum = fields.Monetary(
        string="Minimum of the item",
        help="Before the due date: only items claimed for at least this amount are concerned.",
    )
    include_first_invoice = fields.Boolean(
        help="Before the due date: the first invoice of a customer is concerned whatever its amount.",
    )
    approval = fields.Selection(
        [
            ("automatic", "None: goes by itself"),
            ("batch", "A collector, for the whole batch"),
            ("manager", "A collection manager"),
        ],
        default="automatic",
        required=True,
    )
    send_delay = fields.Integer(
        string="Hours in the outbox",
        help="Time during which the message can be taken back before it leaves.",
    )
    channel_ids = fields.One2many("collection.level.channel", "level_id", string="Channels", copy=True)
    channel_summary = fields.Char(string="Sent by", compute="_compute_channel_summary")
    mail_template_id = fields.Many2one(
        "mail.template",
        string="E-mail",
        domain="[('model', '=', 'collection.reminder')]",
        ondelete="restrict",
    )
    letter_template_id = fields.Many2one("collection.letter.template", string="Letter", ondelete="restrict")
    attach_letter = fields.Boolean(string="Attach the letter")
    attach_invoices = fields.Boolean(string="Attach the invoices")
    attach_statement = fields.Boolean(string="Attach a statement")
    activity_type_id = fields.Many2one("mail.activity.type", ondelete="restrict")
    activity_summary = fields.Char(string="Task", translate=True)
    call_script = fields.Html(translate=True)
    claim_interest = fields.Selection(
        [("none", "Not mentioned"), ("mention", "Named"), ("amount", "Claimed, with their amount")],
        string="Late-payment Penalties",
        default="none",
        required=True,
        help="Named: the message says that penalties run. Claimed: interest and lump sums are computed and printed.",
    )
    deadline_days = fields.Integer(
        string="Deadline",
        default=15,
        help="Days after posting until the calendar date that the letter grants.",
    )

    _delays_positive = models.Constraint(
        "CHECK (rest_days >= 0 AND send_delay >= 0 AND deadline_days >= 0)",
        "Rest, hours in the outbox and deadline are numbers of days or hours: they cannot be negative.",
    )
    _thresholds_positive = models.Constraint(
        "CHECK (COALESCE(debtor_threshold, 0) >= 0 AND COALESCE(item_minimum, 0) >= 0)",
        "A threshold cannot be negative: enter 0 to chase every amount.",
    )
    # Deferrable: saved together, two levels of a plan may swap days.
    _place_unique = models.Constraint(
        "UNIQUE (plan_id, counted_from, day) DEFERRABLE",
        "Two levels of a plan cannot stand on the same day.",
    )

    @api.depends("channel_ids.channel")
    @api.depends_context("lang")
    def _compute_channel_summary(self):
        labels = dict(self.env["collection.level.channel"]._fields["channel"]._description_selection(self.env))
        for level in self:
            level.channel_summary = " + ".join(labels[line.channel] for line in level.channel_ids)

    @api.depends("name", "plan_id")
    @api.depends_context("collection_show_plan")
    def _compute_display_name(self):
        for level in self:
            level.display_name = (
                f"{level.plan_id.name} / {level.name}" if self.env.context.get("collection_show_plan") else level.name
            )

    @api.constrains("counted_from", "plan_id")
    def _check_deadline_follows_notice(self):
        for level in self.filtered(lambda level: level.counted_from == "deadline"):
            if not any(level.plan_id.level_ids.mapped("is_formal_notice")):
                raise ValidationError(
                    self.env._(
                        "The level “%s” counts from the deadline of a formal notice, but its plan has none.",
                        level.name,
                    )
                )
            if level.day < 0:
                raise ValidationError(
                    self.env._("The level “%s” would come before the deadline it counts from.", level.name)
                )

    @api.constrains("sequence", "day", "counted_from", "plan_id")
    def _check_order(self):
        if not self.env.context.get("collection_levels_together"):
            self.plan_id._check_levels_order()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_of_plan_in_use(self):
        if not self.env.context.get("collection_levels_together"):
            for plan in self.plan_id:
                plan._check_reminds_with(plan.level_ids - self)

    def _position_key(self):
        """Place of the level on the way of an invoice: what counts from the deadline comes after the rest."""
        return self.counted_from == "deadline", self.day

    @api.constrains("is_formal_notice", "day", "counted_from")
    def _check_notice_follows_due_date(self):
        for level in self.filtered("is_formal_notice"):
            if level.counted_from == "due_date" and level.day <= 0:
                raise ValidationError(
                    self.env._(
                        "The formal notice “%s” would leave before the due date: nobody is in default then. "
                        "Enter a number of days after the due date.",
                        level.name,
                    )
                )

    @api.constrains("channel_ids", "mail_template_id", "letter_template_id")
    def _check_channel_texts(self):
        for level in self:
            for line in level.channel_ids:
                for code in filter(None, (line.channel, line.fallback)):
                    self.env["collection.channel"]._get_channel(code)._check_level(level)
