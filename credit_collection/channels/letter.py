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
    def _obstacle(self, reminder):
        recipients, _copies = self._get_recipients(reminder)
        if not recipients:
            return self.env._("No complete postal address for %s.", reminder.debtor_id.display_name)
        return reminder._get_letter_obstacle()

    @api.model
    def _process(self, deliveries):
        """Render the letters and put them on the pile to be posted: nothing has left yet."""
        for delivery in deliveries:
            obstacle = self._obstacle(delivery.reminder_id)
            if obstacle:
                delivery._record_failure(obstacle)
                continue
            delivery.reminder_id._set_deadline()
            delivery.write({"attachment_id": self._keep_letter(delivery).id, "error": False})
            delivery._move_to("to_post", from_states=("queued",))
        return 0

    @api.model
    def _keep_letter(self, delivery):
        reminder = delivery.reminder_id
        # The letter belongs to the debtor's page: whoever reads the debtor reads it.
        return (
            self.env["ir.attachment"]
            .sudo()
            .create({
                "name": f"{reminder.name}.pdf",
                "raw": reminder._render_letter(),
                "mimetype": "application/pdf",
                "res_model": "collection.debtor",
                "res_id": delivery.debtor_id.id,
            })
        )

    # -- printing ------------------------------------------------------------------------------------------------------

    @api.model
    def _print(self, deliveries):
        """Download of one PDF with the letters in postal order."""
        letters = deliveries.filtered("attachment_id")
        if not letters:
            raise UserError(self.env._("There is no letter to print here: letters are made when the outbox is processed."))
        return {
            "type": "ir.actions.act_url",
            "url": "/collection/letters?ids=" + ",".join(str(delivery_id) for delivery_id in letters.ids),
            "target": "new",
        }

    @api.model
    def _post(self, deliveries):
        """Hand the letters over to the post; those that have stopped being true are to be printed again."""
        deliveries.lock_for_update()
        before = {delivery: self._get_claims(delivery) for delivery in deliveries}
        deliveries.reminder_id._decide_again()
        changed = deliveries.filtered(
            lambda delivery: delivery.state != "to_post" or self._get_claims(delivery) != before[delivery]
        )
        for delivery in changed.filtered(lambda delivery: delivery.state == "to_post"):
            delivery._move_to(
                "queued", from_states=("to_post",), error=self.env._("Amounts changed since it was printed.")
            )
        posted = deliveries - changed
        for delivery in posted:
            delivery._record_handed_over()
            self._note_on_timeline(delivery)
        if not changed:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "sticky": True,
                "title": self.env._("Take these letters out of the pile"),
                "message": self.env._(
                    "They are no longer right: %s", ", ".join(changed.debtor_id.mapped("display_name"))
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _get_claims(self, delivery):
        return {line.id: line.claim for line in delivery.reminder_id._get_live_lines()}

    @api.model
    def _note_on_timeline(self, delivery):
        delivery.debtor_id.message_post(
            body=self.env._(
                "%(channel)s posted: %(level)s (%(reference)s)",
                channel=self._get_label(),
                level=delivery.level_id.name,
                reference=delivery.reminder_id.name,
            ),
            attachment_ids=delivery.attachment_id.ids,
        )
