"""What would be fetched for a field, shown before anything is: archives, sizes, licences, days, folder. Not modal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QDate, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ... import paths, preferences
from ...contract import LOCAL, LONGEST_NAME
from ...engine.client import EngineClient
from ...jobs.estimator import Estimator, LatestAnswer
from ...jobs.gather_request import (
    GatherRequest,
    cost_text,
    host_parameters,
    near_text,
    problem_text,
    used,
    without_text,
)
from ...jobs.map_request import MapRequest, new_id
from ...text.plain import tip_text
from ...training.extra_row import ExtraRow, extra_missing
from ...widgets.basic import GRID, ContentScroll, PlainLabel, ProblemLine, caption, quiet_label, row, say
from ...widgets.date_field import DateField
from .archives_table import ArchivesTable
from .consents import Consents

_SIZE = (780, 660)


class GatherDialog(QDialog):
    """``wanted(request, maps)``: the user wants the data; ``maps``: and then the maps. The sender closes the dialog
    by `was_sent`.
    """

    wanted = pyqtSignal(object, bool)

    def __init__(self, client: EngineClient, request: MapRequest, maps: bool, hosts_needed: Callable[[list[str]], None],
                 parent: QWidget | None = None) -> None:
        """``maps``: whether the request is one for maps, apart from the data that it lacks. ``hosts_needed`` is told
        which servers would be asked.
        """
        super().__init__(parent)
        assert request.area is not None
        self.setObjectName("deepsoilGatherDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("DeepSoil: Get Data"))
        self.setWindowIcon(paths.icon("data"))
        self._client, self._hosts_needed = client, hosts_needed
        self._days = (request.start, request.last_day())
        self._wish = GatherRequest(request.area, request.name, off=preferences.archives_off(),
                                   offline=preferences.archives_offline(), host=request.host)
        self._plan: dict[str, Any] | None = None
        self._suggested = ("", "")
        self._send_when_installed = self._sending = False
        self._draft_id = new_id()
        self._build(maps)
        self._planner = LatestAnswer(client, "gather_plan", self)
        self._planner.answered.connect(self._planned)
        self._estimator = Estimator(client, self)
        self._estimator.estimated.connect(self._estimated)
        client.stateChanged.connect(self._refresh)
        self._look_again()

    def _build(self, maps: bool) -> None:
        self._cost = caption("")
        self._cost.setObjectName("deepsoilGatherCost")
        self._cost.setWordWrap(True)
        self._table = ArchivesTable()
        self._table.switched.connect(self._switched)
        self._consents = Consents()
        self._consents.agreed.connect(self._agreed)
        self._without = quiet_label("deepsoilGatherWithout")
        self._title = QLineEdit()
        self._title.setObjectName("deepsoilGatherTitle")
        self._title.setMaxLength(LONGEST_NAME)
        self._folder = QgsFileWidget()
        self._folder.setObjectName("deepsoilGatherFolder")
        self._folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self._folder.setFileWidgetButtonVisible(self._wish.host == LOCAL)
        self._first = DateField("deepsoilGatherStart", self.tr("First day for which maps can be made"))
        self._last = DateField("deepsoilGatherEnd", self.tr("Last day for which maps can be made"))
        for field in (self._first, self._last):
            field.setEnabled(False)
            field.dateChanged.connect(self._dates_changed)
        days = row(self._first, PlainLabel(self.tr("to")), self._last, spacing=2 * GRID)
        days.addStretch(1)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        for text, field in ((self.tr("Name"), self._title), (self.tr("Days"), days), (self.tr("Folder"), self._folder)):
            form.addRow(text, field)
        self._maps = QCheckBox(self.tr("Make the maps when the data are there"))
        self._maps.setObjectName("deepsoilGatherMaps")
        self._maps.setChecked(maps)
        self._maps.setVisible(maps)
        self._extra = ExtraRow()
        self._extra.installed.connect(self._installed)
        self._extra.ended.connect(self._not_installed)
        self._problem = ProblemLine("deepsoilGatherProblem")
        self._go = QPushButton(paths.icon("data"), self.tr("Get data"))
        self._go.setObjectName("deepsoilGatherGo")
        self._go.setDefault(True)
        self._go.clicked.connect(self._want)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self._go, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        buttons.rejected.connect(self.close)
        last = row(spacing=2 * GRID)
        last.addWidget(self._problem, 1)
        last.addStretch(0)
        last.addWidget(buttons)
        below = QWidget()
        parts = QVBoxLayout(below)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(2 * GRID)
        for widget in (self._consents, self._without):
            parts.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self._cost)
        layout.addWidget(self._table, 1)
        layout.addWidget(ContentScroll(below))
        layout.addLayout(form)
        layout.addWidget(self._maps)
        layout.addWidget(self._extra)
        layout.addLayout(last)
        self.resize(*_SIZE)

    # --- the user's wishes

    def request(self) -> GatherRequest:
        """As it stands; what the user left as suggested is left to the engine."""
        folder, title = self._folder.filePath().strip(), self._title.text().strip()
        return replace(self._wish, folder="" if folder == self._suggested[0] else folder,
                       title="" if title == self._suggested[1] else title)

    def _switched(self, name: str, on: bool) -> None:
        self._wish = replace(self._wish, off=_with(self._wish.off, name, not on))
        self._look_again()

    def _agreed(self, name: str, on: bool) -> None:
        self._wish = replace(self._wish, agreed=_with(self._wish.agreed, name, on))
        self._look_again()

    def _dates_changed(self) -> None:
        self._wish = replace(self._wish, start=self._first.date().toString(Qt.DateFormat.ISODate),
                             end=self._last.date().toString(Qt.DateFormat.ISODate))
        self._look_again()

    # --- the plan

    def _look_again(self) -> None:
        if self._wish.start and self._wish.end < self._wish.start:
            self._planner.forget()
            self._plan = {"problems": [{"message": self.tr("The last day is before the first day."), "hint": ""}]}
        else:
            self._plan = None
            self._planner.want(self._wish.plan_parameters())
            self._estimator.ask(self._wish.specification(self._draft_id), host_parameters(self._wish.host))
        self._refresh()

    def _planned(self, plan: dict[str, Any]) -> None:
        self._plan = plan
        if plan.get("start") and not self._wish.start and self._widened(plan):
            self._look_again()
            return
        self._table.show_plan(plan, self._wish.off)
        self._consents.show_plan(plan)
        say(self._without, "\n".join(part for part in (
            near_text(plan), self.tr("The region will be without:") if plan.get("without") else "",
            without_text(plan)) if part))
        self._suggest(plan)
        if self._wish.host == LOCAL:
            self._hosts_needed([host for archive in plan.get("archives") or () for host in archive.get("hosts") or ()])
        self._refresh()

    def _widened(self, plan: dict[str, Any]) -> bool:
        """Show the days of the plan, and ask for more where the request's own lie before them."""
        first = min(day for day in (plan["start"], self._days[0]) if day)
        for field, day in ((self._first, first), (self._last, plan["end"])):
            field.blockSignals(True)
            field.setDate(QDate.fromString(day, Qt.DateFormat.ISODate))
            field.setEnabled(True)
            field.blockSignals(False)
        if first < plan["start"]:
            self._wish = replace(self._wish, start=first, end=plan["end"])
            return True
        return False

    def _suggest(self, plan: dict[str, Any]) -> None:
        """Fill in what the engine suggests, where the user has not typed."""
        before, self._suggested = self._suggested, (plan.get("folder") or "", plan.get("title") or "")
        if self._folder.filePath() in ("", before[0]):
            self._folder.setFilePath(self._suggested[0])
            self._folder.lineEdit().setCursorPosition(0)
        if self._title.text() in ("", before[1]):
            self._title.setText(self._suggested[1])
        self._title.setEnabled(not plan.get("extends"))  # the region has its name
        if plan.get("extends"):
            self._title.setText(self._suggested[1])
        elif before[1] == "" and self._wish.name and self._title.text() == self._suggested[1]:
            self._title.setText(self._wish.name)

    def _estimated(self, estimate: dict[str, Any]) -> None:
        """Only what it says of packages: everything else is in the plan."""
        self._extra.offer(extra_missing(estimate) if self._wish.host == LOCAL else "", self.tr(
            "The engine needs a few more packages for this. They are installed first, without leaving QGIS."))
        self._refresh()

    # --- whether it can be fetched

    def _why_not(self) -> tuple[str, bool]:
        if not self._client.is_ready:
            return self.tr("The engine is starting …"), False
        if self._send_when_installed:
            return self.tr("Installing what is missing; the data are fetched then."), False
        if self._sending:
            return self.tr("Sending …"), False
        if self._plan is None:
            return self.tr("Checking …"), False
        if problem := problem_text(self._plan):
            return problem, True
        if not used(self._plan):
            return self.tr("No archive is left to ask. Switch one on."), True
        return "", False

    def _refresh(self, *_: Any) -> None:
        text, warning = self._why_not()
        self._go.setEnabled(not text)
        self._go.setToolTip(tip_text(text or self.tr("Fetch the data; follow it in the list of jobs")))
        self._problem.say(text or (self.tr("Offline: only what was fetched before is used.") if self._wish.offline
                                   else ""), warning)
        if self._plan is not None:
            self._cost.setText(cost_text(self._plan) or self.tr("Data from public archives"))
        elif not self._cost.text():
            self._cost.setText(self.tr("Looking for what there is …"))

    # --- sending

    def _want(self) -> None:
        if self._why_not()[0]:
            return
        if self._extra.missing:
            self._send_when_installed = True
            self._extra.start()
            self._refresh()
            return
        self._sending = True
        self._refresh()
        self.wanted.emit(self.request(), self._maps.isChecked() and not self._maps.isHidden())

    def _installed(self) -> None:
        if self._send_when_installed:
            self._send_when_installed = False
            self._want()
        self._refresh()

    def _not_installed(self) -> None:
        self._send_when_installed = False
        self._refresh()

    def was_sent(self, problem: str) -> None:
        """How the sending went; empty where it is well."""
        self._sending = False
        if not problem:
            self.close()
            return
        self._refresh()
        self._problem.say(problem, warning=True)


def _with(names: tuple[str, ...], name: str, there: bool) -> tuple[str, ...]:
    return tuple(sorted({*names, name} if there else {*names} - {name}))
