"""The panel "Water": what irrigation of the next days does to a field, moved by hand, and what to do."""

from __future__ import annotations

import datetime as dt
import time
from collections import deque
from dataclasses import replace
from typing import Any

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QEvent, QTimer

from ... import preferences
from ...jobs.water import field_names
from ...map.point_tool import PointTool
from ...map.reading_marks import ReadingMarks
from ...text.dates import day_text
from ...text.translate import tr
from ...widgets.plot_colours import plot_colours
from .body import WaterBody
from .course import Course
from .desk import BEFORE_DAYS, WaterDesk
from .doubt import Known, used_of, verified_of
from .plan import Plan
from .sentence import Facts, sentence
from .subject import LOG, Subject, of_job, of_place, of_request
from .words import day_words, key_entries

_REMEMBERED = 400


class WaterPanel(QgsDockWidget):
    """``latencies_s``: from each movement to what follows from it being drawn, the newest last."""

    def __init__(self, components: Any) -> None:
        iface = components.iface
        super().__init__(tr("DeepSoil Water"), iface.mainWindow())
        self.setObjectName("DeepSoilWaterPanel")
        self._dock, self._session, self._canvas = components.dock, components.session, iface.mapCanvas()
        self.latencies_s: deque[float] = deque(maxlen=_REMEMBERED)
        self._source, self._chosen_field = "", ""
        self._crops: dict[str, str] = {}
        self._answer: dict[str, Any] | None = None
        self._course: Course | None = None
        self._plot: Any = None
        self._editing: Any = None
        self._unit = preferences.water_unit()
        water = self._dock.request.water
        self.desk = WaterDesk(components.client, components.memory, water, self)
        self._tool = PointTool(self._canvas)
        self._mark = ReadingMarks(self._canvas, self)
        self.body = WaterBody(self._unit, lambda: self.desk.simulates)
        self.setWidget(self.body)
        self._connect(components)
        self.body.say_instead(tr("Draw or select a field in the DeepSoil panel, or click a place on the map."))

    def _connect(self, components: Any) -> None:
        desk, header = self.desk, self.body.header
        desk.planChanged.connect(self._draw_plan)
        desk.answered.connect(self._answered)
        desk.said.connect(self.body.say)
        desk.busy.connect(self.body.set_busy)
        desk.told.connect(self.body.show_progress)
        self.body.cancelAsked.connect(desk.cancel)
        header.sourceAsked.connect(self._source_asked)
        header.fieldChosen.connect(self._field_chosen)
        header.dayChosen.connect(desk.set_day)
        header.daysChosen.connect(desk.set_days)
        header.unitChosen.connect(preferences.set_water_unit)
        header.unitChosen.connect(lambda _: components.units_changed())  # of this panel as well
        header.keepAsked.connect(desk.keep)
        header.removeAsked.connect(self._remove_chosen)
        for part in (header.undoAsked, self.body.table.undoWanted):
            part.connect(desk.undo)
        for part in (header.redoAsked, self.body.table.redoWanted):
            part.connect(desk.redo)
        self.body.table.settled.connect(desk.settle)
        self.body.table.refused.connect(lambda text: self.body.say(text, True))
        self.body.table.selected.connect(self._choose)
        self.body.crop.changed.connect(self._figures_changed)
        self._method = self._dock.request.method
        self.body.crop.targetChanged.connect(
            lambda target: self._method.set_refill(replace(self._method.refill, target=target)))
        self._method.refillChanged.connect(self._refill_changed)
        self._refill_changed()
        self._tool.picked.connect(self.show_place)
        self._tool.ended.connect(lambda: self.body.header.show_source(self._source))
        self._dock.request.requestChanged.connect(self._request_changed)
        components.memory.changed.connect(self._project_changed)
        components.client.call("crops", {}, self._crops_came, lambda _error: None, owner=self)
        self.opened.connect(self._opened)
        self.closed.connect(self._left)

    # --- which field

    def show_field(self) -> None:
        """The field of the dock."""
        self._show("field", of_request(self._dock.request.request(), self._chosen_field))

    def show_job(self) -> None:
        """The field of the job that is selected in the list."""
        job = self._session.model.job(self._dock.jobs.current or "")
        specification = (job or {}).get("specification") or {}
        if job is None or not specification.get("area"):
            self.body.say(tr("Select a job with maps in the list of the DeepSoil panel first."), True)
            self.body.header.show_source(self._source)
            return
        self._show("job", of_job(specification, str(job["host"]), self._dock.request.water.known,
                                 self._chosen_field))

    def show_place(self, longitude: float, latitude: float) -> None:
        """A place on the map."""
        request = self._dock.request.request()
        self._show("place", of_place(longitude, latitude, request.host, request.water,
                                      request.readings.document()))

    def _show(self, source: str, subject: Subject | None) -> None:
        self._source = source
        self.body.header.show_source(source)
        place = subject.place if subject is not None else None
        self._mark.show_readings([] if place is None else [{"longitude": place[0], "latitude": place[1]}])
        self.body.header.title.setText(subject.key or tr("Field without a name") if subject is not None else "")
        names = field_names(self._area_of_source())
        self.body.header.show_fields(names if source != "place" else [], subject.key if subject is not None else "")
        self.desk.show(subject)

    def _area_of_source(self) -> Any:
        if self._source == "job":
            job = self._session.model.job(self._dock.jobs.current or "")
            return ((job or {}).get("specification") or {}).get("area")
        return self._dock.request.request().area

    def _source_asked(self, name: str) -> None:
        self.body.header.show_source(name)
        if name == "place":
            self._tool.begin()
            self.body.say(tr("Click a place on the map. Esc gives up."), False)
        else:
            self.show_job() if name == "job" else self.show_field()
            self.desk.again()

    def _field_chosen(self, name: str) -> None:
        self._chosen_field = name
        self.show_job() if self._source == "job" else self.show_field()

    def _request_changed(self, _request: object) -> None:
        if self.isHidden():
            return
        if self._source == "field":
            self.show_field()
        elif self.desk.subject is not None:  # the log may have been changed in the dock
            known = self._dock.request.water.known.get(self.desk.subject.key)
            if known is not None:
                self.desk.show(self.desk.subject.with_entry(dict(known)))

    def _project_changed(self) -> None:
        if not self.isHidden():
            self.show_field()

    def _opened(self) -> None:
        if self._source in ("", "field"):
            self.show_field()

    def _left(self) -> None:
        self._tool.end()
        self._mark.show_readings([])

    # --- what is shown

    def _draw_plan(self) -> None:
        desk = self.desk
        if desk.day is None or desk.limits is None:
            self._course = self._answer = None
            self.body.say_instead("")
        else:
            self.body.header.show_day(desk.day, *desk.limits)
            self.body.up_to = day_text(desk.day)
        plan = desk.history.now
        self.body.header.undo.setEnabled(desk.history.can_undo)
        self.body.header.redo.setEnabled(desk.history.can_redo)
        self.body.header.keep.setEnabled(desk.can_keep)
        self.body.side.setEnabled(desk.day is not None)
        self.body.crop.show_own(plan.roots_cm, plan.allowed)
        self._draw_events(plan)

    def _draw_events(self, plan: Plan) -> None:
        day, days = self.desk.day, self.desk.days
        if day is None:
            self.body.table.show_plan(Plan(), dt.date.today(), self._unit, None)
            return
        chosen = None
        if self._plot is not None:
            self._editing.set_plan(plan, day, BEFORE_DAYS, days)
            chosen = self._editing.chosen
            self._plot.show_plan(plan, day, days, chosen)
        self.body.header.remove.setEnabled(chosen is not None)
        self.body.table.show_plan(plan, day, self._unit, chosen)

    def _moved(self, plan: Plan) -> None:
        self._draw_events(plan)
        self.desk.move(plan)

    def _answered(self, answer: dict[str, Any], asked: float) -> None:
        day = self.desk.day
        if day is None or not answer.get("past") or answer["past"]["dates"][-1] != day.isoformat() \
                or len(answer["dates"]) != self.desk.days or not self._make_plot():
            return  # of another day, which is no longer wanted
        self._answer, self._course = answer, Course.of(answer)
        self._plot.show_course(self._course)
        if not self._plot.bars.held:
            self._draw_events(self.desk.history.now)
        self.body.show_plot(self._plot)
        self._explain()
        self._say_sentence()
        self._hovered(-1)
        self.latencies_s.append(time.perf_counter() - asked)

    def _say_sentence(self) -> None:
        day, subject, answer = self.desk.day, self.desk.subject, self._answer
        if day is None or subject is None or answer is None:
            return
        facts = Facts.of(day, answer, self.desk.history.now.ahead(day, self.desk.days))
        known = Known(bool(subject.known.get("crop")), bool(subject.irrigation_kind), used_of(answer, day),
                      verified_of(self._session.model.jobs(), self.desk.region, subject.host, answer))
        self.body.sentence.setText(sentence(facts, known, self._unit, self.desk.target))
        crop = str(subject.known.get("crop") or "")
        self.body.crop.show_used(answer["crop"], crop, self._crops.get(crop, ""))

    def _explain(self, new_colours: bool = False) -> None:
        subject = self.desk.subject
        entries = key_entries(plot_colours(self.palette()), subject is not None and subject.irrigation_kind != LOG)
        if [text for _, sign, word in entries for text in (sign, word)] != self.body.key.words() or new_colours:
            self.body.key.put(entries)

    def _hovered(self, index: int) -> None:
        """The day under the pointer in words; without one, the day itself."""
        if self._course is not None:
            self.body.words.setText(day_words(self._course, self._course.past - 1 if index < 0 else index, self._unit))

    def _make_plot(self) -> bool:
        if self._plot is not None:
            return True
        try:
            from .editing import PlotEditing
            from .plot import WaterPlot  # loads pyqtgraph, which nobody needs before
        except ImportError as error:
            self.body.say_instead(str(error))
            return False
        self._plot = WaterPlot(plot_colours(self.palette()))
        self._plot.setAccessibleName(tr("Irrigation on a time axis. Enter adds, arrow keys move and resize, Page Up "
                                        "and Page Down select, Delete removes."))
        self._plot.set_unit(self._unit)
        self._plot.dayHovered.connect(self._hovered)
        self._editing = PlotEditing(self._plot)
        self._editing.unit = self._unit
        self._editing.moved.connect(self._moved)
        self._editing.settled.connect(self.desk.settle)
        self._editing.selected.connect(lambda _day: self._draw_events(self._editing.plan))
        self._editing.undoWanted.connect(self.desk.undo)
        self._editing.redoWanted.connect(self.desk.redo)
        return True

    # --- what the user does

    def _choose(self, day: dt.date) -> None:
        if self._editing is not None:
            self._editing.choose(day)

    def _remove_chosen(self) -> None:
        if self._editing is not None and self._editing.chosen is not None:
            self.desk.settle(self.desk.history.now.without(self._editing.chosen))

    def _figures_changed(self, roots_cm: float | None, allowed: float | None) -> None:
        plan = self.desk.history.now
        self.desk.settle(Plan(plan.events, roots_cm, allowed))

    def _refill_changed(self) -> None:
        """How the water to refill is counted, which the dock keeps with the project."""
        target = self._method.refill.target
        self.body.crop.show_target(target)
        if target != self.desk.target:
            self.desk.target = target
            self.desk.ask()

    def units_changed(self) -> None:
        """Amounts and soil moisture in the units that the user has chosen."""
        unit = self._unit = preferences.water_unit()
        self.body.header.show_unit(unit)
        if self._plot is not None:
            self._editing.unit = unit
            self._plot.set_unit(unit)
        self._draw_events(self.desk.history.now)
        self._say_sentence()
        self._hovered(-1)

    def _crops_came(self, crops: list[dict[str, Any]]) -> None:
        self._crops = {one["crop"]: one["title"] for one in crops or ()}
        self._say_sentence()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and self._plot is not None:
            QTimer.singleShot(0, self._new_colours)  # only then is the palette the new one

    def _new_colours(self) -> None:
        self._plot.set_colours(plot_colours(self.palette()))
        self._draw_events(self.desk.history.now)
        if self._course is not None:
            self._explain(new_colours=True)


def make(components: Any) -> WaterPanel:
    """The panel, as ``registry`` makes it."""
    return WaterPanel(components)
