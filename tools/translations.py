"""What must hold of the translations: every term in French, with the variables of the original."""

import re
from pathlib import Path

import polib

from tools.paths import ADDONS, ROOT

# %s, %(name)s, {name}: lost or renamed, they break the message when it is shown.
VARIABLE = re.compile(r"%(?:\([^)]+\))?[-+0#]*\d*(?:\.\d+)?[sdifgr]|\{\{.*?\}\}|(?<!\{)\{\w*\}(?!\})")
# What {{ … ||| …}} says where there is nothing is a text as any other.
INSTEAD = re.compile(r"\|\|\|.*?(?=\}\})")
TAG = re.compile(r"</?([a-zA-Z][\w-]*)")


def problems() -> list[str]:
    """What is wrong with the translation files, a line each."""
    return [problem for addon in ADDONS for problem in _problems_in(addon)]


def _problems_in(addon: Path) -> list[str]:
    folder = addon / "i18n"
    pot = folder / f"{addon.name}.pot"
    if not pot.exists():
        return [f"{pot.relative_to(ROOT)}: missing; run “make i18n”"]
    template = polib.pofile(str(pot))
    found = []
    for path in sorted(folder.glob("*.po")):
        found += [f"{path.relative_to(ROOT)}: {problem}" for problem in _check(path, template)]
    if not (folder / "fr.po").exists():
        found.append(f"{folder.relative_to(ROOT)}/fr.po: missing; run “make i18n”, then translate")
    return found


def _check(path: Path, template: polib.POFile) -> list[str]:
    try:
        catalogue = polib.pofile(str(path), check_for_duplicates=True)
    except (OSError, ValueError) as error:
        return [str(error)]
    entries = {entry.msgid: entry for entry in catalogue if not entry.obsolete}
    wanted = {entry.msgid for entry in template}
    found = [f"not in it, run “make i18n”: {_short(term)}" for term in sorted(wanted - set(entries))]
    found += [f"no longer used, run “make i18n”: {_short(term)}" for term in sorted(set(entries) - wanted)]
    for term in sorted(wanted & set(entries)):
        found += _problems_of(entries[term])
    return found


def _problems_of(entry: polib.POEntry) -> list[str]:
    if not entry.msgstr.strip():
        return [f"not translated: {_short(entry.msgid)}"]
    found = []
    if entry.fuzzy:
        found.append(f"to be confirmed (fuzzy): {_short(entry.msgid)}")
    if _variables(entry.msgid) != _variables(entry.msgstr):
        found.append(f"variables differ from the original's: {_short(entry.msgid)}")
    if sorted(TAG.findall(entry.msgid)) != sorted(TAG.findall(entry.msgstr)):
        found.append(f"tags differ from the original's: {_short(entry.msgid)}")
    return found


def _variables(text: str) -> list[str]:
    return sorted(VARIABLE.findall(INSTEAD.sub("|||", text.replace("%%", ""))))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) < 70 else f"{text[:67]}…"


if __name__ == "__main__":
    raise SystemExit("\n".join(problems()) or 0)
