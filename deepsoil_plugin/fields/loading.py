"""Reads a table of fields, and opens its layer, beside the window; and writes one as a CSV table."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from qgis.core import QgsApplication, QgsTask, QgsVectorLayer
from qgis.PyQt.QtCore import pyqtSignal

from ..atomic import replacing
from ..text.table_cells import guarded
from ..text.translate import tr
from . import need_layer
from .rows import FieldRow, has_water, read_rows

_MOST_BYTES = 256 << 20
_FIRST = ("number", "name", "day", "area_ha", "need", "refill_mm", "refill_mm_lower", "refill_mm_upper")


class LoadTask(QgsTask):
    """``loaded(rows, layers)``: those that QGIS can open, of the fields and of the zones. ``failed(text)``."""

    loaded = pyqtSignal(object, object)
    failed = pyqtSignal(str)

    def __init__(self, path: str, zones: str = "") -> None:
        """``zones``: the path of the zones; empty where there are none."""
        super().__init__(tr("Reading the table of fields"), QgsTask.Flag.CanCancel)
        self._path, self._zones = Path(path), zones
        self._rows: list[FieldRow] = []
        self._layers: list[QgsVectorLayer] = []
        self._error = ""

    def run(self) -> bool:
        try:
            if self._path.stat().st_size > _MOST_BYTES:
                raise ValueError("it is too large")
            self._rows = read_rows(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            self._error = tr("The table of fields cannot be read: {0}. Make the maps again.").format(error)
            return False
        layers = [need_layer.opened(str(self._path)) if has_water(self._rows) else None,
                  need_layer.opened(self._zones, zones=True) if self._zones else None]
        self._layers = [layer for layer in layers if layer is not None]
        for layer in self._layers:
            layer.moveToThread(QgsApplication.instance().thread())
        return True

    def finished(self, well: bool) -> None:
        if well:
            self.loaded.emit(self._rows, self._layers)
        elif self._error:
            self.failed.emit(self._error)


class SaveTask(QgsTask):
    """Writes rows as a CSV table with every figure. ``ended(error text)``, empty when well."""

    ended = pyqtSignal(str)

    def __init__(self, rows: Sequence[FieldRow], path: Path) -> None:
        super().__init__(tr("Saving the table of fields"))
        self._rows, self._path, self._error = list(rows), path, ""

    def run(self) -> bool:
        try:
            with replacing(self._path) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                names = csv_names(self._rows)
                writer.writerow(names)
                for row in self._rows:
                    writer.writerow([guarded("" if row.values.get(name) is None else row.values[name])
                                     for name in names])
        except OSError as error:
            self._error = tr("The table could not be saved as {0}: {1}. Close it elsewhere, or choose another place."
                             ).format(self._path, error)
        return not self._error

    def finished(self, well: bool) -> None:
        self.ended.emit(self._error)


def csv_names(rows: Sequence[FieldRow]) -> list[str]:
    """The columns: what one looks for first, then the others in the engine's order."""
    known = dict.fromkeys(name for row in rows for name in row.values)
    return [*(name for name in _FIRST if name in known), *(name for name in known if name not in _FIRST)]
