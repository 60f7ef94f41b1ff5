"""Brings a field into the middle of the map."""

from __future__ import annotations

import contextlib

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsProject, QgsRectangle
from qgis.gui import QgsMapCanvas

from .rows import Box

_MARGIN = 2.0


def zoom_to(canvas: QgsMapCanvas, box: Box) -> None:
    """``box`` is in degrees. Where the map's CRS cannot show it, the view stays."""
    to_map = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"),
                                    canvas.mapSettings().destinationCrs(), QgsProject.instance())
    with contextlib.suppress(QgsCsException):
        extent = to_map.transformBoundingBox(QgsRectangle(*box))
        extent.scale(_MARGIN)
        canvas.setExtent(extent)
        canvas.refresh()
