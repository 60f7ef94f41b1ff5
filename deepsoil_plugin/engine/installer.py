"""Sets the engine up in a process of its own and reports by signals; can be cancelled at any time. Never waits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QObject, QProcess, QProcessEnvironment, pyqtSignal

from .. import paths
from ..text.translate import engine_message
from . import environment


class Installer(QObject):
    """``progressed(message, fraction)``; then ``succeeded(python)``, ``failed(message, hint, details)`` or
    ``cancelled``.
    """

    started = pyqtSignal()
    progressed = pyqtSignal(str, float)
    succeeded = pyqtSignal(str)
    failed = pyqtSignal(str, str, str)
    cancelled = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._rest = b""
        self._outcome: dict[str, Any] = {}
        self._cancelling = False

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self, home: Path, source: Path, again: bool = False) -> None:
        """Begin, unless it is under way; ``again``: from scratch, whatever is there."""
        if self.running:
            return
        python = next(environment.base_pythons(), None)
        if python is None:
            self.failed.emit(self.tr("No Python was found on this computer."),
                             self.tr("Install Python 3.12, then try again."), "")
            return
        self._run(python, "install_worker", [str(home), str(source), *(["again"] if again else [])])

    def start_extra(self, python: Path, source: Path, extra: str) -> None:
        """Begin to install what an extra needs into the engine's environment, unless something is under way."""
        if not self.running:
            self._run(python, "extra_worker", [str(python), str(source), extra])

    def _run(self, python: Path, worker: str, words: list[str]) -> None:
        variables = QProcessEnvironment()
        for name, value in environment.clean_environment().items():
            variables.insert(name, value)
        # The worker is a module of this package, which need not be called as its folder is.
        variables.insert("PYTHONPATH", str(paths.PLUGIN.parent))
        variables.insert("PYTHONDONTWRITEBYTECODE", "1")
        self._rest, self._outcome, self._cancelling = b"", {}, False
        process = QProcess(self)
        process.setProcessEnvironment(variables)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._not_started)
        self._process = process
        process.start(str(python), ["-m", f"{paths.PLUGIN.name}.engine.{worker}", *words])
        self.started.emit()

    def cancel(self) -> None:
        """End the installation; ``cancelled`` follows."""
        if self._process is not None:
            self._cancelling = True
            self._process.closeWriteChannel()

    def _read(self) -> None:
        if self._process is None:
            return
        *lines, self._rest = (self._rest + bytes(self._process.readAllStandardOutput())).split(b"\n")
        for line in lines:
            try:
                words = json.loads(line)
            except ValueError:
                continue
            if "fraction" in words:
                self.progressed.emit(engine_message(words), float(words["fraction"]))
            else:
                self._outcome = words

    def _not_started(self, what: QProcess.ProcessError) -> None:
        if what == QProcess.ProcessError.FailedToStart:
            self._finished()

    def _finished(self, *_: Any) -> None:
        if self._process is None:
            return
        self._read()
        process, self._process = self._process, None
        details = bytes(process.readAllStandardError()).decode("utf-8", "replace")
        process.deleteLater()
        if self._cancelling:
            self.cancelled.emit()
        elif python := self._outcome.get("python"):
            self.succeeded.emit(python)
        elif self._outcome.get("error"):
            self.failed.emit(engine_message(self._outcome, "error"), engine_message(self._outcome, "hint"),
                             self._outcome.get("details", ""))
        else:
            self.failed.emit(self.tr("The installation stopped unexpectedly."),
                             self.tr("Try again. Files already downloaded are not downloaded again."), details)
