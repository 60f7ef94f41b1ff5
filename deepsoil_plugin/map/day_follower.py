"""Keeps the days on the map and QGIS's Temporal Controller in step."""

from __future__ import annotations

import datetime as dt
from collections import deque

from qgis.core import Qgis, QgsDateTimeRange, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QDateTime, QObject, Qt, QTimer, pyqtSignal, pyqtSlot

from . import day_layers, day_maps, layer_tree, temporal

_AT_ONCE = 4  # layers; more of them follow one per turn of the event loop


class DayFollower(QObject):
    """Shows the day that is asked for, or the Temporal Controller's frame; and keeps the map unfiltered while the
    controller is off.

    QGIS's panel moves its slider when the days change or a project is opened, and the controller hands the slider's
    frame to the map though it is off. The map would then hide every other day, ticked or not.

    ``shown(day)``: another day (ISO) stands on the map. ``failed(file name)``: a day's map cannot be opened.
    """

    shown = pyqtSignal(str)
    failed = pyqtSignal(str)

    def __init__(self, canvas: QgsMapCanvas, project: QgsProject, parent: QObject) -> None:
        """``canvas``: one with or without a Temporal Controller."""
        super().__init__(parent)
        self._controller = controller = canvas.temporalController()
        self._project = project
        self._queue: deque[tuple[QgsRasterLayer, str]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._next)
        project.cleared.connect(self._forget)
        if controller is not None:
            controller.navigationModeChanged.connect(self._mode_changed)
            controller.updateTemporalRange.connect(self._range_handed_out)
            self._range_handed_out(canvas.temporalRange())

    def close(self) -> None:
        self._timer.stop()
        self._project.cleared.disconnect(self._forget)
        if self._controller is not None:
            self._controller.navigationModeChanged.disconnect(self._mode_changed)
            self._controller.updateTemporalRange.disconnect(self._range_handed_out)

    @property
    def animating(self) -> bool:
        return (self._controller is not None
                and self._controller.navigationMode() != Qgis.TemporalNavigationMode.NavigationOff)

    @property
    def busy(self) -> bool:
        """Whether layers are still to show the day that was asked for last."""
        return bool(self._queue)

    def show_day(self, day: dt.date) -> None:
        """Bring the map to this day: the animation's frame, or the day of every layer that has it."""
        if self.animating:
            frame = self._controller.findBestFrameNumberForFrameStart(temporal.utc_midnight(day))
            self._controller.setCurrentFrameNumber(frame)
            return
        for group in layer_tree.day_groups(self._project):
            temporal.choose_day(group, day.isoformat())
        self._bring(day.isoformat(), day.isoformat())

    def _forget(self) -> None:
        self._queue.clear()

    def _bring(self, first: str, last: str) -> None:
        """Let every layer show the newest day that it has from ``first`` to ``last`` (ISO); those that are seen come
        first. A layer without such a day stays.
        """
        wanted = []
        tree = self._project.layerTreeRoot()
        for layer in day_layers.of_project(self._project):
            found = max((day for day in day_maps.days(layer) if first <= day <= last), default="")
            if found and found != day_layers.shown_day(layer):
                node = tree.findLayer(layer.id())
                wanted.append((node is None or not node.isVisible(), layer, found))
        wanted.sort(key=lambda one: one[0])
        for _, layer, day in wanted[:_AT_ONCE]:
            self._show(layer, day)
        self._queue = deque((layer, day) for _, layer, day in wanted[_AT_ONCE:])
        if self._queue:
            self._timer.start()

    def _next(self) -> None:
        if not self._queue:
            self._timer.stop()
            return
        layer, day = self._queue.popleft()
        if not sip.isdeleted(layer):
            self._show(layer, day)

    def _show(self, layer: QgsRasterLayer, day: str) -> None:
        if day_layers.show_day(layer, day):
            self.shown.emit(day)
        else:
            self.failed.emit(str((day_maps.output_of(layer, day) or {}).get("name", day)))

    def _range_handed_out(self, range_: QgsDateTimeRange) -> None:
        """Show the frame's day; of a controller that is off, take the frame back from every map that has just got it.
        """
        if range_.isInfinite():
            return
        if not self.animating:
            if self._controller is not None:
                self._controller.updateTemporalRange.emit(QgsDateTimeRange(QDateTime(), QDateTime()))
            return
        last = range_.end() if range_.includeEnd() else range_.end().addMSecs(-1)
        self._bring(_utc_day(range_.begin()), _utc_day(last))

    @pyqtSlot()  # a true slot: PyQt cannot turn the signal's enum into Python's
    def _mode_changed(self) -> None:
        if self.animating:
            for group in layer_tree.day_groups(self._project):
                temporal.release_days(group)
            return
        begin = self._controller.dateTimeRangeForFrameNumber(self._controller.currentFrameNumber()).begin()
        last_seen = _utc_day(begin)
        for group in layer_tree.day_groups(self._project):
            days = [day for day in map(layer_tree.date_of, group.children()) if day]
            if days:
                temporal.choose_day(group, last_seen if last_seen in days else max(days))


def _utc_day(time: QDateTime) -> str:
    return str(time.toUTC().date().toString(Qt.DateFormat.ISODate))
