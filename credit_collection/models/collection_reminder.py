from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ..calc.written_date import write_first_day
from .collection_delivery import WAITING_STATES

PENDING_STATES = ("proposed", "approved", "outbox")
APPROVED_STATES = ("approved", "outbox", "sent")


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
    level_id = fields.Many2one("collection.level", ondelete="restrict", index=True)
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
        values = (
            value
            if isinstance(value, (list, tuple, set)) or (hasattr(value, "__iter__") and not isinstance(value, str))
            else [value]
        )
        numbers = [text.strip().lstrip("Rr").lstrip("0") for text in values if isinstance(text, str)]
        return [("id", "in", [int(number) for number in numbers if number.isdigit()])]

    @api.depends("debtor_id.partner_id.lang", "company_id.partner_id.lang")
    def _compute_lang(self):
        for reminder in self:
            reminder.lang = reminder.debtor_id.partner_id.lang or reminder.company_id.partner_id.lang or self.env.lang

    @api.depends("line_ids.claim", "line_ids.dropped")
    def _compute_totals(self):
        # At once for all: the lines below come reminder by reminder.
        self.line_ids.item_id._origin.fetch(["currency_id"])
        for reminder in self:
            lines = reminder._get_live_lines()
            reminder.item_count = len(lines)
            company = reminder.company_id
            reminder.claim_company = sum(
                line.currency_id._convert(line.claim, company.currency_id, company, reminder.sent_date or reminder.date)
                for line in lines._get_claimed_now()
            )

    def _get_live_lines(self):
        """Lines that still claim something."""
        return self.line_ids.filtered(lambda line: not line.dropped and line.claim > 0)

    # -- approval ------------------------------------------------------------------------------------------------------

    def action_approve(self):
        """Approve the reminders; those that cannot be keep the reason.

        Raises AccessError when the level asks for a manager and the user is none.
        """
        self._check_may_approve()
        for reminder in self.filtered(lambda reminder: reminder.state == "proposed"):
            obstacle = reminder._get_approval_obstacle()
            reminder.hold_reason = obstacle
            if not obstacle:
                reminder.state = "approved"
                reminder.approved_by_id = self.env.uid
        return True

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse to make by hand a reminder that somebody else should approve."""
        reminders = super().create(vals_list)
        reminders.filtered(lambda reminder: reminder.state in APPROVED_STATES)._check_may_approve()
        return reminders

    def write(self, vals):
        """Refuse a state or a level that goes round the approval of a manager."""
        unapproved = self.filtered(lambda reminder: reminder.state not in APPROVED_STATES)
        result = super().write(vals)
        if "level_id" in vals:
            unapproved = self
        if not self.env.su and {"state", "level_id"} & vals.keys():
            unapproved.filtered(lambda reminder: reminder.state in APPROVED_STATES)._check_may_approve()
        return result

    def _check_may_approve(self):
        if any(reminder.approval == "manager" for reminder in self) and not self._is_manager():
            raise AccessError(self.env._("A collection manager approves these reminders."))

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
        accounts = (
            self.env["collection.decision"]
            .with_context(allowed_company_ids=self.company_id.ids)
            ._get_perimeter_accounts()
        )
        # The collector needs to know that money came in, not to read the bank.
        credits = (
            self.env["account.move.line"]
            .sudo()
            .search_count(
                [
                    ("account_id", "in", accounts.ids),
                    ("partner_id", "in", partners.ids),
                    ("reconciled", "=", False),
                    ("parent_state", "=", "posted"),
                    ("amount_residual_currency", "<", 0),
                    ("company_id", "in", companies.ids),
                ],
                limit=1,
            )
        )
        # As above: whether there are any, not which.
        receipts = (
            self.env["account.bank.statement.line"]
            .sudo()
            .search_count(
                [
                    ("partner_id.commercial_partner_id", "in", partners.ids),
                    ("is_reconciled", "=", False),
                    ("amount", ">", 0),
                    ("company_id", "in", companies.ids),
                ],
                limit=1,
            )
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
                raise UserError(self.env._("The reminder of %s waits for approval.", reminder.debtor_id.display_name))
        self.filtered(lambda reminder: reminder.state == "approved")._create_deliveries()
        return True

    def _create_deliveries(self):
        """Outbox rows of the reminders; those that no channel can take wait for a person, with the reason."""
        chosen, obstacles = self._choose_channels()
        now = fields.Datetime.now()
        vals_list = []
        for (company, delay), reminders in self.grouped(lambda r: (r.company_id, r.level_id.send_delay)).items():
            moment = company._get_next_sending_moment(now + timedelta(hours=delay))
            for code, group in chosen.items():
                channel = self.env["collection.channel"]._get_channel(code)
                vals_list += channel._prepare_deliveries(reminders & group, moment)
        reachable = self.browse().union(*chosen.values())
        reachable.write({"state": "outbox", "hold_reason": False})
        # Whoever sends them at the same moment waits here, and begins again to find them sent.
        reachable.flush_recordset(["state"])
        for reminder in self - reachable:
            reasons = obstacles.get(reminder) or [self.env._("The level “%s” has no channel.", reminder.level_id.name)]
            reminder.write({"state": "proposed", "approved_by_id": False, "hold_reason": " ".join(reasons)})
        return self.env["collection.delivery"].create(vals_list)

    def _choose_channels(self):
        """Channels that can reach the debtors, fallbacks included, and why the others cannot.

        Returns ({code: reminders}, {reminder: [reason]}); a set of reminders is asked of a channel at once.
        """
        chosen, obstacles = {}, {}
        for level, reminders in self.grouped("level_id").items():
            for line in level.channel_ids:
                left = reminders
                for code in filter(None, (line.channel, line.fallback)):
                    found = self.env["collection.channel"]._get_channel(code)._get_obstacles(left)
                    chosen[code] = chosen.get(code, self.browse()) | left.filtered(
                        lambda r, found=found: r not in found
                    )
                    left = left.filtered(lambda r, found=found: r in found)
                    for reminder in left:
                        obstacles.setdefault(reminder, []).append(found[reminder])
        return chosen, obstacles

    def action_take_back(self):
        """Take reminders out of the outbox, as long as nothing of them has left."""
        self.check_access("write")
        for reminder in self.filtered(lambda reminder: reminder.state == "outbox"):
            if reminder._has_left():
                raise UserError(
                    self.env._("Part of the reminder to %s has already left.", reminder.debtor_id.display_name)
                )
            # A worker that takes it at this moment makes this fail: the user then learns that it has left.
            reminder.delivery_ids._move_to("cancelled", from_states=("queued", "to_post", "failed"))
            reminder.delivery_ids.unlink()
            reminder.write({"state": "approved", "hold_reason": False})
        return True

    def action_cancel(self):
        """Cancel reminders that have not left; of those that have in part, what still waits."""
        self.check_access("write")
        self.filtered(lambda reminder: reminder.state in PENDING_STATES)._cancel(
            self.env._("Cancelled by %s.", self.env.user.name)
        )
        return True

    def _cancel(self, reason):
        """Cancel with a reason that stays in the history; the items are free to be proposed again.

        Nothing is taken back of a reminder that has left on one channel: only its other deliveries stop.
        """
        self.delivery_ids._move_to("cancelled", from_states=("queued", "to_post", "failed"), error=reason)
        left = self.filtered(lambda reminder: reminder._has_left())
        left._settle_state()
        cancelled = self - left
        cancelled._get_live_lines().write({"dropped": True, "drop_reason": reason})
        cancelled.write({"state": "cancelled", "cancel_reason": reason, "hold_reason": False})

    def action_change_level(self, level):
        """Send the reminder at another level of its plan: a person's choice, kept when it is decided again."""
        for reminder in self:
            if reminder.state not in ("proposed", "approved"):
                raise UserError(self.env._("The level of a reminder can be changed before it is sent."))
            if level.plan_id != reminder.plan_id:
                raise UserError(
                    self.env._(
                        "“%(level)s” is not a level of the plan “%(plan)s”.",
                        level=level.name,
                        plan=reminder.plan_id.name,
                    )
                )
            reminder._get_live_lines().filtered("level_id").write({"level_id": level.id})
            reminder.write(
                {
                    "level_id": level.id,
                    "level_chosen": True,
                    "state": "proposed",
                    "approved_by_id": False,
                    "hold_reason": False,
                }
            )
        return True

    # -- sent ----------------------------------------------------------------------------------------------------------

    def _record_sent(self, on=None):
        """A delivery of each reminder has left: with the first, items reach their level and the debtor rests."""
        if on:
            self._reach_levels(on)
        else:
            for company, reminders in self.grouped("company_id").items():
                reminders._reach_levels(company._get_collection_today())
        self._settle_state()

    def _reach_levels(self, today):
        # Set based, and on the program's own columns alone: this runs between two conversations, whoever hands over.
        for model in ("collection.reminder", "collection.reminder.line", "collection.item", "collection.debtor"):
            self.env[model].flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH first_sent AS (
                    UPDATE collection_reminder SET sent_date = %(today)s WHERE id IN %(ids)s AND sent_date IS NULL
                    RETURNING id, debtor_id, deadline_date, level_id
                ), reached AS (
                    UPDATE collection_item item
                       SET level_id = line.level_id, level_date = %(today)s,
                           deadline_date = CASE WHEN level.is_formal_notice THEN first_sent.deadline_date
                                                ELSE item.deadline_date END
                      FROM first_sent
                      JOIN collection_reminder_line line
                        ON line.reminder_id = first_sent.id AND line.dropped IS NOT TRUE
                      JOIN collection_level level ON level.id = line.level_id
                     WHERE item.id = line.item_id
                )
                UPDATE collection_debtor debtor SET last_reminder_date = %(today)s
                  FROM first_sent
                 -- Statements of account and thanks remind of nothing: the debtor does not rest from them.
                 WHERE debtor.id = first_sent.debtor_id AND first_sent.level_id IS NOT NULL
                """,
                today=today,
                ids=tuple(self.ids),
            )
        )
        self.invalidate_recordset(["sent_date"], flush=False)
        self.env["collection.item"].invalidate_model(["level_id", "level_date", "deadline_date"], flush=False)
        self.env["collection.debtor"].invalidate_model(["last_reminder_date"], flush=False)

    def _has_left(self):
        """Whether somebody has received it on one channel, or may have."""
        self.ensure_one()
        return bool(self.sent_date) or any(delivery._has_left() for delivery in self.delivery_ids)

    def _settle_state(self):
        """A reminder that has left on one channel, and waits on none, is sent."""
        if not self:
            return
        self.env["collection.delivery"].flush_model(["state", "reminder_id"])
        self.flush_recordset(["state", "sent_date"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_reminder reminder SET state = 'sent'
                 WHERE id IN %s AND state = 'outbox' AND sent_date IS NOT NULL
                   AND NOT EXISTS (SELECT FROM collection_delivery delivery
                                    WHERE delivery.reminder_id = reminder.id AND delivery.state IN %s)
                """,
                tuple(self.ids),
                WAITING_STATES,
            )
        )
        self.invalidate_recordset(["state"], flush=False)

    def _set_deadline(self):
        """Calendar date that the letter grants, counted from today: it is about to be posted."""
        for reminder in self:
            # A date already on paper stands, in the e-mail that goes with the letter too.
            if not reminder.level_id or reminder.sent_date or "to_post" in reminder.delivery_ids.mapped("state"):
                continue
            today = reminder.company_id._get_collection_today()
            reminder.deadline_date = today + timedelta(days=reminder.level_id.deadline_days)

    def _format_date(self, day):
        # Written out: 05/12/2026 is May for some of those who read it.
        text = format_date(self.env, day, lang_code=self.lang, date_format="d MMMM y") if day else ""
        return write_first_day(text, self.lang or self.env.lang)
