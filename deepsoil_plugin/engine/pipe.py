"""The lines of the pipe (docs/contract.md) as the client sees them. Pure: no Qt, no process.

Every message is one JSON document a line behind a token; whatever else a line says is noise and is skipped.
"""

from __future__ import annotations

import json
from typing import Any

from ..contract import LONGEST_REPLY, TOKEN


class LineTooLongError(Exception):
    """The engine writes a line without end; it is not read any further."""


def encode(number: int, method: str, params: dict[str, Any]) -> bytes:
    document = {"id": number, "method": method, "params": params}
    return TOKEN + json.dumps(document, ensure_ascii=False).encode("utf-8") + b"\n"


def decode(line: bytes) -> dict[str, Any] | None:
    """The message in a line; None for noise, also for a message cut short by a dying engine."""
    if not line.startswith(TOKEN):
        return None
    try:
        document = json.loads(line[len(TOKEN):])
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


class LineBuffer:
    """Bytes in as they come, whole lines out."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self._lines: list[bytes] = []

    def feed(self, data: bytes) -> None:
        """Raises LineTooLongError."""
        *whole, rest = data.split(b"\n")
        if whole:
            self._lines.append(b"".join([*self._parts, whole[0]]))
            self._lines += whole[1:]
            self._parts, self._size = [], 0
        self._parts.append(rest)
        self._size += len(rest)
        if self._size > LONGEST_REPLY:
            raise LineTooLongError

    def pop(self) -> bytes | None:
        """The oldest whole line without its end; None where there is none."""
        return self._lines.pop(0).rstrip(b"\r") if self._lines else None

    def __bool__(self) -> bool:
        return bool(self._lines)
