"""The station panel: observations at once, predictions from a job that can be cancelled, one picture of both."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from products import maps, summary
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject, QPoint, QPointF, Qt, pyqtSignal
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel

from deepsoil_plugin.contract import LOCAL
from deepsoil_plugin.map.result_layers import ResultLayers
from deepsoil_plugin.panels import station_series

STATION = {"id": "s1", "name": "North", "network": "Synthetic", "depths_cm": [5, 20], "first_date": "2021-01-01",
           "last_date": "2023-12-31"}
# Days without a value in the table: five without a measurement, one that quality control rejects.
REJECTED = {10, 11, 12, 13, 14, 40}
MODEL_SCORE = {"n": 84, "bias": 0.01, "mae": 0.012, "rmse": 0.01, "ubrmsd": 0.002, "r": 0.987}
REGIONS = [{"id": "sample", "first_date": "2021-02-01", "last_date": "2023-12-30"}]


class Engine(QObject):
    """Answers like the engine's client, when the test says so; keeps what it was asked."""

    ready = pyqtSignal(dict)
    jobChanged = pyqtSignal(dict)
    jobRemoved = pyqtSignal(str)
    stopped = pyqtSignal(str)
    hello: dict[str, Any] = {"machine": "here"}

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.jobs: list[dict[str, Any]] = []
        self.errors: dict[str, dict[str, Any]] = {}
        self.missing: set[int] = set()
        self.held: list[Callable[[], None]] | None = None  # answers that are on their way

    def call(self, method: str, params: dict[str, Any] | None = None, on_result: Callable[[Any], None] | None = None,
             on_error: Callable[[Any], None] | None = None, **_: Any) -> None:
        params = params or {}
        self.asked.append((method, params))
        if self.held is not None:
            self.held.append(lambda: self.answer(method, params or {}, on_result, on_error))
        else:
            self.answer(method, params, on_result, on_error)

    def release(self) -> None:
        """Let the answers that are on their way arrive, and those that follow from them."""
        while self.held:
            self.held.pop(0)()

    def answer(self, method: str, params: dict[str, Any], on_result: Callable[[Any], None] | None,
               on_error: Callable[[Any], None] | None) -> None:
        if method in self.errors:
            assert on_error is not None
            on_error(self.errors[method])
            return
        answers = {"regions": lambda: REGIONS, "list": lambda: self.jobs, "cancel": lambda: {},
                   "observations": lambda: self.observations(params), "submit": lambda: self.submit(params),
                   "retrieve": lambda: self.jobs[0]}
        answer = answers[method]()
        if on_result:
            on_result(answer)

    def methods(self) -> list[str]:
        return [method for method, _ in self.asked]

    def observations(self, params: dict[str, Any]) -> dict[str, Any]:
        days = station_series.every_day(dt.date.fromisoformat(params["start"]), dt.date.fromisoformat(params["end"]))
        theta = theta_of(days)
        depths = {str(depth): [None] * len(days) if depth in self.missing else
                  [None if 10 <= n < 15 else float(value) for n, value in enumerate(theta)] for depth in (5, 20)}
        return {"dates": [str(day) for day in days], "precipitation": [1.0] * len(days), "depths": depths}

    def submit(self, params: dict[str, Any]) -> dict[str, Any]:
        job = {"id": params["specification"]["id"], "kind": "evaluate", "state": "running", "reason": None,
               "progress": 0.25, "message": "5 cm: 50 % of the days", "specification": params["specification"],
               "outputs": [], "host": params.get("host", LOCAL)}
        self.jobs.insert(0, job)
        return job

    def finish(self, job: dict[str, Any]) -> dict[str, Any]:
        """Write the files of a finished comparison and tell it."""
        asked = job["specification"]
        days = station_series.every_day(dt.date.fromisoformat(asked["dates"]["start"]),
                                dt.date.fromisoformat(asked["dates"]["end"]))
        table = self.folder / "station_comparison.csv"
        rows = [f"s1,North,0,0,{depth},{day},{'' if n in REJECTED else value},{value + 0.01:.4f},1.0"
                for depth in asked["depths_cm"]
                for n, (day, value) in enumerate(zip(days, theta_of(days), strict=True))]
        table.write_text("station,name,longitude,latitude,depth_cm,date,observed,predicted,precipitation_mm\n"
                         + "\n".join(rows), encoding="utf-8")
        metrics = self.folder / "station_metrics.json"
        guess = {"n": 80, "bias": 0.0, "mae": 0.041, "rmse": 0.05, "ubrmsd": 0.05, "r": 0.5}
        metrics.write_text(json.dumps({
            "baselines": {"persistence": "a", "network": "b", "climatology": "c", "kriging": "d"},
            "depths": {str(depth): {"stations": [{"id": "s1", "model": MODEL_SCORE, "persistence": guess,
                                                     "network": {**guess, "mae": 0.032},
                                                     "kriging": {**guess, "n": 0, "mae": None},
                                                     "differences": {"network": {"verdict": "better"}}}]}
                       for depth in asked["depths_cm"]}}), encoding="utf-8")
        job.update(state="succeeded", progress=1.0,
                   outputs=[{"name": path.name, "path": str(path)} for path in (table, metrics)])
        self.jobChanged.emit(job)
        return job


def theta_of(days: np.ndarray) -> np.ndarray:
    return np.round(0.25 + 0.05 * np.sin(days.astype(int) / 9.0), 4)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path)


@pytest.fixture
def panel(window: Any, engine: Engine) -> Any:
    from deepsoil_plugin.panels.station_panel import StationPanel

    made = StationPanel(window, engine)
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, made)
    window.mainWindow().show()
    return made


def compared(panel: Any, engine: Engine, qtbot: Any) -> None:
    panel.show_station("sample", STATION)
    engine.finish(engine.jobs[0])
    qtbot.waitUntil(lambda: bool(panel._scores.texts()), timeout=5000)


def test_a_station_of_a_cluster_is_compared_there_and_the_comparison_brought_here(window, engine, qtbot) -> None:
    from deepsoil_plugin.panels.station_panel import StationPanel

    panel = StationPanel(window, engine, lambda host: {"scheduler": "slurm", "partition": host})
    panel.show_station("sample", {**STATION, "host": "hydra"})
    asked = dict(engine.asked)
    assert {asked[method]["host"] for method in ("regions", "observations", "submit")} == {"hydra"}
    assert asked["submit"]["specification"]["resources"] == {"scheduler": "slurm", "partition": "hydra"}
    job = engine.jobs[0]
    there = [{"name": name, "path": None} for name in ("station_comparison.csv", "station_metrics.json")]
    for _ in range(2):
        engine.jobChanged.emit({**job, "state": "succeeded", "outputs": there, "retrieval": {"state": "running"}})
    assert engine.methods().count("retrieve") == 1
    assert panel._shown is None or not panel._shown.predicted
    engine.finish(job)
    qtbot.waitUntil(lambda: bool(panel._shown.predicted), timeout=10_000)
    # What was compared there is no comparison with the region of the same name here.
    panel.show_station("sample", STATION)
    assert engine.methods().count("submit") == 2
    panel.close()


def test_observations_are_drawn_before_the_prediction_is_there(panel: Any, engine: Engine) -> None:
    panel.show_station("sample", STATION)
    assert panel._pages.currentWidget() is panel._plot
    line, _ = panel._plot._observed[5]
    assert np.isfinite(line.getData()[1]).sum() == 85
    header = panel._header
    assert header.progress.isVisible() and header.cancel.isVisible() and header.progress.value() == 25
    assert panel._header.state.text() == "5 cm: 50 % of the days"
    assert panel._scores.texts() == []


def test_the_finished_comparison_is_drawn_with_gaps_and_figures(panel: Any, engine: Engine, qtbot: Any) -> None:
    compared(panel, engine, qtbot)
    times, seen = panel._plot._observed[5][0].getData()
    said = panel._plot._predicted[5][0].getData()[1]
    assert np.flatnonzero(np.isnan(seen)).tolist() == sorted(REJECTED), "gaps, and what quality control rejects"
    assert np.isfinite(said).all() and np.diff(times).tolist() == [86400.0] * 89
    assert panel._plot._observed[5][0].opts["connect"] == "finite"
    assert panel._scores.texts() == [
        ["", "days", "bias", "MAE", "ubRMSD", "R", "MAE of the best simple estimate"],
        ["5 cm", "84", "+0.010", "0.012", "0.002", "0.99", "0.032 · other stations · prediction better"],
        ["20 cm", "84", "+0.010", "0.012", "0.002", "0.99", "0.032 · other stations · prediction better"]]
    assert not panel._header.progress.isVisible() and not panel._header.again.isVisible()
    assert panel._header.key.words() == ["━", "observed", "━", "predicted", "▮", "rain"]
    assert not [label.text() for label in panel.findChildren(QLabel) if "<" in label.text() or "&" in label.text()]


def test_the_period_lies_round_the_maps_day(panel: Any, engine: Engine, window: Any, tmp_path: Path,
                                            qtbot: Any) -> None:
    layers = ResultLayers(window)
    layers.show(summary(maps(tmp_path, ["2023-07-15"])))
    qtbot.waitUntil(lambda: not layers._queue, timeout=5000)
    panel.show_station("sample", STATION)
    asked = next(params for method, params in engine.asked if method == "observations")
    assert (asked["start"], asked["end"]) == ("2023-05-31", "2023-08-28")
    specification = next(params for method, params in engine.asked if method == "submit")["specification"]
    assert specification["kind"] == "evaluate" and specification["options"] == {"stations": ["s1"]}
    assert specification["dates"] == {"start": "2023-05-31", "end": "2023-08-28"}
    assert "area" not in specification and len(specification["id"]) == 32
    layers.close()
    QgsProject.instance().clear()


def test_another_period_is_another_comparison_and_the_first_is_remembered(panel: Any, engine: Engine,
                                                                          qtbot: Any) -> None:
    compared(panel, engine, qtbot)
    panel._header.periods.button(30).click()
    assert engine.methods().count("submit") == 2
    assert ("cancel", {"id": engine.jobs[0]["id"]}) not in engine.asked
    panel._header.periods.button(90).click()
    assert engine.methods().count("submit") == 2, "90 days are known already"
    assert engine.asked[-1] == ("regions", {"host": LOCAL}), "nothing is asked again that is known"
    assert ("cancel", {"id": engine.jobs[0]["id"]}) in engine.asked, "nobody waits for the 30 days any more"


def test_an_earlier_job_is_taken_instead_of_a_new_one(panel: Any, engine: Engine, qtbot: Any) -> None:
    compared(panel, engine, qtbot)
    panel._source._known.clear()  # as after a restart of QGIS
    panel.show_station("sample", STATION)
    qtbot.waitUntil(lambda: bool(panel._scores.texts()), timeout=5000)
    assert engine.methods().count("submit") == 1


def test_cancel_keeps_the_observations_and_offers_to_compare(panel: Any, engine: Engine) -> None:
    panel.show_station("sample", STATION)
    panel._header.cancel.click()
    assert ("cancel", {"id": engine.jobs[0]["id"]}) in engine.asked
    assert panel._pages.currentWidget() is panel._plot and panel._header.again.isVisible()
    assert not panel._header.progress.isVisible() and "cancelled" in panel._line.text()
    engine.jobs.clear()
    panel._header.again.click()
    assert engine.methods().count("submit") == 2 and panel._header.cancel.isVisible()


def test_answers_for_a_station_that_was_left_are_dropped(panel: Any, engine: Engine) -> None:
    engine.held = []
    panel.show_station("sample", {**STATION, "id": "s9", "name": "Left"})
    while "list" not in engine.methods():
        engine.held.pop(0)()  # up to the search for an earlier job of the first station, whose answer is on its way
    panel.show_station("sample", STATION)
    engine.release()
    submitted = [params["specification"]["options"]["stations"] for method, params in engine.asked
                 if method == "submit"]
    assert submitted == [["s1"]] and panel._header.title.whole == "North"


def test_a_failure_is_told_in_the_engines_words(panel: Any, engine: Engine) -> None:
    panel.show_station("sample", STATION)
    engine.jobs[0].update(state="failed", reason={"code": "no_weather", "message": "No weather after 30 Jun 2023.",
                                                  "hint": "Choose an earlier date."})
    engine.jobChanged.emit(engine.jobs[0])
    assert panel._line.text() == "No weather after 30 Jun 2023. Choose an earlier date."
    assert panel._header.again.isVisible() and panel._pages.currentWidget() is panel._plot


def test_files_that_are_gone_are_a_message(panel: Any, engine: Engine, qtbot: Any) -> None:
    panel.show_station("sample", STATION)
    engine.jobs[0].update(state="succeeded", outputs=[])
    engine.jobChanged.emit(engine.jobs[0])
    qtbot.waitUntil(lambda: "could not be read" in panel._line.text(), timeout=5000)
    assert panel._header.again.isVisible()


def test_without_observations_the_panel_says_so(panel: Any, engine: Engine) -> None:
    engine.errors["observations"] = {"code": "store_missing", "message": "The region's folder is not there.",
                                     "hint": "Connect its drive."}
    panel.show_station("sample", STATION)
    assert panel._pages._message.isVisible()
    assert panel._pages._message.text() == "The region's folder is not there. Connect its drive."
    engine.errors.clear()
    panel._header.again.click()
    assert panel._pages.currentWidget() is panel._plot


def test_a_period_without_measurements_is_told_and_not_computed(panel: Any, engine: Engine) -> None:
    engine.missing = {5, 20}
    panel.show_station("sample", STATION)
    text = panel._pages._message.text()
    assert "has no data at 5 or 20 cm" in text and "1 Jan 2021 – 31 Dec 2023" in text
    assert "submit" not in engine.methods()


def test_a_depth_without_a_sensor_is_left_out_of_the_job(panel: Any, engine: Engine, qtbot: Any) -> None:
    engine.missing = {20}
    compared(panel, engine, qtbot)
    assert engine.jobs[0]["specification"]["depths_cm"] == [5]
    assert panel._plot._notes[20].toPlainText() == "no observations at 20 cm"
    assert [row[0] for row in panel._scores.texts()] == ["", "5 cm"]


def test_hovering_says_the_day_in_words(panel: Any, engine: Engine, qtbot: Any) -> None:
    compared(panel, engine, qtbot)
    box = panel._plot.depths[5].getViewBox()
    day = panel._shown.days[20]
    position = box.mapViewToScene(QPointF(float(day.astype(int)) * 86400.0 + 3000, 0.25))
    panel._plot.scene().sigMouseMoved.emit(position)
    assert panel._line.text().startswith(station_series.day_text(day.astype(object)))
    assert "0.010 too wet" in panel._line.text()
    panel._plot._mouse_moved(QPointF(-50, -50))
    assert panel._line.text().startswith(station_series.day_text(panel._day))


def test_the_days_sentence_wraps_and_the_picture_below_stays(panel: Any, engine: Engine, qtbot: Any) -> None:
    compared(panel, engine, qtbot)
    line = panel._line
    line.resize(line.fontMetrics().horizontalAdvance(line.text()) // 2, line.height())
    high = line.minimumHeight()
    assert high == line.heightForWidth(line.width()) >= 2 * line.fontMetrics().lineSpacing()
    line.setText("30 Dec 2023")
    assert line.minimumHeight() == high, "nothing moves while the pointer goes over the days"
    line.resize(2 * line.width(), line.height())
    assert line.minimumHeight() < high


def test_dragging_the_line_picks_a_whole_day(panel: Any, engine: Engine, qtbot: Any) -> None:
    compared(panel, engine, qtbot)
    picked: list[dt.date] = []
    panel.dayPicked.connect(picked.append)
    plot, box = panel._plot, panel._plot.depths[20].getViewBox()
    qtbot.waitUntil(lambda: box.sceneBoundingRect().height() > 10, timeout=5000)

    def at(day: dt.date) -> QPoint:
        return plot.mapFromScene(box.mapViewToScene(QPointF((day - dt.date(1970, 1, 1)).days * 86400.0,
                                                            sum(box.viewRange()[1]) / 2)))

    start, goal = at(panel._day), at(dt.date(2023, 11, 15))
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseMove(plot.viewport(), start)
    QTest.mousePress(plot.viewport(), button, none, start, delay=20)
    drag(plot, start, goal)
    QTest.mouseRelease(plot.viewport(), button, none, goal, delay=20)
    assert len(picked) == 1 and abs((picked[0] - dt.date(2023, 11, 15)).days) <= 1
    assert {line.value() % 86400.0 for line in plot._date_lines} == {0.0}
    assert len({line.value() for line in plot._date_lines}) == 1


def drag(plot: Any, start: QPoint, goal: QPoint) -> None:
    """Moves with the left button held, which QTest.mouseMove cannot say."""
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    from qgis.PyQt.QtGui import QMouseEvent

    for step in range(1, 11):
        position = start + (goal - start) * (step / 10)
        QTest.qWait(12)  # pyqtgraph looks at movements at most a hundred times a second
        QCoreApplication.sendEvent(plot.viewport(), QMouseEvent(
            QEvent.Type.MouseMove, QPointF(position), QPointF(plot.viewport().mapToGlobal(position)),
            Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))


def test_the_scatter_holds_the_days_with_both(panel: Any, engine: Engine, qtbot: Any) -> None:
    compared(panel, engine, qtbot)
    seen, said = panel._plot._points[5].getData()
    assert len(seen) == 84 and said == pytest.approx(seen + 0.01)
    assert panel._plot._one_to_one.getData()[0].tolist() == panel._plot._one_to_one.getData()[1].tolist()


def test_every_axis_has_its_unit(panel: Any, engine: Engine, qtbot: Any) -> None:
    compared(panel, engine, qtbot)
    plot = panel._plot
    labels = [plot.rain.getAxis("left").labelText, *(plot.depths[depth].getAxis("left").labelText for depth in (5, 20)),
              plot.scatter.getAxis("left").labelText, plot.scatter.getAxis("bottom").labelText]
    assert "mm/day" in labels[0] and all("m³/m³" in label for label in labels[1:])


def test_pyqtgraph_is_loaded_by_the_first_plot_only() -> None:
    """In a fresh interpreter: importing the panel must not load it."""
    import subprocess

    code = ("import sys, deepsoil_plugin.panels.station_panel; assert 'pyqtgraph' not in sys.modules; "
            "import os; before = dict(os.environ); import deepsoil_plugin.panels.station_plot; "
            "assert 'pyqtgraph' in sys.modules and dict(os.environ) == before")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
