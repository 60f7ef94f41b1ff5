"""The export as a task of QGIS: in a thread of its own, with progress, and it can be cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.core import QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from ..text.translate import tr
from .items import Item
from .run import ExportError, Pages, Report, export
from .wishes import Wishes


class Stopped(Exception):
    """The user has cancelled the task."""


class ExportTask(QgsTask):
    """``ended(report, error text)``: one of the two; the text is empty when all is well or part of it."""

    ended = pyqtSignal(object, str)

    def __init__(self, items: Sequence[Item], folder: Path, wishes: Wishes, replace: bool = False,
                 pages: Pages | None = None) -> None:
        super().__init__(tr("Exporting %n soil moisture map(s)", None, len(items)), QgsTask.Flag.CanCancel)
        self._items, self._folder, self._wishes, self._replace = list(items), folder, wishes, replace
        self._pages = pages
        self._report: Report | None = None
        self._error = ""

    def run(self) -> bool:
        try:
            self._report = export(self._items, self._folder, self._wishes, self._step, self._replace,
                                  self._pages)
        except Stopped:
            return False
        except ExportError as error:
            self._error = str(error)
            return False
        return True

    def finished(self, well: bool) -> None:
        self.ended.emit(self._report, "" if well else self._error or tr("Export cancelled. Nothing was written."))

    def _step(self, share: float) -> None:
        self.setProgress(100 * share)
        if self.isCanceled():
            raise Stopped
