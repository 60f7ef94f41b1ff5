"""Irrigation changed by hand in the plot: a click adds, pulling up or down resizes, pulling sideways moves, Delete
removes; the arrow keys do the same.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from qgis.PyQt.QtCore import QEvent, QObject, QPoint, QPointF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent, QMouseEvent

from ..plot_parts import DAY_S
from .amounts import in_mm, shown
from .event_bars import ASIDE_S, WIDTH_S
from .plan import Event, Plan

_MEANT_PX = 4
_TALL_PX = 8  # a low bar can still be hit
_USUAL_MM = 20.0
_STEP_MM, _LARGE_STEP_MM = 1.0, 5.0
_EPOCH = dt.date(1970, 1, 1)


class PlotEditing(QObject):
    """``moved(plan)`` while the hand moves, ``settled(plan)`` when it lets go; ``selected(day or None)``."""

    moved = pyqtSignal(object)
    settled = pyqtSignal(object)
    selected = pyqtSignal(object)
    undoWanted = pyqtSignal()
    redoWanted = pyqtSignal()

    def __init__(self, plot: Any) -> None:
        super().__init__(plot)
        self._plot = plot
        self._plan = Plan()
        self._first = self._day = self._last = _EPOCH
        self._chosen: dt.date | None = None
        self._begin: tuple[QPoint, Event | None] | None = None
        self._way = ""
        self._before = Plan()  # when the button was pressed
        self.unit: Any = "mm"
        plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        plot.installEventFilter(self)
        plot.viewport().installEventFilter(self)

    def set_plan(self, plan: Plan, day: dt.date, before: int, days: int) -> None:
        """What can be changed: the days from ``before`` days before ``day`` to ``days`` after it."""
        new = [event.day for event in plan.events if event not in self._plan.events]
        self._plan, self._day = plan, day
        self._first, self._last = day - dt.timedelta(days=before), day + dt.timedelta(days=days)
        if self._chosen is not None and plan.at(self._chosen) is None and self._begin is None:
            self.choose(new[0] if len(new) == 1 else None)  # a step back or forth: what came is meant

    @property
    def plan(self) -> Plan:
        """As it stands, also while a bar is pulled."""
        return self._plan

    @property
    def chosen(self) -> dt.date | None:
        """Day of the selected event."""
        return self._chosen

    def choose(self, day: dt.date | None) -> None:
        if day != self._chosen:
            self._chosen = day
            self.selected.emit(day)

    # --- events of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._plot:
            return kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._key(event)
        if not isinstance(event, QMouseEvent):
            return False
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            return self._press(event.pos())
        if kind == QEvent.Type.MouseMove and self._begin is not None:
            self._pull(event.pos())
            return True
        if kind == QEvent.Type.MouseButtonRelease and self._begin is not None:
            self._release(event.pos())
            return True
        if kind == QEvent.Type.MouseMove:
            over = self._hit(event.pos()) is not None
            self._plot.viewport().setCursor(Qt.CursorShape.SizeAllCursor if over else Qt.CursorShape.ArrowCursor)
        return False

    def _press(self, at: QPoint) -> bool:
        self._plot.setFocus(Qt.FocusReason.MouseFocusReason)
        if not self._box().sceneBoundingRect().contains(self._scene(at)):
            return False
        event = self._hit(at)
        self._begin, self._way, self._before = (at, event), "", self._plan
        self.choose(event.day if event else None)
        self._plot.bars.held = event is not None
        return True

    def _pull(self, to: QPoint) -> None:
        assert self._begin is not None
        start, event = self._begin
        across, up = to.x() - start.x(), start.y() - to.y()
        if event is None:
            return
        if not self._way and max(abs(across), abs(up)) >= _MEANT_PX:
            self._way = "across" if abs(across) > abs(up) else "up"
        if self._way == "up":
            plan = self._before.resized(event.day, event.mm + self._mm(to) - self._mm(start))
        elif self._way == "across":
            days = round((self._seconds(to) - self._seconds(start)) / DAY_S)
            to_day = self._within(event.day + dt.timedelta(days=days))
            plan = self._before.moved(event.day, to_day)
            self.choose(to_day)
        else:
            return
        if plan != self._plan:
            self._plan = plan
            self.moved.emit(plan)

    def _release(self, at: QPoint) -> None:
        assert self._begin is not None
        _, event = self._begin
        way, self._begin, self._way = self._way, None, ""
        self._plot.bars.held = False
        if way:
            self.settled.emit(self._plan)
        elif event is None and self._box().sceneBoundingRect().contains(self._scene(at)):
            day = _EPOCH + dt.timedelta(days=round((self._seconds(at) - ASIDE_S / 2) / DAY_S))
            if self._first <= day <= self._last and self._plan.at(day) is None:
                self._add(day, self._mm(at))

    def _add(self, day: dt.date, mm: float) -> None:
        self._plan = self._plan.resized(day, mm, logged=day <= self._day)
        self.choose(day)
        self.settled.emit(self._plan)

    # --- keys

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        step = _LARGE_STEP_MM if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP_MM
        if control and key == Qt.Key.Key_Z:
            self.undoWanted.emit()
        elif control and key == Qt.Key.Key_Y:
            self.redoWanted.emit()
        elif key in (Qt.Key.Key_Insert, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._add_by_key()
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._choose_next(1 if key == Qt.Key.Key_PageDown else -1)
        elif self._chosen is None or (chosen := self._plan.at(self._chosen)) is None:
            return False
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._settle(self._plan.without(chosen.day), None)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._settle(self._plan.resized(chosen.day, chosen.mm + (step if key == Qt.Key.Key_Up else -step)),
                         chosen.day)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            to = self._within(chosen.day + dt.timedelta(days=1 if key == Qt.Key.Key_Right else -1))
            self._settle(self._plan.moved(chosen.day, to), to)
        else:
            return False
        return True

    def _settle(self, plan: Plan, chosen: dt.date | None) -> None:
        changed, self._plan = plan != self._plan, plan
        self.choose(chosen)
        if changed:
            self.settled.emit(plan)

    def _add_by_key(self) -> None:
        """On the first day ahead that has none."""
        days = (self._day + dt.timedelta(days=number) for number in range(1, (self._last - self._day).days + 1))
        free = next((day for day in days if self._plan.at(day) is None), None)
        if free is not None:
            self._add(free, _USUAL_MM)

    def _choose_next(self, way: int) -> None:
        days = [event.day for event in self._plan.events if self._first <= event.day <= self._last]
        if days:
            now = days.index(self._chosen) + way if self._chosen in days else 0 if way > 0 else -1
            self.choose(days[now % len(days)])

    # --- where things are

    def _within(self, day: dt.date) -> dt.date:
        """Planned water stays ahead; given water stays before, unless it was after the day already."""
        event = self._begin[1] if self._begin is not None else None
        if event is None and self._chosen is not None:
            event = self._plan.at(self._chosen)
        if event is not None and event.logged:
            return min(max(day, self._first), max(self._day, event.day))
        return min(max(day, self._day + dt.timedelta(days=1)), self._last)

    def _box(self) -> Any:
        return self._plot.water.getViewBox()

    def _scene(self, at: QPoint) -> QPointF:
        return self._plot.mapToScene(at)

    def _seconds(self, at: QPoint) -> float:
        return float(self._box().mapSceneToView(self._scene(at)).x())

    def _mm(self, at: QPoint) -> float:
        return in_mm(float(self._box().mapSceneToView(self._scene(at)).y()), self.unit)

    def _hit(self, at: QPoint) -> Event | None:
        """The event whose bar is under the pointer."""
        scene = self._scene(at)
        box = self._box()
        if not box.sceneBoundingRect().contains(scene):
            return None
        for event in self._plan.events:
            if not self._first <= event.day <= self._last:
                continue
            middle = ((event.day - _EPOCH).days * DAY_S) + ASIDE_S
            if abs(self._seconds(at) - middle) <= WIDTH_S / 2:
                top = box.mapViewToScene(QPointF(middle, shown(event.mm, self.unit))).y()
                return event if scene.y() >= top - _TALL_PX else None
        return None
