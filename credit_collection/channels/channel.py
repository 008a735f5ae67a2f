from odoo import api, models


class ChannelUnavailable(Exception):
    """Nothing can leave by the channel for now, whoever it is for: a mail server is down."""


class CollectionChannel(models.AbstractModel):
    """How a reminder reaches a debtor. A channel is a model that inherits this one and overrides a few methods.

    ``_code`` and ``_address_kind`` say what it is; ``_get_recipients`` and ``_describe_lost`` to whom reminders go, and
    what is missing where nobody can receive them; ``_process`` hands a batch over. Nothing else in the add-on knows how
    a letter differs from an e-mail.
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
    def _get_obstacles(self, reminders):
        """{reminder: why it cannot go this way, in words}, of those among ``reminders`` that cannot.

        By default those that nobody can receive; what else forbids to send is found when it is rendered, and told then.
        """
        return {
            reminder: self._describe_lost(reminder)
            for reminder, (recipients, _copies) in self._get_recipients(reminders).items()
            if not recipients
        }

    @api.model
    def _describe_lost(self, reminder):
        """What is missing, in the user's language, for a reminder that nobody can receive this way."""
        raise NotImplementedError

    @api.model
    def _get_recipients(self, reminders):
        """{reminder: (recipients, in copy)}: partners the reminders go to by this channel."""
        if self._address_kind:
            return reminders._find_recipients(self._address_kind)
        nobody = self.env["res.partner"]
        return dict.fromkeys(reminders, (nobody, nobody))

    @api.model
    def _process(self, deliveries):
        """Hand the deliveries over, each of which records its own outcome.

        Their items have just been decided again, and the deliveries are locked, in the transaction that begins here.
        Raises ChannelUnavailable when those still queued had better not be tried again at once.
        """
        raise NotImplementedError

    # -- shared --------------------------------------------------------------------------------------------------------

    @api.model
    def _prepare_deliveries(self, reminders, send_after):
        """Values of the outbox rows of the reminders. Override to add some."""
        found = self._get_recipients(reminders)
        return [
            {
                "reminder_id": reminder.id,
                "debtor_id": reminder.debtor_id.id,
                "channel": self._code,
                "send_after": send_after,
                **self._prepare_recipients(*found[reminder]),
            }
            for reminder in reminders
        ]

    @api.model
    def _prepare_recipients(self, recipients, copies):
        return {
            "recipients": self._describe_recipients(recipients),
            "recipient_ids": [(6, 0, recipients.ids)],
            "copy_recipient_ids": [(6, 0, copies.ids)],
        }

    @api.model
    def _describe_recipients(self, recipients):
        return ", ".join(recipients.mapped("display_name")) or "-"

    @api.model
    def _refresh_recipients(self, deliveries):
        """Address the deliveries to those who can be reached by now; return those that nobody can receive."""
        found = self._get_recipients(deliveries.reminder_id)
        lost = deliveries.browse()
        for delivery in deliveries:
            recipients, copies = found[delivery.reminder_id]
            known = (delivery.recipients, delivery.recipient_ids, delivery.copy_recipient_ids)
            if not recipients:
                lost += delivery
            elif (self._describe_recipients(recipients), recipients, copies) != known:
                delivery.write(self._prepare_recipients(recipients, copies))
        return lost
