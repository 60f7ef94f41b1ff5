"""An archive of the International Soil Moisture Network as readings: its sensors with a tick each, and the days."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QDate, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...engine.client import EngineClient
from ...jobs.estimator import LatestAnswer
from ...jobs.readings import ProbeReadings
from ...text.dates import period_text
from ...text.formatting import number_text, plain_error
from ...text.plain import tip_text
from ...widgets.basic import GRID, ElidedLabel, PlainLabel, ProblemLine, quiet_label, row, say
from ...widgets.date_field import DateField
from .probe_words import found_text
from .refused_list import RefusedList

_ENDINGS = (".zip", ".stm")


def is_archive(path: str) -> bool:
    """Whether a file is an archive of ISMN, or the file of one sensor, which stands for the folder that it is in."""
    return path.lower().endswith(_ENDINGS)


class ArchiveDialog(QDialog):
    """``given(ProbeReadings)`` when the readings are wanted, to be used or only compared. Not modal."""

    given = pyqtSignal(object)

    def __init__(self, client: EngineClient, path: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilArchiveDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._path = path
        self._name = Path(path).parent.name if path.lower().endswith(".stm") else Path(path).name
        self.setWindowTitle(self.tr("DeepSoil: Readings of {0}").format(self._name))
        self._answer: dict[str, Any] | None = None
        self._problem_now: dict[str, Any] | None = None
        self._filling = False
        self._question = LatestAnswer(client, "probe_table", self)
        self._question.answered.connect(self._came)
        self._build()
        self._refresh()
        self._ask()

    def _build(self) -> None:
        file = ElidedLabel("deepsoilArchiveFile")
        file.setText(self._path)
        self._sensors = QTreeWidget()
        self._sensors.setObjectName("deepsoilArchiveSensors")
        self._sensors.setAccessibleName(self.tr("Sensors of the archive; those with a tick are read"))
        self._sensors.setRootIsDecorated(False)
        self._sensors.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._sensors.setHeaderLabels([self.tr("Station"), self.tr("Depth"), self.tr("Days"), self.tr("Period"),
                                       self.tr("Place")])
        header = self._sensors.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        self._sensors.itemChanged.connect(self._changed)
        self._first = DateField("deepsoilArchiveFirst", self.tr("First day that is read"))
        self._last = DateField("deepsoilArchiveLast", self.tr("Last day that is read"))
        for field in (self._first, self._last):
            field.setEnabled(False)
            field.dateChanged.connect(self._changed)
        days = row(PlainLabel(self.tr("Days")), self._first, PlainLabel("–"), self._last)
        days.addStretch(1)
        self._used = QCheckBox(self.tr("Let the maps rest on these readings"))
        self._used.setObjectName("deepsoilArchiveUsed")
        self._used.setChecked(True)
        self._used.setToolTip(tip_text(self.tr(
            "Without the tick they are only compared with maps, in the panel Own readings.")))
        self._found = quiet_label("deepsoilArchiveFound")
        self._refused = RefusedList("deepsoilArchiveRefused", self.tr("Sensors that would not be read, and why"))
        self._problem = ProblemLine("deepsoilArchiveProblem")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._add = buttons.addButton(self.tr("Add these readings"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._add.setObjectName("deepsoilArchiveAdd")
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addWidget(file)
        layout.addWidget(self._sensors, 1)
        layout.addLayout(days)
        for widget in (self._found, self._refused, self._used, self._problem, buttons):
            layout.addWidget(widget)
        self.resize(820, 540)

    # --- the engine's answer

    def _said(self) -> dict[str, Any]:
        """What of the archive is wanted, as the method ``probe_table`` takes it."""
        if self._answer is None:
            return {}
        return {"sensors": [number for number in range(self._sensors.topLevelItemCount())
                            if self._sensors.topLevelItem(number).checkState(0) == Qt.CheckState.Checked],
                "first": self._first.date().toString(Qt.DateFormat.ISODate),
                "last": self._last.date().toString(Qt.DateFormat.ISODate)}

    def _changed(self, *_: object) -> None:
        if not self._filling:
            self._add.setEnabled(False)
            self._ask()

    def _ask(self) -> None:
        self._question.want({"path": self._path, "said": self._said()})

    def _came(self, answer: dict[str, Any]) -> None:
        if "problems" in answer:
            self._refused_whole(answer["problems"][0])
            return
        first_time, self._answer = self._answer is None, answer
        self._problem_now = answer.get("problem")
        if first_time:
            self._fill(answer.get("sensors") or [])
        self._refresh()

    def _refused_whole(self, error: dict[str, Any]) -> None:
        self._problem_now = error
        self._answer = None if self._answer is None else {**self._answer, "readings": []}
        self._refresh()

    # --- what is shown

    def _fill(self, sensors: list[dict[str, Any]]) -> None:
        """All sensors that have days are ticked, over their whole period."""
        self._filling = True
        for one in sensors:
            period = period_text(_day(one["first"]).toPyDate(), _day(one["last"]).toPyDate()) if one["days"] else ""
            item = QTreeWidgetItem([one["sensor"], f"{one['depth_cm']:g} cm", f"{one['days']}", period,
                                    f"{number_text(one['latitude'], 4)}, {number_text(one['longitude'], 4)}"])
            item.setCheckState(0, Qt.CheckState.Checked if one["days"] else Qt.CheckState.Unchecked)
            if not one["days"]:
                item.setDisabled(True)
            for column in range(item.columnCount()):
                item.setToolTip(column, tip_text(item.text(column)))
            self._sensors.addTopLevelItem(item)
        some = [one for one in sensors if one["days"]]
        if some:
            self._first.setDate(_day(min(one["first"] for one in some)))
            self._last.setDate(_day(max(one["last"] for one in some)))
        for field in (self._first, self._last):
            field.setEnabled(bool(some))
        self._filling = False

    def _refresh(self) -> None:
        answer = self._answer or {}
        readings = answer.get("readings") or []
        problem = plain_error(self._problem_now) if self._problem_now else ""
        say(self._found, found_text({**answer, "missing": 0, "refused_count": 0}) if readings else "")
        self._refused.show_refused(answer.get("refused") or [])
        waiting = self._answer is None and not problem
        why = problem or ("" if readings else self.tr("There is no reading to use."))
        self._problem.say(self.tr("Reading the file …") if waiting else why, warning=bool(problem))
        self._add.setEnabled(bool(readings) and not problem)
        self._add.setToolTip(tip_text(why))

    def _accept(self) -> None:
        readings = (self._answer or {}).get("readings") or []
        if readings and self._add.isEnabled():
            self.given.emit(ProbeReadings(self._name, tuple(readings), self._used.isChecked()))
            self.accept()


def _day(text: str) -> QDate:
    return QDate.fromString(text, Qt.DateFormat.ISODate)
