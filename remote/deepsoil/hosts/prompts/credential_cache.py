"""Answers of the user, kept in this process's memory so that a reconnection need not ask again."""

from __future__ import annotations

import threading

Key = tuple[str, str]

_lock = threading.Lock()
_kept: dict[Key, str] = {}


def recall(key: Key) -> str | None:
    """The answer stored under (recipient, kind of answer)."""
    with _lock:
        return _kept.get(key)


def keep(key: Key, answer: str) -> None:
    """Store an accepted answer."""
    with _lock:
        _kept[key] = answer


def forget(key: Key) -> None:
    """Drop an answer that was refused."""
    with _lock:
        _kept.pop(key, None)
