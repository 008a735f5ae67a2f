"""The form of everything: Python, XML, CSV and translations. ``--fix`` rewrites what can be."""

import csv
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from tools import python_env
from tools.console import entry, say
from tools.paths import ADDON, ADDONS, PYTHON, ROOT

PYTHON_FOLDERS = ("tools", *(addon.name for addon in ADDONS), "tests_calc", "benchmarks")


def main() -> int:
    """Run every check, so that one run shows all there is to correct."""
    python_env.ensure()
    folders = [folder for folder in PYTHON_FOLDERS if (ROOT / folder).is_dir()]
    ruff = [PYTHON, "-m", "ruff"]
    if "--fix" in sys.argv:
        _tool("ruff", [*ruff, "check", "--fix", *folders])
        return 0 if _tool("ruff format", [*ruff, "format", *folders]) else 1
    checks = [
        _tool("ruff", [*ruff, "check", *folders]),
        _tool("ruff format", [*ruff, "format", "--check", *folders]),
        _report("XML is well formed", _xml_problems()),
        _report("CSV rows are complete", _csv_problems()),
    ]
    if (ADDON / "__manifest__.py").exists():
        checks += [
            _tool("pylint-odoo, OCA's mandatory rules", [PYTHON, "-m", "pylint", *(addon.name for addon in ADDONS)]),
            _tool("translations", [PYTHON, "-m", "tools.translations"]),
        ]
    say("\nAll is well." if all(checks) else f"\n{checks.count(False)} of {len(checks)} checks failed.")
    return 0 if all(checks) else 1


def _tool(title: str, command: list[str | Path]) -> bool:
    say(f"→ {title}")
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode == 0


def _report(title: str, problems: list[str]) -> bool:
    say(f"→ {title}")
    for problem in problems:
        say(f"  {problem}")
    return not problems


def _files(pattern: str) -> list[Path]:
    return [path for addon in ADDONS for path in sorted(addon.rglob(pattern))]


def _xml_problems() -> list[str]:
    problems = []
    for path in _files("*.xml"):
        try:
            ElementTree.parse(path)
        except ElementTree.ParseError as error:
            problems.append(f"{path.relative_to(ROOT)}: {error}")
    return problems


def _csv_problems() -> list[str]:
    problems = []
    for path in _files("*.csv"):
        if "tests" in path.parts:  # broken on purpose, some of them
            continue
        with path.open(newline="", encoding="utf-8") as source:
            rows = list(csv.reader(source))
        width = len(rows[0]) if rows else 0
        wrong = [number for number, row in enumerate(rows, 1) if len(row) != width]
        problems += [f"{path.relative_to(ROOT)}:{number}: not {width} values" for number in wrong]
        keys = [row[0] for row in rows[1:] if row]
        if rows and rows[0][0] == "id" and len(keys) != len(set(keys)):
            problems.append(f"{path.relative_to(ROOT)}: the same id twice")
    return problems


if __name__ == "__main__":
    entry(main)
