"""Readings on foot beside maps: sampled where they were taken, at the nearest depth, on their own day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
import rasterio
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.readings import Reading
from deepsoil.evaluation.survey import MapFile, Survey, compare
from deepsoil.service.survey import compare_readings
from pyproj import Transformer
from rasterio.transform import from_origin

WEST, NORTH, PIXEL = 700_000.0, 4_330_000.0, 30.0
TO_DEGREES = Transformer.from_crs("EPSG:32614", "EPSG:4326", always_xy=True)


def product(path: Path, theta: np.ndarray, half_width: float | None = 0.02) -> Path:
    """A map in steps of 1e-4 with the interval as band 2; NaN is nodata."""
    bands = [theta] if half_width is None else [theta, np.where(np.isnan(theta), np.nan, half_width)]
    with rasterio.open(path, "w", driver="GTiff", height=theta.shape[0], width=theta.shape[1], count=len(bands),
                       dtype="uint16", nodata=65535, crs="EPSG:32614",
                       transform=from_origin(WEST, NORTH, PIXEL, PIXEL)) as file:
        for number, values in enumerate(bands, 1):
            steps = np.where(np.isnan(values), 65535, np.rint(np.nan_to_num(values) * 1e4))
            file.write(steps.astype(np.uint16), number)
        file.scales = (1e-4,) * len(bands)
    return path


def reading(row: int, column: int, theta: float, day: str = "2019-07-08", depth_cm: float = 12.0) -> Reading:
    longitude, latitude = TO_DEGREES.transform(WEST + (column + 0.5) * PIXEL, NORTH - (row + 0.5) * PIXEL)
    return Reading(longitude=longitude, latitude=latitude, depth_cm=depth_cm, date=dt.date.fromisoformat(day),
                   theta=theta, sensor="rods")


@pytest.fixture
def pattern() -> np.ndarray:
    return 0.2 + 0.005 * np.arange(20.0).reshape(4, 5)


def test_each_reading_meets_the_pixel_it_was_taken_in(tmp_path: Path, pattern: np.ndarray) -> None:
    maps = [MapFile(product(tmp_path / "5.tif", pattern), 5, "2019-07-08"),
            MapFile(product(tmp_path / "20.tif", pattern + 0.1), 20, "2019-07-08")]
    some = [reading(row, column, float(pattern[row, column]) + 0.03) for row in range(4) for column in range(5)]
    found = compare(some, maps)
    assert [point["predicted"] for point in found.points] == pytest.approx(pattern.ravel(), abs=1e-4)
    scores = found.scores["5"]
    assert found.scores.keys() == {"5"}, "12 cm is nearer to 5 than to 20"
    assert scores["n"] == 20 and scores["bias"] == pytest.approx(-0.03, abs=1e-4)
    assert scores["mae_pattern"] == pytest.approx(0.0, abs=1e-4) and scores["r"] == pytest.approx(1.0)
    assert scores["mae_mean"] == pytest.approx(np.abs(pattern - pattern.mean()).mean(), abs=1e-4)
    assert scores["inside"] == 0.0, "an offset of 0.03 is outside of an interval of 0.02"


def test_what_has_no_map_beside_it_is_counted_by_its_reason(tmp_path: Path, pattern: np.ndarray) -> None:
    pattern[0, 0] = np.nan
    first = MapFile(product(tmp_path / "a.tif", pattern, half_width=None), 5, "2019-07-08")
    some = [reading(0, 0, 0.2), reading(9, 9, 0.2), reading(1, 1, 0.2, day="2019-07-09"),
            reading(1, 1, 0.2, depth_cm=40.0), reading(1, 1, 0.2)]
    found = compare(some, [first])
    assert found.left_out == {"no_map": 1, "too_deep": 1, "outside": 2} and len(found.points) == 1
    assert found.scores["5"]["bias"] is None and found.scores["5"]["n"] == 1, "one point is no score"
    assert found.scores["5"]["inside"] is None
    filled = MapFile(product(tmp_path / "b.tif", np.full((4, 5), 0.4)), 5, "2019-07-08")
    points = compare(some, [first, filled]).points  # maps of two fields of one job
    assert [point["predicted"] for point in points] == pytest.approx([0.4, pattern[1, 1]])
    assert compare(some, []) == Survey([], {}, {"no_map": 5, "too_deep": 0, "outside": 0})


class _Jobs:
    """A job with one map; the folder and the list of outputs are all that the method asks for."""

    def __init__(self, path: Path, outputs: list[dict[str, object]]) -> None:
        self.outputs_path, self._outputs = path, outputs

    def folder(self, _job: str) -> _Jobs:
        return self

    def outputs(self, _job: str) -> list[dict[str, object]]:
        return self._outputs


def test_the_method_takes_maps_of_soil_moisture_only(tmp_path: Path, pattern: np.ndarray) -> None:
    product(tmp_path / "soil_moisture_05cm_2019-07-08.tif", pattern)
    outputs = [{"name": "soil_moisture_05cm_2019-07-08.tif", "kind": "map", "depth_cm": 5, "date": "2019-07-08"},
               {"name": "depletion_mm_2019-07-08.tif", "kind": "map", "depth_cm": None, "date": "2019-07-08"}]
    value = reading(2, 2, 0.3).model_dump(mode="json")
    answer = compare_readings(_Jobs(tmp_path, outputs), "a", [value])  # type: ignore[arg-type]
    assert len(answer["points"]) == 1 and answer["points"][0]["half_width"] == 0.02
    with pytest.raises(DeepSoilError) as caught:
        compare_readings(_Jobs(tmp_path, outputs[1:]), "a", [value])  # type: ignore[arg-type]
    assert caught.value.code == "no_maps"
    with pytest.raises(DeepSoilError) as caught:
        compare_readings(_Jobs(tmp_path, outputs), "a", [{**value, "theta": 22.0}])  # type: ignore[arg-type]
    assert caught.value.code == "specification_invalid"
