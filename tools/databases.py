"""Databases: a cached template with French accounting, and copies of it for demo, tests and benchmarks."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import postgres, python_env
from tools.console import Failure, entry, run, step
from tools.odoo_source import Odoo
from tools.paths import ADDON, ADDONS, DATA, LOCAL, LOGS, PYTHON, ROOT, digest, lock, tree_digest

CONFIG = LOCAL / "odoo.conf"
MODULE = "credit_collection"
# What the tests need beyond what the add-on depends on.
ALWAYS = ("account", "l10n_fr_account", "account_payment", "payment_demo")
LANGUAGE = "fr_FR"


class Environment:
    """Everything found and running: Odoo, its packages, PostgreSQL and a configuration file.

    ``release`` stops PostgreSQL if this command started it and nobody else uses it.
    """

    def __init__(self) -> None:
        self.odoo: Odoo = python_env.ensure()
        self.started_postgres = postgres.ensure()
        write_config(self.odoo)

    def release(self) -> None:
        """Leave the machine as it was found."""
        if self.started_postgres:
            postgres.stop_if_idle()

    def odoo_command(self, database: str, *arguments: str) -> list[str]:
        """The command line of Odoo's server on a database."""
        return [str(PYTHON), "-m", "odoo", "-c", str(CONFIG), "-d", database, *arguments]


def write_config(odoo: Odoo) -> None:
    """Write Odoo's configuration file; what the environment says of PostgreSQL wins over it."""
    env = postgres.environment()
    settings = {
        "addons_path": ",".join(map(str, (*odoo.addons, ROOT))),
        "data_dir": DATA,
        "http_interface": "127.0.0.1",
        "gevent_port": 0,
        "limit_time_cpu": 3600,
        "limit_time_real": 7200,
        "server_wide_modules": "base,rpc,web",
        "smtp_server": "127.0.0.1",  # port 9 answers to nobody: no real mail ever leaves from here
        "smtp_port": 9,
        "screenshots": LOCAL / "screenshots",
    }
    if not postgres.external():
        settings |= {"db_host": env["PGHOST"], "db_port": env["PGPORT"], "db_user": env["PGUSER"]}
    text = "[options]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items())
    for folder in (DATA, LOGS):
        folder.mkdir(parents=True, exist_ok=True)
    if not CONFIG.exists() or CONFIG.read_text() != text:
        CONFIG.write_text(text)


def own(name: str) -> str:
    """A database name of this checkout: on a server that others use too, one they cannot have taken."""
    return f"{name}_{digest(ROOT)[:6]}" if postgres.external() else name


def exists(database: str) -> bool:
    """Whether there is a database of this name."""
    return bool(postgres.query(f"SELECT 1 FROM pg_database WHERE datname = '{_checked(database)}'"))


def drop(database: str) -> None:
    """Drop a database and its filestore, ending the sessions on it."""
    if exists(database):
        postgres.query(f'ALTER DATABASE "{database}" IS_TEMPLATE false')
        postgres.query(f'DROP DATABASE "{database}" WITH (FORCE)')
    shutil.rmtree(filestore(database), ignore_errors=True)


def filestore(database: str) -> Path:
    """Where Odoo keeps the attachments of a database."""
    return DATA / "filestore" / _checked(database)


def copy(source: str, target: str) -> None:
    """Make ``target`` a copy of ``source``, filestore included: without it assets answer 500."""
    drop(target)
    postgres.query(f'CREATE DATABASE "{_checked(target)}" TEMPLATE "{_checked(source)}"')
    if filestore(source).exists():
        # Odoo never rewrites a stored file (its name is its digest), so links are as good as copies.
        shutil.copytree(filestore(source), filestore(target), copy_function=_link)


def create_from_template(environment: Environment, database: str) -> None:
    """A fresh database with French accounting, French loaded, and no demo data."""
    copy(template(environment), database)


def template(environment: Environment) -> str:
    """The name of the cached template, built when what it depends on has changed."""
    modules = sorted({*ALWAYS, *_dependencies()})
    version = postgres.query("SHOW server_version_num")[0][0]
    name = own(f"cc_template_{digest(environment.odoo.version, version, *modules)}")
    with lock("template"):
        if not exists(name):
            _build_template(environment, name, modules)
    return name


def _build_template(environment: Environment, name: str, modules: Sequence[str]) -> None:
    building = f"{name}_new"
    with step(f"Template database: Odoo with {', '.join(modules)}, in French (about a minute, kept for later)"):
        drop(building)
        log = LOGS / "template-init.log"
        command = [PYTHON, "-m", "odoo", "db", "-c", CONFIG, "init", building, "--country", "FR"]
        run(command, env=postgres.environment(), log=log, progress=lambda: progress_of(log))
        # Not “init --language fr_FR”: English would become inactive.
        odoo(environment, building, "-i", ",".join(modules), f"--load-language={LANGUAGE}", log="template-install")
        postgres.query(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
        shutil.rmtree(filestore(name), ignore_errors=True)
        if filestore(building).exists():
            filestore(building).rename(filestore(name))
        postgres.query(f'ALTER DATABASE "{name}" IS_TEMPLATE true ALLOW_CONNECTIONS false')


def install(environment: Environment, database: str, *, update: bool = False) -> None:
    """Install (or update) the add-ons and make sure Odoo really did."""
    verb = "Updating" if update else "Installing"
    with step(f"{verb} {MODULE} in {database}"):
        modules = ",".join(addon.name for addon in ADDONS)
        # Without the option an update leaves terms translated earlier as they were.
        what = ["-u", modules, "--i18n-overwrite"] if update else []
        what += ["-i", modules]  # what couples the add-on with others may be new
        odoo(environment, database, *what, log=f"install-{database}")
    for addon in ADDONS:
        if state(database, addon.name) != "installed":
            raise Failure(
                f"{addon.name} is “{state(database, addon.name)}” in {database} instead of installed.",
                f"read {LOGS / f'install-{database}.log'}.",
            )


def state(database: str, module: str = MODULE) -> str:
    """The state of an add-on in a database, “absent” when Odoo does not know it."""
    rows = postgres.query(f"SELECT state FROM ir_module_module WHERE name = '{module}'", database)
    return rows[0][0] if rows else "absent"


def odoo(environment: Environment, database: str, *arguments: str, log: str) -> None:
    """Run Odoo's server on a database until it has done what the arguments ask, then stop.

    An error in Odoo's log is a failure: it may exit 0 after one.
    """
    path = LOGS / f"{log}.log"
    command = environment.odoo_command(database, "--no-http", "--stop-after-init", "--max-cron-threads=0", *arguments)
    advice = "correct the error above; if the add-on did not change, “make clean” rebuilds everything."
    text = run(command, env=postgres.environment(), log=path, progress=lambda: progress_of(path), advice=advice)
    errors = [line for line in text.splitlines() if re.match(r"\S+ \S+ \d+ (ERROR|CRITICAL) ", line)]
    if errors:
        raise Failure("Odoo reported errors:\n" + "\n".join(f"  | {line}" for line in errors[:10]), f"read {path}.")


def shell(database: str, script: Path, *options: str) -> str:
    """Run a Python script in Odoo's shell on a database (``env`` is there) and return what it printed."""
    command = [PYTHON, "-m", "odoo", "shell", "-c", CONFIG, "-d", database, "--no-http", "--log-level=warn", *options]
    with script.open() as source:
        result = subprocess.run(
            [str(part) for part in command],
            stdin=source,
            env=postgres.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    if result.returncode or "Traceback (most recent call last)" in result.stderr:
        tail = "\n".join(f"  | {line}" for line in (result.stderr or result.stdout).splitlines()[-25:])
        raise Failure(f"{script.name} failed in Odoo's shell:\n{tail}", "read the message above.")
    return result.stdout


def progress_of(log: Path) -> str:
    """How far Odoo is, from its log: “module 12 of 43: account”."""
    try:
        found = re.findall(r"Loading module (\S+) \((\d+)/(\d+)\)", log.read_text(errors="replace"))
    except OSError:
        found = []
    return "module {1} of {2}: {0}".format(*found[-1]) if found else "starting"


def addon_digest() -> str:
    """Changes when a file of the add-ons that an installation reads does."""
    return "".join(tree_digest(addon) for addon in ADDONS)


def _dependencies() -> list[str]:
    """Modules that the add-on needs; those that couple it with others are installed with what they need."""
    manifest = ADDON / "__manifest__.py"
    return ast.literal_eval(manifest.read_text())["depends"] if manifest.exists() else []


def _checked(database: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", database):
        raise Failure(f"“{database}” is no name for a database here.", "use letters, digits, - and _.")
    return database


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def main() -> None:
    """``new NAME`` copies the template, ``drop NAME`` removes a database."""
    verb, name = [*sys.argv[1:], "", ""][:2]
    if verb not in {"new", "drop"} or not name:
        raise Failure("Say what to do.", "python3 -m tools.databases new NAME, or drop NAME.")
    environment = Environment()
    if verb == "new":
        create_from_template(environment, name)
    else:
        drop(name)


if __name__ == "__main__":
    entry(main)
