"""The virtual environment: Python packages at locked versions, with Odoo importable in it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import apt
from tools.console import Failure, entry, run, say, step
from tools.odoo_source import SERIES, Odoo, find_or_fetch
from tools.paths import CACHE, LOCAL, LOGS, PYTHON, ROOT, VENV, digest, lock

LOCK = ROOT / "tools" / "requirements.lock"
OLDEST, NEWEST = (3, 10), (3, 13)
ADVICE = "check that this machine reaches its Python package index (pip's own configuration is used), then retry."


def ensure() -> Odoo:
    """Make the environment match the lock and see this project's Odoo; instant when it does already."""
    with lock("bootstrap"):
        odoo = find_or_fetch()
        LOGS.mkdir(parents=True, exist_ok=True)
        stamp = VENV / "built-from"
        wanted = digest(LOCK.read_text(), odoo.package, VENV)
        if not (PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted):
            _build(odoo)
            stamp.write_text(wanted)
    return odoo


def _build(odoo: Odoo) -> None:
    interpreter = _interpreter()
    with step(f"Python packages: {_count()} at locked versions, for {interpreter} (about 250 MB)"):
        shutil.rmtree(VENV, ignore_errors=True)
        _create(interpreter)
        installer = _fast_installer()
        log = LOGS / "python-packages.log"
        arguments = ["--require-hashes", "-r", LOCK]
        if installer:
            try:
                say("  downloading and installing")
                run([installer, "pip", "install", *arguments], env=_installer_env(), log=log)
            except Failure as failure:
                say(f"  the fast installer failed, trying pip: {failure.what.splitlines()[-1].strip()}")
                installer = None
        if not installer:
            say("  downloading and installing with pip (a minute or two)")
            _pip("install", "--no-deps", *arguments, log=log)
        _show_odoo(odoo)


def _count() -> int:
    return len(re.findall(r"^\S+==", LOCK.read_text(), re.M))


def _interpreter() -> str:
    """A Python of a supported version: the running one if it will do, else one on the path."""
    candidates = [sys.executable, *(f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)), "python3"]
    test = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    for candidate in candidates:
        path = shutil.which(candidate)
        if path and subprocess.run([path, "-c", test], capture_output=True).returncode == 0:
            return path
    raise Failure(
        f"No Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]} on this machine.",
        "install one, e.g. “apt-get install python3”, and run the same command again.",
    )


def _create(interpreter: str) -> None:
    """Create the environment; where Debian keeps ``ensurepip`` apart, pip comes from its package."""
    run([interpreter, "-m", "venv", "--without-pip", VENV], advice="install the package python3-venv.")
    bundled = subprocess.run([PYTHON, "-m", "ensurepip"], capture_output=True, text=True)
    if bundled.returncode:
        say("  this Python has no pip: taking it from the distribution")
        site = _site_packages()
        for wheel in _distribution_pip():
            shutil.unpack_archive(wheel, site, "zip")


def _distribution_pip() -> list[Path]:
    sources = apt.machine_sources() if apt.available() else []
    if not sources:
        raise Failure("This Python has neither ensurepip nor pip.", "install the package python3-venv.")
    folder = LOCAL / "pip-wheel"
    run(["mkdir", "-p", folder])
    if not list(folder.rglob("pip-*.whl")):
        mirror, suite = sources[0]
        archive = apt.Archive(mirror, suite, apt.machine_keyring())
        archive.update()
        for deb in archive.download("python3-pip-whl"):
            apt.unpack(deb, folder)
    return list(folder.rglob("pip-*.whl"))


def _site_packages() -> Path:
    return Path(run([PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).strip())


def _pip(*arguments: str | Path, log: Path | None = None) -> str:
    command = [PYTHON, "-m", "pip", *arguments, "--disable-pip-version-check", "--no-input"]
    return run(command, advice=ADVICE, log=log)


def _fast_installer() -> Path | None:
    """uv at its locked version, several times faster than pip; None when it has no build for here."""
    block = re.search(r"^uv==.*?(?=^\S)", LOCK.read_text(), re.M | re.S)
    only_uv = VENV / "uv.txt"
    only_uv.write_text(re.sub(r"^\s*#.*\n", "", block[0], flags=re.M) if block else "")
    try:
        _pip("install", "--no-deps", "--only-binary=:all:", "--require-hashes", "-r", only_uv)
    except Failure:
        return None
    return VENV / "bin" / "uv"


def _installer_env() -> dict[str, str]:
    """uv reads no pip configuration: hand it the index and certificates this machine uses."""
    settings = dict(re.findall(r"^(?:global|install|:env:)\.([\w-]+)='(.*)'$", _pip("config", "list"), re.M))
    env = {
        **os.environ,
        "VIRTUAL_ENV": str(VENV),
        "UV_CACHE_DIR": str(CACHE / "uv"),
        "UV_SYSTEM_CERTS": "1",
        "UV_NATIVE_TLS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
    }
    translated = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
    for setting, variable in translated.items():
        if setting in settings:
            env.setdefault(variable, settings[setting])
    return env


def _show_odoo(odoo: Odoo) -> None:
    """Make Odoo importable, and known to pip so that ``odoo-addon-*`` packages find their dependency.

    The metadata is ours: the distribution's would make pip fetch the source build of psycopg2.
    """
    site = _site_packages()
    folder = odoo.package.parent
    if odoo.origin == "installed":  # not the whole folder: the machine's other packages live there too
        folder = LOCAL / "odoo-import"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "odoo").symlink_to(odoo.package)
    (site / "odoo-source.pth").write_text(f"{folder}\n")
    metadata = site / f"odoo-{SERIES}.dist-info"
    metadata.mkdir(exist_ok=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: odoo\nVersion: {SERIES}\n")
    (metadata / "INSTALLER").write_text("credit_collection\n")
    (metadata / "RECORD").write_text("")
    script = VENV / "bin" / "odoo"
    script.write_text(f'#!/bin/sh\nexec "{PYTHON}" -m odoo "$@"\n')
    script.chmod(0o755)


def relock() -> None:
    """Lock the newest versions that ``requirements.in`` allows, for every supported Python at once."""
    ensure()
    command = [VENV / "bin" / "uv", "pip", "compile", "--upgrade", "--universal", "--generate-hashes"]
    options = ["--python-version", f"{OLDEST[0]}.{OLDEST[1]}", "--no-emit-index-url", "--no-header", "--quiet"]
    locked = LOCK.relative_to(ROOT)  # as the comments of the lock name it, the same on every machine
    files = [locked.with_suffix(".in"), "-o", locked]
    run([*command, *options, *files], env=_installer_env(), cwd=ROOT, advice=ADVICE)
    say(f"{locked}: {_count()} packages. Run “make test” before committing it.")


if __name__ == "__main__":
    entry(relock if sys.argv[1:] == ["lock"] else lambda: say(str(ensure().package)))
