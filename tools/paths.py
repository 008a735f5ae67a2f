"""Where things live: all that is fetched or built stays in ``.local``, inside the project."""

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ADDON = ROOT / "credit_collection"
# The add-on first, then those that couple it with others and install themselves with their partners.
ADDONS = (ADDON, *sorted(path.parent for path in ROOT.glob("credit_collection_*/__manifest__.py")))
LOCAL = ROOT / ".local"
CACHE = Path(os.environ.get("CREDIT_COLLECTION_CACHE") or LOCAL / "cache")
VENV = LOCAL / "venv"
PYTHON = VENV / "bin" / "python"
DATA = LOCAL / "data"  # Odoo's data_dir: filestores and sessions
LOGS = LOCAL / "log"
# Odoo is compiled once and kept out of the tree: each process that compiles it anew spends ten seconds on it.
COMPILED = {"PYTHONPYCACHEPREFIX": str(LOCAL / "pycache"), "PYTHONDONTWRITEBYTECODE": ""}


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Let one process at a time do ``name`` in this checkout; the others wait and say so."""
    LOCAL.mkdir(parents=True, exist_ok=True)
    with (LOCAL / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Another command is busy with “{name}”: waiting for it.", file=sys.stderr, flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def digest(*parts: object) -> str:
    """Short name for what was built from ``parts``."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:10]


def tree_digest(folder: Path, ignore: frozenset[str] = frozenset({"__pycache__", "tests"})) -> str:
    """Short name for the content of ``folder``; changes when a file that matters does."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not ignore.intersection(path.relative_to(folder).parts):
            found.update(f"{path.relative_to(folder)}\0".encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:16]
