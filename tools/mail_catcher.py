"""A mail server that delivers nothing: each message becomes a file to open and read."""

import re
import sys
import time
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller


class Catcher:
    """Writes every message it is handed to ``folder``, named after its moment, recipient and subject."""

    def __init__(self, folder: Path):
        self.folder = folder

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        """Keep one message; the number in its name keeps apart two of the same second."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        moment = datetime.now().astimezone().strftime("%Y-%m-%d_%Hh%Mm%S")
        words = f"{', '.join(envelope.rcpt_tos)[:40]} {message['subject'] or ''}"
        label = re.sub(r"[^\w@.-]+", "_", words)[:90].strip("_")
        path = self.folder / f"{moment}_{time.monotonic_ns() % 1_000_000:06}_{label}.eml"
        path.write_bytes(envelope.content)
        return "250 Kept for reading"


def main() -> None:
    """``mail_catcher FOLDER PORT``: listen on this machine only, until ended."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    Controller(Catcher(folder), hostname="127.0.0.1", port=int(sys.argv[2])).start()
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main()
