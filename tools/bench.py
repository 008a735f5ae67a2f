"""Runs ``benchmarks/run.py`` with everything in place.

The script runs in the virtual environment, where ``tools`` and ``odoo`` can be imported; it finds ``ODOO_RC``
(configuration file) and PostgreSQL's variables, and makes databases of its own. ``ARGS`` are its arguments.
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
    """Have Odoo and PostgreSQL ready and hand over."""
    if not SCRIPT.exists():
        raise Failure(f"There is no {SCRIPT.relative_to(ROOT)}.")
    environment = Environment()
    try:
        with lock("bench"):
            env = postgres.environment() | {"ODOO_RC": str(databases.CONFIG), "PYTHONPATH": str(ROOT)}
            command = [str(PYTHON), str(SCRIPT), *shlex.split(os.environ.get("ARGS", "")), *sys.argv[1:]]
            return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    finally:
        environment.release()


if __name__ == "__main__":
    entry(main)
