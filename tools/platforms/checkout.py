"""This checkout as a platform gets it: its files, copied, and a name for exactly these files."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from pathlib import Path

from ..console import ROOT

# The page that a run writes its results into: no test there depends on it.
_OWN_PAGE = ":!docs/platforms.md"
_KEPT_S = 86_400.0


def state() -> str:
    """The commit; with changes that are not committed, followed by ``+`` and a hash of them."""
    commit = _git("rev-parse", "HEAD").decode().strip()
    changes = _git("diff", "HEAD", "--binary", "--", ".", _OWN_PAGE)
    for name in _names("--others"):
        changes += name.encode() + b"\0" + (ROOT / name).read_bytes()
    return commit + (f"+{hashlib.sha256(changes).hexdigest()[:12]}" if changes else "")


def copy(folder: Path, wanted: str) -> Path:
    """The files that git knows or would take, in ``folder`` under the name of their state ``wanted``.

    Runs on several states do not meet: what is there is left alone, and copies of earlier days are deleted.
    """
    target, draft = folder / wanted, folder / f"{wanted}.{os.getpid()}"
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if time.time() - old.stat().st_mtime > _KEPT_S:
            shutil.rmtree(old)
    for name in (*_names("--cached"), *_names("--others")):
        if (ROOT / name).is_file():
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, draft / name)
    draft.rename(target)
    return target


def _names(which: str) -> list[str]:
    """Files that git knows (``--cached``), or would take (``--others``)."""
    return [name for name in _git("ls-files", "-z", which, "--exclude-standard").decode().split("\0") if name]


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True).stdout
