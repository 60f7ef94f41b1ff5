"""The dialog that trains models: the form, what each training may use, and how long it will take. Sent as one job."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QCloseEvent
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from .. import paths
from ..engine.client import EngineClient
from ..hosts.model import HostsModel
from ..hosts.resource_fields import ResourceFields
from ..jobs.estimator import Estimator
from ..jobs.map_request import new_id
from ..jobs.session import Session
from ..jobs.training_request import problem_of
from ..text.formatting import duration_text, plain_error, warnings_text
from ..text.plain import tip_text
from ..widgets.basic import GRID, ProblemLine, quiet_label, row, say
from .extra_row import ExtraRow, extra_missing
from .form import TrainingForm


class TrainingDialog(QDialog):
    """``sent(id)`` when the job has been sent; it is then in the list of jobs. ``hostsWanted``: hosts are to be added
    or changed.
    """

    sent = pyqtSignal(str)
    hostsWanted = pyqtSignal()

    def __init__(self, client: EngineClient, hosts: HostsModel, session: Session, parent: QWidget | None = None
                 ) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilTrainDialog")
        self.setWindowTitle(self.tr("DeepSoil: Train a Model"))
        self.setWindowIcon(paths.icon("train"))
        self._client, self._session = client, session
        self._estimate: dict[str, Any] | None = None
        self._draft_id = new_id()
        self._sending = ""
        self._estimator = Estimator(client, self)
        self.form = TrainingForm(client, hosts)
        self._resources = ResourceFields()
        self._resources.setObjectName("deepsoilTrainResources")
        self._resources.setCollapsed(True)
        self._extra = ExtraRow()
        self._extra.installed.connect(self._look_again)
        self._duration = quiet_label("deepsoilTrainRemark")
        self._problem = ProblemLine("deepsoilTrainProblem")
        self._go = QPushButton(paths.icon("train"), self.tr("Train"))
        self._go.setObjectName("deepsoilTrain")
        self._go.setDefault(True)
        self._build()
        self._estimator.estimated.connect(self._estimated)
        self.form.edited.connect(self._look_again)
        self.form.hostChanged.connect(self._show_resources)
        self.form.host.settingsWanted.connect(self.hostsWanted)
        self._go.clicked.connect(self._send)
        session.sent.connect(self._was_sent)
        client.stateChanged.connect(self._refresh)
        self.form.ask_host()

    def _build(self) -> None:
        edit = row(self.form.add_button, self.form.remove_button)
        edit.addWidget(self._duration, 1)
        edit.addStretch(0)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self._go, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        last = row(spacing=2 * GRID)
        last.addWidget(self._problem, 1)
        last.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self.form, 1)
        layout.addLayout(edit)
        layout.addWidget(self._resources)
        layout.addWidget(self._extra)
        layout.addLayout(last)
        self.resize(640, 640)

    def resources(self) -> dict[str, Any] | None:
        """What each training gets where it is a task of a scheduler; several GPUs are used together."""
        given = self.form.host.resources
        if given is None:
            return None
        asked = {**given, **{key: value for key, value in self._resources.read().items() if value is not None}}
        asked["processes"] = max(int(asked.get("processes") or 1), int(asked.get("gpus") or 1))
        return asked

    def _show_resources(self) -> None:
        given = self.form.host.resources
        self._resources.setVisible(given is not None)
        if given is not None:
            self._resources.put(given)

    # --- whether it can be sent

    def _look_again(self) -> None:
        self._estimate = None
        request, host = self.form.request(), self.form.host
        if problem_of(request) or request is None or not self._client.is_ready or not host.is_ready:
            self._estimator.forget()
        else:
            self._estimator.ask(request.specification(self._draft_id, self.resources()), host.parameters)
        self._refresh()

    def _estimated(self, estimate: dict[str, Any]) -> None:
        self._estimate = estimate
        self._extra.offer("" if self.form.host.is_away else extra_missing(estimate))
        self._refresh()

    def _why_not(self) -> tuple[str, bool]:
        """Why it cannot be sent now, and whether that is a problem rather than a step still to come."""
        obstacle = self.form.host.obstacle(self._client.state)
        if obstacle[0]:
            return obstacle
        if missing := problem_of(self.form.request()):
            return missing, False
        if self._sending:
            return self.tr("Sending …"), False
        if problems := (self._estimate or {}).get("problems"):
            return plain_error(problems[0]), True
        return "", False

    def _refresh(self, *_: Any) -> None:
        text, warning = self._why_not()
        self._go.setEnabled(not text)
        count = self.form.rows.rowCount()
        self._go.setText(self.tr("Train %n model(s)", None, count) if count > 1 else self.tr("Train"))
        self._go.setToolTip(tip_text(
            text or self.tr("Start training. Follow its progress and curves in the list of jobs")))
        seconds = (self._estimate or {}).get("seconds")
        say(self._duration, "" if seconds is None else duration_text(seconds))
        if not text and not self.form.host.is_ready:
            text = self.tr("The job will be sent as soon as {0} answers.").format(self.form.host.title)
        elif not text and self._estimate is None:
            text = self.tr("Checking …")
        elif not text:
            text, warning = warnings_text((self._estimate or {}).get("warnings") or ()), True
        self._problem.say(text, warning)

    def _send(self) -> None:
        request = self.form.request()
        if request is None or self._why_not()[0]:
            return
        specification = request.specification(new_id(), self.resources())
        self._sending = specification["id"]
        self._refresh()
        self._session.send(specification, self.form.host.host_id)

    def _was_sent(self, problem: str, job_id: str) -> None:
        if job_id != self._sending:
            return
        self._sending = ""
        self._refresh()
        if problem and self._session.model.job(job_id) is None:
            self._problem.say(problem, warning=True)
        else:  # the engine has it, or will get it as soon as it is back
            self.sent.emit(job_id)
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._estimator.forget()
        super().closeEvent(event)
