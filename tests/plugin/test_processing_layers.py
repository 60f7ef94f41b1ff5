"""Maps that Processing loads: a layer for each field and quantity, which shows one of its days, as the dock's do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from products import days_from, maps
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsRasterLayer

from deepsoil_plugin.dock.day_bar import DayBar
from deepsoil_plugin.map import day_layers, day_maps
from deepsoil_plugin.map.result_layers import ResultLayers, _open_layer
from deepsoil_plugin.processing import loading

DAYS = days_from("2023-07-14", 3)
Load = Callable[[list[str]], list[QgsRasterLayer]]


@pytest.fixture
def load(qgis_app: Any, qgis_new_project: None) -> Iterator[Load]:
    """Loads maps as Processing does when an algorithm has ended."""
    loading._dressers.clear()  # of other tests, whose layers nobody loaded
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())

    def now(paths: list[str]) -> list[QgsRasterLayer]:
        loading.load(paths, (), context, "MAPS")
        made = []
        for path, details in context.layersToLoadOnCompletion().items():
            layer = _open_layer(path)
            assert layer is not None
            layer.setName(details.name)
            QgsProject.instance().addMapLayer(layer)
            dresser = next(one for one in loading._dressers if one._maps[-1][0] == path)
            dresser.postProcessLayer(layer, context, QgsProcessingFeedback())
            made.append(layer)
        QgsApplication.processEvents()
        return sorted(made, key=lambda layer: layer.name())

    yield now
    loading._dressers.clear()


def paths(folder: Path, days: list[str], name: str = "", **tags: Any) -> list[str]:
    folder.mkdir(exist_ok=True)
    return [one["path"] for one in maps(folder, days, DEEPSOIL_FIELD=name, **tags)]


def test_a_loaded_map_looks_like_the_docks(load: Load, tmp_path: Path) -> None:
    shallow, deep = sorted(load(paths(tmp_path, DAYS[:1])), key=lambda layer: layer.source())
    assert (shallow.name(), deep.name()) == ("Soil moisture 5 cm · synthetic", "Soil moisture 20 cm · synthetic")
    assert shallow.renderer().type() == "singlebandpseudocolor" and "SYNTHETIC" in shallow.metadata().abstract()
    assert shallow.temporalProperties().isActive() and not loading._dressers


def test_days_are_one_layer_for_each_field_and_depth(load: Load, tmp_path: Path) -> None:
    found = load([*paths(tmp_path / "a", DAYS, "North"), *paths(tmp_path / "b", DAYS, "South")])
    assert [layer.name() for layer in found] == [f"{field} · {depth} cm · 16 Jul 2023 · synthetic"
                                                 for field in ("North", "South") for depth in (20, 5)]
    assert [day_maps.days(layer) for layer in found] == [DAYS] * 4
    assert all(day_layers.show_day(layer, DAYS[0]) for layer in found)
    assert found[0].source().endswith(f"soil_moisture_20cm_{DAYS[0]}.tif")
    assert found[0].name() == "North · 20 cm · 14 Jul 2023 · synthetic"


def test_the_docks_slider_steps_their_days(load: Load, tmp_path: Path, window: Any, qtbot: Any) -> None:
    results = ResultLayers(window)
    bar = DayBar(results, window)
    qtbot.addWidget(bar)
    deep, shallow = load(paths(tmp_path, DAYS))
    qtbot.waitUntil(lambda: not bar.isHidden(), timeout=10_000)
    bar._step(-1)
    qtbot.waitUntil(lambda: {day_layers.shown_day(deep), day_layers.shown_day(shallow)} == {DAYS[1]}, timeout=10_000)
    bar.close_down()
    results.close()
