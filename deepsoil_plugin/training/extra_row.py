"""What a job needs and the engine lacks: a button that installs it, with progress and a way to stop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QProgressBar, QPushButton, QWidget

from .. import paths
from ..engine import command, environment
from ..engine.installer import Installer
from ..widgets.basic import ProblemLine, column, row


def extra_missing(estimate: Mapping[str, Any] | None) -> str:
    """The extra of the engine without which a job cannot run; empty where it lacks none. Pure."""
    for problem in (estimate or {}).get("problems") or ():
        if problem.get("code") == "extra_missing":
            return str((problem.get("values") or {}).get("extra") or "")
    return ""


class ExtraRow(QWidget):
    """``installed`` once the packages are there; ``ended`` where the installation failed or was stopped."""

    installed = pyqtSignal()
    ended = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._extra = ""
        self._installer = Installer(self)
        self._button = QPushButton(self.tr("Install what is missing"))
        self._button.setObjectName("deepsoilInstallExtra")
        self._button.setAutoDefault(False)
        self._stop = QPushButton(self.tr("Cancel"))
        self._stop.setObjectName("deepsoilInstallExtraCancel")
        self._stop.setAutoDefault(False)
        self._bar = QProgressBar()
        self._bar.setObjectName("deepsoilInstallExtraProgress")
        self._bar.setRange(0, 1000)
        self._text = ProblemLine("deepsoilInstallExtraText")
        line = row(self._button, self._bar, self._stop)
        line.addStretch(0)
        layout = column()
        layout.addWidget(self._text)
        layout.addLayout(line)
        self.setLayout(layout)
        self._button.clicked.connect(self.start)
        self._stop.clicked.connect(self._installer.cancel)
        self._installer.progressed.connect(self._progressed)
        self._installer.succeeded.connect(lambda _: self._ended("", well=True))
        self._installer.failed.connect(lambda message, hint, _: self._ended(f"{message} {hint}".strip()))
        self._installer.cancelled.connect(lambda: self._ended(
            self.tr("Stopped. What was downloaded is kept; the next attempt continues from there.")))
        self.offer("")

    def offer(self, extra: str, why: str = "") -> None:
        """Offer to install an extra on this computer; empty to offer nothing. ``why``: in place of the usual text."""
        if self._installer.running:
            return
        self._extra = extra
        if extra:
            usual = self.tr("This job needs packages of the engine that are not installed on this computer. They can "
                            "be large: those for training take several hundred megabytes or more.")
            self._text.say(why or usual)
        self._show()

    @property
    def missing(self) -> str:
        """The extra that is offered; empty where none."""
        return self._extra

    def start(self) -> None:
        """Begin to install what is offered."""
        source = paths.engine_source()
        python = command.chosen_python() or environment.engine_python(paths.home(), source)
        if python is not None and self._extra:
            self._installer.start_extra(python, source, self._extra)
        self._show()

    def _progressed(self, message: str, fraction: float) -> None:
        self._bar.setValue(round(1000 * fraction))
        self._text.say(message)

    def _ended(self, text: str, well: bool = False) -> None:
        self._text.say(text, warning=bool(text))
        if well:
            self._extra = ""
        self._show()
        (self.installed if well else self.ended).emit()

    def _show(self) -> None:
        running = self._installer.running
        self._button.setVisible(not running)
        self._bar.setVisible(running)
        self._stop.setVisible(running)
        self.setVisible(running or bool(self._extra))
