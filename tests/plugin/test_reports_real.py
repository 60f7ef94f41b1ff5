"""A report by the real engine: the last weeks of a field of the sample region, through the Processing algorithm."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from products import write_product
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback

from deepsoil_plugin.processing.provider import DeepSoilProvider

PLACE = (506_000, 4_475_500)  # of the sample region, UTM zone 13 north
DAY = "2023-07-15"


@pytest.fixture
def provider(qgis_app: Any) -> Iterator[DeepSoilProvider]:
    made = DeepSoilProvider()
    QgsApplication.processingRegistry().addProvider(made)
    yield made
    QgsApplication.processingRegistry().removeProvider(made)


@pytest.fixture
def at_home(real_python: Path, sample_region: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine knows the sample region."""
    monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(real_python))
    subprocess.run([str(real_python), "-m", "deepsoil", "regions", "--add", str(sample_region)], check=True,
                   capture_output=True, env={**os.environ, "DEEPSOIL_HOME": str(own_home)})


def product(folder: Path, region: str) -> Path:
    made = write_product(folder / "made.tif", np.full((20, 20), 0.2), depth_cm=20, day=DAY, epsg=32613,
                         DEEPSOIL_REGION=region, DEEPSOIL_FIELD="North")
    placed = folder / f"soil_moisture_20cm_{DAY}.tif"
    gdal.Translate(str(placed), str(made), outputBounds=[PLACE[0], PLACE[1], PLACE[0] + 600, PLACE[1] - 600])
    return placed


@pytest.mark.parametrize("region", ["sample", "nowhere"])
def test_a_page_shows_what_the_engine_tells_of_the_last_weeks(provider: DeepSoilProvider, at_home: None, region: str,
                                                             tmp_path: Path) -> None:
    algorithm = provider.algorithm("exportmaps").create()
    found, well = algorithm.run({"MAPS": [str(product(tmp_path, region))], "REPORTS": True, "TABLES": [],
                                 "WRITE_MAPS": False, "OUTPUT": str(tmp_path / "out")}, QgsProcessingContext(),
                                QgsProcessingFeedback(), {}, False)
    assert well and found["FILES"] == 1
    page = gdal.Open(str(tmp_path / "out" / f"North_report_{DAY}.pdf"))
    pixels = np.moveaxis(page.ReadAsArray()[:3], 0, -1).astype(int)
    scale = pixels.shape[1] / 210
    plot = pixels[round(184 * scale):round(240 * scale), round(15 * scale):round(195 * scale)]
    drawn = (np.abs(plot - np.array((10, 85, 112))).max(axis=-1) < 50).mean()
    assert (drawn > 0.0005) == (region == "sample"), "without a region there is a page without a plot"
