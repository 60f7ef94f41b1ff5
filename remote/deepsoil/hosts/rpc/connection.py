"""The link to one host: one thread that owns one connection, keeps it, and speaks with the engine there.

Nobody who asks ever waits on the network itself: requests are queued, have a time limit, and fail with
``host_unreachable``. What the link does not know is what a job is: it passes on what it hears.
"""

from __future__ import annotations

import random
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from deepsoil import __version__
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.methods import METHODS
from deepsoil.contract.version import SCHEMA
from deepsoil.hosts.prompts.prompt import Ask, Question
from deepsoil.hosts.rpc.connection_state import OF_THE_NETWORK, Standing, State, Timing, delay_s, unreachable
from deepsoil.hosts.rpc.pending_calls import Call, Calls
from deepsoil.jobs.folder import now

if TYPE_CHECKING:
    from deepsoil.contract.host import Host

NO_ENGINE = 66
_READ_BYTES = 1 << 18
_CODE_WITHIN_S = 2.0


class Pipe(Protocol):
    """What is needed of `ssh.Pipe`."""

    def write(self, data: bytes) -> None: ...
    def read(self, size: int) -> bytes: ...
    def close(self) -> None: ...
    @property
    def code(self) -> int | None: ...
    @property
    def err(self) -> bytes: ...


class Connection(Protocol):
    """What is needed of `ssh.Connection`."""

    def pipe(self, command: Sequence[str], timeout_s: float) -> Any: ...
    def close(self) -> None: ...
    @property
    def alive(self) -> bool: ...


Connect = Callable[["Host", Ask, Path, float], Any]


class Listener(Protocol):
    """Who uses the link. Everything is called from the link's own threads and must not wait for the link."""

    def changed(self, standing: Standing) -> None: ...
    def event(self, message: dict[str, Any]) -> None: ...
    def greeted(self, ask: Callable[..., Any]) -> None:
        """The engine there has said hello: watch and list with ``ask(method, params, timeout_s)``."""
        ...


@dataclass
class _Session:
    """One connection's pipe to the engine there. ``heard``: when the last byte came, on the monotonic clock."""

    pipe: Pipe
    calls: Calls
    heard: float
    ended: bool = False


class Link:
    """See the module. ``connect`` is `ssh.connect`; ``ask`` puts a question to the user."""

    def __init__(self, host: Host, home: Path, listener: Listener, connect: Connect, ask: Ask, *,
                 timing: Timing | None = None, wall: Callable[[], float] = time.time) -> None:
        self.host = host
        self._home, self._listener, self._connect, self._ask = home, listener, connect, ask
        self._timing, self._wall = timing or Timing(), wall
        self._changed = threading.Condition()
        self._standing = Standing("off", since=now())
        self._outgoing: deque[tuple[Call, dict[str, Any]]] = deque()
        self._connection: Any = None
        self._now_wanted = self._stopping = False
        self._offset_s = wall() - time.monotonic()
        self._thread = threading.Thread(target=self._run, name=f"link {host.id}", daemon=True)

    # ---- for everybody ----

    @property
    def standing(self) -> Standing:
        with self._changed:
            return self._standing

    def start(self) -> None:
        with self._changed:
            if not self._thread.is_alive() and not self._stopping:
                self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End the connection; jobs there go on."""
        with self._changed:
            self._stopping = True
            connection = self._connection
            self._changed.notify_all()
        if connection is not None:
            connection.close()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout_s)

    def connect_now(self) -> None:
        """Try at once, whatever the back-off says; an engine that did not fit is looked at anew."""
        with self._changed:
            self._now_wanted = self._standing.state not in ("ready", "connecting", "asking")
            self._changed.notify_all()

    def request(self, method: str, params: dict[str, Any], timeout_s: float | None = None) -> Any:
        """Ask the engine there; the method's own time limit where none is given.

        DeepSoilError: its own, or ``host_unreachable``.
        """
        timeout_s = METHODS[method].relay_timeout_s if timeout_s is None else timeout_s
        deadline = time.monotonic() + timeout_s
        call = Call(method)
        with self._changed:
            while self._standing.state == "connecting" and not self._stopping and time.monotonic() < deadline:
                self._changed.wait(deadline - time.monotonic())
            if not self._standing.open:
                raise unreachable(self.host.title, self._standing)
            self._outgoing.append((call, params))
            self._changed.notify_all()
        try:
            return call.wait(max(0.1, deadline - time.monotonic()))
        except TimeoutError:
            raise DeepSoilError("host_unreachable", "{title} did not answer '{method}' within "
                                "{timeout_s:.0f} s.", "Try again; if it stays so, look at the host in the options.",
                                "host",
                                title=self.host.title, method=method, timeout_s=timeout_s) from None

    def connection(self) -> Any:
        """The connection, for a channel of one's own. DeepSoilError ``host_unreachable``."""
        with self._changed:
            if not self._standing.open:
                raise unreachable(self.host.title, self._standing)
            return self._connection

    # ---- the thread ----

    def _run(self) -> None:
        failures = 0
        while not self._stopping:
            begun = time.monotonic()
            try:
                self._session()
            except DeepSoilError as error:
                problem = error
            except Exception as error:  # noqa: BLE001 - the thread must live as long as the host does
                traceback.print_exc(file=sys.stderr)
                problem = DeepSoilError("host_unreachable", "The connection broke ({name}: {error}).",
                                        name=type(error).__name__, error=error)
            if self._stopping:
                break
            if time.monotonic() - begun > self._timing.steady:
                failures = 0
            failures += 1
            self._pause(problem, failures)
        self._set("off")

    def _session(self) -> None:
        """From entering the host to the end of the connection, which is always an error."""
        with self._changed:
            self._now_wanted = False
        self._set("connecting", f"Entering {self.host.address}")
        connection = self._connect(self.host, self._ask_user, self._home, self._timing.step)
        session = None
        try:
            with self._changed:
                self._connection = connection
            pipe = connection.pipe(self.host.engine_command("serve", "--alone"), self._timing.step)
            session = _Session(pipe, Calls(self._listener.event), time.monotonic())
            threading.Thread(target=self._read, args=(session,), name=f"pipe {self.host.id}", daemon=True).start()
            self._speak(session)
        finally:
            with self._changed:
                self._connection = None
                self._standing = Standing("waiting", "The connection was lost.", since=now())
                dropped, self._outgoing = list(self._outgoing), deque()
            for call, _ in dropped:
                call.give(error=self._broke())
            if session is not None:
                session.calls.fail(self._broke())
                session.pipe.close()
            connection.close()

    def _broke(self) -> DeepSoilError:
        return DeepSoilError("host_unreachable", "The connection to {title} broke before the answer.",
                             "It is made again by itself; your jobs there go on.", "host",
                             title=self.host.title)

    def _speak(self, session: _Session) -> None:
        def ask(method: str, params: dict[str, Any], timeout_s: float) -> Any:
            call = Call(method)
            session.pipe.write(session.calls.line(call, params))
            try:
                return call.wait(timeout_s)
            except TimeoutError:
                raise DeepSoilError("connection_lost", "The engine there did not answer '{method}' within "
                                    "{timeout_s:.0f} s.",
                                    method=method, timeout_s=timeout_s) from None
            except DeepSoilError as error:
                if session.ended and error.code == "host_unreachable":
                    raise self._why_ended(session.pipe) from None
                raise

        hello = ask("hello", {"client": __version__}, self._timing.hello)
        engine = str(hello.get("engine"))
        if hello.get("schema") != SCHEMA:
            raise DeepSoilError("other_engine", "{title} has the engine {engine}, which speaks another "
                                "version of the contract than {version} here.", "Install the engine there anew.",
                                title=self.host.title, engine=engine, version=__version__)
        self._listener.greeted(ask)
        if engine == __version__:
            self._set("ready", f"Connected to {hello.get('host')}", engine=engine)
        else:
            self._set("other_engine", f"The engine there is version {engine}, this computer's {__version__}: jobs are "
                      "not sent.", "Install the engine there anew; what runs there goes on and is shown.",
                      code="other_engine", engine=engine)
        self._keep(session)

    def _keep(self, session: _Session) -> None:
        """Send what is asked, and look whether the other end lives."""
        asked_alive: float | None = None
        within_s = self._timing.alive_within
        while True:
            with self._changed:
                if not (self._outgoing or session.ended or self._stopping or self._now_wanted):
                    self._changed.wait(self._timing.look)
                outgoing, self._outgoing = list(self._outgoing), deque()
                if self._now_wanted:
                    raise DeepSoilError("connection_lost", "The engine there is looked at anew.")
            for call, params in outgoing:
                session.pipe.write(session.calls.line(call, params))
            if self._stopping:
                return
            if session.ended:
                raise self._why_ended(session.pipe)
            moment, heard = time.monotonic(), session.heard
            if asked_alive is not None and heard > asked_alive:
                asked_alive, within_s = None, self._timing.alive_within
            slept = self._slept()
            if slept:
                asked_alive, within_s = None, self._timing.alive_after_sleep
            if asked_alive is None and (slept or moment - heard > self._timing.alive_every):
                asked_alive = moment
                session.pipe.write(session.calls.line(Call("hello"), {"client": __version__}))
            elif asked_alive is not None and moment - asked_alive > within_s:
                raise DeepSoilError("connection_lost", "{title} has not answered for "
                                    "{moment:.0f} s.",
                                    title=self.host.title, moment=moment - heard)

    def _read(self, session: _Session) -> None:
        """In a thread of its own, for as long as the pipe gives anything."""
        try:
            while data := session.pipe.read(_READ_BYTES):
                session.heard = time.monotonic()
                session.calls.feed(data)
        except DeepSoilError:
            pass  # the connection is lost, which is said below like any other end
        except Exception:  # noqa: BLE001 - the boundary of the thread: an end without a word would be waited for
            traceback.print_exc(file=sys.stderr)
        with self._changed:
            session.ended = True
            self._changed.notify_all()
        session.calls.fail(self._broke())

    def _why_ended(self, pipe: Pipe) -> DeepSoilError:
        deadline = time.monotonic() + _CODE_WITHIN_S
        while (code := pipe.code) is None and self._alive() and time.monotonic() < deadline:
            time.sleep(0.02)  # the exit code comes a moment after the last byte
        said = pipe.err.decode("utf-8", "replace").strip().splitlines()
        if code == NO_ENGINE or code in (126, 127):
            return DeepSoilError("no_engine", "{title} has no engine yet"
                                 "{value}.",
                                 "Install it there from the host's options.",
                                 title=self.host.title, value=f' ({said[-1][:200]})' if said else '')
        if code == 2 and any("--alone" in line for line in said):
            return DeepSoilError("other_engine", "The engine of {title} is too old to be spoken with.",
                                 "Install the engine there anew.",
                                 title=self.host.title)
        if code is not None:
            return DeepSoilError("connection_lost", "The engine there ended (exit code {code_text})"
                                 "{value}",
                                 code_text=code, value=f': {said[-1][:200]}' if said else '.')
        return DeepSoilError("connection_lost", "The connection to {title} was lost.",
                             title=self.host.title)

    def _alive(self) -> bool:
        with self._changed:
            return self._connection is not None and bool(self._connection.alive)

    def _pause(self, problem: DeepSoilError, failures: int) -> None:
        """Say how it stands, and wait for the next try: for its time, or for the user."""
        if problem.code in OF_THE_NETWORK:
            rest_s: float | None = delay_s(failures, self._timing, random.random())
            state: State = "waiting"
        elif problem.code in ("no_engine", "other_engine"):
            rest_s, state = None, problem.code  # type: ignore[assignment]
        else:
            rest_s, state = None, "refused"
        self._slept()
        self._set(state, problem.message, problem.hint, code=problem.code, next_try_s=rest_s and round(rest_s, 1))
        deadline = None if rest_s is None else time.monotonic() + rest_s
        with self._changed:
            while not self._stopping and not self._now_wanted:
                left_s = self._timing.look if deadline is None else deadline - time.monotonic()
                if left_s <= 0 or (deadline is not None and self._slept()):
                    return
                self._changed.wait(min(left_s, self._timing.look))

    def _slept(self) -> bool:
        """Whether the wall clock has left the other one behind since the last look: the computer was asleep."""
        offset_s = self._wall() - time.monotonic()
        jumped, self._offset_s = abs(offset_s - self._offset_s) > self._timing.jump, offset_s
        return jumped

    def _ask_user(self, question: Question) -> list[str] | None:
        before = self.standing
        self._set("asking", question.title)
        try:
            return self._ask(question)
        finally:
            self._set(before.state, before.message)

    def _set(self, state: State, message: str = "", hint: str = "", *, code: str | None = None,
             next_try_s: float | None = None, engine: str | None = None) -> None:
        with self._changed:
            since = self._standing.since if self._standing.state == state else now()
            standing = Standing(state, message, hint, code, since, next_try_s, engine)
            same = replace(standing, since=None) == replace(self._standing, since=None)
            self._standing = standing
            self._changed.notify_all()
        if not same:
            try:
                self._listener.changed(standing)
            except Exception:  # noqa: BLE001 - who listens must not end the link
                traceback.print_exc(file=sys.stderr)
