"""Maps in time: each layer stands for its UTC day, and many days can be stepped through by the Temporal Controller.

The days of a group exclude each other like radio buttons, so that one click shows another day. While the Temporal
Controller animates, it does the choosing instead, and all days are switched on for it.
"""

from __future__ import annotations

import datetime as dt

from qgis.core import (
    Qgis,
    QgsDateTimeRange,
    QgsInterval,
    QgsLayerTreeGroup,
    QgsProject,
    QgsRasterLayer,
    QgsTemporalNavigationObject,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QDate, QDateTime, QObject, Qt, QTime, pyqtSlot

from . import layer_tree


def utc_midnight(day: dt.date) -> QDateTime:
    return QDateTime(QDate(day.year, day.month, day.day), QTime(0, 0), Qt.TimeSpec.UTC)


def days_range(first: dt.date, last: dt.date) -> QgsDateTimeRange:
    """From the first day's midnight to the one after the last day, which is not in it. UTC."""
    return QgsDateTimeRange(utc_midnight(first), utc_midnight(last + dt.timedelta(days=1)), True, False)


def set_day(layer: QgsRasterLayer, day: dt.date) -> None:
    """The layer is seen in frames that touch its UTC day."""
    properties = layer.temporalProperties()
    properties.setMode(Qgis.RasterTemporalMode.FixedTemporalRange)
    properties.setFixedTemporalRange(days_range(day, day))
    properties.setIsActive(True)


def offer_days(controller: QgsTemporalNavigationObject | None, project: QgsProject,
               first: dt.date, last: dt.date) -> bool:
    """Prepare the Temporal Controller for these days in frames of one day; False where the user has it in use."""
    if controller is None or controller.navigationMode() != Qgis.TemporalNavigationMode.NavigationOff:
        return False
    controller.setFrameDuration(QgsInterval(1, Qgis.TemporalUnit.Days))
    controller.setTemporalExtents(days_range(first, last))
    settings = project.timeSettings()
    settings.setTemporalRange(days_range(first, last))
    settings.setTimeStep(1.0)
    settings.setTimeStepUnit(Qgis.TemporalUnit.Days)
    return True


def choose_day(group: QgsLayerTreeGroup, day: str) -> None:
    """Show only this day (ISO) of a group of days; a group without it stays as it is."""
    nodes = group.children()
    chosen = next((index for index, node in enumerate(nodes) if layer_tree.date_of(node) == day), None)
    if chosen is None:
        return
    group.setIsMutuallyExclusive(True, chosen)
    for index, node in enumerate(nodes):
        node.setItemVisibilityChecked(index == chosen)
        node.setExpanded(index == chosen)


class DayFollower(QObject):
    """Keeps the groups of days and the Temporal Controller in step, and the map unfiltered while the controller is off.

    QGIS's panel moves its slider when the days change or a project is opened, and the controller hands the slider's
    frame to the map though it is off. The map would then hide every other day, ticked or not.
    """

    def __init__(self, canvas: QgsMapCanvas, project: QgsProject, parent: QObject) -> None:
        """``canvas``: one with a Temporal Controller."""
        super().__init__(parent)
        self._controller = controller = canvas.temporalController()
        self._project = project
        controller.navigationModeChanged.connect(self._mode_changed)
        controller.updateTemporalRange.connect(self._range_handed_out)
        self._range_handed_out(canvas.temporalRange())

    def close(self) -> None:
        self._controller.navigationModeChanged.disconnect(self._mode_changed)
        self._controller.updateTemporalRange.disconnect(self._range_handed_out)

    @property
    def animating(self) -> bool:
        return self._controller.navigationMode() != Qgis.TemporalNavigationMode.NavigationOff

    def show_day(self, day: dt.date) -> None:
        """Bring the map to this day: the animation's frame, or the day's layers."""
        if self.animating:
            frame = self._controller.findBestFrameNumberForFrameStart(utc_midnight(day))
            self._controller.setCurrentFrameNumber(frame)
            return
        for group in layer_tree.day_groups(self._project):
            choose_day(group, day.isoformat())

    def _range_handed_out(self, range_: QgsDateTimeRange) -> None:
        """Take a frame back from every map that has just got it of a controller that is off."""
        if not self.animating and not range_.isInfinite():
            self._controller.updateTemporalRange.emit(QgsDateTimeRange(QDateTime(), QDateTime()))

    @pyqtSlot()  # a true slot: PyQt cannot turn the signal's enum into Python's
    def _mode_changed(self) -> None:
        if self.animating:
            for group in layer_tree.day_groups(self._project):
                release_days(group)
            return
        begin = self._controller.dateTimeRangeForFrameNumber(self._controller.currentFrameNumber()).begin()
        last_seen = begin.toUTC().date().toString(Qt.DateFormat.ISODate)
        for group in layer_tree.day_groups(self._project):
            days = [day for day in map(layer_tree.date_of, group.children()) if day]
            if days:
                choose_day(group, last_seen if last_seen in days else max(days))


def release_days(group: QgsLayerTreeGroup) -> None:
    """Switch all days on, so that only the Temporal Controller chooses among them."""
    group.setIsMutuallyExclusive(False)
    for node in group.children():
        node.setItemVisibilityChecked(True)
