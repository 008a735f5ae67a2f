"""A mail server of our own on this machine, and words to read what it was handed."""

import asyncio
import logging
import re
import socket
from contextlib import contextmanager
from email import message_from_bytes, policy
from unittest.mock import patch

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from odoo.tools import config


class Server(SMTP):
    """Hangs up, or says nothing, where the test asks for it."""

    async def smtp_DATA(self, arg):  # noqa: N802 (aiosmtpd's name)
        """Go away before a message begins."""
        if self.event_handler.hangs_up_before_data:
            self.event_handler.hangs_up_before_data -= 1
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class MailServer:
    """A mail server on a port of its own; ``messages`` are those it took, parsed.

    Set ``refuse_recipients`` {address: answer}, ``refuse_senders`` {address: answer}, ``answers`` (one for each message
    to come, "drop" hangs up after having taken it, "lose" before) to have it behave otherwise.
    """

    def __init__(self):
        self.messages = []
        self.envelopes = []
        self.refuse_recipients = {}
        self.refuse_senders = {}
        self.answers = []
        self.hangs_up_before_data = 0
        self.connections = 0
        self.on_message = None
        self.delay = 0

    # -- aiosmtpd's hooks ----------------------------------------------------------------------------------------------

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refuse_senders:
            return self.refuse_senders[address]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refuse_recipients:
            return self.refuse_recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 Taken"
        if self.delay:
            await asyncio.sleep(self.delay)
        if answer == "lose":
            server.transport.abort()
            return "421 Gone"
        if answer in ("drop",) or answer.startswith("250"):
            self.envelopes.append((envelope.mail_from, tuple(envelope.rcpt_tos)))
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.on_message:
            self.on_message()
        if answer == "drop":
            server.transport.abort()
            return "421 Gone"
        return answer

    # -- reading -------------------------------------------------------------------------------------------------------

    def message_to(self, address):
        """The only message that this address received."""
        found = [m for m, (_from, to) in zip(self.messages, self.envelopes, strict=True) if address in to]
        assert len(found) == 1, f"{address} received {len(found)} messages"
        return found[0]


def read_html(message):
    """Text of the HTML part, tags away and spaces made plain."""
    html = message.get_body(("html",)).get_content()
    return plain_spaces(re.sub(r"<[^>]+>", " ", html))


def read_text(message):
    """The plain part."""
    return plain_spaces(message.get_body(("plain",)).get_content())


def plain_spaces(text):
    """Every run of spaces, non-breaking and narrow ones included, as one space."""
    return re.sub(r"\s+", " ", text).strip()


def attachments_of(message):
    """{file name: bytes} of the attachments."""
    return {part.get_filename(): part.get_content() for part in message.iter_attachments()}


def free_port():
    """A port nobody listens on: aiosmtpd cannot choose one itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class MailController(Controller):
    """Runs a MailServer in a thread of its own."""

    def factory(self):
        """One protocol a session (aiosmtpd's hook)."""
        return Server(self.handler, **self.SMTP_kwargs)


@contextmanager
def mail_server(env):
    """A running MailServer, to which Odoo really sends."""
    handler = MailServer()
    controller = MailController(handler, hostname="127.0.0.1", port=free_port(), data_size_limit=50_000_000)
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    controller.start()
    settings = {"smtp_server": "127.0.0.1", "smtp_port": controller.port}
    try:
        with (
            patch.dict(config.options, settings),
            patch.object(type(env["ir.mail_server"]), "_disable_send", lambda *_args: False),
        ):
            yield handler
    finally:
        controller.stop()
