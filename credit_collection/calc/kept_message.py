"""E-mails kept exactly as they were handed over, without keeping the attached files twice."""

import base64
import hashlib
import re
import zlib
from collections.abc import Iterable

# No message holds this byte (RFC 5322), so that nothing in it can be taken for the mark of a file.
_MARK = b"\0"
_MARKED = re.compile(_MARK + rb"([0-9a-f]{64})" + _MARK)
# Fast rather than small: it is done for each message that leaves.
_LEVEL = 1


class FileMissing(Exception):
    """A file that went with the message is no longer there as it was."""


def fingerprint(content: bytes) -> str:
    """SHA-256 of ``content``, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def pack(message: bytes, files: Iterable[bytes] = ()) -> bytes:
    """``message`` made small: compressed, the encoded ``files`` in it replaced by their fingerprints.

    A file that does not stand in it as e-mails encode files (base64, 76 characters a line) stays in the message.
    """
    if _MARK not in message:
        for content in files:
            encoded = _encode(content)
            if content and encoded in message:
                mark = _MARK + fingerprint(content).encode() + _MARK
                message = message.replace(encoded, mark)
    return zlib.compress(message, _LEVEL)


def unpack(packed: bytes, files: Iterable[bytes] = ()) -> bytes:
    """The message, byte for byte, given the files that go with it in any order.

    Raises FileMissing when one of them is not there, or has changed; zlib.error when ``packed`` is damaged.
    """
    message = zlib.decompress(packed)
    wanted = set(_MARKED.findall(message))
    if not wanted:
        return message
    known = {fingerprint(content).encode(): content for content in files}
    if wanted - known.keys():
        raise FileMissing(len(wanted - known.keys()))
    return _MARKED.sub(lambda mark: _encode(known[mark[1]]), message)


def _encode(content):
    """``content`` as e-mails write it: base64, 76 characters a line."""
    encoded = base64.b64encode(content)
    return b"".join(encoded[start : start + 76] + b"\r\n" for start in range(0, len(encoded), 76))
