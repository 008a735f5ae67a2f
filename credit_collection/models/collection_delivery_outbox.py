import logging
from contextlib import contextmanager
from functools import partial

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

from ..channels.channel import ChannelUnavailable

_logger = logging.getLogger(__name__)

# Deliveries, so debtors, of one transaction: the fewer, the shorter they stay locked.
BATCH_SIZE = 50
# Any number of our own: advisory locks are shared by the whole database.
LOCK_CLASS = 0x0C0113C7


class CollectionDelivery(models.Model):
    """The outbox: a job that may be killed at any moment, and run by several workers at once.

    A worker holds its deliveries by session locks, which outlive commits and die with it. What it left half handed over
    is *unknown* and stands before a person; the rest still waits, and goes with the next worker.
    """

    _inherit = "collection.delivery"

    @api.model
    def _cron_process_outbox(self):
        """Hand over what is due, for the companies at work at this hour."""
        # The scheduler speaks no language: what it writes for people is in that of the company it belongs to.
        self.with_context(lang=self.env.company.partner_id.lang)._process_outbox()

    @api.model
    def _process_outbox(self, limit=None):
        """Hand over what is due in the outbox, in batches with commits between; return the number handed over."""
        retrying(self._flag_interrupted, self.env)
        channels = [code for code, _label in self._selection_channel()]
        count = tried = 0
        place = None
        while limit is None or tried < limit:
            due = self._find_due(channels, place)
            batch = due[: BATCH_SIZE if limit is None else limit - tried]
            if not batch:
                break
            # Deliveries that are held stay due: the next batch begins behind them.
            place = (batch[-1].send_after, batch[-1].id)
            tried += len(batch)
            handed_over, unavailable = batch._hand_over_batch()
            count += handed_over
            channels = [code for code in channels if code not in unavailable]
            remaining = self._count_due(channels, place)
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=remaining):
                break
        return count

    @api.model
    def _find_due(self, channels, place):
        """The next deliveries due behind ``place`` (send_after, id), in order."""
        return self.search(self._get_due_domain(channels, place), order="send_after, id", limit=BATCH_SIZE)

    @api.model
    def _count_due(self, channels, place):
        return self.search_count(self._get_due_domain(channels, place))

    @api.model
    def _get_due_domain(self, channels, place):
        domain = [
            ("state", "=", "queued"),
            ("send_after", "<=", fields.Datetime.now()),
            ("channel", "in", channels),
        ]
        if place:
            after, last_id = place
            domain += ["|", ("send_after", ">", after), "&", ("send_after", "=", after), ("id", ">", last_id)]
        return domain

    # -- one worker a delivery -----------------------------------------------------------------------------------------

    @contextmanager
    def _held(self):
        """Those of the deliveries that no other worker holds, held by this session until the end, through commits."""
        held = self._try_session_locks()
        try:
            # The worker that held them before may have moved them: only a new transaction sees it.
            self._commit()
            yield held
        finally:
            # After a failed statement no other is heard; what was worth keeping has been committed.
            self.env.cr.rollback()
            held._release_session_locks()

    def _try_session_locks(self):
        rows = self.env.execute_query(
            SQL("SELECT id FROM unnest(%s::int[]) AS id WHERE pg_try_advisory_lock(%s, id)", self.ids, LOCK_CLASS)
        )
        return self.browse(delivery_id for (delivery_id,) in rows)

    def _release_session_locks(self):
        self.env.execute_query(
            SQL("SELECT pg_advisory_unlock(%s, id) FROM unnest(%s::int[]) AS id", LOCK_CLASS, self.ids)
        )

    @api.model
    def _commit(self):
        """Keep what a conversation cannot take back, as core's own mail queue does after each message."""
        self.env.cr.commit()  # pylint: disable=invalid-commit

    @api.model
    def _flag_interrupted(self):
        """What a worker was handing over when it died: nobody knows whether it arrived."""
        interrupted = self.search([("state", "=", "handing_over")])._try_session_locks()
        if not interrupted:
            return
        try:
            interrupted._ask_providers()._record_unknown(
                self.env._("The server stopped during the sending: ask the customer or the mail server.")
            )
            self._commit()
        finally:
            self.env.cr.rollback()
            interrupted._release_session_locks()

    # -- a batch -------------------------------------------------------------------------------------------------------

    def _hand_over_batch(self, at_once=False):
        """Hand over those that may leave: (their number, codes of the channels that are out of order).

        ``at_once`` is a person's order, outside working hours too.
        """
        with self._held() as held:
            waiting = held.filtered(lambda delivery: delivery.state == "queued")
            unavailable = waiting._process_together(at_once)
            left = held.search_count([("id", "in", waiting.ids), ("state", "=", "handed_over")])
        return left, unavailable

    def _process_together(self, at_once):
        """The whole batch, else one by one, so that only the culprit is set aside; return the channels out of order."""
        try:
            return retrying(partial(self._process_batch, at_once), self.env)
        except OperationalError:
            # The database itself: nobody's fault here, everything waits.
            raise
        except Exception as error:
            self.env.cr.rollback()
            if len(self) > 1:
                return set().union(*(delivery._process_together(at_once) for delivery in self))
            _logger.exception("Delivery %s is set aside", self.id)
            retrying(partial(self._set_aside, str(error)[:500] or type(error).__name__), self.env)
            return set()

    def _process_batch(self, at_once):
        """Hand over each channel's deliveries in its way, decided again just before; return channels out of order.

        May begin again after a serialization failure: what has left is no longer queued.
        """
        unavailable = set()
        for code, deliveries in self.grouped("channel").items():
            ready = deliveries._get_ready(at_once)
            try:
                if ready:
                    self.env["collection.channel"]._get_channel(code)._process(ready)
            except ChannelUnavailable:
                unavailable.add(code)
            self._commit()
        return unavailable

    def _get_ready(self, at_once):
        """Those that may leave now for what is still owed, locked; the others are held, cancelled or put off."""
        waiting = self.try_lock_for_update().filtered(lambda delivery: delivery.state == "queued")
        if not at_once:
            waiting = waiting._wait_for_working_hours()
        waiting.reminder_id._refresh_holds()
        free = waiting.filtered(lambda delivery: not delivery.hold_reason)
        free.reminder_id._decide_again()
        return free.filtered(lambda delivery: delivery.state == "queued")

    def _wait_for_working_hours(self):
        """Those that may leave at this hour; the others wait for their company's next working moment."""
        now = fields.Datetime.now()
        at_work = self.browse()
        for company, deliveries in self.grouped("company_id").items():
            moment = company._get_next_sending_moment(now)
            if moment > now:
                deliveries._move_to("queued", from_states=("queued",), send_after=moment)
            else:
                at_work += deliveries
        return at_work
