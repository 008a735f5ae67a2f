from functools import partial

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import retrying

from .channel import ChannelUnavailable
from .registered_provider import ProviderRefused, ProviderUnavailable, ProviderUnclear, Stage


class CollectionChannelRegistered(models.AbstractModel):
    """Letters with acknowledgement of receipt: as a letter, with the number the post gave it.

    Where a provider posts them, each is drafted there, the reference of the draft is committed, and then it is
    submitted, with a commit on either side: a worker that dies leaves behind what the provider can tell of.
    """

    _name = "collection.channel.registered"
    _inherit = "collection.channel.letter"
    _description = "Registered Letters"

    _code = "registered"

    @api.model
    def _get_label(self):
        return self.env._("Registered letter")

    @api.model
    def _describe_posted(self, delivery):
        return self.env._(
            "Registered letter posted: %(level)s (%(reference)s)",
            level=delivery.level_id.name,
            reference=delivery.reminder_id.name,
        )

    @api.model
    def _process(self, deliveries):
        """Print what we post ourselves; hand the rest to the provider of each company."""
        troubles = []
        for company, group in deliveries.grouped("company_id").items():
            # Which provider a company uses is no secret.
            provider = self._get_provider(company.sudo().collection_registered_provider)
            if provider._code == "printed":
                self._put_on_pile(group)
                continue
            try:
                self._hand_to_provider(provider, company, group)
            except ProviderUnavailable as error:
                waiting = group.filtered(lambda delivery: delivery.state == "queued")
                waiting._postpone(str(error), error.retry_after)
                troubles.append(str(error))
        if troubles:
            raise ChannelUnavailable(" ".join(troubles))

    @api.model
    def _get_provider(self, code):
        return self.env["collection.registered.provider"]._get_provider(code)

    # -- through a provider --------------------------------------------------------------------------------------------

    @api.model
    def _hand_to_provider(self, provider, company, deliveries):
        lost = self._refresh_recipients(deliveries)
        for delivery in lost:
            delivery._record_failure(self._describe_lost(delivery.reminder_id))
        with provider._open(company) as session:
            for rank, delivery in enumerate(deliveries - lost):
                if rank:
                    # The letters before took their time: what has been paid meanwhile is not claimed.
                    delivery.reminder_id._decide_again()
                if delivery.state == "queued":
                    self._hand_over(provider, session, delivery)
                    delivery._commit()

    @api.model
    def _hand_over(self, provider, session, delivery):
        """One letter: draft, commit its reference, submit, commit how it ended."""
        try:
            if delivery.provider_reference and self._settle_earlier_draft(provider, session, delivery):
                return
            if not self._make(delivery):
                return
            reference = provider._draft(session, delivery)
        except ProviderRefused as error:
            delivery._record_failure(str(error))
            return
        delivery._write_deposit({"provider": provider._code, "provider_reference": reference})
        delivery._commit()
        begun = delivery._move_to("handing_over", from_states=("queued",), error=None)
        delivery._commit()
        if begun:
            method, arguments = self._submit(provider, session, delivery)
            retrying(partial(self._record, delivery, method, arguments), self.env)
            if method == "_postpone":
                # What ails this one ails the next.
                delivery._commit()
                raise ProviderUnavailable(*arguments)

    @api.model
    def _settle_earlier_draft(self, provider, session, delivery):
        """Whether the letter drafted before a worker died was posted; its draft is thrown away if not."""
        stage = provider._ask(session, delivery).stage
        if stage is Stage.ACCEPTED:
            delivery._record_handed_to_provider()
            return True
        if stage is Stage.DRAFT:
            provider._discard(session, delivery)
        delivery._write_deposit({"provider_reference": False})
        return False

    @api.model
    def _make(self, delivery):
        """Make the letter as it is owed now; False if it cannot be, and a person is asked."""
        delivery.reminder_id._set_deadline()
        try:
            with self.env.cr.savepoint():
                self._renew_letter(delivery)
        except UserError as error:
            delivery._set_aside(self.env._("The letter cannot be printed: %s", error))
            return False
        return True

    @api.model
    def _submit(self, provider, session, delivery):
        """What to do with the delivery after its submission: (name of the method, its arguments)."""
        try:
            provider._submit(session, delivery)
        except ProviderRefused as error:
            return "_record_failure", (str(error),)
        except ProviderUnavailable as error:
            return "_postpone", (str(error), error.retry_after)
        except ProviderUnclear as error:
            return self._clear_up(provider, session, delivery, str(error))
        return "_record_handed_to_provider", ()

    @api.model
    def _clear_up(self, provider, session, delivery, words):
        """The provider fell silent: it is asked what it did, before anything is tried again."""
        try:
            stage = provider._ask(session, delivery).stage
        except ProviderUnavailable:
            return "_record_unknown", (words,)
        if stage is Stage.ACCEPTED:
            return "_record_handed_to_provider", ()
        return "_postpone", (words, ProviderUnavailable(words).retry_after)

    @api.model
    def _record(self, delivery, method, arguments):
        """How the submission ended. Begins again after a serialization failure: it only writes."""
        getattr(delivery, method)(*arguments)
