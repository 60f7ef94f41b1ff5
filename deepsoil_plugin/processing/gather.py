"""``deepsoil:gather``: polygons or an extent in; a region of data from public archives out."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterString,
)

from .. import preferences
from ..contract import LOCAL
from ..jobs.gather_request import GatherRequest, cost_text, host_parameters, near_text, problem_text, used, without_text
from ..jobs.map_request import new_id
from ..text.formatting import size_text
from ..text.translate import tr
from .area import add_area, area_of
from .base import DeepSoilAlgorithm, engine


class GatherData(DeepSoilAlgorithm):
    """The same job as the dock's “Get data”."""

    NAME, AGREED, OFF, OFFLINE, PLAN_ONLY, REGION_ID, JOB = (
        "NAME", "AGREED", "OFF", "OFFLINE", "PLAN_ONLY", "REGION_ID", "JOB")

    def __init__(self) -> None:
        super().__init__()
        self._settings: dict[str, Any] = {}

    def name(self) -> str:
        return "gather"

    def displayName(self) -> str:
        return tr("Get data from public archives")

    def shortHelpString(self) -> str:
        return tr("Fetches elevation, soil, land cover, weather, satellite data and stations for an area in the lower "
                  "48 states from public archives, and makes a region of them, for which soil moisture can be mapped. "
                  "The log names every archive with its size and licence. Archives with terms of their own are asked "
                  "only where they are named under “agreed”.")

    def tags(self) -> list[str]:
        return ["download", "gridMET", "SSURGO", "NLCD", "HLS", "3DEP", "SNOTEL"]

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        add_area(self)
        self.addParameter(QgsProcessingParameterString(self.NAME, tr("Name of the region"), optional=True))
        date = Qgis.ProcessingDateTimeParameterDataType.Date
        self.addParameter(QgsProcessingParameterDateTime(
            self.START, tr("First day (if empty: three years ago)"), date, optional=True))
        self.addParameter(QgsProcessingParameterDateTime(self.END, tr("Last day (if empty: today)"), date,
                                                         optional=True))
        self.addParameter(QgsProcessingParameterString(
            self.AGREED, tr("Archives whose terms you agree to, separated by commas"), optional=True))
        self.addParameter(QgsProcessingParameterString(
            self.OFF, tr("Archives not to ask, separated by commas"), optional=True))
        self.addParameter(QgsProcessingParameterBoolean(
            self.OFFLINE, tr("Use only what was fetched before"), defaultValue=False))
        self.addParameter(QgsProcessingParameterBoolean(
            self.PLAN_ONLY, tr("Only say what would be fetched"), defaultValue=False))
        self.add_host()
        self.addOutput(QgsProcessingOutputString(self.REGION_ID, tr("Region")))
        self.addOutput(QgsProcessingOutputString(self.JOB, tr("Job id")))

    def prepareAlgorithm(self, _parameters: dict[str, Any], _context: QgsProcessingContext,
                         _feedback: QgsProcessingFeedback) -> bool:
        """On the main thread, where QGIS's authentication store may be asked."""
        from ..hosts.archive_accounts import ArchiveAccounts  # not before: QGIS loads this module when it starts

        accounts = ArchiveAccounts()
        accounts.unlock()
        self._settings = {"accounts": accounts.known()} if accounts.known() else {}
        return True

    def processAlgorithm(self, parameters: dict[str, Any], context: QgsProcessingContext,
                         feedback: QgsProcessingFeedback) -> dict[str, Any]:
        host = self.host(parameters, context)
        start, end = (self.parameterAsDateTime(parameters, name, context).date() for name in (self.START, self.END))
        if start.isValid() != end.isValid():
            raise QgsProcessingException(tr("Give both days, or none."))
        wish = GatherRequest(
            area_of(self, parameters, context), start=start.toString("yyyy-MM-dd"), end=end.toString("yyyy-MM-dd"),
            title=(self.parameterAsString(parameters, self.NAME, context) or "").strip(),
            agreed=self._names(parameters, self.AGREED, context),
            off=self._names(parameters, self.OFF, context) or preferences.archives_off(),
            offline=self.parameterAsBool(parameters, self.OFFLINE, context) or preferences.archives_offline(),
            host=host or LOCAL)
        with engine(feedback) as running:
            place = host_parameters(running.connected(host)) if host else {}
            plan = running.ask("gather_plan", {**wish.plan_parameters(), **place})
            self._tell(plan, feedback)
            if problem := problem_text(plan):
                raise QgsProcessingException(problem)
            if self.parameterAsBool(parameters, self.PLAN_ONLY, context):
                return {self.REGION_ID: "", self.JOB: ""}
            if not host:
                self._tell_network(running, plan)
            job = self.follow(running, wish.specification(new_id()), feedback, host)
        return {self.REGION_ID: job.get("region") or "", self.JOB: job["id"]}

    def _names(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> tuple[str, ...]:
        listed = self.parameterAsString(parameters, name, context) or ""
        return tuple(word.strip() for word in listed.split(",") if word.strip())

    def _tell(self, plan: dict[str, Any], feedback: QgsProcessingFeedback) -> None:
        feedback.pushInfo(cost_text(plan))
        if place := near_text(plan):
            feedback.pushInfo(place)
        for archive in used(plan):
            feedback.pushInfo(f"   {archive['title']}: {size_text(archive['bytes'])}, {archive['licence']}")
        for line in without_text(plan).splitlines():
            self.warn(feedback, tr("Without {0}").format(line))

    def _tell_network(self, running: Any, plan: dict[str, Any]) -> None:
        from ..engine.network import proxies_of

        proxies = proxies_of(host for archive in plan["archives"] for host in archive["hosts"])
        settings = {**self._settings, **({"proxies": proxies} if proxies is not None else {})}
        if settings:
            running.ask("network_settings", settings)


