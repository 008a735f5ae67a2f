"""What the answers of the SMS service mean: gone, refused, not now, or nobody knows."""

from dataclasses import dataclass

import requests
import urllib3

from odoo.addons.iap.tools.iap_tools import InsufficientCreditError

from .mail_sessions import Outcome

# Failures that say something of the company's account: no message leaves until somebody sees to it.
ACCOUNT_FAILURES = frozenset({"sms_credit", "sms_acc"})
# States of a message about which the service itself is not sure: it had an error, or saw the message twice.
UNCLEAR_STATES = frozenset({"server_error", "duplicate_message"})


@dataclass(frozen=True, slots=True)
class Answer:
    """How the conversation about one message ended; ``detail`` is the service's own word for it."""

    outcome: Outcome
    detail: str = ""


def read_result(results, uuid, accepted_states, failures):
    """Answer about the message ``uuid`` among the ``results`` of core's ``_send_sms_batch``.

    ``accepted_states`` are those of a message that is on its way, ``failures`` {state: type of failure} of the
    provider. What cannot be read is unknown: the message may have left.
    """
    results = results if isinstance(results, list) else []
    states = [result.get("state") for result in results if isinstance(result, dict) and result.get("uuid") == uuid]
    if len(states) != 1 or not isinstance(states[0], str):
        return Answer(Outcome.UNKNOWN, "unreadable")
    (state,) = states
    if state in accepted_states:
        return Answer(Outcome.ACCEPTED, state)
    failure = failures.get(state)
    if failure in ACCOUNT_FAILURES:
        return Answer(Outcome.UNAVAILABLE, failure)
    if state in UNCLEAR_STATES or failure == "sms_server":
        return Answer(Outcome.UNKNOWN, state)
    return Answer(Outcome.REFUSED, failure or state)


def read_error(error):
    """Answer after an exception: not now if the service was surely never reached, else unknown."""
    causes = list(_get_causes(error))
    if any(isinstance(cause, InsufficientCreditError) for cause in causes):
        return Answer(Outcome.UNAVAILABLE, "sms_credit")
    if any(_never_reached(cause) for cause in causes):
        return Answer(Outcome.UNAVAILABLE, "unreachable")
    return Answer(Outcome.UNKNOWN, type(causes[-1]).__name__)


def _get_causes(error):
    """The exception and those it was raised from: core hides what the network said behind an error of its own."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _never_reached(error):
    """Whether no connection was made at all, so that nothing can have been asked."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    reason = error.args[0] if isinstance(error, requests.exceptions.ConnectionError) and error.args else None
    return isinstance(
        getattr(reason, "reason", None), (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
    )
