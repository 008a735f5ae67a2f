from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_amount, format_date

STATES = [
    ("open", "Awaited"),
    ("kept", "Kept"),
    ("kept_late", "Kept late"),
    ("partly", "Partly kept"),
    ("broken", "Broken"),
    ("cancelled", "Cancelled"),
]
FAILED_STATES = ("partly", "broken")
# What was said: it is not changed, it is cancelled and noted anew.
TERMS = frozenset({"debtor_id", "item_ids", "amount", "currency_id", "date", "grace_days"})
# What the program finds in the ledger, or knows of the moment: nobody types it.
FOUND = frozenset(
    {
        "state",
        "noted_on",
        "noted_by_id",
        "paid_amount",
        "settled_otherwise",
        "settled_on",
        "outcome_date",
        "awaits_allocation",
        "replaced_on",
        "known_partial_id",
        "known_line_id",
        "cancelled_on",
        "cancelled_by_id",
        "cancel_reason",
        "confirmed_on",
    }
)
# A promise whose last day is longer ago is history, the plan has long gone on: it neither brings a level forward nor
# stands among what is to do.
BROKEN_DAYS = 90
# Beyond a year it is no promise any more: an agreement is made for that.
FARTHEST_DATE = timedelta(days=366)


class CollectionPromise(models.Model):
    """ "I will pay that much on that day": about some items, or of the whole account, the oldest items first.

    What becomes of it is found in the reconciliations (collection_promise_outcome), never typed. While it holds, its
    days of grace included, what it promises is not chased (collection_decision_promises).
    """

    _name = "collection.promise"
    _inherit = "collection.noted"
    _description = "Promise to Pay"
    _order = "date desc, id desc"

    debtor_id = fields.Many2one("collection.debtor", string="Customer", required=True, ondelete="restrict", index=True)
    partner_id = fields.Many2one(related="debtor_id.partner_id", string="Customer’s Company")
    company_id = fields.Many2one(related="debtor_id.company_id")
    user_id = fields.Many2one(related="debtor_id.user_id", string="Collector")
    item_ids = fields.Many2many(
        "collection.item",
        "collection_promise_item_rel",
        "promise_id",
        "item_id",
        string="Invoices",
        domain="[('debtor_id', '=', debtor_id), ('currency_id', '=', currency_id)]",
        help="None: the promise is about the whole account, the oldest items first.",
    )
    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    date = fields.Date(string="Promised for", required=True, index=True)
    grace_days = fields.Integer(
        string="Days of Grace", help="Calendar days after the date during which the promise still holds."
    )
    last_day = fields.Date(
        string="Holds until",
        compute="_compute_last_day",
        store=True,
        index=True,
        help="The date with its days of grace.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        string="By",
        ondelete="set null",
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="Who promised.",
    )
    heard_by = fields.Selection(
        [
            ("call", "Call"),
            ("email", "E-mail"),
            ("letter", "Letter"),
            ("meeting", "Meeting"),
            ("answer", "Answer to a reminder"),
        ],
        string="Heard by",
        default="call",
        required=True,
    )
    note = fields.Text()
    noted_on = fields.Date(readonly=True, required=True, copy=False)
    noted_by_id = fields.Many2one(
        "res.users", string="Noted by", readonly=True, copy=False, default=lambda self: self.env.user
    )
    confirmed_on = fields.Date(
        readonly=True, copy=False, help="Day on which a message confirmed the promise to the customer."
    )

    # What has become of it: see collection_promise_outcome
    state = fields.Selection(STATES, default="open", required=True, readonly=True, copy=False, index=True)
    paid_amount = fields.Monetary(string="Paid so far", readonly=True, copy=False)
    settled_otherwise = fields.Monetary(
        readonly=True, copy=False, help="What credit notes or write-offs took of what was promised."
    )
    missing_amount = fields.Monetary(string="Missing", compute="_compute_missing_amount")
    settled_on = fields.Date(string="Settled on", readonly=True, copy=False)
    outcome_date = fields.Date(
        string="Outcome on", readonly=True, copy=False, help="Day on which it was kept, broken or cancelled."
    )
    awaits_allocation = fields.Boolean(
        string="Payment to allocate",
        readonly=True,
        copy=False,
        help="Money of the customer waits to be reconciled: until it is, the promise is not said to be broken.",
    )
    replaced_on = fields.Date(
        readonly=True, copy=False, help="Day of the next promise about the same money, once this one was broken."
    )
    dealt_with = fields.Boolean(copy=False, help="A person has drawn the consequences of a broken promise.")
    cancelled_on = fields.Date(readonly=True, copy=False)
    cancelled_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    cancel_reason = fields.Char(string="Cancelled because", readonly=True, copy=False)
    # What the ledger held when it was noted: only what comes after keeps the promise.
    known_partial_id = fields.Integer(readonly=True, copy=False)
    known_line_id = fields.Integer(readonly=True, copy=False)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A promise is for an amount above zero.")
    _grace_days_plausible = models.Constraint(
        "CHECK (grace_days BETWEEN 0 AND 60)", "Days of grace are a number from 0 to 60."
    )

    # -- computed ------------------------------------------------------------------------------------------------------

    @api.depends("date", "grace_days")
    def _compute_last_day(self):
        for promise in self:
            promise.last_day = promise.date and promise.date + timedelta(days=promise.grace_days)

    @api.depends("amount", "paid_amount", "settled_otherwise", "state")
    def _compute_missing_amount(self):
        for promise in self:
            missing = promise.amount - promise.paid_amount - promise.settled_otherwise
            promise.missing_amount = 0 if promise.state == "cancelled" else promise.currency_id.round(missing)

    @api.depends("amount", "currency_id", "date", "debtor_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for promise in self:
            said = self.env._(
                "%(amount)s by %(date)s",
                amount=format_amount(self.env, promise.amount, promise.currency_id),
                date=format_date(self.env, promise.date),
            )
            promise.display_name = f"{promise.debtor_id.display_name} – {said}"

    @api.onchange("debtor_id")
    def _onchange_debtor(self):
        self.item_ids = self.item_ids.filtered(lambda item: item._origin.debtor_id == self.debtor_id._origin)
        self.currency_id = self.item_ids.currency_id[:1] or self.debtor_id.currency_id or self.currency_id
        if self.contact_id.commercial_partner_id != self.partner_id:
            self.contact_id = False

    @api.onchange("debtor_id", "item_ids", "currency_id")
    def _onchange_items(self):
        """Propose what is open, less what is promised already; an amount given with its invoices stands."""
        given = [ids for _command, _id, ids in self.env.context.get("default_item_ids") or ()]
        if self.env.context.get("default_amount") and set(self.item_ids._origin.ids) == set(*given):
            return
        if self.debtor_id and self.currency_id:
            self.amount = self._get_promisable(self.debtor_id._origin, self.currency_id, self.item_ids._origin)

    # -- noting --------------------------------------------------------------------------------------------------------

    @api.model
    def default_get(self, fields_list):
        """The currency of the customer, the days of grace of the company."""
        values = super().default_get(fields_list)
        debtor = self.env["collection.debtor"].browse(values.get("debtor_id"))
        company = debtor.company_id or self.env.company.root_id
        values.setdefault("currency_id", company.currency_id.id)
        # A setting of the company, whoever notes the promise.
        values.setdefault("grace_days", company.sudo().collection_promise_grace_days)
        return {name: value for name, value in values.items() if name in fields_list}

    @api.model_create_multi
    def create(self, vals_list):
        """Note promises: from that moment on, what is promised is not chased.

        Raises ValidationError where more is promised than is open, AccessError where somebody types what is found.
        """
        for vals in vals_list:
            self._check_not_typed(vals)
        last_recorded = self._get_last_recorded()
        promises = super().create([{**self._prepare_noted(vals, *last_recorded), **vals} for vals in vals_list])
        # What had been promised before may have been paid, or be broken, by now.
        promises.debtor_id._refresh_promises()
        promises._check_promisable()
        promises.debtor_id._recheck_pending_reminders()
        return promises

    def _prepare_noted(self, vals, last_partial, last_line):
        """What is known at the moment at which a promise is noted."""
        debtor = self.env["collection.debtor"].browse(vals.get("debtor_id"))
        # The settings of the company apply, whoever notes the promise.
        company = (debtor.company_id or self.env.company.root_id).sudo()
        noted = {"grace_days": company.collection_promise_grace_days}
        if "noted_on" not in vals:
            noted["noted_on"] = company._get_collection_today()
            noted["known_partial_id"], noted["known_line_id"] = last_partial, last_line
        return noted

    def write(self, vals):
        """What was said stands: only who said it, how and the note may be put right."""
        self._check_not_typed(vals)
        if TERMS & vals.keys() and not self.env.su:
            raise UserError(self.env._("A promise is not changed: cancel it, saying why, and note the new one."))
        return super().write(vals)

    def _check_not_typed(self, vals):
        if FOUND & vals.keys() and not self.env.su:
            raise AccessError(self.env._("What becomes of a promise is found in the ledger: nobody types it."))

    @api.model
    def _get_last_recorded(self):
        """The last reconciliation and the last journal item of the ledger at this moment: their numbers alone."""
        # Numbers tell nothing of the entries, whichever company they are of.
        last = [
            self.env[model].sudo().search([], order="id desc", limit=1).id
            for model in ("account.partial.reconcile", "account.move.line")
        ]
        return tuple(number or 0 for number in last)

    @api.constrains("item_ids", "debtor_id", "currency_id")
    def _check_items(self):
        for promise in self:
            if promise.item_ids.debtor_id - promise.debtor_id:
                raise ValidationError(self.env._("The invoices of a promise are those of one customer."))
            if promise.item_ids.currency_id - promise.currency_id:
                raise ValidationError(
                    self.env._("A promise is in the currency of its invoices: note one promise a currency.")
                )

    @api.constrains("date", "noted_on")
    def _check_date(self):
        for promise in self:
            if promise.date < promise.noted_on:
                raise ValidationError(self.env._("A promise is for a day to come."))
            if promise.date > promise.noted_on + FARTHEST_DATE:
                raise ValidationError(self.env._("Beyond a year, make an agreement rather than note a promise."))

    def _check_promisable(self):
        """Raise ValidationError where open promises now say more than what is open."""
        for promise in self:
            # What was entered as said in the past cannot be held against what is open today.
            if promise.noted_on < promise.company_id._get_collection_today():
                continue
            left = self._get_promisable(promise.debtor_id, promise.currency_id, promise.item_ids, besides=promise)
            if promise.currency_id.compare_amounts(promise.amount, left) > 0:
                raise ValidationError(
                    self.env._(
                        "Only %(amount)s can still be promised: the rest is not open, or is promised already. "
                        "Cancel the promise that this one replaces.",
                        amount=format_amount(self.env, left, promise.currency_id),
                    )
                )

    @api.model
    def _get_promisable(self, debtor, currency, items, besides=None):
        """What is open of the items, or of the whole account, and not promised yet."""
        lines = self._get_open_lines(debtor, currency)
        promises = self.search(
            [("debtor_id", "=", debtor.id), ("currency_id", "=", currency.id), ("state", "=", "open")]
        ) - (besides or self.browse())
        left = sum(lines.mapped("amount_residual_currency")) - sum(promises.mapped("missing_amount"))
        if items:
            sharing = promises.filtered(lambda promise: promise.item_ids & items)
            # Whose items they are has been checked; what is open of them is no secret to whoever notes a promise.
            shared = (items | sharing.item_ids).sudo().move_line_id & lines
            of_items = sum(shared.mapped("amount_residual_currency")) - sum(sharing.mapped("missing_amount"))
            own = sum((items.sudo().move_line_id & lines).mapped("amount_residual_currency"))
            left = min(left, of_items, own)
        return max(0.0, currency.round(left))

    @api.model
    def _get_open_lines(self, debtor, currency):
        """Journal items that the customer owes at this moment, in this currency."""
        decision = self.env["collection.decision"].with_context(allowed_company_ids=debtor.company_id.ids)
        # What is open does not depend on who asks.
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("account_id", "in", decision._get_perimeter_accounts().ids),
                    ("partner_id", "=", debtor.sudo().partner_id.id),
                    ("company_id", "in", debtor.company_id._get_collection_companies().ids),
                    ("currency_id", "=", currency.id),
                    ("reconciled", "=", False),
                    ("parent_state", "=", "posted"),
                    ("amount_residual_currency", ">", 0),
                ]
            )
        )

    # -- buttons -------------------------------------------------------------------------------------------------------

    @api.model
    def _action_new(self, debtor, items, **defaults):
        """Dialog that notes a promise of the debtor, on these items or on the whole account.

        ``defaults`` are values of the promise. Raises UserError where it makes no sense, in words.
        """
        debtor.ensure_one()
        if items.debtor_id - debtor:
            raise UserError(self.env._("Choose the invoices of one customer: a promise is made by one."))
        if len(items.currency_id) > 1:
            raise UserError(self.env._("These invoices are in several currencies: note one promise a currency."))
        currency = items.currency_id or debtor.currency_id
        debtor._refresh_promises()
        promisable = self._get_promisable(debtor, currency, items)
        if not promisable:
            raise UserError(self.env._("Nothing is open here that is not promised already."))
        return debtor._open_new(
            self._name,
            self.env._("Note a promise"),
            items,
            view="view_collection_promise_form_new",
            **{
                "currency_id": currency.id,
                "amount": promisable,
                "contact_id": debtor.contact_ids[:1].id,
                **defaults,
            },
        )

    def action_cancel(self):
        """Cancel promises, with the reason: a dialog asks for it."""
        if any(promise.state == "cancelled" for promise in self):
            raise UserError(self.env._("This promise is cancelled already."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the promise"),
            "res_model": "collection.promise.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_promise_ids": [(6, 0, self.ids)]},
        }

    def _cancel(self, reason):
        """Cancel the promises: what they kept back is chased again, and they count for nothing.

        Raises UserError without a reason.
        """
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the promise is cancelled."))
        for promise in self.filtered(lambda promise: promise.state != "cancelled"):
            today = promise.company_id._get_collection_today()
            # The right to work on the promise has been checked: its state is the program's to write.
            promise.sudo().write(
                {
                    "state": "cancelled",
                    "cancelled_on": today,
                    "outcome_date": today,
                    "cancelled_by_id": self.env.uid,
                    "cancel_reason": reason.strip(),
                }
            )
        # Another promise may now have what this one had received.
        self.debtor_id._refresh_promises()
        self.debtor_id._recheck_pending_reminders()

    def action_deal_with(self):
        """A person has dealt with broken promises: they leave the list of things to do."""
        self.filtered(lambda promise: promise.state in FAILED_STATES).dealt_with = True
        return True

    def action_refresh(self):
        """Find out now what has become of the promises."""
        self.check_access("read")
        self.debtor_id._refresh_promises()
        return True

    def action_open_debtor(self):
        """The customer's page."""
        self.ensure_one()
        return self.env["collection.debtor"]._open_record(self.debtor_id)
