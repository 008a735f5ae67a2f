"""The demo: a French company with customers who pay late, in a browser, on this machine only.

Environment: ``DEMO_INTERFACE`` listens elsewhere than on 127.0.0.1, ``DEMO_PORT`` tries another
port than 8069 first.
"""

import json
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tools import databases, postgres
from tools.background import Background
from tools.console import Failure, entry, say, step
from tools.databases import Environment
from tools.paths import LOCAL, PYTHON, ROOT, lock

STATE = LOCAL / "demo.json"
MAIL = LOCAL / "demo-mail"
LOGIN = PASSWORD = "admin"
SERVER = Background("demo-server")
CATCHER = Background("demo-mail-catcher")


def start() -> None:
    """Have the demo running with the add-on as it is now; keeps the data of an earlier run."""
    environment = Environment()
    with lock("demo"):
        state = _state()
        current = databases.addon_digest()
        database = databases.own("cc_demo")
        if not databases.exists(database) or state.get("database") != database:
            _stop_processes()
            state = {"database": database} | _catch_mail(state)
            _create(environment, database, _mail_options(state))
        elif state.get("addon") != current:
            say("→ The add-on has changed since the last start")
            _stop_processes()
            databases.install(environment, database, update=True)
        state["addon"] = current
        if not CATCHER.alive():
            SERVER.stop()
            state |= _catch_mail(state)
        if not (SERVER.alive() and _answers(state.get("address", ""))):
            SERVER.stop()
            state |= _serve(environment, database, state)
        STATE.write_text(json.dumps(state))
    _tell(state)


def reset() -> None:
    """Forget the demo's data and start over."""
    with lock("demo"):
        _stop_processes()
        STATE.unlink(missing_ok=True)
        for message in MAIL.glob("*.eml"):
            message.unlink()
    start()


def stop() -> None:
    """Stop the server, the mail catcher and the embedded PostgreSQL; the data stays."""
    if not LOCAL.exists():
        return
    with lock("demo"):
        stopped = _stop_processes()
    say("The demo has been stopped; its data stays." if stopped else "The demo was not running.")
    if not PYTHON.exists() or postgres.external():
        return
    if postgres.stop_if_idle():
        say("PostgreSQL has been stopped.")
    elif postgres.answers():
        say("PostgreSQL is in use by another command: left running.")


def shell() -> None:
    """Open Odoo's interactive shell on the demo's database."""
    Environment()
    database = databases.own("cc_demo")
    if not databases.exists(database):
        raise Failure("There is no demo yet.", "run “make demo” first.")
    command = [str(PYTHON), "-m", "odoo", "shell", "-c", str(databases.CONFIG), "-d", database, "--no-http"]
    state = _state()
    if "mail_port" in state:
        command += _mail_options(state)
    say(f"→ Odoo's shell on {database}: “env” is there, env.cr.commit() keeps what you change")
    os.execve(command[0], command, postgres.environment())


def _create(environment: Environment, database: str, mail_options: list[str]) -> None:
    STATE.unlink(missing_ok=True)  # a half-made database is made again
    databases.create_from_template(environment, database)
    databases.install(environment, database)
    with step("Demo company: creating its customers, invoices and history"):
        if "loaded" not in databases.shell(database, ROOT / "tools" / "demo_load.py", *mail_options):
            say("  this version of the add-on has no demo company: Odoo is empty")
    with step("Pages: building their scripts and styles once"):
        databases.shell(database, ROOT / "tools" / "warm_assets.py")


def _catch_mail(state: dict) -> dict:
    port = _free_port("127.0.0.1", state.get("mail_port") or 10025)
    env = postgres.environment()
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), env.get("PYTHONPATH")]))
    CATCHER.start([str(PYTHON), "-m", "tools.mail_catcher", str(MAIL), str(port)], env)
    return {"mail_port": port}


def _mail_options(state: dict) -> list[str]:
    return ["--smtp=127.0.0.1", f"--smtp-port={state['mail_port']}"]


def _serve(environment: Environment, database: str, state: dict) -> dict:
    interface = os.environ.get("DEMO_INTERFACE") or "127.0.0.1"
    port = _free_port(interface, int(os.environ.get("DEMO_PORT") or state.get("port") or 8069))
    options = [
        f"--http-interface={interface}",
        f"--http-port={port}",
        f"--db-filter=^{database}$",
        "--no-database-list",
        "--workers=0",
        *_mail_options(state),
    ]
    host = "127.0.0.1" if interface in ("0.0.0.0", "127.0.0.1") else interface
    address = f"http://{host}:{port}"
    with step("Server: starting Odoo in the background"):
        SERVER.start(environment.odoo_command(database, *options), postgres.environment())
        _wait_for(address)
    return {"port": port, "interface": interface, "address": address}


def _wait_for(address: str, patience: float = 120) -> None:
    deadline = time.monotonic() + patience
    while not _answers(address):
        if not SERVER.alive() or time.monotonic() > deadline:
            SERVER.stop()
            CATCHER.stop()
            raise Failure(
                f"Odoo did not start:\n{SERVER.tail()}",
                f"read {SERVER.log}; “make demo-reset” starts over with fresh data.",
            )
        time.sleep(0.3)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/web/health", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _tell(state: dict) -> None:
    say(
        f"\n  The demo is at  {state['address']}\n"
        f"  Log in as       {LOGIN}, password {PASSWORD}\n"
        f"  Mail it sends   stays in {MAIL}\n"
        f"  Its log         {SERVER.log}\n"
        "  make stop ends it, make demo-reset starts over."
    )
    if state["interface"] != "127.0.0.1":
        say(f"\n  ⚠ It listens on {state['interface']}: others can log in with this password.")


def _stop_processes() -> bool:
    running = [SERVER.stop(), CATCHER.stop()]
    return any(running)


def _free_port(interface: str, first: int) -> int:
    for port in range(first, first + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((interface, port))
            except OSError as error:
                if error.errno == 99:  # EADDRNOTAVAIL
                    raise Failure(f"This machine has no address {interface}.", "correct DEMO_INTERFACE.") from error
                continue
            return port
    raise Failure(f"No free port between {first} and {first + 99}.", "set DEMO_PORT to a free one.")


def _state() -> dict:
    try:
        return json.loads(Path(STATE).read_text())
    except (OSError, ValueError):
        return {}


COMMANDS = {"start": start, "reset": reset, "stop": stop, "shell": shell}


def main() -> None:
    """Run the command named on the command line, “start” without one."""
    COMMANDS[sys.argv[1] if len(sys.argv) > 1 else "start"]()


if __name__ == "__main__":
    entry(main)
