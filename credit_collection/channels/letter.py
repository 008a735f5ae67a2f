from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class CollectionChannelLetter(models.AbstractModel):
    """Letters: rendered by the outbox, printed and posted by a person, who says so."""

    _name = "collection.channel.letter"
    _inherit = "collection.channel"
    _description = "Letters"

    _code = "letter"
    _address_kind = "postal"

    @api.model
    def _get_label(self):
        return self.env._("Letter")

    @api.model
    def _check_level(self, level):
        if not level.letter_template_id:
            raise ValidationError(
                self.env._("The level “%s” goes out by letter: choose the text of its letter.", level.name)
            )

    @api.model
    def _describe_lost(self, reminder):
        return self.env._("No complete postal address for %s.", reminder.debtor_id.display_name)

    # -- rendering -----------------------------------------------------------------------------------------------------

    @api.model
    def _process(self, deliveries):
        self._put_on_pile(deliveries)

    @api.model
    def _put_on_pile(self, deliveries):
        """Render the letters and put them on the pile to be posted by a person: nothing has left yet."""
        lost = self._refresh_recipients(deliveries)
        for delivery in lost:
            delivery._record_failure(self._describe_lost(delivery.reminder_id))
        reachable = deliveries - lost
        reachable.reminder_id._set_deadline()
        for delivery in reachable:
            try:
                with self.env.cr.savepoint():
                    self._render(delivery)
            except UserError as error:
                delivery._set_aside(self.env._("The letter cannot be printed: %s", error))

    @api.model
    def _render(self, delivery):
        self._renew_letter(delivery)
        delivery._move_to("to_post", from_states=("queued",), error=None)

    @api.model
    def _renew_letter(self, delivery):
        """Make the letter as things are now, in place of one that was not posted, and keep it as it is."""
        delivery._drop_letter()
        letter = self._keep_letter(delivery)
        delivery.write({"attachment_id": letter.id, "printed_claims": delivery._get_claims()})
        delivery._keep_as_letter(letter)

    @api.model
    def _keep_letter(self, delivery):
        reminder = delivery.reminder_id
        documents = self.env["collection.document"]
        return documents._attach(delivery.debtor_id, f"{reminder.name}.pdf", reminder._render_letter())

    # -- printing and posting ------------------------------------------------------------------------------------------

    @api.model
    def _print(self, deliveries):
        """Download of one PDF with the letters in postal order."""
        letters = deliveries.filtered("attachment_id")
        if not letters:
            raise UserError(
                self.env._("There is no letter to print here: letters are made when the outbox is processed.")
            )
        return {
            "type": "ir.actions.act_url",
            "url": "/collection/letters?ids=" + ",".join(str(delivery_id) for delivery_id in letters.ids),
            "target": "new",
        }

    @api.model
    def _post(self, deliveries):
        """Hand the letters over to the post; those that have stopped being true come back to be printed again."""
        deliveries.lock_for_update()
        deliveries.reminder_id._decide_again()
        wrong = deliveries.filtered(
            lambda delivery: delivery.state != "to_post" or delivery._get_claims() != delivery.printed_claims
        )
        right = deliveries - wrong
        right._record_posted()
        for delivery in right:
            self._note_on_timeline(delivery)
        if not wrong:
            return True
        wrong._move_to(
            "queued",
            from_states=("to_post",),
            error=self.env._("Amounts changed since it was printed: print it again."),
        )
        return deliveries._notify(
            self.env._("Take these letters out of the pile"),
            "\n".join(self._describe_wrong(delivery) for delivery in wrong),
        )

    @api.model
    def _describe_wrong(self, delivery):
        reminder = delivery.reminder_id
        return self.env._(
            "%(reference)s, %(customer)s: %(reason)s",
            reference=reminder.name,
            customer=delivery.debtor_id.display_name,
            reason=reminder.cancel_reason or delivery.error or "",
        )

    @api.model
    def _note_on_timeline(self, delivery):
        delivery.debtor_id.message_post(
            body=delivery._get_channel()._describe_posted(delivery),
            attachment_ids=delivery.attachment_id.ids,
        )

    @api.model
    def _describe_posted(self, delivery):
        """What the timeline says of a letter in the post. A sentence a channel: French agrees with its gender."""
        return self.env._(
            "Letter posted: %(level)s (%(reference)s)",
            level=delivery.level_id.name,
            reference=delivery.reminder_id.name,
        )
