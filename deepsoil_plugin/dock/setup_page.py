"""What a new user sees first: what will be set up, where, how large; progress, cancel, and what to do if it fails."""

from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QPlainTextEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from .. import paths
from ..engine.installer import Installer
from ..widgets.basic import GRID, PlainLabel, ProblemLine, caption, quiet_label, row, say

_SIZE_MB = 400


class SetupPage(QWidget):
    """``done`` when the engine is installed."""

    done = pyqtSignal()

    def __init__(self, installer: Installer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._installer = installer
        title = caption(self.tr("Set up DeepSoil"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        title.setFont(font)
        self._text = PlainLabel(name="deepsoilSetupText")
        self._text.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setObjectName("deepsoilSetupProgress")
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._step = quiet_label("deepsoilSetupStep")
        self._problem = ProblemLine("deepsoilSetupProblem")
        self._details = QPlainTextEdit()
        self._details.setObjectName("deepsoilSetupDetails")
        self._details.setReadOnly(True)
        self._go = QPushButton(self.tr("Set up DeepSoil"))
        self._go.setObjectName("deepsoilSetup")
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.setObjectName("deepsoilSetupCancel")
        self._go.clicked.connect(self.begin)
        self._cancel.clicked.connect(self._stop)
        buttons = row(self._go, self._cancel)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        for widget in (title, self._text, self._bar, self._step, self._problem, self._details):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        layout.addStretch(1)
        installer.started.connect(self._started)
        installer.progressed.connect(self._progressed)
        installer.succeeded.connect(self._succeeded)
        installer.failed.connect(self._failed)
        installer.cancelled.connect(self._cancelled)
        self._show(busy=installer.running)
        self._details.hide()

    def begin(self) -> None:
        """Start the installation."""
        self._installer.start(paths.home(), paths.engine_source())

    def _started(self) -> None:
        self._problem.say("")
        self._details.hide()
        self._bar.setValue(0)
        say(self._step, self.tr("Starting …"))
        self._show(busy=True)

    def showEvent(self, event: object) -> None:
        self._text.setText(self.tr(
            "DeepSoil does its calculations in a separate engine, outside QGIS. The engine needs to be installed "
            "once:\n\n"
            "•  What: Python packages (ONNX Runtime, NumPy, rasterio, Zarr and others) from the Python Package "
            "Index\n"
            "•  Where: {0}\n"
            "•  Size: about {1} MB\n\n"
            "Nothing is installed into QGIS itself. This takes a few minutes. You can keep working in QGIS.").format(
                paths.home() / "engine", _SIZE_MB))
        super().showEvent(event)

    def _stop(self) -> None:
        self._cancel.setEnabled(False)
        self._installer.cancel()

    def _progressed(self, message: str, fraction: float) -> None:
        self._bar.setValue(round(1000 * fraction))
        say(self._step, message)

    def _succeeded(self, _python: str) -> None:
        self._show(busy=False)
        self.done.emit()

    def _failed(self, message: str, hint: str, details: str) -> None:
        self._show(busy=False)
        say(self._step, "")
        self._problem.say(f"{message} {hint}", warning=True)
        self._details.setPlainText(details)
        self._details.setVisible(bool(details))

    def _cancelled(self) -> None:
        self._show(busy=False)
        say(self._step, self.tr("Cancelled. The files already downloaded are kept for the next attempt."))

    def _show(self, busy: bool) -> None:
        self._go.setVisible(not busy)
        self._cancel.setVisible(busy)
        self._cancel.setEnabled(busy)
        self._bar.setVisible(busy)
