"""The readings that maps rest on, as parameters of an algorithm: stations, a file of own probes, single values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterPoint,
    QgsProcessingParameterString,
)

from ..jobs.readings import KnownReadings, ProbeReadings, Reading, questions_text
from ..map.area import wgs84
from ..text.formatting import plain_error
from ..text.translate import tr
from .base import DeepSoilAlgorithm, engine
from .engine_run import EngineRun

STATIONS, FILE, UNIT, DEPTH, PLACE, ZONE, ORDER, TYPED, LATER = (
    "READINGS_STATIONS", "READINGS", "READINGS_UNIT", "READINGS_DEPTH", "READINGS_PLACE", "READINGS_UTC_OFFSET",
    "READINGS_DATES", "READINGS_TYPED", "READINGS_LATER_DAYS")
UNITS = (None, "percent", "m3m3")
ORDERS = (None, "ymd", "dmy", "mdy")
"""In the order of the choices; None: the file says it itself."""

_SAID = 3  # refused rows that are named


def add_readings(algorithm: QgsProcessingAlgorithm) -> None:
    """Add the parameters, all of them optional and advanced."""
    number = Qgis.ProcessingNumberParameterType.Double
    said = tr("as the file says")
    for parameter in (
            QgsProcessingParameterBoolean(STATIONS, tr("Use the readings of the region's stations"),
                                          defaultValue=False),
            QgsProcessingParameterFile(FILE, tr("Readings of own probes: CSV file or ISMN archive"), optional=True),
            QgsProcessingParameterEnum(UNIT, tr("Readings: unit of the water content"), [said, "%", "m³/m³"],
                                       defaultValue=0),
            QgsProcessingParameterNumber(DEPTH, tr("Readings: depth of all probes (cm)"), number, None, True, 0, 150),
            QgsProcessingParameterPoint(PLACE, tr("Readings: place of all probes"), optional=True),
            QgsProcessingParameterNumber(ZONE, tr("Readings: hours from UTC of times without a zone, e.g. -6"), number,
                                         None, True, -12, 14),
            QgsProcessingParameterEnum(ORDER, tr("Readings: how dates are written"),
                                       [said, tr("year, month, day"), tr("day, month, year"),
                                        tr("month, day, year")], defaultValue=0),
            QgsProcessingParameterString(
                TYPED, tr("Single readings, one a line, e.g. 0.22 at 12 cm on 2023-07-12 at -96.6,39.1"), None, True,
                True),
            QgsProcessingParameterBoolean(
                LATER, tr("Also use readings of later days (best reconstruction of the past)"), defaultValue=False)):
        parameter.setFlags(parameter.flags() | Qgis.ProcessingParameterFlag.Advanced)
        algorithm.addParameter(parameter)


def readings_of(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext,
                feedback: QgsProcessingFeedback) -> KnownReadings:
    """What the parameters say. QgsProcessingException where something of a file is not said, or a row is refused."""
    path = str(algorithm.parameterAsFile(parameters, FILE, context) or "")
    lines = [line.strip() for line in str(algorithm.parameterAsString(parameters, TYPED, context) or "").splitlines()
             if line.strip()]
    files: tuple[ProbeReadings, ...] = ()
    typed: tuple[Reading, ...] = ()
    if path or lines:
        with engine(feedback) as running:
            if path:
                said = _said(algorithm, parameters, context)
                files = (ProbeReadings(Path(path).name, _values(running, path, said, feedback)),)
            typed = tuple(dict(running.ask("read_reading", {"text": line})) for line in lines)
    known = KnownReadings(algorithm.parameterAsBool(parameters, STATIONS, context), files, typed,
                          algorithm.parameterAsBool(parameters, LATER, context))
    if known.later_days and known.document() is None:
        raise QgsProcessingException(tr("Readings of later days are to be used, and no readings are given."))
    return known


def _said(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext,
          ) -> dict[str, Any]:
    """What is said of the file, as the method ``probe_table`` takes it."""
    said: dict[str, Any] = {"unit": UNITS[algorithm.parameterAsEnum(parameters, UNIT, context)],
                            "order": ORDERS[algorithm.parameterAsEnum(parameters, ORDER, context)]}
    if parameters.get(DEPTH) is not None:
        said["depth_cm"] = algorithm.parameterAsDouble(parameters, DEPTH, context)
    if parameters.get(ZONE) is not None:
        said["zone_min"] = round(60 * algorithm.parameterAsDouble(parameters, ZONE, context))
    if parameters.get(PLACE):
        point = algorithm.parameterAsPoint(parameters, PLACE, context, wgs84())
        said["place"] = [point.x(), point.y()]
    return {name: value for name, value in said.items() if value is not None}


def _values(running: EngineRun, path: str, said: dict[str, Any], feedback: QgsProcessingFeedback,
            ) -> tuple[Reading, ...]:
    """The daily means of a table: all of it, or QgsProcessingException. Of an archive: of the sensors that have some;
    the others are named as warnings."""
    answer = running.ask("probe_table", {"path": str(Path(path).absolute()), "said": said})
    if asked := questions_text(answer["asked"]):
        raise QgsProcessingException(f"{answer['file']}: {asked}")
    if problem := answer.get("problem"):
        raise QgsProcessingException(plain_error(problem))
    refused = answer["refused"]
    if "sensors" in answer:
        for one in refused:
            DeepSoilAlgorithm.warn(feedback, plain_error(one["error"]))
    elif refused:
        raise QgsProcessingException(" ".join(plain_error(one["error"]) for one in refused[:_SAID]))
    if not answer["readings"]:
        raise QgsProcessingException(tr("The file {0} has no reading.").format(answer["file"]))
    return tuple(answer["readings"])
