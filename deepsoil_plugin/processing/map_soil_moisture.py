"""``deepsoil:mapsoilmoisture``: polygons or an extent, days and depths in; a folder of maps out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterString,
    QgsRasterLayer,
)

from ..contract import LONGEST_PREDICTION_DAYS
from ..jobs.map_request import MapRequest, new_id
from ..map import metadata, style, temporal
from ..map.area import AreaError, GeoJson, geojson_from, to_wgs84
from ..text.dates import layer_name, synthetic_text
from ..text.translate import tr
from .base import DeepSoilAlgorithm


class MapSoilMoisture(DeepSoilAlgorithm):
    """The same job as the dock's button “Map it”."""

    AREA, EXTENT, NAME, LOAD, MAPS, JOB = "AREA", "EXTENT", "NAME", "LOAD", "MAPS", "JOB"

    def name(self) -> str:
        return "mapsoilmoisture"

    def displayName(self) -> str:
        return tr("Map soil moisture")

    def shortHelpString(self) -> str:
        return tr("Maps volumetric soil moisture (m³/m³) of an area at 30 m, with one Cloud-Optimised GeoTIFF for "
                  "each depth and day. The area is given by polygons (all or only the selected ones) or by an extent. "
                  "Pixels outside the area have no data. One run covers at most 366 days.")

    def tags(self) -> list[str]:
        return ["soil moisture", "irrigation", "theta", "root zone", "deep learning"]

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        polygons = Qgis.ProcessingSourceType.VectorPolygon
        self.addParameter(QgsProcessingParameterFeatureSource(self.AREA, tr("Fields"), [polygons], optional=True))
        self.addParameter(QgsProcessingParameterExtent(self.EXTENT, tr("Or an extent"), optional=True))
        self.add_period()
        self.add_region(optional=True)
        self.addParameter(QgsProcessingParameterString(self.NAME, tr("Job name"), defaultValue=tr("Processing")))
        self.addParameter(QgsProcessingParameterBoolean(self.LOAD, tr("Add the maps to the project"),
                                                        defaultValue=True))
        self.add_folder(tr("Folder for the maps"))
        self.addOutput(QgsProcessingOutputMultipleLayers(self.MAPS, tr("Maps")))
        self.addOutput(QgsProcessingOutputString(self.JOB, tr("Job id")))

    def processAlgorithm(self, parameters: dict[str, Any], context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> dict[str, Any]:
        first, last = self.period(parameters, context)
        if (last - first).days >= LONGEST_PREDICTION_DAYS:
            raise QgsProcessingException(tr("One run covers at most {0} days. Split the period.").format(
                LONGEST_PREDICTION_DAYS))
        request = MapRequest(
            name=self.parameterAsString(parameters, self.NAME, context),
            area=self._area(parameters, context), start=first.isoformat(), end=last.isoformat(),
            depths_cm=tuple(self.depths(parameters, context)),
            region=self.parameterAsString(parameters, self.REGION, context) or None)
        job = self.run_job(request.specification(new_id()), feedback)
        folder, copied = self.copied(job, parameters, context, feedback)
        maps = [str(copied[output["name"]]) for output in job["outputs"] if output.get("depth_cm") is not None]
        if self.parameterAsBool(parameters, self.LOAD, context) and context.project() is not None:
            self._load(maps, job.get("warnings") or (), context, several_days=first != last)
        return {self.OUTPUT: str(folder), self.MAPS: maps, self.JOB: job["id"]}

    def _area(self, parameters: dict[str, Any], context: QgsProcessingContext) -> GeoJson:
        """All polygons as one area, else the extent, as GeoJSON."""
        source = self.parameterAsSource(parameters, self.AREA, context)
        try:
            if source is not None:
                together = QgsGeometry.unaryUnion([feature.geometry() for feature in source.getFeatures()
                                                   if feature.hasGeometry()])
                return geojson_from(together, to_wgs84(source.sourceCrs()))
            if not self.parameterAsExtent(parameters, self.EXTENT, context).isNull():
                crs = self.parameterAsExtentCrs(parameters, self.EXTENT, context)
                return geojson_from(QgsGeometry.fromRect(self.parameterAsExtent(parameters, self.EXTENT, context)),
                                    to_wgs84(crs))
        except AreaError as error:
            raise QgsProcessingException(str(error)) from error
        raise QgsProcessingException(tr("Choose a polygon layer or an extent."))

    def _load(self, maps: list[str], warnings: Sequence[Mapping[str, Any]], context: QgsProcessingContext,
              several_days: bool) -> None:
        for path in maps:
            product = metadata.read_product(path)
            name = layer_name(product.depth_cm or 0, product.day, several_days) if product.day else Path(path).stem
            if product.synthetic:
                name += f" · {synthetic_text()}"
            details = QgsProcessingContext.LayerDetails(name, context.project(), self.MAPS)
            dresser = LayerStyler(path, warnings)
            _dressers.append(dresser)  # Processing keeps only a pointer to it
            details.setPostProcessor(dresser)
            context.addLayerToLoadOnCompletion(path, details)


class LayerStyler(QgsProcessingLayerPostProcessorInterface):
    """Gives a loaded map the look, the day and the metadata that the dock's maps have."""

    def __init__(self, path: str, warnings: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__()
        self._path, self._warnings = path, warnings

    def postProcessLayer(self, layer: Any, _context: QgsProcessingContext, _feedback: QgsProcessingFeedback) -> None:
        if not isinstance(layer, QgsRasterLayer):
            return
        product = metadata.read_product(self._path)
        style.apply(layer)
        metadata.describe(layer, product, {"path": self._path, "name": Path(self._path).name}, tr("Processing"))
        metadata.note(layer, self._warnings)
        if product.day:
            temporal.set_day(layer, product.day)
        _dressers.remove(self)


_dressers: list[LayerStyler] = []
