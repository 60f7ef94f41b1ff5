"""Train a model: where, for which depth, from which configuration, on which data, how many. Sent as one job."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QCloseEvent
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from .. import paths
from ..engine.client import EngineClient
from ..hosts.host_field import HostField
from ..hosts.model import HostsModel
from ..hosts.resource_fields import ResourceFields
from ..jobs.estimator import Estimator
from ..jobs.map_request import new_id
from ..jobs.session import Session
from ..jobs.training_request import (
    TrainingRequest,
    TrainingRow,
    base_row,
    learns_from_stations,
    problem_of,
    rows_for,
    slug,
)
from ..text.formatting import duration_text, plain_error
from ..widgets.basic import GRID, ProblemLine, quiet_label, row, say
from .configuration_field import ConfigurationField
from .rows_table import RowsModel, RowsTable

_EVERY_REGION = object()
_MOST_SEEDS = 100
_MOST_EPOCHS = 100_000


class TrainingDialog(QDialog):
    """``sent(id)`` when the job is on its way; it is then watched in the list of jobs. ``placesWanted``."""

    sent = pyqtSignal(str)
    hostsWanted = pyqtSignal()

    def __init__(self, client: EngineClient, hosts: HostsModel, session: Session, parent: QWidget | None = None
                 ) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilTrainDialog")
        self.setWindowTitle(self.tr("DeepSoil: train a model"))
        self.setWindowIcon(paths.icon("train"))
        self._client, self._hosts, self._session = client, hosts, session
        self._regions: list[dict[str, Any]] = []
        self._estimate: dict[str, Any] | None = None
        self._draft_id = new_id()
        self._sending = ""
        self._estimator = Estimator(client, self)
        self._estimator.estimated.connect(self._estimated)
        self._make_fields()
        self._build()
        self._connect()
        self._host_chosen()

    # --- the widgets

    def _make_fields(self) -> None:
        self.host = HostField(self._hosts, "deepsoilTrainHost")
        self._depth = QComboBox()
        for depth, words in ((20, self.tr("20 cm, the root zone")), (5, self.tr("5 cm, the surface"))):
            self._depth.addItem(words, depth)
        self.start = ConfigurationField(self._client)
        self._name = QLineEdit()
        self._name.setMaxLength(200)
        self._weather = QLineEdit()
        self._weather.setToolTip(self.tr("Folder with the daily weather series of the configuration, on that computer"))
        self._region = QComboBox()
        self._region.setToolTip(self.tr("The training learns from the stations of this region, beside simulated "
                                        "columns"))
        self._first = QLineEdit()
        self._first.setToolTip(self.tr("Run folder, on that computer, whose weights are the start"))
        self._epochs = _spin(1, _MOST_EPOCHS, 1)
        self._seeds = _spin(1, _MOST_SEEDS, 1)
        self._seeds.setToolTip(self.tr("The same training from so many different beginnings tells how far chance goes"))
        for combo in (self._depth, self._region):
            combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for name, field, words in (("Depth", self._depth, self.tr("Depth")), ("Name", self._name, self.tr("Name")),
                                   ("Weather", self._weather, self.tr("Weather folder")),
                                   ("Region", self._region, self.tr("Region")),
                                   ("Weights", self._first, self.tr("First weights")),
                                   ("Epochs", self._epochs, self.tr("Epochs")),
                                   ("Seeds", self._seeds, self.tr("Seeds"))):
            field.setObjectName(f"deepsoilTrain{name}")
            field.setAccessibleName(words)
        self.rows = RowsModel(self)
        self.table = RowsTable(self.rows)
        self.table.setMinimumHeight(90)
        self._resources = ResourceFields()
        self._resources.setObjectName("deepsoilTrainResources")
        self._resources.setCollapsed(True)
        self._remark = quiet_label("deepsoilTrainRemark")
        self._problem = ProblemLine("deepsoilTrainProblem")
        self._go = QPushButton(paths.icon("train"), self.tr("Train"))
        self._go.setObjectName("deepsoilTrain")
        self._go.setDefault(True)
        self._add = QPushButton(self.tr("Add a row"))
        self._add.setObjectName("deepsoilTrainAdd")
        self._remove = QPushButton(self.tr("Remove rows"))
        self._remove.setObjectName("deepsoilTrainRemove")
        for button in (self._add, self._remove):
            button.setAutoDefault(False)

    def _build(self) -> None:
        self._form = QFormLayout()
        self._form.setVerticalSpacing(2 * GRID)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        several = row(self._epochs, spacing=2 * GRID)
        several.addWidget(_label(self.tr("Seeds"), self._seeds))
        several.addWidget(self._seeds)
        several.addStretch(1)
        for words, field in ((self.tr("Train on"), self.host), (self.tr("Depth"), self._depth),
                             (self.tr("Start from"), self.start), (self.tr("Name"), self._name),
                             (self.tr("Weather there"), self._weather), (self.tr("Stations of"), self._region),
                             (self.tr("First weights"), self._first)):
            self._form.addRow(words, field)
        self._form.addRow(self.tr("Epochs"), several)
        edit = row(self._add, self._remove)
        edit.addWidget(self._remark, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self._go, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        last = row(spacing=2 * GRID)
        last.addWidget(self._problem, 1)
        last.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addLayout(self._form)
        layout.addWidget(self.table, 1)
        layout.addLayout(edit)
        layout.addWidget(self._resources)
        layout.addLayout(last)
        self.resize(640, 640)

    def _connect(self) -> None:
        self.host.chosen.connect(self._host_chosen)
        self.host.standsOtherwise.connect(self._host_chosen)
        self.host.settingsWanted.connect(self.hostsWanted)
        self._depth.activated.connect(lambda _: self.start.show_depth(self._depth.currentData()))
        self.start.changed.connect(self._start_changed)
        self._name.textEdited.connect(lambda _: self._make_rows())
        self._region.activated.connect(lambda _: self._make_rows())
        for spin in (self._epochs, self._seeds):
            spin.valueChanged.connect(lambda _: self._make_rows())
        for line in (self._weather, self._first):
            line.textEdited.connect(lambda _: self._look_again())
        self.rows.edited.connect(self._look_again)
        self._add.clicked.connect(lambda: self.rows.add(self._template()))
        self._remove.clicked.connect(lambda: self.rows.remove(self.table.selected()))
        self._go.clicked.connect(self._send)
        self._session.sent.connect(self._was_sent)
        self._client.ready.connect(self._host_chosen)
        self._client.stateChanged.connect(self._refresh)

    # --- what stands there

    def request(self) -> TrainingRequest | None:
        """What is to be trained; None while no configuration is chosen."""
        base = self.start.document
        if base is None:
            return None
        return TrainingRequest(base, self._name.text(), self._weather.text().strip(), self._first.text().strip(),
                               self.rows.rows)

    def resources(self) -> dict[str, Any] | None:
        """What each training gets where it is a task of a scheduler; several GPUs are used together."""
        given = self.host.resources
        if given is None:
            return None
        asked = {**given, **{key: value for key, value in self._resources.read().items() if value is not None}}
        asked["processes"] = max(int(asked.get("processes") or 1), int(asked.get("gpus") or 1))
        return asked

    def _template(self) -> TrainingRow:
        base = self.start.document
        row_ = base_row(base) if base else TrainingRow("model")
        region = self._region.currentData()
        return TrainingRow(slug(self._name.text()) or row_.name, row_.seed, self._epochs.value(),
                   region if isinstance(region, str) else row_.region)

    def _host_chosen(self, *_: Any) -> None:
        """Another host, or it answers now: what does it have?"""
        if not self._client.is_ready:
            return  # asked when the engine is there
        reachable = self.host.is_ready
        self.start.ask(self.host.parameters, reachable)
        given = self.host.resources
        self._resources.setVisible(given is not None)
        if given is not None:
            self._resources.put(given)
        where = self.host.parameters
        if reachable:
            self._client.call("regions", where, lambda regions: self._regions_came(where, regions), owner=self)
        else:
            self._regions_came(where, [])

    def _regions_came(self, where: dict[str, str], regions: list[dict[str, Any]]) -> None:
        if where != self.host.parameters:
            return
        self._regions = [region for region in regions if not region.get("problem") and region.get("stations")]
        self.rows.set_regions({region["path"]: region["name"] for region in self._regions})
        self._fill_regions()

    def _start_changed(self) -> None:
        document = self.start.document
        if document is not None:
            self._depth.setCurrentIndex(self._depth.findData(document["depth_cm"]))
            self._name.setText(document["title"])
            self._weather.setText(document["weather"]["root"])
            stations = learns_from_stations(document)
            self._first.setText((document["supervision"] or {}).get("start") or "" if stations else "")
            self.rows.with_regions = stations
            for field in (self._region, self._first):
                field.setVisible(stations)
                self._form.labelForField(field).setVisible(stations)
            self._epochs.blockSignals(True)
            self._epochs.setValue(document["schedule"]["epochs"])
            self._epochs.blockSignals(False)
        self._fill_regions()

    def _fill_regions(self) -> None:
        before = self._region.currentData()
        self._region.clear()
        document = self.start.document
        own = base_row(document).region if document else ""
        for region in self._regions:
            self._region.addItem(region["name"], region["path"])
        if own and self._region.findData(own) < 0:
            self._region.addItem(own, own)
        if len(self._regions) > 1:
            self._region.insertSeparator(self._region.count())
            self._region.addItem(self.tr("Every region: one model each ({0})").format(len(self._regions)),
                                 _EVERY_REGION)
        found = [number for number in (self._number_of(before), self._number_of(own)) if number >= 0]
        self._region.setCurrentIndex(found[0] if found else 0 if self._region.count() else -1)
        self._make_rows()

    def _number_of(self, data: Any) -> int:
        """Where a region, or "every one", stands among the choices; -1 where it does not."""
        return next((number for number in range(self._region.count())
                     if data is not None and self._region.itemData(number) == data), -1)

    def _make_rows(self) -> None:
        """Fill the table anew from the fields above it."""
        if self.start.document is None:
            self.rows.put([])
            return
        every = self._region.currentData() is _EVERY_REGION and self.rows.with_regions
        regions = [(region["name"], region["path"]) for region in self._regions] if every else []
        self.rows.put(rows_for(self._template(), regions, self._seeds.value()))

    # --- whether it can go

    def _look_again(self) -> None:
        self._estimate = None
        request = self.request()
        if problem_of(request) or request is None or not self._client.is_ready or not self.host.is_ready:
            self._estimator.forget()
        else:
            self._estimator.ask(request.specification(self._draft_id, self.resources()), self.host.parameters)
        self._refresh()

    def _estimated(self, estimate: dict[str, Any]) -> None:
        self._estimate = estimate
        self._refresh()

    def _why_not(self) -> tuple[str, bool]:
        hindrance = self.host.hindrance(self._client.state)
        if hindrance[0]:
            return hindrance
        if missing := problem_of(self.request()):
            return missing, False
        if self._sending:
            return self.tr("Sending …"), False
        if problems := (self._estimate or {}).get("problems"):
            return plain_error(problems[0]), True
        return "", False

    def _refresh(self, *_: Any) -> None:
        text, warning = self._why_not()
        self._go.setEnabled(not text)
        count = self.rows.rowCount()
        self._go.setText(self.tr("Train {0} models").format(count) if count > 1 else self.tr("Train"))
        self._go.setToolTip(text or self.tr("Send it; its progress and curves stand in the list of jobs"))
        seconds = (self._estimate or {}).get("seconds")
        say(self._remark, "" if seconds is None else duration_text(seconds))
        if not text and not self.host.is_ready:
            text = self.tr("It will be sent when {0} answers.").format(self.host.title)
        elif not text and self._estimate is None:
            text = self.tr("Checking …")
        self._problem.say(text, warning)

    def _send(self) -> None:
        request = self.request()
        if request is None or self._why_not()[0]:
            return
        specification = request.specification(new_id(), self.resources())
        self._sending = specification["id"]
        self._refresh()
        self._session.send(specification, self.host.host_id)

    def _was_sent(self, problem: str, job_id: str) -> None:
        if job_id != self._sending:
            return
        self._sending = ""
        self._refresh()
        if problem and self._session.model.job(job_id) is None:
            self._problem.say(problem, warning=True)
        else:  # it is there, or will be sent again by itself
            self.sent.emit(job_id)
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._estimator.forget()
        super().closeEvent(event)


def _spin(least: int, most: int, value: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(least, most)
    spin.setValue(value)
    return spin


def _label(text: str, buddy: QWidget) -> QWidget:
    label = QLabel(text)
    label.setBuddy(buddy)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label
