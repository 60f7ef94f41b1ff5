"""Maps of several fields in the layer tree, in the dock, in the project and in the export."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from products import days_from, output, summary, write_product
from qgis.core import QgsLayerTreeLayer, QgsProject, QgsVectorLayer
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QToolButton
from test_dock import button, open_dock, part  # noqa: F401  # a fixture
from test_draw import layer_of, ring
from test_results import shown, visible  # noqa: F401  # a fixture

from deepsoil_plugin.exports import items as exported
from deepsoil_plugin.exports.run import export
from deepsoil_plugin.exports.wishes import Wishes
from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.map import layer_tree
from deepsoil_plugin.map.selection import collection

NAMES = ["West 2", "East", "Über 3"]


def maps_of_fields(folder: Path, days: list[str]) -> list[dict[str, Any]]:
    made = []
    for day in days:
        for depth in (5, 20):
            for number, name in reversed(list(enumerate(NAMES, 1))):  # not in the order of the request
                path = folder / f"soil_moisture_{depth:02d}cm_{day}_field{number:04d}.tif"
                write_product(path, np.full((20, 30), 0.2 + number / 100), depth_cm=depth, day=day, DEEPSOIL_FIELD=name)
                made.append({**output(path, depth, day), "field": name})
    return made


def tree(group: Any) -> list[Any]:
    return [node.name() if isinstance(node, QgsLayerTreeLayer) else (node.name(), tree(node))
            for node in group.children()]


def test_the_fields_of_a_day_stand_under_their_depth(shown, tmp_path):  # noqa: F811
    group = shown(summary(maps_of_fields(tmp_path, ["2023-07-15"])))
    assert tree(group) == [("Soil moisture 5 cm", NAMES), ("Soil moisture 20 cm", NAMES)]
    assert visible(group) == NAMES, "all fields of one depth are seen"
    shallow, deep = group.children()
    deep.setItemVisibilityChecked(True)
    assert not shallow.itemVisibilityChecked() and len(visible(group)) == 3
    assert {node.layer().customProperty(layer_tree.DEPTH) for node in group.findLayers() if node.isVisible()} == {20}


def test_of_several_days_one_is_shown_for_all_fields(shown, tmp_path, qtbot):  # noqa: F811
    days = days_from("2023-07-15", 3)
    group = shown(summary(maps_of_fields(tmp_path, days), start=days[0], end=days[-1]))
    assert tree(group) == [(f"Soil moisture {depth} cm", [f"{name} · 17 Jul 2023" for name in NAMES])
                           for depth in (5, 20)]
    for day in (days[2], days[0]):
        shown.layers.show_day(dt.date.fromisoformat(day))
        qtbot.waitUntil(lambda day=day: {node.layer().customProperty(layer_tree.DATE)
                                         for node in group.findLayers()} == {day}, timeout=10_000)
    assert visible(group) == [f"{name} · 15 Jul 2023" for name in NAMES]
    assert shown(summary(maps_of_fields(tmp_path, days), start=days[0], end=days[-1])) is group
    assert len(group.findLayers()) == 6, "a map came twice"


def test_of_the_maps_that_are_seen_the_newest_day_counts(shown, tmp_path):  # noqa: F811
    groups = []
    for number, day in enumerate(("2023-07-15", "2023-07-17", "2023-07-16")):
        folder = tmp_path / day
        folder.mkdir()
        groups.append(shown(summary(maps_of_fields(folder, [day]), job=str(number) * 32, start=day, end=day)))
    for group in groups:
        group.setItemVisibilityChecked(True)
    region = groups[0].findLayers()[0].layer().customProperty(layer_tree.REGION)
    assert layer_tree.shown_day(QgsProject.instance(), region).isoformat() == "2023-07-17"
    groups[1].setItemVisibilityChecked(False)
    assert layer_tree.shown_day(QgsProject.instance(), region).isoformat() == "2023-07-16"
    assert layer_tree.shown_day(QgsProject.instance(), "another") is None


def test_each_field_is_a_row_of_the_table_and_has_files_of_its_own(shown, tmp_path, qtbot):  # noqa: F811
    group = shown(summary(maps_of_fields(tmp_path, ["2023-07-15"])))
    items = exported.of_layers([node.layer() for node in group.findLayers()])
    assert sorted({item.field for item in items}) == sorted(NAMES) and len(items) == 6
    export(items, tmp_path / "out", Wishes(), lambda _: None)
    table = next((tmp_path / "out").glob("*.csv")).read_text(encoding="utf-8").splitlines()
    assert len(table) == 7 and len(list((tmp_path / "out").glob("*.tif"))) == 6
    assert {row.split(",")[0] for row in table[1:]} == set(NAMES)


def choose(parts, layer, qtbot):
    part(parts, QToolButton, "deepsoilSelectedFeatures").click()
    qtbot.waitUntil(lambda: parts.dock.request.area.area is not None, timeout=10_000)


def names_in(area):
    return [feature["properties"]["name"] for feature in area["features"]]


def test_selected_fields_are_counted_named_and_kept(open_dock, qgis_new_project, qtbot):  # noqa: F811
    layer: QgsVectorLayer = layer_of([ring(500_000 + 600 * n, 4_480_000) for n in range(12)], crs="EPSG:32613")
    layer.selectAll()
    parts = open_dock()
    section = parts.dock.request.area
    choose(parts, layer, qtbot)
    assert part(parts, QLabel, "deepsoilArea").text().startswith("12 fields, 300")
    assert "F11" in part(parts, QLabel, "deepsoilArea").toolTip()
    assert part(parts, QLineEdit, "deepsoilFieldName").text() == "Fields"
    assert names_in(section.area) == [f"F{n}" for n in range(12)]
    qtbot.waitUntil(lambda: button(parts).isEnabled(), timeout=10_000)
    combo = part(parts, QComboBox, "deepsoilNamesFrom")
    assert combo.isVisible() and combo.currentText() == "name"
    combo.setCurrentIndex(combo.findText("numbers"))
    combo.activated.emit(combo.currentIndex())
    assert names_in(section.area) == [f"Field {n}" for n in range(1, 13)]
    combo.setCurrentIndex(combo.count() - 1)
    combo.activated.emit(combo.currentIndex())
    assert section.area["type"] == "MultiPolygon" and len(section.area["coordinates"]) == 12
    # What the project keeps is the same request.
    kept = MapRequest("x", collection([{"type": "Polygon", "coordinates": part_of} for part_of in
                                       section.area["coordinates"]], [f"F{n}" for n in range(12)]), "2023-07-15")
    assert MapRequest.from_dict(json.loads(json.dumps(kept.to_dict()))).area == kept.area


@pytest.mark.parametrize("damage", [
    {"type": "FeatureCollection"}, {"type": "FeatureCollection", "features": []},
    {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": 3}, "geometry": None}]},
    {"type": "Polygon", "coordinates": "x"}, {"type": "Polygon", "coordinates": [[[0, 0], [1, "a"]]]},
])
def test_a_damaged_area_in_a_project_is_as_if_none_had_been_chosen(damage):
    assert MapRequest.from_dict({"name": "x", "area": damage}).area is None


def test_the_field_that_is_not_valid_can_be_repaired(open_dock, qgis_new_project, qtbot):  # noqa: F811
    bow = [(509_000, 4_480_000), (509_500, 4_480_500), (509_500, 4_480_000), (509_000, 4_480_500)]
    layer = layer_of([*(ring(500_000 + 600 * n, 4_480_000) for n in range(3)), bow], crs="EPSG:32613",
                     names={3: "Bow <b>1</b>"})
    layer.selectAll()
    parts = open_dock()
    choose(parts, layer, qtbot)
    message, repair = part(parts, QLabel, "deepsoilWhereMessage"), part(parts, QPushButton, "deepsoilRepairOutlines")
    assert "“Bow <b>1</b>”" in message.text() and "Left out" in message.text()
    assert part(parts, QLabel, "deepsoilArea").text().startswith("3 fields") and repair.isVisible()
    repair.click()
    qtbot.waitUntil(lambda: len(parts.dock.request.area.area["features"]) == 4, timeout=10_000)
    assert "Repaired" in message.text() and not repair.isVisible()
    assert part(parts, QLabel, "deepsoilArea").text().startswith("4 fields")
    assert QgsProject.instance().mapLayer(layer.id()) is not None
