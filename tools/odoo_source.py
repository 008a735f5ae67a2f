"""Where is Odoo 19? An installed one, ``ODOO_HOME``, the distribution's package, or a clone."""

import json
import os
import re
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from tools import apt
from tools.console import Failure, entry, run, say, step
from tools.paths import CACHE, LOCAL

SERIES = "19.0"
REPOSITORY = "https://github.com/odoo/odoo.git"
# Front-end libraries and fonts the package links to instead of shipping. Not from sid, whose
# Font Awesome has moved its files.
LINKED = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
)
# The top-level addons are a duplicate of odoo/addons; only French is kept of the translations.
EXCLUDED = (
    "./usr/lib/python3/dist-packages/addons",
    "./usr/lib/python3/dist-packages/doc",
    "./usr/lib/python3/dist-packages/setup",
    "./usr/lib/python3/dist-packages/*.egg-info",  # see python_env: it names packages no one needs
    "*/i18n/*.pot",
    "*/i18n/[!f]*.po",
    "*/i18n/f[!r]*.po",
)
# The package drops this file as non-free, yet the backend's assets name it.
STUB = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class Odoo:
    """An Odoo ready to import: ``package`` is the folder ``odoo`` itself."""

    package: Path
    addons: tuple[Path, ...]
    origin: str

    @property
    def version(self) -> str:
        """What a cache built with this Odoo depends on."""
        return f"{_series(self.package)} {self.origin} {self.package}"


def find_or_fetch() -> Odoo:
    """The Odoo of this project; fetched on first use, remembered afterwards."""
    home = os.environ.get("ODOO_HOME")
    remembered = LOCAL / "odoo.json"
    if home:
        odoo = _described(Path(home).expanduser().resolve(), "ODOO_HOME")
        if odoo is None:
            raise Failure(
                f"ODOO_HOME={home} holds no Odoo {SERIES}.",
                f"point it to a folder with odoo/release.py of series {SERIES}, or unset it.",
            )
        return odoo
    if remembered.exists():
        found = json.loads(remembered.read_text())
        odoo = Odoo(Path(found["package"]), tuple(map(Path, found["addons"])), found["origin"])
        if _series(odoo.package) == SERIES:
            return odoo
    odoo = _installed() or _from_distribution() or _from_clone()
    remembered.write_text(json.dumps(asdict(odoo), default=str))
    return odoo


def _series(package: Path) -> str | None:
    """The series of the Odoo in this folder, None if there is none."""
    try:
        text = (package / "release.py").read_text()
    except OSError:
        return None
    numbers = re.search(r"version_info\s*=\s*\((\d+),\s*(\d+)", text)
    return f"{numbers[1]}.{numbers[2]}" if numbers else None


def _described(home: Path, origin: str) -> Odoo | None:
    """The Odoo under ``home`` (a clone, a dist-packages folder, an unpacked package), if of our series."""
    for folder in (home, home / "usr/lib/python3/dist-packages"):
        if _series(folder / "odoo") == SERIES:
            addons = (folder / "addons",) if (folder / "addons" / "account").is_dir() else ()
            return Odoo(folder / "odoo", addons, origin)
    return None


def _installed() -> Odoo | None:
    """An Odoo 19 installed on the machine, if its backend can be opened."""
    for folder in (Path("/usr/lib/python3/dist-packages"), *map(Path, sys.path)):
        odoo = _described(folder, "installed") if folder.is_dir() else None
        if odoo and (odoo.package / "addons" / STUB).exists():
            say(f"→ Odoo {SERIES}: the one installed in {odoo.package}")
            return odoo
    return None


def _from_distribution() -> Odoo | None:
    """Debian's package, unpacked into the project; None when it cannot be had."""
    if not apt.available():
        return None
    try:
        with step(f"Odoo {SERIES}: fetching Debian's package (136 MB, 330 MB unpacked)"):
            debs = _packages()
            target = LOCAL / "odoo"
            building = LOCAL / "odoo.new"
            shutil.rmtree(building, ignore_errors=True)
            for number, deb in enumerate(debs, 1):
                say(f"  unpacking {number} of {len(debs)}: {deb.name.partition('_')[0]}")
                apt.unpack(deb, building, EXCLUDED if deb.name.startswith("odoo-19_") else ())
            stub = building / "usr/lib/python3/dist-packages/odoo/addons" / STUB
            stub.parent.mkdir(parents=True, exist_ok=True)
            stub.write_text("// Not shipped by the distribution; background blur in calls is off.\n")
            shutil.rmtree(target, ignore_errors=True)
            building.rename(target)
    except Failure as failure:
        say(f"  not from the distribution: {failure.what}")
        return None
    return _described(target, _origin(debs))


def _packages() -> list[Path]:
    """The package files, from the cache when it is complete."""
    listing = CACHE / "odoo-packages.json"
    if listing.exists():
        debs = [CACHE / "debs" / name for name in json.loads(listing.read_text())]
        if all(deb.exists() for deb in debs):
            return debs
    mirror = apt.debian_mirror()
    unstable = apt.Archive(mirror, "sid")
    unstable.update()
    stable = apt.Archive(mirror, "trixie")
    stable.update()
    debs = unstable.download("odoo-19") + stable.download(*LINKED)
    listing.write_text(json.dumps([deb.name for deb in debs]))
    return debs


def _origin(debs: list[Path]) -> str:
    return next(deb.name for deb in debs if deb.name.startswith("odoo-19_"))


def _from_clone() -> Odoo:
    """A shallow clone of Odoo's public repository."""
    target = LOCAL / "odoo-clone"
    with step(f"Odoo {SERIES}: cloning {REPOSITORY} (about 300 MB)"):
        shutil.rmtree(target, ignore_errors=True)
        run(
            ["git", "clone", "--quiet", "--depth=1", f"--branch={SERIES}", REPOSITORY, target],
            advice=f"give this machine network access, or set ODOO_HOME to a folder holding Odoo {SERIES}.",
        )
    odoo = _described(target, "clone")
    if odoo is None:
        raise Failure("The clone holds no Odoo.", "remove .local/odoo-clone and try again.")
    return odoo


if __name__ == "__main__":
    entry(lambda: say(str(find_or_fetch().package)))
