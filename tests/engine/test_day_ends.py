"""A source says at which hour its day ends, and stations are averaged over the day of the rain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml
from deepsoil.sources.ingest import ingest
from deepsoil.sources.store_summary import describe
from deepsoil.store.store import Store
from sources_tools import refused

FIRST, DAYS = "2023-05-01", 90
GRIDMET_NOTE = ("Days correspond approximately to calendar days ending at midnight, Mountain Standard Time "
                "(7 UTC the next calendar day)")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Evening storms at a station by the hour, and the same rain as gridMET has it, by days that end at 07 UTC."""
    folder = tmp_path_factory.mktemp("data")
    times = pd.date_range(FIRST, periods=24 * (DAYS + 1), freq="h")
    rng = np.random.default_rng(3)
    rain = np.zeros(times.size)
    for day in np.flatnonzero(rng.random(DAYS) < 0.25):
        rain[24 * day + rng.integers(24, 30)] = rng.uniform(5, 40)  # 0 to 5 UTC of the next date: evening in Kansas
    theta = np.empty(times.size)
    level = 0.2
    for hour, shower in enumerate(rain):
        level = 0.1 + (level - 0.1) * 0.99 + shower / 400
        theta[hour] = level
    pd.DataFrame({"time": times, "rain": rain, "vwc": theta}).to_csv(folder / "s1.csv", index=False)
    (folder / "stations.csv").write_text("id,lat,lon\ns1,39.08,-96.58\n")
    daily = rain[7:7 + 24 * DAYS].reshape(DAYS, 24).sum(1)
    lon, lat = np.arange(-97.0, -96.0, 0.25), np.arange(39.5, 38.5, -0.25)
    fields = np.broadcast_to(daily[:, None, None], (DAYS, 4, 4)).astype(np.float32)
    axes = {"day": pd.date_range(FIRST, periods=DAYS), "lat": lat, "lon": lon}
    for name, attributes in (("gridmet.nc", {"note5": GRIDMET_NOTE}), ("silent.nc", {})):
        xr.Dataset({"pr": (("day", "lat", "lon"), fields, {"units": "mm"})}, coords=axes,
                   attrs=attributes).to_netcdf(folder / name, engine="h5netcdf")
    return folder


def make(data: Path, folder: Path, **source: Any) -> Store:
    rain = source if "kind" in source else {"kind": "netcdf", "files": ["gridmet.nc"], "variable": "pr",
                                            "unit": "mm/day"} | source
    document = {"schema": 1, "name": "field", "title": "A field", "root": str(data),
                "area": {"box": [-96.62, 39.06, -96.55, 39.11]}, "channels": {"precipitation": rain},
                "stations": {"list": "stations.csv", "id": "id", "longitude": "lon", "latitude": "lat", "network": "N",
                             "files": "{id}.csv", "time": {"column": "time"}, "unit": "m3/m3",
                             "depths_cm": {5: {"theta": "vwc"}}}}
    (folder / "recipe.yaml").write_text(yaml.safe_dump(document))
    return ingest(folder / "recipe.yaml", folder / "store")


def rain_against_rise(store: Store) -> float:
    series, stations = store.coarse("precipitation"), store.stations()
    theta = pd.Series(stations.theta[0, 0], stations.dates)
    rain = pd.Series(series.values[:, 0, 0], series.dates)
    both = pd.concat([rain, theta.diff()], axis=1).dropna()
    return float(np.corrcoef(both.to_numpy().T)[0, 1])


def test_stations_are_averaged_over_the_day_of_the_rain(data: Path, tmp_path: Path) -> None:
    """The hour that the file itself gives is kept; days that end at another hour spoil the rise after rain."""
    found = {}
    for name, source in {"as the file says": {}, "as the recipe says": {"files": ["silent.nc"], "day_ends_utc": 7},
                         "UTC days": {"day_ends_utc": 0}}.items():
        (tmp_path / name).mkdir()
        store = make(data, tmp_path / name, **source)
        ends = 0 if name == "UTC days" else 7
        assert store.coarse("precipitation").day_ends_utc == store.stations().day_ends_utc == ends
        assert ("days end at 07 UTC" in describe(store)) == (ends == 7)
        found[name] = rain_against_rise(store)
    assert found["as the file says"] == found["as the recipe says"] > found["UTC days"] + 0.2
    (tmp_path / "silent").mkdir()
    assert make(data, tmp_path / "silent", files=["silent.nc"]).stations().day_ends_utc == 0


@pytest.mark.parametrize("ends", [0, 7, -12])
def test_hourly_weather_is_summed_over_the_day_that_the_recipe_names(data: Path, tmp_path: Path, ends: int) -> None:
    hourly = pd.read_csv(data / "s1.csv", parse_dates=["time"]).set_index("time").rain
    point = {"file": "s1.csv", "longitude": -96.6, "latitude": 39.1}
    store = make(data, tmp_path, kind="series", points=[point], time={"column": "time"}, column="rain", unit="mm",
                 statistic="sum", day_ends_utc=ends)
    series = store.coarse("precipitation")
    for day, found in list(zip(series.dates, series.values[:, 0, 0], strict=True))[5:60]:
        start = pd.Timestamp(day) + pd.Timedelta(hours=ends)
        own = hourly[(hourly.index >= start) & (hourly.index < start + pd.Timedelta(days=1))].sum()
        assert found == pytest.approx(own, abs=1e-4)


def test_reference_et_is_refused_for_daily_means(tmp_path: Path) -> None:
    """The warmest and the coldest hour of a day are not in its mean."""
    days = pd.date_range(FIRST, periods=5)
    pd.DataFrame({"time": days, "temp": 20.0, "rh": 60.0, "sun": 250.0, "wind": 2.0}).to_csv(tmp_path / "d.csv")
    source = {"kind": "reference_et", "point": {"file": "d.csv", "longitude": -96.6, "latitude": 39.1},
              "elevation_m": 300, "time": {"column": "time"}, "temperature": {"column": "temp", "unit": "degC"},
              "relative_humidity": {"column": "rh", "unit": "%"}, "radiation": {"column": "sun", "unit": "W/m2"},
              "wind": {"column": "wind", "unit": "m/s"}}
    document = {"schema": 1, "name": "field", "title": "A field", "area": {"box": [-96.62, 39.06, -96.55, 39.11]},
                "channels": {"pet": source}}
    (tmp_path / "recipe.yaml").write_text(yaml.safe_dump(document))
    error = refused("source_invalid", ingest, tmp_path / "recipe.yaml", tmp_path / "store")
    assert "d.csv" in error.message and "24 hours" in error.message and "hourly" in error.hint
