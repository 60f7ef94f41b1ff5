"""``deepsoil:comparesmap``: a finished map of the surface beside SMAP, as cells with values and as scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QMetaType

from ..panels.smap.comparison import FLAGGED, RECOMMENDED, Comparison
from ..text.translate import tr
from .base import DeepSoilAlgorithm, engine
from .engine_run import CancelledError, EngineRun

_FIELDS = (("cell", QMetaType.Type.Int), ("date", QMetaType.Type.QString), ("smap", QMetaType.Type.Double),
           ("map", QMetaType.Type.Double), ("difference", QMetaType.Type.Double), ("flag", QMetaType.Type.QString),
           ("share", QMetaType.Type.Double), ("scored", QMetaType.Type.Int))
_SCORES = ("cells", "cell_days", "bias", "mae", "ubrmsd_in_time", "r_in_time", "r_in_space")


class CompareSmap(DeepSoilAlgorithm):
    """The same as the panel SMAP, over all days of the map's job."""

    MAP, SMAP, CELLS = "MAP", "SMAP", "CELLS"

    def name(self) -> str:
        return "comparesmap"

    def displayName(self) -> str:
        return tr("Compare with SMAP")

    def shortHelpString(self) -> str:
        return tr("Averages a job's maps of the surface by area over the cells of SMAP and puts SMAP beside them: a "
                  "polygon for each cell and day that has both, with smap, map and difference in m³/m³, the flag of "
                  "the retrieval (recommended or flagged) and the share of the cell that the map covers. The scores "
                  "are those of cells that the map covers by half or more; if there is none, of the cell with "
                  "most of the map.")

    def tags(self) -> list[str]:
        return ["SMAP", "EASE-Grid", "soil moisture", "validation"]

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        self.addParameter(QgsProcessingParameterRasterLayer(self.MAP, tr("DeepSoil map of the surface")))
        self.addParameter(QgsProcessingParameterFile(
            self.SMAP, tr("Folder with SMAP files (if empty: SMAP of the map's region)"),
            Qgis.ProcessingFileParameterBehavior.Folder, optional=True))
        self.addParameter(QgsProcessingParameterFeatureSink(self.CELLS, tr("Cells"),
                                                            Qgis.ProcessingSourceType.VectorPolygon))
        for kind in (RECOMMENDED, FLAGGED):
            for name in _SCORES:
                self.addOutput(QgsProcessingOutputNumber(_output(kind, name), f"{kind}: {name}"))

    def processAlgorithm(self, parameters: dict[str, Any], context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> dict[str, Any]:
        from ..map import layer_tree, metadata  # not before: QGIS loads this module when it starts
        from ..panels.smap.words import notes

        layer = self.parameterAsRasterLayer(parameters, self.MAP, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, self.MAP))
        job = str(layer.customProperty(layer_tree.JOB) or "") or metadata.read_product(layer.source()).job
        if not job:
            raise QgsProcessingException(tr("{0} is not a map of DeepSoil. Choose one that DeepSoil has made.").format(
                layer.name()))
        path = str(self.parameterAsString(parameters, self.SMAP, context) or "").strip()
        with engine(feedback) as running:
            found = Comparison.of(_asked(running, {"id": job, **({"path": path} if path else {})}, feedback))
        sink, destination = self.parameterAsSink(parameters, self.CELLS, context, _fields(), Qgis.WkbType.Polygon,
                                                 QgsCoordinateReferenceSystem("EPSG:4326"))
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, self.CELLS))
        for feature in _features(found):
            if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                raise QgsProcessingException(self.writeFeatureError(sink, parameters, self.CELLS))
        feedback.pushInfo(notes(found))
        scores = {(kind, name): (found.answer["scores"].get(kind) or {}).get(name)
                  for kind in (RECOMMENDED, FLAGGED) for name in _SCORES}
        for (kind, name), value in scores.items():
            feedback.pushInfo(f"{kind}: {name} {'–' if value is None else value}")
        return {self.CELLS: destination, **{_output(*key): value for key, value in scores.items()}}


def _output(kind: str, name: str) -> str:
    return f"{kind}_{name}".upper()


def _asked(running: EngineRun, wanted: dict[str, str], feedback: QgsProcessingFeedback) -> Mapping[str, Any]:
    """The comparison once all maps are read."""
    while True:
        answer: Mapping[str, Any] = running.ask("compare_smap", wanted)
        feedback.setProgress(100 * answer["read"] / max(1, answer["of"]))
        if answer["read"] >= answer["of"]:
            return answer
        if feedback.isCanceled():
            raise CancelledError


def _fields() -> QgsFields:
    fields = QgsFields()
    for name, kind in _FIELDS:
        fields.append(QgsField(name, kind))
    return fields


def _features(found: Comparison) -> list[QgsFeature]:
    """Of every cell and day with a retrieval and a mean of the map."""
    features = []
    for day in found.map_days:
        for number, (cell, values) in enumerate(zip(found.cells, found.values(day), strict=True), 1):
            if values.difference is None:
                continue
            feature = QgsFeature(_fields())
            feature.setGeometry(QgsGeometry.fromRect(
                QgsRectangle(cell["west"], cell["south"], cell["east"], cell["north"])))
            feature.setAttributes([number, day.isoformat(), values.smap, values.map, round(values.difference, 4),
                                   values.flag, cell["share"], int(cell["scored"])])
            features.append(feature)
    return features
