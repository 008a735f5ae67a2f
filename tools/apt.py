"""Packages of the distribution, fetched and unpacked inside the project: no root, no system change."""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools.console import Failure, run
from tools.paths import CACHE

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
ADVICE = "check the network and the machine's /etc/apt sources, then run the same command again."


def available() -> bool:
    """Whether this machine has the tools to fetch and unpack Debian packages."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def release() -> dict[str, str]:
    """The fields of /etc/os-release (``ID``, ``VERSION_CODENAME``…)."""
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return {}
    return {key: value.strip('"') for key, _, value in (line.partition("=") for line in lines)}


def machine_sources() -> list[tuple[str, str]]:
    """The (mirror, suite) pairs the machine already uses; works without package lists or network."""
    listing = subprocess.run(
        ["apt-get", "--print-uris", "-o", "Debug::NoLocking=1", "update"], capture_output=True, text=True
    ).stdout
    found = re.findall(r"^'([^']+)/dists/([^/']+)/InRelease'", listing, re.M)
    return [pair for pair in found if not re.search("security|updates|backports", pair[1])]


def debian_mirror() -> str:
    """The Debian mirror this machine uses."""
    for mirror, _suite in machine_sources():
        if re.search(r"/debian/?$", mirror):
            return mirror
    raise Failure("No Debian mirror among this machine's package sources.", "add one to /etc/apt, or see README.md.")


def machine_keyring() -> Path:
    """The keyring of the distribution this machine runs."""
    ubuntu = Path("/usr/share/keyrings/ubuntu-archive-keyring.gpg")
    return ubuntu if release().get("ID") == "ubuntu" and ubuntu.exists() else KEYRING


class Archive:
    """One suite of a mirror, with its package lists and downloads kept in the cache.

    ``standalone`` forgets what the machine has installed, so that ``install --download-only``
    fetches every dependency.
    """

    def __init__(self, mirror: str, suite: str, keyring: Path = KEYRING, standalone: bool = False):
        if not available():
            raise Failure(
                "This machine has no apt-get or dpkg-deb.",
                "use a Debian or Ubuntu machine, or set ODOO_HOME, PGHOST and put chromium on PATH.",
            )
        if not keyring.exists():
            raise Failure(f"The keyring {keyring} is missing.", "install the package debian-archive-keyring.")
        self.suite = suite
        self.folder = CACHE / "apt" / suite
        self.debs = CACHE / "debs"
        self._sources = self.folder / "private.sources"
        for part in ("lists/partial", "cache/archives/partial"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        self.debs.mkdir(parents=True, exist_ok=True)
        self._sources.write_text(
            f"Types: deb\nURIs: {mirror}\nSuites: {suite}\nComponents: main\nSigned-By: {keyring}\n"
        )
        options = {
            "Dir::Etc::sourcelist": self._sources,
            "Dir::Etc::sourceparts": "-",
            "Dir::State::Lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "APT::Sandbox::User": "",
            "Acquire::Languages": "none",
            "Debug::NoLocking": "1",
            "APT::Install-Recommends": "false",
        }
        if standalone:
            (self.folder / "status").touch()
            options["Dir::State::status"] = self.folder / "status"
        # In a file: an option on the command line may not hold a space.
        self.config = self.folder / "apt.conf"
        self.config.write_text("".join(f'{key} "{value}";\n' for key, value in options.items()))

    def _apt(self, *arguments: str | Path, **options) -> str:
        return run(
            ["apt-get", "-q", "-c", self.config, *arguments],
            advice=ADVICE,
            cwd=self.debs,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            **options,
        )

    def update(self) -> None:
        """Fetch the package lists; an unreachable mirror or a wrong signature is a failure."""
        self._apt("update", "--error-on=any")

    def download(self, *packages: str) -> list[Path]:
        """Download these packages, without dependencies, and return their files."""
        return self._fetch(self._apt("download", "--print-uris", *packages), ["download", *packages])

    def download_with_dependencies(self, *packages: str) -> list[Path]:
        """Download these packages and all they depend on, and return their files."""
        plan = self._apt("install", "--print-uris", "-y", *packages)
        names = re.findall(r"^'[^']+' (\S+)_\S+_\S+\.deb ", plan, re.M)
        return self.download(*names)

    def _fetch(self, listing: str, command: Sequence[str]) -> list[Path]:
        expected = {
            self.debs / name: int(size) for name, size in re.findall(r"^'[^']+' (\S+\.deb) (\d+)", listing, re.M)
        }
        total = sum(expected.values()) / 1e6

        def progress() -> str:
            got = sum(path.stat().st_size for path in expected if path.exists()) / 1e6
            return f"{got:.0f} of {total:.0f} MB downloaded"

        self._apt(*command, progress=progress)
        return list(expected)


def unpack(deb: Path, target: Path, exclude: Sequence[str] = ()) -> None:
    """Unpack a package's files under ``target``; nothing of it is executed."""
    target.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE) as content:
        run_tar = ["tar", "-C", target, "-x", "--no-same-owner", *(f"--exclude={pattern}" for pattern in exclude)]
        unpacked = subprocess.run(run_tar, stdin=content.stdout, stderr=subprocess.PIPE, text=True)
    if content.returncode or unpacked.returncode:
        deb.unlink(missing_ok=True)
        raise Failure(
            f"{deb.name} cannot be unpacked: {unpacked.stderr.strip()[:300]}",
            "check the free disk space, then run the same command again (the file is fetched anew).",
        )


def architecture() -> str:
    """The machine's name in library folders, e.g. ``x86_64-linux-gnu``."""
    return f"{platform.machine()}-linux-gnu"
