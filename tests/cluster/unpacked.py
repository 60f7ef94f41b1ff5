"""Debian's packages, unpacked into ``build`` and not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

_BUILD = Path(__file__).resolve().parents[2] / "build"


class Unavailable(Exception):
    """Why the packages cannot be had here."""


def unpacked(name: str, packages: Sequence[str]) -> Path:
    """The folder with the packages' files, downloaded once. Unavailable where apt cannot do it."""
    root = _BUILD / name / "root"
    if root.is_dir():
        return root
    if not shutil.which("apt-get"):
        raise Unavailable(f"needs Debian's apt-get to download {', '.join(packages)}")
    draft = root.parent / f"draft-{os.getpid()}"
    draft.mkdir(parents=True)
    try:
        done = subprocess.run(["apt-get", "download", "-q", *packages], cwd=draft, capture_output=True, text=True,
                              check=False, timeout=300)
        if done.returncode != 0:
            raise Unavailable(f"apt-get cannot download {', '.join(packages)}: {done.stderr.strip()[-200:]}")
        for package in draft.glob("*.deb"):
            subprocess.run(["dpkg", "-x", package, draft / "root"], check=True)
        (draft / "root").rename(root)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return root
