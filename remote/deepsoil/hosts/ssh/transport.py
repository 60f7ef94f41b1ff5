"""From a host's name to an SSH transport whose keys are exchanged, directly or through another host."""

from __future__ import annotations

import logging
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

import paramiko

from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.ssh import host_keys
from deepsoil.hosts.ssh.config import Hop
from deepsoil.hosts.ssh.ordered import OrderedTransport

LOG = "deepsoil.ssh"
# An authenticated cipher needs no second pass over the data for a MAC: half of the time of aes128-ctr with
# hmac-sha2-256, which paramiko prefers (`build.py bench retrieve`). RFC 5647; no weaker than those.
_FAST_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com")
# paramiko logs every lost connection with a traceback; our own errors are sufficient.
logging.getLogger(LOG).addHandler(logging.NullHandler())
logging.getLogger(LOG).propagate = False


class MonitoredSocket:
    """A socket, or what paramiko can use like one, that records when the last byte came (``heard``, monotonic s)."""

    def __init__(self, inner: Any, process: subprocess.Popen[bytes] | None = None) -> None:
        self._inner = inner
        self._process = process
        self.heard = time.monotonic()

    def recv(self, size: int) -> bytes:
        data: bytes = self._inner.recv(size)
        if data:
            self.heard = time.monotonic()
        return data

    def close(self) -> None:
        self._inner.close()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def open_stream(hop: Hop, through: paramiko.Transport | None, timeout_s: float) -> MonitoredSocket:
    """A stream to the SSH port of ``hop``: over the previous host, its ProxyCommand, or the network.

    Raises
    ------
    DeepSoilError
        ``host_unreachable`` with the reason.
    """
    if through is not None:
        return MonitoredSocket(_through(hop, through, timeout_s))
    if hop.command is not None:
        return _by_command(hop)
    try:
        connection = socket.create_connection((hop.host, hop.port), timeout_s)
    except socket.gaierror as error:
        raise DeepSoilError("host_unreachable", "There is no host '{host}' ({reason}).",
                            "Check the name; some names are known only inside a network or over a VPN.", "address",
                            host=hop.host, reason=error.strerror) from error
    except TimeoutError as error:
        raise DeepSoilError("host_unreachable", "{address} does not answer within {timeout_s:.0f} s.",
                            "Check the network or the VPN; DeepSoil tries again.", "address",
                            address=hop.address, timeout_s=timeout_s) from error
    except OSError as error:
        raise DeepSoilError("host_unreachable", "{address} cannot be reached ({reason}).",
                            "Check host, port, network and VPN; DeepSoil tries again.", "address",
                            address=hop.address, reason=error.strerror or error) from error
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return MonitoredSocket(connection)


def negotiate(stream: MonitoredSocket, hop: Hop, known: Sequence[host_keys.KnownKey],
              timeout_s: float) -> tuple[paramiko.Transport, paramiko.PKey]:
    """The transport after the key exchange, and the host's key, which is not verified yet.

    Raises
    ------
    DeepSoilError
        ``host_unreachable`` (no SSH server answers), ``algorithms_old``.
    """
    transport: paramiko.Transport | None = None
    try:
        transport = OrderedTransport(stream)  # type: ignore[arg-type]
        transport.set_log_channel(LOG)
        transport.banner_timeout = transport.handshake_timeout = timeout_s
        options = transport.get_security_options()
        options.ciphers = fastest_first(options.ciphers)
        options.key_types = host_keys.preferred(options.key_types, hop.key_name, known)
        transport.start_client(timeout=timeout_s)
        if not transport.is_active() or not transport.initial_kex_done:
            raise paramiko.SSHException("no answer in time")
        return transport, transport.get_remote_server_key()
    except paramiko.ssh_exception.IncompatiblePeer as error:
        _close(transport, stream)
        raise DeepSoilError(
            "algorithms_old", "{address} supports only old SSH algorithms that are no longer safe ({error}).",
            "Its administrators can update its SSH server. Until then, put 'paramiko<5' into the engine's "
            "environment on this computer.", "address",
            address=hop.address, error=error) from error
    except (paramiko.SSHException, EOFError, OSError) as error:
        _close(transport, stream)
        raise DeepSoilError("host_unreachable", "{address} answers, but not as an SSH server ({reason}).",
                            "Check the port. A busy host may refuse for a moment; DeepSoil tries again.", "address",
                            address=hop.address, reason=str(error) or type(error).__name__) from error


def fastest_first(ciphers: Sequence[str]) -> tuple[str, ...]:
    """The same ciphers, those that need no separate MAC first; a host that has none of them takes another."""
    return (*(name for name in _FAST_CIPHERS if name in ciphers),
            *(name for name in ciphers if name not in _FAST_CIPHERS))


def _through(hop: Hop, transport: paramiko.Transport, timeout_s: float) -> paramiko.Channel:
    try:
        return transport.open_channel("direct-tcpip", (hop.host, hop.port), ("127.0.0.1", 0), timeout=timeout_s)
    except (paramiko.SSHException, EOFError, OSError) as error:
        raise DeepSoilError("host_unreachable", "{address} cannot be reached from the jump host ({reason}).",
                            "Check ProxyJump, and whether the jump host may forward connections.", "address",
                            address=hop.address, reason=error) from error


def _by_command(hop: Hop) -> MonitoredSocket:
    assert hop.command is not None
    if sys.platform == "win32":
        return MonitoredSocket(paramiko.ProxyCommand(hop.command))
    ours, theirs = socket.socketpair()
    try:
        # As in ssh: the user's shell runs the ProxyCommand.
        process = subprocess.Popen(["/bin/sh", "-c", f"exec {hop.command}"], stdin=theirs.fileno(),
                                   stdout=theirs.fileno(), stderr=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        ours.close()
        raise DeepSoilError("host_unreachable", "The ProxyCommand {command} cannot be run ({reason}).",
                            "Correct it in the SSH configuration.", "address",
                            command=shlex.quote(hop.command), reason=error.strerror) from error
    finally:
        theirs.close()
    return MonitoredSocket(ours, process)


def _close(transport: paramiko.Transport | None, stream: MonitoredSocket) -> None:
    if transport is not None:
        transport.close()
    stream.close()
