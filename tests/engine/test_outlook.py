"""The weather of the next days continues a store, marked as forecast; later its error can be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml
from deepsoil.channels import WEATHER
from deepsoil.cli import main
from deepsoil.evaluation.outlook import LeadError, forecast_errors
from deepsoil.labels.column_weather import read_weather
from deepsoil.sources import outlook_hours
from deepsoil.sources.ingest import ingest
from deepsoil.sources.outlook_hours import Hours
from deepsoil.sources.store_summary import describe
from deepsoil.store.store import Store
from sources_tools import refused

BOX = [-96.62, 39.06, -96.55, 39.11]
LON, LAT = np.arange(-97.0, -96.0, 0.25), np.arange(39.5, 38.5, -0.25)
FIRST, LAST = date(2026, 9, 1), date(2026, 11, 28)
ISSUED = datetime(2026, 11, 30, 15, tzinfo=UTC)
UNITS = {"precipitation": "mm", "temperature": "degC", "vpd": "kPa", "pet": "mm"}


def hours(issued: datetime = ISSUED, start: str = "2026-11-30T12", days: float = 9, **values: Any) -> Hours:
    """An outlook at one place: the same in every hour, or as given."""
    at = np.datetime64(start, "h") + np.arange(round(24 * days))
    usual = {"precipitation": 0.25, "temperature": 10.0, "vpd": 0.5, "pet": 0.125}
    return Hours(issued, at, np.array([-96.58]), np.array([39.09]), {
        name: np.broadcast_to(np.asarray(value, np.float32), at.size).reshape(-1, 1, 1).copy()
        for name, value in {**usual, **values}.items() if value is not None})


def make(folder: Path, issues: Sequence[Hours], last: date = LAST, ends: int = 7, **history: Any) -> Store:
    """A store with history until ``last`` and these issues."""
    days = pd.date_range(FIRST, last)
    data = {name: (("day", "lat", "lon"), np.broadcast_to(
        np.asarray(history.get(name, 2.0), np.float32).reshape(-1, 1, 1), (days.size, LAT.size, LON.size)),
        {"units": UNITS[name]}) for name in WEATHER}
    xr.Dataset(data, coords={"day": days, "lat": LAT, "lon": LON}).to_netcdf(folder / "history.nc", engine="h5netcdf")
    for number, issue in enumerate(issues):
        outlook_hours.write(folder / f"outlook_{number}.nc", issue, "An outlook", "http://made")
    channels: dict[str, Any] = {name: {
        "kind": "netcdf", "files": ["history.nc"], "variable": name, "day_ends_utc": ends,
        "unit": {"precipitation": "mm/day", "pet": "mm/day"}.get(name, UNITS[name])} for name in WEATHER}
    document = {"schema": 1, "name": "field", "title": "A field", "area": {"box": BOX}, "channels": channels,
                "outlook": {"files": ["outlook_*.nc"]}}
    (folder / "recipe.yaml").write_text(yaml.safe_dump(document))
    return ingest(folder / "recipe.yaml", folder / "store")


def test_the_next_days_continue_the_weather_on_its_grid_and_day(tmp_path: Path) -> None:
    rain = np.zeros(216)
    rain[19:21] = 3.0, 5.0  # 07 and 08 UTC of 1 December: its first hours
    rain[18] = 7.0          # 06 UTC: still 30 November
    store = make(tmp_path, [hours(precipitation=rain)])
    series = store.coarse("precipitation")
    assert str(series.dates[-1]) == "2026-12-07" and series.values.shape[1:] == (3, 3)
    day = {str(one): float(series.values[n, 1, 1]) for n, one in enumerate(series.dates)}
    assert day["2026-11-30"] == 7.0 and day["2026-12-01"] == 8.0 and day["2026-11-28"] == 2.0
    assert np.isnan(day["2026-11-29"]), "the day between is a short gap, and filled at reading"
    assert [str(one) for one in series.days_of("forecast")[[0, -1]]] == ["2026-11-30", "2026-12-07"]
    assert float(store.coarse("pet").values[-1, 0, 0]) == 3.0 and float(store.coarse("vpd").values[-1, 0, 0]) == 0.5
    assert store.map_dates() == (date(2026, 9, 30), date(2026, 12, 7)) and store.forecast_from() == date(2026, 11, 29)
    assert store.is_forecast(date(2026, 11, 29)) and not store.is_forecast(LAST)
    text = describe(store)
    assert "forecast until 2026-12-07" in text and "2026-11-30 to 2026-12-07 are the outlook of 2026-11-30" in text

    utc = make(tmp_path, [hours(precipitation=rain)], ends=0).coarse("precipitation")
    assert float(utc.values[utc.index(date(2026, 12, 1)), 0, 0]) == 15.0, "a UTC day has all three hours"


def test_hours_that_have_passed_come_from_the_issue_before_and_few_hours_make_no_day(tmp_path: Path) -> None:
    late = hours(start="2026-11-30T15", precipitation=1.0)
    alone = make(tmp_path, [late]).coarse("precipitation")
    assert str(alone.days_of("forecast")[0]) == "2026-12-01", "16 hours of 30 November are too few"
    early = hours(ISSUED - timedelta(days=1), "2026-11-29T12", precipitation=0.5, temperature=20.0)
    both = make(tmp_path, [late, early])
    series = both.coarse("precipitation")
    assert [str(day) for day in series.days_of("forecast")[:2]] == ["2026-11-29", "2026-11-30"]
    found = {str(day): float(series.values[n, 0, 0]) for n, day in enumerate(series.dates)}
    assert found["2026-11-29"] == 19 * 0.5 and found["2026-11-30"] == 8 * 0.5 + 16 * 1.0
    assert found["2026-12-01"] == 24.0 and str(series.dates[-1]) == "2026-12-07"
    kept = both.forecasts("temperature")
    assert kept is not None and {str(day) for day in kept.issued} == {"2026-11-29", "2026-11-30"}
    assert (kept.values[kept.issued == np.datetime64("2026-11-29")] == 20.0).all()


def test_an_outlook_that_does_not_reach_back_or_is_over_is_left_out_and_said(tmp_path: Path) -> None:
    store = make(tmp_path, [hours()], last=date(2026, 11, 20))
    assert store.forecast_from() is None and store.map_dates()[1] == date(2026, 11, 20)
    assert "too long after 2026-11-20" in store.source("pet")
    over = make(tmp_path, [hours()], last=date(2026, 12, 20))
    assert over.forecast_from() is None and str(over.coarse("pet").dates[-1]) == "2026-12-20"
    assert over.forecasts("pet") is not None, "kept, so that its error can be told"


def test_without_evapotranspiration_it_is_that_of_hargreaves(tmp_path: Path) -> None:
    """FAO-56, example 20: 15 July at 45.72° N, 14.8 to 26.6 °C, Hargreaves 5.0 mm/day."""
    course = 20.7 + 5.9 * np.sin(np.arange(48) / 24 * 2 * np.pi)
    july = hours(datetime(2026, 7, 15, tzinfo=UTC), "2026-07-15T00", 2, temperature=course, pet=None)
    days, values = replace(july, latitudes=np.array([45.72])).daily(0)
    assert str(days[0]) == "2026-07-15" and abs(float(values["pet"][0, 0, 0]) - 5.0) < 0.1


def test_labels_rest_on_no_forecast(tmp_path: Path) -> None:
    assert str(read_weather(make(tmp_path, [hours()])).dates[-1]) == str(LAST)


@pytest.mark.parametrize(("change", "said"), [
    ({"attrs": {}}, "issued"), ({"drop": "temperature"}, "no temperature"), ({"hole": True}, "not consecutive"),
    ({"unit": "K"}, "the unit of temperature")])
def test_a_file_that_is_no_outlook_is_named(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    path = tmp_path / "outlook_0.nc"
    outlook_hours.write(path, hours(), "An outlook", "http://made")
    with xr.open_dataset(path, decode_times=False) as file:
        data = file.load()
    if "attrs" in change:
        data.attrs = {}
    if "drop" in change:
        data = data.drop_vars("temperature")
    if "hole" in change:
        data = data.isel(hour=np.delete(np.arange(data.hour.size), 5))
    if "unit" in change:
        data["temperature"].attrs["units"] = "K"
    data.to_netcdf(path, engine="h5netcdf")
    error = refused("source_invalid", outlook_hours.read, path, "outlook.files.0")
    assert "outlook_0.nc" in error.message and said in error.message


def test_past_forecasts_are_compared_with_what_was_observed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rain = np.repeat([0.0, 5.0 / 24], 4 * 24 + 12)[:216]
    issue = hours(temperature=12.0, precipitation=rain)
    days = (date(2026, 12, 4) - FIRST).days + 1
    store = make(tmp_path, [issue, hours(ISSUED + timedelta(days=4), "2026-12-04T07", temperature=9.0)],
                 last=date(2026, 12, 4), temperature=10.0, precipitation=np.zeros(days))
    found = {(one.channel, one.lead_days): one for one in forecast_errors(store)}
    assert [lead for channel, lead in found if channel == "temperature"] == [0, 1, 2, 3, 4]
    assert found["temperature", 2] == LeadError("temperature", 2, 1, 2.0, 2.0)
    assert found["temperature", 0] == LeadError("temperature", 0, 2, 0.5, 1.5), "of two issues"
    assert [found["precipitation", lead].hits for lead in (0, 3, 4)] == [0.5, 1.0, 0.0]
    assert found["precipitation", 4].bias == pytest.approx(7 * 5 / 24)
    assert main(["outlook", str(store.path)]) == 0
    text = capsys.readouterr().out
    assert "from 2026-12-05 to 2026-12-11 is a forecast" in text and "temperature" in text and "+2.00" in text
    assert main(["outlook", str(make(tmp_path, [issue]).path)]) == 0
    assert "No day that was foreseen" in capsys.readouterr().out
