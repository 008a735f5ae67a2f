"""Maileva's API of registered letters over HTTP, without a word of Odoo.

Source: the OpenAPI description that Maileva (Docaposte, La Poste group) publishes on www.maileva.com/developpeur, as
embodied in public clients generated from it: ``authentication`` 2.1 and ``registered_mail`` 4.9. Not tried against
Maileva's own servers, for want of an account: the sandbox of a contract tells.
"""

import json
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import quote

import requests

SERVERS = {
    "production": ("https://connexion.maileva.com", "https://api.maileva.com"),
    "sandbox": ("https://connexion.sandbox.maileva.net", "https://api.sandbox.maileva.net"),
}
TOKEN_PATH = "/auth/realms/services/protocol/openid-connect/token"
SENDINGS_PATH = "/registered_mail/v4/sendings"
# Seconds to connect, and without a byte of answer.
TIMEOUT = 60
MAXIMUM_PROOF_BYTES = 20_000_000
PROOF_PATHS = {
    "deposit_proof": "download_deposit_proof",
    "receipt": "download_acknowledgement_of_receipt",
    "returned": "download_undelivered_mail",
}


class Trouble(Enum):
    """What went wrong, from the letter's point of view."""

    CREDENTIALS = "the user or the application is not let in"
    BUSY = "too many requests: later"
    DOWN = "no answer that makes sense: the request may or may not have been carried out"
    REFUSED = "the request is wrong"
    GONE = "there is no such thing"


class MailevaError(Exception):
    """A request failed. ``reached`` tells whether the server may have carried it out."""

    def __init__(self, trouble: Trouble, detail: str = "", retry_after: int | None = None, reached: bool = False):
        super().__init__(detail or trouble.value)
        self.trouble, self.detail, self.retry_after, self.reached = trouble, detail, retry_after, reached


@dataclass(frozen=True, slots=True)
class Account:
    """How a customer of Maileva is let in; ``servers`` are the addresses of authentication and API."""

    client_id: str
    client_secret: str = field(repr=False)
    username: str
    password: str = field(repr=False)
    servers: tuple[str, str] = SERVERS["production"]


class MailevaClient:
    """A conversation with Maileva: one token, one connection kept open. Use it in a ``with``."""

    def __init__(self, account: Account):
        self._account = account
        self._session = requests.Session()
        self._token = None

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self._session.close()

    # -- the sending ---------------------------------------------------------------------------------------------------

    def create_sending(self, options: dict) -> str:
        """Open a draft with these options; return its identifier."""
        return _get_identifier(self._call("POST", SENDINGS_PATH, json=options))

    def add_document(self, sending: str, name: str, content: bytes, priority: int = 1) -> str:
        """Add a PDF to a draft."""
        files = {
            "document": (name, content, "application/pdf"),
            "metadata": (None, json.dumps({"priority": priority, "name": name}), "application/json"),
        }
        return _get_identifier(self._call("POST", f"{_path(sending)}/documents", files=files))

    def add_recipient(self, sending: str, recipient: dict) -> str:
        """Add the addressee to a draft; return its identifier."""
        return _get_identifier(self._call("POST", f"{_path(sending)}/recipients", json=recipient))

    def submit(self, sending: str) -> None:
        """Have a draft printed and posted. It cannot be taken back."""
        self._call("POST", f"{_path(sending)}/submit")

    def delete(self, sending: str) -> None:
        """Throw a draft away."""
        self._call("DELETE", _path(sending))

    def get_sending(self, sending: str) -> dict:
        """The sending as Maileva describes it."""
        return _get_object(self._call("GET", _path(sending)))

    def get_recipients(self, sending: str) -> list[dict]:
        """Its addressees, with what became of the letter of each."""
        recipients = _get_object(self._call("GET", f"{_path(sending)}/recipients")).get("recipients")
        return [recipient for recipient in recipients or () if isinstance(recipient, dict)]

    def get_proof(self, sending: str, recipient: str, kind: str) -> bytes:
        """PDF of a proof; ``kind`` is a key of PROOF_PATHS."""
        path = f"{_path(sending)}/recipients/{quote(recipient, safe='')}/{PROOF_PATHS[kind]}"
        content = self._call("GET", path).content
        if not content.startswith(b"%PDF-") or len(content) > MAXIMUM_PROOF_BYTES:
            raise MailevaError(Trouble.DOWN, "not a PDF", reached=True)
        return content

    # -- HTTP ----------------------------------------------------------------------------------------------------------

    def _call(self, method, path, **content):
        """The answer to a request, asked again once with a new token where the first has expired."""
        fresh = self._token is None
        response = self._request(method, path, **content)
        if response.status_code == 401 and not fresh:
            self._token = None
            response = self._request(method, path, **content)
        _raise_for(response)
        return response

    def _request(self, method, path, **content):
        if self._token is None:
            self._token = self._ask_token()
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json, application/pdf"}
        return self._send(method, self._account.servers[1] + path, headers=headers, **content)

    def _ask_token(self):
        account = self._account
        response = self._send(
            "POST",
            account.servers[0] + TOKEN_PATH,
            auth=(account.client_id.encode(), account.client_secret.encode()),
            data={"grant_type": "password", "username": account.username, "password": account.password},
        )
        if response.status_code in (400, 401, 403):
            raise MailevaError(Trouble.CREDENTIALS)
        _raise_for(response)
        token = _get_object(response).get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise MailevaError(Trouble.DOWN, "no token in the answer")
        return token

    def _send(self, method, url, **content):
        try:
            # A redirection would carry the letter to another host.
            return self._session.request(method, url, timeout=TIMEOUT, allow_redirects=False, **content)
        except (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise MailevaError(Trouble.DOWN, type(error).__name__) from error
        except requests.exceptions.RequestException as error:
            # A connection refused and one lost in the middle look alike: the worse is taken for true.
            raise MailevaError(Trouble.DOWN, type(error).__name__, reached=True) from error


def _path(sending):
    return f"{SENDINGS_PATH}/{quote(sending, safe='')}"


def _raise_for(response):
    code = response.status_code
    if 200 <= code < 300:
        return
    if code in (401, 403):
        raise MailevaError(Trouble.CREDENTIALS)
    if code == 404:
        raise MailevaError(Trouble.GONE)
    if code == 429:
        raise MailevaError(Trouble.BUSY, retry_after=_read_retry_after(response))
    if 400 <= code < 500:
        raise MailevaError(Trouble.REFUSED, _read_reasons(response) or f"HTTP {code}")
    raise MailevaError(Trouble.DOWN, f"HTTP {code}", _read_retry_after(response), reached=True)


def _read_retry_after(response):
    """Seconds that the server asks to wait, within a day; None where it names none."""
    text = response.headers.get("Retry-After", "")
    return min(int(text), 86_400) if text.isdecimal() else None


def _read_reasons(response):
    """The reasons of a refusal, as the server words them: {"errors": [{"code", "message"}]} or one such object."""
    try:
        answer = response.json()
    except ValueError:
        return ""
    errors = answer.get("errors", [answer]) if isinstance(answer, dict) else []
    found = [error.get("message") or error.get("code") for error in errors if isinstance(error, dict)]
    return " ".join(str(reason) for reason in found if reason)[:300]


def _get_object(response):
    try:
        answer = response.json()
    except ValueError as error:
        raise MailevaError(Trouble.DOWN, "the answer is not JSON", reached=True) from error
    if not isinstance(answer, dict):
        raise MailevaError(Trouble.DOWN, "the answer is not an object", reached=True)
    return answer


def _get_identifier(response):
    identifier = _get_object(response).get("id")
    if not isinstance(identifier, str) or not 0 < len(identifier) <= 64:
        raise MailevaError(Trouble.DOWN, "no identifier in the answer", reached=True)
    return identifier
