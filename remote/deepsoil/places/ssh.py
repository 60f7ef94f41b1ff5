"""One SSH connection to a place: commands, pipes and files over it. What must be asked is asked through ``Ask``.

paramiko's keepalive does not notice a peer that is gone, so every channel has a time-out, and the first one that
passes closes the whole connection: ``alive`` is then False and the owner connects anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import paramiko

from deepsoil.places.place import Place
from deepsoil.places.questions import Ask, Prompt, Question

__all__ = ["Ask", "Connection", "Pipe", "Prompt", "Question", "Result", "connect"]


@dataclass(frozen=True)
class Result:
    """What a command there gave. ``code`` is None where it is not known: the connection broke, or the command was
    ended by a signal; whether it did its work is then not known either. ``out`` and ``err`` are cut at 16 MiB each.
    A login shell may have put a greeting before the output: look for your own token."""

    code: int | None
    out: bytes
    err: bytes


class Pipe:
    """A running command there: its stdin and stdout as bytes. One thread may read while another writes."""

    def write(self, data: bytes) -> None:
        """All of it. DeepSoilError ``connection_lost``."""
        raise NotImplementedError

    def read(self, size: int) -> bytes:
        """1 to ``size`` bytes of stdout, b"" at its end. Waits as long as the peer is known to live: the channel's
        time-out is for a peer that answers nothing at all. DeepSoilError ``connection_lost``."""
        raise NotImplementedError

    def close(self) -> None:
        """End of its stdin and of the channel; the command there is told by the end of its stdin. Safe to repeat."""
        raise NotImplementedError

    @property
    def code(self) -> int | None:
        """The command's exit code once it has ended, else None (``NO_ENGINE``: no engine is installed there)."""
        raise NotImplementedError

    @property
    def err(self) -> bytes:
        """The last 64 KiB of its stderr."""
        raise NotImplementedError


class Connection:
    """One SSH transport to a place. Several threads may open channels of it at the same time."""

    def run(self, command: Sequence[str], *, stdin: bytes = b"", timeout_s: float = 30.0) -> Result:
        """Run an argv there to its end.

        The words reach the program unchanged whatever the login shell is (sh, bash, csh, fish) and whatever they
        contain. A command that has not ended after ``timeout_s`` gives ``code`` None with what it printed so far; if
        the peer does not answer either, the connection is closed. DeepSoilError ``connection_lost`` only where the
        command was surely not begun (the channel could not be opened).
        """
        raise NotImplementedError

    def pipe(self, command: Sequence[str], timeout_s: float) -> Pipe:
        """Begin an argv there and speak with it. ``timeout_s``: a peer that is silent so long is asked for a sign of
        life, and given up after as long again. DeepSoilError ``connection_lost``."""
        raise NotImplementedError

    def sftp(self) -> paramiko.SFTPClient:
        """A new SFTP channel with a time-out; the caller closes it. One thread at a time may use it.
        DeepSoilError ``connection_lost``, ``sftp_missing`` (the host offers none, or a noisy shell spoils it)."""
        raise NotImplementedError

    @property
    def alive(self) -> bool:
        raise NotImplementedError

    def close(self) -> None:
        """Safe to repeat, from any thread; whoever waits on a channel of it wakes up."""
        raise NotImplementedError


def connect(place: Place, ask: Ask, home: Path, timeout_s: float = 15.0) -> Connection:
    """Enter a place; ``home`` is this computer's HOME (``known_hosts``). Waits for the network at most about
    ``timeout_s`` a step, and as long as ``ask`` takes.

    Raises
    ------
    DeepSoilError
        Of the network, worth trying again: ``place_unreachable``, ``connection_lost``.
        For the user: ``host_key_unknown`` (not confirmed), ``host_key_changed`` (also: revoked), ``login_refused``,
        ``login_unanswered``, ``key_unreadable``, ``algorithms_old``, ``ssh_config_unreadable``.
    """
    raise NotImplementedError
