"""Shows progress on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

_EVERY_S = 5.0


def progress_line() -> Callable[[float, str], None]:
    """A function of (fraction 0-1, message) that shows it on stderr: one updated line, or a new line every 5 s."""
    moving = sys.stderr.isatty()
    shown_at = 0.0

    def show(fraction: float, message: str) -> None:
        nonlocal shown_at
        if moving:
            print(f"\r{fraction:4.0%}  {message[:100]:<100}", end="\n" if fraction >= 1 else "", file=sys.stderr,
                  flush=True)
        elif time.monotonic() - shown_at > _EVERY_S or fraction >= 1:
            shown_at = time.monotonic()
            print(f"{fraction:4.0%}  {message}", file=sys.stderr, flush=True)

    return show
