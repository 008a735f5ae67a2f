"""Processes that outlive the command which started them, each in a group of its own."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tools.paths import LOCAL, LOGS


class Background:
    """A named background process: remembered in ``.local/<name>.pid.json``, logging to ``.local/log``."""

    def __init__(self, name: str):
        self.log = LOGS / f"{name}.log"
        self._file = LOCAL / f"{name}.pid.json"

    def start(self, command: Sequence[str], env: dict[str, str]) -> None:
        """Start it, detached from this terminal."""
        LOGS.mkdir(parents=True, exist_ok=True)
        with self.log.open("w") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                start_new_session=True,
            )
        self._file.write_text(json.dumps({"pid": process.pid, "born": _born(process.pid)}))

    def alive(self) -> bool:
        """Whether it still runs: the number alone could since be somebody else's."""
        return self._pid() is not None

    def stop(self, patience: float = 15) -> bool:
        """End the whole group, kindly first; True if it was running."""
        pid = self._pid()
        if pid is not None:
            os.killpg(pid, signal.SIGTERM)
            deadline = time.monotonic() + patience
            while self.alive() and time.monotonic() < deadline:
                time.sleep(0.1)
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)  # Odoo's cron workers outlive their master by half a minute
        self._file.unlink(missing_ok=True)
        return pid is not None

    def tail(self, lines: int = 15) -> str:
        """The end of its log, indented."""
        try:
            text = self.log.read_text(errors="replace")
        except OSError:
            return ""
        return "\n".join(f"  | {line}" for line in text.splitlines()[-lines:])

    def _pid(self) -> int | None:
        try:
            known = json.loads(self._file.read_text())
        except (OSError, ValueError):
            return None
        return known["pid"] if known["born"] and _born(known["pid"]) == known["born"] else None


def _born(pid: int) -> str | None:
    """When a process started, in clock ticks since boot; None if it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]
