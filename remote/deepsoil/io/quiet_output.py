"""Output of a process that nobody may be reading: a full disk behind it must not end the process."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, TextIO


class QuietOutput:
    """A text stream whose writing never raises OSError; what cannot be written is lost."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def never_fail(*, stdout: bool) -> None:
    """From now on printing to stderr, and to ``stdout`` if wanted, cannot fail in this process."""
    if not isinstance(sys.stderr, QuietOutput):
        sys.stderr = QuietOutput(sys.stderr)  # type: ignore[assignment]
    if stdout and not isinstance(sys.stdout, QuietOutput):
        sys.stdout = QuietOutput(sys.stdout)  # type: ignore[assignment]
