"""Runs ``benchmarks/run.py`` with everything in place.

The script runs in the virtual environment, where ``tools`` and ``odoo`` can be imported; it finds
``ODOO_RC`` (configuration file), ``BENCH_DB`` (a fresh database with the add-on installed; kept
between runs when ``KEEP_DB=1``) and PostgreSQL's variables. ``ARGS`` are its arguments.
"""

import os
import shlex
import subprocess
import sys

from tools import databases, postgres
from tools.console import Failure, entry
from tools.databases import Environment
from tools.paths import PYTHON, ROOT, lock

SCRIPT = ROOT / "benchmarks" / "run.py"


def main() -> int:
    """Prepare the database and hand over."""
    if not SCRIPT.exists():
        raise Failure(f"There is no {SCRIPT.relative_to(ROOT)}.")
    environment = Environment()
    database = os.environ.get("BENCH_DB") or databases.own("cc_bench")
    keep = os.environ.get("KEEP_DB", "0") not in ("", "0")
    try:
        with lock(f"bench-{database}"):
            if keep and databases.exists(database):
                databases.install(environment, database, update=True)
            else:
                databases.create_from_template(environment, database)
                databases.install(environment, database)
            env = postgres.environment() | {
                "ODOO_RC": str(databases.CONFIG),
                "BENCH_DB": database,
                "PYTHONPATH": str(ROOT),
            }
            command = [str(PYTHON), str(SCRIPT), *shlex.split(os.environ.get("ARGS", "")), *sys.argv[1:]]
            return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    finally:
        environment.release()


if __name__ == "__main__":
    entry(main)
