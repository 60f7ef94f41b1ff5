"""The fields that say what one task asks Slurm for, and the rare ones of a host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QDoubleSpinBox, QFormLayout, QGridLayout, QLineEdit, QSpinBox, QWidget

from ..contract import RESOURCE_LIMITS
from ..widgets.basic import GRID, PlainLabel, readable_hint
from .validation import HOME

_MB_A_GB = 1_000
_MINUTES_AN_HOUR = 60


class ScaledSpin(QDoubleSpinBox):
    """Shows whole small units in larger ones (MB as GB); what is not touched is read back unchanged. 0 means null."""

    def __init__(self, scale: int, most: int, suffix: str, unset: str) -> None:
        super().__init__()
        self._scale = scale
        self._given: int | None = None
        self.setDecimals(1)
        self.setRange(0, most)
        self.setSuffix(suffix)
        self.setSpecialValueText(unset)

    def put(self, value: int | None) -> None:
        self._given = value
        self.setValue((value or 0) / self._scale)

    def read(self) -> int | None:
        if abs(self.value() - round((self._given or 0) / self._scale, self.decimals())) < 0.01:
            return self._given
        return round(self.value() * self._scale) or None

    def textFromValue(self, value: float) -> str:
        return str(self.locale().toString(value, "f", 0 if value == int(value) else self.decimals()))


class ResourceFields(QgsCollapsibleGroupBox):
    """What a task asks for. ``edited`` with every change."""

    edited = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilHostResources")
        self.setTitle(self.tr("Slurm resources per task"))
        unset = self.tr("default")
        self._names = {name: _line(f"deepsoilHost{name.title()}", unset) for name in ("partition", "account")}
        self._cpus = _spin("deepsoilHostCpus", 0, _most("cpus"), unset)
        self._gpus = _spin("deepsoilHostGpus", 0, _most("gpus"), self.tr("none"))
        self._gpus.setToolTip(self.tr("Training is faster on a GPU. Predictions do not need one"))
        self._memory = ScaledSpin(_MB_A_GB, _most("memory_mb") // _MB_A_GB, self.tr(" GB"), unset)
        self._memory.setObjectName("deepsoilHostMemory")
        self._minutes = ScaledSpin(_MINUTES_AN_HOUR, _most("minutes") // _MINUTES_AN_HOUR, self.tr(" h"), unset)
        self._minutes.setObjectName("deepsoilHostTime")
        self._minutes.setToolTip(self.tr("A training that needs more time continues from its last epoch"))
        self._tasks = _spin("deepsoilHostTasks", 1, _most("tasks"))
        self._tasks.setToolTip(self.tr("A large map is split into at most this many tasks. At most this many "
                                       "trainings run at the same time"))
        grid = QGridLayout(self)
        grid.setHorizontalSpacing(3 * GRID)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        fields = ((self.tr("Partition"), self._names["partition"]), (self.tr("Account"), self._names["account"]),
                  (self.tr("CPUs"), self._cpus), (self.tr("GPUs"), self._gpus), (self.tr("Memory"), self._memory),
                  (self.tr("Time limit"), self._minutes), (self.tr("Tasks at the same time"), self._tasks))
        for number, (words, field) in enumerate(fields):
            label = PlainLabel(words)
            label.setBuddy(field)
            field.setAccessibleName(words)
            grid.addWidget(label, number // 2, number % 2 * 2)
            grid.addWidget(field, number // 2, number % 2 * 2 + 1)
        for line in self._names.values():
            line.textChanged.connect(self.edited)

    def put(self, resources: Mapping[str, Any]) -> None:
        for name, line in self._names.items():
            line.setText(str(resources.get(name) or ""))
        self._cpus.setValue(resources.get("cpus") or 0)
        self._gpus.setValue(resources.get("gpus") or 0)
        self._memory.put(resources.get("memory_mb"))
        self._minutes.put(resources.get("minutes"))
        self._tasks.setValue(resources.get("tasks") or 1)

    def read(self) -> dict[str, Any]:
        names = {name: line.text().strip() or None for name, line in self._names.items()}
        return {**names, "cpus": self._cpus.value() or None, "gpus": self._gpus.value(),
                "memory_mb": self._memory.read(), "minutes": self._minutes.read(), "tasks": self._tasks.value()}


class RareFields(QgsCollapsibleGroupBox):
    """What most hosts leave as it is. ``edited`` with every change."""

    edited = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilHostAdvanced")
        self.setTitle(self.tr("Advanced"))
        self._port = _spin("deepsoilHostPort", 0, 65_535, self.tr("from the SSH configuration, or 22"))
        self._port.setGroupSeparatorShown(False)
        self._home = _line("deepsoilHostHome", HOME)
        self._home.setToolTip(self.tr("For the engine, jobs and models on the host. Choose a file system with enough "
                                      "space"))
        self._python = _line("deepsoilHostPython", self.tr("found automatically (3.11 or later)"))
        self._qos = _line("deepsoilHostQos", self.tr("the cluster's default"))
        self._processes = _spin("deepsoilHostProcesses", 1, _most("processes"))
        self._processes.setToolTip(self.tr("One per GPU of the task"))
        self._attempts = _spin("deepsoilHostAttempts", 1, _most("attempts"))
        self._attempts.setToolTip(self.tr("How often to try a task again after a failure of the machine"))
        self._form = QFormLayout(self)
        self._slurm_only = (self._qos, self._processes, self._attempts)
        for words, field in ((self.tr("Port"), self._port), (self.tr("Folder on the host"), self._home),
                             (self.tr("Python on the host"), self._python), (self.tr("QOS"), self._qos),
                             (self.tr("Processes per training"), self._processes),
                             (self.tr("Attempts per task"), self._attempts)):
            self._form.addRow(words, field)
            field.setAccessibleName(words)
        for line in (self._home, self._python, self._qos):
            line.textChanged.connect(self.edited)

    def show_slurm(self, slurm: bool) -> None:
        """Show or hide what only a cluster with a queue has."""
        for field in self._slurm_only:
            field.setVisible(slurm)
            self._form.labelForField(field).setVisible(slurm)

    def put(self, host: Mapping[str, Any]) -> None:
        resources = host["resources"]
        self._port.setValue(host["port"] or 0)
        self._home.setText("" if host["home"] == HOME else str(host["home"]))
        self._python.setText(str(host["python"] or ""))
        self._qos.setText(str(resources.get("qos") or ""))
        self._processes.setValue(resources.get("processes") or 1)
        self._attempts.setValue(resources.get("attempts") or 1)

    def read(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The part of the host, and the part of its resources, that stand here."""
        return ({"port": self._port.value() or None, "home": self._home.text().strip() or HOME,
                 "python": self._python.text().strip() or None},
                {"qos": self._qos.text().strip() or None, "processes": self._processes.value(),
                 "attempts": self._attempts.value()})


def _line(name: str, placeholder: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setPlaceholderText(placeholder)
    readable_hint(line)
    return line


def _spin(name: str, least: int, most: int, unset: str = "") -> QSpinBox:
    """``unset``: what the least value is called where it means that nothing is asked for."""
    spin = QSpinBox()
    spin.setObjectName(name)
    spin.setRange(least, most)
    spin.setGroupSeparatorShown(True)
    if unset:
        spin.setSpecialValueText(unset)
    return spin


def _most(name: str) -> int:
    return RESOURCE_LIMITS[name][1]
