"""A headless Chromium for the browser tests: the machine's, else one installed or unpacked here."""

import os
import shutil
import subprocess

from tools import apt
from tools.console import Failure, entry, run, say, step
from tools.paths import LOCAL, lock

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-dejavu-core")
FOLDER = LOCAL / "chromium"
LAUNCHER = LOCAL / "browser-bin" / "chromium"


def environment(env: dict[str, str]) -> dict[str, str]:
    """``env`` with the browser on its path, if there is one."""
    if not _on_path() and LAUNCHER.exists():
        return env | {"PATH": f"{LAUNCHER.parent}{os.pathsep}{env['PATH']}"}
    return env


def ensure() -> str | None:
    """Have a browser; the reason in words when it is impossible, None when all is well."""
    with lock("browser"):
        if _on_path() or LAUNCHER.exists():
            return None
        if not apt.available():
            return "no Chromium on PATH, and no apt-get to fetch one"
        try:
            if os.getuid() == 0 and _install():
                return None
            _unpack()
        except Failure as failure:
            return f"no Chromium on PATH, and none can be fetched: {failure.what.splitlines()[0]}"
    return None


def _on_path() -> str | None:
    return next((name for name in NAMES if shutil.which(name)), None)


def _install() -> bool:
    """Install the distribution's package; False when that does not work here."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        with step("Chromium for the browser tests: installing the distribution's package (about 130 MB)"):
            run(["apt-get", "-q", "update"], env=quiet)
            run(["apt-get", "-q", "install", "-y", "--no-install-recommends", *PACKAGES], env=quiet)
    except Failure as failure:
        say(f"  not installed: {failure.what.splitlines()[-1].strip()}")
        return False
    return _works("chromium")


def _unpack() -> None:
    """Unpack the machine's own release of Chromium, with all it needs, inside the project."""
    with step("Chromium for the browser tests: fetching it into the project (about 300 MB, 800 MB unpacked)"):
        mirror, suite = _source()
        archive = apt.Archive(mirror, suite, apt.machine_keyring(), standalone=True)
        archive.update()
        debs = archive.download_with_dependencies(*PACKAGES)
        building = FOLDER.with_suffix(".new")
        shutil.rmtree(building, ignore_errors=True)
        for deb in debs:
            apt.unpack(deb, building)
        shutil.rmtree(FOLDER, ignore_errors=True)
        building.rename(FOLDER)
        _write_launcher()
        if not _works(str(LAUNCHER)):
            LAUNCHER.unlink()
            raise Failure("the unpacked Chromium does not start")


def _source() -> tuple[str, str]:
    codename = apt.release().get("VERSION_CODENAME")
    if apt.release().get("ID") != "debian":
        return apt.debian_mirror(), "trixie"  # Ubuntu's package only points to a snap
    own = [source for source in apt.machine_sources() if source[1] == codename]
    return own[0] if own else (apt.debian_mirror(), codename or "stable")


def _write_launcher() -> None:
    libraries = [f"usr/lib/{apt.architecture()}", f"lib/{apt.architecture()}", "usr/lib", "lib"]
    libraries += [f"usr/lib/{apt.architecture()}/{part}" for part in ("pulseaudio", "blas", "lapack")]
    path = ":".join(str(FOLDER / part) for part in libraries)
    LAUNCHER.parent.mkdir(parents=True, exist_ok=True)
    LAUNCHER.write_text(
        "#!/bin/sh\n"
        f'export LD_LIBRARY_PATH="{path}" FONTCONFIG_SYSROOT="{FOLDER}"\n'
        f'exec "{FOLDER}/usr/lib/chromium/chromium" "$@"\n'
    )
    LAUNCHER.chmod(0o755)


def _works(browser: str) -> bool:
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "data:text/html,<p>it-works</p>"]
    try:
        shown = subprocess.run(command, capture_output=True, text=True, timeout=90)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "it-works" in shown.stdout


def main() -> None:
    """Fetch a browser by hand."""
    say(ensure() or f"Browser: {shutil.which(_on_path() or '') or LAUNCHER}")


if __name__ == "__main__":
    entry(main)
