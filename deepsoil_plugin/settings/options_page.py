"""DeepSoil's page in QGIS's options: the engine, its folder, hosts, memory and threads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from qgis.core import QgsSettings
from qgis.gui import QgsFileWidget, QgsOptionsPageWidget
from qgis.PyQt.QtGui import QGuiApplication, QShowEvent
from qgis.PyQt.QtWidgets import (
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from .. import paths, preferences
from ..help_window import HelpWindow
from ..hosts.list_group import HostsGroup
from ..hosts.model import engine_state_text
from ..text.plain import tip_text
from ..widgets.basic import PlainLabel, readable_hint
from .archives_group import ArchivesGroup
from .units_group import UnitsGroup


class OptionsPage(QgsOptionsPageWidget):
    """Takes effect with OK: another folder or number of jobs starts the engine anew. Hosts are changed at once."""

    def __init__(self, components: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilOptions")
        self._components = components
        self._state = PlainLabel(name="deepsoilEngineState")
        self._state.setWordWrap(True)
        restart = self._push("deepsoilOptionsRestart", self.tr("Restart"), self._restart)
        self._again = self._push("deepsoilReinstall", self.tr("Reinstall"), self._install)
        report = self._push("deepsoilDiagnostics", self.tr("Copy report"), self._copy_report)
        buttons = QHBoxLayout()
        restart.setToolTip(self.tr("Restart the engine. Running jobs continue"))
        self._again.setToolTip(self.tr("Reinstall the engine's Python environment. Jobs and maps are kept"))
        report.setToolTip(self.tr("Copy versions and the engine's latest messages, to ask a question or report a "
                                  "problem"))
        for button in (restart, self._again, report):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._home = QgsFileWidget()
        self._home.setObjectName("deepsoilHome")
        self._home.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self._home.setFilePath(str(paths.home()))
        # A folder given from outside cannot be changed here.
        if os.environ.get("DEEPSOIL_HOME"):
            self._home.setEnabled(False)
            self._home.setToolTip(self.tr("Set by the environment variable DEEPSOIL_HOME. It cannot be changed here"))
        self._threads = self._spin("deepsoilThreads", 0, os.cpu_count() or 1, preferences.threads())
        self._threads.setSpecialValueText(self.tr("automatic"))
        self._at_once = self._spin("deepsoilAtOnce", 1, 8, preferences.jobs_at_once())
        self._at_once.setToolTip(self.tr("Each job needs up to about 1 GB of memory"))
        engine = QGroupBox(self.tr("Engine on this computer"))
        form = QFormLayout(engine)
        form.addRow(self.tr("Status"), self._state)
        form.addRow("", buttons)
        form.addRow(self.tr("Folder for jobs, models and the engine"), self._home)
        form.addRow(self.tr("Threads per job"), self._threads)
        form.addRow(self.tr("Jobs at the same time"), self._at_once)
        self._report = QgsFileWidget()
        self._report.setObjectName("deepsoilReportTemplate")
        self._report.setFilter(self.tr("Layout templates (*.qpt)"))
        self._report.setFilePath(str(preferences.report_template() or ""))
        self._report.lineEdit().setPlaceholderText(self.tr("the one that comes with DeepSoil"))
        readable_hint(self._report.lineEdit())
        self._report.setToolTip(tip_text(self.tr(
            "A layout of QGIS for the PDF reports. To make your own, open {0} in QGIS's layout manager, change it, and "
            "save it as a template").format(paths.resources() / "layouts" / "report.qpt")))
        form.addRow(self.tr("Template of reports"), self._report)
        self._units = UnitsGroup()
        layout = QVBoxLayout(self)
        layout.addWidget(engine)
        layout.addWidget(self._units)
        layout.addWidget(HostsGroup(components), 1)
        self._archives = ArchivesGroup(components)
        layout.addWidget(self._archives, 1)
        below = QHBoxLayout()
        below.addWidget(self._push("deepsoilHelp", self.tr("DeepSoil Help"), self._open_help))
        below.addStretch(1)
        layout.addLayout(below)
        components.client.stateChanged.connect(self._show_state)
        components.installer.progressed.connect(self._show_progress)
        components.installer.succeeded.connect(self._show_state)
        components.installer.failed.connect(self._show_failure)
        self._show_state()

    def showEvent(self, event: QShowEvent) -> None:
        """The hosts are the engine's: it is started when the page is looked at, and asked again."""
        super().showEvent(event)
        self._components.client.start()
        if self._components.client.is_ready:
            self._components.hosts.refresh()
            self._archives.ask()

    def apply(self) -> None:
        """QGIS calls this with OK."""
        preferences.set_threads(self._threads.value())
        preferences.set_jobs_at_once(self._at_once.value())
        self._archives.apply()
        if self._units.apply():
            self._components.units_changed()
        preferences.set_report_template(self._report.filePath())
        changed = self._home.isEnabled() and Path(self._home.filePath()) != paths.home()
        if changed:
            QgsSettings().setValue(paths.HOME_SETTING, self._home.filePath())
        variables = preferences.engine_variables()
        if changed or variables != self._components.client.variables:
            self._components.client.variables = variables
            if self._components.client.state != "off":
                self._components.client.restart()

    def _push(self, name: str, text: str, action: Any) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.clicked.connect(lambda _=False: action())
        return button

    @staticmethod
    def _spin(name: str, least: int, most: int, value: int) -> QSpinBox:
        spin = QSpinBox()
        spin.setObjectName(name)
        spin.setRange(least, most)
        spin.setValue(value)
        return spin

    def _show_state(self, *_: Any) -> None:
        client = self._components.client
        version = self.tr("version {0}").format(client.hello["engine"]) if client.hello else ""
        parts = [engine_state_text(client.state), version,
                 client.reason if client.state == "stopped" else client.warning]
        self._state.setText(" · ".join(part for part in parts if part))
        self._again.setEnabled(not self._components.installer.running)

    def _show_progress(self, message: str, _fraction: float) -> None:
        self._state.setText(message)

    def _show_failure(self, message: str, hint: str, _details: str) -> None:
        self._state.setText(f"{message} {hint}")

    def _restart(self) -> None:
        self._components.client.restart()

    def _install(self) -> None:
        self._again.setEnabled(False)
        self._components.reinstall()

    def _copy_report(self) -> None:
        QGuiApplication.clipboard().setText(self._components.client.diagnostics())

    def _open_help(self) -> None:
        HelpWindow(self.window()).show()
