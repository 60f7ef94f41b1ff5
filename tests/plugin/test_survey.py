"""The panel of own readings: it compares what the dock holds with a finished map, and says what that means."""

from __future__ import annotations

import json
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QTableWidget, QToolButton
from summaries import OUTPUT, summary
from test_dock import open_dock  # noqa: F401

from deepsoil_plugin.jobs.readings import KnownReadings, ProbeReadings
from deepsoil_plugin.panels.survey.words import figures, left_out_text, pattern_text

JOB = {**summary(outputs=[{**OUTPUT, "name": "soil_moisture_05cm_2023-07-15.tif", "date": "2023-07-15",
                           "sha256": "0" * 64}]), "name": "North quarter"}
VALUES = [{"longitude": -104.93 + 0.0004 * n, "latitude": 40.425, "depth_cm": 12.0, "date": "2023-07-15",
           "theta": round(0.2 + 0.004 * n, 4), "sensor": f"point {n}"} for n in range(20)]
POINTS = [{**value, "observed": value["theta"], "map_depth_cm": 5, "half_width": 0.03,
           "predicted": round(0.23 + 0.003 * n, 4)} for n, value in enumerate(VALUES)]
SCORES = {"n": 20, "bias": 0.0205, "mae": 0.0205, "rmse": 0.021, "ubrmsd": 0.006, "r": 0.98, "mae_pattern": 0.005,
          "mae_mean": 0.02, "inside": 0.85}
ANSWER = {"points": POINTS, "scores": {"5": SCORES}, "left_out": {"no_map": 3, "too_deep": 0, "outside": 1}}


def opened(open_dock, tmp_path, known, **results):  # noqa: F811
    log = tmp_path / "log"
    parts = open_dock(log=log, **({"list": [JOB], "compare_readings": ANSWER} | results))
    parts.dock.request.readings.restore(known)
    return parts, parts.panels.open("survey"), log


def asked(log):
    return [line["params"] for line in map(json.loads, log.read_text().splitlines())
            if line["method"] == "compare_readings"]


def text(panel, name):
    return panel.findChild(QLabel, name).text()


def test_readings_that_are_not_used_are_compared_too_and_the_figures_say_what_they_mean(open_dock, qtbot,  # noqa: F811
                                                                                        tmp_path):
    known = KnownReadings(files=(ProbeReadings("survey.csv", tuple(VALUES), used=False),))
    _, panel, log = opened(open_dock, tmp_path, known)
    table = panel.findChild(QTableWidget, "surveyFigures")
    qtbot.waitUntil(lambda: table.rowCount() == 7, timeout=10_000)
    assert asked(log) == [{"id": JOB["id"], "values": VALUES}]
    rows = {table.verticalHeaderItem(row).text(): table.item(row, 0).text() for row in range(7)}
    assert rows["Bias (m³/m³)"] == "0.021" and rows["In the 90 % interval"] == "85 %" and rows["Readings"] == "20"
    words = text(panel, "surveyWords")
    assert "knows a part of the pattern" in words
    assert "no map of their day: 3" in words and "outside of the map: 1" in words
    assert panel.findChild(QComboBox, "surveyMap").currentText() == "North quarter, 15 Jul 2023"
    panel.resize(590, 260)
    qtbot.wait(200)
    shots = Path(__file__).parents[2] / "build" / "screenshots"
    shots.mkdir(parents=True, exist_ok=True)
    panel.grab().save(str(shots / "survey_panel.png"))
    panel.findChild(QToolButton, "surveyResiduals").click()
    layers = [layer for layer in QgsProject.instance().mapLayers().values() if "Map minus readings" in layer.name()]
    assert len(layers) == 1 and layers[0].featureCount() == 20
    first = next(layers[0].getFeatures("sensor = 'point 0'"))
    assert first["residual"] == 0.03
    panel.findChild(QToolButton, "surveyResiduals").click()
    assert len([layer for layer in QgsProject.instance().mapLayers().values() if "readings" in layer.name()]) == 1
    panel.close()
    assert not [layer for layer in QgsProject.instance().mapLayers().values() if "readings" in layer.name()]


def test_without_readings_or_without_a_map_it_says_what_to_do(open_dock, qtbot, tmp_path):  # noqa: F811
    parts, panel, log = opened(open_dock, tmp_path, KnownReadings())
    qtbot.waitUntil(lambda: "no readings yet" in text(panel, "surveyProblem"), timeout=10_000)
    other = [{**VALUES[0], "date": "2023-08-01"}]
    parts.dock.request.readings.restore(KnownReadings(typed=tuple(other)))
    parts.dock.request.readings.readingsChanged.emit()
    qtbot.waitUntil(lambda: "No finished map has a day" in text(panel, "surveyProblem"), timeout=10_000)
    assert asked(log) == [] and not panel.findChild(QToolButton, "surveyResiduals").isEnabled()


def test_a_map_that_was_made_with_readings_is_not_sold_as_checked_by_them(open_dock, qtbot, tmp_path):  # noqa: F811
    made_with = {**JOB, "specification": {**JOB["specification"], "options": {"readings": {"values": VALUES}}}}
    _, panel, _ = opened(open_dock, tmp_path, KnownReadings(typed=tuple(VALUES)), list=[made_with])
    qtbot.waitUntil(lambda: "no check of it" in text(panel, "surveyWords"), timeout=10_000)


def test_words_for_few_points_and_for_a_pattern_that_is_not_known():
    assert "as good" in pattern_text({**SCORES, "mae_pattern": 0.02})
    assert pattern_text({**SCORES, "r": None}) == "", "a handful of points has no pattern"
    assert left_out_text({"no_map": 0, "outside": 0}) == ""
    assert figures({"n": 3})[1][1] == "–"
