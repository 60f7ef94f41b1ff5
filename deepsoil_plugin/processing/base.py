"""What DeepSoil's algorithms share: the engine, a job with progress and cancellation, and the copying of its files."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtGui import QIcon

from .. import paths
from ..contract import INFORMATION
from ..depths import depths_cm
from ..engine import command
from ..map.new_files import NewFiles, Wanted, existing, map_rest, names_for
from ..map.outputs import is_map
from ..text import units
from ..text.formatting import plain_error
from ..text.quantities import MM, file_stem, what_of
from ..text.translate import engine_message, tr
from .engine_run import CancelledError, EngineError, EngineRun, find_python


class DeepSoilAlgorithm(QgsProcessingAlgorithm):
    """Runs one job on an engine of its own."""

    REGION, START, END, DEPTHS, OUTPUT, REPLACE = "REGION", "START", "END", "DEPTHS", "OUTPUT", "REPLACE"
    HOST = "HOST"

    def createInstance(self) -> QgsProcessingAlgorithm:
        return type(self)()

    def icon(self) -> QIcon:
        return paths.icon("deepsoil")

    def add_period(self) -> None:
        """The two dates and the depths."""
        date = Qgis.ProcessingDateTimeParameterDataType.Date
        self.addParameter(QgsProcessingParameterDateTime(self.START, tr("First day"), date))
        self.addParameter(QgsProcessingParameterDateTime(self.END, tr("Last day (if empty: same as first day)"), date,
                                                         optional=True))
        titles = [f"{depth} cm" for depth in depths_cm()]
        self.addParameter(QgsProcessingParameterEnum(self.DEPTHS, tr("Depths"), titles, allowMultiple=True,
                                                     defaultValue=list(range(len(titles)))))

    def add_region(self, optional: bool) -> None:
        text = tr("Region (if empty: the region that covers the area)") if optional else tr("Region")
        self.addParameter(QgsProcessingParameterString(self.REGION, text, optional=optional,
                                                       defaultValue=None if optional else "sample"))

    def add_host(self) -> None:
        """Where the job runs."""
        host = QgsProcessingParameterString(self.HOST, tr("Host that runs the job (if empty: this computer)"),
                                            optional=True)
        host.setFlags(host.flags() | Qgis.ProcessingParameterFlag.Advanced)
        self.addParameter(host)

    def host(self, parameters: dict[str, Any], context: Any) -> str:
        """The name or id of a host; empty for this computer."""
        return str(self.parameterAsString(parameters, self.HOST, context) or "").strip()

    def add_folder(self, text: str) -> None:
        """The folder for the results, and whether files in it may be replaced."""
        self.addParameter(QgsProcessingParameterFolderDestination(self.OUTPUT, text))
        replace = QgsProcessingParameterBoolean(self.REPLACE, tr("Replace files with the same name in that folder"),
                                                defaultValue=False)
        replace.setFlags(replace.flags() | Qgis.ProcessingParameterFlag.Advanced)
        self.addParameter(replace)

    def copied(self, job: dict[str, Any], parameters: dict[str, Any], context: Any, feedback: QgsProcessingFeedback
               ) -> tuple[Path, dict[str, Path]]:
        """Copy the job's files into the folder that the user chose: the folder, and the new paths by name."""
        folder = Path(self.parameterAsString(parameters, self.OUTPUT, context))
        replace = self.parameterAsBool(parameters, self.REPLACE, context)
        return folder, copy_outputs(job, folder, replace, feedback)

    def period(self, parameters: dict[str, Any], context: Any) -> tuple[dt.date, dt.date]:
        start = self.parameterAsDateTime(parameters, self.START, context).date()
        end = self.parameterAsDateTime(parameters, self.END, context).date()
        first = dt.date(start.year(), start.month(), start.day())
        last = dt.date(end.year(), end.month(), end.day()) if end.isValid() else first
        if last < first:
            raise QgsProcessingException(tr("The last day is before the first day."))
        return first, last

    def depths(self, parameters: dict[str, Any], context: Any) -> list[int]:
        chosen = [depths_cm()[index] for index in self.parameterAsEnums(parameters, self.DEPTHS, context)]
        if not chosen:
            raise QgsProcessingException(tr("Choose at least one depth."))
        return chosen

    @staticmethod
    def warn(feedback: QgsProcessingFeedback, text: str) -> None:
        """A line that stands out; Processing escapes it."""
        feedback.pushWarning(text)

    def run_job(self, specification: dict[str, Any], feedback: QgsProcessingFeedback, host: str = "") -> dict[str, Any]:
        """The finished job's summary; its warnings, progress and plain lines go to the feedback."""
        with engine(feedback) as running:
            return self.follow(running, specification, feedback, host)

    @staticmethod
    def follow(running: EngineRun, specification: dict[str, Any], feedback: QgsProcessingFeedback, host: str = "",
               ) -> dict[str, Any]:
        """The same on an engine that runs already."""
        said, warned = "", False

        def tell(job: dict[str, Any]) -> None:
            nonlocal said, warned
            if not warned:
                for warning in job.get("warnings") or ():
                    push = feedback.pushInfo if warning.get("code") in INFORMATION else feedback.pushWarning
                    push(plain_error(warning))
                    warned = True
            feedback.setProgress(100 * float(job.get("progress") or 0))
            if (line := engine_message(job)) != said:
                said = line
                feedback.pushInfo(line)

        return running.run_job(specification, tell, host)


def units_text() -> str:
    """In which units files and parameters are, and in which QGIS shows the maps."""
    return tr("Files and parameters are in m³/m³ and mm, so that models and batches give the same for everybody. QGIS "
              "shows the maps in {0} and {1}, as chosen in DeepSoil's options.").format(
        units.theta_unit(), units.chosen(MM).unit)


@contextlib.contextmanager
def engine(feedback: QgsProcessingFeedback) -> Iterator[EngineRun]:
    """An engine whose errors are Processing's. A cancellation ends the block without a word, as Processing expects."""
    try:
        python = find_python(paths.home(), paths.engine_source())
        start = command.serve_command(python, paths.home(), paths.resources())
        with EngineRun(start, feedback.isCanceled) as running:
            yield running
    except EngineError as error:
        raise QgsProcessingException(str(error)) from error
    except CancelledError as error:
        raise QgsProcessingException(tr("Cancelled. The job was cancelled too.")) from error


def copy_outputs(job: dict[str, Any], folder: Path, replace: bool, feedback: QgsProcessingFeedback) -> dict[str, Path]:
    """Copy the files of a job into a folder; their new paths by name. All of them, or QgsProcessingException.

    A map's name begins with its field's. Without ``replace``, files of the same names stay, and the new ones get a
    number.
    """
    outputs = job["outputs"]
    groups: dict[str, list[dict[str, Any]]] = {}
    for output in outputs:
        stem = file_stem(what_of(output), str(output.get("date"))) if is_map(output) else ""
        alike = output["name"].replace(stem, "") if stem else ""
        groups.setdefault(alike, []).append(output)
    wanted = [[_wanted(job, output) for output in group] for group in groups.values()]
    try:
        taken = [] if replace else existing(folder)
        names = {output["name"]: name for group, given in zip(groups.values(), names_for(wanted, taken), strict=True)
                 for output, name in zip(group, given, strict=True)}
        with NewFiles(folder, replace) as new:
            for output in outputs:
                shutil.copy2(output["path"], new.draft(names[output["name"]]))
    except OSError as error:
        text = tr("The files could not be copied: {0}. They remain in {1}.")
        raise QgsProcessingException(text.format(error, job.get("folder"))) from error
    if [names for group in names_for(wanted) for names in group] != [*names.values()]:
        feedback.pushInfo(tr("{0} already contained files with the same names. They were kept, and the new ones have "
                             "a number.")
                          .format(folder))
    return {name: folder / given for name, given in names.items()}


def _wanted(job: dict[str, Any], output: dict[str, Any]) -> Wanted:
    if is_map(output) and output.get("date"):
        return str(output.get("field") or job.get("name") or ""), map_rest(what_of(output), output["date"])
    return "", Path(output["name"]).name
