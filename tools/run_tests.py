"""The whole suite: the pure rules first, then the add-on on a fresh database, browser included.

Environment: ``ARGS`` is handed to pytest, ``KEEP_DB=1`` updates the last run's database instead of
making a new one, ``TEST_DB`` names it (for two runs at a time).
"""

import os
import shlex
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from tools import browser, databases, postgres
from tools.console import Failure, entry, say
from tools.paths import ADDON, ADDONS, COMPILED, LOCAL, LOGS, PYTHON, ROOT, lock

PURE = "tests_calc"
NOTHING_SELECTED = 5
# The rows of a test are rolled back. A vacuum between two tests notes that a table of some pages holds nothing; the
# planner then takes it for empty, whatever the tests put into it, and joins it row by row: minutes for one query.
NO_VACUUM = """
    DO $$
    DECLARE name regclass;
    BEGIN
        FOR name IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
            EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', name);
        END LOOP;
    END $$
"""
# What Odoo says when it skips a browser test it could have run.
BROWSER_SKIPS = ("Chrome executable not found", "Chromium", "websocket-client")


def main() -> int:
    """Run everything, or what ``ARGS`` selects; the exit status is not 0 if anything failed."""
    arguments = shlex.split(os.environ.get("ARGS", "")) + sys.argv[1:]
    named = [argument for argument in arguments if (ROOT / argument.partition("::")[0]).exists()]
    pure = [name for name in named if name.startswith(PURE)]
    integration = [name for name in named if not name.startswith(PURE)]
    options = [argument for argument in arguments if argument not in named]
    environment = databases.Environment()
    try:
        results = []
        if pure or not named:
            results.append(_pure(pure or [PURE], options))
        if integration or not named:
            if results and results[0] not in (0, NOTHING_SELECTED):
                say("The pure tests failed: not going on to the database.")
                return results[0]
            results.append(
                _integration(environment, integration or [f"{addon.name}/tests" for addon in ADDONS], options)
            )
    finally:
        environment.release()
    return _verdict(results, selective=bool(arguments))


def _verdict(results: list[int], *, selective: bool) -> int:
    """0 if all passed; a selection may leave one of the runs empty, not all of them."""
    if all(result == NOTHING_SELECTED for result in results):
        return NOTHING_SELECTED
    allowed = (0, NOTHING_SELECTED) if selective else (0,)
    return next((result for result in results if result not in allowed), 0)


def _pure(paths: list[str], options: list[str]) -> int:
    """The rules in ``calc``, without Odoo nor database."""
    say("→ Pure tests, without a database")
    return _pytest(["-p", "no:odoo", "-n2", *paths, *options], os.environ | COMPILED)


def _integration(environment: databases.Environment, paths: list[str], options: list[str]) -> int:
    """The add-on's own tests, on a database where it has just been installed."""
    database = os.environ.get("TEST_DB") or databases.own("cc_test")
    if not list(ADDON.glob("tests/test_*.py")):
        raise Failure("The add-on has no tests.", f"add some to {ADDON / 'tests'}.")
    missing = browser.ensure()
    if missing:
        say(f"⚠ Browser tests will be skipped: {missing}")
    with lock(f"test-{database}"):
        _prepare(environment, database)
        say(f"→ Tests of the add-on, on {database}")
        report = LOGS / f"{database}.xml"
        command = [
            f"--odoo-config={databases.CONFIG}",
            f"--odoo-database={database}",
            "--odoo-http",
            "-n2",
            "--dist=loadfile",
            "--no-loadscope-reorder",
            f"--junitxml={report}",
            *_longest_first(paths, report),
            *options,
        ]
        result = _pytest(command, browser.environment(postgres.environment()))
        if result == 0 and missing is None and _skipped_for_want_of_browser(report):
            print("✗ Browser tests were skipped though a browser is there: see the reasons above.", file=sys.stderr)
            return 1
        return result


def _longest_first(paths: Sequence[str], report: Path) -> list[str]:
    """The files of ``paths``, those that took longest in the run of ``report`` first: the workers end together.

    A file that was not in it may be long, a browser test above all. Single tests are left as they were named.
    """
    if any("::" in path for path in paths):
        return list(paths)
    files = [
        str(file.relative_to(ROOT))
        for path in paths
        for file in (sorted((ROOT / path).rglob("test_*.py")) if (ROOT / path).is_dir() else [ROOT / path])
    ]
    seconds = _read_seconds(report)
    return sorted(files, key=lambda file: (-seconds.get(file, float("inf")), not file.endswith("_screens.py")))


def _read_seconds(report: Path) -> dict[str, float]:
    """What each file took in a former run; empty where there was none."""
    seconds = defaultdict(float)
    if report.exists():
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            module = case.get("classname", "").rpartition(".")[0]
            seconds[module.replace(".", "/") + ".py"] += float(case.get("time", 0))
    return dict(seconds)


def _prepare(environment: databases.Environment, database: str) -> None:
    """Have the add-on installed as it is now; with KEEP_DB only what changed is done."""
    stamp = LOCAL / f"{database}.installed"
    wanted = f"{databases.template(environment)} {databases.addon_digest()}"
    keep = os.environ.get("KEEP_DB", "0") not in ("", "0")
    known = stamp.read_text() if stamp.exists() else ""
    stamp.unlink(missing_ok=True)
    if keep and known.split()[:1] == wanted.split()[:1] and databases.exists(database):
        if known != wanted:
            databases.install(environment, database, update=True)
    else:
        databases.create_from_template(environment, database)
        databases.install(environment, database)
        databases.shell(database, ROOT / "tools" / "warm_assets.py")
    if databases.state(database) != "installed":
        raise Failure(f"{databases.MODULE} is not installed in {database}.", "run “make test” without KEEP_DB.")
    postgres.query(NO_VACUUM, database)
    stamp.write_text(wanted)


def _pytest(arguments: list[str], env: dict[str, str]) -> int:
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), env.get("PYTHONPATH")]))
    command = [str(PYTHON), "-m", "pytest", "-rs", *arguments]
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def _skipped_for_want_of_browser(report: Path) -> bool:
    skips = ElementTree.parse(report).getroot().iter("skipped")
    return any(reason in (skip.get("message") or "") for skip in skips for reason in BROWSER_SKIPS)


if __name__ == "__main__":
    entry(main)
