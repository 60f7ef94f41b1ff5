"""The request from top to bottom: area, dates, depths, method, water, readings, data, host; why it cannot be sent.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from .. import paths, preferences
from ..engine.client import EngineClient
from ..hosts.host_field import HostField
from ..hosts.model import HostsModel
from ..jobs.estimator import Estimator
from ..jobs.gather_request import last_known_day
from ..jobs.map_request import MapRequest, new_id
from ..jobs.methods import COLUMN
from ..text.formatting import duration_text, plain_error, warnings_text
from ..text.plain import tip_text
from ..widgets.basic import GRID, ContentScroll, PlainLabel, ProblemLine, caption, column, row
from .area_section import AreaSection
from .data_section import DataSection, limits_of
from .dates_section import DatesSection
from .depths_section import DepthsSection
from .method_section import MethodSection
from .outline_picker import OutlinePicker
from .preview_section import PreviewSection
from .readings.section import ReadingsSection
from .water_section import WaterSection

_MOST_LINES = 8  # of warnings at once: what is asked for needs room too


class RequestPanel(QWidget):
    """``submitted(request)`` when the user wants the map; ``requestChanged(request)`` after a change;
    ``hostsWanted`` when hosts are to be added or changed.
    """

    submitted = pyqtSignal(object)
    requestChanged = pyqtSignal(object)
    hostsWanted = pyqtSignal()

    def __init__(self, iface: Any, client: EngineClient, hosts: HostsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._estimate: dict[str, Any] | None = None
        self._restoring = False
        self._seen = MapRequest()
        self._go_when_checked = False
        self._draft_id = new_id()
        self.area = AreaSection(iface)
        self.dates = DatesSection()
        self.preview = PreviewSection(client, iface.mapCanvas())
        self.depths = DepthsSection()
        self.method = MethodSection()
        self.water = WaterSection(client)
        self.readings = ReadingsSection(client, iface.mapCanvas())
        self.data = DataSection(client, iface.mapCanvas())
        self._picker = OutlinePicker(client, iface.mapCanvas(), self)
        self._picker.picked.connect(self.area.picked)
        self._picker.said.connect(self.area.say)
        self._picker.ended.connect(lambda: self.area.picking(False))
        self.area.pickWanted.connect(lambda on: self._picker.begin() if on else self._picker.end())
        self._estimator = Estimator(client, self)
        self.host = HostField(hosts, "deepsoilHost")
        self._time = PlainLabel(name="deepsoilEstimate")
        self._time.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._problem = ProblemLine("deepsoilProblem")
        self.go = QPushButton(paths.icon("deepsoil"), self.tr("Map it"))
        self.go.setObjectName("deepsoilMapIt")
        self.go.setDefault(True)
        self._build()
        self.go.clicked.connect(self._submit)
        self._estimator.estimated.connect(self._estimated)
        for signal in (self.area.areaChanged, self.dates.dateChanged, self.depths.choiceChanged,
                       self.method.methodChanged, self.water.waterChanged, self.readings.readingsChanged,
                       self.data.chosen):
            signal.connect(self._changed)
        self.water.waterChanged.connect(self._refresh)
        self.method.methodChanged.connect(lambda: self.water.set_by_columns(self.method.method == COLUMN))
        self.preview.dayChosen.connect(self.dates.choose)
        self.preview.switched.connect(self._preview)
        self.data.listed.connect(self._regions_listed)
        self.host.chosen.connect(self._host_chosen)
        self.host.standsOtherwise.connect(self._host_changed)
        self.host.settingsWanted.connect(self.hostsWanted)
        client.ready.connect(self.ask_host)
        client.stateChanged.connect(lambda _: self._refresh())
        # "Sending …" stays until the session says how it went.
        self._sending = False
        if client.is_ready:
            self.ask_host()
        self._refresh()

    def _build(self) -> None:
        """What is asked for scrolls where the window is low; why it cannot go, and the button, always stand below."""
        layout = QGridLayout()
        layout.setContentsMargins(GRID, 2 * GRID, GRID, 0)
        layout.setHorizontalSpacing(GRID // 2)
        layout.setVerticalSpacing(2 * GRID)
        layout.setColumnStretch(1, 1)
        on = row(spacing=2 * GRID)
        on.addWidget(self.host, 3)
        on.addWidget(self._time, 2)
        rows: list[tuple[str, QWidget]] = [
            (self.tr("Where"), self.area), (self.tr("When"), self.dates), (self.tr("Look"), self.preview),
            (self.tr("What"), self.depths),
            (self.tr("How"), self.method),
            (self.tr("Water"), self.water), (self.tr("Probes"), self.readings), (self.tr("Data"), self.data)]
        for line, (text, widget) in enumerate(rows):
            word = caption(text)
            word.setMinimumHeight(6 * GRID)
            layout.addWidget(word, line, 0, Qt.AlignmentFlag.AlignTop)
            layout.addWidget(widget, line, 1)
        layout.addWidget(caption(self.tr("On")), len(rows), 0)
        layout.addLayout(on, len(rows), 1)
        form = QWidget()
        form.setLayout(layout)
        scroll = ContentScroll(form)
        scroll.setObjectName("deepsoilRequestScroll")
        go = row()
        go.setContentsMargins(GRID, 0, GRID, 2 * GRID)
        go.addWidget(ContentScroll(self._problem, _MOST_LINES), 1)
        go.addWidget(self.go, 0, Qt.AlignmentFlag.AlignBottom)
        whole = column(spacing=2 * GRID)
        whole.addWidget(scroll)
        whole.addLayout(go)
        self.setLayout(whole)

    # --- what others ask

    def request(self) -> MapRequest:
        end = self.dates.end
        return MapRequest(self.area.name, self.area.area, self.dates.start.isoformat(),
                       end.isoformat() if end else None, self.depths.depths_cm, self.depths.models, self.data.wanted,
                       self.host.host_id, self.host.resources, self.water.known, self.method.method,
                       self.readings.known, self.method.products, self.method.refill)

    def restore(self, request: MapRequest) -> None:
        """Show what a project keeps."""
        self._restoring = True
        self.area.restore(request.area, request.name)
        self.dates.restore(request.start, request.end)
        self.depths.restore(request.depths_cm, request.models)
        self.method.restore(request.method, request.products, request.refill)
        self.water.set_by_columns(request.method == COLUMN)
        self.data.restore(request.region)
        self.water.restore(request.water)
        self.readings.restore(request.readings)
        self._restoring = False
        self._seen = self.request()
        self._preview()
        self._look_again()

    def close_tools(self) -> None:
        """Leave nothing on the map."""
        self._picker.close()
        self.preview.close_tools()
        self.area.close_tools()
        self.readings.close_tools()

    def sent(self, problem: str = "") -> None:
        """How the sending went; a problem stands in the line until something changes."""
        self._sending = False
        self._refresh()
        if not problem:
            self.area.let_go_of_selection()
        else:
            self._problem.say(problem, warning=True)

    # --- changes

    def _changed(self) -> None:
        self.water.set_area(self.area.area, self.area.name)
        request = self.request()
        if self._restoring or request == self._seen:
            return
        only_name = (replace(request, name=self._seen.name, water=self._seen.water) == self._seen
                     and request.management == self._seen.management)
        self._seen, self._go_when_checked = request, False
        self.requestChanged.emit(request)
        if not only_name:
            self._preview()
            self._look_again()

    def _preview(self) -> None:
        obstacle = self.host.obstacle(self._client.state)[0] or self._missing() or self.water.problem
        self.preview.look(self.request(), self.host.parameters, limits_of(self.data.region), obstacle)

    def _look_again(self) -> None:
        """Fit the limits to the area's region and ask for a new estimate."""
        self.data.set_area(self.area.area)
        self.water.set_area(self.area.area, self.area.name)
        self.readings.set_day(self.dates.start.isoformat())
        self.readings.set_stations(int((self.data.region or {}).get("stations") or 0))
        self.water.set_mapped("irrigated" in ((self.data.region or {}).get("channels") or ()))
        self._restoring = True
        self.dates.set_limits(limits_of(self.data.region), last_known_day(self.data.region))
        if self.data.lacks:  # whatever the sample has: the field's owner means these days
            self.dates.suggest(dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1))
        self._restoring = False
        self._estimate = None
        if self._missing() or not self._client.is_ready:
            self._estimator.forget()
        elif not self.host.is_ready:
            self._estimator.forget()
            self._estimate = {}  # nobody can tell now
        else:
            threads = None if self.host.is_away else preferences.threads() or None
            self._estimator.ask(self.request().specification(self._draft_id, threads), self.host.parameters)
        self._refresh()

    def _host_chosen(self, _host_id: str) -> None:
        self.data.restore(None)  # regions belong to one host
        if not self.host.is_ready:
            self.depths.set_models([])
        self.ask_host()
        self._changed()

    def _host_changed(self) -> None:
        """The chosen host is reached, or no longer."""
        if self._client.is_ready:
            self.ask_host()
        self._look_again()

    def ask_host(self, *_: Any) -> None:
        """Ask the host for its regions and models, where it can be asked."""
        ready = self.host.is_ready
        self.data.set_host(self.host.parameters, ready)
        if ready:
            where = self.host.parameters
            self._client.call("models", where, lambda models: self._models_came(where, models),
                              self._models_refused, owner=self)

    def _models_came(self, where: dict[str, str], models: list[dict[str, Any]]) -> None:
        if where == self.host.parameters:
            self.depths.set_models(models)
            self._look_again()

    def _models_refused(self, error: dict[str, Any]) -> None:
        self._problem.say(plain_error(error), warning=True)

    def _regions_listed(self) -> None:
        self._preview()
        self._look_again()

    def _estimated(self, estimate: dict[str, Any]) -> None:
        self._estimate = estimate
        if (region := self.data.by_id(estimate.get("region"))) is not None:
            self._restoring = True
            self.dates.set_limits(limits_of(region), last_known_day(region))
            self._restoring = False
        self._refresh()
        if self._go_when_checked:
            self._submit()

    # --- whether it can go

    def _missing(self) -> str:
        """What the user has yet to do; empty where the request is whole."""
        if self.host.is_ready and not self.data.answered:
            return self.tr("Looking for data …")
        if self.host.is_ready and not self.data.known:
            if self.area.area is None:
                return self.tr("There is no data yet. Draw your field, then get its data; or use the button at the end "
                               "of the Data line to add a region folder.")
        elif self.area.area is None:
            return self.tr("Draw or select a field to map it.")
        if self.host.is_ready and self.data.is_coming:
            return self.tr("The data of this field are being fetched. See the list of jobs.")
        if self.host.is_ready and self.data.lacks:
            return self.tr("Get the data of this field first: “Get it…” in the line Data.")
        if not self.depths.depths_cm:
            return self.tr("Tick at least one depth.")
        return ""

    def _why_not(self) -> tuple[str, bool]:
        """Why the map cannot be made now, and whether that is a problem rather than a step still to come."""
        obstacle = self.host.obstacle(self._client.state)
        if obstacle[0]:
            return obstacle
        if missing := self._missing():
            return missing, False
        if problem := self.dates.problem or self.water.problem:
            return problem, True
        if self._sending:
            return self.tr("Sending …"), False
        if problems := (self._estimate or {}).get("problems"):
            return plain_error(problems[0]), True
        return "", False

    def _refresh(self) -> None:
        text, warning = self._why_not()
        # While the engine checks a change, the button can be pressed: a click that ends the typing of a date counts.
        self.go.setEnabled(not text)
        self.go.setToolTip(tip_text(text or self.tr("Make the maps")))
        self._problem.say(*((text, warning) if text else self._remark()))
        estimate = self._estimate or {}
        seconds = None if estimate.get("problems") else estimate.get("seconds")
        self._time.setText("" if seconds is None else duration_text(seconds))
        counted = seconds is not None and estimate.get("windows") is not None  # soil columns have no windows
        self._time.setToolTip(tip_text(self.tr("Pixels: {0}, windows: {1}").format(
            estimate.get("pixels"), estimate.get("windows")) if counted else ""))

    def _remark(self) -> tuple[str, bool]:
        """What is to be said of a request that can go, and whether the user should know it before the map is made."""
        if not self.host.is_ready:
            return self.tr("The job will be sent as soon as {0} answers.").format(self.host.title), False
        if self._estimate is None:
            return self.tr("Checking …"), False
        return warnings_text(self._estimate.get("warnings") or ()), True

    def _submit(self) -> None:
        self._go_when_checked = self._estimate is None
        if self._why_not()[0] or self._go_when_checked:
            return
        self._sending = True
        self.area.settle_name()
        self._refresh()
        # The signal may end in a failure at once; let the click be over first.
        request = self.request()
        QTimer.singleShot(0, lambda: self.submitted.emit(request))
