"""Postal addresses as sorting machines and postmen read them.

Source: NF Z 10-011 (six lines of 38 characters, signs and order of the lines), UPU S42 (country on a line of its own).
"""

import re
import textwrap
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

MAXIMUM_LINES = 6  # the country has one more
MAXIMUM_CHARACTERS = 38

# Hyphens and apostrophes are part of names: only signs that stand between words go.
_SIGNS = re.compile(r"\s*[,;:()\"«»“”]\s*|\.(?=\s|$)")
_POSTCODE = re.compile(r"\b\d{5}\b")
_TOWN_FIRST = re.compile(r"^(.+) (\d{5})$")  # as Odoo writes the addresses of overseas departments
_NUMBER = r"(?:\d+ ?(?:bis|ter|quater|[a-d])? )?"

# Kinds of ways, with the codes of the tax office's register of ways (FANTOIR).
_WAYS = {
    "allées?": "ALL",
    "avenue": "AV",
    "boulevard": "BD",
    "carrefour": "CAR",
    "chemin": "CHE",
    "cours": "CRS",
    "descente": "DSC",
    "domaine": "DOM",
    "esplanade": "ESP",
    "faubourg": "FG",
    "hameau": "HAM",
    "impasse": "IMP",
    "lotissement": "LOT",
    "montée": "MTE",
    "passage": "PAS",
    "place": "PL",
    "plateau": "PLT",
    "promenade": "PRO",
    "quartier": "QUA",
    "résidence": "RES",
    "rond[- ]point": "RPT",
    "route": "RTE",
    "ruelle": "RLE",
    "sentier": "SEN",
    "square": "SQ",
    "traverse": "TRA",
    "village": "VLGE",
    "zone artisanale": "ZA",
    "zone industrielle": "ZI",
    "lieu[- ]dit": "LD",
}
# Parts of a building: followed by their letter or number, they cannot be a name.
_BUILDINGS = {
    "bâtiment": "BAT",
    "immeuble": "IMM",
    "appartement": "APP",
    "escalier": "ESC",
    "étage": "ETG",
    "entrée": "ENT",
}
# Words of names, which only a person can shorten without changing the name of the way.
_NAMES = {
    "rez[- ]de[- ]chaussée": "RDC",
    "centre commercial": "CCAL",
    "général": "GAL",
    "maréchal": "MAL",
    "président": "PDT",
    "professeur": "PR",
    "docteur": "DR",
    "colonel": "COL",
    "commandant": "CDT",
    "capitaine": "CNE",
    "lieutenant": "LT",
    "sainte": "STE",
    "saint": "ST",
    "notre[- ]dame": "ND",
    "universitaire": "UNVT",
    "frères": "FRES",
}
_BEFORE_THE_WAY = re.compile(rf"(?:{'|'.join(_BUILDINGS)}|bât|rés|résidence|tour|porte|hall|appt|apt)\b", re.IGNORECASE)
_AFTER_THE_WAY = re.compile(r"(?:bp|cs|tsa|boîte postale|lieu[- ]dit|hameau|zi|za|zac|zone|parc)\b", re.IGNORECASE)


class Trouble(Enum):
    """Why an address cannot be delivered."""

    NO_ADDRESS = "no_address"
    NO_TOWN = "no_town"
    TOO_MANY_LINES = "too_many_lines"
    LINE_TOO_LONG = "line_too_long"


class Problem(NamedTuple):
    """A trouble, what causes it, and what a person could write instead."""

    trouble: Trouble
    detail: str = ""
    proposal: str = ""


def lay_out(
    names: Iterable[str], lines: Iterable[str], town: str, country: str = "", french: bool = True
) -> tuple[str, ...]:
    """Lines of an envelope.

    ``lines`` are the address as its country writes it, under the ``names``; ``country`` is empty at home. Long names
    take two lines; a line of a ``french`` address is abbreviated where it must be and can only mean one thing.
    """
    placed = [line for name in names for line in textwrap.wrap(_spaced(name), MAXIMUM_CHARACTERS)]
    cleaned = [text for line in lines if (text := _spaced(_SIGNS.sub(" ", line)))]
    town = _spaced(_SIGNS.sub(" ", town))
    ends = [line for line in cleaned if town and town in line]
    ways = [line for line in cleaned if line not in ends]
    if french:
        ways = [abbreviate(line) for line in sorted(ways, key=_rank)]
        ends = [_TOWN_FIRST.sub(r"\2 \1", line) for line in ends]
    return (*placed, *ways, *(line.upper() for line in ends), *([_spaced(country).upper()] if country else []))


def find_problems(lines: tuple[str, ...], french: bool = True, abroad: bool = False) -> list[Problem]:
    """What the post would not deliver or not read; none if the address is good. ``abroad``: the last is the country."""
    if not any(line.strip() for line in lines):
        return [Problem(Trouble.NO_ADDRESS)]
    found = []
    if french and not _POSTCODE.match(lines[-1 - abroad] if len(lines) > abroad else ""):
        found.append(Problem(Trouble.NO_TOWN))
    if len(lines) > MAXIMUM_LINES + abroad:
        found.append(Problem(Trouble.TOO_MANY_LINES, str(len(lines))))
    found += [
        Problem(Trouble.LINE_TOO_LONG, line, propose(line) if french else "")
        for line in lines
        if len(line) > MAXIMUM_CHARACTERS
    ]
    return found


def abbreviate(line: str) -> str:
    """``line`` with the abbreviations that are needed and can only mean one thing; as it is if they do not suffice."""
    shorter = line
    for words, abbreviation in _WAYS.items():
        shorter = _shorten(shorter, rf"^({_NUMBER})(?:{words})(?= )", rf"\g<1>{abbreviation}")
    for words, abbreviation in _BUILDINGS.items():
        shorter = _shorten(shorter, rf"\b(?:{words})(?= \w{{1,3}}\b)", abbreviation)
    return shorter if len(shorter) <= MAXIMUM_CHARACTERS else line


def propose(line: str) -> str:
    """A shorter ``line`` for a person to accept; empty if the usual abbreviations do not suffice."""
    shorter = line
    for words, abbreviation in (_WAYS | _BUILDINGS | _NAMES).items():
        shorter = _shorten(shorter, rf"\b(?:{words})\b", abbreviation)
    return shorter if len(shorter) <= MAXIMUM_CHARACTERS else ""


def _shorten(line, pattern, replacement):
    if len(line) <= MAXIMUM_CHARACTERS:
        return line
    return re.sub(pattern, replacement, line, count=1, flags=re.IGNORECASE)


def _rank(line):
    """Buildings stand above the way, boxes and hamlets below it."""
    if _BEFORE_THE_WAY.match(line):
        return 0
    return 2 if _AFTER_THE_WAY.match(line) else 1


def _spaced(text):
    return " ".join(text.split())
