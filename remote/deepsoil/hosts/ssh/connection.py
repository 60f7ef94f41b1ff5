"""One SSH connection to a host, for commands and pipes. Questions to the user go through ``Ask``.

paramiko's keepalive requests no answer and so never detects a lost peer. Here the peer is asked for a reply
whenever it is silent, and a connection without data for the time-out is closed: all waiting calls
return, ``alive`` is False, and the owner reconnects.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import paramiko
from paramiko.common import cMSG_GLOBAL_REQUEST

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import Host
from deepsoil.hosts.prompts.prompt import Ask, Prompt, Question
from deepsoil.hosts.ssh import authentication, config, host_keys
from deepsoil.hosts.ssh import transport as ssh_transport
from deepsoil.hosts.ssh.channel import Pipe, known_code, lost
from deepsoil.hosts.ssh.login_request import ANY_METHOD, METHODS, LoginRequest
from deepsoil.hosts.ssh.quoting import start
from deepsoil.io.background_thread import start_daemon

__all__ = ["Ask", "Connection", "Pipe", "Prompt", "Question", "Result", "connect", "phases"]

_LONGEST_OUTPUT = 16 * 1024 * 1024
_MAX_LOGINS = 3
_PIECE = 1 << 16


@dataclass(frozen=True)
class Result:
    """The output of a command. ``code`` is None if unknown: the connection broke, the time limit passed, or
    a signal ended the command; whether it did its work is then also unknown. ``out`` and ``err`` are cut at 16 MiB
    each. A login shell may have printed a greeting before the output: search for your own token."""

    code: int | None
    out: bytes
    err: bytes


class Connection:
    """One SSH transport to a host. Several threads may open channels at the same time."""

    def __init__(self, transports: Sequence[paramiko.Transport], stream: ssh_transport.MonitoredSocket,
                 timeout_s: float) -> None:
        """``transports``: those of the jump hosts, then the host's own; ``stream`` carries the last."""
        self._transports, self._stream, self._timeout_s = list(transports), stream, timeout_s
        self._closed = threading.Event()
        transport = self._transports[-1]
        # Called by paramiko's reading thread when nothing arrived during the interval.
        transport.packetizer.set_keepalive(max(timeout_s / 3, 0.2), self._ask_for_reply)
        start_daemon("ssh watch", self._watch)

    def run(self, command: Sequence[str], *, stdin: bytes = b"", timeout_s: float = 30.0) -> Result:
        """Run an argv on the host to its end.

        The arguments reach the program unchanged whatever the login shell is (sh, bash, csh, fish) and whatever they
        contain. A command that has not ended after ``timeout_s`` gives ``code`` None with what it printed so far.
        DeepSoilError ``connection_lost``, ``channel_refused`` only if the command was certainly not started.
        """
        deadline = time.monotonic() + timeout_s
        channel = self._open()
        out, err = _Sink(), _Sink()
        try:
            channel.settimeout(timeout_s)
            start(channel, command)
            stderr = start_daemon("ssh stderr", lambda: err.fill(channel.recv_stderr))
            start_daemon("ssh stdin", lambda: _feed(channel, stdin))
            out.fill(channel.recv, deadline, channel)
            stderr.join(max(0.0, deadline - time.monotonic()))
            channel.status_event.wait(max(0.0, deadline - time.monotonic()))
            return Result(known_code(channel) if channel.exit_status_ready() else None, out.content(), err.content())
        except (paramiko.SSHException, EOFError, OSError):
            return Result(None, out.content(), err.content())
        finally:
            with contextlib.suppress(paramiko.SSHException, EOFError, OSError):
                channel.close()

    def pipe(self, command: Sequence[str], timeout_s: float) -> Pipe:
        """Start an argv on the host with a pipe to it. ``timeout_s``: how long a write may wait for the command.
        DeepSoilError ``connection_lost``, ``channel_refused``."""
        channel = self._open()
        try:
            start(channel, command)
        except (paramiko.SSHException, EOFError, OSError) as error:
            channel.close()
            raise lost(str(error)) from error
        return Pipe(channel, lambda: self.alive, timeout_s)

    @property
    def alive(self) -> bool:
        """Whether the connection is usable; False once it broke or was closed."""
        return not self._closed.is_set() and self._transports[-1].is_active()

    def close(self) -> None:
        """May be called repeatedly, from any thread; calls that wait on a channel return."""
        self._closed.set()
        for transport in reversed(self._transports):
            transport.close()

    def _open(self) -> paramiko.Channel:
        try:
            return self._transports[-1].open_session(timeout=self._timeout_s)
        except paramiko.ChannelException as error:
            raise DeepSoilError("channel_refused", "The host refuses a further session on the connection ({error}).",
                                "It is tried again; its administrators can raise MaxSessions.", "address",
                                error=error) from error
        except (paramiko.SSHException, EOFError, OSError) as error:
            self.close()
            raise lost(str(error)) from error

    def _ask_for_reply(self) -> None:
        message = paramiko.Message()
        message.add_byte(cMSG_GLOBAL_REQUEST)
        message.add_string("keepalive@openssh.com")
        message.add_boolean(True)
        with contextlib.suppress(paramiko.SSHException, EOFError, OSError):
            self._transports[-1]._send_user_message(message)  # global_request would wait, in the thread that reads

    def _watch(self) -> None:
        # The reading thread cannot do this: a full socket may block it.
        while not self._closed.wait(min(0.5, self._timeout_s / 4)):
            if not self.alive or time.monotonic() - self._stream.heard > self._timeout_s:
                self.close()


class _Sink:
    """The output of one stream of a command, cut at the maximum length; the rest is read and dropped."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def fill(self, receive: object, deadline: float | None = None, channel: paramiko.Channel | None = None) -> None:
        """Read to the end of the stream, or to the deadline."""
        while True:
            if deadline is not None and channel is not None:
                channel.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                data = receive(_PIECE)  # type: ignore[operator]
            except TimeoutError:
                return
            if not data:
                return
            if self._size < _LONGEST_OUTPUT:
                self._pieces.append(data[:_LONGEST_OUTPUT - self._size])
                self._size += len(self._pieces[-1])

    def content(self) -> bytes:
        return b"".join(self._pieces)


def _feed(channel: paramiko.Channel, stdin: bytes) -> None:
    # A command may end without reading its input; its exit code then tells why.
    with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
        channel.sendall(stdin)
        channel.shutdown_write()


def connect(host: Host, ask: Ask, home: Path, timeout_s: float = 15.0) -> Connection:
    """Log in to a host; ``home`` is this computer's HOME (``known_hosts``). Waits for the network at most about
    ``timeout_s`` a step, for the host during the login at most 90 s an answer, and as long as ``ask`` takes.
    ``timeout_s`` is also how long the peer may be silent later.

    Raises
    ------
    DeepSoilError
        Network, worth a retry: ``host_unreachable``, ``connection_lost``.
        For the user: ``host_key_unknown`` (not confirmed), ``host_key_changed`` (also: revoked), ``login_refused``,
        ``login_unanswered``, ``key_unreadable``, ``known_hosts_unreadable``, ``algorithms_old``,
        ``ssh_config_unreadable``.
    """
    steps = phases(host, ask, home, timeout_s)
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            connection: Connection = finished.value
            return connection


def phases(host: Host, ask: Ask, home: Path, timeout_s: float = 15.0) -> Generator[str, None, Connection]:
    """``connect`` step by step: yields ``reach`` and ``host_key`` when each is done with the host itself, returns the
    connection after the login. A host may close a connection while the user answers; the login is then repeated, up to
    three times in all, and the phases are yielded again."""
    for attempt in range(1, _MAX_LOGINS + 1):
        asked: list[Question] = []

        def asking(question: Question, asked: list[Question] = asked) -> list[str] | None:
            asked.append(question)
            return ask(question)

        try:
            return (yield from _log_in(host, asking, home, timeout_s))
        except DeepSoilError as error:
            if error.code != "connection_lost" or not asked or attempt == _MAX_LOGINS:
                raise
    raise AssertionError("the last attempt returns or raises")


def _log_in(host: Host, ask: Ask, home: Path, timeout_s: float) -> Generator[str, None, Connection]:
    hops = config.route(host)
    transports: list[paramiko.Transport] = []
    try:
        for hop in hops:
            last = hop is hops[-1]
            stream = ssh_transport.open_stream(hop, transports[-1] if transports else None, timeout_s)
            if last:
                yield "reach"
            known = host_keys.read([*hop.known_hosts, host_keys.own_file(home)])
            transport, key = ssh_transport.negotiate(stream, hop, known, timeout_s)
            transports.append(transport)
            title = host.title if last else hop.name
            host_keys.check(hop.key_name, title, host.id, key, known, ask, home)
            if last:
                yield "host_key"
            authentication.log_in(transport, _login(host, hop, title, last), ask, timeout_s)
        return Connection(transports, stream, timeout_s)
    except BaseException:
        for transport in reversed(transports):
            transport.close()
        raise


def _login(host: Host, hop: config.Hop, title: str, last: bool) -> LoginRequest:
    chosen = Path(host.key_file).expanduser() if host.authentication == "key" and host.key_file else None
    if last:
        return LoginRequest(host.id, title, hop, METHODS[host.authentication], chosen)
    return LoginRequest(host.id, title, hop, ANY_METHOD, None if hop.identities else chosen)
