"""The day that QGIS's Temporal Controller shows."""

from __future__ import annotations

from qgis.core import Qgis, QgsDateTimeRange
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal


class MapDay(QObject):
    """``changed(date)`` whenever the controller, while it is on, goes to another day (UTC)."""

    changed = pyqtSignal(object)

    def __init__(self, canvas: QgsMapCanvas, parent: QObject) -> None:
        super().__init__(parent)
        self._controller = canvas.temporalController()
        if self._controller is not None:
            self._controller.updateTemporalRange.connect(self._range_changed)

    def _range_changed(self, window: QgsDateTimeRange) -> None:
        off = self._controller.navigationMode() == Qgis.TemporalNavigationMode.NavigationOff
        if not off and window.begin().isValid():
            self.changed.emit(window.begin().toUTC().date().toPyDate())
