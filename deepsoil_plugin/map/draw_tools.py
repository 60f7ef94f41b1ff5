"""Map tools with which an area is drawn: corner by corner, or as a box. They give geometries in the map's CRS."""

from __future__ import annotations

from qgis.core import QgsGeometry, QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtCore import QEvent, QObject, QPoint, Qt, pyqtSignal
from qgis.PyQt.QtGui import QCursor, QKeyEvent

from .area import ACCENT, WRONG, crossing_of, is_flat, polygon_band

_NEAR_PX = 9
_DRAG_PX = 4
_OWN_KEYS = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_UNDO_KEYS = (Qt.Key.Key_Z, Qt.Key.Key_Y)


class DrawTool(QgsMapTool):
    """What both tools share: signals, and keys that QGIS's own shortcuts would otherwise take."""

    finished = pyqtSignal(QgsGeometry)
    abandoned = pyqtSignal()
    said = pyqtSignal(str)

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(QCursor(Qt.CursorShape.CrossCursor))

    def activate(self) -> None:
        super().activate()
        self.canvas().installEventFilter(self)
        self.canvas().setFocus()
        self.said.emit(self.guide())

    def deactivate(self) -> None:
        self.canvas().removeEventFilter(self)
        self.clear()
        super().deactivate()

    def guide(self) -> str:
        """What to do, in one line."""
        raise NotImplementedError

    def clear(self) -> None:
        """Forget what was drawn."""
        raise NotImplementedError

    def eventFilter(self, _canvas: QObject, event: QEvent) -> bool:
        # Accepting the override sends the key to the map instead of to an action with the same shortcut.
        if event.type() == QEvent.Type.ShortcutOverride and self._is_own(event):
            event.accept()
        return False

    def _is_own(self, event: QKeyEvent) -> bool:
        if event.key() in _UNDO_KEYS:
            return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return event.key() in _OWN_KEYS

    def _give(self, geometry: QgsGeometry) -> None:
        self.clear()
        self.finished.emit(geometry)


class DrawPolygon(DrawTool):
    """Left click sets a corner, or drags one that is there; right click, double click or Enter finishes."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._corners: list[QgsPointXY] = []
        self._redo: list[QgsPointXY] = []
        self._pointer: QgsPointXY | None = None
        self._held: int | None = None
        self._pressed_at = QPoint()
        self._band: QgsRubberBand | None = None
        self._markers: list[QgsVertexMarker] = []
        self._crossing: QgsVertexMarker | None = None

    def guide(self) -> str:
        return self.tr("Click the corners of the field. Finish with a double click, a right click or Enter. Backspace "
                       "removes the last corner, Esc cancels.")

    @property
    def corners(self) -> list[QgsPointXY]:
        return list(self._corners)

    def clear(self) -> None:
        self._corners, self._redo, self._pointer, self._held = [], [], None, None
        self._redraw()

    # --- mouse

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed_at = event.pixelPoint()
        self._held = self._near(event.pixelPoint())
        if self._held is None:
            self._corners.append(event.mapPoint())
            self._redo = []
        self._pointer = event.mapPoint()
        self._redraw()
        self._say_whether_it_crosses()

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        dragged = (event.pixelPoint() - self._pressed_at).manhattanLength() > _DRAG_PX
        if self._held is not None and event.buttons() & Qt.MouseButton.LeftButton and dragged:
            self._corners[self._held] = event.mapPoint()
        self._pointer = event.mapPoint()
        if self._corners:
            self._redraw()

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self._finish()
            return
        held, self._held = self._held, None
        if held is None:
            return
        moved = (event.pixelPoint() - self._pressed_at).manhattanLength() > _DRAG_PX
        if moved:
            self._redraw()
            self._say_whether_it_crosses()
        elif held == 0 and len(self._corners) > 2:
            self._finish()  # a click on the first corner closes the outline

    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:
        # The first press of the two has set the corner already.
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = None
            self._finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.clear()
            self.abandoned.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) or (key == Qt.Key.Key_Z and control and not shift):
            self._take_back()
        elif control and (key == Qt.Key.Key_Y or (key == Qt.Key.Key_Z and shift)):
            self._put_again()
        else:
            return
        # QGIS would otherwise do what these keys do elsewhere: leave the tool, delete a feature.
        event.ignore()

    # --- the outline

    def _take_back(self) -> None:
        if self._corners:
            self._redo.append(self._corners.pop())
            self._redraw()
            self._say_whether_it_crosses()

    def _put_again(self) -> None:
        if self._redo:
            self._corners.append(self._redo.pop())
            self._redraw()
            self._say_whether_it_crosses()

    def _finish(self) -> None:
        if not self._corners:
            self.abandoned.emit()
            return
        geometry = self._outline(self._corners)
        if len(self._corners) < 3 or is_flat(geometry):
            self.said.emit(self.tr("A field needs at least three corners that are not in a straight line. Click one "
                                   "more."))
        elif crossing_of(geometry) is not None:
            self._pointer = None
            self._redraw()
            self._say_whether_it_crosses()
        else:
            self._give(geometry)

    def _say_whether_it_crosses(self) -> None:
        if len(self._corners) > 3 and crossing_of(self._outline(self._corners)) is not None:
            self.said.emit(self.tr("The outline crosses itself at the cross mark. Drag a corner, or remove corners "
                                   "with Backspace."))
        else:
            self.said.emit(self.guide())

    @staticmethod
    def _outline(corners: list[QgsPointXY]) -> QgsGeometry:
        return QgsGeometry.fromPolygonXY([[*corners, corners[0]]])

    def _near(self, position: QPoint) -> int | None:
        """The corner under the mouse."""
        for index, corner in enumerate(self._corners):
            if (self.toCanvasCoordinates(corner) - position).manhattanLength() <= _NEAR_PX:
                return index
        return None

    def _redraw(self) -> None:
        for marker in [*self._markers, self._crossing, self._band]:
            if marker is not None:
                self.canvas().scene().removeItem(marker)
        self._markers, self._crossing, self._band = [], None, None
        if not self._corners:
            return
        following = self._held is None and self._pointer is not None
        points = [*self._corners, self._pointer] if following else self._corners
        crossing = crossing_of(self._outline(self._corners)) if len(self._corners) > 3 else None
        colour = ACCENT if crossing is None else WRONG
        self._band = polygon_band(self.canvas(), colour, drawing=True)
        self._band.setToGeometry(self._outline(points) if len(points) > 2 else QgsGeometry.fromPolylineXY(points))
        for corner in self._corners:
            marker = QgsVertexMarker(self.canvas())
            marker.setCenter(corner)
            marker.setColor(colour)
            marker.setIconType(QgsVertexMarker.IconType.ICON_BOX)
            marker.setIconSize(7)
            marker.setPenWidth(2)
            self._markers.append(marker)
        if crossing is not None and not crossing.isEmpty():
            self._crossing = QgsVertexMarker(self.canvas())
            self._crossing.setCenter(crossing.asPoint())
            self._crossing.setColor(WRONG)
            self._crossing.setIconType(QgsVertexMarker.IconType.ICON_X)
            self._crossing.setIconSize(14)
            self._crossing.setPenWidth(3)


class DrawBox(DrawTool):
    """Drag from corner to corner; two clicks do as well."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._start: QgsPointXY | None = None
        self._pressed_at = QPoint()
        self._band: QgsRubberBand | None = None

    def guide(self) -> str:
        return self.tr("Drag a box from corner to corner. Esc cancels.")

    def clear(self) -> None:
        self._start = None
        self._draw(None)

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._start is None:
            self._start = event.mapPoint()
            self._pressed_at = event.pixelPoint()

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        if self._start is not None:
            self._draw(QgsRectangle(self._start, event.mapPoint()))

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.clear()
            self.abandoned.emit()
            return
        if self._start is None or (event.pixelPoint() - self._pressed_at).manhattanLength() <= _DRAG_PX:
            return
        box = QgsRectangle(self._start, event.mapPoint())
        if box.isEmpty():
            self.said.emit(self.tr("The box has no size. Drag it over the field."))
            self.clear()
            return
        self._give(QgsGeometry.fromRect(box))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.abandoned.emit()
            event.ignore()

    def _draw(self, box: QgsRectangle | None) -> None:
        if self._band is not None:
            self.canvas().scene().removeItem(self._band)
            self._band = None
        if box is not None:
            self._band = polygon_band(self.canvas(), ACCENT, drawing=True)
            self._band.setToGeometry(QgsGeometry.fromRect(box))

