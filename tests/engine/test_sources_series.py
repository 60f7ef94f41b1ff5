"""Readings, NetCDF files and stations become daily values as they are meant: unit, time zone, missing values."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from deepsoil.sources import daily_fields, netcdf, point_tables, reference_et, station_tables, units
from deepsoil.stations.quality_report import REASONS
from deepsoil.stations.readings import Quality
from deepsoil.stations.readings import daily as daily_value
from sources_tools import FIELD, WINDOW, refused

# ---- units


@pytest.mark.parametrize(("value", "found", "wanted", "expected"), [
    (300.0, "K", "degC", 26.85), (0.35, "fraction", "%", 35.0), (35.0, "%", "m3/m3", 0.35),
    (0.004, "m/day", "mm/day", 4.0), (450.0, "g/kg", "%", 45.0), (145.0, "cg/cm3", "g/cm3", 1.45),
    (1.0, "log10(1/kPa)", "log10(1/cm)", -0.00848), (10.0, "1/kPa", "log10(1/cm)", -0.00848),
    (1e-5, "kg/m2/s", "mm/day", 0.864), (200.0, "W/m2", "MJ/m2/day", 17.28), (20.0, "celsius", "degC", 20.0)])
def test_units_are_converted(value: float, found: str, wanted: str, expected: float) -> None:
    units.check("x", found, wanted, FIELD)
    assert units.convert(np.array([value]), found, wanted)[0] == pytest.approx(expected, rel=1e-3)


def test_a_wrong_unit_names_what_was_found_and_what_is_needed() -> None:
    error = refused("unit_wrong", units.check, "temperature", "mm", "degC", "channels.temperature.unit")
    assert "temperature" in error.message and "'mm'" in error.message and "degC" in error.message and "K" in error.hint


# ---- series


def write_series(path: Path, times: list[str] | pd.DatetimeIndex, values: list | np.ndarray, tail: str = "\n") -> Path:
    text = "time,value\n" + "\n".join(f"{t},{v}" for t, v in zip(times, values, strict=True)) + tail
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def hours(start: str, count: int) -> list[str]:
    return [str(t) for t in pd.date_range(start, periods=count, freq="h")]


def test_a_local_day_is_not_a_utc_day(tmp_path: Path) -> None:
    """Rain at 20:00 in Kansas falls on the next UTC day, in winter and in summer."""
    for day, zone in (("2023-01-10", "US/Central"), ("2023-07-10", "US/Central"), ("2023-07-10", "-06:00")):
        rain = np.zeros(72)
        rain[24 + 20] = 5.0
        path = write_series(tmp_path / "r.csv.gz", hours(f"{date.fromisoformat(day) - pd.Timedelta(days=1)}", 72), rain)
        readings = point_tables.read_readings(path, ["value"], point_tables.TimeAxis("time", zone), FIELD)
        daily = daily_value(readings.value, "sum", Quality())
        assert daily.idxmax() == pd.Timestamp(day) + pd.Timedelta(days=1) and daily.sum() == 5.0


def test_summer_time_is_followed_in_a_zone_and_not_in_a_fixed_offset(tmp_path: Path) -> None:
    winter, summer = "2023-01-10 12:00:00", "2023-07-10 12:00:00"
    path = write_series(tmp_path / "z.csv", [winter, summer], [1, 2])
    zoned = point_tables.read_readings(path, ["value"], point_tables.TimeAxis("time", "US/Central"), FIELD)
    fixed = point_tables.read_readings(path, ["value"], point_tables.TimeAxis("time", "-06:00"), FIELD)
    assert [t.hour for t in zoned.index] == [18, 17] and [t.hour for t in fixed.index] == [18, 18]


def test_both_changes_of_the_clock_lose_or_double_no_hour(tmp_path: Path) -> None:
    utc = pd.date_range("2023-03-11", "2023-03-14", freq="h", tz="UTC").union(
        pd.date_range("2023-11-04", "2023-11-07", freq="h", tz="UTC"))
    local = [str(t.tz_localize(None)) for t in utc.tz_convert("US/Central")]
    path = write_series(tmp_path / "dst.csv", local, np.arange(len(local)))
    readings = point_tables.read_readings(path, ["value"], point_tables.TimeAxis("time", "US/Central"), FIELD)
    assert list(readings.index) == list(utc.tz_localize(None))


def test_stamps_at_the_end_of_the_hour_belong_to_the_day_before_at_midnight(tmp_path: Path) -> None:
    path = write_series(tmp_path / "e.csv", hours("2023-05-01 01:00", 24), [0] * 23 + [7])
    readings = point_tables.read_readings(path, ["value"], point_tables.TimeAxis("time", stamp="end"), FIELD)
    daily = daily_value(readings.value, "sum", Quality())
    assert daily.to_dict() == {pd.Timestamp("2023-05-01"): 7.0}


@pytest.mark.parametrize("zone", ["+10:00", "Australia/Sydney", "UTC", "-06:00"])
@pytest.mark.parametrize(("stamp", "shift"), [("start", 0), ("end", 1)])
@pytest.mark.parametrize("clock", ["", " 00:00"])
def test_a_table_of_days_keeps_its_days_in_every_zone(zone: str, stamp: str, shift: int, clock: str,
                                                      tmp_path: Path) -> None:
    days = ["2016-02-28", "2016-02-29", "2016-03-01"]
    path = write_series(tmp_path / "d.csv", [f"{day}{clock}" for day in days], [0, 5, 0])
    axis = point_tables.TimeAxis("time", zone, stamp)  # type: ignore[arg-type]
    found = daily_value(point_tables.read_readings(path, ["value"], axis, FIELD).value, "sum", Quality())
    assert found.idxmax() == pd.Timestamp("2016-02-29") - pd.Timedelta(days=shift) and len(found) == 3


def test_days_need_their_share_of_good_hours(tmp_path: Path) -> None:
    values = np.ones(96)
    values[24:31] = -9999
    values[48:54] = 500.0
    path = write_series(tmp_path / "q.csv", hours("2023-05-01", 96), values)
    readings = point_tables.read_readings(path, ["value"], point_tables.TimeAxis("time"), FIELD)
    daily = daily_value(readings.value, "mean", Quality(nodata=[-9999], lowest=0, highest=100))
    assert daily.isna().tolist() == [False, True, False, False]
    assert (daily.dropna() == 1).all()


def test_repeated_unsorted_and_unfinished_rows_do_no_harm(tmp_path: Path) -> None:
    times = hours("2023-05-01", 24)
    shuffled = [*times[12:], *times[:12], times[3]]
    path = write_series(tmp_path / "u.csv", shuffled, [*range(12, 24), *range(12), 999], tail="")
    readings = point_tables.read_readings(path, ["value"], point_tables.TimeAxis("time"), FIELD)
    assert readings.value.tolist() == list(range(24))


@pytest.mark.parametrize(("time", "columns", "code", "word"), [
    (point_tables.TimeAxis("stamp"), ["value"], "source_invalid", "'stamp'"),
    (point_tables.TimeAxis("time"), ["rain"], "source_invalid", "'rain'"),
    (point_tables.TimeAxis("value"), ["value"], "source_invalid", "times"),
    (point_tables.TimeAxis("time", "Kansas"), ["value"], "recipe_invalid", "Kansas"),
    (point_tables.TimeAxis("time", "+bad"), ["value"], "recipe_invalid", "+bad")])
def test_a_table_that_does_not_fit_the_recipe_says_how(tmp_path: Path, time: point_tables.TimeAxis, columns: list[str],
                                                       code: str, word: str) -> None:
    path = write_series(tmp_path / "t.csv", hours("2023-05-01", 3), ["a", "b", "c"])
    assert word in refused(code, point_tables.read_readings, path, columns, time, FIELD).message


def test_points_spread_to_one_cell_or_to_a_grid() -> None:
    days = pd.date_range("2023-05-01", periods=2)
    points = [pd.Series([1.0, np.nan], days), pd.Series([2.0, 4.0], days), pd.Series([9.0, 6.0], days)]
    lon, lat = np.array([0.0, 1.0, 2.0]), np.zeros(3)
    assert point_tables.spread(points, lon, lat, "median", None)[3].ravel().tolist() == [2.0, 5.0]
    assert point_tables.spread(points, lon, lat, "mean", None)[3].ravel().tolist() == [4.0, 5.0]
    grid = (np.array([0.0, 0.4, 2.0]), np.array([0.0]))
    assert point_tables.spread(points, lon, lat, "nearest", grid)[3][:, 0].tolist() == [[1, 1, 9], [4, 4, 6]]
    weighted = point_tables.spread(points, lon, lat, "inverse_distance", grid)[3][:, 0]
    assert weighted[0, 0] == pytest.approx(1.0, abs=1e-3) and 1.0 < weighted[0, 1] < 2.5 and weighted[1, 1] > 4.0


def test_short_gaps_are_bridged_and_long_ones_left() -> None:
    values = np.array([1, np.nan, 3, np.nan, np.nan, np.nan, 7, np.nan], np.float32)[:, None, None]
    bridged = daily_fields.bridge(values, 2).ravel()
    np.testing.assert_array_equal(bridged, np.array([1, 2, 3, np.nan, np.nan, np.nan, 7, np.nan], np.float32))


# ---- reference evapotranspiration and NetCDF


def test_reference_et_agrees_with_the_worked_example_of_fao_56() -> None:
    """FAO-56 example 18: Uccle, 6 July, 50.80 N, 100 m: 3.9 mm/day."""
    day = pd.DataFrame({"tmin": [12.3], "tmax": [21.5], "vapour_pressure": [1.409], "radiation": [22.07],
                        "wind": [2.078]}, index=pd.DatetimeIndex(["2023-07-06"]))
    assert reference_et.penman_monteith(day, 50.80, 100.0).iloc[0] == pytest.approx(3.88, abs=0.05)
    assert reference_et.wind_at_2_m(pd.Series([2.78]), 10.0).iloc[0] == pytest.approx(2.08, abs=0.01)


def test_reference_et_of_an_incomplete_day_is_missing() -> None:
    day = pd.DataFrame({"tmin": [12.3, 12.3], "tmax": [21.5, np.nan], "vapour_pressure": [1.4, 1.4],
                        "radiation": [22.0, 22.0], "wind": [2.0, 2.0]}, index=pd.date_range("2023-07-06", periods=2))
    assert reference_et.penman_monteith(day, 50.8, 100.0).isna().tolist() == [False, True]


def write_netcdf(path: Path, engine: str, unit: str = "K", longitudes: np.ndarray | None = None) -> Path:
    lon = np.arange(-97.0, -96.0, 0.25) if longitudes is None else longitudes
    lat = np.arange(39.5, 38.5, -0.25)
    values = 280 + np.arange(3)[:, None, None] + lat[None, :, None] - 39 + 0 * lon[None, None, :]
    data = xr.Dataset({"air": (("day", "lat", "lon"), values.astype(np.float32), {"units": unit})},
                      coords={"day": pd.date_range("2023-05-01", periods=3), "lat": lat, "lon": lon})
    data.to_netcdf(path, engine=engine, encoding={"air": {"_FillValue": -9999.0}})
    return path


@pytest.mark.parametrize("engine", ["h5netcdf", "scipy"])
def test_netcdf_of_either_kind_gives_days_cells_and_values(tmp_path: Path, engine: str) -> None:
    path = write_netcdf(tmp_path / "a.nc", engine)
    found = netcdf.read_fields([path], "air", WINDOW.bounds_lonlat, FIELD, unit="K")
    dates, lon, lat, values = found.dates, found.longitudes, found.latitudes, found.values
    assert dates.tolist() == [date(2023, 5, day) for day in (1, 2, 3)] and values.shape == (3, lat.size, lon.size)
    assert lon.min() <= -96.62 and lon.max() >= -96.55 and lat.max() >= 39.11 and lat.min() <= 39.06
    np.testing.assert_allclose(values[1, :, 0], 281 + lat - 39, rtol=1e-6)


def test_netcdf_with_longitudes_to_360_lies_at_the_same_place(tmp_path: Path) -> None:
    path = write_netcdf(tmp_path / "a.nc", "h5netcdf", longitudes=np.arange(262.0, 265.0, 0.25))
    lon = netcdf.read_fields([path], "air", WINDOW.bounds_lonlat, FIELD).longitudes
    assert -97.2 < lon.min() < -96.55 < lon.max() + 0.25


def test_netcdf_that_contradicts_the_recipe_is_refused(tmp_path: Path) -> None:
    path = write_netcdf(tmp_path / "a.nc", "h5netcdf")
    box = WINDOW.bounds_lonlat
    assert "'K'" in refused("unit_wrong", netcdf.read_fields, [path], "air", box, FIELD, unit="degC").message
    assert "air" in refused("source_invalid", netcdf.read_fields, [path], "tmmx", box, FIELD).hint
    refused("source_outside", netcdf.read_fields, [path], "air", (10.0, 50.0, 11.0, 51.0), FIELD)
    broken = tmp_path / "broken.nc"
    broken.write_bytes(path.read_bytes()[:200])
    assert "broken.nc" in refused("source_invalid", netcdf.read_fields, [broken], "air", box, FIELD).message


# ---- stations


def station_files(folder: Path, rows: dict[str, tuple[np.ndarray, np.ndarray]]) -> dict[str, list[Path]]:
    files = {}
    for name, (theta, warm) in rows.items():
        files[name] = [folder / f"{name}.csv"]
        pd.DataFrame({"time": hours("2023-05-01", theta.size), "vwc": theta, "temp": warm}).to_csv(files[name][0],
                                                                                                   index=False)
    return files


def station_list(folder: Path) -> station_tables.StationList:
    path = folder / "stations.csv"
    path.write_text("name,lat,lon\na,39.1,-96.6\nb,39.0,-96.5\nc,39.0,-96.4\n")
    return station_tables.StationList(path, "name", "lon", "lat", "Net")


def test_stations_become_daily_means_with_bad_readings_out(tmp_path: Path) -> None:
    theta, warm = np.full(96, 0.30), np.full(96, 12.0)
    theta[24:26], theta[30] = 0.0, 0.9  # three impossible readings of day 2
    warm[48:60] = 0.5  # day 3 half frozen
    short = np.full(120, 0.2)
    files = station_files(tmp_path, {"a": (theta, warm), "b": (short, np.full(120, 5.0))})
    depths = {5.0: station_tables.DepthColumns("vwc", "temp")}
    made = station_tables.read_stations(station_list(tmp_path), files, depths, point_tables.TimeAxis("time"), "m3/m3",
                                  station_tables.StationQuality(), "stations")
    assert made.ids == ["a", "b"] and made.networks == ["Net", "Net"] and made.theta.shape == (2, 1, 5)
    np.testing.assert_allclose(made.theta[0, 0], [0.3, 0.3, np.nan, 0.3, np.nan], rtol=1e-6)
    np.testing.assert_allclose(made.theta[1, 0], 0.2, rtol=1e-6)
    assert made.soil_temperature is not None and made.soil_temperature[0, 0, 2] == pytest.approx(6.25)
    assert made.rejected is not None and made.rejected[0, 0].tolist() == [0, 0, REASONS.index("frozen"), 0, 0]


def test_stations_in_per_cent_are_converted_before_they_are_judged(tmp_path: Path) -> None:
    files = station_files(tmp_path, {"a": (np.full(48, 31.0), np.full(48, 12.0))})
    made = station_tables.read_stations(station_list(tmp_path), files, {5.0: station_tables.DepthColumns("vwc")},
                                  point_tables.TimeAxis("time"), "%", station_tables.StationQuality(), "stations")
    np.testing.assert_allclose(made.theta, 0.31, rtol=1e-6)
    refused("source_invalid", station_tables.read_stations, station_list(tmp_path), files,
            {5.0: station_tables.DepthColumns("vwc")}, point_tables.TimeAxis("time"), "m3/m3",
            station_tables.StationQuality(), "stations")


def test_a_station_file_without_the_column_is_named(tmp_path: Path) -> None:
    files = station_files(tmp_path, {"a": (np.full(48, 0.3), np.full(48, 12.0))})
    error = refused("source_invalid", station_tables.read_stations, station_list(tmp_path), files,
                    {20.0: station_tables.DepthColumns("vwc_20cm")}, point_tables.TimeAxis("time"), "m3/m3",
                    station_tables.StationQuality(), "stations")
    assert "a.csv" in error.message and "vwc_20cm" in error.message and "vwc" in error.hint
