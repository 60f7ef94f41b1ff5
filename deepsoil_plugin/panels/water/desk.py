"""What the panel knows and does, without its widgets: the subject, its plan, the day, the questions to the engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...contract import LOCAL
from ...dock.data_section import limits_of, region_for
from ...jobs.gather_request import last_known_day
from ...map import layer_tree
from ...text.formatting import plain_error
from ...text.translate import tr
from .plan import Event, History, Plan, applications_of, events_of
from .questions import CANCELLED, Questions
from .subject import LOG, Subject

BEFORE_DAYS = 14


class WaterDesk(QObject):
    """``planChanged``: other events, figures or another day are to be drawn. ``answered(answer, asked)``, see
    `Questions`. ``said(text, warning)``: one line for the user, empty for none. ``busy(bool)``, ``told``: see there.
    """

    planChanged = pyqtSignal()
    answered = pyqtSignal(object, float)
    said = pyqtSignal(str, bool)
    busy = pyqtSignal(bool)
    told = pyqtSignal(str, float)

    def __init__(self, client: Any, memory: Any, water: Any, parent: QObject | None = None) -> None:
        """``memory``: keeps plans with the project. ``water``: the dock's section, which has the logs."""
        super().__init__(parent)
        self._client, self._memory, self._water = client, memory, water
        self.history = History()
        self.subject: Subject | None = None
        self.day: dt.date | None = None
        self.limits: tuple[dt.date, dt.date] | None = None
        self.days = 7
        self.target = 1.0  # the share of the available water up to which is refilled
        self._region = ""
        self._wanted_day: dt.date | None = None
        self._questions = Questions(client, self)
        self._simulated: dict[str, Any] = {}  # the question whose field the engine has at hand, without its events
        self._asked: dict[str, Any] = {}
        self._unanswered = False
        self._questions.answered.connect(self._answered)
        self._questions.failed.connect(self._failed)
        self._questions.busy.connect(self.busy)
        self._questions.told.connect(self.told)

    # --- what it is about

    def show(self, subject: Subject | None) -> None:
        """Another field or place, or other knowledge of the same."""
        before, self.subject = self.subject, subject
        if subject is None:
            self._nothing(tr("Draw or select a field in the DeepSoil panel, or click a place on the map."))
            return
        if before is not None and before.same_field == subject.same_field and self.day is not None:
            self._known_changed(before, subject)
            return
        self._questions.other_field()
        self.day = self.limits = None
        self._region = ""
        self.planChanged.emit()
        self.said.emit(tr("Looking for data …"), False)
        self._client.call("regions", _host(subject.host), lambda regions: self._regions_came(subject, regions),
                          lambda error: self.said.emit(plain_error(error), True), owner=self)

    def _nothing(self, text: str) -> None:
        self._questions.other_field()
        self.day = self.limits = None
        self.planChanged.emit()
        self.said.emit(text, False)

    def _known_changed(self, before: Subject, subject: Subject) -> None:
        """The log or the crop was changed elsewhere."""
        if before.readings != subject.readings:
            self.ask()
        if before.known != subject.known:
            plan = subject.plan(self.history.now.planned)
            if plan != self.history.now or before.known.get("crop") != subject.known.get("crop") \
                    or before.known.get("planted") != subject.known.get("planted") \
                    or before.irrigation_kind != subject.irrigation_kind:
                self.history.put(plan)
                self.planChanged.emit()
                self.ask()

    def _regions_came(self, subject: Subject, regions: list[dict[str, Any]]) -> None:
        if self.subject is None or self.subject.same_field != subject.same_field:
            return
        region = next((one for one in regions if one["id"] == subject.region), None) if subject.region else \
            region_for(subject.geometry, regions)
        limits = limits_of(region)
        if region is None or limits is None:
            self._nothing(tr("No region has data there. Get the data of this field in the line Data of the DeepSoil "
                             "panel."))
            return
        self._region, self.limits = str(region["id"]), limits
        day = self._wanted_day or layer_tree.shown_day(QgsProject.instance(), self._region) or \
            last_known_day(region) or limits[1]
        self.day, self._wanted_day = min(max(day, limits[0]), limits[1]), None
        self.history.begin(self.subject.plan(self.kept))
        self.planChanged.emit()
        self.ask()

    def set_day(self, day: dt.date) -> None:
        """Look ahead from another day; before a field is there, as soon as it is."""
        if self.limits is None:
            self._wanted_day = day
        elif day != self.day and self.limits[0] <= day <= self.limits[1]:
            self.day = day
            self.planChanged.emit()
            self.ask()

    def set_days(self, days: int) -> None:
        self.days = days
        if self.day is not None:
            self.planChanged.emit()
            self.ask()

    # --- its plan

    @property
    def kept(self) -> tuple[Event, ...]:
        """What the project keeps as the plan of the subject."""
        return events_of(self._memory.plans.get(self.subject.key, ()), False) if self.subject is not None else ()

    @property
    def can_keep(self) -> bool:
        return self.day is not None and self.history.now.planned != self.kept

    def keep(self) -> None:
        """Keep the planned events with the field."""
        if self.subject is not None and self.day is not None:
            self._memory.set_plan(self.subject.key, applications_of(self.history.now.planned))
            self.said.emit(tr("The plan of {0} is kept in the project.").format(self.subject.key), False)
            self.planChanged.emit()

    def move(self, plan: Plan) -> None:
        """While the hand moves: asked, and not yet a step that can be undone."""
        if plan.given == self.history.now.given:
            self.ask(plan)

    def settle(self, plan: Plan) -> None:
        """A change is done."""
        before = self.history.now
        if self.subject is None or self.day is None:
            return
        if plan.given != before.given and self.subject.irrigation_kind not in ("", LOG):
            self.said.emit(tr("Single days cannot be noted while the field's irrigation is described otherwise. Choose "
                              "“Irrigation log” in the line Water of the DeepSoil panel."), True)
            self.planChanged.emit()
            return
        self.history.put(plan)
        self._apply(before)

    def undo(self) -> None:
        before = self.history.now
        self.history.undo()
        self._apply(before)

    def redo(self) -> None:
        before = self.history.now
        self.history.redo()
        self._apply(before)

    def _apply(self, before: Plan) -> None:
        """Draw, ask, and tell the dock what is its own."""
        plan = self.history.now
        if plan == before or self.subject is None:
            return
        self.said.emit("", False)
        if (plan.given, plan.roots_cm, plan.allowed) != (before.given, before.roots_cm, before.allowed):
            entry = self.subject.entry_with(plan)
            self.subject = self.subject.with_entry(entry)
            self._water.put(self.subject.key, entry)
        self.planChanged.emit()
        self.ask()

    # --- the question

    def ask(self, plan: Plan | None = None) -> None:
        """What follows from the plan, or from one that is not settled yet."""
        subject, day, plan = self.subject, self.day, plan or self.history.now
        if subject is None or day is None:
            return
        params: dict[str, Any] = {
            "region": self._region, "day": day.isoformat(), "days": self.days, "before": BEFORE_DAYS,
            "events": applications_of(plan.ahead(day, self.days)), **_host(subject.host)}
        if subject.place is not None:
            params["place"] = list(subject.place)
        else:
            params["area"] = subject.area
        management = subject.management(subject.entry_with(plan))
        if management is not None:
            params["management"] = _until(management, day)
        if subject.readings is not None:
            params["readings"] = subject.readings
        self._asked = {**params, "events": None}
        if self.target < 1:
            params["refill"] = {"target": self.target}
        self._questions.ask(params)

    def cancel(self) -> None:
        """Stop what the engine computes."""
        self._questions.cancel()

    def again(self) -> None:
        """Ask once more what was cancelled or failed."""
        if self._unanswered:
            self._unanswered = False
            self.ask()

    @property
    def region(self) -> str:
        """The id of the region that is asked, empty for none."""
        return self._region

    @property
    def simulates(self) -> bool:
        """Whether the engine has to simulate the field before it can answer."""
        return self._asked != self._simulated

    def _failed(self, error: dict[str, Any]) -> None:
        self._unanswered = True
        if error.get("code") == CANCELLED:
            self.said.emit(tr("Cancelled. Click the field's button above to simulate it after all."), False)
        else:
            self.said.emit(plain_error(error), True)

    def _answered(self, answer: Any, asked: float) -> None:
        self._unanswered = False
        if not self._questions.waits:
            self._simulated = self._asked
        self.answered.emit(answer, asked)


def _until(management: dict[str, Any], day: dt.date) -> dict[str, Any]:
    """A log up to a day: what was given later changes nothing of what was, and the field is not simulated anew for it.
    """
    irrigation = management.get("irrigation") or {}
    if irrigation.get("type") != LOG:
        return management
    past = [one for one in irrigation["applications"] if one["date"] <= day.isoformat()]
    return {**management, "irrigation": {**irrigation, "applications": past}}


def _host(host: str) -> dict[str, str]:
    return {} if host == LOCAL else {"host": host}
