"""What outlives the client for a moment: the search for the engine on a thread, and engines that are ending."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt import sip
from qgis.PyQt.QtCore import QProcess, QThread, QTimer, pyqtSignal

from . import environment

_KILL_AFTER_MS = 2_000
# Python must keep these until they have ended, whatever becomes of the client.
_locators: list[Locator] = []
_ending: list[QProcess] = []


class Locator(QThread):
    """Looks for the installed engine; reads its whole source for the fingerprint, so not on the main thread.

    ``located``: the engine's Python, or None where it is not installed.
    """

    located = pyqtSignal(object)

    def __init__(self, home: Path, source: Path) -> None:
        super().__init__()
        self._home, self._source = home, source
        _locators.append(self)
        self.finished.connect(lambda: _locators.remove(self))

    def run(self) -> None:
        try:
            found = environment.engine_python(self._home, self._source)
        except (OSError, environment.InstallError):
            found = None
        self.located.emit(found)


def let_end(process: QProcess) -> None:
    """Let an engine end by itself: the end of stdin ends the service, never a job. Returns at once."""
    process.disconnect()
    if process.state() == QProcess.ProcessState.NotRunning:
        process.deleteLater()
        return
    process.setParent(None)
    _ending.append(process)
    process.finished.connect(lambda *_: _forget(process))
    process.closeWriteChannel()
    QTimer.singleShot(_KILL_AFTER_MS, lambda: _kill(process))


def _forget(process: QProcess) -> None:
    if process in _ending:
        _ending.remove(process)
        if not sip.isdeleted(process):  # QGIS is ending
            process.deleteLater()


def _kill(process: QProcess) -> None:
    """End an engine that does not end by itself."""
    if process in _ending and not sip.isdeleted(process):
        process.kill()
