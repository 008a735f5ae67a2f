"""Puts scores, payment dates and cash forecasts to the proof on receivables of others, inside Odoo.

``ARGS`` names CSV files (gzipped or not) with the header of ``evaluation/README.md``, else those beside the project in
``../shared/data`` are taken; ``--country BR`` gives the company's public holidays, ``--without-boosting`` leaves
scikit-learn out. Each file gets a database of its own: the add-on, the file's invoices and payments, a walk forward.
"""

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools import databases, postgres
from tools.console import Failure, entry, run, say, step
from tools.paths import LOCAL, LOGS, PYTHON, ROOT, digest, lock

SCRIPT = ROOT / "evaluation" / "in_odoo.py"
REQUIREMENTS = ROOT / "evaluation" / "requirements.txt"
PACKAGES = LOCAL / "evaluation"
SHARED = ROOT.parent / "shared" / "data"


def main() -> int:
    """Evaluate each file; the first failure ends it."""
    chosen = _parse()
    environment = databases.Environment()
    try:
        with lock("evaluate"):
            if not chosen.without_boosting:
                _ensure_packages()
            for path in chosen.files:
                code = _evaluate(environment, path, chosen)
                if code:
                    return code
        return 0
    finally:
        environment.release()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make evaluate", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--country", default="")
    parser.add_argument("--without-boosting", action="store_true")
    chosen = parser.parse_args([*shlex.split(os.environ.get("ARGS", "")), *sys.argv[1:]])
    chosen.files = [path.resolve() for path in chosen.files] or list(_shared_files())
    if not chosen.files:
        raise Failure(f"There is no CSV file in {SHARED}.", 'name one: make evaluate ARGS="receivables.csv".')
    for path in chosen.files:
        if not path.is_file():
            raise Failure(f"There is no file {path}.", "check its name.")
    return chosen


def _shared_files() -> Iterator[Path]:
    for path in sorted(SHARED.glob("*.csv*")):
        if path.name.endswith((".csv", ".csv.gz")):
            yield path


def _ensure_packages() -> None:
    """scikit-learn, apart from the packages that the add-on runs with."""
    stamp = PACKAGES / "built-from"
    wanted = digest(REQUIREMENTS.read_text(), PYTHON)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with step("scikit-learn, for the evaluation alone"):
        command = [PYTHON, "-m", "pip", "install", "--upgrade", "--target", PACKAGES, "-r", REQUIREMENTS]
        run(
            [*command, "--disable-pip-version-check", "--no-input"],
            log=LOGS / "evaluation-packages.log",
            advice="check that this machine reaches its package index, or leave it out with --without-boosting.",
        )
        stamp.write_text(wanted)


def _evaluate(environment: databases.Environment, path: Path, chosen: argparse.Namespace) -> int:
    database = databases.own("cc_evaluation")
    say(f"→ {path.name}")
    databases.create_from_template(environment, database)
    try:
        databases.install(environment, database)
        env = postgres.environment() | {"ODOO_RC": str(databases.CONFIG), "PYTHONPATH": str(ROOT)}
        command = [str(PYTHON), str(SCRIPT), database, str(path), "--country", chosen.country]
        command += ["--without-boosting"] if chosen.without_boosting else []
        return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    finally:
        databases.drop(database)


if __name__ == "__main__":
    entry(main)
