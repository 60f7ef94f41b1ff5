"""Maps and series of the next days, by the shipped networks and by soil columns, are marked as forecasts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr
import yaml
from deepsoil.channels import WEATHER
from deepsoil.cli import main
from deepsoil.field import uncertainty
from deepsoil.jobs.warnings import read_warnings
from deepsoil.models.library import Library
from deepsoil.regions import Regions
from deepsoil.service.series import series
from deepsoil.sources import outlook_hours
from deepsoil.sources.ingest import ingest
from deepsoil.sources.outlook_hours import Hours
from deepsoil.store.store import Store

BOX = [-96.62, 39.06, -96.55, 39.11]
FIELD = ["-96.590", "39.085", "-96.588", "39.087"]
FIRST, LAST = date(2025, 6, 1), date(2026, 11, 28)
LON, LAT = np.arange(-97.0, -96.0, 0.25), np.arange(39.5, 38.5, -0.25)
RAIN_HOUR = np.datetime64("2026-12-03T20")
USUAL = {"precipitation": 1.5, "temperature": 14.0, "vpd": 0.6, "pet": 3.0}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A dry, mild autumn, and a forecast with 60 mm on 3 December."""
    folder = tmp_path_factory.mktemp("data")
    days = pd.date_range(FIRST, LAST)
    xr.Dataset({name: (("day", "lat", "lon"), np.full((days.size, LAT.size, LON.size), value, np.float32),
                       {"units": {"precipitation": "mm", "pet": "mm", "temperature": "degC", "vpd": "kPa"}[name]})
                for name, value in USUAL.items()}, coords={"day": days, "lat": LAT, "lon": LON},
               ).to_netcdf(folder / "history.nc", engine="h5netcdf")
    hours = np.datetime64("2026-11-29T07", "h") + np.arange(24 * 9)
    rain = np.where((hours >= RAIN_HOUR) & (hours < RAIN_HOUR + 6), 10.0, 0.0)
    values = {"precipitation": rain, **{name: np.full(hours.size, USUAL[name]) for name in ("temperature", "vpd")},
              "pet": np.full(hours.size, 3.0 / 24)}
    outlook_hours.write(folder / "outlook.nc", Hours(
        datetime(2026, 11, 30, 12, tzinfo=UTC), hours, np.array([-96.58]), np.array([39.09]),
        {name: one.astype(np.float32)[:, None, None] for name, one in values.items()}), "made", "made")
    constants = {"elevation": (350.0, "m"), "sand": (30.0, "%"), "silt": (45.0, "%"), "clay": (25.0, "%"),
                 "bulk_density": (1.35, "g/cm3"), "organic_matter": (2.0, "%"), "land_cover": (71, "NLCD class"),
                 "koppen": (14, "Koeppen class")}
    channels: dict[str, Any] = {name: {"kind": "constant", "value": value, "unit": unit}
                                for name, (value, unit) in constants.items()}
    channels |= {name: {"kind": "terrain"} for name in ("slope", "aspect", "northness")}
    channels |= {name: {"kind": "soil_hydraulics"}
                 for name in ("theta_r", "theta_s", "log10_vg_alpha", "vg_n", "log10_ks")}
    channels |= {name: {"kind": "netcdf", "files": ["history.nc"], "variable": name, "day_ends_utc": 7, "unit": {
        "precipitation": "mm/day", "pet": "mm/day", "temperature": "degC", "vpd": "kPa"}[name]} for name in WEATHER}
    document = {"schema": 1, "name": "foreseen", "title": "Foreseen", "area": {"box": BOX}, "channels": channels,
                "outlook": {"files": ["outlook.nc"]}}
    (folder / "recipe.yaml").write_text(yaml.safe_dump(document))
    return ingest(folder / "recipe.yaml", folder / "store")


@pytest.fixture
def home(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("DEEPSOIL_HOME", str(folder))
    monkeypatch.setattr(uncertainty, "MEMBERS", 8)
    Regions(folder).add(store.path)
    return folder


@pytest.mark.parametrize("method", ["network", "column"])
def test_maps_run_to_day_seven_and_say_what_they_are(store: Store, home: Path, tmp_path: Path,
                                                     method: str) -> None:
    (region,) = Regions(home).list()
    assert (region["last_date"], region["forecast_from"]) == ("2026-12-07", "2026-11-29")
    assert main(["predict", "--bbox", *FIELD, "--date", "2026-11-28", "--until", "2026-12-07", "--depth", "5",
                 "--method", method, str(tmp_path / "maps")]) == 0
    (job,) = (home / "jobs").iterdir()
    assert [one["code"] for one in read_warnings(job) if "foreseen" in one["code"]] == ["weather_foreseen"]
    found = {}
    for path in sorted((tmp_path / "maps").rglob("soil_moisture_05cm_*.tif")):
        with rasterio.open(path) as file:
            tags, day = file.tags(), file.tags()["DEEPSOIL_DATE"]
            assert (tags.get("DEEPSOIL_FORECAST"), tags.get("DEEPSOIL_FORECAST_FROM")) == (
                ("yes", "2026-11-29") if day > "2026-11-28" else (None, None))
            assert file.descriptions[0].endswith(", forecast") == (day > "2026-11-28")
            found[day] = float(np.ma.masked_invalid(file.read(1, masked=True)).mean() * file.scales[0])
    assert len(found) == 10 and found["2026-12-04"] > found["2026-12-02"] + 0.02, "the foreseen rain wets the soil"


@pytest.mark.parametrize("method", ["network", "column"])
def test_series_say_from_when_they_are_forecast(store: Store, home: Path, method: str) -> None:
    answer = series(store, Library(home), [-96.589, 39.086], "2026-11-20", "2026-12-07", method)
    assert answer["forecast_from"] == "2026-11-29" and answer["dates"][-1] == "2026-12-07"
    assert answer["precipitation_mm"][answer["dates"].index("2026-12-03")] == 60.0
    theta = answer["depths"]["5"]["mean"]
    assert theta[-4] is not None and theta[answer["dates"].index("2026-12-04")] > theta[0]
    assert series(store, Library(home), [-96.589, 39.086], "2026-11-20", "2026-11-28", method)["forecast_from"] is None


def test_a_table_of_a_series_has_a_column_that_says_it(store: Store, home: Path, tmp_path: Path) -> None:
    table = tmp_path / "series.csv"
    assert main(["series", str(store.path), "-96.589", "39.086", "--start", "2026-11-27", "--end", "2026-12-01",
                 "--output", str(table)]) == 0
    rows = pd.read_csv(table)
    assert rows.forecast.tolist() == ["no", "no", "yes", "yes", "yes"]
