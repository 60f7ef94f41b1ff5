"""One running engine on a host, at the other end of a pipe: requests to it, and why it ended."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import NO_ENGINE, Host
from deepsoil.hosts.rpc.interfaces import Pipe
from deepsoil.hosts.rpc.pending_calls import PendingCall, PendingCalls
from deepsoil.io.background_thread import start_daemon

_NOT_EXECUTABLE = (126, 127)
_USAGE = 2
_READ_BYTES = 1 << 18
_EXIT_CODE_WITHIN_S = 2.0
_POLL_EVERY_S = 0.02
_LONGEST_DETAIL = 200
MOST_EVENTS = 20_000
EVENTS_PER_S = 1_000


class Session:
    """``heard``: when the last byte came, on the monotonic clock; ``ended``: the pipe has ended."""

    def __init__(self, host: Host, pipe: Pipe, on_event: Callable[[dict[str, Any]], None], wake: Callable[[], None],
                 alive: Callable[[], bool]) -> None:
        """``wake`` is called when the pipe has ended; ``alive``: whether the SSH connection is."""
        self._host, self._pipe, self._wake, self._alive = host, pipe, wake, alive
        self._calls = PendingCalls(self._take_event)
        self._on_event = on_event
        self._listening = False
        self._allowance = EventAllowance(time.monotonic)
        self._problem: DeepSoilError | None = None
        self.heard = time.monotonic()
        self.ended = False

    def start(self) -> None:
        start_daemon(f"pipe {self._host.id}", self._read)

    def send(self, call: PendingCall, params: dict[str, Any]) -> None:
        """Write a request; its reply is given to ``call``. DeepSoilError ``connection_lost``."""
        self._pipe.write(self._calls.line(call, params))

    def ask(self, method: str, params: dict[str, Any], timeout_s: float) -> Any:
        """The answer of the engine. DeepSoilError: its own, ``connection_lost``, or why it has ended."""
        call = PendingCall(method)
        self.send(call, params)
        try:
            return call.wait(timeout_s)
        except TimeoutError:
            raise DeepSoilError("connection_lost", "The engine there did not answer '{method}' within "
                                "{timeout_s:.0f} s.",
                                method=method, timeout_s=timeout_s) from None
        except DeepSoilError as error:
            if self.ended and error.code == "host_unreachable":
                raise self.why_ended() from None
            raise

    def close(self) -> None:
        self._calls.fail(broken(self._host))
        self._pipe.close()

    def _read(self) -> None:
        """Read the pipe to its end, in a separate thread."""
        try:
            while data := self._pipe.read(_READ_BYTES):
                self.heard = time.monotonic()
                self._calls.feed(data)
        except DeepSoilError as error:
            # Why it is cut is said; a lost connection is handled below like any other end.
            self._problem = error if error.code == "bad_reply" else None
        except Exception:  # noqa: BLE001 - the boundary of the thread: nobody would learn of the end
            traceback.print_exc(file=sys.stderr)
        self.ended = True
        self._wake()
        self._calls.fail(broken(self._host))

    def listen(self) -> None:
        """Pass on events from now on: the engine has said who it is."""
        self._listening = True

    def _take_event(self, message: dict[str, Any]) -> None:
        if self._listening:
            self._allowance.take(self._host.title)
            self._on_event(message)

    def why_ended(self) -> DeepSoilError:
        """Why the pipe ended: what the engine sent, no engine, another engine, or a lost connection."""
        if self._problem is not None:
            return self._problem
        deadline = time.monotonic() + _EXIT_CODE_WITHIN_S
        while (code := self._pipe.code) is None and self._alive() and time.monotonic() < deadline:
            time.sleep(_POLL_EVERY_S)  # the exit code arrives shortly after the last byte
        lines = self._pipe.err.decode("utf-8", "replace").strip().splitlines()
        last = lines[-1][:_LONGEST_DETAIL] if lines else ""
        title = self._host.title
        if code == NO_ENGINE or code in _NOT_EXECUTABLE:
            return DeepSoilError("no_engine", "No engine is installed on {title}{detail}.",
                                 "Install it from the host's options.",
                                 title=title, detail=f" ({last})" if last else "")
        if code == _USAGE and any("--alone" in line for line in lines):
            return DeepSoilError("other_engine", "The engine on {title} is too old for this version.",
                                 "Install the engine there again.", title=title)
        if code is not None:
            return DeepSoilError("connection_lost", "The engine there ended (exit code {exit_code}){detail}",
                                 exit_code=code, detail=f": {last}" if last else ".")
        return DeepSoilError("connection_lost", "The connection to {title} was lost.", title=title)


class EventAllowance:
    """How many events a host may send: a burst of `MOST_EVENTS`, and `EVENTS_PER_S` in the long run."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._left, self._counted = float(MOST_EVENTS), clock()

    def take(self, title: str) -> None:
        """Count one event. DeepSoilError ``bad_reply`` if there are too many."""
        now = self._clock()
        self._left = min(float(MOST_EVENTS), self._left + (now - self._counted) * EVENTS_PER_S) - 1
        self._counted = now
        if self._left < 0:
            raise DeepSoilError("bad_reply", "The engine on {title} sends more than {limit} events a second; the "
                                "connection was cut.", "Install the engine there again; if that does not help, ask the "
                                "administrators of that host.", title=title, limit=EVENTS_PER_S)


def broken(host: Host) -> DeepSoilError:
    """``host_unreachable`` for a request that got no answer."""
    return DeepSoilError("host_unreachable", "The connection to {title} was lost before the answer arrived.",
                         "DeepSoil reconnects automatically. Your jobs there continue.", "host", title=host.title)
