"""What a person sees: the step under way, how far it is, and what to do when it fails."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class Failure(Exception):
    """Something a person can act on: what went wrong, then what to do about it."""

    def __init__(self, what: str, advice: str = ""):
        super().__init__(what)
        self.what = what
        self.advice = advice


def say(text: str) -> None:
    """Print a line at once, in order with what child processes print."""
    print(text, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a long step and, when it ends, how long it took."""
    say(f"→ {title}")
    started = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - started:.0f} s")


def entry(main: Callable[[], int | None]) -> None:
    """Run a command's ``main``; a failure prints its advice instead of a traceback."""
    try:
        sys.exit(main() or 0)
    except Failure as failure:
        print(f"\n✗ {failure.what}", file=sys.stderr)
        if failure.advice:
            print(f"  What to do: {failure.advice}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        sys.exit(130)


def run(
    command: Sequence[str | os.PathLike],
    *,
    advice: str = "",
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    log: Path | None = None,
    progress: Callable[[], str] | None = None,
) -> str:
    """Run a command to its end and return what it printed.

    With ``log`` its output goes there; with ``progress`` that function's answer is shown while it
    runs. A failing command raises Failure with the end of its output and ``advice``.
    """
    command = [os.fspath(part) for part in command]
    output = log.open("w+", errors="replace") if log else None
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=env,
            cwd=cwd,
        )
        text = _wait(process, progress)
        if output:
            output.seek(0)
            text = output.read()
    except FileNotFoundError as error:
        raise Failure(f"The program {command[0]} is not on this machine.", advice) from error
    finally:
        if output:
            output.close()
    if process.returncode:
        tail = "\n".join(f"  | {line}" for line in text.strip().splitlines()[-25:])
        where = f"\n  The whole log: {log}" if log else ""
        raise Failure(f"“{Path(command[0]).name} …” failed (exit {process.returncode}).\n{tail}{where}", advice)
    return text


def _wait(process: subprocess.Popen, progress: Callable[[], str] | None) -> str:
    """Wait for the process, repeating ``progress`` on one line of a terminal, or now and then in a log."""
    if progress is None:
        return process.communicate()[0] or ""
    terminal = sys.stdout.isatty()
    shown = ""
    last = time.monotonic()
    while True:
        try:
            text = process.communicate(timeout=0.5)[0] or ""
            break
        except subprocess.TimeoutExpired:
            now = progress()
            if now != shown and (terminal or time.monotonic() - last > 5):
                print(f"\r\033[K  {now}" if terminal else f"  {now}", end="" if terminal else "\n", flush=True)
                shown, last = now, time.monotonic()
    if terminal and shown:
        print("\r\033[K", end="", flush=True)
    return text
