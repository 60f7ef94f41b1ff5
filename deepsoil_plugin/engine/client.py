"""Speaks with the engine process: requests and replies as JSON lines, events as signals. Never waits.

Calls made before the engine is ready are kept and sent when it is. An engine that dies is started again a few times;
the calls that were under way are answered with an error, so that nobody waits for ever.
"""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, pyqtSignal

from .. import paths
from ..contract import SCHEMA
from ..text.translate import engine_message
from . import command
from .call import Call, Error, OnError, OnResult, error_of, timeout_of
from .pipe import LineBuffer, LineTooLongError, decode, encode
from .processes import Locator, let_end
from .refusal import refusal_of

_RESTART_AFTER_MS = (500, 2_000, 8_000)
_STEADY_S = 120.0  # an engine that lived so long has its restarts back
_STDERR_LINES = 200
_TURN_S = 0.010  # at most so long per turn of the event loop
_SWEEP_MS = 500
_WATCH_AGAIN_MS = 5_000


class EngineClient(QObject):
    """The engine of this computer.

    ``state``: ``off``, ``starting``, ``ready``, ``missing`` (not installed) or ``stopped`` (given up; ``reason`` says
    why). ``questionAsked`` brings what the engine wants to know of the user; whoever hears it answers with the method
    ``answer``.
    """

    ready = pyqtSignal(dict)
    jobChanged = pyqtSignal(dict)
    jobRemoved = pyqtSignal(str)
    hostChanged = pyqtSignal(dict)
    hostStepped = pyqtSignal(str, dict)  # host, step of its test
    hostInstalled = pyqtSignal(str, str, float)  # host, message, fraction: how far its installation is
    modelFetched = pyqtSignal(str, str, float)  # host, model, fraction that has come
    questionTold = pyqtSignal(dict)  # how far the engine is with a what_if
    questionAsked = pyqtSignal(dict)
    stopped = pyqtSignal(str)
    stateChanged = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None, python: Path | None = None) -> None:
        super().__init__(parent)
        self.state = "off"
        self.reason = ""
        self.hello: dict[str, Any] = {}
        self.warning = ""
        self.variables: dict[str, str] = {}
        self._python = python
        self._process: QProcess | None = None
        self._locator: Locator | None = None
        self._lines = LineBuffer()
        self._stderr: deque[str] = deque(maxlen=_STDERR_LINES)
        self._number = 0
        self._calls: dict[int, Call] = {}
        self._waiting: deque[Call] = deque()
        self._restarts = 0
        self._started_at = 0.0
        self._sweeper = QTimer(self)
        self._sweeper.setInterval(_SWEEP_MS)
        self._sweeper.timeout.connect(self._sweep)

    @property
    def is_ready(self) -> bool:
        return self.state == "ready"

    @property
    def process_id(self) -> int:
        """0 where no engine runs."""
        return int(self._process.processId()) if self._process else 0

    def start(self) -> None:
        """Start the engine unless it runs, starts or has been given up; returns at once."""
        if self.state in ("off", "missing"):
            self._restarts = 0
            self._launch()

    def restart(self) -> None:
        """End the engine, if it runs, and start a new one."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """End the engine (never a job) and answer whoever waits; returns at once."""
        self._drop_process()
        self._set_state("off")
        self._fail_all(error_of("engine_stopped", self.tr("The DeepSoil engine was stopped."),
                              self.tr("Try again. The engine starts automatically.")))

    def call(self, method: str, params: dict[str, Any] | None = None, on_result: OnResult | None = None,
             on_error: OnError | None = None, *, owner: QObject | None = None,
             timeout_s: float | None = None) -> None:
        """Ask the engine; one of the two functions is called later, never before this returns.

        on_error gets ``{code, message, hint, field}``. With ``owner``, nothing is called once that object is gone.
        The time limit is the contract's where none is given; it counts from the moment when the request is sent.
        """
        request = Call(method, params or {}, on_result, on_error, owner, timeout_s or timeout_of(method), 0.0)
        refusal = refusal_of(method, request.params)
        if refusal is not None:
            QTimer.singleShot(0, lambda: self._answer_error(request, refusal))
        elif self.state == "stopped":
            QTimer.singleShot(0, lambda: self._answer_error(request, self._stopped_error()))
        elif self.is_ready:
            self._send(request)
        else:
            self._waiting.append(request)
            self.start()

    def diagnostics(self) -> str:
        """What the engine wrote to stderr last, and how it stands; for a report."""
        head = [f"DeepSoil {paths.version()}; engine: {self.state}", self.reason, self.warning,
                f"engine says: {self.hello}" if self.hello else ""]
        return "\n".join([line for line in head if line] + list(self._stderr))

    # --- the process

    def _launch(self) -> None:
        self._set_state("starting")
        python = self._python or command.chosen_python()
        if python is not None:
            self._run(python)
            return
        self._locator = Locator(paths.home(), paths.engine_source())
        self._locator.located.connect(self._located)
        self._locator.start()

    def _located(self, python: Path | None) -> None:
        if self.sender() is not self._locator or self.state != "starting":
            return
        self._locator = None
        if python is None:
            self._set_state("missing")
        else:
            self._run(python)

    def _run(self, python: Path) -> None:
        start = command.serve_command(python, paths.home(), paths.resources(), self.variables)
        variables = QProcessEnvironment()
        for name, value in start.variables.items():
            variables.insert(name, value)
        process = QProcess(self)
        process.setProcessEnvironment(variables)
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read_stderr)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        self._process, self._lines = process, LineBuffer()
        self._started_at = time.monotonic()
        process.start(start.program, start.arguments)
        self._sweeper.start()
        self._send(Call("hello", {"client": paths.version()}, self._greeted, self._not_greeted, None,
                         timeout_of("hello"), 0.0))

    def _greeted(self, hello: dict[str, Any]) -> None:
        self.hello = hello
        if hello.get("schema") != SCHEMA:
            self._give_up(self.tr("The engine uses version {0} of the contract and the plugin version {1}. Reinstall "
                                  "the engine in DeepSoil's options.").format(hello.get("schema"), SCHEMA))
            return
        engine = str(hello.get("engine", ""))
        if engine != paths.version():
            self.warning = self.tr("The engine has version {0} and the plugin {1}. If something does not work, "
                                   "reinstall the engine in DeepSoil's options.").format(engine, paths.version())
        self._watch()
        self._set_state("ready")
        self.ready.emit(hello)
        while self._waiting and self.is_ready:
            self._send(self._waiting.popleft())

    def _watch(self) -> None:
        """Ask for events; again later if the engine cannot give them yet, for instance on a full disk."""
        if self.state in ("starting", "ready") and self._process is not None:
            self._send(Call("watch", {}, None, self._not_watched, self, timeout_of("watch"), 0.0))

    def _not_watched(self, error: Error) -> None:
        if error["code"] not in ("engine_lost", "engine_stopped"):
            process = self._process
            QTimer.singleShot(_WATCH_AGAIN_MS, lambda: self._watch() if self._process is process else None)

    def _not_greeted(self, error: Error) -> None:
        if self.state == "starting" and error["code"] != "engine_lost":
            self._give_up(error["message"])

    def _finished(self, *_: Any) -> None:
        if self.sender() is self._process:
            self._died(self.tr("The DeepSoil engine stopped unexpectedly."))

    def _failed(self, what: QProcess.ProcessError) -> None:
        # Any other error is followed by ``finished``.
        if self.sender() is self._process and what == QProcess.ProcessError.FailedToStart:
            program = self._process.program() if self._process else ""
            self._give_up(self.tr("The engine's program {0} could not be started. Reinstall the engine in DeepSoil's "
                                  "options.").format(program))

    def _died(self, reason: str) -> None:
        self._read_stderr()
        self._drop_process()
        if time.monotonic() - self._started_at > _STEADY_S:
            self._restarts = 0
        if self._restarts >= len(_RESTART_AFTER_MS):
            last = next((line for line in reversed(self._stderr) if line.strip()), "")
            self._give_up(" ".join([reason, self.tr("It was started %n time(s).", None, self._restarts + 1), last]))
            return
        delay_ms = _RESTART_AFTER_MS[self._restarts]
        self._restarts += 1
        self._set_state("starting")
        self._fail_sent(error_of("engine_lost", reason, self.tr("It is being restarted. Running jobs continue. Try "
                                                              "again in a moment.")))
        QTimer.singleShot(delay_ms, self._launch_again)

    def _launch_again(self) -> None:
        if self.state == "starting" and self._process is None and self._locator is None:
            self._launch()

    def _give_up(self, reason: str) -> None:
        self._read_stderr()
        self._drop_process()
        self.reason = reason
        self._set_state("stopped")
        self._fail_all(self._stopped_error())
        self.stopped.emit(reason)

    def _drop_process(self) -> None:
        self._sweeper.stop()
        self._locator = None
        process, self._process = self._process, None
        if process is not None:
            let_end(process)

    # --- the pipe

    def _send(self, request: Call) -> None:
        if self._process is None:
            self._waiting.append(request)
            return
        self._number += 1
        request.deadline = time.monotonic() + request.timeout_s
        self._calls[self._number] = request
        self._process.write(encode(self._number, request.method, request.params))

    def _read(self) -> None:
        if self._process is None:
            return
        try:
            self._lines.feed(bytes(self._process.readAllStandardOutput()))
        except LineTooLongError:
            self._died(self.tr("The DeepSoil engine sent an invalid answer."))
            return
        self._drain()

    def _drain(self) -> None:
        """Deliver what has come, a little per turn of the event loop; a receiver that raises loses no other line."""
        end = time.monotonic() + _TURN_S
        lines = self._lines
        try:
            while (line := lines.pop()) is not None:
                self._deliver(line)
                if time.monotonic() > end:
                    break
        finally:
            if lines:
                QTimer.singleShot(0, self._drain)

    def _deliver(self, line: bytes) -> None:
        message = decode(line)
        if message is None:
            return
        if "event" in message:
            self._deliver_event(message)
        elif (request := self._calls.pop(message.get("id", -1), None)) is not None and request.wanted:
            if "error" in message:
                self._answer_error(request, message["error"])
            elif request.on_result:
                request.on_result(message.get("result"))

    def _deliver_event(self, message: dict[str, Any]) -> None:
        """An event as its signal; what a later engine may tell beyond these is passed over."""
        event = message["event"]
        if event == "job":
            self.jobChanged.emit(message["job"])
        elif event == "removed":
            self.jobRemoved.emit(str(message["id"]))
        elif event == "host":
            self.hostChanged.emit(message["host"])
        elif event == "host_step":
            self.hostStepped.emit(str(message["host"]), message["step"])
        elif event == "host_install":
            self.hostInstalled.emit(str(message["host"]), engine_message(message),
                                     float(message.get("fraction") or 0.0))
        elif event == "model_fetch":
            self.modelFetched.emit(str(message["host"]), str(message["model"]), float(message.get("fraction") or 0))
        elif event == "what_if":
            self.questionTold.emit(message)
        elif event == "question":
            self.questionAsked.emit(message)

    def _read_stderr(self) -> None:
        if self._process is not None:
            text = bytes(self._process.readAllStandardError()).decode("utf-8", "replace")
            self._stderr.extend(text.splitlines())

    def _sweep(self) -> None:
        """Answer the calls whose time is over."""
        now = time.monotonic()
        for number, request in [(n, c) for n, c in self._calls.items() if c.deadline < now]:
            del self._calls[number]
            self._answer_error(request, error_of(
                "engine_timeout",
                self.tr("The engine did not answer “{0}” within {1} s.").format(
                    request.method, round(request.timeout_s)),
                self.tr("Try again. If this happens again, restart the engine in DeepSoil's options.")))

    # --- ends

    def _answer_error(self, request: Call, error: Error) -> None:
        if request.on_error and request.wanted:
            request.on_error(error)

    def _fail_sent(self, error: Error) -> None:
        sent, self._calls = list(self._calls.values()), {}
        for request in sent:
            self._answer_error(request, error)

    def _fail_all(self, error: Error) -> None:
        waiting, self._waiting = list(self._waiting), deque()
        self._fail_sent(error)
        for request in waiting:
            self._answer_error(request, error)

    def _stopped_error(self) -> Error:
        return error_of("engine_stopped", self.reason or self.tr("The DeepSoil engine is not running."),
                      self.tr("Restart or reinstall it in DeepSoil's options."))

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.stateChanged.emit(state)
