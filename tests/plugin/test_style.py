"""The colours that reach the screen: fixed, the same for every map, told apart beyond the scale and by every eye."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from products import write_product
from qgis.core import (
    QgsLayerTreeLayer,
    QgsLayerTreeModel,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

from deepsoil_plugin import paths
from deepsoil_plugin.map import looks, result_layers, style

VALUES = np.array([0.0, 0.02, 0.0499, 0.05, 0.10, 0.125, 0.25, 0.45, 0.4501, 0.60, np.nan])
EXPECTED = [looks.DRIER, looks.DRIER, looks.DRIER, "#7d4a12", "#b0772a", None, "#f4ecd4", "#0a5570", looks.WETTER,
            looks.WETTER, "#ff00ff"]  # the background shows through where there is no data


def rendered_row(layer: QgsRasterLayer, zoom: int = 7) -> list[QColor]:
    """The colour in the middle of each pixel of the first row, drawn by QGIS on magenta."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent())
    settings.setOutputSize(QSize(layer.width() * zoom, layer.height() * zoom))
    settings.setBackgroundColor(QColor("#ff00ff"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    return [QColor(image.pixel(column * zoom + zoom // 2, zoom // 2)) for column in range(layer.width())]


def open_styled(path: Path) -> QgsRasterLayer:
    layer = result_layers._open_layer(str(path))
    assert layer is not None
    style.apply(layer)
    return layer


def test_every_value_has_its_one_colour(qgis_app: Any, tmp_path: Path) -> None:
    layer = open_styled(write_product(tmp_path / "a.tif", np.vstack([VALUES, VALUES])))
    drawn = rendered_row(layer)
    for value, seen, expected in zip(VALUES, drawn, EXPECTED, strict=True):
        if expected:  # QGIS cuts off fractions of a colour's parts
            wanted = QColor(expected)
            far = max(abs(a - b) for a, b in zip(seen.getRgb(), wanted.getRgb(), strict=True))
            assert far <= 1, f"{value} m³/m³: {seen.name()} for {expected}"
    # Between two stops: halfway in every part of the colour.
    left, right = QColor("#b0772a"), QColor("#d1a75d")
    assert abs(drawn[5].red() - (left.red() + right.red()) / 2) <= 1
    assert abs(drawn[5].blue() - (left.blue() + right.blue()) / 2) <= 1


def test_the_ramp_is_not_stretched_to_the_map(qgis_app: Any, tmp_path: Path) -> None:
    narrow = open_styled(write_product(tmp_path / "narrow.tif", np.array([[0.24, 0.25], [0.25, 0.26]])))
    wide = open_styled(write_product(tmp_path / "wide.tif", np.array([[0.05, 0.25], [0.45, 0.25]])))
    assert rendered_row(narrow)[1].name() == rendered_row(wide)[1].name() == "#f4ecd4"


def test_pixels_stay_what_they_are_when_zoomed_in(qgis_app: Any, tmp_path: Path) -> None:
    layer = open_styled(write_product(tmp_path / "a.tif", np.array([[0.10, 0.40], [0.10, 0.40]])))
    row = rendered_row(layer, zoom=40)
    assert [colour.name() for colour in row] == ["#b0772a", "#197d86"]
    assert layer.resampleFilter().zoomedInResampler() is None


def test_the_legend_is_short_wet_above_dry_and_says_synthetic(qgis_app: Any, qgis_new_project: None,
                                                              tmp_path: Path) -> None:
    layer = open_styled(write_product(tmp_path / "a.tif", np.full((4, 4), 0.2)))
    QgsProject.instance().addMapLayer(layer, False)
    node = QgsLayerTreeLayer(layer)
    style.shorten_legend(node, synthetic=True)
    QgsProject.instance().layerTreeRoot().addChildNode(node)
    model = QgsLayerTreeModel(QgsProject.instance().layerTreeRoot())
    rows = [row.data(0) for row in model.layerLegendNodes(node)]
    assert rows == ["m³/m³ · synthetic data", "above 0.45 · saturated", "0.45", "0.35", "0.25", "0.15", "0.05",
                    "below 0.05 · very dry"]


def test_the_style_file_gives_the_same_colours(qgis_app: Any, tmp_path: Path) -> None:
    values = np.concatenate([VALUES, [value for value, _ in style.SOIL_MOISTURE.stops]])
    path = write_product(tmp_path / "a.tif", np.vstack([values, values]))
    outside = QgsRasterLayer(str(path), "outside")
    message, loaded = outside.loadNamedStyle(str(paths.resources() / "styles" / "soil_moisture.qml"))
    assert loaded, message
    assert [c.name() for c in rendered_row(outside)] == [c.name() for c in rendered_row(open_styled(path))]


# Machado, Oliveira & Fernandes (2009), severity 1.0; for linear RGB.
EYES = {
    "normal": np.eye(3),
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


@pytest.mark.parametrize("eye", EYES)
def test_no_two_stops_look_alike(eye: str) -> None:
    colours = [looks.DRIER, *(colour for _, colour in style.SOIL_MOISTURE.stops), looks.WETTER]
    rgb = np.array([[int(colour[k:k + 2], 16) / 255 for k in (1, 3, 5)] for colour in colours])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.array(EYES[eye]).T, 0, 1)
    lab = cielab(seen)
    apart = np.linalg.norm(lab[:, None] - lab[None], axis=2) + 1000 * np.eye(len(lab))
    assert apart.min() > 10, "a difference of 10 is seen at a glance, one of 2.3 just so"
    lightness = lab[1:-1, 0]
    assert (np.diff(lightness[:5]) > 5).all() and (np.diff(lightness[4:]) < -5).all(), "ordered within each half"


def cielab(linear: np.ndarray) -> np.ndarray:
    """CIELAB (D65) of linear sRGB."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ to_xyz.T / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)
