"""Finished maps in the layer tree: a group per job, no map twice, nothing of the user's undone, all in the project."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from products import JOB, days_from, maps, output, summary, write_product
from qgis.core import Qgis, QgsLayerTreeLayer, QgsProject, QgsRasterMinMaxOrigin, QgsVectorLayer

from deepsoil_plugin.map import day_maps, layer_tree, metadata, placing, result_layers
from deepsoil_plugin.map.result_layers import ResultLayers


@pytest.fixture
def shown(qgis_iface: Any, qgis_new_project: None, qtbot: Any) -> Iterator[Any]:
    """``shown(summary, zoom=False)`` shows a job, waits until its layers stand there and returns the group."""
    layers = ResultLayers(qgis_iface)

    def show(job: dict[str, Any], zoom: bool = False) -> Any:
        group = layers.show(job, zoom)
        qtbot.waitUntil(lambda: not layers._queue, timeout=10_000)
        return group

    show.layers = layers  # type: ignore[attr-defined]
    yield show
    layers.close()


def paths_in(group: Any) -> list[str]:
    rows = []
    for child in group.children():
        rows.append(child.name())
        if not isinstance(child, QgsLayerTreeLayer):
            rows += [f"{child.name()}/{node.name()}" for node in child.children()]
    return rows


def visible(group: Any) -> list[str]:
    return [node.name() for node in group.findLayers() if node.isVisible()]


def test_one_day_gives_a_group_with_both_depths(shown: Any, tmp_path: Path) -> None:
    group = shown(summary(maps(tmp_path, ["2023-07-15"])))
    assert group.name() == "North quarter · 15 Jul 2023 · synthetic"
    assert paths_in(group) == ["Soil moisture 5 cm", "Soil moisture 20 cm"]
    assert all(node.isExpanded() for node in group.findLayers()), "a legend is hidden"
    assert visible(group) == ["Soil moisture 5 cm"], "one depth lies unseen under the other"
    assert QgsProject.instance().layerTreeRoot().children()[0] is group
    assert shown.layers.shown_jobs() == [JOB]


def test_one_click_shows_the_other_depth_and_only_that(shown: Any, tmp_path: Path) -> None:
    days = days_from("2023-07-30", 2)
    (tmp_path / "several").mkdir()
    one = shown(summary(maps(tmp_path, ["2023-07-15"])))
    several = shown(summary(maps(tmp_path / "several", days), id="d" * 32, start=days[0], end=days[-1]))
    for group, deep in ((one, "Soil moisture 20 cm"), (several, "20 cm · 31 Jul 2023")):
        shallow_before = visible(group)
        upper, lower = group.children()
        node = next(node for node in group.findLayers() if node.name() == deep)
        node.setItemVisibilityCheckedParentRecursive(True)  # what QGIS does for a tick
        assert visible(group) == [deep]
        upper.setItemVisibilityChecked(True)
        assert visible(group) == shallow_before
        assert not lower.itemVisibilityChecked()
        upper.setItemVisibilityChecked(False)
        assert visible(group) == [], "switched on by itself"


def test_a_depth_that_comes_later_does_not_hide_the_one_that_is_looked_at(shown: Any, tmp_path: Path) -> None:
    made = sorted(maps(tmp_path, ["2023-07-15"]), key=lambda one: -one["depth_cm"])
    shown(summary(made[:1], state="running"))
    group = shown(summary(made))
    assert paths_in(group) == ["Soil moisture 5 cm", "Soil moisture 20 cm"]
    assert visible(group) == ["Soil moisture 20 cm"]


def test_a_real_region_is_not_called_synthetic(shown: Any, tmp_path: Path) -> None:
    assert shown(summary(maps(tmp_path, ["2023-07-15"], synthetic=False))).name() == "North quarter · 15 Jul 2023"


def test_many_days_are_one_layer_per_depth_that_shows_the_newest(shown: Any, tmp_path: Path) -> None:
    days = days_from("2023-07-30", 4)
    group = shown(summary(maps(tmp_path, days), start=days[0], end=days[-1]))
    assert group.name() == "North quarter · 30 Jul – 2 Aug 2023 · synthetic"
    assert paths_in(group) == ["5 cm · 2 Aug 2023", "20 cm · 2 Aug 2023"]
    assert visible(group) == ["5 cm · 2 Aug 2023"]


def test_maps_of_days_to_come_say_forecast_in_the_layer_tree(shown: Any, tmp_path: Path) -> None:
    settled = maps(tmp_path, ["2023-07-15"])
    coming = maps(tmp_path, ["2023-07-16"], DEEPSOIL_FORECAST="yes", DEEPSOIL_FORECAST_FROM="2023-07-16")
    group = shown(summary([*settled, *coming], end="2023-07-16"))
    assert paths_in(group) == [f"{depth} cm · 16 Jul 2023 · forecast" for depth in (5, 20)]
    shown.layers.show_day(dt.date(2023, 7, 15))
    assert paths_in(group) == [f"{depth} cm · 15 Jul 2023" for depth in (5, 20)]


def test_showing_again_adds_only_what_is_new(shown: Any, tmp_path: Path) -> None:
    days = days_from("2023-07-15", 3)
    made = maps(tmp_path, days)
    running = summary(made[:2], start=days[0], end=days[-1], state="running")
    group = shown(running)
    shown(running)
    assert visible(group) == ["5 cm · 15 Jul 2023"]
    shown(summary(made, start=days[0], end=days[-1]))
    assert [day_maps.days(node.layer()) for node in group.findLayers()] == [days] * 2
    assert len(shown.layers.shown_jobs()) == 1
    assert visible(group) == ["5 cm · 17 Jul 2023"]


def test_what_the_user_did_is_kept(shown: Any, tmp_path: Path) -> None:
    days = days_from("2023-07-15", 2)
    made = maps(tmp_path, days)
    group = shown(summary(made[:2], start=days[0], end=days[-1], state="running"))
    root = QgsProject.instance().layerTreeRoot()
    group.setName("My corn")
    elsewhere = root.addGroup("Elsewhere")
    layer_tree.move_to_top(group, elsewhere)
    removed = next(layer for layer in QgsProject.instance().mapLayers().values()
                   if layer.customProperty(layer_tree.DEPTH) == 20)
    QgsProject.instance().removeMapLayer(removed.id())

    again = shown(summary(made, start=days[0], end=days[-1]))
    assert again.name() == "My corn" and again.parent() is elsewhere
    assert [node.name() for node in again.findLayers()] == ["5 cm · 16 Jul 2023"]
    # Asked for by the user, the removed map comes back.
    shown(summary(made, start=days[0], end=days[-1]), zoom=True)
    assert [day_maps.days(node.layer()) for node in again.findLayers()] == [days] * 2


def test_a_saved_project_knows_its_jobs(shown: Any, tmp_path: Path) -> None:
    job = summary(maps(tmp_path, ["2023-07-15"]))
    shown(job).setName("Renamed")
    project = QgsProject.instance()
    saved = str(tmp_path / "p.qgz")
    assert project.write(saved)
    project.clear()
    assert shown.layers.shown_jobs() == []
    assert project.read(saved)
    assert shown.layers.shown_jobs() == [JOB]
    group = shown(job)
    assert group.name() == "Renamed" and len(group.findLayers()) == 2
    layer = group.findLayers()[0].layer()
    assert layer.isValid() and layer.renderer().type() == "singlebandpseudocolor"
    assert layer.customProperty("deepsoil/model") == "deepsoil-5cm"
    assert "SYNTHETIC" in layer.metadata().abstract()
    assert layer.temporalProperties().isActive()


def test_remove_takes_the_job_and_leaves_the_users_layers(shown: Any, tmp_path: Path) -> None:
    days = days_from("2023-07-15", 2)
    group = shown(summary(maps(tmp_path, days), start=days[0], end=days[-1]))
    mine = QgsVectorLayer("Point?crs=EPSG:4326", "My wells", "memory")
    QgsProject.instance().addMapLayer(mine, False)
    group.insertLayer(0, mine)
    shown.layers.remove(JOB)
    root = QgsProject.instance().layerTreeRoot()
    assert [node.name() for node in root.findLayers()] == ["My wells"]
    assert not root.findGroups(True) and len(QgsProject.instance().mapLayers()) == 1
    shown.layers.remove("0" * 32)  # never shown: nothing to do


def test_a_file_that_is_gone_is_told_and_the_others_come(shown: Any, tmp_path: Path, qgis_iface: Any) -> None:
    made = maps(tmp_path, ["2023-07-15"])
    Path(made[1]["path"]).unlink()
    qgis_iface.messageBar().clear_messages()
    group = shown(summary(made))
    told = qgis_iface.messageBar().get_messages(Qgis.MessageLevel.Warning)
    assert len(told) == 1 and "soil_moisture_20cm_2023-07-15.tif" in told[0] and "“Try again”" in told[0]
    assert paths_in(group) == ["Soil moisture 5 cm"]
    # Made again, it is not taken for shown.
    theta = np.full((4, 4), 0.3)
    again = write_product(tmp_path / "soil_moisture_20cm_2023-07-15.tif", theta, depth_cm=20)
    made[1] = output(again, 20, "2023-07-15")
    assert paths_in(shown(summary(made))) == ["Soil moisture 5 cm", "Soil moisture 20 cm"]


def test_other_outputs_are_no_maps(shown: Any, tmp_path: Path) -> None:
    table = {"path": str(tmp_path / "station_comparison.csv"), "name": "station_comparison.csv", "kind": "table",
             "depth_cm": None, "date": None, "size": 1, "sha256": ""}
    assert paths_in(shown(summary([table, *maps(tmp_path, ["2023-07-15"])]))) == ["Soil moisture 5 cm",
                                                                                "Soil moisture 20 cm"]


def test_the_range_is_fixed_and_not_the_maps_own(shown: Any, tmp_path: Path) -> None:
    renderer = shown(summary(maps(tmp_path, ["2023-07-15"]))).findLayers()[0].layer().renderer()
    assert (renderer.classificationMin(), renderer.classificationMax()) == (0.05, 0.45)
    assert renderer.minMaxOrigin().limits() == QgsRasterMinMaxOrigin().limits()  # none: never taken anew


def test_each_turn_adds_one_layer_and_holds_nothing_else(qgis_iface: Any, qgis_new_project: None, qtbot: Any,
                                                         tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without QGIS's own work (opening and taking in a layer) a turn of the queue stays far under 50 ms."""
    layers = ResultLayers(qgis_iface)
    days = days_from("2023-01-01", 60)
    made = maps(tmp_path, days)
    apart = [0.0]

    def timed(function: Any) -> Any:
        def call(*arguments: Any) -> Any:
            begun = time.perf_counter()
            try:
                return function(*arguments)
            finally:
                apart[0] += time.perf_counter() - begun
        return call

    monkeypatch.setattr(result_layers, "_open_layer", timed(result_layers._open_layer))
    monkeypatch.setattr(placing, "_add_to_project", timed(placing._add_to_project))
    held = []
    real = layers._add_next

    def turn() -> None:
        apart[0], begun = 0.0, time.perf_counter()
        before = len(QgsProject.instance().mapLayers())
        real()
        held.append(time.perf_counter() - begun - apart[0])
        assert len(QgsProject.instance().mapLayers()) - before <= 1

    layers._timer.timeout.disconnect()
    layers._timer.timeout.connect(turn)
    layers.show(summary(made, start=days[0], end=days[-1]))
    qtbot.waitUntil(lambda: not layers._queue, timeout=60_000)
    layers.close()
    print(f"longest turn {1000 * max(held):.1f} ms over {len(held)} layers")
    assert sorted(held)[len(held) // 2] < 0.025


def test_metadata_says_where_a_map_comes_from(shown: Any, tmp_path: Path) -> None:
    layer = shown(summary(maps(tmp_path, ["2023-07-15"]))).findLayers()[1].layer()
    data = layer.metadata()
    assert data.title() == "Soil moisture at 20 cm, 15 Jul 2023, North quarter"
    assert "m³ water per m³ soil" in data.abstract() and "deepsoil-5cm 1.0" in data.abstract()
    assert f"Job: {JOB}" in data.history() and "Engine: 0.1.0" in data.history()
    assert "lai, smap" in data.constraints()[0].constraint
    assert data.rights() == ["Soil: USDA"] and "Data: Soil: USDA" in data.abstract()
    assert layer.customProperty("deepsoil/synthetic") == "yes"
    assert layer.customProperty("deepsoil/missing") == "lai,smap"


def test_a_product_without_tags_is_taken_as_it_is() -> None:
    assert metadata.parse_tags({}) == metadata.Product()
    assert metadata.read_product("/nowhere/at/all.tif") == metadata.Product()
