"""Takes result maps out of QGIS: copies of the products, and a table of each map's mean and range.

The copying and reading run in a QgsTask. The files carry the field's name, appear together when all are whole, and
replace none unless the user says so.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from qgis.core import Qgis, QgsApplication, QgsMapLayer, QgsProject, QgsRasterLayer, QgsTask
from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAction, QFileDialog

from .. import paths
from ..text import quantities
from ..text.plain import defused
from ..text.table_cells import guarded
from ..text.translate import tr
from ..widgets.basic import PlainMessageBox
from . import geotiff, layer_tree
from .new_files import NewFiles, existing, map_rest, names_for

TABLE_NAME = "soil_moisture_summary.csv"
_PIECE = 4 * 1024 * 1024
_ROWS_AT_ONCE = 512
_NODATA = 65535
_SCALE = 1e-4  # of soil moisture
_COLUMNS = ("field", "quantity", "depth_cm", "date", "pixels", "mean", "minimum", "p10", "median", "p90", "maximum",
            "unit", "file")


@dataclass(frozen=True)
class Item:
    """One map to be exported. ``what``: see ``quantities``. ``group``: what the maps of one field of one job have in
    common.
    """

    source: Path
    field: str
    what: str
    date: str
    group: str = ""


class Stopped(Exception):
    """The user has cancelled the task."""


class ExportTask(QgsTask):
    """Copies maps into a folder and, if wanted, writes a table beside them. ``ended(error text)``, empty when well."""

    ended = pyqtSignal(str)

    def __init__(self, items: Sequence[Item], folder: Path, table: bool, replace: bool = False) -> None:
        super().__init__(tr("Exporting %n soil moisture map(s)", None, len(items)), QgsTask.Flag.CanCancel)
        self._items = list(items)
        self._folder = folder
        self._table, self._replace = table, replace
        self._error = ""

    def run(self) -> bool:
        try:
            names, table = names_of(self._items, [] if self._replace else existing(self._folder))
            with NewFiles(self._folder, self._replace) as new:
                rows = []
                for number, (item, name) in enumerate(zip(self._items, names, strict=True)):
                    self._check(number)
                    copy_whole(item.source, new.draft(name), lambda: self._check(number))  # noqa: B023  called at once
                    if self._table:
                        figures = summary_of(item.source, lambda: self._check(number))  # noqa: B023
                        rows.append([item.field, *_quantity(item.what), item.date, *figures,
                                     quantities.UNITS.get(item.what, "m3/m3"), name])
                if self._table:
                    write_table(new.draft(table), rows)
        except Stopped:
            return False
        except (OSError, RuntimeError) as error:
            self._error = tr("The maps could not be exported to {0}: {1}. Nothing was written there.").format(
                self._folder, error)
            return False
        return True

    def finished(self, well: bool) -> None:
        self.ended.emit("" if well else self._error or tr("Export cancelled. Nothing was written."))

    def _check(self, number: int) -> None:
        self.setProgress(100 * number / max(1, len(self._items)))
        if self.isCanceled():
            raise Stopped


class ExportAction(QObject):
    """“Export DeepSoil maps…” in the context menu of the layer tree, for the layers selected there."""

    def __init__(self, iface: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self._tasks: list[ExportTask] = []  # a task that nobody holds is collected before it starts
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

    def export(self, items: Sequence[Item], folder: Path, replace: bool = False) -> ExportTask:
        """Start exporting maps. Without ``replace``, names that are taken get a number."""
        task = ExportTask(items, folder, table=True, replace=replace)
        task.ended.connect(lambda error: self._ended(task, error, folder))
        self._tasks.append(task)
        QgsApplication.taskManager().addTask(task)
        return task

    def _offer(self, layers: Any) -> None:
        for layer in layers:
            if layer.customProperty(layer_tree.JOB):
                self._iface.addCustomActionForLayer(self._action, layer)

    def _ask(self) -> None:
        self.ask_for_folder(self._iface.layerTreeView().selectedLayersRecursive())

    def ask_for_folder(self, layers: Sequence[QgsMapLayer]) -> None:
        """Let the user choose where these layers' maps go."""
        items = items_of(layers)
        if not items:
            self._tell(tr("First select soil moisture maps in the layer panel."), Qgis.MessageLevel.Info)
            return
        dialog = QFileDialog(self._iface.mainWindow(), tr("Folder for the maps"), self._project.homePath())
        dialog.setObjectName("deepsoilExportFolder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda folder: self.export_to(items, Path(folder)))
        dialog.open()

    def export_to(self, items: Sequence[Item], folder: Path) -> None:
        """Export into a folder; where files of the same names are there, ask first what to do."""
        try:
            there = set(existing(folder))
        except OSError:  # the task meets it too, and says so
            there = set()
        names, table = names_of(items)
        known = sorted({*names, table} & there)
        if known:
            self._ask_before_replacing(items, folder, known)
        else:
            self.export(items, folder)

    def _ask_before_replacing(self, items: Sequence[Item], folder: Path, known: Sequence[str]) -> None:
        box = PlainMessageBox("deepsoilExportReplace", tr(
            "{0} already contains %n file(s) with the same name. Replace or keep both? If both are kept, the new files "
            "get a number.", None, len(known)).format(folder), self._iface.mainWindow())
        box.setWindowModality(Qt.WindowModality.NonModal)
        box.setDetailedText("\n".join(known))
        keep = box.addButton(tr("Keep both"), PlainMessageBox.ButtonRole.AcceptRole)
        keep.setObjectName("deepsoilExportKeep")
        replace = box.addButton(tr("Replace"), PlainMessageBox.ButtonRole.DestructiveRole)
        replace.setObjectName("deepsoilExportReplaceYes")
        box.addButton(PlainMessageBox.StandardButton.Cancel)
        box.setDefaultButton(keep)
        keep.clicked.connect(lambda: self.export(items, folder))
        replace.clicked.connect(lambda: self.export(items, folder, replace=True))
        box.show()

    def _ended(self, task: ExportTask, error: str, folder: Path) -> None:
        self._tasks.remove(task)
        if error:
            self._tell(error, Qgis.MessageLevel.Warning)
        else:
            self._tell(tr("The maps and a table of their values are in {0}.").format(folder),
                       Qgis.MessageLevel.Success)

    def _tell(self, text: str, level: Qgis.MessageLevel) -> None:
        self._iface.messageBar().pushMessage("DeepSoil", defused(text), level)


def items_of(layers: Sequence[QgsMapLayer]) -> list[Item]:
    """The result maps among these layers, each once, by field, day and depth."""
    project = QgsProject.instance()
    found = {}
    for layer in layers:
        if isinstance(layer, QgsRasterLayer) and layer.customProperty(layer_tree.JOB):
            job, source = str(layer.customProperty(layer_tree.JOB)), Path(layer.source())
            what = layer_tree.what_of_layer(layer)
            day = str(layer.customProperty(layer_tree.DATE) or "")
            group = layer_tree.group_of_job(project, job)
            field = layer.customProperty(layer_tree.FIELD) or (group.name() if group is not None else layer.name())
            alike = str(source).replace(quantities.file_stem(what, day), "") if what else str(source)
            found[source] = Item(source, str(field), what, day, f"{job} {alike}")
    return sorted(found.values(), key=lambda item: (item.field, item.group, item.date, quantities.order(item.what)))


def names_of(items: Sequence[Item], taken: Sequence[str] = ()) -> tuple[list[str], str]:
    """The names of the items' files and of the table, none of which is one of ``taken``."""
    groups: dict[str, list[int]] = {}
    for number, item in enumerate(items):
        groups.setdefault(item.group or str(number), []).append(number)
    wanted = [[(items[number].field, _rest(items[number])) for number in group] for group in groups.values()]
    *of_groups, table = names_for([*wanted, [("", TABLE_NAME)]], taken)
    names = dict(zip((number for group in groups.values() for number in group),
                     (name for group in of_groups for name in group), strict=True))
    return [names[number] for number in range(len(items))], table[0]


def _rest(item: Item) -> str:
    return map_rest(item.what, item.date) if item.what and item.date else item.source.name


def _quantity(what: str) -> tuple[str, str]:
    """What a map shows and its depth, as cells of the table."""
    return (what, "") if what in quantities.WATER else ("soil_moisture", what)


def copy_whole(source: Path, target: Path, check: Callable[[], None]) -> None:
    """Copy a file. ``check`` is called between pieces; what it raises ends the copy."""
    with source.open("rb") as read, target.open("wb") as write:
        while piece := read.read(_PIECE):
            check()
            write.write(piece)
    shutil.copystat(source, target)


def summary_of(path: Path, check: Callable[[], None]) -> list[float | int]:
    """Pixels, mean, minimum, 10 %, median, 90 % and maximum over all pixels with data; exact, in rows at a time.

    Products hold whole numbers below 65536, so that counting each value once is all that is needed.
    """
    dataset = geotiff.opened(str(path)) if geotiff.is_whole(str(path)) else None
    if dataset is None:
        raise OSError(tr("{0} cannot be read").format(path.name))
    band = dataset.GetRasterBand(1)
    counts = np.zeros(_NODATA + 1, np.int64)
    for row in range(0, dataset.RasterYSize, _ROWS_AT_ONCE):
        check()
        rows = min(_ROWS_AT_ONCE, dataset.RasterYSize - row)
        counts += np.bincount(band.ReadAsArray(0, row, dataset.RasterXSize, rows).ravel(), minlength=_NODATA + 1)
    return figures_of(counts, band.GetScale() or _SCALE)


def figures_of(counts: np.ndarray, scale: float) -> list[float | int]:
    """The row of the table from how often each stored value, a number of steps of ``scale``, occurs."""
    known = counts[:_NODATA]
    pixels = int(known.sum())
    if not pixels:
        return [0] + [float("nan")] * 6
    values = np.flatnonzero(known)
    mean = float((values * known[values]).sum() / pixels)
    reached = np.cumsum(known)

    def share(part: float) -> int:
        return int(np.searchsorted(reached, part * pixels))

    raw = (mean, values[0], share(0.1), share(0.5), share(0.9), values[-1])
    return [pixels, *(round(float(value) * scale, 4) for value in raw)]


def write_table(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(["" if isinstance(cell, float) and np.isnan(cell) else guarded(cell) for cell in row]
                         for row in rows)
