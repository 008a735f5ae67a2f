"""Conversations with mail servers, and what core does not tell of them: how far they went, and whom they left out."""

import smtplib
from dataclasses import dataclass, field, replace
from enum import Enum

from odoo.addons.base.models.ir_mail_server import MailDeliveryException


class Outcome(Enum):
    """How a conversation ended, from the message's point of view."""

    ACCEPTED = "the server took the message"
    LATER = "the server wants it later"
    REFUSED = "the server refuses the message or its recipients"
    SENDER_REFUSED = "the server refuses the sender, whoever the recipient"
    UNAVAILABLE = "the server cannot be talked to, whatever the message"
    UNKNOWN = "the server fell silent when it may have taken the message"


@dataclass(frozen=True)
class Ending:
    """Outcome of a conversation, in the server's words, the recipients it left out, and the message it was given."""

    outcome: Outcome
    words: str = ""
    left_out: tuple[str, ...] = ()
    message: bytes | None = None  # exactly as handed over; None where nothing was


@dataclass
class _Progress:
    """What happens inside the session while core converses."""

    data_asked: bool = False
    data_began: bool = False
    message: bytes | None = None
    left_out: dict = field(default_factory=dict)


class MailSessions:
    """Sessions with mail servers, one a sender, kept open from one message to the next.

    How to use: ``with MailSessions(env["ir.mail_server"]) as sessions: ending = sessions.send(sender, message)``.
    """

    def __init__(self, mail_server):
        self._mail_server = mail_server
        self._open = {}

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        for session in self._open.values():
            _hang_up(session)

    def send(self, sender, message, context=None):
        """Hand ``message`` (an EmailMessage) over and tell how it ended; never raises for what a server does.

        ``context`` is what core's mail server may know beforehand of the sender's company.
        """
        reused = sender in self._open
        server = self._mail_server.with_context(**context or {})
        ending = self._try(server, sender, message)
        if ending.outcome is Outcome.UNAVAILABLE and reused:
            # Servers close sessions that waited or carried enough: nothing was handed over, so begin anew.
            ending = self._try(server, sender, message)
        return ending

    def _try(self, server, sender, message):
        try:
            session = self._get_session(server, sender)
        except Exception as error:  # noqa: BLE001 - settings, network or account: the message has not even begun
            return Ending(Outcome.UNAVAILABLE, _describe(error))
        progress = _Progress()
        try:
            _watch(session, progress)
            _without_looking_up_sender(server).send_email(message, smtp_session=session)
        except Exception as error:  # noqa: BLE001 - whatever happened, it must be known whether the message left
            ending = replace(_judge(error, progress), message=progress.message)
            if ending.outcome in (Outcome.UNAVAILABLE, Outcome.UNKNOWN):
                _hang_up(self._open.pop(sender))
            return ending
        return Ending(Outcome.ACCEPTED, left_out=tuple(progress.left_out), message=progress.message)

    def _get_session(self, server, sender):
        if sender not in self._open:
            self._open[sender] = server._connect__(smtp_from=sender)
        return self._open[sender]


def _without_looking_up_sender(server):
    """``server`` for messages of a company without a sender of its own, which core would look for anew each time."""
    # A dash is told, and is no address. Only once connected: the choice of the server takes it for one.
    return server.with_context(domain_notifications_email=server.env.context.get("domain_notifications_email") or "-")


def _watch(session, progress):
    """Note in ``progress`` when the session begins to hand over the message, and the recipients it refuses."""
    if session is None:
        # Core opens no session in tests.
        return

    def send(content):
        # The command alone hands nothing over: the message follows once the server has said 354.
        if progress.data_asked and content not in ("data\r\n", b"data\r\n"):
            progress.data_began = True
        return type(session).send(session, content)

    def data(message):
        progress.data_asked = True
        return type(session).data(session, message)

    def sendmail(sender, recipients, message, *args, **kwargs):
        progress.message = message.encode("ascii") if isinstance(message, str) else message
        # Core throws away the refusals of a message that others received.
        progress.left_out = type(session).sendmail(session, sender, recipients, message, *args, **kwargs)
        return progress.left_out

    session.send, session.data, session.sendmail = send, data, sendmail


def _judge(error, progress):
    cause = error.__context__ if isinstance(error, MailDeliveryException) and error.__context__ else error
    words = _describe(cause)
    if isinstance(cause, smtplib.SMTPDataError):
        return Ending(Outcome.LATER if cause.smtp_code < 500 else Outcome.REFUSED, words)
    if progress.data_began:
        return Ending(Outcome.UNKNOWN, words)
    if isinstance(cause, smtplib.SMTPSenderRefused) and cause.smtp_code != 421:
        return Ending(Outcome.SENDER_REFUSED, words)
    if isinstance(cause, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _reason in cause.recipients.values()]
        if 421 in codes:
            return Ending(Outcome.UNAVAILABLE, words)
        return Ending(Outcome.LATER if any(code < 500 for code in codes) else Outcome.REFUSED, words)
    if isinstance(cause, (smtplib.SMTPNotSupportedError, AssertionError, ValueError)):
        # Nothing any server would take: an address beyond ASCII, a header that breaks.
        return Ending(Outcome.REFUSED, words)
    return Ending(Outcome.UNAVAILABLE, words)


def _describe(error):
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return " ".join(f"{address}: {code} {_text(reason)}" for address, (code, reason) in error.recipients.items())[
            :500
        ]
    return " ".join(_text(part) for part in error.args or (type(error).__name__,))[:500]


def _text(part):
    return part.decode(errors="replace") if isinstance(part, bytes) else str(part)


def _hang_up(session):
    if session is None:
        return
    try:
        session.quit()
    except (smtplib.SMTPException, OSError):
        # The server hung up first: what it accepted stays accepted.
        return
