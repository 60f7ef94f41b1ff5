"""“Export DeepSoil maps…” in the layer tree, in the list of jobs and in the menu: the dialog, and its task."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsApplication, QgsMapLayer, QgsProject
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtWidgets import QAction

from .. import paths, preferences
from ..engine.client import EngineClient
from ..map import layer_tree
from ..map.new_files import existing
from ..text.translate import tr
from ..widgets.basic import PlainMessageBox
from ..widgets.message_bar import Messages
from . import catalogue
from .dialog import ExportDialog
from .items import Item, names_of
from .questions import Questions
from .reports import Reports
from .run import Report, extra_files
from .task import ExportTask
from .wishes import Wishes

_MOST_PROBLEMS = 3  # in one message


class ExportAction(QObject):
    """``jobs`` gives the summaries of all jobs; ``client`` reaches the engine, which the reports ask for series."""

    def __init__(self, iface: Any, jobs: Callable[[], Iterable[Mapping[str, Any]]] = tuple,
                 client: EngineClient | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = Questions(client, self) if client is not None else None
        self._iface, self._jobs = iface, jobs
        self._messages = Messages(iface)
        self._tasks: list[ExportTask] = []  # a task that nobody holds is collected before it starts
        self._dialog: ExportDialog | None = None
        self._action = QAction(paths.icon("export"), tr("Export DeepSoil maps…"), self)
        self._action.setObjectName("deepsoilExport")
        self._action.triggered.connect(self._ask)
        iface.addCustomActionForLayerType(self._action, "", Qgis.LayerType.Raster, False)
        self._project = QgsProject.instance()
        self._project.layersAdded.connect(self._offer)
        self._offer(self._project.mapLayers().values())

    def close(self) -> None:
        """The plugin is being unloaded."""
        self._project.layersAdded.disconnect(self._offer)
        self._iface.removeCustomActionForLayerType(self._action)
        if self._dialog is not None:
            self._dialog.close()

    def ask_for_layers(self, layers: Sequence[QgsMapLayer]) -> None:
        """Open the dialog for the maps of these layers."""
        ours = [layer for layer in layers if layer.customProperty(layer_tree.JOB)]
        if not ours:
            self._messages.show(tr("First select soil moisture maps in the layer panel."), Qgis.MessageLevel.Info)
            return
        self.ask(str(ours[0].customProperty(layer_tree.JOB)), ours)

    def ask(self, job: str = "", layers: Sequence[QgsMapLayer] = ()) -> None:
        """Open the dialog, at the maps of a job where one is named."""
        if self._dialog is not None:
            self._dialog.close()
        dialog = ExportDialog(catalogue.entries(self._jobs()), self._project.homePath(), self._iface.mainWindow())
        dialog.finished.connect(lambda _: self._gone(dialog))
        dialog.wanted.connect(self.export_to)
        dialog.choose(job, layers)
        dialog.show()
        self._dialog = dialog

    def jobs_came(self) -> None:
        """The engine has told its jobs; a dialog that had none offers them."""
        if self._dialog is not None:
            self._dialog.show_entries(catalogue.entries(self._jobs()))

    def export_to(self, items: Sequence[Item], folder: Path, wishes: Wishes) -> None:
        """Export into a folder; where files of the same names are there, ask first what to do."""
        try:
            there = set(existing(folder))
        except OSError:  # the task meets it too, and says so
            there = set()
        names, others = names_of(items, extra_files(items, wishes))
        known = sorted({*(names if wishes.maps else ()), *(name for group in others for name in group)} & there)
        if known:
            self._ask_before_replacing(items, folder, wishes, known)
        else:
            self.export(items, folder, wishes)

    def export(self, items: Sequence[Item], folder: Path, wishes: Wishes, replace: bool = False) -> ExportTask:
        """Start exporting maps. Without ``replace``, names that are taken get a number."""
        pages = None
        if wishes.reports and self._questions is not None:
            known = {str(job["id"]): job for job in self._jobs()}
            pages = Reports(self._questions.ask, known.get, preferences.report_template())
        task = ExportTask(items, folder, wishes, replace, pages)
        task.ended.connect(lambda report, error: self._ended(task, report, error))
        self._tasks.append(task)
        QgsApplication.taskManager().addTask(task)
        if self._dialog is not None:
            self._dialog.set_running(True)
        return task

    def _gone(self, dialog: ExportDialog) -> None:
        if self._dialog is dialog:
            self._dialog = None

    def _offer(self, layers: Any) -> None:
        for layer in layers:
            if layer.customProperty(layer_tree.JOB):
                self._iface.addCustomActionForLayer(self._action, layer)

    def _ask(self) -> None:
        self.ask_for_layers(self._iface.layerTreeView().selectedLayersRecursive())

    def _ask_before_replacing(self, items: Sequence[Item], folder: Path, wishes: Wishes, known: Sequence[str]) -> None:
        box = PlainMessageBox("deepsoilExportReplace", tr(
            "{0} already contains %n file(s) with the same name. Replace or keep both? If both are kept, the new files "
            "get a number.", None, len(known)).format(folder), self._dialog or self._iface.mainWindow())
        box.setWindowModality(Qt.WindowModality.NonModal)
        box.setDetailedText("\n".join(known))
        keep = box.addButton(tr("Keep both"), PlainMessageBox.ButtonRole.AcceptRole)
        keep.setObjectName("deepsoilExportKeep")
        replace = box.addButton(tr("Replace"), PlainMessageBox.ButtonRole.DestructiveRole)
        replace.setObjectName("deepsoilExportReplaceYes")
        box.addButton(PlainMessageBox.StandardButton.Cancel)
        box.setDefaultButton(keep)
        keep.clicked.connect(lambda: self.export(items, folder, wishes))
        replace.clicked.connect(lambda: self.export(items, folder, wishes, replace=True))
        box.show()

    def _ended(self, task: ExportTask, report: Report | None, error: str) -> None:
        self._tasks.remove(task)
        if self._dialog is not None:
            self._dialog.set_running(False, error)
        if report is None:
            self._messages.warning(error)
            return
        if self._dialog is not None:
            self._dialog.close()
        text = tr("%n file(s) are in {0}.", None, len(report.files)).format(report.folder)
        level = Qgis.MessageLevel.Success
        if report.problems:
            level = Qgis.MessageLevel.Warning
            left = tr("%n map(s) were left out:", None, len(report.problems))
            more = " …" if len(report.problems) > _MOST_PROBLEMS else ""
            text = f"{text} {left} {' '.join(report.problems[:_MOST_PROBLEMS])}{more}"
        self._messages.files(text, report.folder, level)
