"""A server on this machine that speaks Maileva's API of registered letters, as its OpenAPI description has it."""

import json
import threading
import uuid
from base64 import b64encode
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch
from urllib.parse import parse_qs

TOKEN_PATH = "/auth/realms/services/protocol/openid-connect/token"
SENDINGS = "/registered_mail/v4/sendings"
PDF = b"%PDF-1.4 "


class MailevaServer:
    """Drafts, submissions and what the post did with them.

    ``answers`` {step: [status or "drop" or "late"]} makes the next requests of a step fail: "drop" hangs up before
    doing anything, "late" does it and hangs up. Steps: token, sending, document, recipient, submit, status, proof.
    """

    def __init__(self):
        self.sendings = {}
        self.submissions = []
        self.tokens = []
        self.answers = {}
        self.requests = []
        self.headers = {}
        self.password = "secret"
        self.on_submit = None

    def only(self):
        """The only sending."""
        assert len(self.sendings) == 1, f"{len(self.sendings)} sendings"
        return next(iter(self.sendings.values()))

    def tell(self, **recipient):
        """What the post has done with the letter of the last sending submitted."""
        self.sendings[self.submissions[-1]]["recipient"].update(recipient)


def main_status(category, code, day):
    """An event of the post (schema "main_delivery_status_response"), at noon."""
    return {"category": category, "code": code, "label": category.title(), "date": f"{day}T12:00:00.000Z"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments):
        """Keep quiet."""

    def do_POST(self):
        self._serve()

    def do_GET(self):
        self._serve()

    def do_DELETE(self):
        self._serve()

    def _serve(self):
        world = self.server.world
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        step, act = self._route(body)
        world.requests.append((self.command, step))
        failure = world.answers.get(step) and world.answers[step].pop(0)
        if failure == "drop":
            return self._hang_up()
        if isinstance(failure, int) and failure >= 400:
            return self._answer(failure, {"errors": [{"code": "EMPTY_NAME", "message": "Refused by the test"}]})
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if step != "token" and token not in world.tokens:
            return self._answer(401, {"code": "UNAUTHORIZED", "message": "No token"})
        status, content = act()
        return self._hang_up() if failure == "late" else self._answer(status, content)

    def _hang_up(self):
        self.close_connection = True
        self.connection.close()

    def _answer(self, status, content):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/pdf" if isinstance(content, bytes) else "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in self.server.world.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _route(self, body):
        if self.path == TOKEN_PATH:
            return "token", lambda: self._give_token(parse_qs(body.decode()))
        parts = self.path.removeprefix(SENDINGS).strip("/").split("/")
        sending = self.server.world.sendings.get(parts[0])
        if parts == [""]:
            return "sending", lambda: self._create(json.loads(body))
        if not sending:
            return "status", lambda: (404, {"code": "SENDING_NOT_FOUND", "message": "Unknown"})
        routes = {
            ("POST", "documents"): ("document", lambda: self._add_document(sending, body)),
            ("POST", "recipients"): ("recipient", lambda: self._add_recipient(sending, json.loads(body))),
            ("POST", "submit"): ("submit", lambda: self._submit(parts[0], sending)),
            ("GET", "recipients"): ("status", lambda: (200, {"recipients": [sending["recipient"]], "paging": {}})),
        }
        if len(parts) == 1:
            if self.command == "DELETE":
                return "delete", lambda: self._delete(parts[0], sending)
            return "status", lambda: (200, {**sending["options"], "id": parts[0], "status": sending["status"]})
        if len(parts) == 4:
            return "proof", lambda: (200, PDF + parts[3].encode())
        return routes[self.command, parts[1]]

    def _give_token(self, form):
        world = self.server.world
        expected = "Basic " + b64encode(b"application:application-secret").decode()
        known = form == {"grant_type": ["password"], "username": ["vendeur"], "password": [world.password]}
        if self.headers.get("Authorization") != expected or not known:
            return 401, {"error": "invalid_grant"}
        world.tokens.append(uuid.uuid4().hex)
        return 200, {"access_token": world.tokens[-1], "expires_in": 300}

    def _create(self, options):
        identifier = str(uuid.uuid4())
        self.server.world.sendings[identifier] = {
            "options": options,
            "status": "DRAFT",
            "documents": [],
            "recipient": {},
        }
        return 201, {**options, "id": identifier, "status": "DRAFT"}

    def _add_document(self, sending, body):
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts = {
            part.get_param("name", header="content-disposition"): part
            for part in message_from_bytes(head + body, policy=policy.default).iter_parts()
        }
        metadata = json.loads(parts["metadata"].get_payload(decode=True))
        sending["documents"].append((metadata["name"], parts["document"].get_payload(decode=True)))
        return 201, {"id": str(uuid.uuid4()), "priority": metadata["priority"]}

    def _add_recipient(self, sending, recipient):
        if not recipient.get("address_line_6") or any(len(str(value)) > 38 for value in recipient.values()):
            return 400, {"errors": [{"code": "EMPTY_ADDRESS_LINE_6", "message": "La ligne d'adresse n°6 est fausse"}]}
        sending["recipient"] = {**recipient, "id": str(uuid.uuid4()), "status": "DRAFT"}
        return 201, sending["recipient"]

    def _submit(self, identifier, sending):
        if sending["status"] != "DRAFT":
            return 400, {"errors": [{"code": "SENDING_STATUS_IS_NOT_DRAFT", "message": "Already submitted"}]}
        sending["status"] = "PENDING"
        sending["recipient"]["status"] = "PENDING"
        self.server.world.submissions.append(identifier)
        if self.server.world.on_submit:
            self.server.world.on_submit()
        return 200, {}

    def _delete(self, identifier, sending):
        if sending["status"] != "DRAFT":
            return 400, {"errors": [{"code": "SENDING_STATUS_IS_NOT_DRAFT", "message": "Already submitted"}]}
        del self.server.world.sendings[identifier]
        return 204, b""


@contextmanager
def maileva_server(env):
    """A running MailevaServer, to which the provider really talks."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.world = MailevaServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    provider = type(env["collection.registered.provider.maileva"])
    try:
        with patch.object(provider, "_get_servers", lambda *_arguments: (address, address)):
            yield server.world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
