"""The water of the request: a log is typed, pasted or opened, kept with its field, and goes into the request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from qgis.PyQt.QtCore import QCoreApplication, QDate, Qt
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDateEdit, QLabel, QSpinBox, QToolButton
from test_dock import FOOTPRINT, button, open_dock, part, problem  # noqa: F401

from deepsoil_plugin import preferences
from deepsoil_plugin.dock.irrigation_table import IrrigationTable, applications_of
from deepsoil_plugin.dock.soil_line import SoilLine
from deepsoil_plugin.jobs import water
from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.text import units
from deepsoil_plugin.widgets.quantity_box import QuantityBox

LOG = {"type": "log", "applications": [{"date": "2023-07-04", "mm": 25.4}, {"date": "2023-07-14", "mm": 20.0}]}


def choose(parts, kind, name="deepsoilWater"):
    combo = part(parts, QComboBox, name)
    index = combo.findData(kind)
    assert index >= 0, [combo.itemData(n) for n in range(combo.count())]
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def table(parts):
    return part(parts, IrrigationTable, "deepsoilIrrigationTable")


def put(rows, row, date, mm):
    rows.setItem(row, 0, _item(date))
    rows.setItem(row, 1, _item(mm))


def _item(text):
    from qgis.PyQt.QtWidgets import QTableWidgetItem

    return QTableWidgetItem(text)


def shot(parts, name):
    """For people: ``build/screenshots``."""
    parts.dock.resize(380, 760)
    for _ in range(5):
        QCoreApplication.processEvents()
    folder = Path(__file__).parents[2] / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    parts.dock.grab().save(str(folder / f"{name}.png"))


def management(parts):
    return parts.dock.request.request().specification("0" * 32)["options"].get("management")


@pytest.fixture
def parts(open_dock):  # noqa: F811
    made = open_dock(irrigation_log=LOG, crops=[{"crop": "corn", "title": "Corn (maize)"}])
    made.dock.request.area.set_area(FOOTPRINT, "North pivot")
    return made


def test_each_way_of_saying_it_goes_into_the_request(parts):
    assert management(parts) is None
    choose(parts, "irrigated")
    assert management(parts) == [{"irrigation": {"type": "irrigated"}}]
    choose(parts, "habit")
    part(parts, QSpinBox, "deepsoilHabitDepletion").setValue(50)
    shot(parts, "water_habit")
    assert management(parts) == [{"irrigation": {"type": "habit", "mm": 25.0, "depletion": 0.5}}]
    choose(parts, "corn", "deepsoilCrop")
    assert management(parts)[0]["crop"] == "corn"
    part(parts, QCheckBox, "deepsoilIsPlanted").setChecked(True)
    part(parts, QDateEdit, "deepsoilPlanted").setDate(QDate(2023, 5, 2))
    assert management(parts)[0]["planted"] == "2023-05-02"
    shot(parts, "water_crop")
    choose(parts, "", "deepsoilCrop")
    choose(parts, "log")
    assert "log is empty" in problem(parts) and not button(parts).isEnabled()
    put(table(parts), 0, "2023-07-04", "25,4")
    assert management(parts)[0]["irrigation"]["applications"] == [{"date": "2023-07-04", "mm": 25.4}]
    assert "25 mm" in part(parts, QLabel, "deepsoilLogTotal").text()
    assert table(parts).item(0, 0).text() == "4 Jul 2023", "the month as a word: nobody can misread it"
    choose(parts, "")
    assert management(parts) is None


def test_water_is_typed_and_told_in_inches_and_kept_in_mm(parts):
    choose(parts, "log")
    put(table(parts), 0, "2023-07-04", "25.4")
    preferences.set_water_unit("in")
    parts.units_changed()
    assert table(parts).item(0, 1).text() == "1" and table(parts).horizontalHeaderItem(1).text() == "Water (in)"
    put(table(parts), 1, "2023-07-14", "0.5")
    assert [one["mm"] for one in management(parts)[0]["irrigation"]["applications"]] == [25.4, 12.7]
    assert "water: 1.5 in" in part(parts, QLabel, "deepsoilLogTotal").text()
    put(table(parts), 1, "2023-07-14", "25")
    assert "at most 11.8 in" in problem(parts)
    choose(parts, "habit")
    box = part(parts, QuantityBox, "deepsoilHabitMm")
    assert (box.text(), management(parts)[0]["irrigation"]["mm"]) == ("1.0 in", 25.0), "what is shown is rounded"
    box.setValue(0.5)
    assert management(parts)[0]["irrigation"]["mm"] == 12.7
    preferences.set_water_unit("mm")
    parts.units_changed()
    assert box.text() == "13 mm" and management(parts)[0]["irrigation"]["mm"] == 12.7


def test_a_wrong_row_is_named_and_nothing_is_lost(parts):
    choose(parts, "log")
    rows = table(parts)
    put(rows, 0, "2023-07-04", "25")
    put(rows, 1, "yesterday", "25")
    assert "Row 2" in problem(parts) and "yesterday" in problem(parts) and not button(parts).isEnabled()
    put(rows, 1, "4 Jul 2023", "5")
    assert "Add them up" in problem(parts)
    shot(parts, "water_log")
    put(rows, 1, "5 Jul 2023", "500")
    assert "at most 300" in problem(parts)
    put(rows, 1, "5 Jul 2023", "5")
    assert len(management(parts)[0]["irrigation"]["applications"]) == 2
    assert "Row" not in problem(parts)


def test_a_deleted_row_comes_back(parts):
    choose(parts, "log")
    rows = table(parts)
    put(rows, 0, "2023-07-04", "25")
    put(rows, 1, "2023-07-09", "30")
    rows.setCurrentCell(0, 0)
    QTest.keyClick(rows, Qt.Key.Key_Delete)
    assert [one["date"] for one in rows.applications] == ["2023-07-09"]
    part(parts, QToolButton, "deepsoilLogUndo").click()
    shot(parts, "water_log_right")
    assert [one["mm"] for one in rows.applications] == [25.0, 30.0]


def test_rows_of_a_spreadsheet_and_of_a_file_are_read_by_the_engine(parts, qtbot, tmp_path):
    choose(parts, "log")
    rows = table(parts)
    put(rows, 0, "2023-07-04", "3")
    QGuiApplication.clipboard().setText("4.7.2023\t25,4\n14.7.2023\t20")
    QTest.keyClick(rows, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: rows.applications == LOG["applications"], timeout=10_000)
    rows.undo()
    assert len(rows.applications) == 1
    file = tmp_path / "log.csv"
    file.write_text("date;mm\n2023-07-04;25,4\n2023-07-14;20\n")
    parts.dock.request.water.logs.read_file(str(file))
    qtbot.waitUntil(lambda: rows.applications == LOG["applications"], timeout=10_000)
    assert "replaced: 1" in part(parts, QLabel, "deepsoilWaterMessage").text()


def test_water_belongs_to_the_field_and_is_kept_with_the_project(parts):
    choose(parts, "irrigated")
    area = parts.dock.request.area
    area.restore({**FOOTPRINT, "coordinates": [[[x + 0.01, y] for x, y in FOOTPRINT["coordinates"][0]]]}, "South")
    parts.dock.request._changed()
    assert management(parts) is None
    area.restore(FOOTPRINT, "North pivot")
    parts.dock.request._changed()
    assert management(parts) == [{"irrigation": {"type": "irrigated"}}]
    kept = json.loads(json.dumps(parts.dock.request.request().to_dict()))
    assert MapRequest.from_dict(kept).management == management(parts)


def test_one_of_several_fields_may_differ(parts):
    fields = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name}, "geometry": FOOTPRINT} for name in ("A", "B", "C")]}
    parts.dock.request.area.restore(fields, "3 fields")
    parts.dock.request._changed()
    choose(parts, "irrigated")
    choose(parts, "B", "deepsoilWaterField")
    choose(parts, "rainfed")
    shot(parts, "water_fields")
    assert management(parts) == [{"irrigation": {"type": "irrigated"}},
                                 {"field": "B", "irrigation": {"type": "rainfed"}}]
    choose(parts, "", "deepsoilWaterField")
    assert part(parts, QComboBox, "deepsoilWater").currentData() == "irrigated"


def test_a_measured_soil_is_put_in_undone_and_goes_with_soil_columns_only(open_dock, qtbot, tmp_path):  # noqa: F811
    layers = [{"top_cm": 0.0, "bottom_cm": 30.0, "field_capacity": 0.31}]
    parts = open_dock(soil_table=layers, irrigation_log=LOG)
    parts.dock.request.area.set_area(FOOTPRINT, "North pivot")
    line = part(parts, SoilLine, "deepsoilSoil")
    assert line.isHidden(), "networks know no measured soil"
    choose(parts, "column", "deepsoilMethod")
    assert not line.isHidden()
    file = tmp_path / "soil.csv"
    file.write_text("top_cm,bottom_cm,field_capacity\n0,30,0.31\n")
    line.source.read_file(str(file))
    qtbot.waitUntil(lambda: management(parts) == [{"soil": layers}], timeout=10_000)
    assert "0–30 cm" in part(parts, QLabel, "deepsoilSoilText").text()
    choose(parts, "irrigated")
    assert management(parts) == [{"irrigation": {"type": "irrigated"}, "soil": layers}], "water leaves the soil alone"
    shot(parts, "water_soil")
    kept = json.loads(json.dumps(parts.dock.request.request().to_dict()))
    assert MapRequest.from_dict(kept).management == management(parts)
    choose(parts, "network", "deepsoilMethod")
    assert management(parts) == [{"irrigation": {"type": "irrigated"}}]
    choose(parts, "column", "deepsoilMethod")
    assert management(parts)[0]["soil"] == layers, "it is kept while networks are chosen"
    part(parts, QToolButton, "deepsoilSoilRemove").click()
    assert "soil" not in management(parts)[0]
    part(parts, QToolButton, "deepsoilSoilUndo").click()
    assert management(parts)[0]["soil"] == layers
    line.source.read_file(str(tmp_path / "gone.csv"))
    assert "cannot be read" in part(parts, QLabel, "deepsoilWaterMessage").text()


def test_what_a_project_says_wrongly_is_passed_over():
    assert water.kept({"A": {"irrigation": {"type": "log", "applications": [{"date": "x", "mm": 3}]}},
                       "B": {"irrigation": {"type": "irrigated"}}, "C": 3, "D": {"evil": True}}) == {
        "B": {"irrigation": {"type": "irrigated"}}}
    assert water.kept([1]) == {}


def test_rows_are_read_in_any_usual_form():
    rows = [("2023-07-14", "20"), ("", ""), ("4 Jul 2023", "25,4")]
    assert applications_of(rows, units.chosen("mm")) == (LOG["applications"], "", None)
