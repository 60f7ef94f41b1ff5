"""A command that runs on a host, with its stdin and stdout as bytes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import paramiko

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io.background_thread import start_daemon

_KEPT_ERR_BYTES = 64 * 1024


class Pipe:
    """A running command on the host. One thread may read while another writes. Created by ``Connection.pipe``."""

    def __init__(self, channel: paramiko.Channel, alive: Callable[[], bool], stall_s: float) -> None:
        self._channel, self._alive = channel, alive
        self._err = bytearray()
        channel.settimeout(stall_s)
        start_daemon("ssh stderr", self._drain)

    def write(self, data: bytes) -> None:
        """Write all data. DeepSoilError ``connection_lost``, also if the command reads nothing for ``timeout_s``."""
        try:
            self._channel.sendall(data)
        except TimeoutError as error:
            self.close()
            raise lost("The program there reads no more input.") from error
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise lost(str(error)) from error

    def read(self, size: int) -> bytes:
        """1 to ``size`` bytes of stdout; b"" at its end, or after `close`.

        Waits as long as the connection lives, however long the command is silent. DeepSoilError ``connection_lost``.
        """
        while True:
            try:
                data = self._channel.recv(size)
            except TimeoutError:
                if self._alive():
                    continue
                raise lost("The host no longer answers.") from None
            if not data and not self._alive() and not self._channel.eof_received:
                raise lost("The connection broke.")
            return data

    def close(self) -> None:
        """Close its stdin and the channel; the command sees the end of its stdin. May be called repeatedly."""
        with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
            self._channel.shutdown_write()
        with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
            self._channel.close()

    @property
    def code(self) -> int | None:
        """The command's exit code once it has ended, else None (`host.NO_ENGINE`: no engine is installed there)."""
        return known_code(self._channel) if self._channel.exit_status_ready() else None

    @property
    def err(self) -> bytes:
        """The last 64 KiB of its stderr."""
        return bytes(self._err)

    def _drain(self) -> None:
        while True:
            try:
                data = self._channel.recv_stderr(1 << 15)
            except TimeoutError:
                if not self._alive():
                    return
                continue
            if not data:
                return
            self._err += data
            del self._err[:-_KEPT_ERR_BYTES]


def known_code(channel: paramiko.Channel) -> int | None:
    """The exit code of an ended command; None if the host did not send it, as after a signal."""
    return None if channel.exit_status < 0 else channel.exit_status


def lost(detail: str) -> DeepSoilError:
    """``connection_lost`` with the known reason."""
    return DeepSoilError("connection_lost", "The connection was lost{detail}",
                         "DeepSoil reconnects automatically. Jobs there continue.",
                         detail=f". {detail}" if detail else ".")
