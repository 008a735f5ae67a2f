import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Debtors of one transaction: the fewer, the shorter their deliveries stay locked.
BATCH_SIZE = 50
MAXIMUM_ATTEMPTS = 5


class CollectionDelivery(models.Model):
    """A reminder on one channel: the outbox row, its proof and its outcome."""

    _name = "collection.delivery"
    _description = "Delivery"
    _order = "send_after, id"
    _rec_name = "reminder_id"

    reminder_id = fields.Many2one("collection.reminder", required=True, ondelete="cascade", index=True, readonly=True)
    debtor_id = fields.Many2one("collection.debtor", required=True, ondelete="restrict", index=True, readonly=True)
    company_id = fields.Many2one(related="debtor_id.company_id")
    user_id = fields.Many2one(related="debtor_id.user_id", string="Collector")
    level_id = fields.Many2one(related="reminder_id.level_id")
    channel = fields.Selection(selection="_selection_channel", required=True, readonly=True)
    recipients = fields.Char(required=True, readonly=True)
    recipient_ids = fields.Many2many("res.partner", string="Recipient Contacts", readonly=True)
    copy_recipient_ids = fields.Many2many(
        "res.partner", "collection_delivery_copy_rel", string="In Copy", readonly=True
    )
    state = fields.Selection(
        [
            ("queued", "In the outbox"),
            ("to_post", "To be posted"),
            ("handing_over", "Being handed over"),
            ("handed_over", "Handed over"),
            ("unknown", "Unknown: check"),
            ("failed", "Failed"),
            ("bounced", "Came back"),
            ("cancelled", "Cancelled"),
        ],
        default="queued",
        required=True,
        readonly=True,
        index=True,
    )
    send_after = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    attempt_count = fields.Integer(string="Attempts", readonly=True)
    error = fields.Char(string="What happened", readonly=True)
    handed_over_at = fields.Datetime(readonly=True)
    mail_message_id = fields.Many2one("mail.message", ondelete="set null", index="btree_not_null", readonly=True)
    attachment_id = fields.Many2one("ir.attachment", string="Letter", ondelete="restrict", readonly=True)
    tracking_number = fields.Char()
    dealt_with = fields.Boolean(help="A person has drawn the consequences of a delivery that failed or came back.")

    _reminder_channel_unique = models.UniqueIndex(
        "(reminder_id, channel, recipients)", "This reminder already goes to these recipients by this channel."
    )
    _due_idx = models.Index("(send_after) WHERE state = 'queued'")

    @api.model
    def _selection_channel(self):
        return self.env["collection.channel"]._selection_channel()

    # -- states --------------------------------------------------------------------------------------------------------

    def _move_to(self, state, from_states, **values):
        """Move the deliveries that are in one of ``from_states``; return those moved. The only way to change state."""
        moving = self.filtered(lambda delivery: delivery.state in from_states)
        moving.write({**values, "state": state})
        return moving

    def _has_left(self):
        self.ensure_one()
        return self.state in ("handing_over", "handed_over", "unknown", "bounced")

    def _get_channel(self):
        self.ensure_one()
        return self.env["collection.channel"]._get_channel(self.channel)

    # -- outbox --------------------------------------------------------------------------------------------------------

    @api.model
    def _process_outbox(self, limit=None):
        """Hand over what is due in the outbox, in batches with commits between; return the number handed over.

        Safe to kill at any moment: what was being handed over is then *unknown* and shown to a person.
        """
        self._flag_interrupted()
        count = tried = 0
        seen = set()
        while limit is None or tried < limit:
            batch = self._take_batch(min(BATCH_SIZE, (limit or tried + BATCH_SIZE) - tried), seen)
            if not batch:
                break
            seen.update(batch.ids)
            tried += len(batch)
            count += batch._process_batch()
            remaining = self.search_count(self._get_due_domain())
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=remaining):
                break
        return count

    @api.model
    def _get_due_domain(self):
        return [
            ("state", "=", "queued"),
            ("send_after", "<=", fields.Datetime.now()),
            ("channel", "in", [code for code, _label in self._selection_channel()]),
        ]

    @api.model
    def _take_batch(self, size, seen):
        """Deliveries due that no other worker holds, locked."""
        due = self.search([*self._get_due_domain(), ("id", "not in", list(seen))], limit=size)
        return due.try_lock_for_update()

    @api.model
    def _flag_interrupted(self):
        """What a worker was handing over when it died: nobody knows whether it arrived."""
        # A living worker holds the row's advisory lock through its conversation; a dead one does not.
        interrupted = self.search([("state", "=", "handing_over")]).filtered(
            lambda delivery: delivery._try_conversation_lock()
        )
        interrupted._move_to(
            "unknown",
            from_states=("handing_over",),
            error=self.env._("The server stopped during the sending: ask the customer or the mail server."),
        )
        for delivery in interrupted:
            delivery._release_conversation_lock()
            delivery._ask_person(self.env._("Find out whether this reminder arrived"))
        if interrupted:
            self.env["ir.cron"]._commit_progress()

    def _try_conversation_lock(self):
        """Session lock that outlives commits and dies with the worker; whether this session has it now."""
        self.ensure_one()
        return self.env.execute_query(SQL("SELECT pg_try_advisory_lock(%s, %s)", LOCK_CLASS, self.id))[0][0]

    def _release_conversation_lock(self):
        self.ensure_one()
        self.env.execute_query(SQL("SELECT pg_advisory_unlock(%s, %s)", LOCK_CLASS, self.id))

    def _process_batch(self):
        """Decide again, hold, cancel or hand over the deliveries of a batch; return the number handed over."""
        reminders = self.reminder_id
        reminders._decide_again()
        ready = self.filtered(lambda delivery: delivery.state == "queued")
        for reminder in ready.reminder_id:
            reminder.hold_reason = reminder._get_send_hold()
        ready = ready.filtered(lambda delivery: not delivery.reminder_id.hold_reason)
        count = 0
        for code, deliveries in ready.grouped("channel").items():
            count += self.env["collection.channel"]._get_channel(code)._process(deliveries)
        return count

    def _record_handed_over(self, **proof):
        """The irreversible step is done: keep its proof, and let the items reach their level."""
        for delivery in self:
            delivery._move_to(
                "handed_over",
                from_states=("queued", "to_post", "handing_over", "unknown"),
                handed_over_at=fields.Datetime.now(),
                error=False,
                **proof,
            )
            delivery.reminder_id._record_sent()

    def _record_failure(self, reason, retry_after=None):
        """The message surely did not leave: try again later, use the fallback, or ask a person."""
        self.ensure_one()
        attempts = self.attempt_count + 1
        if retry_after and attempts < MAXIMUM_ATTEMPTS:
            self._move_to(
                "queued",
                from_states=("queued", "handing_over"),
                attempt_count=attempts,
                error=reason,
                send_after=fields.Datetime.now() + retry_after,
            )
            return
        self._move_to("failed", from_states=("queued", "handing_over"), attempt_count=attempts, error=reason)
        self._use_fallback_or_ask(reason)

    def _record_bounce(self, reason):
        """The message came back: the customer has not read it, a person learns it, the fallback takes over."""
        for delivery in self:
            moved = delivery._move_to(
                "bounced", from_states=("handing_over", "handed_over", "unknown"), error=reason[:500]
            )
            if moved:
                delivery._use_fallback_or_ask(delivery.error)

    def _use_fallback_or_ask(self, reason):
        self.ensure_one()
        self._ask_person(self.env._("Find another address: %s", reason[:120]))
        level_channel = self.level_id.channel_ids.filtered(lambda line: line.channel == self.channel)[:1]
        fallback = level_channel.fallback
        if not fallback:
            return
        channel = self.env["collection.channel"]._get_channel(fallback)
        taken = self.reminder_id.delivery_ids.filtered(lambda delivery: delivery.channel == fallback)
        if not taken and not channel._obstacle(self.reminder_id):
            moment = self.company_id._get_next_sending_moment(fields.Datetime.now())
            self.create(channel._prepare_delivery(self.reminder_id, send_after=moment))
            if self.reminder_id.state == "sent":
                self.reminder_id.state = "outbox"

    def _ask_person(self, summary):
        """Put the delivery before the debtor's collector, as something to do."""
        self.ensure_one()
        self.debtor_id.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            user_id=self.user_id.id or self.env.uid,
        )

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_send_now(self):
        """Hand over at once, without waiting for the scheduler."""
        for delivery in self:
            if delivery.state != "queued":
                raise UserError(self.env._("This delivery no longer waits in the outbox."))
        self.write({"send_after": fields.Datetime.now() - timedelta(seconds=1)})
        self.try_lock_for_update()._process_batch()
        return True

    def action_take_back(self):
        """Take the whole reminders out of the outbox."""
        return self.reminder_id.action_take_back()

    def action_mark_arrived(self):
        """A person found that an unknown delivery arrived."""
        for delivery in self.filtered(lambda delivery: delivery.state == "unknown"):
            delivery._record_handed_over()
        return True

    def action_mark_not_arrived(self):
        """A person found that an unknown or failed delivery did not arrive: it goes again."""
        self._move_to(
            "queued",
            from_states=("unknown", "failed"),
            error=False,
            attempt_count=0,
            send_after=fields.Datetime.now(),
        )
        return True

    def action_deal_with(self):
        """A person has dealt with deliveries that failed or came back: they leave the list of things to do."""
        self.filtered(lambda delivery: delivery.state in ("failed", "bounced")).dealt_with = True
        return True

    def action_print(self):
        """One PDF of the letters, in postal order."""
        return self.env["collection.channel"]._get_channel("letter")._print(self)

    def action_mark_posted(self):
        """The letters are in the post. Those whose amounts changed since printing come back to be printed again."""
        letters = self.filtered(lambda delivery: delivery.state == "to_post")
        return self.env["collection.channel"]._get_channel("letter")._post(letters)

    @api.model
    def _cron_process_outbox(self):
        """Hand over, for the companies at work at this hour."""
        self._process_outbox()


# Any number of our own: advisory locks are shared by the whole database.
LOCK_CLASS = 0x0C0113C7
