"""The panel "Water" with the real engine on the sample region: pulled by mouse and keys, kept, undone, and quick."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel

from deepsoil_plugin.components import Components
from deepsoil_plugin.panels.water.event_bars import ASIDE_S
from deepsoil_plugin.panels.water.plan import Event

SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
FIELD = {"type": "Polygon", "coordinates": [[[-104.935, 40.430], [-104.923, 40.430], [-104.923, 40.421],
                                             [-104.935, 40.421], [-104.935, 40.430]]]}
DAY = dt.date(2023, 7, 12)
SLOW_MS = 300_000


@pytest.fixture
def parts(window, qgis_new_project, real_python, sample_region, own_home, qtbot, monkeypatch):
    subprocess.run([str(real_python), "-m", "deepsoil", "regions", "--add", str(sample_region)], check=True,
                   capture_output=True, env={**os.environ, "DEEPSOIL_HOME": str(own_home)})
    monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(real_python))
    window.window.show()
    made = Components(window)
    made.open_dock()
    qtbot.waitUntil(lambda: made.dock.request.data.known, timeout=120_000)
    yield made
    made.close()


@pytest.fixture
def panel(parts, qtbot):
    """Open on a field with a crop and a log, three weeks into July."""
    request = parts.dock.request
    request.area.set_area(FIELD, "North quarter")
    log = {"type": "log", "applications": [{"date": "2023-07-03", "mm": 25.0}, {"date": "2023-07-08", "mm": 18.0}]}
    request.water.put("North quarter", {"crop": "corn", "irrigation": log})
    opened = parts.panels.open("water")
    opened.desk.set_day(DAY)
    qtbot.waitUntil(lambda: opened._course is not None, timeout=SLOW_MS)
    settle(opened, qtbot)
    return opened


def settle(panel, qtbot):
    """Until nothing is under way."""
    qtbot.waitUntil(lambda: not panel.desk._questions.waits, timeout=SLOW_MS)
    qtbot.wait(30)


def at(panel, day, mm):
    """Where on the plot a day and an amount are."""
    plot = panel._plot
    seconds = float(np.datetime64(day, "D").astype(int)) * 86_400 + ASIDE_S
    scene = plot.water.getViewBox().mapViewToScene(QPointF(seconds, mm))
    return plot.mapFromScene(scene)


def pull(panel, start: QPoint, *through: QPoint):
    port, left, none = panel._plot.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(port, left, none, start)
    for point in through:
        QCoreApplication.sendEvent(port, QMouseEvent(QEvent.Type.MouseMove, QPointF(point),
                                                     QPointF(port.mapToGlobal(point)), Qt.MouseButton.NoButton, left,
                                                     none))
    QTest.mouseRelease(port, left, none, through[-1] if through else start)


def test_water_is_added_pulled_and_undone_and_the_sentence_follows(panel, parts, qtbot):
    days = [DAY + dt.timedelta(days=number) for number in range(8)]
    sentence = panel.findChild(QLabel, "waterSentence")
    dry = sentence.text()
    lack = panel._course.depletion.mean[-1]
    assert panel.desk.history.now.planned == () and len(panel.desk.history.now.given) == 2
    pull(panel, at(panel, days[3], 20))  # a click adds
    assert panel.desk.history.now.planned == (Event(days[3], 20.0),)
    settle(panel, qtbot)
    assert panel._course.irrigation.mean[panel._course.past + 2] == pytest.approx(20, rel=0.05)
    assert panel._course.depletion.mean[-1] < lack - 5
    start = at(panel, days[3], 10)
    pull(panel, start, *(start - QPoint(0, up) for up in (5, 10, 20, 40)))
    (taller,) = panel.desk.history.now.planned
    assert taller.day == days[3] and taller.mm > 22 and taller.mm == round(taller.mm)
    start = at(panel, days[3], 10)
    pull(panel, start, start + QPoint(6, 0), at(panel, days[5], 10))
    assert panel.desk.history.now.planned == (Event(days[5], taller.mm),)
    settle(panel, qtbot)
    SHOTS.mkdir(exist_ok=True, parents=True)
    parts.iface.mainWindow().grab().save(str(SHOTS / "look_water_window.png"))
    panel.grab().save(str(SHOTS / "look_water_panel.png"))
    panel.setFloating(True)
    panel.resize(600, 420)
    qtbot.wait(100)
    panel.grab().save(str(SHOTS / "look_water_narrow.png"))
    panel.setFloating(False)
    qtbot.wait(100)
    plot = panel._plot
    for key, mm in ((Qt.Key.Key_Up, taller.mm + 1), (Qt.Key.Key_Down, taller.mm)):
        QTest.keyClick(plot, key)
        assert panel.desk.history.now.planned == (Event(days[5], mm),)
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert panel.desk.history.now.planned == (Event(days[4], taller.mm),)
    QTest.keyClick(plot, Qt.Key.Key_Delete)
    assert panel.desk.history.now.planned == ()
    for _ in range(6):
        QTest.keyClick(plot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert panel.desk.history.now.planned == (Event(days[3], 20.0),)
    QTest.keyClick(plot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert panel.desk.history.now.planned == () and not panel.desk.history.can_undo
    QTest.keyClick(plot, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert panel.desk.history.now.planned == (Event(days[3], 20.0),)
    settle(panel, qtbot)
    taken = np.percentile(list(panel.latencies_s)[1:], [50, 95])
    print(f"\nfrom movement to drawn: median {taken[0]:.3f} s, p95 {taken[1]:.3f} s of {len(panel.latencies_s) - 1}")
    table = panel.body.table
    for column, text in enumerate((f"{days[1]:%Y-%m-%d}", "130")):
        table.item(table.rowCount() - 1, column).setText(text)
    assert panel.desk.history.now.planned[0] == Event(days[1], 130.0)
    settle(panel, qtbot)
    assert dry.startswith("Refill") and " now " in dry and " now " not in sentence.text(), "the crop has enough again"
    assert "after the 130 mm planned" in sentence.text() or "after the 150 mm planned" in sentence.text()
    table.item(0, 1).setText("a lot")
    assert panel.body.problem.text().startswith("“a lot” is not an amount of water")
    panel.desk.undo()
    settle(panel, qtbot)
    water = parts.dock.request.water.known["North quarter"]
    assert len(water["irrigation"]["applications"]) == 2, "what is planned is not in the log"
    assert "plans" not in QgsProject.instance().entryList("DeepSoil", "")
    panel.body.header.keep.click()
    assert json.loads(QgsProject.instance().readEntry("DeepSoil", "plans", "")[0]) == {
        "North quarter": [{"date": str(days[3]), "mm": 20.0}]}
    assert not panel.body.header.keep.isEnabled()
    log_and_figures(panel, parts, qtbot)


def log_and_figures(panel, parts, qtbot):
    """What was given is the dock's own log; the crop's figures can be changed, and both undone."""
    def known():
        return parts.dock.request.water.known["North quarter"]

    start = at(panel, dt.date(2023, 7, 8), 9)
    pull(panel, start, start - QPoint(0, 8), start - QPoint(0, 30))
    logged = known()["irrigation"]["applications"][1]
    assert logged["date"] == "2023-07-08" and logged["mm"] > 20
    panel.desk.undo()
    assert known()["irrigation"]["applications"][1]["mm"] == 18.0
    limit = panel._course.need["limit_mm"]
    panel.body.crop.allowed.setValue(30)
    assert known()["allowed_depletion"] == 0.3
    settle(panel, qtbot)
    assert panel._course.need["limit_mm"] == pytest.approx(limit * 0.3 / 0.55, rel=0.02)
    parts.dock.request.water._mm.setValue(30)  # an edit in the dock leaves them
    assert known()["allowed_depletion"] == 0.3
    panel.desk.undo()
    assert "allowed_depletion" not in known()
    settle(panel, qtbot)
    assert panel._course.need["limit_mm"] == pytest.approx(limit, rel=0.001)


def test_a_place_without_soil_and_a_field_without_data_say_so_in_one_line(parts, qtbot):
    panel = parts.panels.open("water")
    message = panel.findChild(QLabel, "waterMessage")
    assert message.text().startswith("Draw or select a field")
    panel.show_place(10.0, 10.0)
    qtbot.waitUntil(lambda: message.text().startswith("No region has data there"), timeout=60_000)
    panel.show_place(-104.929, 40.4255)
    qtbot.waitUntil(lambda: panel._course is not None, timeout=SLOW_MS)
    settle(panel, qtbot)
    assert panel.body.header.title.text() == "40.42550°, -104.92900°"
    assert "irrigation before is not known" in panel.findChild(QLabel, "waterSentence").text() \
        or "interval wide" not in panel.findChild(QLabel, "waterSentence").text()
    panel.body.header.sources["job"].click()
    assert panel.body.problem.text().startswith("Select a job with maps")
    parts.session.model.put({"id": "a" * 32, "kind": "predict", "name": "South", "state": "succeeded", "host": "local",
                             "specification": {"name": "South", "area": FIELD, "options": {"management": [
                                 {"crop": "potato", "irrigation": {"type": "rainfed"}}]}}})
    parts.dock.jobs.choose("a" * 32)
    panel.body.header.sources["job"].click()
    qtbot.waitUntil(lambda: panel._course is not None and panel.body.header.title.text() == "South", timeout=SLOW_MS)
    settle(panel, qtbot)
    assert panel.body.crop.crop.text().startswith("Potato")
    before = panel.desk.history.now
    panel.desk.settle(before.resized(panel.desk.day, 20, logged=True))
    assert panel.body.problem.text().startswith("Single days cannot be noted") and panel.desk.history.now == before
