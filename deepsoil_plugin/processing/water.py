"""The water and the crop of the fields as parameters of an algorithm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..contract import LARGEST_APPLICATION_MM
from ..jobs.water import USUAL_HABIT, Entry
from ..text.translate import tr
from .base import engine

IRRIGATION, LOG, MM, DEPLETION, CROP, ALLOWED = ("IRRIGATION", "IRRIGATION_LOG", "IRRIGATION_MM",
                                                 "IRRIGATION_DEPLETION", "CROP", "ALLOWED_DEPLETION")
KINDS = ("", "irrigated", "habit", "log", "rainfed")
"""Of irrigation, in the order of the choice."""

_LARGEST_FILE_BYTES = 1_000_000
_ALLOWED = (5, 95)
"""Per cent."""


def add_water(algorithm: QgsProcessingAlgorithm) -> None:
    """Add what may be said of the water: all of it is optional, and only the choice itself is not advanced."""
    titles = [tr("Not irrigated, or not known"), tr("Irrigated, nothing more is known"), tr("Usual practice"),
              tr("Irrigation log"), tr("Not irrigated, whatever the region's map says")]
    algorithm.addParameter(QgsProcessingParameterEnum(IRRIGATION, tr("Irrigation of the fields"), titles,
                                                      defaultValue=0))
    number = Qgis.ProcessingNumberParameterType.Double
    more = [
        QgsProcessingParameterFile(LOG, tr("Irrigation log: CSV with the columns date and mm (or in)"),
                                   optional=True),
        QgsProcessingParameterNumber(MM, tr("Usual practice: water given at a time (mm)"), number,
                                     USUAL_HABIT["mm"], False, 1, LARGEST_APPLICATION_MM),
        QgsProcessingParameterNumber(DEPLETION, tr("Usual practice: share of the available water used before (%)"),
                                     number, 100 * USUAL_HABIT["depletion"], False, 5, 95),
        QgsProcessingParameterString(CROP, tr("Crop, e.g. corn (if empty: not known)"), optional=True),
        QgsProcessingParameterNumber(ALLOWED, tr("Limit: share of the available water that the crop may use without "
                                                 "stress (%; if empty: by the crop)"), number, None, True, *_ALLOWED)]
    for parameter in more:
        parameter.setFlags(parameter.flags() | Qgis.ProcessingParameterFlag.Advanced)
        algorithm.addParameter(parameter)


def water_of(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext,
             feedback: QgsProcessingFeedback) -> Entry:
    """The entry of ``options.management`` for all fields; empty where nothing is said."""
    kind = KINDS[algorithm.parameterAsEnum(parameters, IRRIGATION, context)]
    path = str(algorithm.parameterAsFile(parameters, LOG, context) or "")
    entry: Entry = {}
    if kind == "log":
        entry["irrigation"] = _log(path, feedback)
    elif path:
        raise QgsProcessingException(tr("An irrigation log is given, and another irrigation is chosen. Choose "
                                        "“Irrigation log”, or leave the file out."))
    elif kind == "habit":
        entry["irrigation"] = {**USUAL_HABIT, "mm": algorithm.parameterAsDouble(parameters, MM, context),
                               "depletion": algorithm.parameterAsDouble(parameters, DEPLETION, context) / 100}
    elif kind:
        entry["irrigation"] = {"type": kind}
    if crop := str(algorithm.parameterAsString(parameters, CROP, context) or "").strip():
        entry["crop"] = crop
    if parameters.get(ALLOWED) is not None:
        entry["allowed_depletion"] = algorithm.parameterAsDouble(parameters, ALLOWED, context) / 100
    return entry


def _log(path: str, feedback: QgsProcessingFeedback) -> Entry:
    """The engine reads it: it has one reader for all ways in."""
    if not path:
        raise QgsProcessingException(tr("Choose the CSV file of the irrigation log."))
    try:
        with Path(path).open("rb") as file:
            data = file.read(_LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise QgsProcessingException(tr("The file {0} cannot be read: {1}.").format(path, error.strerror)) from error
    if len(data) > _LARGEST_FILE_BYTES:
        raise QgsProcessingException(tr("The file {0} is too large for an irrigation log.").format(path))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    with engine(feedback) as running:
        return dict(running.ask("irrigation_log", {"text": text.replace("\0", "")}))
