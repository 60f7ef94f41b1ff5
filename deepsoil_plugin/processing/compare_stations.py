"""``deepsoil:comparestations``: what the model says against what a region's stations measured."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputString,
    QgsProcessingParameterString,
)

from ..contract import SCHEMA
from ..jobs.map_request import new_id
from ..text.translate import tr
from .base import DeepSoilAlgorithm

_FILES = {"TABLE": "station_comparison.csv", "METRICS": "station_metrics.json"}


class CompareStations(DeepSoilAlgorithm):
    """The same job as the station panel's."""

    STATIONS, TABLE, METRICS, JOB = "STATIONS", "TABLE", "METRICS", "JOB"

    def name(self) -> str:
        return "comparestations"

    def displayName(self) -> str:
        return tr("Compare with stations")

    def shortHelpString(self) -> str:
        return tr("Predicts soil moisture at the stations of a region and compares it with their measurements, day by "
                  "day. Writes a table (CSV) with rain, observed and predicted values, and scores for each station "
                  "(JSON) next to those of simple estimates.")

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        self.add_region(optional=False)
        self.addParameter(QgsProcessingParameterString(
            self.STATIONS, tr("Station ids, separated by commas (if empty: all stations)"), optional=True))
        self.add_period()
        self.add_host()
        self.add_folder(tr("Folder for the tables"))
        self.addOutput(QgsProcessingOutputFile(self.TABLE, tr("Table of daily values")))
        self.addOutput(QgsProcessingOutputFile(self.METRICS, tr("Scores")))
        self.addOutput(QgsProcessingOutputString(self.JOB, tr("Job id")))

    def processAlgorithm(self, parameters: dict[str, Any], context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> dict[str, Any]:
        first, last = self.period(parameters, context)
        listed = self.parameterAsString(parameters, self.STATIONS, context) or ""
        stations = [word.strip() for word in listed.split(",") if word.strip()]
        specification = {
            "schema": SCHEMA, "id": new_id(), "kind": "evaluate", "name": tr("Comparison with stations"),
            "region": self.parameterAsString(parameters, self.REGION, context),
            "dates": {"start": first.isoformat(), "end": last.isoformat()},
            "depths_cm": self.depths(parameters, context), "options": {"stations": stations} if stations else {}}
        job = self.run_job(specification, feedback, self.host(parameters, context))
        folder, copied = self.copied(job, parameters, context, feedback)
        return {self.OUTPUT: str(folder), self.JOB: job["id"],
                **{key: str(copied[name]) for key, name in _FILES.items() if name in copied}}
