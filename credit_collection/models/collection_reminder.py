from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

# Working days during which an unread answer freezes what goes by itself.
UNREAD_ANSWER_DAYS = 5

PENDING_STATES = ("proposed", "approved", "outbox")


class CollectionReminder(models.Model):
    """One communication to one debtor with the items it claims; amounts are frozen when it is sent."""

    _name = "collection.reminder"
    _description = "Reminder"
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "name"

    name = fields.Char(string="Reference", compute="_compute_name", search="_search_name")
    run_id = fields.Many2one("collection.run", ondelete="restrict", index=True, readonly=True)
    debtor_id = fields.Many2one("collection.debtor", required=True, ondelete="restrict", index=True, readonly=True)
    level_id = fields.Many2one("collection.level", required=True, ondelete="restrict", index=True)
    group_level_id = fields.Integer(readonly=True, help="Set where the plan makes one reminder per level.")
    date = fields.Date(string="Planned on", required=True, readonly=True, index=True)
    state = fields.Selection(
        [
            ("proposed", "To approve"),
            ("approved", "To send"),
            ("outbox", "In the outbox"),
            ("sent", "Sent"),
            ("cancelled", "Cancelled"),
        ],
        default="proposed",
        required=True,
        readonly=True,
        index=True,
    )
    level_chosen = fields.Boolean(readonly=True, help="A person chose the level.")
    approved_by_id = fields.Integer(readonly=True)
    sent_date = fields.Date(readonly=True)
    deadline_date = fields.Date(readonly=True)
    hold_reason = fields.Char(string="Held", readonly=True)
    cancel_reason = fields.Char(string="Cancelled because", readonly=True)
    line_ids = fields.One2many("collection.reminder.line", "reminder_id")
    delivery_ids = fields.One2many("collection.delivery", "reminder_id")

    company_id = fields.Many2one(related="debtor_id.company_id")
    partner_id = fields.Many2one(related="debtor_id.partner_id")
    user_id = fields.Many2one(related="debtor_id.user_id", string="Collector")
    plan_id = fields.Many2one(related="level_id.plan_id")
    approval = fields.Selection(related="level_id.approval")
    is_formal_notice = fields.Boolean(related="level_id.is_formal_notice")
    lang = fields.Char(compute="_compute_lang")
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    item_count = fields.Integer(compute="_compute_totals")
    claim_company = fields.Monetary(
        string="Claimed", compute="_compute_totals", currency_field="company_currency_id", help="At today's rates."
    )

    _pending_idx = models.Index("(debtor_id) WHERE state IN ('proposed', 'approved', 'outbox')")
    _debtor_sent_idx = models.Index("(debtor_id, sent_date)")

    def _compute_name(self):
        for reminder in self:
            reminder.name = f"R{reminder.id:07d}" if reminder.id else "/"

    def _search_name(self, operator, value):
        if operator not in ("ilike", "=", "in", "=ilike"):
            return NotImplemented
        values = value if isinstance(value, (list, tuple, set)) or hasattr(value, "__iter__") and not isinstance(value, str) else [value]
        numbers = [text.strip().lstrip("Rr").lstrip("0") for text in values if isinstance(text, str)]
        return [("id", "in", [int(number) for number in numbers if number.isdigit()])]

    @api.depends("debtor_id.partner_id.lang", "company_id.partner_id.lang")
    def _compute_lang(self):
        for reminder in self:
            reminder.lang = reminder.debtor_id.partner_id.lang or reminder.company_id.partner_id.lang or self.env.lang

    @api.depends("line_ids.claim", "line_ids.dropped")
    def _compute_totals(self):
        for reminder in self:
            lines = reminder._get_live_lines()
            reminder.item_count = len(lines)
            company = reminder.company_id
            reminder.claim_company = sum(
                line.currency_id._convert(line.claim, company.currency_id, company, reminder.sent_date or reminder.date)
                for line in lines._get_claimed_now()
            )

    def _get_live_lines(self):
        """Lines that still stand."""
        return self.line_ids.filtered(lambda line: not line.dropped)

    # -- approval ------------------------------------------------------------------------------------------------------

    def action_approve(self):
        """Approve the reminders; those that cannot be keep the reason.

        Raises AccessError when the level asks for a manager and the user is none.
        """
        if any(reminder.approval == "manager" for reminder in self) and not self._is_manager():
            raise AccessError(self.env._("A collection manager approves these reminders."))
        for reminder in self.filtered(lambda reminder: reminder.state == "proposed"):
            obstacle = reminder._get_approval_obstacle()
            reminder.hold_reason = obstacle
            if not obstacle:
                reminder.state = "approved"
                reminder.approved_by_id = self.env.uid
        return True

    def _is_manager(self):
        return self.env.su or self.env.user.has_group("credit_collection.group_collection_manager")

    def _get_approval_obstacle(self):
        """Why the reminder may not be approved, in words; None if it may."""
        self.ensure_one()
        if not self.is_formal_notice:
            return None
        return self.company_id._get_bank_hold() or self._get_unreconciled_money_obstacle()

    def _get_unreconciled_money_obstacle(self):
        """A formal notice waits while the debtor or its payer has any money that nobody allocated."""
        partners = self.debtor_id.partner_id | self.debtor_id.payer_id.commercial_partner_id
        companies = self.company_id._get_collection_companies()
        accounts = self.env["collection.decision"].with_context(
            allowed_company_ids=self.company_id.ids
        )._get_perimeter_accounts()
        # The collector needs to know that money came in, not to read the bank.
        credits = self.env["account.move.line"].sudo().search_count(
            [
                ("account_id", "in", accounts.ids), ("partner_id", "in", partners.ids), ("reconciled", "=", False),
                ("parent_state", "=", "posted"), ("amount_residual_currency", "<", 0),
                ("company_id", "in", companies.ids),
            ],
            limit=1,
        )
        receipts = self.env["account.bank.statement.line"].sudo().search_count(
            [
                ("partner_id.commercial_partner_id", "in", partners.ids), ("is_reconciled", "=", False),
                ("amount", ">", 0), ("company_id", "in", companies.ids),
            ],
            limit=1,
        )
        if not credits and not receipts:
            return None
        return self.env._(
            "%s has money that is not allocated: reconcile it before a formal notice.",
            " / ".join(partners.mapped("display_name")),
        )

    def action_unapprove(self):
        """Put approved reminders back to be approved."""
        for reminder in self.filtered(lambda reminder: reminder.state == "approved"):
            reminder.write({"state": "proposed", "approved_by_id": False})
        return True

    # -- sending -------------------------------------------------------------------------------------------------------

    def action_send(self):
        """Put approved reminders into the outbox, one delivery for each of their channels."""
        for reminder in self:
            if reminder.state == "proposed":
                raise UserError(
                    self.env._("The reminder of %s waits for approval.", reminder.debtor_id.display_name)
                )
        self.filtered(lambda reminder: reminder.state == "approved")._create_deliveries()
        return True

    def _create_deliveries(self):
        Channel = self.env["collection.channel"]
        vals_list = []
        moment_of = {}
        for reminder in self:
            key = (reminder.company_id, reminder.level_id.send_delay)
            if key not in moment_of:
                moment_of[key] = reminder.company_id._get_next_sending_moment(
                    fields.Datetime.now() + timedelta(hours=key[1])
                )
            chosen, obstacles = reminder._choose_channels()
            if not chosen:
                reminder.write({"state": "proposed", "hold_reason": " ".join(obstacles)})
                continue
            reminder.write({"state": "outbox", "hold_reason": " ".join(obstacles) or False})
            vals_list += [
                Channel._get_channel(code)._prepare_delivery(reminder, send_after=moment_of[key]) for code in chosen
            ]
        return self.env["collection.delivery"].create(vals_list)

    def _choose_channels(self):
        """Codes of the channels that can reach the debtor, fallbacks included, and why the others cannot."""
        chosen, obstacles = [], []
        for line in self.level_id.channel_ids:
            for code in filter(None, (line.channel, line.fallback)):
                obstacle = self.env["collection.channel"]._get_channel(code)._obstacle(self)
                if not obstacle:
                    if code not in chosen:
                        chosen.append(code)
                    break
                obstacles.append(obstacle)
        return chosen, obstacles

    def action_take_back(self):
        """Take reminders out of the outbox, as long as nothing of them has left."""
        for reminder in self.filtered(lambda reminder: reminder.state == "outbox"):
            if reminder.delivery_ids.filtered(lambda delivery: delivery._has_left()):
                raise UserError(
                    self.env._("Part of the reminder to %s has already left.", reminder.debtor_id.display_name)
                )
            reminder.delivery_ids._move_to("cancelled", from_states=("queued", "to_post", "failed"))
            reminder.delivery_ids.unlink()
            reminder.state = "approved"
        return True

    def action_cancel(self):
        """Cancel reminders that have not left."""
        self.filtered(lambda reminder: reminder.state in PENDING_STATES)._cancel(
            self.env._("Cancelled by %s.", self.env.user.name)
        )
        return True

    def _cancel(self, reason):
        """Cancel with a reason that stays in the history; the items are free to be proposed again."""
        for reminder in self:
            reminder.delivery_ids._move_to("cancelled", from_states=("queued", "to_post", "failed"), error=reason)
            reminder._get_live_lines().write({"dropped": True, "drop_reason": reason})
            reminder.write({"state": "cancelled", "cancel_reason": reason})

    def action_change_level(self, level):
        """Send the reminder at another level of its plan: a person's choice, kept when it is decided again."""
        for reminder in self:
            if reminder.state not in ("proposed", "approved"):
                raise UserError(self.env._("The level of a reminder can be changed before it is sent."))
            reminder._get_live_lines().filtered("level_id").write({"level_id": level.id})
            reminder.write({"level_id": level.id, "level_chosen": True, "state": "proposed", "hold_reason": False})
        return True

    # -- deciding again ------------------------------------------------------------------------------------------------

    def _decide_again(self):
        """Hold the reminders against the ledger of this very moment.

        What is still owed is updated, what is not is dropped with its reason, and a reminder that lost all the items
        of its level is cancelled. Reminders already sent only report: nothing of theirs changes.
        """
        reminders = self.filtered(lambda reminder: reminder.state in PENDING_STATES)
        if not reminders:
            return
        decisions = self._get_decisions_now()
        for reminder in reminders:
            frozen = bool(reminder.sent_date)
            for line in reminder._get_live_lines():
                decision = decisions.get(line.item_id.move_line_id.id)
                reason = line._get_drop_reason(decision, already_sent=frozen)
                if reason:
                    line.write({"dropped": True, "drop_reason": reason})
                elif (line.claim, line.residual) != (decision.claim, decision.residual):
                    line.write({"claim": decision.claim, "residual": decision.residual})
            if not any(line.level_id == reminder.level_id for line in reminder._get_live_lines()):
                reasons = set(reminder.line_ids.filtered("level_id").mapped("drop_reason")) - {False}
                reminder._cancel(" ".join(sorted(reasons)) or self.env._("Nothing is left to claim."))

    @api.model
    def _leave_out_strayed(self, items):
        """Reminders that have not left drop the items that now belong to another debtor."""
        lines = self.env["collection.reminder.line"].search([
            ("item_id", "in", items.ids), ("dropped", "=", False), ("reminder_id.state", "in", PENDING_STATES),
        ])
        for line in lines.filtered(lambda line: line.reminder_id.debtor_id != line.item_id.debtor_id):
            line.write({
                "dropped": True,
                "drop_reason": self.env._(
                    "%(invoice)s now belongs to %(debtor)s.", invoice=line.name, debtor=line.item_id.debtor_id.display_name
                ),
            })
        for reminder in lines.reminder_id:
            if not any(line.level_id == reminder.level_id for line in reminder._get_live_lines()):
                reminder._cancel(self.env._("Its items now belong to another customer."))

    def _get_decisions_now(self):
        """Live decisions about the debtors' items, by journal item."""
        decisions = {}
        for company, reminders in self.grouped("company_id").items():
            Decision = self.env["collection.decision"].with_context(
                allowed_company_ids=company.ids,
                collection_date=company._get_collection_today(),
                collection_debtor_ids=reminders.debtor_id.ids,
            )
            Decision._flush_for_decision()
            Decision.invalidate_model()
            rows = Decision.search_fetch([("debtor_id", "in", reminders.debtor_id.ids)], DECISION_FIELDS)
            decisions |= {row.id: row for row in rows}
        return decisions

    def _get_send_hold(self):
        """Why a reminder in the outbox may not leave now, in words; None if it may."""
        self.ensure_one()
        if self.is_formal_notice and (obstacle := self._get_approval_obstacle()):
            return obstacle
        if not self.approved_by_id and (hold := self.company_id._get_bank_hold()):
            return hold
        unread_since = self.debtor_id.unread_since
        if unread_since:
            calendar = self.company_id._get_working_calendar()
            if self.company_id._get_collection_today() <= calendar.add_working_days(unread_since, UNREAD_ANSWER_DAYS):
                return self.env._("An answer of the customer waits to be read.")
        return None

    def _record_sent(self):
        """The first delivery of the reminder has left: its items have reached their level, its debtor rests."""
        self.ensure_one()
        if not self.sent_date:
            today = self.company_id._get_collection_today()
            self.sent_date = today
            for line in self._get_live_lines().filtered("level_id"):
                line.item_id.write({
                    "level_id": line.level_id.id,
                    "level_date": today,
                    "deadline_date": self.deadline_date if line.level_id.is_formal_notice else line.item_id.deadline_date,
                })
            # Figures and position of the debtor are the program's own, whoever hands the message over.
            self.debtor_id.sudo().last_reminder_date = today
        if not self.delivery_ids.filtered(lambda delivery: delivery.state in ("queued", "to_post", "handing_over")):
            self.state = "sent"

    def _set_deadline(self):
        """Calendar date that the letter grants, counted from today: it is about to be posted."""
        for reminder in self.filtered(lambda reminder: not reminder.sent_date):
            today = reminder.company_id._get_collection_today()
            reminder.deadline_date = today + timedelta(days=reminder.level_id.deadline_days)

    def _format_date(self, day):
        # Written out: 05/12/2026 is May for some of those who read it.
        return format_date(self.env, day, lang_code=self.lang, date_format="d MMMM y") if day else ""


DECISION_FIELDS = ["decision", "claim", "residual", "level_id", "position_level_id", "move_line_id", "days_late"]
