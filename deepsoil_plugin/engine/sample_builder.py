"""Builds the synthetic sample region with the engine's Python, in a process of its own; can be stopped. Never waits."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from qgis.PyQt.QtCore import QObject, QProcess, QProcessEnvironment, pyqtSignal

from .. import paths
from .command import serve_command

_PROGRESS = re.compile(r" *(\d+) ?%  (.+)")


class SampleBuilder(QObject):
    """``progressed(message, fraction)``; then ``built(folder)``, ``failed(message)`` or ``stopped``."""

    progressed = pyqtSignal(str, float)
    built = pyqtSignal(str)
    failed = pyqtSignal(str)
    stopped = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._folder = Path()
        self._said = ""
        self._stopping = False

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self, python: str, folder: Path) -> None:
        """Build into a folder, unless it is under way; a region that is there whole is taken as it is."""
        if self.running:
            return
        if folder.exists():
            self.built.emit(str(folder))
            return
        # Built beside it and moved when it is whole: a region that was cut short is never taken for one.
        self._folder, self._said, self._stopping = folder, "", False
        self._remove_draft()
        self._draft.parent.mkdir(parents=True, exist_ok=True)
        start = serve_command(Path(python), paths.home(), paths.resources())
        variables = QProcessEnvironment()
        for name, value in start.variables.items():
            variables.insert(name, value)
        process = QProcess(self)
        process.setProcessEnvironment(variables)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._not_started)
        self._process = process
        process.start(start.program, ["-m", "deepsoil", "sample", str(self._draft)])

    def stop(self) -> None:
        """End it; ``stopped`` follows."""
        if self._process is not None:
            self._stopping = True
            self._process.kill()

    @property
    def _draft(self) -> Path:
        return self._folder.with_name(f".{self._folder.name}.part")

    def _read(self) -> None:
        if self._process is None:
            return
        for line in bytes(self._process.readAllStandardOutput()).decode("utf-8", "replace").splitlines():
            self._said = line.strip() or self._said
            if found := _PROGRESS.match(line):
                self.progressed.emit(found[2], int(found[1]) / 100)

    def _not_started(self, what: QProcess.ProcessError) -> None:
        if what == QProcess.ProcessError.FailedToStart:
            self._finished(1)

    def _finished(self, code: int, *_: object) -> None:
        if self._process is None:
            return
        self._read()
        process, self._process = self._process, None
        process.deleteLater()
        problem = self._said if code else ""
        if not code and not self._stopping:
            try:
                self._draft.rename(self._folder)
            except OSError as error:
                problem = str(error)
        if self._stopping:
            self._remove_draft()
            self.stopped.emit()
        elif code or problem:
            self._remove_draft()
            self.failed.emit(problem)
        else:
            self.built.emit(str(self._folder))

    def _remove_draft(self) -> None:
        shutil.rmtree(self._draft, ignore_errors=True)
