"""The connection to the engine of one host: one thread owns it and re-establishes it when it breaks.

Callers never wait for the network itself: requests are queued, have a time limit, and fail with
``host_unreachable``. Independent of jobs: events are passed on.
"""

from __future__ import annotations

import random
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil import __version__
from deepsoil.contract.answers import checked_answer
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.methods import METHODS
from deepsoil.contract.text import Text
from deepsoil.contract.version import SCHEMA
from deepsoil.hosts.prompts.prompt import Ask, Question
from deepsoil.hosts.rpc.connection_state import OF_THE_NETWORK, ConnectionStatus, State, Timing, delay_s, unreachable
from deepsoil.hosts.rpc.interfaces import Connect, Listener
from deepsoil.hosts.rpc.pending_calls import PendingCall
from deepsoil.hosts.rpc.session import Session, broken
from deepsoil.jobs.folder import now

if TYPE_CHECKING:
    from deepsoil.contract.host import Host

_SHORTEST_WAIT_S = 0.1
_LONGEST_NAME = 100


class EngineConnection:
    """See the module. ``connect`` is `ssh.connect`; ``ask`` asks the user a question."""

    def __init__(self, host: Host, home: Path, listener: Listener, connect: Connect, ask: Ask, *,
                 timing: Timing | None = None, wall: Callable[[], float] = time.time) -> None:
        """``wall``: the time of day in seconds, which also runs while the computer sleeps."""
        self.host = host
        self._home, self._listener, self._connect, self._ask = home, listener, connect, ask
        self._timing, self._wall = timing or Timing(), wall
        self._changed = threading.Condition()
        self._status = ConnectionStatus("off", since=now())
        self._outgoing: deque[tuple[PendingCall, dict[str, Any]]] = deque()
        self._ssh: Any = None
        self._now_wanted = self._stopping = False
        self._offset_s = wall() - time.monotonic()
        self._thread = threading.Thread(target=self._run, name=f"connection {host.id}", daemon=True)

    # ---- for any thread ----

    @property
    def status(self) -> ConnectionStatus:
        with self._changed:
            return self._status

    def start(self) -> None:
        with self._changed:
            if not self._thread.is_alive() and not self._stopping:
                self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Close the connection; jobs on the host continue."""
        with self._changed:
            self._stopping = True
            ssh = self._ssh
            self._changed.notify_all()
        if ssh is not None:
            ssh.close()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout_s)

    def connect_now(self) -> None:
        """Connect immediately, ignoring the delay; an unsuitable engine is checked again."""
        with self._changed:
            self._now_wanted = self._status.state not in ("ready", "connecting", "asking")
            self._changed.notify_all()

    def request(self, method: str, params: dict[str, Any], timeout_s: float | None = None) -> Any:
        """Call the host's engine; the default time limit is that of the method.

        DeepSoilError: its own, ``bad_reply`` if the answer is not that of the contract, or ``host_unreachable``.
        """
        timeout_s = METHODS[method].relay_timeout_s if timeout_s is None else timeout_s
        deadline = time.monotonic() + timeout_s
        call = PendingCall(method)
        with self._changed:
            while self._status.state == "connecting" and not self._stopping and time.monotonic() < deadline:
                self._changed.wait(deadline - time.monotonic())
            if not self._status.open:
                raise unreachable(self.host.title, self._status)
            self._outgoing.append((call, params))
            self._changed.notify_all()
        try:
            return checked_answer(method, call.wait(max(_SHORTEST_WAIT_S, deadline - time.monotonic())))
        except TimeoutError:
            raise DeepSoilError("host_unreachable", "{title} did not answer '{method}' within {timeout_s:.0f} s.",
                                "Try again. If it happens again, test the host in the options.", "host",
                                title=self.host.title, method=method, timeout_s=timeout_s) from None

    def ssh_connection(self) -> Any:
        """The SSH connection, for opening another channel. DeepSoilError ``host_unreachable``."""
        with self._changed:
            if not self._status.open:
                raise unreachable(self.host.title, self._status)
            return self._ssh

    # ---- the thread ----

    def _run(self) -> None:
        failures = 0
        while not self._stopping:
            begun = time.monotonic()
            try:
                self._connect_and_serve()
            except DeepSoilError as error:
                problem = error
            except Exception as error:  # noqa: BLE001 - the thread must live as long as the host does
                traceback.print_exc(file=sys.stderr)
                problem = DeepSoilError("host_unreachable", "The connection was lost ({name}: {error}).",
                                        name=type(error).__name__, error=error)
            if self._stopping:
                break
            if time.monotonic() - begun > self._timing.steady:
                failures = 0
            failures += 1
            self._wait_to_reconnect(problem, failures)
        self._set("off")

    def _connect_and_serve(self) -> None:
        """From the login to the end of the connection, which is always an error."""
        with self._changed:
            self._now_wanted = False
        self._set("connecting", Text("Connecting to {address}", address=self.host.address))
        ssh = self._connect(self.host, self._ask_user, self._home, self._timing.step)
        session = None
        try:
            with self._changed:
                self._ssh = ssh
            pipe = ssh.pipe(self.host.engine_command("serve", "--alone"), self._timing.step)
            session = Session(self.host, pipe, self._listener.event, self._wake, self._alive)
            session.start()
            self._greet(session)
            self._relay(session)
        finally:
            with self._changed:
                self._ssh = None
                self._status = ConnectionStatus("waiting", "The connection was lost.", since=now())
                dropped, self._outgoing = list(self._outgoing), deque()
            for call, _ in dropped:
                call.finish(error=broken(self.host))
            if session is not None:
                session.close()
            ssh.close()

    def _greet(self, session: Session) -> None:
        hello = session.ask("hello", {"client": __version__}, self._timing.hello)
        if not isinstance(hello, dict):
            raise DeepSoilError("bad_reply", "The engine there does not give its version.",
                                "Install the engine there again.")
        engine, machine = (str(hello.get(name))[:_LONGEST_NAME] for name in ("engine", "machine"))
        if hello.get("schema") != SCHEMA:
            raise DeepSoilError("other_engine", "The engine on {title} is version {engine} and uses another version "
                                "of the contract than this computer's engine, {version}.",
                                "Install the engine there again.",
                                title=self.host.title, engine=engine, version=__version__)
        session.listen()
        self._listener.connected(session.ask)
        if engine == __version__:
            self._set("ready", Text("Connected to {machine}", machine=machine), engine=engine)
        else:
            other = Text("The engine there is version {version}, this computer's is {own}: no jobs are sent.",
                         version=engine, own=__version__)
            self._set("other_engine", other, "Install the engine there again. Jobs that are running there continue "
                                             "and are shown.",
                      code="other_engine", engine=engine)

    def _relay(self, session: Session) -> None:
        """Send queued requests, and check whether the other end is alive."""
        checked_at: float | None = None
        within_s = self._timing.alive_within
        while True:
            outgoing = self._next_calls(session)
            try:
                while outgoing:
                    session.send(*outgoing[0])
                    outgoing.popleft()
            finally:
                for call, _ in outgoing:  # the connection broke while they were being sent
                    call.finish(error=broken(self.host))
            if self._stopping:
                return
            if session.ended:
                raise session.why_ended()
            moment, heard = time.monotonic(), session.heard
            if checked_at is not None and heard > checked_at:
                checked_at, within_s = None, self._timing.alive_within
            slept = self._has_slept()
            if slept:
                checked_at, within_s = None, self._timing.alive_after_sleep
            if checked_at is None and (slept or moment - heard > self._timing.alive_every):
                checked_at = moment
                session.send(PendingCall("hello"), {"client": __version__})
            elif checked_at is not None and moment - checked_at > within_s:
                raise DeepSoilError("connection_lost", "{title} has not answered for {silent_s:.0f} s.",
                                    title=self.host.title, silent_s=moment - heard)

    def _next_calls(self, session: Session) -> deque[tuple[PendingCall, dict[str, Any]]]:
        """The calls to send; waits a moment if there are none."""
        with self._changed:
            if not (self._outgoing or session.ended or self._stopping or self._now_wanted):
                self._changed.wait(self._timing.look)
            if self._now_wanted:
                raise DeepSoilError("connection_lost", "The engine there is asked again.")
            outgoing, self._outgoing = self._outgoing, deque()
        return outgoing

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _alive(self) -> bool:
        with self._changed:
            return self._ssh is not None and bool(self._ssh.alive)

    def _wait_to_reconnect(self, problem: DeepSoilError, failures: int) -> None:
        """Report the error, and wait for the next attempt: until its time, or for the user."""
        if problem.code in OF_THE_NETWORK:
            rest_s: float | None = delay_s(failures, self._timing, random.random())
            state: State = "waiting"
        elif problem.code in ("no_engine", "other_engine"):
            rest_s, state = None, problem.code  # type: ignore[assignment]
        else:
            rest_s, state = None, "refused"
        self._has_slept()
        self._set(state, problem.text, problem.hint_text, code=problem.code, next_try_s=rest_s and round(rest_s, 1))
        deadline = None if rest_s is None else time.monotonic() + rest_s
        with self._changed:
            while not self._stopping and not self._now_wanted:
                left_s = self._timing.look if deadline is None else deadline - time.monotonic()
                if left_s <= 0 or (deadline is not None and self._has_slept()):
                    return
                self._changed.wait(min(left_s, self._timing.look))

    def _has_slept(self) -> bool:
        """Whether the time of day has run ahead of the monotonic clock since the last call: the computer slept."""
        offset_s = self._wall() - time.monotonic()
        jumped, self._offset_s = abs(offset_s - self._offset_s) > self._timing.jump, offset_s
        return jumped

    def _ask_user(self, question: Question) -> list[str] | None:
        before = self.status
        self._set("asking", question.title)
        try:
            return self._ask(question)
        finally:
            self._set(before.state, before.message)

    def _set(self, state: State, message: str = "", hint: str = "", *, code: str | None = None,
             next_try_s: float | None = None, engine: str | None = None) -> None:
        with self._changed:
            since = self._status.since if self._status.state == state else now()
            status = ConnectionStatus(state, message, hint, code, since, next_try_s, engine)
            same = replace(status, since=None) == replace(self._status, since=None)
            self._status = status
            self._changed.notify_all()
        if not same:
            try:
                self._listener.status_changed(status)
            except Exception:  # noqa: BLE001 - a listener must not end the connection
                traceback.print_exc(file=sys.stderr)
