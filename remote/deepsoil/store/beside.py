"""What lies beside a store while it is made: the draft of the new one, and the old one while they change places."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def draft_of(store: Path) -> Path:
    """Where this process makes a store."""
    return store.with_name(f".{store.name}.partial-{os.getpid()}")


def aside_of(store: Path) -> Path:
    """Where this process keeps the old store until the new one is in its place."""
    return store.with_name(f".{store.name}.old-{os.getpid()}")


def clear(store: Path) -> None:
    """Remove what killed processes have left; a store that was only moved aside comes back.

    Only for a process that knows that no other one is making this store. Raises OSError.
    """
    for aside in sorted(store.parent.glob(f".{store.name}.old-*"), key=lambda path: path.stat().st_mtime, reverse=True):
        if not store.exists():
            aside.rename(store)
    for pattern in ("old", "partial"):
        for left in store.parent.glob(f".{store.name}.{pattern}-*"):
            shutil.rmtree(left, ignore_errors=True)
