"""Command lines for an unknown login shell. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

_SAFE = re.compile(rb"[A-Za-z0-9_ ./=:,@%+-]")


def command_line(command: Sequence[str]) -> str:
    """One line that runs an argv through /bin/sh from any login shell.

    sshd passes the line to the login shell. In single quotes csh still interprets ``!`` and refuses newlines, and fish
    sees ``\\``; so every possibly unsafe byte is sent as an octal escape, which /bin/sh's printf decodes.
    """
    wanted = "exec " + shlex.join(command)
    if "\x00" in wanted:
        raise ValueError("a word of a command cannot contain NUL")
    plain = wanted.encode("utf-8", "surrogateescape")
    encoded = "".join(chr(byte) if _SAFE.match(bytes([byte])) else f"\\0{byte:03o}" for byte in plain)
    return f"""/bin/sh -c 'eval "$(printf %b "$1")"' sh '{encoded}'"""


def script(text: str, *arguments: str) -> list[str]:
    """The argv that runs a POSIX script with ``$1``, ``$2`` … as its arguments."""
    return ["/bin/sh", "-c", text, "sh", *arguments]
