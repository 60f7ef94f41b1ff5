"""The table of fields: sorted by need, filtered, copied and saved as text, and its fields coloured on the map."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsProject, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QSpinBox,
    QTableView,
    QToolButton,
)
from summaries import OUTPUT, summary

from deepsoil_plugin import preferences
from deepsoil_plugin.dock.method_section import MethodSection
from deepsoil_plugin.dock.refill_form import RefillForm
from deepsoil_plugin.fields import need_layer
from deepsoil_plugin.fields.columns import columns_of
from deepsoil_plugin.fields.panel import FieldsPanel
from deepsoil_plugin.fields.request import refill_request
from deepsoil_plugin.fields.rows import read_rows
from deepsoil_plugin.jobs.refill import RefillWish
from deepsoil_plugin.jobs.table_model import JobModel
from deepsoil_plugin.map import layer_tree

WATER = {"refill_mm": 22.4, "refill_mm_lower": 18.0, "refill_mm_upper": 27.1, "depletion_mm": 31.0, "limit_mm": 40.0,
         "depletion_mm_lower": 20.0, "depletion_mm_upper": 41.0, "available_percent": 61.0, "below_share": 0.25,
         "days_to_limit": 3, "days_ahead": 14, "days_with_weather": 5, "theta_20cm": 0.2314, "theta_20cm_p10": 0.2,
         "theta_20cm_p90": 0.26}


def feature(number: int, name: str, **values: Any) -> dict[str, Any]:
    west, south = -105 + 0.01 * number, 40.4
    ring = [[west, south], [west + 0.005, south], [west + 0.005, south + 0.005], [west, south]]
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {
        "number": number, "name": name, "day": "2023-07-15", "area_ha": 2.5 + number, "need": None, "problem": None,
        "problem_text": None, **dict.fromkeys(WATER), **values}}


FIELDS = [feature(1, "North", **{**WATER, "need": 0.775}), feature(2, "=cmd|' /C calc'!A0", **{**WATER, "need": 1.2,
                                                                                             "days_to_limit": 0}),
          feature(3, "North", **{**WATER, "need": 0.1, "days_to_limit": None}),
          feature(4, "<b>Far</b>", problem="outside"),
          feature(5, "Stony", problem="failed", problem_text="Half did not converge.")]


def write(folder: Path, fields: list[dict[str, Any]] = FIELDS) -> dict[str, Any]:
    path = folder / "fields_2023-07-15.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": fields}), encoding="utf-8")
    return {"path": str(path), "name": path.name, "kind": "table", "depth_cm": None, "date": "2023-07-15",
            "size": path.stat().st_size, "sha256": "0" * 64}


class OneSession(QObject):
    """The jobs of a session; what is sent is remembered."""

    sent = pyqtSignal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.model = JobModel()
        self.requests: list[dict[str, Any]] = []

    def send(self, specification: dict[str, Any], host: str) -> str:
        self.requests.append(specification)
        self.model.put({**summary(7, "queued"), "id": specification["id"], "name": specification["name"],
                        "specification": specification, "host": host, "away": False})
        return str(specification["id"])


class Window:
    def __init__(self) -> None:
        self.window, self.canvas = QMainWindow(), QgsMapCanvas()

    def mainWindow(self) -> QMainWindow:
        return self.window

    def mapCanvas(self) -> QgsMapCanvas:
        return self.canvas


@pytest.fixture
def session() -> OneSession:
    return OneSession()


@pytest.fixture
def panel(qgis_new_project: Any, session: OneSession) -> Any:
    window = Window()
    made = FieldsPanel(window, session, MethodSection())
    made.resize(900, 300)
    made.show()
    yield made
    made.close()


def job(**changes: Any) -> dict[str, Any]:
    return {**summary(1), "away": False, **changes}


def shown(panel: FieldsPanel, session: OneSession, folder: Path, qtbot: Any) -> QTableView:
    session.model.put(job(outputs=[write(folder)]))
    panel.show_job(job()["id"])
    view = panel.findChild(QTableView, "fieldsTable")
    qtbot.waitUntil(lambda: view.model().rowCount() == len(FIELDS), timeout=10_000)
    return view


def names(view: QTableView) -> list[str]:
    return [view.model().index(line, 0).data() for line in range(view.model().rowCount())]


def test_fields_are_sorted_by_need_and_what_is_not_known_comes_last(
        panel: FieldsPanel, session: OneSession, tmp_path: Path, qtbot: Any) -> None:
    view = shown(panel, session, tmp_path, qtbot)
    unknown = ["<b>Far</b>", "Stony"]
    assert names(view)[:3] == ["=cmd|' /C calc'!A0", "North (1)", "North (3)"] and set(names(view)[3:]) == set(unknown)
    view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert names(view)[:3] == ["North (3)", "North (1)", "=cmd|' /C calc'!A0"] and set(names(view)[3:]) == set(unknown)
    panel.findChild(QLineEdit, "fieldsFilter").setText("north")
    assert names(view) == ["North (3)", "North (1)"]
    titles = [view.model().headerData(number, Qt.Orientation.Horizontal) for number in range(8)]
    assert titles == ["Field", "Need", "Refill (mm)", "Limit in (days)", "Available (%)", "Depletion (mm)",
                      "Beyond limit (%)", "θ 20 cm (m³/m³)"]
    assert [view.model().index(1, number).data() for number in range(1, 8)] == [
        "78 %", "22 (18–27)", "3", "61", "31 (20–41)", "25", "0.231 (0.200–0.260)"]
    words = panel.findChild(QLabel, "fieldsWords").text()
    assert words.startswith("1 field") and "weather for 5 of the next 14 days" in words and "2 field" in words


def test_the_rows_follow_the_units_and_their_order_stays(panel: FieldsPanel, session: OneSession, tmp_path: Path,
                                                         qtbot: Any) -> None:
    view = shown(panel, session, tmp_path, qtbot)
    view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    before = names(view)
    preferences.set_soil_unit("%")
    preferences.set_water_unit("in")
    panel.units_changed()
    titles = [view.model().headerData(number, Qt.Orientation.Horizontal) for number in (2, 5, 7)]
    assert titles == ["Refill (in)", "Depletion (in)", "θ 20 cm (%)"] and names(view) == before
    line = names(view).index("North (1)")
    assert [view.model().index(line, number).data() for number in (2, 7)] == ["0.9 (0.7–1.1)", "23.1 (20.0–26.0)"]


def test_what_is_selected_stays_so_when_the_rows_change_places(panel: FieldsPanel, session: OneSession, tmp_path: Path,
                                                               qtbot: Any) -> None:
    view = shown(panel, session, tmp_path, qtbot)
    view.selectRow(names(view).index("North (1)"))
    for column, order in ((1, Qt.SortOrder.AscendingOrder), (0, Qt.SortOrder.AscendingOrder)):
        view.sortByColumn(column, order)
        assert [index.data() for index in view.selectionModel().selectedRows()] == ["North (1)"]


def test_a_click_shows_the_field_on_the_map_where_all_are_coloured_by_need(
        panel: FieldsPanel, session: OneSession, tmp_path: Path, qtbot: Any) -> None:
    view = shown(panel, session, tmp_path, qtbot)
    layer = need_layer.of_job(QgsProject.instance(), job()["id"])
    assert layer is not None and layer.featureCount() == len(FIELDS)
    classes = {category.value(): category.label() for category in layer.renderer().categories()}
    assert classes == {"high": "Limit reached", "medium": "More than half used", "low": "Enough water",
                       "unknown": "Not known"}
    assert layer.styleManager().currentStyle() == "Need for water"
    assert layer.attributeAlias(layer.fields().indexOf("refill_mm")) == "Water to refill (mm)"
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(1, 0)).center())
    assert [one["number"] for one in layer.selectedFeatures()] == [1]
    west, south, east, north = read_rows(json.dumps({"features": FIELDS}))[0].box
    assert panel._iface.mapCanvas().extent().contains(QgsRectangle(west, south, east, north))
    assert layer.customProperty(layer_tree.NEED) == job()["id"]


def test_zones_stand_above_the_fields_in_the_same_colours(
        panel: FieldsPanel, session: OneSession, tmp_path: Path, qtbot: Any) -> None:
    zones = tmp_path / "zones_2023-07-15.geojson"
    parts = [{**feature(1, "North"), "properties": {"field": "North", "zone": number, "need_class": level}}
             for number, level in ((1, "high"), (2, "low"))]
    zones.write_text(json.dumps({"type": "FeatureCollection", "features": parts}), encoding="utf-8")
    session.model.put(job(outputs=[write(tmp_path), {**OUTPUT, "path": str(zones), "name": zones.name}]))
    panel.show_job(job()["id"])
    project = QgsProject.instance()
    qtbot.waitUntil(lambda: len(project.mapLayers()) == 2, timeout=10_000)
    names = [node.name() for node in project.layerTreeRoot().findLayers()]
    assert names == ["Zones of need · 15 Jul 2023", "Need for water · 15 Jul 2023"]
    layer = project.layerTreeRoot().findLayers()[0].layer()
    assert layer.renderer().classAttribute() == '"need_class"' and layer.featureCount() == 2
    assert need_layer.of_job(project, job()["id"]).featureCount() == len(FIELDS)


def test_what_is_copied_and_saved_is_text_that_no_spreadsheet_computes(
        panel: FieldsPanel, session: OneSession, tmp_path: Path, qtbot: Any, qgis_app: Any) -> None:
    view = shown(panel, session, tmp_path, qtbot)
    view.selectRow(0)
    QTest.mouseClick(panel.findChild(QToolButton, "fieldsCopy"), Qt.MouseButton.LeftButton)
    header, *rows = qgis_app.clipboard().text().split("\n")
    assert header.startswith("Field\tNeed\t") and len(rows) == 1 and rows[0].startswith("'=cmd|")
    target = tmp_path / "table.csv"
    task = panel.save(str(target))
    with qtbot.waitSignal(task.ended, timeout=10_000) as told:
        pass
    assert told.args == [""]
    rows = list(csv.DictReader(target.open(encoding="utf-8-sig")))
    assert [row["number"] for row in rows][:3] == ["2", "1", "3"] and rows[0]["name"].startswith("'=cmd")
    assert rows[1]["refill_mm"] == "22.4" and rows[3]["refill_mm"] == "" and rows[1]["days_to_limit"] == "3"
    task = panel.save(str(tmp_path / "not there" / "table.csv"))
    with qtbot.waitSignal(task.ended, timeout=10_000) as told:
        pass
    assert "could not be saved" in told.args[0]


def test_maps_without_water_are_simulated_again_for_their_last_day_and_the_panel_follows(
        panel: FieldsPanel, session: OneSession, tmp_path: Path, qtbot: Any) -> None:
    session.model.put(job())
    panel.show_job(job()["id"])
    message = panel.findChild(QLabel, "fieldsMessage")
    assert "no table of fields" in message.text()
    QTest.mouseClick(panel.findChild(QToolButton, "fieldsRefill"), Qt.MouseButton.LeftButton)
    (sent,) = session.requests
    assert sent["options"] == {"method": "column", "products": ["refill_mm"], "field_table": True,
                               "refill": {"target": 1.0, "rain_days": 0, "only_where_needed": False}}
    assert sent["models"] == {} and sent["area"] == job()["specification"]["area"] and sent["id"] != job()["id"]
    assert "worked out" in message.text()
    session.model.put({**session.model.job(sent["id"]), "state": "succeeded", "outputs": [write(tmp_path)]})
    view = panel.findChild(QTableView, "fieldsTable")
    qtbot.waitUntil(lambda: not view.isHidden() and view.model().rowCount() == len(FIELDS), timeout=10_000)
    session.model.put({**session.model.job(sent["id"]), "id": "other"})
    session.sent.emit("The disk is full.", sent["id"])
    assert message.text() == "The disk is full."


def test_how_the_refill_is_counted_is_that_of_the_dock(panel: FieldsPanel, session: OneSession) -> None:
    session.model.put(job())
    panel.show_job(job()["id"])
    form = panel.findChild(RefillForm, "fieldsRefillForm")
    form.findChild(QSpinBox, "fieldsTarget").setValue(85)
    form.findChild(QCheckBox, "fieldsZones").click()
    form.findChild(QDoubleSpinBox, "fieldsMinimumHa").setValue(1.5)
    assert panel._method.refill == RefillWish(target=0.85, zones=True, minimum_ha=1.5)
    panel._method.restore("column", ["refill_mm"], RefillWish(0.5, 7))
    assert form.findChild(QSpinBox, "fieldsTarget").value() == 50
    assert form.findChild(QSpinBox, "fieldsRainDays").value() == 7
    QTest.mouseClick(panel.findChild(QToolButton, "fieldsRefill"), Qt.MouseButton.LeftButton)
    assert session.requests[0]["options"]["refill"] == {"target": 0.5, "rain_days": 7, "only_where_needed": False}


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"features": [1]}', '{"features": [{"properties": {}}]}'])
def test_a_damaged_table_is_told(panel: FieldsPanel, session: OneSession, tmp_path: Path, qtbot: Any,
                                 text: str) -> None:
    output = write(tmp_path)
    Path(output["path"]).write_text(text, encoding="utf-8")
    session.model.put(job(outputs=[output]))
    panel.show_job(job()["id"])
    qtbot.waitUntil(lambda: "cannot be read" in panel.findChild(QLabel, "fieldsMessage").text(), timeout=10_000)


def test_the_request_keeps_what_is_known_of_the_fields() -> None:
    specification = {**summary(1)["specification"], "dates": {"start": "2023-07-01", "end": "2023-07-15"},
                     "options": {"vegetation": "nearest", "management": [{"crop": "corn"}], "products": ["refill_mm"],
                                 "zones": {}, "threads": 2}}
    made = refill_request(specification, "b" * 32, RefillWish(0.9, 3, True))
    assert made["dates"] == {"start": "2023-07-15", "end": "2023-07-15"}
    assert made["options"] == {"management": [{"crop": "corn"}], "threads": 2, "method": "column", "field_table": True,
                               "products": ["refill_mm"],
                               "refill": {"target": 0.9, "rain_days": 3, "only_where_needed": True}}
    assert specification["options"]["vegetation"] == "nearest"
    zones = refill_request(specification, "c" * 32, RefillWish(zones=True, minimum_ha=2.5))
    assert zones["options"]["zones"] == {"minimum_ha": 2.5}
    assert zones["options"]["products"] == ["available_percent", "refill_mm"]


def test_a_table_of_networks_has_no_columns_of_water() -> None:
    rows = read_rows(json.dumps({"features": [feature(1, "A", theta_5cm=0.2)]}))
    assert [column.title for column in columns_of(rows)] == ["Field", "Need", "θ 5 cm (m³/m³)", "θ 20 cm (m³/m³)",
                                                            "Area (ha)"]
