"""Areas: between the map's CRS and EPSG:4326, their size in hectares, and their outline on the map."""

from __future__ import annotations

import json
from typing import Any, TypeGuard

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsDistanceArea,
    QgsGeometry,
    QgsJsonUtils,
    QgsProject,
    QgsRectangle,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtGui import QColor

from ..text.translate import tr

GeoJson = dict[str, Any]
ACCENT = QColor("#1f9e89")
WRONG = QColor("#d9822b")
_WIDEST_DEG = 180.0
_WGS84_AXES_M = (6_378_137.0, 6_356_752.314_245)
# About 1 cm: more digits only make the request longer.
_DIGITS = 7
_ALL_DIGITS = 17


class AreaError(Exception):
    """An area that cannot be used; the text says what to do."""


def wgs84() -> QgsCoordinateReferenceSystem:
    return QgsCoordinateReferenceSystem("EPSG:4326")


def to_wgs84(crs: QgsCoordinateReferenceSystem) -> QgsCoordinateTransform:
    """From a CRS to longitude and latitude, with the project's own choice of datum transformation."""
    return QgsCoordinateTransform(crs, wgs84(), QgsProject.instance())


def crossing_of(geometry: QgsGeometry) -> QgsGeometry | None:
    """The first point where an outline crosses itself; None where it does not."""
    if geometry.isGeosValid():
        return None
    errors = geometry.validateGeometry(Qgis.GeometryValidationEngine.Geos)
    if errors and errors[0].hasWhere():
        return QgsGeometry.fromPointXY(errors[0].where())
    return QgsGeometry()


def is_flat(geometry: QgsGeometry) -> bool:
    """Whether all corners lie on one line. The area does not tell: an outline that crosses itself may have none."""
    return bool(geometry.convexHull().area() == 0)


def geojson_from(geometry: QgsGeometry, transform: QgsCoordinateTransform) -> GeoJson:
    """A polygon in the transform's CRS as GeoJSON in EPSG:4326. AreaError where that makes no usable area.

    A polygon that is valid in its own CRS gives a valid one: where straight edges and rounded corners would meet in
    the other CRS, the crossing, which is far below a pixel, is taken out.
    """
    if geometry.isEmpty():
        raise AreaError(tr("The area is empty. Draw or select a field."))
    if is_flat(geometry):
        raise AreaError(tr("The area has no size. Draw at least three corners that are not in a straight line."))
    if crossing_of(geometry) is not None:
        raise AreaError(tr("The outline crosses itself. Move its corners, then try again."))
    moved = QgsGeometry(geometry)
    try:
        moved.transform(transform)
    except QgsCsException as error:
        raise AreaError(tr("The area lies outside the range of the map's coordinate system. Draw it elsewhere, or "
                           "choose another map projection.")) from error
    if moved.boundingBox().width() > _WIDEST_DEG:
        raise AreaError(tr("The area crosses the 180° meridian. Map the parts on either side separately."))
    for digits in (_DIGITS, _ALL_DIGITS):
        document: GeoJson = json.loads(repaired(moved).asJson(digits))
        if document["type"] in ("Polygon", "MultiPolygon") and crossing_of(geometry_from(document)) is None:
            return document
    raise AreaError(tr("The area has no size. Draw at least three corners that are not in a straight line."))


def repaired(geometry: QgsGeometry) -> QgsGeometry:
    """The same polygon without crossings; empty where nothing of it has an area. A valid one stays as it is."""
    if geometry.isGeosValid():
        return geometry
    whole = geometry.makeValid(Qgis.MakeValidMethod.Structure)
    parts = [part for part in whole.asGeometryCollection() if part.type() == Qgis.GeometryType.Polygon]
    return QgsGeometry.collectGeometry(parts) if len(parts) != 1 else parts[0]


def geometry_from(area: GeoJson) -> QgsGeometry:
    """The geometry in EPSG:4326 of an area; of several fields a collection. Empty where it is none."""
    found = outlines(area)
    return found[0] if len(found) == 1 else QgsGeometry.collectGeometry(found)


def outlines(area: GeoJson) -> list[QgsGeometry]:
    """The geometry in EPSG:4326 of each field of an area."""
    geometries = [feature["geometry"] for feature in area["features"]] if is_several(area) else [area]
    return [QgsJsonUtils.geometryFromGeoJson(json.dumps(geometry)) for geometry in geometries]


def is_several(area: GeoJson | None) -> TypeGuard[GeoJson]:
    """Whether an area is several fields, each with its name, and not one outline."""
    return area is not None and area.get("type") == "FeatureCollection"


def hectares(area: GeoJson) -> float:
    """The area on the ellipsoid; of several fields the sum."""
    measure = QgsDistanceArea()
    measure.setSourceCrs(wgs84(), QgsProject.instance().transformContext())
    # By its axes: by name QGIS would first read all ellipsoids from its database.
    measure.setEllipsoid(*_WGS84_AXES_M)
    return sum(float(measure.measureArea(outline)) for outline in outlines(area)) / 10_000


def view_area(canvas: QgsMapCanvas) -> GeoJson:
    """What the map shows. AreaError where the map shows more than one side of the world."""
    return geojson_from(QgsGeometry.fromRect(canvas.extent()), to_wgs84(canvas.mapSettings().destinationCrs()))


def extent_on(canvas: QgsMapCanvas, area: GeoJson, margin: float = 1.15) -> QgsRectangle:
    """The extent of an area in the map's CRS with some room round it. AreaError where it cannot be shown there."""
    transform = QgsCoordinateTransform(wgs84(), canvas.mapSettings().destinationCrs(), QgsProject.instance())
    try:
        extent = transform.transformBoundingBox(geometry_from(area).boundingBox())
    except QgsCsException as error:
        raise AreaError(tr("The area cannot be shown in the map's coordinate system.")) from error
    extent.scale(margin)
    return extent


def polygon_band(canvas: QgsMapCanvas, colour: QColor, drawing: bool = False) -> QgsRubberBand:
    """An outline; while it is being drawn dashed and faintly filled. A chosen area must not tint the map below it."""
    band = QgsRubberBand(canvas, Qgis.GeometryType.Polygon)
    band.setStrokeColor(colour)
    band.setFillColor(QColor(colour.red(), colour.green(), colour.blue(), 28 if drawing else 0))
    band.setSecondaryStrokeColor(QColor(255, 255, 255, 160))
    band.setWidth(2)
    if drawing:
        band.setLineStyle(Qt.PenStyle.DashLine)
    return band


class AreaBand(QObject):
    """The chosen area on the map, whatever the map's CRS becomes."""

    def __init__(self, canvas: QgsMapCanvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._band: QgsRubberBand | None = polygon_band(canvas, ACCENT)
        self._geometry = QgsGeometry()

    def show_area(self, area: GeoJson | None) -> None:
        self._geometry = geometry_from(area) if area else QgsGeometry()
        self._draw()

    def geometry(self) -> QgsGeometry:
        """The shown area in EPSG:4326."""
        return self._geometry

    def _draw(self) -> None:
        if self._band is None:
            return
        if self._geometry.isEmpty():
            self._band.reset(Qgis.GeometryType.Polygon)
        else:
            self._band.setToGeometry(self._geometry, wgs84())

    def follow_canvas(self) -> None:
        """Connect to the map's changes of CRS."""
        self._canvas.destinationCrsChanged.connect(self._draw)

    def remove(self) -> None:
        """Take it off the map for good."""
        if self._band is not None:
            self._canvas.destinationCrsChanged.disconnect(self._draw)
            self._canvas.scene().removeItem(self._band)
            self._band = None
