"""``deepsoil serve``: reads requests from stdin, answers on stdout, watches the jobs. Its end never ends a job."""

from __future__ import annotations

import io
import os
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

from deepsoil.contract import protocol
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.methods import METHODS
from deepsoil.home import open_home
from deepsoil.io.background_thread import start_daemon
from deepsoil.schedulers.watches import Watches
from deepsoil.service.methods import Methods
from deepsoil.service.problems import unexpected
from deepsoil.service.watch import Watcher, disk_time, seconds_of

_LOOK_EVERY_S = 0.3
# After the end of stdin, replies in progress may still be wanted, but not for longer than this.
_LAST_REPLIES_S = 30.0
# Of what a client sent, in the text of an error.
_LONGEST_SHOWN = 60


class Server:
    """One client on a pipe."""

    def __init__(self, home: Path, requests: BinaryIO, replies: BinaryIO, *, alone: bool = False) -> None:
        self._home, self._requests, self._replies = home, requests, replies
        self._writing = threading.Lock()
        self._ending = threading.Event()
        self._watcher: Watcher | None = None
        self._methods = Methods(home, watch=self._watch, shutdown=self._shutdown, emit=self._emit, alone=alone)
        self._watches = Watches(home, self._methods.context)
        self._methods.jobs.wake = self._watches.wake
        # Three pools: a list or a cancel never waits for an estimate of a large area, nor for another computer.
        self._slow = ThreadPoolExecutor(3, "slow")
        self._quick = ThreadPoolExecutor(2, "quick")
        self._away = ThreadPoolExecutor(16, "away")

    def run(self) -> None:
        """Answer until stdin ends, the client is gone, or it requests a shutdown."""
        start_daemon("keeper", self._keep)
        while not self._ending.is_set() and (line := self._requests.readline(protocol.LONGEST_LINE + 1)):
            if len(line) > protocol.LONGEST_LINE:
                self._skip_rest(line)
            self._take(line)
        self._ending.set()
        self._methods.hosts.close_questions()
        for pool in (self._slow, self._quick, self._away):
            pool.shutdown()
        self._methods.hosts.stop()
        self._watches.stop(_LAST_REPLIES_S)

    def _skip_rest(self, line: bytes) -> None:
        while line and not line.endswith(b"\n"):
            line = self._requests.readline(protocol.LONGEST_LINE)

    def _take(self, line: bytes) -> None:
        try:
            request = protocol.parse(line)
        except protocol.BadRequestError as error:
            self._send(protocol.error_line(error.id, error.problem))
            return
        except Exception as error:  # noqa: BLE001 - the boundary: nothing may end the thread that reads
            self._send(protocol.error_line(None, unexpected("a request", error)))
            return
        if request is not None:
            try:
                self._begin(request)
            except Exception as error:  # noqa: BLE001 - the boundary: nothing may end the thread that reads
                self._send(protocol.error_line(request.id, unexpected(request.method, error)))

    def _begin(self, request: protocol.Request) -> None:
        """Answer a request, or have a pool answer it."""
        method = METHODS.get(request.method)
        if method is None:
            self._send(protocol.error_line(request.id, DeepSoilError(
                "method_unknown", "The engine has no method '{method}'.",
                "Update the engine to the plugin's version.", "method",
                method=request.method[:_LONGEST_SHOWN])))
        elif request.method in ("hello", "shutdown"):
            self._answer(request)
        else:
            away = self._methods.hosts.away(method, request.params)
            (self._away if away else self._slow if method.pace == "slow" else self._quick).submit(self._answer, request)

    def _answer(self, request: protocol.Request) -> None:
        try:
            result = self._methods.answer(request.method, request.params)
            reply = self._written(request, result)
        except DeepSoilError as error:
            reply = protocol.error_line(request.id, error)
        except Exception as error:  # noqa: BLE001 - the boundary: a fault in one answer must not end the service
            reply = protocol.error_line(request.id, unexpected(request.method, error))
        self._send(reply)

    @staticmethod
    def _written(request: protocol.Request, result: Any) -> bytes:
        """The line of an answer. DeepSoilError ``internal`` if it is not JSON, or too long."""
        try:
            return protocol.result_line(request.id, result)
        except (ValueError, TypeError, RecursionError) as error:
            raise DeepSoilError("internal", "The answer to '{method}' cannot be sent ({error}).",
                                "Please send the engine's messages to the developers.",
                                method=request.method, error=error) from error

    def _send(self, line: bytes) -> None:
        with self._writing:
            try:
                self._replies.write(line)
                self._replies.flush()
            except (OSError, ValueError):
                # The client is gone, and the reading thread would wait forever.
                os._exit(0)

    def _emit(self, event: str, **content: Any) -> None:
        """Pass on an event of another host; job events only after `watch` was called."""
        if self._watcher is not None or event not in ("job", "removed"):
            self._tell(event, **content)

    def _tell(self, event: str, **content: Any) -> None:
        """Send an event; one that cannot be written is left out, with a line on stderr."""
        try:
            line = protocol.event_line(event, **content)
        except (ValueError, TypeError, RecursionError) as error:
            print(f"the event '{event}' cannot be sent: {error}", file=sys.stderr)
            return
        self._send(line)

    # ---- watching ----

    def _watch(self, after: str | None = None) -> dict[str, Any]:
        watcher = Watcher(self._methods.jobs.path, self._methods.jobs.machine,
                          lambda job: self._tell("job", job=job), lambda name: self._tell("removed", id=name))
        after_s = None if after is None else seconds_of(after)
        moment = disk_time(self._methods.jobs.path)
        watcher.baseline(after_s)
        self._watcher = watcher
        self._methods.hosts.watch(after_s)
        return {"time": moment}

    def _report_changes(self) -> None:
        if self._watcher is not None:
            self._watcher.look()

    def _shutdown(self) -> dict[str, Any]:
        self._ending.set()
        return {}

    def _keep(self) -> None:
        """In the background: the watches of the schedulers that have jobs, and events."""
        while True:
            for look in (self._watches.look, self._report_changes):
                try:
                    look()
                except Exception:  # noqa: BLE001 - e.g. a network drive that is away; the next look may succeed
                    traceback.print_exc(file=sys.stderr)
            if self._ending.wait(_LOOK_EVERY_S):
                time.sleep(_LAST_REPLIES_S)
                os._exit(0)


def serve(home: Path, *, alone: bool = False) -> int:
    """Answer on the process's stdin and stdout until the client ends it; ``alone``: for this computer only."""
    replies = _take_stdout()
    requests = os.fdopen(os.dup(0), "rb", buffering=io.DEFAULT_BUFFER_SIZE)
    try:
        open_home(home)
    except DeepSoilError as error:
        _refuse_all(requests, replies, error)
        return 2
    Server(home, requests, replies, alone=alone).run()
    return 0


def _refuse_all(requests: BinaryIO, replies: BinaryIO, problem: DeepSoilError) -> None:
    """Answer every request with the error that prevents this engine from working."""
    while line := requests.readline(protocol.LONGEST_LINE + 1):
        try:
            request = protocol.parse(line)
        except protocol.BadRequestError:
            continue
        if request is not None:
            replies.write(protocol.error_line(request.id, problem))


def _take_stdout() -> BinaryIO:
    """The real stdout, reserved for replies: output of libraries, from Python and from C, goes to stderr."""
    sys.stdout.flush()
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return replies
