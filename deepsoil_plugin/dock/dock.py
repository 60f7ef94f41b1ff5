"""The dock "DeepSoil": the first-run page, or the request above the list of jobs."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QCloseEvent, QShowEvent
from qgis.PyQt.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ..engine.client import EngineClient
from ..engine.installer import Installer
from ..hosts.model import HostsModel
from ..jobs.map_request import MapRequest
from ..jobs.project_state import ProjectMemory
from ..jobs.session import Session
from ..jobs.status_text import host_of
from ..map.result_layers import ResultLayers
from ..map.style_switch import StyleSwitch
from ..widgets.basic import GRID, PlainMessageBox, ProblemLine, separator
from .day_bar import DayBar
from .guide import Guide
from .job_list import JobList
from .job_windows import DetailsWindow, LogWindow
from .look_bar import LookBar
from .request_panel import RequestPanel
from .send_question import SendQuestion
from .setup_page import SetupPage

_WIDTH_PX = 360
_LIST_PX = 170  # the list always keeps some height, also on a small screen


class DeepSoilDock(QDockWidget):
    """``opened`` when it is seen for the first time: only then the engine is started. ``closed`` by the user.
    ``curvesWanted(id)``: the curves of a training; ``exportWanted(id)``: the maps of a job as files;
    ``fieldsWanted(id)``: what its fields need, as a table.
    """

    opened = pyqtSignal()
    closed = pyqtSignal()
    curvesWanted = pyqtSignal(str)
    exportWanted = pyqtSignal(str)
    fieldsWanted = pyqtSignal(str)

    def __init__(self, iface: Any, client: EngineClient, hosts: HostsModel, memory: ProjectMemory, session: Session,
                 installer: Installer, results: ResultLayers, styles: StyleSwitch,
                 parent: QWidget | None = None) -> None:
        super().__init__("DeepSoil", parent)
        self.setObjectName("DeepSoilDock")
        self.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        self._client, self._hosts, self._memory, self._session = client, hosts, memory, session
        self._was_opened = False
        self._sending = ""
        self.request = RequestPanel(iface, client, hosts)
        self.jobs = JobList(session.model)
        self.looks, self.days = LookBar(results, styles), DayBar(results, iface)
        self.guide = Guide(self.request, self.jobs, self)
        self._engine_problem = ProblemLine("deepsoilEngineProblem")
        self._restart = QPushButton(self.tr("Restart the engine"))
        self._restart.setObjectName("deepsoilRestartEngine")
        self._restart.clicked.connect(client.restart)
        self._setup = SetupPage(installer)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._work_page())
        self._pages.addWidget(self._setup)
        self.setWidget(self._pages)
        self._connect(client, memory, session, installer)
        self.request.restore(memory.request)
        self.days.look()  # at a project that was opened before
        self.looks.look()
        self._engine_state(client.state)

    def _work_page(self) -> QWidget:
        self.jobs.setMinimumHeight(_LIST_PX)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self._engine_problem)
        layout.addWidget(self._restart)
        layout.addWidget(self.guide.strip)
        layout.addWidget(self.request, 0)
        layout.addWidget(separator())
        layout.addWidget(self.jobs, 1)
        layout.addWidget(self.looks)
        layout.addWidget(self.days)
        return page

    def _connect(self, client: EngineClient, memory: ProjectMemory, session: Session, installer: Installer) -> None:
        self.request.submitted.connect(self._submit)
        self.request.requestChanged.connect(memory.set_request)
        session.sent.connect(self._sent)
        session.chosen.connect(self.jobs.choose)
        session.consentWanted.connect(self._ask_before_sending)
        memory.changed.connect(lambda: self.request.restore(memory.request))
        client.stateChanged.connect(self._engine_state)
        installer.started.connect(lambda: self._pages.setCurrentWidget(self._setup))
        self._setup.done.connect(client.start)
        self.jobs.wanted.connect(self._job_wanted)
        self.jobs.jobChosen.connect(self.days.choose)
        self.jobs.jobChosen.connect(self.looks.choose)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # QGIS shows a dock while it adds it; only what is still there a moment later has been opened.
        QTimer.singleShot(0, self._seen)

    def _seen(self) -> None:
        if self._was_opened or not self.isVisible():
            return
        self._was_opened = True
        window = self.window()
        if isinstance(window, QMainWindow) and not self.isFloating():
            window.resizeDocks([self], [max(_WIDTH_PX, self.minimumSizeHint().width())], Qt.Orientation.Horizontal)
        self.opened.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def close_down(self) -> None:
        """Leave nothing on the map; before the dock is deleted."""
        self.request.close_tools()
        self.days.close_down()
        self.looks.close_down()

    def _engine_state(self, state: str) -> None:
        self._pages.setCurrentWidget(self._setup if state == "missing" else self._pages.widget(0))
        stopped = state == "stopped"
        self._engine_problem.say(self._client.reason if stopped else self._client.warning if state == "ready" else "",
                                 warning=True)
        self._restart.setVisible(stopped)

    def _submit(self, request: MapRequest) -> None:
        self._sending = self._session.submit(request)

    def _sent(self, problem: str, job_id: str) -> None:
        """Only for the request shown here; other jobs are sent from elsewhere."""
        if job_id == self._sending:
            self.request.sent(problem)

    def _job_wanted(self, action: str, job_id: str) -> None:
        if action == "show":
            self._session.show_on_map(job_id)
        elif action == "cancel":
            self._session.cancel(job_id)
        elif action == "retry":
            self._session.retry(job_id)
        elif action == "remove":
            self._ask_before_removing(job_id)
        elif action == "curves":
            self.curvesWanted.emit(job_id)
        elif action == "fields":
            self.fieldsWanted.emit(job_id)
        elif action == "export":
            self.exportWanted.emit(job_id)
        elif action == "log":
            LogWindow(self._client, self._session.model, job_id, self).show()
        else:
            DetailsWindow(self._session.model, job_id, self).show()

    def _ask_before_sending(self, job_id: str) -> None:
        """A job that came with the project file is shown before it is sent."""
        kept = self._session.kept(job_id)
        if kept is not None:
            SendQuestion(job_id, kept, self._session, self._hosts.title(kept.host), self).show()

    def _ask_before_removing(self, job_id: str) -> None:
        """Removing deletes files, so it is confirmed. The window is not modal."""
        job = self._session.model.job(job_id)
        if job is None:
            return
        name, count, host = job.get("name"), len(job.get("outputs") or []), host_of(job)
        text = (self.tr("Remove {0}? %n result(s) will be deleted on {1} and on this computer.", None, count) if host
                else self.tr("Remove {0}? %n result(s) will be deleted from this computer.", None, count))
        box = PlainMessageBox("deepsoilConfirmRemove", text.format(name, host), self)
        box.setWindowModality(Qt.WindowModality.NonModal)
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        remove.setObjectName("deepsoilConfirmRemoveYes")
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        remove.clicked.connect(lambda: self._session.remove(job_id))
        box.show()
