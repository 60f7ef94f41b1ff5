"""How sure a map is: one step away in the layer tree, with colours and a legend of its own, and back again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import products
import pytest
from osgeo import gdal
from qgis.core import Qgis, QgsLayerTreeModel, QgsPointXY, QgsProject, QgsRasterLayer
from qgis.PyQt.QtGui import QColor
from test_style import cielab, open_styled, rendered_row

from deepsoil_plugin.exports.figures import figures_of
from deepsoil_plugin.exports.items import of_file
from deepsoil_plugin.exports.raster import write_map
from deepsoil_plugin.exports.wishes import Wishes
from deepsoil_plugin.map import interval_style, layer_tree, looks, metadata, style
from deepsoil_plugin.map.result_layers import ResultLayers
from deepsoil_plugin.map.style_switch import SURE, VALUES, StyleSwitch

HALF = np.array([0.0001, 0.03, 0.06, 0.09, 0.12, 0.15, 0.1502, 0.4, np.nan])
COLOURS = ["#fcfbfd", *(colour for _, colour in interval_style.STOPS[1:]), interval_style.ABOVE, interval_style.ABOVE,
           "#ff00ff"]


def near(seen: QColor, wanted: str) -> bool:
    return max(abs(a - b) for a, b in zip(seen.getRgb(), QColor(wanted).getRgb(), strict=True)) <= 1


def two_bands(path: Path) -> Path:
    theta = np.where(np.isfinite(HALF), 0.25, np.nan)
    return products.write_product(path, np.vstack([theta, theta]), half_width=np.vstack([HALF, HALF]))


def test_every_half_width_has_its_one_colour_and_the_map_comes_back(qgis_app: Any, tmp_path: Path) -> None:
    layer = open_styled(two_bands(tmp_path / "a.tif"))
    before = [colour.name() for colour in rendered_row(layer)]
    assert interval_style.has_interval(layer) and not interval_style.is_shown(layer)
    interval_style.show(layer, None, interval=True)
    assert interval_style.is_shown(layer)
    for half, seen, wanted in zip(HALF, rendered_row(layer), COLOURS, strict=True):
        assert near(seen, wanted), f"{half}: {seen.name()} for {wanted}"
    interval_style.show(layer, None, interval=False)
    assert [colour.name() for colour in rendered_row(layer)] == before


def test_no_doubt_looks_like_a_moisture_and_darker_is_less_sure() -> None:
    def lab(colours: list[str]) -> np.ndarray:
        rgb = np.array([[int(colour[k:k + 2], 16) / 255 for k in (1, 3, 5)] for colour in colours])
        return cielab(np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4))

    doubt = lab([*(colour for _, colour in interval_style.STOPS), interval_style.ABOVE])
    moisture = lab([looks.DRIER, *(colour for _, colour in style.SOIL_MOISTURE.stops), looks.WETTER])
    assert (np.diff(doubt[:, 0]) < -5).all()
    assert np.linalg.norm(doubt[:, None] - moisture[None], axis=2).min() > 10


@pytest.fixture
def shown(qgis_new_project: None, window: Any, qtbot: Any, tmp_path: Path) -> Any:
    """A switch, and the layers of two jobs of three days; the first has intervals."""
    switch, results = StyleSwitch(window), ResultLayers(window)
    jobs = {}
    for job, half_width in (("a" * 32, 0.09), ("b" * 32, None)):
        folder = tmp_path / job
        folder.mkdir()
        outputs = products.maps(folder, products.days_from("2023-07-15", 2), half_width=half_width,
                                DEEPSOIL_JOB=job)
        with qtbot.waitSignal(results.layersAdded, timeout=10_000):
            results.show(products.summary(outputs, job=job, end="2023-07-16"))
        jobs[job[0]] = [layer for layer in QgsProject.instance().mapLayers().values()
                        if layer.customProperty(layer_tree.JOB) == job]
    yield switch, jobs
    switch.close()
    results.close()


def test_one_layer_switches_all_maps_of_its_job_and_no_other(shown: Any) -> None:
    switch, jobs = shown
    assert len(jobs["a"]) == len(jobs["b"]) == 2
    switch.show([jobs["a"][0], jobs["b"][0]], SURE)
    assert all(map(interval_style.is_shown, jobs["a"])) and not any(map(interval_style.is_shown, jobs["b"]))
    switch.show([jobs["a"][1]], VALUES)
    assert not any(map(interval_style.is_shown, jobs["a"]))


def test_the_legend_says_what_is_shown(shown: Any) -> None:
    switch, jobs = shown
    layer, root = jobs["a"][0], QgsProject.instance().layerTreeRoot()

    def rows() -> list[str]:
        model = QgsLayerTreeModel(root)
        return [row.data(0) for row in model.layerLegendNodes(root.findLayer(layer.id()))]

    before = rows()
    switch.show([layer], SURE)
    assert rows() == ["90 % interval, m³/m³ · synthetic data", "± 0.00 · exact", "± 0.03", "± 0.06", "± 0.09",
                      "± 0.12", "± 0.15", "over ± 0.15 · hardly known"]
    switch.show([layer], VALUES)
    assert rows() == before and before[0].startswith("m³/m³")


def test_identify_tells_both_bands_and_the_metadata_what_they_are(shown: Any) -> None:
    _, jobs = shown
    layer: QgsRasterLayer = jobs["a"][0]
    middle = QgsPointXY(layer.extent().center())
    values = layer.dataProvider().identify(middle, Qgis.RasterIdentifyFormat.Value).results()
    assert sorted(values) == [1, 2] and values[2] == pytest.approx(0.09) and 0.1 < values[1] < 0.3
    assert "half-width of the 90% interval (conformal, 10 groups)" in layer.metadata().abstract()
    assert "interval" not in jobs["b"][0].metadata().abstract()


def test_an_export_keeps_the_second_band_and_sums_up_the_first(tmp_path: Path) -> None:
    path = products.write_product(tmp_path / "a.tif", np.full((4, 4), 0.2), half_width=np.full((4, 4), 0.09))
    assert metadata.read_product(str(path)).interval == "90%"
    figures = figures_of(of_file(path), Wishes(), lambda: None)
    assert (figures.pixels, figures.mean, figures.half_width) == (16, 0.2, 0.09)
    write_map(path, tmp_path / "b.tif", Wishes(), "5", lambda: None)
    assert gdal.Open(str(tmp_path / "b.tif")).RasterCount == 2
