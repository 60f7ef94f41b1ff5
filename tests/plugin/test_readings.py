"""The readings of the request: files, values at a point and stations go into it, and are kept with the project."""

from __future__ import annotations

import json

import pytest
from qgis.core import QgsRectangle
from qgis.gui import QgsMapMouseEvent
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QDate, QEvent, QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QToolButton,
    QTreeWidget,
)
from test_dock import FOOTPRINT, REGION, open_dock, part  # noqa: F401

from deepsoil_plugin.dock.readings.list_window import ReadingsWindow
from deepsoil_plugin.dock.readings.probe_dialog import ProbeDialog
from deepsoil_plugin.dock.readings.value_dialog import ValueDialog, reading_of
from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.jobs.readings import KnownReadings, ProbeReadings, asked_text, summary_text

HERE = {"longitude": -104.91, "latitude": 40.42}
TYPED = {**HERE, "depth_cm": 20.0, "date": "2023-07-12", "theta": 0.22, "sensor": "reading"}
DAILY = [{**HERE, "depth_cm": 5.0, "date": f"2023-07-{day}", "theta": 0.2, "sensor": "Kona"} for day in (10, 11)]
UNKNOWN = {"file": "kona.csv", "head": ["Time", "Probe 1 (%)"], "separator": ",", "decimal": ".",
           "first": [[2, "07/10/2023 09:00", "20"]], "rows": 2, "columns": dict.fromkeys(
               ("time", "sensor", "longitude", "latitude", "depth")) | {"time": 0}, "values": [],
           "asked": ["value", "place", "order"], "problem": None, "readings": [], "missing": 0, "refused": [],
           "refused_count": 0}
ROW_3 = {"code": "readings_invalid", "message": "The file kona.csv has 220 in row 3.", "hint": "Correct it.",
         "field": None}
KNOWN = {**UNKNOWN, "asked": [], "values": [{"column": 1, "depth_cm": 5.0, "unit": "percent", "named": "percent"}],
         "readings": DAILY, "missing": 3, "refused": [{"row": 3, "error": ROW_3}], "refused_count": 1}


@pytest.fixture
def parts(open_dock, window, tmp_path):  # noqa: F811
    made = open_dock(log=tmp_path / "log", regions=[{**REGION, "stations": 3}])
    made.dock.request.area.set_area(FOOTPRINT, "North pivot")
    return made


def asked(parts):
    return parts.dock.request.request().specification("0" * 32)["options"].get("readings")


def choose(dialog, name, data):
    combo = dialog.findChild(QComboBox, name)
    combo.setCurrentIndex(combo.findData(data))
    combo.activated.emit(combo.currentIndex())


def tabs_from(widget, count):
    """The names of the dialog's parts in the order in which Tab goes through them, without their common beginning."""
    names = []
    while len(names) < count:
        stops = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if stops and widget.objectName().startswith("deepsoilProbe"):
            names.append(widget.objectName().removeprefix("deepsoilProbe"))
        widget = widget.nextInFocusChain()
    return names


def dialog_of(parts, kind):
    return next(one for one in parts.dock.findChildren(kind) if one.isVisible())


def test_the_regions_stations_are_used_if_ticked(parts, qtbot):
    qtbot.waitUntil(lambda: part(parts, QCheckBox, "deepsoilUseStations").isEnabled(), timeout=10_000)
    assert asked(parts) is None
    part(parts, QCheckBox, "deepsoilUseStations").setChecked(True)
    assert asked(parts) == {"stations": True, "left_out": [], "values": [], "later_days": False}
    assert part(parts, QLabel, "deepsoilReadingsSummary").text() == "stations"
    part(parts, QCheckBox, "deepsoilUseStations").setChecked(False)
    assert asked(parts) is None


def test_a_value_is_typed_at_a_point_of_the_map(parts, window):
    window.canvas.setExtent(QgsRectangle(-11_690_000, 4_925_000, -11_688_000, 4_926_500))
    part(parts, QToolButton, "deepsoilReadingsPoint").click()
    tool = window.canvas.mapTool()
    middle = QPoint(window.canvas.width() // 2, window.canvas.height() // 2)
    tool.canvasReleaseEvent(QgsMapMouseEvent(window.canvas, QEvent.Type.MouseButtonRelease, middle,
                                             Qt.MouseButton.LeftButton))
    assert window.canvas.mapTool() is not tool and not part(parts, QToolButton, "deepsoilReadingsPoint").isChecked()
    dialog = dialog_of(parts, ValueDialog)
    add, problem = dialog.findChild(QPushButton, "deepsoilReadingAdd"), dialog.findChild(QLabel,
                                                                                          "deepsoilReadingProblem")
    dialog.findChild(QLineEdit, "deepsoilReadingWater").setText("22")
    add.click()
    assert "unit" in problem.text()
    choose(dialog, "deepsoilReadingUnit", "m3m3")
    add.click()
    assert "per cent" in problem.text() and asked(parts) is None
    choose(dialog, "deepsoilReadingUnit", "percent")
    add.click()
    assert "depth" in problem.text()
    dialog.findChild(QLineEdit, "deepsoilReadingDepth").setText("7,5")
    dialog.findChild(QDateEdit, "deepsoilReadingDay").setDate(QDate(2023, 7, 12))
    add.click()
    (value,) = asked(parts)["values"]
    assert (value["theta"], value["depth_cm"], value["date"]) == (0.22, 7.5, "2023-07-12")
    assert value["longitude"] == pytest.approx(-104.99, abs=0.05)
    assert value["latitude"] == pytest.approx(40.42, abs=0.02)
    assert part(parts, QLabel, "deepsoilReadingsSummary").text() == "1 value"
    assert parts.dock.request.readings._marks.places == [(value["longitude"], value["latitude"])]
    parts.dock.request.readings.ask_for_value(-104.9, 40.4)
    again = dialog_of(parts, ValueDialog)
    assert again.unit == "percent" and again.findChild(QLineEdit, "deepsoilReadingDepth").text() == "7.5"
    again.close()


def test_a_file_is_used_only_when_nothing_is_left_to_guess(open_dock, window, qtbot, tmp_path):  # noqa: F811
    answer, log = tmp_path / "answer.json", tmp_path / "log"
    answer.write_text(json.dumps({"probe_table": UNKNOWN}))
    parts = open_dock(log=log, files={"probe_table": str(answer)})
    parts.dock.request.area.set_area(FOOTPRINT, "North pivot")
    parts.dock.request.readings.add_file("/data/kona.csv")
    dialog = dialog_of(parts, ProbeDialog)
    use, problem = dialog.findChild(QPushButton, "deepsoilProbeUse"), dialog.findChild(QLabel, "deepsoilProbeProblem")
    qtbot.waitUntil(lambda: "order of day and month" in problem.text(), timeout=10_000)
    assert not use.isEnabled() and "where the probe is" in use.toolTip()
    assert tabs_from(dialog.findChild(QComboBox, "deepsoilProbeRole0"), 13) == [
        "Role0", "Depth0", "Role1", "Depth1", "Separator", "Decimal", "Unit", "Order", "Zone", "Sensor", "Longitude",
        "Latitude", "Pick"]
    answer.write_text(json.dumps({"probe_table": KNOWN}))
    choose(dialog, "deepsoilProbeRole1", "value")
    dialog.findChild(QLineEdit, "deepsoilProbeDepth1").setText("5")
    choose(dialog, "deepsoilProbeOrder", "mdy")
    choose(dialog, "deepsoilProbeUnit", "percent")
    choose(dialog, "deepsoilProbeZone", -360)
    dialog.set_place(-104.91, 40.42)
    qtbot.waitUntil(use.isEnabled, timeout=10_000)
    said = [json.loads(line)["params"]["said"] for line in log.read_text().splitlines()
            if json.loads(line)["method"] == "probe_table"][-1]
    assert said == {"unit": "percent", "order": "mdy", "zone_min": -360, "sensor": "kona", "place": [-104.91, 40.42],
                    "separator": ",", "decimal": ".", "values": {"1": 5.0},
                    "columns": {"time": 0, "sensor": None, "depth": None, "longitude": None, "latitude": None}}
    found = dialog.findChild(QLabel, "deepsoilProbeFound").text()
    assert "1 probe, 2 daily means, 5 cm, 10 – 11 Jul 2023" in found and "3 cells without a value" in found
    assert dialog.findChild(QListWidget, "deepsoilProbeRefused").item(0).text() == \
        "The file kona.csv has 220 in row 3. Correct it."
    use.click()
    assert asked(parts)["values"] == DAILY
    assert part(parts, QLabel, "deepsoilReadingsSummary").text() == "1 probe"


def test_readings_are_changed_removed_and_brought_back(parts):
    section = parts.dock.request.readings
    section.restore(KnownReadings(False, (ProbeReadings("kona.csv", tuple(DAILY)),), (TYPED,)))
    part(parts, QToolButton, "deepsoilReadingsShow").click()
    window = dialog_of(parts, ReadingsWindow)
    rows = window.findChild(QTreeWidget, "deepsoilReadingsList")
    assert [rows.topLevelItem(n).text(0) for n in range(2)] == ["kona.csv: 2 daily means of Kona",
                                                                "0.220 m³/m³"]
    file = rows.topLevelItem(0)
    file.setCheckState(0, Qt.CheckState.Unchecked)
    assert asked(parts)["values"] == [TYPED]
    assert not sip.isdeleted(file), "Qt reads the item once more after the tick: QGIS would end"
    rows.setCurrentItem(rows.topLevelItem(1))
    window.findChild(QToolButton, "deepsoilReadingsEdit").click()
    dialog = dialog_of(parts, ValueDialog)
    dialog.findChild(QLineEdit, "deepsoilReadingWater").setText("0,25")
    dialog.findChild(QPushButton, "deepsoilReadingAdd").click()
    assert asked(parts)["values"] == [{**TYPED, "theta": 0.25}]
    rows.setCurrentItem(rows.topLevelItem(1))
    QTest.keyClick(window, Qt.Key.Key_Delete)
    assert asked(parts) is None
    for _ in range(3):
        window.findChild(QToolButton, "deepsoilReadingsUndo").click()
    window.findChild(QCheckBox, "deepsoilLaterDays").setChecked(True)
    assert asked(parts) == {"stations": False, "left_out": [], "values": [*DAILY, TYPED], "later_days": True}
    window.close()


def test_readings_are_kept_with_the_project_and_bad_ones_are_not_taken(parts):
    known = KnownReadings(True, (ProbeReadings("kona.csv", tuple(DAILY), False),), (TYPED,), True)
    parts.dock.request.readings.restore(known)
    document = json.loads(json.dumps(parts.dock.request.request().to_dict()))
    assert MapRequest.from_dict(document).readings == known
    document["readings"]["typed"] += [{**TYPED, "theta": 22.0}, {**TYPED, "note": "x"}, "0.22", None]
    document["readings"]["files"] += [{"name": 5, "values": DAILY}, {"name": "empty", "values": []}, 7]
    assert MapRequest.from_dict(document).readings == known
    assert MapRequest.from_dict({"readings": "all"}).readings == KnownReadings()


def test_what_is_used_is_said_in_few_words():
    two = ProbeReadings("a.csv", (*DAILY, {**DAILY[0], "sensor": "Second"}))
    assert summary_text(KnownReadings(True, (two,), (TYPED,) * 3, True)) == \
        "stations, 2 probes, 3 values, later days too"
    assert summary_text(KnownReadings(False, (ProbeReadings("a.csv", tuple(DAILY), False),))) == ""
    assert asked_text(KnownReadings(False, (two,)).document()) == "3 own readings of Kona, Second"


@pytest.mark.parametrize(("texts", "wrong"), [
    (("", "m3m3", "20", "2023-07-12", "-104", "40", ""), "water content"),
    (("0.22", "m3m3", "200", "2023-07-12", "-104", "40", ""), "depth"),
    (("0.22", "m3m3", "20", "2023-07-12", "", "40", ""), "place"),
    (("-1", "percent", "20", "2023-07-12", "-104", "40", ""), "No soil"),
])
def test_a_value_that_cannot_be_is_refused(texts, wrong):
    reading, problem = reading_of(*texts)
    assert reading is None and wrong in problem
