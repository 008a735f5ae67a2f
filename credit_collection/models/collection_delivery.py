from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

MAXIMUM_ATTEMPTS = 5
# States of a delivery that may have reached somebody.
LEFT_STATES = ("handing_over", "handed_over", "unknown", "bounced")
# States of a delivery that still has to leave.
WAITING_STATES = ("queued", "to_post", "handing_over")


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
    hold_reason = fields.Char(related="reminder_id.hold_reason")
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
            ("cancelled", "Taken back"),
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
    printed_claims = fields.Json(readonly=True, help="What the letter on the pile says is owed, by line.")
    tracking_number = fields.Char()
    dealt_with = fields.Boolean(help="A person has drawn the consequences of a delivery that failed or came back.")

    _reminder_channel_unique = models.UniqueIndex(
        "(reminder_id, channel, recipients)", "This reminder already goes to these recipients by this channel."
    )
    _due_idx = models.Index("(send_after, id) WHERE state = 'queued'")

    @api.model
    def _selection_channel(self):
        return self.env["collection.channel"]._selection_channel()

    def _get_channel(self):
        self.ensure_one()
        return self.env["collection.channel"]._get_channel(self.channel)

    # -- states --------------------------------------------------------------------------------------------------------

    def _move_to(self, state, from_states, **values):
        """Move the deliveries that are in one of ``from_states``; return those moved. The only way to change state.

        One statement tells who moves: of two workers, or a worker and a person, only one does.
        """
        if not self:
            return self
        self.flush_recordset()
        columns = {"state": state, "write_uid": self.env.uid, "write_date": fields.Datetime.now(), **values}
        columns = {name: None if value is False else value for name, value in columns.items()}
        moved = self.env.execute_query(
            SQL(
                "UPDATE collection_delivery SET %s WHERE id IN %s AND state IN %s RETURNING id",
                SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in columns.items()),
                tuple(self.ids),
                tuple(from_states),
            )
        )
        moving = self.browse(delivery_id for (delivery_id,) in moved)
        moving.invalidate_recordset()
        moving.modified(columns)
        return moving

    def _has_left(self):
        self.ensure_one()
        return self.state in LEFT_STATES

    # -- outcomes ------------------------------------------------------------------------------------------------------

    def _record_handed_over(self, reminders=None, on=None, **proof):
        """The irreversible step is done: keep its proof, and let the items reach their level.

        ``reminders`` and the day, where they are known: between two conversations nothing else need be read.
        """
        moved = self._move_to(
            "handed_over",
            from_states=("queued", "to_post", "handing_over", "unknown"),
            handed_over_at=fields.Datetime.now(),
            **{"error": None, **proof},
        )
        if moved:
            (reminders or moved.reminder_id)._record_sent(on)
        return moved

    def _record_failure(self, reason, retry_after=None):
        """The message surely did not reach its recipient: try again later, else use the fallback and ask a person."""
        self.ensure_one()
        attempts = self.attempt_count + 1
        if retry_after and attempts < MAXIMUM_ATTEMPTS:
            self._postpone(reason, retry_after, attempt_count=attempts)
        elif self._set_aside(reason, attempt_count=attempts):
            self._use_fallback()

    def _postpone(self, reason, delay, **values):
        """Nothing left, and it is not the recipient's fault or not for good: it goes by itself later."""
        for company, deliveries in self.grouped("company_id").items():
            deliveries._move_to(
                "queued",
                from_states=("queued", "handing_over"),
                error=reason,
                send_after=company._get_next_sending_moment(fields.Datetime.now() + delay),
                **values,
            )

    def _set_aside(self, reason, **values):
        """The delivery fails with its reason and stands before a person; the others go on."""
        failed = self._move_to("failed", from_states=("queued", "to_post", "handing_over"), error=reason, **values)
        for delivery in failed:
            delivery._ask_person(self.env._("Reminder not delivered: %s", reason))
        failed.reminder_id._settle_state()
        return failed

    def _record_unknown(self, reason, **proof):
        """Nobody can tell whether the message arrived: it never goes again by itself, a person finds out."""
        unknown = self._move_to("unknown", from_states=("handing_over",), error=reason, **proof)
        for delivery in unknown:
            delivery._ask_person(self.env._("Find out whether this reminder arrived: %s", delivery.recipients))
        unknown.reminder_id._settle_state()
        return unknown

    def _record_bounce(self, address, reason):
        """The message came back from ``address``: a person learns it, and the fallback takes over if nobody got it."""
        for delivery in self.filtered(lambda delivery: delivery.state in ("handing_over", "handed_over", "unknown")):
            words = self.env._(
                "Came back from %(address)s: %(reason)s", address=address or delivery.recipients, reason=reason
            )[:500]
            delivery._ask_person(self.env._("Find another address: %s", address or delivery.recipients))
            if delivery._has_reached_others(address):
                delivery.error = words
                continue
            delivery._move_to("bounced", from_states=("handing_over", "handed_over", "unknown"), error=words)
            # It did leave: the items have reached their level, whether or not somebody reads it.
            delivery.reminder_id._record_sent()
            delivery._use_fallback()

    def _has_reached_others(self, address):
        """Whether the message went to somebody else, from whom it has not come back."""
        others = self.recipient_ids.filtered(lambda partner: partner.email_normalized != address)
        return bool(others.filtered(lambda partner: not partner.message_bounce))

    def _use_fallback(self):
        """Let the fallback channel of the level take over, unless the reminder already goes that way."""
        self.ensure_one()
        reminder = self.reminder_id
        fallback = self.level_id.channel_ids.filtered(lambda line: line.channel == self.channel)[:1].fallback
        if not fallback or reminder.state == "cancelled" or fallback in reminder.delivery_ids.mapped("channel"):
            return
        channel = self.env["collection.channel"]._get_channel(fallback)
        if channel._get_obstacles(reminder):
            return
        moment = self.company_id._get_next_sending_moment(fields.Datetime.now())
        self.create(channel._prepare_deliveries(reminder, moment))
        reminder.state = "outbox"

    # -- what it says --------------------------------------------------------------------------------------------------

    def _get_claims(self):
        """What the reminder says is owed by now, to tell whether a message made earlier still does: {line: amounts}."""
        self.ensure_one()
        return {str(line.id): [line.claim, line.residual] for line in self.reminder_id._get_live_lines()}

    def _drop_letter(self):
        """Throw away a letter that was made and not posted."""
        letter = self.attachment_id
        self.attachment_id = False
        # The program's own file, on the debtor's page.
        letter.sudo().unlink()

    # -- before a person -----------------------------------------------------------------------------------------------

    def _ask_person(self, summary):
        """Put the delivery before the debtor's person, as something to do."""
        self.ensure_one()
        person = self._get_person()
        # Whoever or whatever met the trouble, the activity is the program's own.
        self.debtor_id.sudo().with_context(lang=person.lang).activity_schedule(
            "mail.mail_activity_data_todo", summary=summary[:250], note=self.error, user_id=person.id
        )

    def _get_person(self):
        """Who looks after the debtor: its collector, else its salesperson, else a collection manager of the company."""
        self.ensure_one()
        candidates = self.user_id | self.debtor_id.partner_id.user_id
        if not any(user.active and not user.share for user in candidates):
            # Whom to ask does not depend on who may read users.
            managers = self.env.ref("credit_collection.group_collection_manager").sudo().all_user_ids
            candidates = managers.filtered(lambda user: self.company_id in user.company_ids).sorted("id")
        return candidates.filtered(lambda user: user.active and not user.share)[:1] or self.env.user

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_send_now(self):
        """Hand over at once, outside working hours too; what is held stays, and the user is told why."""
        self.check_access("write")
        if any(delivery.state != "queued" for delivery in self):
            raise UserError(self.env._("This delivery no longer waits in the outbox."))
        self._hand_over_batch(at_once=True)
        held = self.filtered(lambda delivery: delivery.state == "queued" and (delivery.hold_reason or delivery.error))
        if not held:
            return True
        reasons = dict.fromkeys(delivery.hold_reason or delivery.error for delivery in held)
        return self._notify(self.env._("Not sent yet"), " ".join(reasons))

    @api.model
    def _notify(self, title, message):
        """Action that shows a message until the user closes it, and the page as it has become."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "sticky": True,
                "title": title,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_take_back(self):
        """Take the whole reminders out of the outbox."""
        return self.reminder_id.action_take_back()

    def action_mark_arrived(self):
        """A person found that an unknown delivery arrived."""
        self.check_access("write")
        unknown = self.filtered(lambda delivery: delivery.state == "unknown")
        unknown._record_handed_over(error=self.env._("%s found that it arrived.", self.env.user.name))
        return True

    def action_mark_not_arrived(self):
        """A person found that the deliveries did not arrive: they go again, to the addresses known by now."""
        self.check_access("write")
        for delivery in self:
            if delivery.reminder_id.state == "cancelled":
                raise UserError(
                    self.env._("The reminder to %s was cancelled: it cannot go again.", delivery.debtor_id.display_name)
                )
        again = self._move_to(
            "queued",
            from_states=("unknown", "failed", "bounced"),
            error=self.env._("%s found that it did not arrive.", self.env.user.name),
            attempt_count=0,
            send_after=fields.Datetime.now(),
        )
        again.reminder_id.state = "outbox"
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
        self.check_access("write")
        letters = self.filtered(lambda delivery: delivery.state == "to_post")
        return self.env["collection.channel"]._get_channel("letter")._post(letters)
