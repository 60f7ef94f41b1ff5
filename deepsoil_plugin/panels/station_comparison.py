"""Gets what the station panel shows: observations at once, predictions from an ``evaluate`` job. Never waits.

One station at a time: asking for another one drops what was under way. A comparison that has been computed before,
in this session or an earlier one, is taken from there.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..contract import FINAL_STATES, LOCAL, SCHEMA
from ..text.translate import engine_message, tr
from . import station_series

Scores = Mapping[int, station_series.Scores]                     # by depth in cm
Baselines = Mapping[int, Mapping[str, station_series.Scores]]  # by depth in cm and name
Result = tuple[station_series.Comparison, Scores, Baselines]


def _not_here(summary: Mapping[str, Any]) -> bool:
    """Whether a file of a job still lies at another host."""
    return any(output.get("path") is None for output in summary.get("outputs") or ())


@dataclass(frozen=True)
class ComparisonRequest:
    """What is compared. ``host``: the one that has the region; ``forecast_from``: the first of its days whose weather
    is a forecast.
    """

    region: str
    station: str
    name: str
    start: dt.date
    end: dt.date
    host: str = LOCAL
    forecast_from: dt.date | None = None

    @property
    def at_host(self) -> dict[str, str]:
        return {"host": self.host}

    def specification(self, depths_cm: Sequence[int]) -> dict[str, Any]:
        return {"schema": SCHEMA, "id": uuid.uuid4().hex, "kind": "evaluate", "name": self.name, "region": self.region,
                "dates": {"start": self.start.isoformat(), "end": self.end.isoformat()},
                "depths_cm": list(depths_cm), "options": {"stations": [self.station]}}

    def answered_by(self, summary: Mapping[str, Any], depths_cm: Sequence[int]) -> bool:
        """Whether a job has computed, or is computing, just this."""
        asked = summary.get("specification") or {}
        mine = self.specification(depths_cm)
        return (summary.get("kind") == "evaluate" and summary.get("state") in ("queued", "running", "succeeded")
                and not summary.get("reason")
                and all(asked.get(key) == mine[key] for key in ("region", "dates", "depths_cm"))
                and (asked.get("options") or {}).get("stations") == [self.station]
                and summary.get("host") == self.host)


class StationComparison(QObject):
    """Loads one station's comparison after the other.

    ``observed(Comparison)`` comes first; then ``progressed(fraction, words)`` until
    ``compared(Comparison, Scores, Baselines)``, ``cancelled()`` or ``failed(error)``, whose ``stage`` says what is
    missing: ``observations`` or ``predictions``.
    """

    observed = pyqtSignal(object)
    progressed = pyqtSignal(float, str)
    compared = pyqtSignal(object, object, object)
    failed = pyqtSignal(dict)
    cancelled = pyqtSignal()

    def __init__(self, client: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._request: ComparisonRequest | None = None
        self._comparison: station_series.Comparison | None = None
        self._job = ""
        self._bringing = ""
        self._resources: Mapping[str, Any] | None = None
        self._own_job = False  # submitted by this panel, so ours to cancel
        self._reading: _ReadTask | None = None
        self._known: dict[ComparisonRequest, Result] = {}
        client.jobChanged.connect(self._job_changed)
        client.jobRemoved.connect(self._job_removed)
        client.ready.connect(self._engine_again)

    def load(self, request: ComparisonRequest, resources: Mapping[str, Any] | None = None) -> None:
        """Show this; whatever was under way is dropped. ``resources``: what the job asks for at its host."""
        self.stop()
        self._request, self._comparison, self._resources = request, None, resources
        if request in self._known:
            known = self._known[request]
            self.observed.emit(known[0])
            self.compared.emit(*known)
            return
        self._client.call("observations", {"region": request.region, "station": request.station,
                                           "start": request.start.isoformat(), "end": request.end.isoformat(),
                                           **request.at_host},
                          lambda answer: self._observations_came(request, answer),
                          lambda error: self._fail(request, error, "observations"), owner=self)

    def compute(self) -> None:
        """Get the predictions (again, after a failure or a cancellation)."""
        request = self._request
        if request is None or self._comparison is None or self._job or not self._comparison.measured_cm:
            return
        self.progressed.emit(0.0, tr("Looking for an existing comparison"))
        self._client.call("list", {}, lambda jobs: self._jobs_came(request, jobs),
                          lambda error: self._fail(request, error, "predictions"), owner=self)

    def cancel(self) -> None:
        """The user does not want to wait for the predictions."""
        if self._job:
            self._client.call("cancel", {"id": self._job}, None, None, owner=self)
        self._job, self._own_job = "", False
        self.cancelled.emit()

    def stop(self) -> None:
        """Drop what is under way without a word; a job that only this panel wanted is cancelled."""
        if self._job and self._own_job:
            self._client.call("cancel", {"id": self._job}, None, None, owner=self)
        self._job, self._own_job, self._request = "", False, None

    def _observations_came(self, request: ComparisonRequest, answer: Mapping[str, Any]) -> None:
        if request is not self._request:
            return
        self._comparison = station_series.from_observations(answer, request.start, request.end,
                                                            request.forecast_from)
        self.observed.emit(self._comparison)
        self.compute()

    def _jobs_came(self, request: ComparisonRequest, jobs: Sequence[Mapping[str, Any]]) -> None:
        if request is not self._request or self._comparison is None:
            return
        depths_cm = self._comparison.measured_cm
        earlier = next((job for job in jobs if request.answered_by(job, depths_cm)), None)
        if earlier is not None:
            self._job, self._own_job = earlier["id"], False
            self._job_changed(earlier)
            return
        specification = request.specification(depths_cm)
        if self._resources:
            specification["resources"] = dict(self._resources)
        self._job, self._own_job = specification["id"], True
        self._client.call("submit", {"specification": specification, **request.at_host}, self._job_changed,
                          lambda error: self._fail(request, error, "predictions"), owner=self)

    def _job_changed(self, summary: Mapping[str, Any]) -> None:
        if summary["id"] != self._job or self._request is None:
            return
        state = summary["state"]
        if state not in FINAL_STATES:
            message = engine_message(summary)
            self.progressed.emit(float(summary.get("progress") or 0), message or tr("Waiting"))
            return
        if state == "succeeded" and _not_here(summary) and summary.get("retrieval", {}).get("state") != "failed":
            self.progressed.emit(1.0, tr("Downloading the comparison"))
            if self._bringing != self._job:  # once; the job is told again when its files are here
                self._bringing = self._job
                self._client.call("retrieve", {"id": self._job}, self._job_changed,
                                  lambda error: self._job_changed({**summary, "state": "failed", "reason": error}),
                                  owner=self)
            return
        self._job, self._own_job = "", False
        if state == "cancelled":
            self.cancelled.emit()
        elif state == "failed":
            self._fail(self._request, summary.get("reason") or {"message": summary.get("message") or ""}, "predictions")
        else:
            self._read(self._request, summary)

    def _job_removed(self, job_id: str) -> None:
        if job_id == self._job:
            self._job, self._own_job = "", False
            self.cancelled.emit()

    def _engine_again(self, _hello: Mapping[str, Any]) -> None:
        """An event may have been lost with the old engine; the job itself goes on without it."""
        if self._job:
            self._client.call("list", {}, self._jobs_listed, None, owner=self)

    def _jobs_listed(self, jobs: Sequence[Mapping[str, Any]]) -> None:
        for job in jobs:
            self._job_changed(job)

    def _read(self, request: ComparisonRequest, summary: Mapping[str, Any]) -> None:
        self.progressed.emit(1.0, tr("Reading the comparison"))
        files = {output["name"]: output["path"] for output in summary.get("outputs") or () if output["path"]}
        assert self._comparison is not None
        self._reading = _ReadTask(files, request, self._comparison)
        self._reading.done.connect(lambda result: self._was_read(request, result))
        QgsApplication.taskManager().addTask(self._reading)

    def _was_read(self, request: ComparisonRequest, result: Any) -> None:
        self._reading = None
        if isinstance(result, str):
            self._fail(request, {"message": result, "hint": tr("Run the comparison again.")}, "predictions")
            return
        self._known[request] = result
        if request is self._request:
            self.compared.emit(*result)

    def _fail(self, request: ComparisonRequest, error: Mapping[str, Any], stage: str) -> None:
        if request is self._request:
            self._job, self._own_job = "", False
            self.failed.emit({**error, "stage": stage})


class _ReadTask(QgsTask):
    """Reads the files of a comparison away from the main thread; ``done`` gets the result, or a text on failure."""

    done = pyqtSignal(object)

    def __init__(self, files: Mapping[str, str], request: ComparisonRequest,
                 comparison: station_series.Comparison) -> None:
        super().__init__(tr("Reading a station comparison"), QgsTask.Flag.Silent)
        self._files = dict(files)
        self._request = request
        self._comparison = comparison
        self._result: Any = None

    def run(self) -> bool:
        try:
            self._result = read_comparison(self._files, self._request, self._comparison)
        except (OSError, KeyError, ValueError) as error:
            self._result = tr("The files of the comparison could not be read: {0}.").format(error)
        return True

    def finished(self, _result: bool) -> None:
        self.done.emit(self._result)


def read_comparison(files: Mapping[str, str], request: ComparisonRequest, comparison: station_series.Comparison
                    ) -> Result:
    """The comparison with predictions, the model's scores, and those of simple estimates.

    Observations and scores are the engine's: one population, which its quality control has passed. OSError, KeyError
    or ValueError for files that are none.
    """
    with Path(files["station_comparison.csv"]).open(encoding="utf-8", newline="") as lines:
        table = station_series.read_table(lines, request.station, comparison.days)
    metrics = json.loads(Path(files["station_metrics.json"]).read_text(encoding="utf-8"))
    scores, baselines = station_series.read_scores(metrics, request.station)
    return comparison.compared(table), scores, baselines
