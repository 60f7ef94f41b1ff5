"""Real published files, where they are at hand: Kings Creek, and one of each format."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rasterio
import yaml
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.sources.ingest import ingest
from deepsoil.stations.readings import Quality
from deepsoil.stations.readings import daily as daily_value
from deepsoil.store.store import Store

REPOSITORY = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("DEEPSOIL_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
real = pytest.mark.skipif(not (REAL / "kings_creek").is_dir(), reason=f"no real data at {REAL}")


@pytest.fixture(scope="module")
def kings_creek(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return ingest(REPOSITORY / "resources" / "recipes" / "kings_creek.yaml",
                  tmp_path_factory.mktemp("kc") / "store", REAL)


@real
def test_kings_creek_is_as_the_host_is_known_to_be(kings_creek: Store) -> None:
    window = kings_creek.window
    assert set(np.unique(kings_creek.read_static("koppen", window))) == {14.0}, "Cfa"
    cover = kings_creek.read_static("land_cover", window)
    z = kings_creek.read_static("elevation", window)
    assert np.mean(cover[np.isfinite(z)] == 71) > 0.7, "prairie"
    assert np.nanmin(z) > 315 and np.nanmax(z) < 447
    for name, low, high in (("precipitation", 550, 950), ("pet", 1100, 1500)):
        series = kings_creek.coarse(name)
        years = series.dates.astype("datetime64[Y]").astype(int) + 1970
        for year in (2022, 2023):
            assert low < series.values[years == year].sum() < high
    assert kings_creek.map_dates() == (date(2021, 7, 30), date(2023, 12, 31))


@real
def test_elevation_and_slope_agree_with_the_other_maps_of_the_watershed(kings_creek: Store) -> None:
    from deepsoil.inputs.slope import slope_aspect
    from deepsoil.sources.geotiff import RasterOptions, read_map

    window = kings_creek.window
    z, slope = (read_map(REAL / "kings_creek" / "maps" / f"kings_creek_{name}.tif", window, RasterOptions(), "test")
                for name in ("elevation", "slope"))
    ours = kings_creek.read_static("elevation", window)
    differences = {(dy, dx): np.nanstd(np.roll(z, (dy, dx), (0, 1)) - ours) for dy in (-1, 0, 1) for dx in (-1, 0, 1)}
    assert min(differences, key=lambda shift: differences[shift]) == (0, 0), "another survey, the same place"
    assert differences[0, 0] < 2.0
    computed, _ = slope_aspect(z, window.ground_m())
    both = np.isfinite(computed) & np.isfinite(slope)
    assert both.sum() > 10_000 and np.corrcoef(computed[both], slope[both])[0, 1] > 0.85
    assert 0.75 < computed[both].mean() / slope[both].mean() <= 1.0, "30 m pixels are a little flatter than 10 m ones"


@real
def test_the_stations_of_kings_creek_are_all_there_with_days_to_compare(kings_creek: Store) -> None:
    stations = kings_creek.stations()
    assert len(stations) == 10 and stations.depths_cm.tolist() == [5, 20, 40]
    year = (stations.dates >= np.datetime64("2023-01-01")) & (stations.dates <= np.datetime64("2023-12-31"))
    assert np.isfinite(stations.theta[:, :2, year]).sum(axis=2).min() > 200
    columns, rows = lonlat_to_pixel(stations.longitudes, stations.latitudes)
    for column, row in zip(columns, rows, strict=True):
        assert np.isfinite(kings_creek.read_static("elevation", Window(int(column), int(row), 1, 1))).all()


@real
def test_weather_of_the_two_networks_falls_on_the_same_days(kings_creek: Store) -> None:
    """The mesonet's clock is local and the stations' is UTC: with the right offset their rain agrees best."""
    from deepsoil.sources import point_tables

    rain = kings_creek.coarse("precipitation")
    path = REAL / "kings_creek" / "atm" / "station_01.csv.gz"
    readings = point_tables.read_readings(path, ["precip_total"], point_tables.TimeAxis("timestamp_utc"), "test")
    other = daily_value(readings.precip_total, "sum", Quality()).reindex(pd.DatetimeIndex(rain.dates))
    mesonet = pd.Series(rain.values.ravel(), other.index)
    agreement = {shift: mesonet.corr(other.shift(shift)) for shift in (-1, 0, 1)}
    assert agreement[0] > 0.85 and agreement[0] > 2 * max(agreement[-1], agreement[1])


@pytest.mark.skipif(not (REAL / "formats").is_dir(), reason=f"no real data at {REAL}")
@pytest.mark.parametrize(("channel", "source", "low", "high"), [
    ("precipitation", {"kind": "netcdf", "files": ["formats/pr_2018.nc"], "unit": "mm/day",
                       "variable": "precipitation_amount_day=43101", "day": date(2018, 1, 3)}, 0, 60),
    ("precipitation", {"kind": "netcdf", "files": ["formats/ppt_20*.nc"], "unit": "mm/day", "variable": "ppt_1"},
     0, 400),
    ("temperature", {"kind": "netcdf", "files": ["formats/PRISM_tmin_30yr_normal_4kmD1_0228_bil_test.nc"],
                     "variable": "PRISM_tmin_30yr_normal_4kmD1_0228_bil_test", "unit": "degC",
                     "day": date(2018, 2, 28)}, -5, 10)])
def test_published_netcdf_of_three_houses_is_read(tmp_path: Path, channel: str, source: dict[str, Any], low: float,
                                                  high: float) -> None:
    document = {"schema": 1, "name": "nc", "title": "North Carolina", "area": {"box": [-78.95, 35.9, -78.85, 36.0]},
                "channels": {channel: source, "koppen": {"kind": "raster", "file": "formats/koppen_subset.tif",
                                                         "unit": "Koeppen class"}}}
    (tmp_path / "r.yaml").write_text(yaml.safe_dump(document))
    store = ingest(tmp_path / "r.yaml", tmp_path / "store", REAL)
    series = store.coarse(channel)
    assert series.values.shape[0] == 1 and series.values.size > 8
    assert low <= np.nanmin(series.values) and np.nanmax(series.values) <= high
    assert series.longitudes.min() <= -78.95 and series.latitudes.max() >= 36.0
    codes = store.read_static("koppen", Window.around(-78.95, 35.9, -78.85, 36.0))
    assert set(np.unique(codes)) == {14.0}


@pytest.mark.skipif(not (REAL / "formats").is_dir(), reason=f"no real data at {REAL}")
def test_a_map_of_classes_with_a_large_nodata_and_a_terrain_with_unequal_pixels_are_read() -> None:
    from deepsoil.inputs.slope import slope_aspect
    from deepsoil.sources.geotiff import RasterOptions, read_map

    nlcd = REAL / "formats" / "Annual_NLCD_LndCov_2021_CU_C1V0.tif"
    with rasterio.open(nlcd) as source:
        west, south, east, north = rasterio.warp.transform_bounds(source.crs, "EPSG:4326", *source.bounds)
        known = {int(code) for code in np.unique(source.read(1))} - {int(source.nodata)}
    middle_lon, middle_lat = (west + east) / 2, (south + north) / 2
    window = Window.around(middle_lon - 0.05, middle_lat - 0.05, middle_lon + 0.05, middle_lat + 0.05)
    codes = read_map(nlcd, window, RasterOptions(classes=True), "test")
    found = {int(code) for code in np.unique(codes[np.isfinite(codes)])}
    assert found <= known and len(found) > 5 and np.isfinite(codes).mean() > 0.9
    window = Window.around(-105.85, 40.2, -105.55, 40.5)
    z = read_map(REAL / "formats" / "rmnp-dem.tif", window, RasterOptions(), "test")
    slope, _ = slope_aspect(z, window.ground_m())
    assert z.min() > 2200 and z.max() < 4300 and 5 < np.nanmean(slope) < 25
