"""The window of an installation at a host: how far it is, cancel, details. It may be closed meanwhile."""

from __future__ import annotations

from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFontDatabase, QGuiApplication
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from .. import paths
from ..widgets.basic import GRID, PlainLabel, ProblemLine, caption, quiet_label, say
from .installer import HostInstaller
from .model import Host

_WIDTH_PX = 520


class InstallWindow(QDialog):
    """Shows what the installer knows of a host; ``begin`` starts it, unless it is under way."""

    def __init__(self, installer: HostInstaller, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilInstallWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("DeepSoil: Install the Engine on {0}").format(host["title"]))
        self._installer, self._host_id = installer, str(host["id"])
        title = caption(self.tr("Engine on {0}").format(host["title"]))
        about = PlainLabel(self.tr(
            "Version {0} of DeepSoil's engine will be installed in its own Python environment in {1}/engine on {2}. "
            "Administrator rights are not needed. Existing jobs, models and maps are kept. You can keep working in "
            "QGIS, and close this window.").format(
                paths.version(), host["home"], host["address"]))
        about.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setObjectName("deepsoilInstallProgress")
        self._bar.setAccessibleName(self.tr("Progress of the installation"))
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._step = quiet_label("deepsoilInstallStep")
        self._problem = ProblemLine("deepsoilInstallProblem")
        self._details = QPlainTextEdit()
        self._details.setObjectName("deepsoilInstallDetails")
        self._details.setAccessibleName(self.tr("Details of the installation"))
        self._details.setReadOnly(True)
        self._details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        fold = QgsCollapsibleGroupBox(self.tr("Details"))
        fold.setObjectName("deepsoilInstallFold")
        fold.setSaveCollapsedState(False)
        fold.setCollapsed(True)
        QVBoxLayout(fold).addWidget(self._details)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        for widget in (title, about, self._bar, self._step, self._problem, fold):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self._button_box())
        self.setMinimumWidth(max(_WIDTH_PX, self.minimumSizeHint().width()))
        installer.changed.connect(self._changed)
        self._show()

    def _button_box(self) -> QDialogButtonBox:
        self._cancel = QPushButton(self.tr("Cancel the installation"))
        self._cancel.setObjectName("deepsoilInstallCancel")
        self._again = QPushButton(self.tr("Install"))
        self._again.setObjectName("deepsoilInstallAgain")
        self._copy = QPushButton(self.tr("Copy details"))
        self._copy.setObjectName("deepsoilInstallCopy")
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.button(QDialogButtonBox.StandardButton.Close).setObjectName("deepsoilInstallClose")
        for button in (self._cancel, self._again, self._copy):
            box.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
            button.setAutoDefault(False)
        self._cancel.clicked.connect(lambda: self._installer.cancel(self._host_id))
        self._again.clicked.connect(self.begin)
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._details.toPlainText()))
        box.rejected.connect(self.reject)
        return box

    def begin(self) -> None:
        """Install."""
        self._installer.start(self._host_id)

    def _changed(self, host_id: str) -> None:
        if host_id == self._host_id:
            self._show()

    def _show(self) -> None:
        known = self._installer.of(self._host_id)
        running = self._installer.running(self._host_id)
        self._cancel.setVisible(running)
        self._cancel.setEnabled(known is not None and known.state == "running")
        self._again.setVisible(not running and (known is None or known.state != "done"))
        self._copy.setEnabled(known is not None and bool(known.lines))
        self._bar.setVisible(running or (known is not None and known.state == "done"))
        if known is None:
            return
        self._again.setText(self.tr("Try again"))
        self._bar.setValue(round(1000 * known.fraction))
        failed = known.state == "failed"
        say(self._step, "" if failed else known.message)
        self._problem.say(f"{known.message} {known.hint}".strip() if failed else "", warning=True)
        self._details.setPlainText("\n".join([*known.lines, *([known.hint] if failed and known.hint else [])]))
