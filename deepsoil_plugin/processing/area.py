"""Where: the fields of a polygon layer, or an extent, as parameters of several algorithms."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
)

from ..contract import MOST_FIELDS
from ..map.area import AreaError, GeoJson, geojson_from, to_wgs84
from ..map.selection import read_selection
from ..text.translate import tr

AREA, EXTENT, NAMES, REPAIR = "AREA", "EXTENT", "NAMES", "REPAIR"


def add_area(algorithm: Any) -> None:
    """The parameters."""
    polygons = Qgis.ProcessingSourceType.VectorPolygon
    algorithm.addParameter(QgsProcessingParameterFeatureSource(AREA, tr("Fields"), [polygons], optional=True))
    algorithm.addParameter(QgsProcessingParameterField(
        NAMES, tr("Attribute with the names of the fields (if empty: the one that fits best)"), None, AREA,
        optional=True))
    algorithm.addParameter(QgsProcessingParameterBoolean(
        REPAIR, tr("Repair outlines that cross or touch themselves"), defaultValue=False))
    algorithm.addParameter(QgsProcessingParameterExtent(EXTENT, tr("Or an extent"), optional=True))


def area_of(algorithm: Any, parameters: dict[str, Any], context: QgsProcessingContext) -> GeoJson:
    """All polygons as fields, else the extent, as GeoJSON. QgsProcessingException where there is none."""
    source = algorithm.parameterAsSource(parameters, AREA, context)
    try:
        if source is not None:
            return _fields(algorithm, parameters, context, source)
        if not algorithm.parameterAsExtent(parameters, EXTENT, context).isNull():
            crs = algorithm.parameterAsExtentCrs(parameters, EXTENT, context)
            return geojson_from(QgsGeometry.fromRect(algorithm.parameterAsExtent(parameters, EXTENT, context)),
                                to_wgs84(crs))
    except AreaError as error:
        raise QgsProcessingException(str(error)) from error
    raise QgsProcessingException(tr("Choose a polygon layer or an extent."))


def _fields(algorithm: Any, parameters: dict[str, Any], context: QgsProcessingContext,
            source: QgsProcessingFeatureSource) -> GeoJson:
    """Each polygon as a field."""
    # Whether an outline is valid is looked at here, so that all that are not are named.
    features = source.getFeatures(QgsFeatureRequest(), Qgis.ProcessingFeatureSourceFlag.SkipGeometryValidityChecks)
    found = read_selection(features, source.fields(), "", source.sourceName(), to_wgs84(source.sourceCrs()),
                           algorithm.parameterAsBool(parameters, REPAIR, context),
                           algorithm.parameterAsString(parameters, NAMES, context) or None)
    if found.invalid and not found.repair:
        raise QgsProcessingException(tr("The outline crosses or touches itself: {0}. Correct it, select the "
                                        "others, or let DeepSoil repair it.").format(", ".join(found.invalid)))
    if found.refused:
        name, reason = found.refused[0]
        raise QgsProcessingException(tr("The field “{0}” cannot be used. {1}").format(name, reason))
    if not found.outlines:
        raise QgsProcessingException(tr("Choose a polygon layer or an extent."))
    if len(found.outlines) > MOST_FIELDS:
        raise QgsProcessingException(tr("{0} features are selected. One job can use at most {1}. Select fewer.")
                                     .format(len(found.outlines), MOST_FIELDS))
    return found.area
