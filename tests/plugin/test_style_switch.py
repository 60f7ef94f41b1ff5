"""The four questions to a map: each one click away, and differences are only shown as far as they are known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import products
import pytest
from products import days_from, maps, output, summary, water_maps, write_product
from qgis.core import QgsLayerTreeModel, QgsProject, QgsRasterLayer
from qgis.PyQt.QtWidgets import QComboBox
from test_style import rendered_row

from deepsoil_plugin.dock.look_bar import LookBar
from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.map import day_layers, difference_style, field_figures, interval_style, layer_tree, style
from deepsoil_plugin.map.result_layers import ResultLayers
from deepsoil_plugin.map.style_switch import DIFFERENCES, PLANTS, SURE, VALUES, StyleSwitch

NONE = "#cfcfcf"
THETA = np.array([0.10, 0.17, 0.22, 0.25, 0.28, 0.33, 0.40])  # mean 0.25


@pytest.fixture
def parts(window: Any) -> Iterator[tuple[StyleSwitch, ResultLayers]]:
    results, switch = ResultLayers(window), StyleSwitch(window)
    yield switch, results
    switch.close()
    results.close()


def shown(results: ResultLayers, qtbot: Any, outputs: list[dict[str, Any]], **more: Any) -> list[QgsRasterLayer]:
    group = results.show(summary(outputs, **more))
    qtbot.waitUntil(lambda: not results._queue, timeout=10_000)
    return [node.layer() for node in group.findLayers()]


def one_map(folder: Path, theta: np.ndarray, half_width: float | None = 0.05, **tags: Any) -> list[dict[str, Any]]:
    half = None if half_width is None else np.full((2, theta.size), half_width)
    path = write_product(folder / "soil_moisture_05cm_2023-07-15.tif", np.vstack([theta, theta]), half_width=half,
                         **tags)
    return [output(path, 5, "2023-07-15")]


def rows_of(layer: QgsRasterLayer) -> list[str]:
    root = QgsProject.instance().layerTreeRoot()
    model = QgsLayerTreeModel(root)
    return [row.data(0) for row in model.layerLegendNodes(root.findLayer(layer.id()))]


def dressed(switch: StyleSwitch, layers: list[QgsRasterLayer], name: str, qtbot: Any) -> None:
    switch.show(layers, name)
    qtbot.waitUntil(lambda: not switch._tasks, timeout=10_000)


def test_differences_within_the_interval_are_shown_as_none(parts: Any, tmp_path: Path, qtbot: Any) -> None:
    switch, results = parts
    layer, = shown(results, qtbot, one_map(tmp_path, THETA))
    before = [colour.name() for colour in rendered_row(layer)]
    dressed(switch, [layer], DIFFERENCES, qtbot)
    colours = [colour.name() for colour in rendered_row(layer)]
    assert [colour == NONE for colour in colours] == [False, False, True, True, True, False, False]
    assert colours[0] != colours[1] and colours[5] != colours[6], "far from the mean is told from near"
    assert rows_of(layer) == ["from the mean 0.250, m³/m³ · synthetic data", "wetter by over 0.100",
                              "wetter by 0.050 to 0.100", "no known difference (± 0.050)", "drier by 0.050 to 0.100",
                              "drier by over 0.100"]
    dressed(switch, [layer], VALUES, qtbot)
    assert [colour.name() for colour in rendered_row(layer)] == before and switch.style_of(products.JOB) == VALUES


def test_a_field_without_a_pattern_is_said_to_have_none(parts: Any, tmp_path: Path, qtbot: Any, window: Any) -> None:
    switch, results = parts
    layer, = shown(results, qtbot, one_map(tmp_path, 0.2090 + 1e-4 * np.array([0, 0, 4, 12, 20, 24, 24]), 0.064))
    dressed(switch, [layer], DIFFERENCES, qtbot)
    assert {colour.name() for colour in rendered_row(layer)} == {NONE}
    told = window.bar.currentItem().text()
    assert "differ by 0.0024" in told and "± 0.064" in told


def test_without_an_interval_nothing_is_judged_and_it_says_so(parts: Any, tmp_path: Path, qtbot: Any) -> None:
    switch, results = parts
    layer, = shown(results, qtbot, one_map(tmp_path, THETA, None))
    assert SURE not in switch.possible(products.JOB)
    dressed(switch, [layer], DIFFERENCES, qtbot)
    assert "within ± 0.020 · not judged: no interval" in rows_of(layer)


def test_more_depletion_is_drier(tmp_path: Path, parts: Any, qtbot: Any) -> None:
    switch, results = parts
    layer, = shown(results, qtbot, water_maps(tmp_path, ["2023-07-15"], ["depletion_mm"]))
    dressed(switch, [layer], DIFFERENCES, qtbot)
    items = layer.renderer().shader().rasterShaderFunction().colorRampItemList()
    assert items[0].label.startswith("wetter by over") and items[-1].label.startswith("drier by over")


def test_another_day_has_differences_of_its_own(parts: Any, tmp_path: Path, qtbot: Any) -> None:
    switch, results = parts
    days = days_from("2023-07-15", 2)
    layers = shown(results, qtbot, maps(tmp_path, days, half_width=0.06), end=days[-1])
    dressed(switch, layers[:1], DIFFERENCES, qtbot)
    assert all("from the mean" in rows_of(layer)[0] for layer in layers), "all maps of the job show the same"
    mean = rows_of(layers[0])[0]
    assert day_layers.show_day(layers[0], days[0])
    switch.look_again()
    qtbot.waitUntil(lambda: not switch._tasks, timeout=10_000)
    assert rows_of(layers[0])[0] != mean


def test_the_water_for_the_plants_is_switched_on_or_offered(parts: Any, tmp_path: Path, qtbot: Any, window: Any
                                                            ) -> None:
    switch, results = parts
    made = [*maps(tmp_path, ["2023-07-15"], half_width=0.06)]
    layers = shown(results, qtbot, made)
    switch.show(layers[:1], PLANTS)
    button = window.bar.currentItem().findChild(object, "deepsoilMessageButton")
    with qtbot.waitSignal(switch.waterWanted) as asked:
        button.click()
    assert asked.args == [products.JOB]
    (tmp_path / "water").mkdir()
    layers = shown(results, qtbot, [*made, *water_maps(tmp_path / "water", ["2023-07-15"], ["available_percent"])])
    switch.show(layers[:1], PLANTS)
    tree = QgsProject.instance().layerTreeRoot()
    assert [layer_tree.what_of_layer(layer) for layer in layers if tree.findLayer(layer.id()).isVisible()] == [
        "available_percent"]
    assert switch.style_of(products.JOB) == PLANTS


def test_the_request_for_the_water_is_that_of_the_job() -> None:
    specification = MapRequest("North", {"type": "Polygon", "coordinates": []}, "2023-07-15", "2023-07-17",
                               (20,)).specification("f" * 32)
    asked = MapRequest("Other", None, "2023-01-01", products=("drainage_mm",)).with_water_of(specification)
    assert (asked.name, asked.start, asked.end, asked.depths_cm, asked.method) == (
        "North", "2023-07-15", "2023-07-17", (20,), "column")
    assert asked.products == ("drainage_mm", "available_percent", "available_mm")


def test_the_dock_changes_what_the_maps_show_and_follows_the_menu(parts: Any, tmp_path: Path, qtbot: Any) -> None:
    switch, results = parts
    bar = LookBar(results, switch)
    qtbot.addWidget(bar)
    assert bar.isHidden()
    layers = shown(results, qtbot, maps(tmp_path, ["2023-07-15"], half_width=0.06))
    choice = bar.findChild(QComboBox, "deepsoilMapLook")
    assert not bar.isHidden() and choice.currentData() == VALUES
    choice.activated.emit(choice.findData(SURE))
    assert all(map(interval_style.is_shown, layers)) and choice.currentData() == SURE
    dressed(switch, layers, DIFFERENCES, qtbot)
    assert choice.currentData() == DIFFERENCES
    results.remove(products.JOB)
    assert bar.isHidden()
    bar.close_down()


def test_a_damaged_map_has_no_figures(tmp_path: Path) -> None:
    path = Path(one_map(tmp_path, THETA)[0]["path"])
    figures = field_figures.figures_of(str(path))
    assert figures is not None and figures.mean == pytest.approx(0.25) and figures.half_width == pytest.approx(0.05)
    assert difference_style.pattern_text(figures, style.SOIL_MOISTURE) == ""
    path.write_bytes(path.read_bytes()[:100])
    assert field_figures.figures_of(str(path)) is None
    assert field_figures.figures_of(str(tmp_path / "none.tif")) is None
