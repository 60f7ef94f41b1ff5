"""``deepsoil:exportmaps``: finished maps in; files in the CRS, resolution and unit that are wanted out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterCrs,
    QgsProcessingParameterEnum,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
)

from .. import preferences
from ..exports import choices
from ..exports.wishes import LEAST_M, MOST_M, RESOLUTION_M, Wishes
from ..text.translate import tr
from .base import DeepSoilAlgorithm, engine
from .engine_run import EngineError, EngineRun

if TYPE_CHECKING:  # what only a run needs is imported by it: QGIS loads this module when it starts
    from ..exports.items import Item
    from ..exports.run import Report, Step


class _Cancelled(Exception):
    """The user has cancelled the algorithm."""


class ExportMaps(DeepSoilAlgorithm):
    """The same as the dialog “Export Maps”; only its reports need an engine."""

    MAPS, CRS, RESOLUTION, SOIL, WATER = "MAPS", "CRS", "RESOLUTION", "SOIL_UNIT", "WATER_UNIT"
    INTERVAL, WRITE_MAPS, TABLES, OUTLINES = "INTERVAL", "WRITE_MAPS", "TABLES", "OUTLINES"
    REPORTS = "REPORTS"
    DRIER, EMPTIER, FILES, LEFT_OUT = "DRIER_THAN", "EMPTIER_THAN", "FILES", "LEFT_OUT"

    def name(self) -> str:
        return "exportmaps"

    def displayName(self) -> str:
        return tr("Export maps")

    def shortHelpString(self) -> str:
        return tr("Writes finished DeepSoil maps as Cloud-Optimised GeoTIFFs, cut to their fields, in the coordinate "
                  "system, pixel size and unit of your choice, with a table of each field's figures (CSV, XLSX), its "
                  "outline (GeoPackage, shapefile) and a PDF report. If nothing is changed, a map is copied as it is. "
                  "Pixels that become coarser are the mean of the map's pixels in them; others have the value of the "
                  "nearest. Maps that are damaged are left out and named.")

    def tags(self) -> list[str]:
        return ["export", "soil moisture", "irrigation", "GeoTIFF", "XLSX", "shapefile"]

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        number = Qgis.ProcessingNumberParameterType.Double
        self.addParameter(QgsProcessingParameterMultipleLayers(self.MAPS, tr("DeepSoil maps"),
                                                               Qgis.ProcessingSourceType.Raster))
        self.addParameter(QgsProcessingParameterCrs(
            self.CRS, tr("Coordinate system (if empty: as the map, the UTM zone of the field)"), optional=True))
        self.addParameter(QgsProcessingParameterNumber(self.RESOLUTION, tr("Pixel size (m)"), number, RESOLUTION_M,
                                                       False, LEAST_M, MOST_M))
        self.addParameter(QgsProcessingParameterEnum(self.SOIL, tr("Soil moisture in"), choices.titles(choices.SOIL),
                                                     defaultValue=0))
        self.addParameter(QgsProcessingParameterEnum(self.WATER, tr("Water in"), choices.titles(choices.water()),
                                                     defaultValue=0))
        self.addParameter(QgsProcessingParameterBoolean(self.INTERVAL, tr("With the 90 % interval, where there is one"),
                                                        defaultValue=True))
        self.addParameter(QgsProcessingParameterEnum(self.TABLES, tr("Table of fields"), choices.titles(choices.TABLES),
                                                     allowMultiple=True, defaultValue=[0], optional=True))
        self.addParameter(QgsProcessingParameterEnum(self.OUTLINES, tr("Outlines of fields"),
                                                     choices.titles(choices.OUTLINES), allowMultiple=True,
                                                     defaultValue=[], optional=True))
        self.addParameter(QgsProcessingParameterBoolean(
            self.REPORTS, tr("PDF report, a page for each field and day"), defaultValue=False))
        more = [
            QgsProcessingParameterBoolean(self.WRITE_MAPS, tr("Write the maps, not only tables and outlines"),
                                          defaultValue=True),
            QgsProcessingParameterNumber(self.DRIER, tr("Share of a field with soil moisture below (m³/m³)"), number,
                                         None, True, *choices.DRIER_M3_M3),
            QgsProcessingParameterNumber(self.EMPTIER, tr("Share of a field with available water below (%)"), number,
                                         None, True, *choices.EMPTIER_PERCENT)]
        for parameter in more:
            parameter.setFlags(parameter.flags() | Qgis.ProcessingParameterFlag.Advanced)
            self.addParameter(parameter)
        self.add_folder(tr("Folder for the files"))
        self.addOutput(QgsProcessingOutputNumber(self.FILES, tr("Number of files")))
        self.addOutput(QgsProcessingOutputNumber(self.LEFT_OUT, tr("Number of maps left out")))

    def prepareAlgorithm(self, parameters: dict[str, Any], context: QgsProcessingContext,
                         _feedback: QgsProcessingFeedback) -> bool:
        """The layers of the project belong to the thread of the windows."""
        from ..exports import items as parts

        layers = self.parameterAsLayerList(parameters, self.MAPS, context)
        if not layers:
            raise QgsProcessingException(tr("Choose at least one map. What was given cannot be opened."))
        known = {item.source: item for item in parts.of_layers(layers)}
        self._items: list[Item] = []
        for path in (Path(layer.source()) for layer in layers):
            self._items.append(known.get(path) or parts.of_file(path))
        return True

    def processAlgorithm(self, parameters: dict[str, Any], context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> dict[str, Any]:
        from ..exports.run import ExportError, export

        folder = Path(self.parameterAsString(parameters, self.OUTPUT, context))
        drier, emptier = (None if parameters.get(name) is None else self.parameterAsDouble(parameters, name, context)
                          for name in (self.DRIER, self.EMPTIER))
        crs = self.parameterAsCrs(parameters, self.CRS, context)
        wishes = Wishes(
            crs=(crs.authid() or crs.toWkt()) if crs.isValid() else "",
            resolution_m=self.parameterAsDouble(parameters, self.RESOLUTION, context),
            soil_unit=choices.keys(choices.SOIL)[self.parameterAsEnum(parameters, self.SOIL, context)],
            water_unit=choices.keys(choices.water())[self.parameterAsEnum(parameters, self.WATER, context)],
            interval=self.parameterAsBool(parameters, self.INTERVAL, context),
            maps=self.parameterAsBool(parameters, self.WRITE_MAPS, context),
            tables=tuple(choices.keys(choices.TABLES)[number]
                         for number in self.parameterAsEnums(parameters, self.TABLES, context)),
            outlines=tuple(choices.keys(choices.OUTLINES)[number]
                           for number in self.parameterAsEnums(parameters, self.OUTLINES, context)),
            reports=self.parameterAsBool(parameters, self.REPORTS, context), threshold=drier, threshold_percent=emptier)

        def step(share: float) -> None:
            feedback.setProgress(100 * share)
            if feedback.isCanceled():
                raise _Cancelled

        replace = self.parameterAsBool(parameters, self.REPLACE, context)
        try:
            if wishes.reports:
                with engine(feedback) as running:
                    report = self._with_reports(running, folder, wishes, step, replace)
            else:
                report = export(self._items, folder, wishes, step, replace)
        except _Cancelled:
            raise QgsProcessingException(tr("Export cancelled. Nothing was written.")) from None
        except ExportError as error:
            raise QgsProcessingException(str(error)) from error
        return self._told(report, folder, feedback)

    def _with_reports(self, running: EngineRun, folder: Path, wishes: Wishes, step: Step, replace: bool) -> Report:
        """The engine knows the outlines of its jobs and the series of the last weeks."""
        from ..exports import items as parts
        from ..exports.report_series import AskError
        from ..exports.reports import Reports
        from ..exports.run import export

        jobs = {str(job["id"]): job for job in running.ask("list")}
        items = [parts.with_outline(item, jobs[item.job]) if item.job in jobs else item for item in self._items]

        def ask(method: str, wanted: dict[str, Any], check: Callable[[], None]) -> Any:
            check()
            try:
                return running.ask(method, wanted)
            except EngineError as error:
                raise AskError(str(error)) from error

        return export(items, folder, wishes, step, replace, Reports(ask, jobs.get, preferences.report_template()))

    def _told(self, report: Report, folder: Path, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        for problem in report.problems:
            self.warn(feedback, problem)
        for name in report.files:
            feedback.pushInfo(name)
        return {self.OUTPUT: str(folder), self.FILES: len(report.files), self.LEFT_OUT: len(report.problems)}
