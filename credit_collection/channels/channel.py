from odoo import api, models


class CollectionChannel(models.AbstractModel):
    """How a reminder reaches a debtor. A channel is a model that inherits this one and overrides a few methods.

    ``_code`` and ``_address_kind`` say what it is; ``_obstacle`` why a reminder cannot go this way; ``_process`` hands
    a batch over. Nothing else in the add-on knows how a letter differs from an e-mail.
    """

    _name = "collection.channel"
    _description = "Channel of Reminders"

    _code = None
    # "email", "postal", or None for what needs no address.
    _address_kind = None

    # -- registry ------------------------------------------------------------------------------------------------------

    @api.model
    def _get_channels(self):
        """Every channel installed, in the order of their names."""
        names = sorted(
            name
            for name, model in self.env.registry.items()
            if name.startswith("collection.channel.") and getattr(model, "_code", None)
        )
        return [self.env[name] for name in names]

    @api.model
    def _get_channel(self, code):
        """The channel of that code. Raises KeyError for a channel that is not installed."""
        return {channel._code: channel for channel in self._get_channels()}[code]

    @api.model
    def _selection_channel(self):
        return [(channel._code, channel._get_label()) for channel in self._get_channels()]

    @api.model
    def _get_codes_by_address_kind(self, kind):
        """Codes of the channels that need that kind of address; never empty, for SQL."""
        return tuple(channel._code for channel in self._get_channels() if channel._address_kind == kind) or ("",)

    # -- to override ---------------------------------------------------------------------------------------------------

    @api.model
    def _get_label(self):
        """Name of the channel in the user's language."""
        raise NotImplementedError

    @api.model
    def _check_level(self, level):
        """Raise ValidationError when the level lacks what the channel needs, such as a text."""

    @api.model
    def _obstacle(self, reminder):
        """Why the reminder cannot go this way, in words; None if it can."""
        return None

    @api.model
    def _get_recipients(self, reminder):
        """(recipients, in copy): partners the reminder goes to by this channel."""
        return reminder._get_recipients(self._address_kind)

    @api.model
    def _process(self, deliveries):
        """Hand the deliveries over; return the number that left. Each records its own outcome."""
        raise NotImplementedError

    # -- shared --------------------------------------------------------------------------------------------------------

    @api.model
    def _prepare_delivery(self, reminder, send_after):
        """Values of the outbox row of a reminder. Override to add some."""
        recipients, copies = self._get_recipients(reminder)
        return {
            "reminder_id": reminder.id,
            "debtor_id": reminder.debtor_id.id,
            "channel": self._code,
            "recipients": self._describe_recipients(recipients),
            "recipient_ids": [(6, 0, recipients.ids)],
            "copy_recipient_ids": [(6, 0, copies.ids)],
            "send_after": send_after,
        }

    @api.model
    def _describe_recipients(self, recipients):
        return ", ".join(recipients.mapped("display_name")) or "-"
