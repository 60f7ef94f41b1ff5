"""Locks for disks that have none, such as Lustre mounted without ``flock``: a file created by a link, with a lease.

The holder touches its file every few seconds. Whoever waits takes the lock over when the holder's process is gone, or
when the file has not changed for `LEASE_S`, counted by the clock of the waiting process: clocks are never compared.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deepsoil.io import atomic, process
from deepsoil.io.exclusive import write_once

LEASE_S = 25.0
BEAT_S = 4.0

# (path, content and time of a lease) → when this process first saw it so, by its monotonic clock.
_seen: dict[Path, tuple[Any, float]] = {}


@dataclass
class Lease:
    """A lock that is held; `release` it."""

    path: Path
    token: str

    def __post_init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease {self.path.name}", daemon=True)
        self._thread.start()

    def release(self) -> None:
        self._ended.set()
        with suppress(OSError):
            if _read(self.path).get("token") == self.token:
                self.path.unlink()

    def _beat(self) -> None:
        while not self._ended.wait(BEAT_S):
            with suppress(OSError):
                if _read(self.path).get("token") != self.token:
                    return  # taken over: this process was thought dead
                os.utime(self.path)


def path_of(lock: Path) -> Path:
    return lock.with_name(f"{lock.name}.lease")


def holder(lock: Path) -> str:
    """Who holds it, for messages; empty if nobody does."""
    document = _read(path_of(lock))
    return f"process {document.get('pid')} on {document.get('machine')}" if document else ""


def acquire(lock: Path) -> Lease | None:
    """The lock, if it is free or its holder is gone; never waits. Raises OSError."""
    path = path_of(lock)
    token = secrets.token_hex(8)
    text = json.dumps({"token": token, "machine": process.this_machine(), "pid": os.getpid(),
                       "process_start": process.start_of(os.getpid())})
    if write_once(path, text):
        return Lease(path, token)
    before = _read(path)
    if not _is_over(path, before) or not _may_take_over(path, before):
        return None
    return Lease(path, token) if _replace(path, before, text) else None


def _is_over(path: Path, document: dict[str, Any]) -> bool:
    start = document.get("process_start")
    if document.get("machine") == process.this_machine() and isinstance(start, str):
        return not process.alive(document.get("pid"), start)
    return _unchanged(path, LEASE_S)


def _unchanged(path: Path, seconds: float) -> bool:
    """Whether this process has seen a file without a change for so long."""
    try:
        about = path.stat()
    except OSError:
        _seen.pop(path, None)
        return False
    stamp = (about.st_ino, about.st_mtime_ns, about.st_size)
    known, since = _seen.get(path, (None, 0.0))
    if known != stamp:
        _seen[path] = stamp, time.monotonic()
        return False
    return time.monotonic() - since > seconds


def _may_take_over(path: Path, document: dict[str, Any]) -> bool:
    """Whether this process is the only one that takes over from this holder."""
    mark = _mark(path, document)
    if write_once(mark, ""):
        return True
    if _unchanged(mark, LEASE_S):  # whoever made it died at once
        mark.unlink(missing_ok=True)
    return False


def _replace(path: Path, before: dict[str, Any], text: str) -> bool:
    mark = _mark(path, before)
    try:
        if _read(path) != before:
            return False  # another process was faster
        atomic.write_text(path, text)
        return True
    finally:
        mark.unlink(missing_ok=True)
        _seen.pop(path, None)


def _mark(path: Path, document: dict[str, Any]) -> Path:
    token = "".join(letter for letter in str(document.get("token", "")) if letter in "0123456789abcdef")[:32]
    return path.with_name(f"{path.name}-{token}")


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
