from dataclasses import dataclass
from enum import Enum

import requests

from odoo import fields, models
from odoo.addons.iap.tools import iap_tools
from odoo.addons.snailmail.models.snailmail_letter import (
    DEFAULT_ENDPOINT,
    DEFAULT_TIMEOUT,
    ERROR_CODES,
    PRINT_ENDPOINT,
)
from odoo.exceptions import AccessError

# The account is at fault, not the letter: the next one would fail likewise.
ACCOUNT_ERRORS = ("CREDIT_ERROR", "TRIAL_ERROR")


class Result(Enum):
    """What became of a letter handed to Snailmail."""

    SENT = "printed and posted"
    REFUSED = "refused for what it is"
    UNAVAILABLE = "nothing can be sent for now"
    UNCLEAR = "Snailmail fell silent when it may have taken the letter"


@dataclass(frozen=True, slots=True)
class Answer:
    """Snailmail's answer: ``words`` for the user and core's ``code`` of an error, or what is known of a letter sent.

    ``cost`` is in stamps.
    """

    result: Result
    words: str = ""
    code: str = ""
    reference: str = ""
    cost: float = 0.0


class SnailmailLetter(models.Model):
    """Letters of reminders: they go when their reminder does, decided again just before, and not by core's own job."""

    _inherit = "snailmail.letter"

    is_collection = fields.Boolean(string="Letter of a reminder", readonly=True, copy=False)

    def _snailmail_print(self, immediate=True):
        """Leave the letters of reminders to the outbox: what was paid since must not be claimed by core's retries."""
        return super(SnailmailLetter, self.filtered(lambda letter: not letter.is_collection))._snailmail_print(
            immediate
        )

    def snailmail_print(self):
        """Send the letters of reminders again as reminders."""
        self._send_reminders_again()
        others = self.filtered(lambda letter: not letter.is_collection)
        return super(SnailmailLetter, others).snailmail_print() if others else None

    def cancel(self):
        """Take the letters of reminders back: their deliveries wait no longer."""
        deliveries = self._find_deliveries().filtered(lambda delivery: delivery.state in ("queued", "failed"))
        deliveries.check_access("write")
        result = super().cancel()
        for delivery in deliveries:
            delivery._move_to(
                "cancelled",
                from_states=("queued", "failed"),
                error=self.env._("%s cancelled the letter.", self.env.user.name),
            )
            delivery.reminder_id._settle_state()
        return result

    def _find_deliveries(self):
        own = self.filtered("is_collection")
        return self.env["collection.delivery"].search([("snailmail_letter_id", "in", own.ids)])

    def _send_reminders_again(self):
        """What failed waits in the outbox again, to the address known by now; what waits there goes at once."""
        deliveries = self._find_deliveries()
        deliveries.check_access("write")
        deliveries.filtered(lambda delivery: delivery.state in ("failed", "bounced")).action_mark_not_arrived()
        waiting = deliveries.filtered(lambda delivery: delivery.state == "queued")
        waiting._move_to("queued", from_states=("queued",), send_after=fields.Datetime.now())

    def _get_address_of(self, partner):
        """Values of the address that core keeps beside the letter."""
        return {
            "street": partner.street,
            "street2": partner.street2,
            "zip": partner.zip,
            "city": partner.city,
            "state_id": partner.state_id.id,
            "country_id": partner.country_id.id,
        }

    # -- handing over --------------------------------------------------------------------------------------------------

    def _hand_over(self):
        """Have the letter printed and posted; return Snailmail's Answer. Nothing is written here.

        Not core's own method: it keeps neither what the letter costs nor its number, and takes a silence for a refusal.
        """
        self.ensure_one()
        # Where Snailmail is, and how long to wait for it: settings of the server.
        parameters = self.env["ir.config_parameter"].sudo()
        endpoint = parameters.get_param("snailmail.endpoint", DEFAULT_ENDPOINT)
        timeout = int(parameters.get_param("snailmail.timeout", DEFAULT_TIMEOUT))
        request = self._snailmail_create("print")
        if not request["documents"]:
            return Answer(
                Result.REFUSED, self.env._("The name of the recipient is missing."), code="MISSING_REQUIRED_FIELDS"
            )
        try:
            answer = iap_tools.iap_jsonrpc(endpoint + PRINT_ENDPOINT, params=request, timeout=timeout)
        except AccessError as error:
            surely_not = _never_connected(error.__context__)
            return Answer(Result.UNAVAILABLE if surely_not else Result.UNCLEAR, str(error), code="UNKNOWN_ERROR")
        return self._read_answer(answer)

    def _read_answer(self, answer):
        document = next(iter(answer["request"]["documents"]), {})
        if answer["request_code"] != 200:
            error = answer.get("reason")
        elif document.get("sent"):
            return Answer(
                Result.SENT, reference=str(document.get("send_id") or ""), cost=float(answer.get("total_cost") or 0)
            )
        else:
            error = document.get("error")
        result = Result.UNAVAILABLE if error in ACCOUNT_ERRORS else Result.REFUSED
        code = error if error in ERROR_CODES else "UNKNOWN_ERROR"
        return Answer(result, self._describe_error(error), code)

    def _describe_error(self, error):
        """Core's words, without the links that a list does not show."""
        texts = {
            "CREDIT_ERROR": self.env._("Snailmail: no stamps are left on the account."),
            "TRIAL_ERROR": self.env._("Snailmail: this database has no account there yet."),
            "NO_PRICE_AVAILABLE": self.env._("Snailmail does not send letters to this country."),
            "MISSING_REQUIRED_FIELDS": self.env._("Snailmail misses a part of the address."),
            "FORMAT_ERROR": self.env._("Snailmail cannot print this document."),
            "ATTACHMENT_ERROR": self.env._("Snailmail cannot read this document."),
        }
        return texts.get(error) or self.env._(
            "Snailmail refused the letter: %s", error or self.env._("no reason given")
        )

    def _record_answer(self, answer):
        """The state of the letter, as core shows it on the customer's page."""
        sent = answer.result is Result.SENT
        self.write(
            {
                "state": "sent" if sent else "error",
                "error_code": answer.code or False,
                "info_msg": answer.words or self.env._("Number: %s", answer.reference),
            }
        )
        # Beside the message that core put on the customer's page.
        self.notification_ids.sudo().write(
            {
                "notification_status": "sent" if sent else "exception",
                "failure_type": False if sent else self._get_failure_type(answer.code),
                "failure_reason": answer.words or False,
            }
        )


def _never_connected(error):
    """Whether the request surely never reached anybody."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    reason = error.args[0] if isinstance(error, requests.exceptions.ConnectionError) and error.args else None
    return type(getattr(reason, "reason", None)).__name__ in ("NewConnectionError", "NameResolutionError")
