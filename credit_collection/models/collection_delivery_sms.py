from odoo import fields, models

# What the operators report of a message that did not arrive, by the word of the SMS service.
NOT_DELIVERED = {
    "sms_invalid_destination",
    "sms_not_allowed",
    "sms_rejected",
    "sms_expired",
    "sms_not_delivered",
}


class CollectionDelivery(models.Model):
    """Text messages: what was said, to which number, what it cost and whether it arrived."""

    _inherit = "collection.delivery"

    sms_text = fields.Text(string="Text message", readonly=True)
    sms_number = fields.Char(string="Mobile number", readonly=True)
    sms_segments = fields.Integer(string="SMS", readonly=True, help="Parts of the message that are paid for.")
    sms_cost = fields.Monetary(string="Cost of the SMS", readonly=True, currency_field="sms_currency_id")
    sms_currency_id = fields.Many2one(related="company_id.currency_id")
    sms_state = fields.Selection(
        [("sent", "Sent"), ("delivered", "Delivered"), ("not_delivered", "Not delivered")],
        string="Report of the operator",
        readonly=True,
    )

    def _get_proof_fields(self):
        return super()._get_proof_fields() | {"sms_text", "sms_number", "sms_state"}

    def _has_reached_others(self, address):
        # A text message has one recipient.
        return self.channel != "sms" and super()._has_reached_others(address)

    def _record_sms_delivered(self):
        """The operator reports that the message is on the telephone."""
        # Reported by the service: the program's own record.
        self.sudo().sms_state = "delivered"
        # It arrived, whatever happened to the conversation about it.
        self.filtered(lambda delivery: delivery.state == "unknown")._record_handed_over()

    def _record_sms_not_delivered(self, reason):
        """The operator reports that the message did not reach the telephone: as an e-mail that comes back."""
        for delivery in self.filtered(lambda delivery: delivery.sms_state != "delivered"):
            company = delivery.company_id
            # Reported by the service, which speaks no language: the words are for the company's people.
            own = delivery.sudo().with_context(lang=company.sudo().partner_id.lang)
            own.sms_state = "not_delivered"
            own._record_bounce(own.sms_number, own.env._("the operator reports “%s”", reason))


class SmsTracker(models.Model):
    """Reports on text messages of collection reach their delivery."""

    _inherit = "sms.tracker"

    collection_delivery_id = fields.Many2one("collection.delivery", ondelete="cascade", index="btree_not_null")

    def _action_update_from_provider_error(self, provider_error):
        result = super()._action_update_from_provider_error(provider_error)
        if f"sms_{provider_error}" in NOT_DELIVERED:
            self._get_last_collection_deliveries()._record_sms_not_delivered(provider_error)
        return result

    def _action_update_from_sms_state(self, sms_state, failure_type=False, failure_reason=False):
        result = super()._action_update_from_sms_state(
            sms_state, failure_type=failure_type, failure_reason=failure_reason
        )
        if sms_state == "sent":
            self._get_last_collection_deliveries()._record_sms_delivered()
        return result

    def _get_last_collection_deliveries(self):
        """Deliveries of these messages, unless they have gone again since: what an earlier one became is past."""
        found = self.collection_delivery_id
        for tracker in self.filtered("collection_delivery_id"):
            later = self.search_count(
                [("collection_delivery_id", "=", tracker.collection_delivery_id.id), ("id", ">", tracker.id)], limit=1
            )
            if later:
                found -= tracker.collection_delivery_id
        return found
