"""What recipes say of an archive's files: a mean of two variables, several nodata, how settled days are, unknown codes.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr
import yaml
from deepsoil.sources.ingest import ingest
from deepsoil.sources.store_summary import describe
from deepsoil.store.store import Store
from rasterio.transform import from_bounds
from sources_tools import refused

BOX = [-96.62, 39.06, -96.55, 39.11]
LON, LAT = np.arange(-97.0, -96.0, 0.25), np.arange(39.5, 38.5, -0.25)
WORDS = {"flag_values": np.array([1, 2, 3, 4], np.int8), "flag_meanings": "final provisional early forecast"}
MEAN = {"kind": "netcdf", "unit": "K", "files": ["low.nc"], "variable": "low", "status": "status",
        "mean_with": {"files": ["high.nc"], "variable": "high"}}


def write(path: Path, variable: str, values: Any, first: str = "2023-05-01", status: Any = None,
          calendar: str | None = None) -> None:
    """Values by day, the same in every cell."""
    values = np.asarray(values, np.float32)
    axis: Any = pd.date_range(first, periods=values.size)
    if calendar is not None:
        axis = ("day", np.arange(values.size), {"units": f"days since {first}", "calendar": calendar})
    fields = np.broadcast_to(values[:, None, None], (values.size, LAT.size, LON.size))
    data: dict[str, Any] = {variable: (("day", "lat", "lon"), fields, {"units": "K"})}
    if status is not None:
        data["status"] = ("day", np.asarray(status, np.int8), WORDS)
    xr.Dataset(data, coords={"day": axis, "lat": LAT, "lon": LON}).to_netcdf(path, engine="h5netcdf")


def make(folder: Path, channel: str = "temperature", **source: Any) -> Store:
    document = {"schema": 1, "name": "field", "title": "A field", "area": {"box": BOX}, "channels": {channel: source}}
    (folder / "recipe.yaml").write_text(yaml.safe_dump(document))
    return ingest(folder / "recipe.yaml", folder / "store")


def test_the_mean_of_two_variables_has_the_days_of_both_and_the_lesser_status(tmp_path: Path) -> None:
    write(tmp_path / "low.nc", "low", [280, 281, 9999, 283, 284], status=[1, 1, 1, 2, 3])
    write(tmp_path / "high.nc", "high", [290, 292, 294, -99, 298], "2023-05-01", [1, 2, 1, 1, 2])
    series = make(tmp_path, **MEAN, nodata=[9999, -99]).coarse("temperature")
    np.testing.assert_allclose(series.values[:, 0, 0], [11.85, 13.35, np.nan, np.nan, 17.85], atol=1e-4)
    assert series.status is not None and series.status.tolist() == [1, 2, 1, 2, 3]
    assert [str(day) for day in series.days_of("provisional")] == ["2023-05-02"], "a day without a value has no status"
    text = describe(Store.open(tmp_path / "store"))
    assert "final until 2023-05-01, provisional until 2023-05-02, early until 2023-05-05" in text

    write(tmp_path / "low.nc", "low", [280, 281], "2023-05-03", [1, 1])
    cut = make(tmp_path, **MEAN, days={"start": date(2023, 5, 4), "end": date(2023, 6, 1)}).coarse("temperature")
    assert cut.dates.tolist() == [date(2023, 5, 4)] and cut.status is not None and cut.status.tolist() == [1]
    write(tmp_path / "high.nc", "high", [280, 281], "2024-05-03", [1, 1])
    assert "no day in common" in refused("source_invalid", make, tmp_path, **MEAN).message


def test_a_revised_day_replaces_the_older_one_with_its_status(tmp_path: Path) -> None:
    write(tmp_path / "old.nc", "low", [280, 281, 282], status=[1, 2, 3])
    write(tmp_path / "new.nc", "low", [291, 292, 293], "2023-05-02", [1, 2, 3])
    source = {"kind": "netcdf", "unit": "K", "files": ["new.nc", "old.nc"], "variable": "low", "status": "status"}
    series = make(tmp_path, **source).coarse("temperature")
    np.testing.assert_allclose(series.values[:, 0, 0] + 273.15, [280, 291, 292, 293], atol=1e-3)
    assert series.status is not None and series.status.tolist() == [1, 1, 2, 3]


def test_a_status_that_is_not_explained_is_refused_and_an_old_store_has_none(tmp_path: Path) -> None:
    write(tmp_path / "low.nc", "low", [280, 281])
    source = {"kind": "netcdf", "unit": "K", "files": ["low.nc"], "variable": "low"}
    assert "'status'" in refused("source_invalid", make, tmp_path, **source, status="status").message
    store = make(tmp_path, **source)
    assert store.coarse("temperature").status is None and not store.coarse("temperature").days_of("final").size
    write(tmp_path / "low.nc", "low", [280, 281], status=[1, 2])
    store = make(tmp_path, **source, status="status")
    shutil.rmtree(store.path / "coarse" / "temperature" / "status" / "c")
    refused("store_corrupt", Store.open(store.path).coarse, "temperature")


def test_a_calendar_of_365_days_lacks_one_day_and_moves_none(tmp_path: Path) -> None:
    write(tmp_path / "low.nc", "low", np.arange(280, 285), "2024-02-27", calendar="noleap")
    series = make(tmp_path, kind="netcdf", unit="K", files=["low.nc"], variable="low").coarse("temperature")
    assert series.dates.tolist() == [date(2024, 2, day) for day in (27, 28, 29)] + [date(2024, 3, d) for d in (1, 2, 3)]
    np.testing.assert_allclose(series.values[:, 0, 0] + 273.15, [280, 281, np.nan, 282, 283, 284], atol=1e-3)


@pytest.mark.parametrize(("wrong", "let_through"), [(3, True), (30, False)])
def test_few_unknown_classes_are_missing_and_told_many_are_refused(tmp_path: Path, wrong: int,
                                                                   let_through: bool) -> None:
    codes = np.full((100, 100), 71, np.uint8)
    codes[50:60, 50:60] = 250
    codes.ravel()[4040:4040 + wrong] = 44
    with rasterio.open(tmp_path / "nlcd.tif", "w", driver="GTiff", width=100, height=100, count=1, dtype="uint8",
                       crs="EPSG:4326", transform=from_bounds(-96.64, 39.04, -96.53, 39.13, 100, 100)) as file:
        file.write(codes, 1)
    source = {"kind": "raster", "file": "nlcd.tif", "unit": "NLCD class", "nodata": [250, 0], "legend": [11, 71, 82],
              "unknown_classes": 0.001}
    if not let_through:
        assert "44" in refused("source_invalid", make, tmp_path, "land_cover", **source).message
        return
    store = make(tmp_path, "land_cover", **source)
    assert "had the unknown codes 44 and are missing" in describe(store)
    cover = store.read_static("land_cover", store.window)
    assert set(np.unique(cover[np.isfinite(cover)])) == {71.0}
    refused("source_invalid", make, tmp_path, "land_cover", **{**source, "unknown_classes": 0.0})
    refused("recipe_invalid", make, tmp_path, "land_cover", **{**source, "unknown_classes": 0.01})
