import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..channels.registered_provider import ProviderRefused, ProviderUnavailable, Stage
from .collection_delivery_registered import ENDED_STATES

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50
ASK_EVERY = timedelta(hours=6)
# After so many days the post tells nothing new: receipts that never came are looked for by a person.
FOLLOWED_DAYS = 60


class CollectionDelivery(models.Model):
    """Registered letters in the hands of a provider: what it tells of them, and the proofs it gives."""

    _inherit = "collection.delivery"

    provider = fields.Char(string="Posted by", readonly=True, help="Code of the provider of registered letters.")
    provider_reference = fields.Char(string="Reference at the provider", readonly=True)
    provider_error = fields.Char(string="Provider's answer", readonly=True)
    next_ask_at = fields.Datetime(string="Asked again at", readonly=True)

    _next_ask_idx = models.Index("(next_ask_at) WHERE next_ask_at IS NOT NULL")

    def _get_proof_fields(self):
        return super()._get_proof_fields() | {"provider", "provider_reference", "provider_error", "next_ask_at"}

    def _prepare_new_letter(self):
        return {
            **super()._prepare_new_letter(),
            "provider": False,
            "provider_reference": False,
            "provider_error": False,
            "next_ask_at": False,
        }

    def _get_provider(self):
        self.ensure_one()
        return self.env["collection.registered.provider"]._get_provider(self.provider)

    def _record_handed_to_provider(self):
        """The provider has the letter: it has left; say so on the timeline, and follow it."""
        moved = self._record_handed_over()
        moved._date_letters()
        for delivery in moved:
            delivery._write_deposit({"next_ask_at": fields.Datetime.now() + ASK_EVERY, "provider_error": False})
            label = delivery._get_provider()._get_label()
            delivery._note_registered(self.env._("Registered letter handed to: %s", label))

    def _record_unknown(self, reason, **values):
        unknown = super()._record_unknown(reason, **values)
        # Nobody need find out by hand what a provider can tell.
        unknown.filtered("provider_reference")._write_deposit({"next_ask_at": fields.Datetime.now()})
        return unknown

    # -- following -----------------------------------------------------------------------------------------------------

    @api.model
    def _cron_follow_registered(self):
        """Ask providers what became of their letters, and fetch the proofs."""
        self.with_context(lang=self.env.company.partner_id.lang)._follow_due()

    @api.model
    def _follow_due(self):
        """Ask about the letters whose time has come, in batches with commits between; return how many were asked."""
        count = 0
        while due := self.search(
            [("next_ask_at", "<=", fields.Datetime.now())], order="next_ask_at, id", limit=BATCH_SIZE
        ):
            due._follow()
            count += len(due)
            remaining = self.search_count([("next_ask_at", "<=", fields.Datetime.now())])
            if not self.env["ir.cron"]._commit_progress(len(due), remaining=remaining):
                break
        return count

    def _follow(self):
        """Ask about each letter; whatever happens, none is asked again before ASK_EVERY."""
        groups = self.grouped(lambda delivery: (delivery.company_id, delivery.provider))
        for (company, _code), deliveries in groups.items():
            deliveries._write_deposit({"next_ask_at": fields.Datetime.now() + ASK_EVERY})
            deliveries._commit()
            try:
                with deliveries[0]._get_provider()._open(company) as session:
                    for delivery in deliveries.try_lock_for_update():
                        delivery._follow_one(session)
                        delivery._commit()
            except ProviderUnavailable as error:
                deliveries._write_deposit({"provider_error": str(error)})

    def _follow_one(self, session):
        provider = self._get_provider()
        tracking = provider._ask(session, self)
        try:
            with self.env.cr.savepoint():
                self._learn(tracking)
            for kind in tracking.proofs:
                if kind not in self.document_ids.mapped("kind"):
                    content = provider._fetch(session, self, kind)
                    self._keep_proof(kind, f"{self.reminder_id.name}-{kind}.pdf", content)
            self._write_deposit({"provider_error": (tracking.stage is Stage.ACCEPTED and tracking.detail) or False})
        except (ProviderRefused, UserError) as error:
            self._write_deposit({"provider_error": str(error)[:500]})
        if self._is_followed_enough():
            self._write_deposit({"next_ask_at": False})

    def _learn(self, tracking):
        """Record what the provider tells, step by step as it happened."""
        if tracking.stage is not Stage.ACCEPTED:
            self._record_not_posted(tracking)
            return
        if self.state == "unknown":
            self._record_handed_to_provider()
        if tracking.number and tracking.number != self.tracking_number:
            self.tracking_number = tracking.number
        if tracking.deposited_on and not self.deposited_on:
            self._record_deposit_state("deposited", tracking.deposited_on)
        if tracking.presented_on and tracking.presented_on != self.presented_on and not tracking.outcome:
            self._record_deposit_state("presented", tracking.presented_on)
        if tracking.outcome and (tracking.outcome, tracking.ended_on or False) != (self.deposit_state, self.ended_on):
            self._record_deposit_state(tracking.outcome, tracking.ended_on, tracking.presented_on)

    def _record_not_posted(self, tracking):
        """The provider has not posted it: what was never submitted goes again, a refusal asks a person."""
        if tracking.stage is Stage.REJECTED:
            reason = self.env._("Not posted: the provider refused the letter. %s", tracking.detail).strip()
            for delivery in self._move_to("bounced", from_states=("handed_over", "unknown"), error=reason):
                delivery._ask_person(self.env._("Not posted: %s", delivery.recipients))
                delivery._use_fallback()
            self._write_deposit({"next_ask_at": False})
        elif self.state == "unknown":
            self._move_to("queued", from_states=("unknown",), error=None, send_after=fields.Datetime.now())
            self.reminder_id.state = "outbox"
            self._write_deposit({"next_ask_at": False})

    def _is_followed_enough(self):
        """Whether the letter has ended and its proof is here, or is looked for in vain."""
        if self.deposit_state in ENDED_STATES and self.has_receipt:
            return True
        since = self.handed_over_at
        return bool(since and since < fields.Datetime.now() - timedelta(days=FOLLOWED_DAYS))

    # -- after a crash -------------------------------------------------------------------------------------------------

    def _ask_providers(self):
        """Of letters that a worker was submitting when it died, those about which no provider can tell.

        The others are handed over, or wait in the outbox again, as the provider says.
        """
        unclear = self.filtered(lambda delivery: not delivery.provider_reference)
        for (company, _code), deliveries in (
            (self - unclear).grouped(lambda delivery: (delivery.company_id, delivery.provider)).items()
        ):
            try:
                with deliveries[0]._get_provider()._open(company) as session:
                    for delivery in deliveries:
                        delivery._settle_with(session)
            except ProviderUnavailable as error:
                _logger.info("Nothing learnt about registered letters: %s", error)
                unclear += deliveries.filtered(lambda delivery: delivery.state == "handing_over")
        return unclear

    def _settle_with(self, session):
        if self._get_provider()._ask(session, self).stage is Stage.ACCEPTED:
            self._record_handed_to_provider()
        else:
            self._move_to("queued", from_states=("handing_over",), send_after=fields.Datetime.now(), error=None)

    def action_ask_provider(self):
        """Ask the provider now what became of the letters."""
        self.check_access("write")
        followed = self.filtered("provider_reference")
        if not followed:
            raise UserError(self.env._("No provider has these letters."))
        followed._follow()
        errors = followed.filtered("provider_error").mapped("provider_error")
        return self._notify(self.env._("The provider's answer"), " ".join(dict.fromkeys(errors))) if errors else True
