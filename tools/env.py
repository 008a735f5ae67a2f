"""Prints the shell variables with which Odoo, psql and pytest work by hand: ``eval "$(python3 -m tools.env)"``."""

import os
import shlex
import sys

from tools import browser, postgres
from tools.console import entry
from tools.databases import CONFIG, Environment


def main() -> None:
    """Have everything in place, PostgreSQL started, and print ``export`` lines only on stdout."""
    out, sys.stdout = sys.stdout, sys.stderr
    Environment()
    wanted = browser.environment(postgres.environment()) | {"ODOO_RC": str(CONFIG)}
    for name, value in wanted.items():
        if os.environ.get(name) != value:
            print(f"export {name}={shlex.quote(value)}", file=out)


if __name__ == "__main__":
    entry(main)
