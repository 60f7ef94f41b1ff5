"""Draws a preview over the map: the pixels of one depth in their place, the other depths beside, and what it is.

An item of the canvas is painted within milliseconds and needs no layer, so that no file is written and no other layer
is drawn again while a date slider is moved.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsPointXY, QgsProject
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QImage,
    QLinearGradient,
    QPainter,
    QPen,
    QPolygonF,
    QTransform,
)

from ..jobs.preview_frames import FieldPixels, Frame
from ..text.dates import day_text
from ..text.formatting import number_text
from ..text.translate import tr
from .preview_colours import colour_table
from .style import SOIL_MOISTURE

_INK, _PAPER = QColor("#1c2327"), QColor(255, 255, 255, 235)
_HATCH_PX, _MARGIN_PX, _GAP_PX = 7.0, 10.0, 6.0
_INSET_PX = 150.0     # the longer side of another depth's map, at most so much of the canvas' height
_INSET_SHARE = 0.35
_RAMP_PX = 9.0
_BELOW_BANDS = -1.0   # outlines and marks stay above it


class PreviewItem(QgsMapCanvasItem):
    """Nothing until `put`. The item belongs to the canvas's scene; `remove` takes it away for good."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._frame: Frame | None = None
        self._depth_cm = 0
        self._images: dict[tuple[int, int], QImage] = {}  # by the field's number and the depth
        self._corners: list[list[QgsPointXY]] = []        # of each field in the map's CRS
        self.setZValue(_BELOW_BANDS)
        canvas.destinationCrsChanged.connect(self._place)
        self.hide()

    def put(self, frame: Frame | None, depth_cm: int) -> None:
        """Show a frame, with this depth in its place on the map; None: nothing."""
        if frame is not self._frame:
            moved = frame is None or self._frame is None or _grids(frame) != _grids(self._frame)
            self._frame = frame
            self._images = {} if frame is None else {
                (number, depth): _image(steps, frame.scale) for number, field in enumerate(frame.fields)
                for depth, steps in field.steps.items()}
            if moved:
                self._place()
        self._depth_cm = depth_cm
        self.setVisible(frame is not None)
        self.update()

    @property
    def frame(self) -> Frame | None:
        """What is shown."""
        return self._frame

    def remove(self) -> None:
        self._canvas.destinationCrsChanged.disconnect(self._place)
        self._canvas.scene().removeItem(self)

    def title(self) -> str:
        """The words above the map."""
        if self._frame is None:
            return ""
        parts = [tr("Preview"), f"{self._depth_cm} cm", day_text(self._frame.day)]
        return " · ".join([*parts, tr("forecast")] if self._frame.forecast else parts)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._canvas.width(), self._canvas.height())

    def updatePosition(self) -> None:
        """The map has moved."""
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, _option: Any = None, _widget: Any = None) -> None:
        if self._frame is None:
            return
        quads = [QPolygonF([self.toCanvasCoordinates(corner) for corner in corners]) for corners in self._corners]
        seen = QPolygonF([point for quad in quads for point in quad]).boundingRect()
        if seen.isEmpty():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_depth(painter, quads, self._depth_cm)
        frame = seen.adjusted(-_HATCH_PX / 2, -_HATCH_PX / 2, _HATCH_PX / 2, _HATCH_PX / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for brush in (QBrush(_PAPER), QBrush(_INK, Qt.BrushStyle.BDiagPattern)):
            painter.setPen(QPen(brush, _HATCH_PX))
            painter.drawRect(frame)
        self._draw_title(painter, frame)
        self._draw_others(painter, quads, seen)

    def _draw_depth(self, painter: QPainter, quads: list[QPolygonF], depth_cm: int) -> None:
        for number, quad in enumerate(quads):
            image = self._images.get((number, depth_cm))
            to_canvas = QTransform()
            if image is None or not QTransform.quadToQuad(
                    QPolygonF([QPointF(0, 0), QPointF(image.width(), 0), QPointF(image.width(), image.height()),
                               QPointF(0, image.height())]), quad, to_canvas):
                continue
            painter.save()
            painter.setTransform(to_canvas, True)
            painter.drawImage(QPointF(0, 0), image)  # not smoothed: no pixel pretends finer detail
            painter.restore()

    def _draw_title(self, painter: QPainter, frame: QRectF) -> None:
        """Above the map, inside the canvas."""
        text = self.title()
        metrics = QFontMetricsF(painter.font())
        box = QRectF(0, 0, metrics.horizontalAdvance(text) + 2 * _GAP_PX, metrics.height() + _GAP_PX)
        top, left = frame.top() - _HATCH_PX / 2 - box.height(), frame.left() - _HATCH_PX / 2
        box.moveTo(min(max(left, 0.0), max(0.0, self._canvas.width() - box.width())), max(top, 0.0))
        painter.fillRect(box, _PAPER)
        painter.setPen(_INK)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_others(self, painter: QPainter, quads: list[QPolygonF], seen: QRectF) -> None:
        """The other depths in the lower left corner, and the colours' scale."""
        assert self._frame is not None
        metrics = QFontMetricsF(painter.font())
        others = [depth for depth in self._frame.depths_cm if depth != self._depth_cm]
        side = min(_INSET_PX, _INSET_SHARE * self._canvas.height())
        scale = side / max(seen.width(), seen.height())
        width, height = scale * seen.width(), scale * seen.height()
        step = max(width, 60.0) + _GAP_PX
        below = _RAMP_PX + metrics.height() + 2 * _GAP_PX
        above = metrics.height() + height + _GAP_PX if others else 0.0
        whole = QRectF(_MARGIN_PX, 0, max(len(others) * step, _INSET_PX) + _GAP_PX, above + below + metrics.height())
        whole.moveBottom(self._canvas.height() - _MARGIN_PX)
        painter.fillRect(whole, _PAPER)
        for number, depth in enumerate(others):
            corner = QPointF(whole.left() + _GAP_PX + number * step, whole.top() + _GAP_PX / 2)
            painter.setPen(_INK)
            painter.drawText(QPointF(corner.x(), corner.y() + metrics.ascent()), f"{depth} cm")
            painter.save()
            painter.translate(corner.x(), corner.y() + metrics.height())
            painter.scale(scale, scale)
            painter.translate(-seen.left(), -seen.top())
            self._draw_depth(painter, quads, depth)
            painter.restore()
        _draw_scale(painter, QRectF(whole.left() + _GAP_PX, whole.top() + above + _GAP_PX, _INSET_PX - _GAP_PX,
                                    _RAMP_PX))

    def _place(self) -> None:
        """Where the corners of the fields are in the map's CRS."""
        self._corners = []
        for field in self._frame.fields if self._frame is not None else ():
            to_map = QgsCoordinateTransform(QgsCoordinateReferenceSystem(f"EPSG:{field.epsg}"),
                                            self._canvas.mapSettings().destinationCrs(), QgsProject.instance())
            try:
                self._corners.append([to_map.transform(point) for point in _corners(field)])
            except QgsCsException:
                self._corners.append([])
        self.update()


def _corners(field: FieldPixels) -> list[QgsPointXY]:
    height, width = next(iter(field.steps.values())).shape
    left, top, size = field.left_m, field.top_m, field.resolution_m
    right, bottom = left + width * size, top - height * size
    return [QgsPointXY(left, top), QgsPointXY(right, top), QgsPointXY(right, bottom), QgsPointXY(left, bottom)]


def _grids(frame: Frame) -> list[tuple[Any, ...]]:
    return [(field.epsg, field.resolution_m, field.left_m, field.top_m, next(iter(field.steps.values())).shape)
            for field in frame.fields]


def _image(steps: np.ndarray, scale: float) -> QImage:
    colours = np.ascontiguousarray(colour_table(scale)[steps])
    height, width = steps.shape
    return QImage(colours.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32).copy()


def _draw_scale(painter: QPainter, box: QRectF) -> None:
    """The ramp with its ends and middle, and the unit."""
    ramp = QLinearGradient(box.topLeft(), box.topRight())
    least, most = SOIL_MOISTURE.stops[0][0], SOIL_MOISTURE.stops[-1][0]
    for value, colour in SOIL_MOISTURE.stops:
        ramp.setColorAt((value - least) / (most - least), QColor(colour))
    painter.fillRect(box, QBrush(ramp))
    painter.setPen(_INK)
    metrics = QFontMetricsF(painter.font())
    for value, place in ((least, 0.0), ((least + most) / 2, 0.5), (most, 1.0)):
        text = number_text(value, 2)
        left = box.left() + place * (box.width() - metrics.horizontalAdvance(text))
        painter.drawText(QPointF(left, box.bottom() + metrics.ascent()), text)
    painter.drawText(QPointF(box.left(), box.bottom() + metrics.height() + metrics.ascent()), SOIL_MOISTURE.unit_text)
