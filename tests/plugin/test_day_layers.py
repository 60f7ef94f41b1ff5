"""A layer that stands for many days: each is one step away, and what the user made of the layer stays."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import products
import pytest
from products import days_from, maps, summary
from qgis.core import Qgis, QgsLayerTreeLayer, QgsPointXY, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapToolIdentify
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel, QSlider, QToolButton

from deepsoil_plugin.dock.day_bar import DayBar
from deepsoil_plugin.exports import items as exported
from deepsoil_plugin.map import day_layers, day_maps, interval_style, layer_tree, metadata, style, temporal
from deepsoil_plugin.map.result_layers import ResultLayers

DAYS = days_from("2023-07-14", 3)


@pytest.fixture
def results(window: Any) -> Iterator[ResultLayers]:
    made = ResultLayers(window)
    yield made
    made.close()


@pytest.fixture
def layers(results: ResultLayers, tmp_path: Path, qtbot: Any) -> list[QgsRasterLayer]:
    """The layers of 5 and of 20 cm over three days, with intervals."""
    group = results.show(summary(maps(tmp_path, DAYS, half_width=0.06), start=DAYS[0], end=DAYS[-1]))
    qtbot.waitUntil(lambda: not results._queue, timeout=10_000)
    return [node.layer() for node in group.findLayers()]


def value(layer: QgsRasterLayer, band: int = 1) -> float:
    return layer.dataProvider().sample(QgsPointXY(layer.extent().center()), band)[0]


def test_every_day_is_its_own_map_with_its_own_metadata(layers: list[QgsRasterLayer]) -> None:
    shallow = layers[0]
    for number, day in enumerate(DAYS):
        assert day_layers.show_day(shallow, day)
        assert value(shallow) == pytest.approx(0.15 + 0.002 * number + 0.01)
        assert value(shallow, 2) == pytest.approx(0.06)
        assert f"{14 + number} Jul 2023" in shallow.metadata().title()
        assert shallow.name() == f"5 cm · {14 + number} Jul 2023"
        item, = exported.of_layers([shallow])
        assert (item.date, item.source.name) == (day, f"soil_moisture_05cm_{day}.tif")
    assert [item.date for item in exported.of_layers([shallow], all_days=True)] == DAYS


def test_what_the_user_made_of_the_layer_stays(layers: list[QgsRasterLayer]) -> None:
    shallow = layers[0]
    interval_style.show(shallow, None, interval=True)
    shallow.setOpacity(0.4)
    shallow.setName("My map")
    rows = [item.label for item in shallow.renderer().shader().rasterShaderFunction().colorRampItemList()]
    assert day_layers.show_day(shallow, DAYS[0])
    assert interval_style.is_shown(shallow) and shallow.opacity() == 0.4 and shallow.name() == "My map"
    assert rows == [one.label for one in shallow.renderer().shader().rasterShaderFunction().colorRampItemList()]


def test_identify_tells_the_value_of_the_shown_day_and_no_other(layers: list[QgsRasterLayer], window: Any) -> None:
    shallow, canvas = layers[0], window.canvas
    canvas.setDestinationCrs(shallow.crs())
    canvas.setLayers([shallow])
    canvas.setExtent(shallow.extent())
    day_layers.show_day(shallow, DAYS[1])
    tool = QgsMapToolIdentify(canvas)
    at = canvas.getCoordinateTransform().transform(shallow.extent().center())
    found, = tool.identify(int(at.x()), int(at.y()), QgsMapToolIdentify.IdentifyMode.TopDownAll,
                           QgsMapToolIdentify.RasterLayer)
    assert found.mLayer.name() == "5 cm · 15 Jul 2023"
    assert list(found.mAttributes.values()) == ["0.162", "0.06"]


def test_a_day_whose_file_is_gone_is_said_and_the_other_stays(results: ResultLayers, layers: list[QgsRasterLayer],
                                                              tmp_path: Path, window: Any) -> None:
    (tmp_path / f"soil_moisture_05cm_{DAYS[0]}.tif").unlink()
    results.show_day(dt.date.fromisoformat(DAYS[0]))
    assert [day_layers.shown_day(layer) for layer in layers] == [DAYS[-1], DAYS[0]] and layers[0].isValid()
    assert "soil_moisture_05cm_2023-07-14.tif" in window.bar.currentItem().text()


@pytest.mark.parametrize("damage", ["{", "[]", '{"2023-07-14": 3}', '{"2023-07-14": {"name": "../a.tif"}}',
                                    '{"2023-07-14": {"name": "/etc/a.tif"}}', '{"2023-07-14": {}}'])
def test_what_a_project_of_anybody_says_of_days_opens_nothing_else(layers: list[QgsRasterLayer], damage: str) -> None:
    layers[0].setCustomProperty(layer_tree.DAY_MAPS, damage)
    assert day_maps.days(layers[0]) == [] and not day_layers.show_day(layers[0], DAYS[0])


def test_a_project_that_is_opened_again_has_all_its_days(results: ResultLayers, layers: list[QgsRasterLayer],
                                                         tmp_path: Path) -> None:
    project = QgsProject.instance()
    assert project.write(str(tmp_path / "p.qgz"))
    project.clear()
    assert project.read(str(tmp_path / "p.qgz"))
    assert len(project.mapLayers()) == 2
    results.show_day(dt.date.fromisoformat(DAYS[0]))
    assert [(day_layers.shown_day(layer), day_maps.days(layer)) for layer in project.mapLayers().values()] == \
        [(DAYS[0], DAYS)] * 2


def test_days_that_come_later_are_followed_unless_another_was_chosen(results: ResultLayers, tmp_path: Path,
                                                                     qtbot: Any) -> None:
    made = maps(tmp_path, DAYS, (5,))

    def shown(count: int) -> str:
        group = results.show(summary(made[:count], start=DAYS[0], end=DAYS[-1], state="running"))
        qtbot.waitUntil(lambda: not results._queue, timeout=10_000)
        (node,) = group.findLayers()
        return day_layers.shown_day(node.layer())

    assert (shown(1), shown(2)) == (DAYS[0], DAYS[1])
    results.show_day(dt.date.fromisoformat(DAYS[0]))
    assert shown(3) == DAYS[0]


def test_the_dock_steps_the_days_by_slider_keyboard_and_button(results: ResultLayers, layers: list[QgsRasterLayer],
                                                               window: Any, qtbot: Any) -> None:
    bar = DayBar(results, window)
    qtbot.addWidget(bar)
    bar.choose(products.JOB)
    assert not bar.isHidden()
    slider, text = bar.findChild(QSlider, "deepsoilMapDay"), bar.findChild(QLabel, "deepsoilMapDayText")
    assert (slider.value(), text.text()) == (2, "16 Jul 2023")
    QTest.keyClick(slider, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: [day_layers.shown_day(layer) for layer in layers] == [DAYS[1]] * 2)
    bar.findChild(QToolButton, "deepsoilMapDayBefore").click()
    qtbot.waitUntil(lambda: [day_layers.shown_day(layer) for layer in layers] == [DAYS[0]] * 2)
    assert not bar.findChild(QToolButton, "deepsoilMapDayBefore").isEnabled() and text.text() == "14 Jul 2023"
    results.show_day(dt.date.fromisoformat(DAYS[2]))
    assert slider.value() == 2, "another way of choosing the day"
    results.remove(products.JOB)
    assert bar.isHidden()
    bar.close_down()


def earlier_version(folder: Path) -> tuple[Any, list[QgsRasterLayer]]:
    """A group of days as it was saved before: one layer a day."""
    project = QgsProject.instance()
    group = project.layerTreeRoot().insertGroup(0, "North quarter")
    group.setCustomProperty(layer_tree.JOB, products.JOB)
    days = group.insertGroup(0, "Soil moisture 5 cm")
    days.setCustomProperty(layer_tree.DAYS, "5")
    made = []
    for output in reversed(maps(folder, DAYS, (5,))):
        layer = QgsRasterLayer(output["path"], output["name"])
        metadata.describe(layer, metadata.read_product(output["path"]), output, "North quarter")
        layer.setCustomProperty(layer_tree.JOB, products.JOB)
        temporal.set_day(layer, dt.date.fromisoformat(output["date"]))
        style.apply(layer)
        project.addMapLayer(layer, False)
        days.insertChildNode(-1, QgsLayerTreeLayer(layer))
        made.append(layer)
    group.setCustomProperty(layer_tree.SHOWN, [layer.customProperty(layer_tree.OUTPUT) for layer in made])
    temporal.choose_day(days, DAYS[-1])
    return days, made


def test_a_project_of_the_earlier_version_works_as_before(results: ResultLayers, tmp_path: Path, qtbot: Any) -> None:
    days, made = earlier_version(tmp_path)

    def ticked() -> list[str]:
        return [layer_tree.date_of(node) for node in days.children() if node.itemVisibilityChecked()]

    results.show_day(dt.date.fromisoformat(DAYS[1]))
    assert ticked() == [DAYS[1]]
    days.children()[2].setItemVisibilityChecked(True)
    assert ticked() == [DAYS[0]]
    job = summary([products.output(tmp_path / f"soil_moisture_05cm_{day}.tif", 5, day) for day in DAYS],
                  start=DAYS[0], end=DAYS[-1])
    for zoom in (False, True):
        results.show(job, zoom)
        qtbot.wait(50)
        assert len(QgsProject.instance().mapLayers()) == 3, "a map came twice"
    assert sorted(item.date for item in exported.of_layers(made)) == DAYS
    results.remove(products.JOB)
    assert not QgsProject.instance().mapLayers()


def test_a_year_of_days_is_small_in_the_project(results: ResultLayers, tmp_path: Path, qtbot: Any) -> None:
    days = days_from("2023-01-01", 365)
    first, *_ = maps(tmp_path, days[:1], (5,))
    made = [{**first, "date": day, "name": f"soil_moisture_05cm_{day}.tif", "path": str(
        tmp_path / f"soil_moisture_05cm_{day}.tif")} for day in days]
    for output in made[1:]:
        Path(output["path"]).symlink_to(first["path"])
    group = results.show(summary(made, start=days[0], end=days[-1]))
    qtbot.waitUntil(lambda: not results._queue, timeout=10_000)
    assert len(QgsProject.instance().mapLayers()) == len(group.findLayers()) == 1
    kept = group.findLayers()[0].layer().customProperty(layer_tree.DAY_MAPS)
    print(f"{len(days)} days of a layer: {len(kept) / 1000:.0f} kB in the project")
    assert len(json.loads(kept)) == 365 and len(kept) < 80_000
    assert group.findLayers()[0].layer().temporalProperties().mode() == Qgis.RasterTemporalMode.FixedTemporalRange
