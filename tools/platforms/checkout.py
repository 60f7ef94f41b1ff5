"""This checkout as a platform gets it: its files, copied, and a name for exactly these files."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from ..console import ROOT

# The page that a run writes its results into: no test there depends on it.
_OWN_PAGE = ":!docs/platforms.md"
_MARKER = Path("build", "checkout.txt")


def state() -> str:
    """The commit; with changes that are not committed, followed by ``+`` and a hash of them."""
    commit = _git("rev-parse", "HEAD").decode().strip()
    changes = _git("diff", "HEAD", "--binary", "--", ".", _OWN_PAGE)
    for name in _names("--others"):
        changes += name.encode() + b"\0" + (ROOT / name).read_bytes()
    return commit + (f"+{hashlib.sha256(changes).hexdigest()[:12]}" if changes else "")


def copy(target: Path, wanted: str) -> None:
    """The files that git knows or would take, over what an earlier run left; its ``build`` stays.

    Nothing is done where ``target`` has the files of the state ``wanted`` already: another run may be using them.
    """
    marker = target / _MARKER
    if marker.is_file() and marker.read_text(encoding="utf-8") == wanted:
        return
    marker.unlink(missing_ok=True)
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        if old.name != "build":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for name in (*_names("--cached"), *_names("--others")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    marker.parent.mkdir(exist_ok=True)
    marker.write_text(wanted, encoding="utf-8")


def _names(which: str) -> list[str]:
    """Files that git knows (``--cached``), or would take (``--others``)."""
    return [name for name in _git("ls-files", "-z", which, "--exclude-standard").decode().split("\0") if name]


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True).stdout
