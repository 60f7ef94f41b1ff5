"""Maps of the water of the root zone: layers beside soil moisture, with colours, legend, doubt and metadata of their
own, and a place in the exported table.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from products import maps, summary, water_maps, write_product
from qgis.core import QgsLayerTreeModel, QgsPointXY, QgsProject, QgsRasterLayer
from qgis.PyQt.QtGui import QColor
from test_results import paths_in, shown, visible  # noqa: F401  a fixture
from test_style import rendered_row

from deepsoil_plugin.exports import items as exported
from deepsoil_plugin.exports.run import TABLE_NAME, export
from deepsoil_plugin.exports.wishes import Wishes
from deepsoil_plugin.map import interval_style, layer_tree, looks, metadata, result_layers, style
from deepsoil_plugin.text.quantities import UNITS, WATER

DAY = "2023-07-15"
TITLES = ["Available water", "Available water (%)", "Depletion", "Water to refill", "Drainage"]


def opened(path: Path, water: str) -> QgsRasterLayer:
    layer = result_layers._open_layer(str(path))
    assert layer is not None
    metadata.describe(layer, metadata.read_product(str(path)), {"path": str(path), "name": path.name}, "A field")
    assert layer_tree.what_of_layer(layer) == water
    style.apply(layer)
    return layer


def rows_of(node: Any) -> list[str]:
    model = QgsLayerTreeModel(QgsProject.instance().layerTreeRoot())  # the rows live as long as it does
    return [row.data(0) for row in model.layerLegendNodes(node)]


@pytest.mark.parametrize("water", WATER)
def test_every_value_and_every_doubt_has_its_one_colour(qgis_app: Any, tmp_path: Path, water: str) -> None:
    look = looks.WATER[water]
    values = np.array([*(value for value, _ in look.stops), look.stops[-1][0] + 0.1, 999.0, np.nan])
    half = np.array([share * look.widest for share, _ in interval_style.STOPS])
    half = np.pad(half, (0, len(values) - len(half)), constant_values=look.widest + 0.1)
    layer = opened(write_product(tmp_path / f"{water}_{DAY}.tif", np.vstack([values, values]), water=water,
                                 half_width=np.vstack([half, half])), water)
    wanted = [*(colour for _, colour in look.stops), look.above[0], look.above[0], "#ff00ff"]
    assert all(near(seen, colour) for seen, colour in zip(rendered_row(layer), wanted, strict=True))
    interval_style.show(layer, None, interval=True)
    wanted = [*(colour for _, colour in interval_style.STOPS), interval_style.ABOVE]
    assert all(near(seen, colour) for seen, colour in zip(rendered_row(layer)[:len(wanted)], wanted, strict=True))


def near(seen: QColor, wanted: str) -> bool:
    """QGIS cuts off fractions of a colour's parts."""
    return max(abs(a - b) for a, b in zip(seen.getRgb(), QColor(wanted).getRgb(), strict=True)) <= 1


def test_they_stand_below_soil_moisture_and_one_is_seen_at_a_time(shown: Any, tmp_path: Path) -> None:  # noqa: F811
    made = [*water_maps(tmp_path, [DAY]), *maps(tmp_path, [DAY])]
    group = shown(summary(made))
    assert paths_in(group) == ["Soil moisture 5 cm", "Soil moisture 20 cm", *TITLES]
    assert visible(group) == ["Soil moisture 5 cm"]
    group.children()[4].setItemVisibilityChecked(True)
    assert visible(group) == ["Depletion"]
    tree = QgsProject.instance().layerTreeRoot()
    legends = {node.name(): rows_of(node) for node in tree.findLayers()}
    assert legends["Available water"] == ["mm · synthetic data", "above 200", "200", "150", "100", "50", "0"]
    assert legends["Available water (%)"][:2] == ["% · synthetic data", "above 100 · above field capacity"]
    assert legends["Drainage"][0] == "mm/day · synthetic data"
    node = group.children()[4]
    interval_style.show(node.layer(), node, interval=True)
    assert rows_of(node)[:2] == ["90 % interval, mm · synthetic data", "± 0 · exact"]


def test_many_days_are_one_layer_as_of_a_depth(shown: Any, tmp_path: Path) -> None:  # noqa: F811
    days = ["2023-07-15", "2023-07-16"]
    group = shown(summary(water_maps(tmp_path, days, ["depletion_mm"]), end=days[-1]))
    assert paths_in(group) == ["Depletion · 16 Jul 2023"]
    assert visible(group) == ["Depletion · 16 Jul 2023"]


def test_a_layer_says_what_it_is_and_is_read_in_its_unit(shown: Any, tmp_path: Path) -> None:  # noqa: F811
    shown(summary(water_maps(tmp_path, [DAY], ["depletion_mm"], DEEPSOIL_METHOD="column")))
    layer = next(iter(QgsProject.instance().mapLayers().values()))
    data = layer.metadata()
    assert data.title() == "Depletion of the root zone, 15 Jul 2023, North quarter"
    assert "in mm: what lacks to field capacity" in data.abstract() and "Band 2 is the half-width" in data.abstract()
    assert "soil moisture at" not in data.abstract().lower() and "mm" in data.keywords()["deepsoil"]
    assert layer.customProperty("deepsoil/unit") == "mm" and layer.temporalProperties().isActive()
    assert [one.begin().date().toString("yyyy-MM-dd") for one in data.extent().temporalExtents()] == [DAY]
    middle = layer.extent().center()
    value, known = layer.dataProvider().sample(QgsPointXY(middle.x() + 15, middle.y() - 15), 1)
    assert known and value == pytest.approx((10 * 30 + 15) / 10)


def test_the_table_of_an_export_has_each_quantity_in_its_unit(shown: Any, tmp_path: Path) -> None:  # noqa: F811
    shown(summary([*water_maps(tmp_path, [DAY]), *maps(tmp_path, [DAY], [5])]))
    items = exported.of_layers(list(QgsProject.instance().mapLayers().values()))
    export(items, tmp_path / "out", Wishes(), lambda _: None)
    with (tmp_path / "out" / TABLE_NAME).open(encoding="utf-8") as file:
        rows = {row["quantity"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["soil_moisture", *WATER]
    assert {name: rows[name]["unit"] for name in WATER} == UNITS and rows["soil_moisture"]["depth_cm"] == "5"
    assert rows["depletion_mm"]["depth_cm"] == "" and float(rows["depletion_mm"]["maximum"]) == pytest.approx(59.9)
    assert all((tmp_path / "out" / row["file"]).is_file() for row in rows.values())
    assert rows["depletion_mm"]["file"].endswith(f"_depletion_mm_{DAY}.tif")


def test_the_metadata_of_a_day_to_come_say_that_its_weather_is_a_forecast(tmp_path: Path) -> None:
    for forecast in (True, False):
        tags = {"DEEPSOIL_FORECAST": "yes", "DEEPSOIL_FORECAST_FROM": "2026-11-29"} if forecast else {}
        path = write_product(tmp_path / f"{forecast}.tif", np.full((4, 4), 0.2), day="2026-12-01", **tags)
        layer = QgsRasterLayer(str(path), "map")
        metadata.describe(layer, metadata.read_product(str(path)), {"path": str(path), "name": path.name}, "A field")
        assert ("the weather from 2026-11-29 on was foreseen" in layer.metadata().abstract()) == forecast
        assert ("forecast" in layer.metadata().keywords()["deepsoil"]) == forecast
