"""Soil moisture and water in the unit that the user chose: the same everywhere, and files keep theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from products import maps, summary, water_maps
from qgis.core import QgsGeometry, QgsLayerTreeModel, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas, QgsMapToolIdentify
from qgis.PyQt.QtWidgets import QComboBox, QLineEdit, QPushButton, QTreeWidget
from test_style import rendered_row

from deepsoil_plugin import preferences
from deepsoil_plugin.dock.readings.list_window import ReadingsWindow
from deepsoil_plugin.dock.readings.value_dialog import ValueDialog
from deepsoil_plugin.jobs.readings import KnownReadings
from deepsoil_plugin.map.result_layers import ResultLayers
from deepsoil_plugin.map.style_switch import SURE, VALUES, StyleSwitch
from deepsoil_plugin.panels import scores_table, station_series
from deepsoil_plugin.panels.survey import layer as survey_layer
from deepsoil_plugin.panels.survey.words import figures
from deepsoil_plugin.settings.units_group import UnitsGroup
from deepsoil_plugin.text import units
from deepsoil_plugin.text.quantities import SOIL_UNITS, WATER_UNITS, shown_in


@pytest.mark.parametrize(("unit", "soil", "water", "said", "value"), [
    ("m3/m3", "m3/m3", "in", "m³/m³", 0.25), ("m3/m3", "%", "mm", "%", 25.0), ("m3/m3", "mm", "in", "mm/10 cm", 25.0),
    ("m3/m3", "in", "mm", "in/ft", 3.0), ("mm", "%", "mm", "mm", 0.25), ("mm", "%", "in", "in", 0.25 / 25.4),
    ("mm/day", "m3/m3", "in", "in/day", 0.25 / 25.4), ("%", "in", "in", "%", 0.25), ("m3/m3", "?", "?", "m³/m³", 0.25)])
def test_a_quarter_in_each_unit(unit: str, soil: str, water: str, said: str, value: float) -> None:
    shown = shown_in(unit, soil, water)
    assert shown.unit == said and 0.25 * shown.factor == pytest.approx(value)


@pytest.mark.parametrize("soil", SOIL_UNITS)
def test_no_unit_says_less_than_the_files(soil: str) -> None:
    """A thousandth is told from the next one, to the tenth in all units."""
    preferences.set_soil_unit(soil)
    assert len({units.theta_text(theta, 4) for theta in np.arange(0.1, 0.2, 0.001)}) == 100


def test_water_is_shown_with_its_unit() -> None:
    assert units.water_text(25.4, 1) == "25.4 mm" and units.water_text(2.5, 1, "mm/day") == "2.5 mm/day"
    preferences.set_water_unit("in")
    assert units.water_text(25.4) == "1.0 in" and units.water_text(2.54, 1, "mm/day") == "0.10 in/day"


def legend(layer: Any) -> list[str]:
    root = QgsProject.instance().layerTreeRoot()
    model = QgsLayerTreeModel(root)
    return [row.data(0) for row in model.layerLegendNodes(root.findLayer(layer.id()))]


def test_legends_follow_and_colours_and_files_stay(window: Any, tmp_path: Path, qtbot: Any) -> None:
    results, switch = ResultLayers(window), StyleSwitch(window)
    outputs = [*maps(tmp_path, ["2023-07-15"], (5,), half_width=0.06),
               *water_maps(tmp_path, ["2023-07-15"], ["available_mm"])]
    before = {one["name"]: Path(one["path"]).read_bytes() for one in outputs}
    group = results.show(summary(outputs))
    qtbot.waitUntil(lambda: not results._queue, timeout=10_000)
    soil, water = (node.layer() for node in group.findLayers())
    colours = [colour.name() for colour in rendered_row(soil)]
    preferences.set_soil_unit("%")
    preferences.set_water_unit("in")
    switch.label_again()
    assert legend(soil)[:3] == ["% · synthetic data", "above 45 · saturated", "45"]
    assert legend(water)[0] == "in · synthetic data" and legend(water)[2] == "7.9"
    assert [colour.name() for colour in rendered_row(soil)] == colours
    switch.show([soil], SURE)
    assert legend(soil)[0].startswith("90 % interval, %") and "± 3" in legend(soil)
    switch.show([soil], VALUES)
    soil.renderer().shader().rasterShaderFunction().setColorRampItemList([])
    preferences.set_soil_unit("in")
    switch.label_again()
    assert soil.renderer().shader().rasterShaderFunction().colorRampItemList() == [], "the user's own look"
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    switch.close()
    results.close()


def test_panels_say_it_in_the_same_unit() -> None:
    preferences.set_soil_unit("%")
    preferences.set_water_unit("in")
    assert scores_table.theta(-0.012, signed=True).endswith("1.2")
    assert "%" in dict(scores_table.headings())["MAE"]
    text = station_series._depth_description(5, 0.213, 0.231, "")
    assert "observed 21.3, predicted 23.1, 1.8 too wet" in text


def test_readings_are_listed_and_typed_in_the_same_unit(qtbot: Any) -> None:
    preferences.set_soil_unit("in")
    reading = {"longitude": -96.6, "latitude": 39.1, "depth_cm": 12.0, "date": "2023-07-12", "theta": 0.2,
               "sensor": "typed"}
    listed, dialog = ReadingsWindow(KnownReadings(typed=(reading,))), ValueDialog(reading, False)
    for window in (listed, dialog):
        qtbot.addWidget(window)
    assert listed.findChild(QTreeWidget).topLevelItem(0).text(0) == "2.40 in/ft"
    assert (dialog.findChild(QLineEdit, "deepsoilReadingWater").text(), dialog.unit) == ("2.4", "in")
    with qtbot.waitSignal(dialog.given) as given:
        dialog.findChild(QPushButton, "deepsoilReadingAdd").click()
    assert given.args[0]["theta"] == 0.2


def test_own_readings_are_compared_in_the_same_unit() -> None:
    preferences.set_soil_unit("%")
    rows = {title: text for title, text, _ in figures({"n": 3, "bias": -0.021, "mae": 0.034, "r": 0.5, "inside": 0.9})}
    assert rows["Bias (%)"] == "-2.1" and rows["MAE (%)"] == "3.4" and rows["R"] == "0.50"
    labels = [one.label() for one in survey_layer._renderer().ranges()]
    assert labels[0] == "drier by more than 8 %" and labels[3] == "-2 – 2"


def test_identify_names_quantity_and_unit(tmp_path: Path) -> None:
    (made,) = maps(tmp_path, ["2023-07-15"], (5,), half_width=0.06)
    layer = QgsRasterLayer(made["path"], "map")
    tool = QgsMapToolIdentify(canvas := QgsMapCanvas())
    canvas.setDestinationCrs(layer.crs())
    canvas.setExtent(layer.extent())
    canvas.resize(300, 200)
    middle = QgsGeometry.fromPointXY(layer.extent().center())
    (found,) = tool.identify(middle, QgsMapToolIdentify.IdentifyMode.DefaultQgsSetting, [layer],
                             QgsMapToolIdentify.Type.RasterLayer)
    told = found.mAttributes
    assert list(told) == ["Band 1: Soil moisture (m³/m³), 2023-07-15", "Band 2: Half-width (m³/m³), 2023-07-15"]


def test_the_options_keep_what_is_chosen(qtbot: Any) -> None:
    group = UnitsGroup()
    qtbot.addWidget(group)
    assert not group.apply()
    soil, water = (group.findChild(QComboBox, name) for name in ("deepsoilSoilUnit", "deepsoilWaterUnit"))
    assert [soil.itemData(index) for index in range(soil.count())] == list(SOIL_UNITS)
    assert [water.itemData(index) for index in range(water.count())] == list(WATER_UNITS)
    soil.setCurrentIndex(soil.findData("in"))
    assert group.apply() and preferences.soil_unit() == "in" and preferences.water_unit() == "mm"
