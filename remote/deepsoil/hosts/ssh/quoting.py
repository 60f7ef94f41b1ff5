"""Command lines for an unknown login shell, and the one place that gives a line to a channel.

Whatever runs on a host is a list of words until it is here: no other module can hand text to a login shell.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import Protocol

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


class Channel(Protocol):
    """The part of an SSH channel that starts a program."""

    def exec_command(self, command: str) -> None: ...


def start(channel: Channel, command: Sequence[str]) -> None:
    """Start an argv on a channel. What the channel raises passes through."""
    channel.exec_command(command_line(command))


def script(text: str, *arguments: str) -> list[str]:
    """The argv that runs a POSIX script with ``$1``, ``$2`` … as its arguments."""
    return ["/bin/sh", "-c", text, "sh", *arguments]
