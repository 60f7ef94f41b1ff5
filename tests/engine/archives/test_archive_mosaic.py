"""Neighbouring clips are pasted where they belong, or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from deepsoil.archives import mosaic
from deepsoil.contract.errors import DeepSoilError
from network_tools import write_raster
from shapely.geometry import box

STEP = 1 / 10800
NODATA = -999999.0


def _clip(folder: Path, name: str, values: np.ndarray, column: float, row: float, step: float = STEP,
          crs: str = "EPSG:4269") -> Path:
    path = folder / f"{name}.tif"
    write_raster(path, values.astype("float32"), west=-97 + column * STEP, north=40 - row * STEP, step=step, crs=crs)
    return path


def _pasted(folder: Path, *clips: Path) -> np.ndarray:
    bounds = (-97.0, 40 - 20 * STEP, -97 + 30 * STEP, 40.0)
    mosaic.paste("Tiles", clips, bounds, folder / "whole.tif", NODATA, (-3.4028234663852886e38,))
    with rasterio.open(folder / "whole.tif") as whole:
        values: np.ndarray = whole.read(1)
    assert values.shape == (20, 30)
    return values


def test_the_first_known_value_counts_and_gaps_are_nodata(tmp_path: Path) -> None:
    first, second = np.full((20, 12), 1.0), np.full((10, 25), 2.0)
    first[0, 11], second[0, 19] = NODATA, -3.4028234663852886e38
    values = _pasted(tmp_path, _clip(tmp_path, "a", first, 0, 0), _clip(tmp_path, "b", second, 10, 0))
    expected = np.full((20, 30), NODATA)
    expected[:10, 10:] = 2
    expected[:, :12] = 1
    expected[0, 11], expected[0, 29] = 2, NODATA
    np.testing.assert_array_equal(values, expected)


@pytest.mark.parametrize("seed", range(4))
def test_every_pixel_has_the_first_known_value_of_the_clips_that_lie_over_it(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    expected, clips = np.full((20, 30), NODATA, np.float32), []
    for number in range(5):
        column, row, width, height = rng.integers(-12, 32), rng.integers(-12, 22), *rng.integers(3, 25, 2)
        values = rng.uniform(1, 9, (height, width)).astype(np.float32)
        values[rng.random(values.shape) < 0.3] = rng.choice([NODATA, -3.4028234663852886e38, np.nan])
        clips.append(_clip(tmp_path, str(number), values, column, row))
        for y in range(max(0, row), min(20, row + height)):
            for x in range(max(0, column), min(30, column + width)):
                value = values[y - row, x - column]
                if expected[y, x] == NODATA and value > 0:
                    expected[y, x] = value
    np.testing.assert_array_equal(_pasted(tmp_path, *clips), expected)


@pytest.mark.parametrize("other", [{"column": 10.4}, {"row": 0.3}, {"step": STEP * 1.001}, {"crs": "EPSG:4326"}],
                         ids=["half a pixel east", "a third south", "other pixels", "another datum"])
def test_a_clip_of_another_grid_is_refused(tmp_path: Path, other: dict[str, object]) -> None:
    clips = [_clip(tmp_path, "a", np.ones((20, 12)), 0, 0),
             _clip(tmp_path, "b", np.ones((20, 20)), **{"column": 10.0, "row": 0.0, **other})]
    with pytest.raises(DeepSoilError) as caught:
        _pasted(tmp_path, *clips)
    assert caught.value.code == "archive_implausible" and "b" in caught.value.message
    assert not (tmp_path / "whole.tif").exists()


def test_the_share_under_the_field_is_told_apart_and_values_that_cannot_be_are_refused(tmp_path: Path) -> None:
    values = np.full((20, 20), 400.0)
    values[:, 10:] = NODATA
    clip = _clip(tmp_path, "a", values, 0, 0)
    west, north = -97.0, 40.0
    half = mosaic.known(clip, box(west, north - 20 * STEP, west + 9.5 * STEP, north), -122, 4500, "Tiles")
    assert (half.whole, half.outline) == (0.5, 1.0)
    across = box(west + 5.5 * STEP, north - 9.5 * STEP, west + 14.5 * STEP, north - 5.5 * STEP)
    assert mosaic.known(clip, across, -122, 4500, "Tiles").outline == 0.5
    with pytest.raises(DeepSoilError, match="from 400 to 400"):
        mosaic.known(clip, across, -122, 300, "Tiles")
