from datetime import timedelta
from functools import partial

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import retrying

from odoo.addons.credit_collection.channels.channel import ChannelUnavailable

from ..models.snailmail_letter import Result

RETRY_AFTER = timedelta(hours=4)


class CollectionChannelLetter(models.AbstractModel):
    """Simple letters of the companies that chose Snailmail: handed over one by one, with a commit on either side."""

    _inherit = "collection.channel.letter"

    @api.model
    def _process(self, deliveries):
        """Hand to Snailmail what goes that way; the others are printed by a person.

        Registered letters have a way of their own: Snailmail has none.
        """
        # Which way a company posts its letters is no secret.
        carried = deliveries.filtered(lambda delivery: delivery.company_id.sudo().collection_snailmail)
        lost = self._refresh_recipients(carried)
        for delivery in lost:
            delivery._record_failure(self._describe_lost(delivery.reminder_id))
        result = super()._process(deliveries - carried)
        self._hand_to_snailmail(carried - lost)
        return result

    @api.model
    def _hand_to_snailmail(self, deliveries):
        for rank, delivery in enumerate(deliveries):
            if rank:
                # The letters before took their time: what has been paid meanwhile is not claimed.
                delivery.reminder_id._decide_again()
            if delivery.state != "queued":
                continue
            answer = self._hand_over_by_snailmail(delivery)
            delivery._commit()
            if answer and answer.result is Result.UNAVAILABLE:
                # What ails this one ails the next.
                waiting = deliveries.filtered(lambda other: other.state == "queued")
                waiting._postpone(answer.words, RETRY_AFTER)
                raise ChannelUnavailable(answer.words)

    @api.model
    def _hand_over_by_snailmail(self, delivery):
        """One letter: make it, commit, hand it over, commit how it ended; return the answer if there was one."""
        delivery.reminder_id._set_deadline()
        try:
            with self.env.cr.savepoint():
                self.with_context(collection_snailmail=True)._renew_letter(
                    delivery.with_context(collection_snailmail=True)
                )
                letter = delivery._prepare_snailmail_letter()
        except UserError as error:
            delivery._set_aside(self.env._("The letter cannot be printed: %s", error))
            return None
        if not letter._is_valid_address(letter):
            letter._snailmail_print_invalid_address()
            delivery._record_failure(self.env._("Snailmail misses a part of the address."))
            return None
        delivery._commit()
        begun = delivery._move_to("handing_over", from_states=("queued",), error=None)
        delivery._commit()
        if not begun:
            return None
        answer = letter._hand_over()
        retrying(partial(delivery._record_snailmail, answer), self.env)
        return answer

    @api.model
    def _keep_letter(self, delivery):
        """The letter as Snailmail prints it is what is kept: with the margins, and the cover, that it wants."""
        attachment = super()._keep_letter(delivery)
        if self.env.context.get("collection_snailmail"):
            # The program's own file: see collection.document._attach().
            attachment.sudo().raw = delivery._fit_for_snailmail(attachment.sudo().raw)
        return attachment
