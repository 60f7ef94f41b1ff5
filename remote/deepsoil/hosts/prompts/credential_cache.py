"""What the user has answered, kept in this process's memory so that a reconnection need not ask again."""

from __future__ import annotations

import re
import threading

# A prompt that asks for something which is good only once; its answer is never kept.
_ONCE = re.compile(r"code|token|otp|one.?time|verif|factor|duo|passcode|pin\b|challenge|response", re.IGNORECASE)
_PASSWORD = re.compile(r"pass\s?word", re.IGNORECASE)

Key = tuple[str, str]

_lock = threading.Lock()
_kept: dict[Key, str] = {}


def recall(key: Key) -> str | None:
    """The answer kept under (whom it is for, what it is)."""
    with _lock:
        return _kept.get(key)


def keep(key: Key, answer: str) -> None:
    """Keep an answer that was accepted."""
    with _lock:
        _kept[key] = answer


def forget(key: Key) -> None:
    """Drop an answer that was not accepted."""
    with _lock:
        _kept.pop(key, None)


def is_password(prompt: str, echo: bool) -> bool:
    """Whether a prompt asks for the account's password, which stays the same, and not for a code."""
    return not echo and bool(_PASSWORD.search(prompt)) and not _ONCE.search(prompt)
