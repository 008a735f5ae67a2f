"""Exports the terms of the add-ons and merges them into its translations: then only gaps are left to fill.

``--check`` changes nothing and fails when the exported terms differ from the committed ones.
"""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import databases, postgres, python_env
from tools.console import Failure, entry, run, say, step
from tools.databases import Environment
from tools.odoo_source import find_or_fetch
from tools.paths import ADDONS, LOGS, PYTHON, ROOT

INSIDE = "CREDIT_COLLECTION_I18N"  # set once this runs in the virtual environment


def main() -> int:
    """Export in the virtual environment, where polib is."""
    if INSIDE not in os.environ:
        python_env.ensure()
        command = [str(PYTHON), "-m", "tools.i18n", *sys.argv[1:]]
        return subprocess.run(command, env={**os.environ, INSIDE: "1"}, cwd=ROOT, check=False).returncode
    with tempfile.TemporaryDirectory() as folder:
        exported = _export(Path(folder))
        return max(_merge(addon, exported[addon], check="--check" in sys.argv) for addon in ADDONS)


def _export(folder: Path) -> dict[Path, Path]:
    """The terms of each add-on, in files of ``folder``."""
    targets = {addon: folder / f"{addon.name}.pot" for addon in ADDONS}
    environment = Environment()
    database = databases.own("cc_i18n")
    try:
        databases.create_from_template(environment, database)
        databases.install(environment, database)
        with step("Exporting the terms"):
            command = [PYTHON, "-m", "odoo", "i18n", "export", "-c", databases.CONFIG, "-d", database]
            log = LOGS / "i18n-export.log"
            for addon, target in targets.items():
                run([*command, "-l", "pot", "-o", target, addon.name], env=postgres.environment(), log=log)
        databases.drop(database)
    finally:
        environment.release()
    for addon, target in targets.items():
        if not target.exists():
            raise Failure("Odoo exported nothing.", f"read {log}.")
        _drop_false_terms(addon, target)
    return targets


def _drop_false_terms(addon: Path, template: Path) -> None:
    """Odoo's extractor takes ``[("state", …)]`` after ``self.env._("…"),`` for a call of ``_``: drop such terms."""
    import polib

    catalogue = polib.pofile(str(template))
    marked = {term for path in addon.rglob("*.py") for term in _marked_terms(path)}
    for item in list(catalogue):
        only_python = all(place.startswith("code:") and place.endswith(".py") for place, _line in item.occurrences)
        if only_python and item.msgid not in marked:
            catalogue.remove(item)
    catalogue.save(str(template))


def _marked_terms(path: Path) -> set[str]:
    """Texts that a Python file gives to ``_``."""
    calls = (node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call) and node.args)
    return {
        call.args[0].value
        for call in calls
        if getattr(call.func, "attr", getattr(call.func, "id", "")) == "_" and isinstance(call.args[0], ast.Constant)
    }


def _merge(addon: Path, exported: Path, *, check: bool) -> int:
    import polib

    folder = addon / "i18n"
    folder.mkdir(exist_ok=True)
    pot = folder / f"{addon.name}.pot"
    new = polib.pofile(str(exported))
    old = polib.pofile(str(pot)) if pot.exists() else None
    if old is not None and _terms(old) == _terms(new):
        say(f"The terms of {addon.name} have not changed.")
    elif check:
        missing = sorted(set(_terms(new)) - set(_terms(old or [])))
        for term in missing[:20]:
            print(f"  new term: {term[:100]}")
        raise Failure(f"The committed terms are not those of {addon.name}.", "run “make i18n” and fill fr.po.")
    else:
        shutil.copy(exported, pot)
    if check:
        return 0
    french = folder / "fr.po"
    catalogue = polib.pofile(str(french)) if french.exists() else _empty_french(new)
    catalogue.merge(new)
    for obsolete in catalogue.obsolete_entries():
        catalogue.remove(obsolete)
    _fill_from_odoo(catalogue)
    catalogue.save(str(french))
    gaps = len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())
    say(f"{french.relative_to(ROOT)}: {len(catalogue)} terms, {gaps} to translate.")
    return 0


def _fill_from_odoo(catalogue) -> None:
    """Odoo's own French for the terms it has too: “Created by”, “Journal Entry”…"""
    import polib

    addons = find_or_fetch().package / "addons"
    for module in ("base", "account", "snailmail"):
        path = addons / module / "i18n" / "fr.po"
        known = {item.msgid: item.msgstr for item in polib.pofile(str(path))} if path.exists() else {}
        for item in catalogue.untranslated_entries():
            item.msgstr = known.get(item.msgid, "")


def _terms(catalogue) -> dict[str, list[str]]:
    """Terms and where they are used; not the line numbers, which change with every edit."""
    return {item.msgid: sorted({place for place, _line in item.occurrences}) for item in catalogue}


def _empty_french(template):
    import polib

    catalogue = polib.POFile()
    catalogue.metadata = {
        **template.metadata,
        "Language": "fr",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    return catalogue


if __name__ == "__main__":
    entry(main)
