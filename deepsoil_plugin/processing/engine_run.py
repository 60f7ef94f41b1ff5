"""An engine for one algorithm: started, asked and ended in the algorithm's thread. No widgets, no event loop.

Processing runs algorithms in threads and without a window, where the client of the dock cannot be used. A job that
was submitted outlives this engine; cancelling the algorithm cancels its job.
"""

from __future__ import annotations

import queue
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..contract import FINAL_STATES
from ..engine import command, environment
from ..engine.pip_advice import InstallError
from ..engine.pipe import decode, encode
from ..text.formatting import plain_error
from ..text.translate import engine_message, tr

_NO_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows only: no window may flash up
_TURN_S = 0.2
_START_S = 120.0   # the first start after an installation compiles the packages
_ANSWER_S = 120.0
_CANCEL_S = 40.0   # the engine itself ends a worker that does not stop by then
_END_S = 5.0
_CONNECT_S = 120.0
_UNDER_WAY = ("off", "connecting", "asking")
_LAST_BYTES = 2000

OnJob = Callable[[dict[str, Any]], None]
Cancelled = Callable[[], bool]


class EngineError(Exception):
    """What went wrong and what to do, in the user's words."""


class CancelledError(Exception):
    """The user has cancelled the algorithm."""


def find_python(home: Path, source: Path) -> Path:
    """The installed engine's Python. EngineError where there is none."""
    try:
        python = command.chosen_python() or environment.engine_python(home, source)
    except InstallError as error:
        raise EngineError(f"{error.message} {error.hint}") from error
    if python is None:
        raise EngineError(tr("The DeepSoil engine is not installed yet. Open the DeepSoil panel in QGIS and set it up, "
                             "then run this again."))
    return python


class EngineRun:
    """``with EngineRun(start, cancelled) as engine``: an engine process that ends with the block."""

    def __init__(self, start: command.EngineCommand, cancelled: Cancelled) -> None:
        self._cancelled = cancelled
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._number = 0
        self._passed: dict[Any, dict[str, Any]] = {}
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  stderr must never fill a pipe; closed in __exit__
        try:
            self._process = subprocess.Popen(
                [start.program, *start.arguments], env=start.variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=self._stderr, creationflags=_NO_CONSOLE)
        except OSError as error:
            self._stderr.close()
            text = tr("The engine could not be started: {0}. Reinstall it in DeepSoil's options.").format(error)
            raise EngineError(text) from error
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> EngineRun:
        self.ask("hello", {"client": "processing"}, _START_S)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()  # the end of stdin ends the service
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(_END_S)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._stderr.close()

    def ask(self, method: str, params: dict[str, Any] | None = None, timeout_s: float = _ANSWER_S) -> Any:
        """The engine's answer. EngineError where it refuses, CancelledError where the user does."""
        number = self._send(method, params)
        late = tr("The engine did not answer “{0}”. Try again.").format(method)
        message = self._wait(lambda m: m.get("id") == number, timeout_s, late)
        if "error" in message:
            raise EngineError(plain_error(message["error"]))
        return message.get("result")

    def run_job(self, specification: dict[str, Any], on_change: OnJob, host: str = "") -> dict[str, Any]:
        """Submit a job and follow it to its end; the summary of a succeeded job.

        ``host``: the name or id of another host; its files are then brought here. EngineError where it fails;
        CancelledError after the job has been cancelled too.
        """
        place = {"host": self.connected(host)} if host else {}
        self.ask("watch")
        job = self.ask("submit", {"specification": specification, **place})
        try:
            while job["state"] not in FINAL_STATES:
                on_change(job)
                job = self._next(job)
            if place and job["state"] == "succeeded":
                job = self._brought(job, on_change)
        except CancelledError:
            self._cancel_job(specification["id"])
            raise
        if job["state"] == "failed":
            message = engine_message(job) or tr("The job failed.")
            text = plain_error(job.get("reason") or {}) or message
            raise EngineError(text + " " + tr("Folder of the job: {0}").format(job.get("folder")))
        if job["state"] == "cancelled":
            raise EngineError(tr("The job was cancelled from another window."))
        on_change(job)
        return dict(job)

    def connected(self, host: str) -> str:
        """The id of the host that has this name or id, once its engine answers. EngineError with the reason."""
        end = time.monotonic() + _CONNECT_S
        while True:
            known = self.ask("hosts")
            found = next((one for one in known if host.casefold() in (one["id"], one["title"].casefold())), None)
            if found is None:
                names = ", ".join(one["title"] for one in known)
                raise EngineError(tr("There is no host “{0}”. The hosts are: {1}. Others are added in DeepSoil's "
                                     "options.").format(host, names or tr("none")))
            connection = found.get("connection") or {}
            if connection.get("state") == "ready":
                return str(found["id"])
            if connection.get("state") not in _UNDER_WAY or time.monotonic() > end:
                raise EngineError(f"{found['title']}: {plain_error(connection)}")
            if self._cancelled():
                raise CancelledError
            time.sleep(_TURN_S)

    def _next(self, job: dict[str, Any]) -> dict[str, Any]:
        """The job after its next change."""
        event = self._passed.pop(job["id"], None) or self._wait(lambda m: _subject(m) == job["id"])
        if event["event"] == "removed":
            raise EngineError(tr("The job was removed while it was running."))
        return dict(event["job"])

    def _brought(self, job: dict[str, Any], on_change: OnJob) -> dict[str, Any]:
        """The job once its files are on this computer."""
        if any(not output.get("path") for output in job["outputs"]):
            job = self.ask("retrieve", {"id": job["id"]})
        while any(not output.get("path") for output in job["outputs"]):
            retrieval = job.get("retrieval") or {}
            if retrieval.get("state") == "failed":
                raise EngineError(plain_error(retrieval.get("error") or {}))
            on_change(job)
            job = self._next(job)
        return job

    def _cancel_job(self, job_id: str) -> None:
        """Cancel and wait until it has ended, so that nothing of it goes on unseen."""
        self._cancelled = lambda: False
        state = self.ask("cancel", {"id": job_id}).get("state")
        end = time.monotonic() + _CANCEL_S
        while state not in FINAL_STATES and time.monotonic() < end:
            event = self._wait(lambda m: _subject(m) == job_id, _CANCEL_S)
            state = event["job"]["state"] if event["event"] == "job" else "cancelled"

    def _send(self, method: str, params: dict[str, Any] | None) -> int:
        self._number += 1
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(encode(self._number, method, params or {}))
            self._process.stdin.flush()
        except OSError as error:
            raise EngineError(self._died()) from error
        return self._number

    def _wait(self, wanted: Callable[[dict[str, Any]], bool], timeout_s: float | None = None,
              late: str = "") -> dict[str, Any]:
        end = None if timeout_s is None else time.monotonic() + timeout_s
        while end is None or time.monotonic() < end:
            if self._cancelled():
                raise CancelledError
            try:
                message = self._messages.get(timeout=_TURN_S)
            except queue.Empty:
                continue
            if message is None:
                raise EngineError(self._died())
            if message.get("event") == "question":
                # Nobody is here to answer; where QGIS has a window, the dock's engine asks for itself.
                self._send("answer", {"question": message["question"], "answers": None})
                continue
            if wanted(message):
                return message
            if (subject := _subject(message)) is not None:
                self._passed[subject] = message  # it came before the answer that is waited for
        raise EngineError(late or tr("The engine no longer answers. Try again."))

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            message = decode(line)
            if message is not None:
                self._messages.put(message)
        self._messages.put(None)

    def _died(self) -> str:
        self._stderr.seek(0, 2)
        self._stderr.seek(max(0, self._stderr.tell() - _LAST_BYTES))
        last = self._stderr.read().decode("utf-8", "replace").strip()
        return tr("The engine stopped unexpectedly. Running jobs continue. Its last message: {0}").format(last)


def _subject(message: dict[str, Any]) -> Any:
    """The id of the job that an event is about; None for an answer."""
    if message.get("event") == "job":
        return message["job"]["id"]
    return message.get("id") if message.get("event") == "removed" else None
