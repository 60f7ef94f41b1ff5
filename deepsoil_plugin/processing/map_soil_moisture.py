"""``deepsoil:mapsoilmoisture``: polygons or an extent, days and depths in; a folder of maps out."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterString,
)

from ..contract import LONGEST_PREDICTION_DAYS
from ..jobs.map_request import MapRequest, new_id
from ..jobs.methods import COLUMN, METHODS, method_text
from ..jobs.refill import REFILL
from ..map.outputs import is_map
from ..text import quantities
from ..text.translate import tr
from .area import add_area, area_of
from .base import DeepSoilAlgorithm, units_text
from .readings import add_readings, readings_of
from .refill import add_refill, refill_of
from .water import add_water, water_of


class MapSoilMoisture(DeepSoilAlgorithm):
    """The same job as the dock's button “Map it”."""

    AREA, EXTENT, NAME, LOAD, MAPS, JOB = "AREA", "EXTENT", "NAME", "LOAD", "MAPS", "JOB"
    NAMES, REPAIR, METHOD, PRODUCTS = "NAMES", "REPAIR", "METHOD", "PRODUCTS"

    def name(self) -> str:
        return "mapsoilmoisture"

    def displayName(self) -> str:
        return tr("Map soil moisture")

    def shortHelpString(self) -> str:
        return " ".join((
            tr("Maps volumetric soil moisture (m³/m³) of an area at 30 m, with one Cloud-Optimised GeoTIFF for "
               "each field, depth and day. Each polygon (all or only the selected ones) is a field; an extent is "
               "one, too. Pixels outside a field have no data. One run covers at most 366 days."), units_text()))

    def tags(self) -> list[str]:
        return ["soil moisture", "irrigation", "theta", "root zone", "deep learning"]

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        add_area(self)
        self.add_period()
        self.add_region(optional=True)
        self.addParameter(QgsProcessingParameterEnum(
            self.METHOD, tr("How the map is made"), [method_text(method) for method in METHODS], defaultValue=0))
        self.addParameter(QgsProcessingParameterEnum(
            self.PRODUCTS, tr("Maps of soil moisture, and of (by a simulated field only)"),
            [quantities.title(name) for name in quantities.WATER], allowMultiple=True, defaultValue=[], optional=True))
        add_water(self)
        add_refill(self)
        add_readings(self)
        self.addParameter(QgsProcessingParameterString(self.NAME, tr("Job name"), defaultValue=tr("Processing")))
        self.addParameter(QgsProcessingParameterBoolean(self.LOAD, tr("Add the maps to the project"),
                                                        defaultValue=True))
        self.add_host()
        self.add_folder(tr("Folder for the maps"))
        self.addOutput(QgsProcessingOutputMultipleLayers(self.MAPS, tr("Maps")))
        self.addOutput(QgsProcessingOutputString(self.JOB, tr("Job id")))

    def processAlgorithm(self, parameters: dict[str, Any], context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> dict[str, Any]:
        first, last = self.period(parameters, context)
        if (last - first).days >= LONGEST_PREDICTION_DAYS:
            raise QgsProcessingException(tr("One run covers at most {0} days. Split the period.").format(
                LONGEST_PREDICTION_DAYS))
        name = self.parameterAsString(parameters, self.NAME, context)
        refill = refill_of(self, parameters, context)
        products = [quantities.WATER[number] for number in self.parameterAsEnums(parameters, self.PRODUCTS, context)]
        if refill.zones and REFILL not in products:
            raise QgsProcessingException(tr("Zones of need come with the map of the water to refill. Choose it too, or "
                                            "leave the zones out."))
        request = MapRequest(
            name=name, refill=refill,
            area=area_of(self, parameters, context), start=first.isoformat(), end=last.isoformat(),
            depths_cm=tuple(self.depths(parameters, context)),
            region=self.parameterAsString(parameters, self.REGION, context) or None,
            water={name: water_of(self, parameters, context, feedback)},
            method=METHODS[self.parameterAsEnum(parameters, self.METHOD, context)],
            readings=readings_of(self, parameters, context, feedback),
            products=tuple(products))
        if request.products and request.method != COLUMN:
            raise QgsProcessingException(tr("The networks make no maps of the water of the root zone. Choose the "
                                            "simulated field, or leave these maps out."))
        job = self.run_job(request.specification(new_id()), feedback, self.host(parameters, context))
        folder, copied = self.copied(job, parameters, context, feedback)
        maps = [str(copied[output["name"]]) for output in job["outputs"] if is_map(output)]
        if self.parameterAsBool(parameters, self.LOAD, context) and context.project() is not None:
            from . import loading  # not before: QGIS loads this module when it starts

            loading.load(maps, job.get("warnings") or (), context, self.MAPS)
        return {self.OUTPUT: str(folder), self.MAPS: maps, self.JOB: job["id"]}
