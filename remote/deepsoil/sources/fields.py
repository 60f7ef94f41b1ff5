"""The sources of a recipe that give daily fields on a coarse grid: NetCDF, point series, reference ET."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError
from deepsoil.inputs.vapour_pressure import saturation_kpa
from deepsoil.sources import area, netcdf, reference_et, series, stations, units
from deepsoil.sources.recipe import LoadedRecipe, Netcdf, PointTable, Reading, ReferenceEt, Series, Time
from deepsoil.sources.recipe_checks import READING_UNITS
from deepsoil.stations.readings import Quality, Statistic, daily, spacing
from deepsoil.store.series import CoarseSeries


def daily_fields(loaded: LoadedRecipe, name: str, source: Netcdf | Series | ReferenceEt) -> CoarseSeries:
    """The fields of a coarse channel in its unit, over the dates of the recipe."""
    field = f"channels.{name}"
    if isinstance(source, Netcdf):
        made = _from_netcdf(loaded, name, source, field)
    elif isinstance(source, Series):
        made = _from_series(loaded, name, source, field)
    else:
        made = _reference_et(loaded, source, field)
    if not isinstance(source, Netcdf):
        made = replace(made, values=bridge(made.values, source.bridge_days))
    return _clip(loaded, name, made, field)


def bridge(values: NDArray[np.float32], days: int) -> NDArray[np.float32]:
    """Fields (T, ny, nx) with gaps of at most ``days`` days filled linearly between the days round them."""
    if days == 0:
        return values
    table = pd.DataFrame(values.reshape(values.shape[0], -1))
    missing = table.isna()
    lengths = missing.apply(lambda column: column.groupby((~column).cumsum()).transform("sum"))
    filled = table.interpolate(limit_area="inside").where(~missing | (lengths <= days))
    return filled.to_numpy(np.float32).reshape(values.shape)


def time_axis(time: Time) -> series.TimeAxis:
    return series.TimeAxis(time.column, time.zone, time.stamp, time.format)


def _from_netcdf(loaded: LoadedRecipe, name: str, source: Netcdf, field: str) -> CoarseSeries:
    paths = [path for i, pattern in enumerate(source.files) for path in loaded.glob(pattern, f"{field}.files.{i}")]
    dates, lon, lat, values = netcdf.read_fields(paths, source.variable, area.bounds(loaded), field, day=source.day,
                                                 unit=source.unit)
    return CoarseSeries.regular(dates, lon, lat, units.convert(values, source.unit, CHANNELS[name].unit))


def _from_series(loaded: LoadedRecipe, name: str, source: Series, field: str) -> CoarseSeries:
    found = f"{source.unit}/day" if source.statistic == "sum" else source.unit
    quality = Quality(source.nodata, *(source.range or (-np.inf, np.inf)), source.minimum_share)
    days, longitudes, latitudes = [], [], []
    for path, longitude, latitude in _points(loaded, source, f"{field}.points"):
        readings = series.read_readings(path, [source.column], time_axis(source.time), field)
        days.append(daily(readings[source.column], source.statistic, quality))
        longitudes.append(longitude)
        latitudes.append(latitude)
    if not any(len(one) for one in days):
        raise DeepSoilError("source_invalid", "The source of {name} has no day with enough good readings.",
                            "Check column, nodata, range and minimum_share.", field,
                            name=name)
    grid = _grid(loaded, source)
    values = series.spread(days, np.array(longitudes), np.array(latitudes), source.combine, grid)
    made = CoarseSeries.regular(*values[:3], units.convert(values[3], found, CHANNELS[name].unit))
    if source.otherwise is None:
        return made
    return _fill_gaps(made, _from_series(loaded, name, source.otherwise, f"{field}.otherwise"), field)


def _points(loaded: LoadedRecipe, source: Series, field: str) -> list[tuple[Path, float, float]]:
    """(file, longitude, latitude) of every point."""
    if not isinstance(source.points, PointTable):
        return [(loaded.file(point.file, f"{field}.{i}.file"), point.longitude, point.latitude)
                for i, point in enumerate(source.points)]
    table = source.points
    listed = stations.read_list(stations.StationList(
        loaded.file(table.file, f"{field}.file"), table.id, table.longitude, table.latitude, "",
        only=tuple(table.only)), field)
    return [(loaded.file(table.files.replace("{id}", row.id), f"{field}.files"), row.longitude, row.latitude)
            for row in listed.itertuples()]


def _grid(loaded: LoadedRecipe, source: Series) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Cell centres that cover the area, or None for one cell."""
    if source.grid is None:
        return None
    west, south, east, north = area.bounds(loaded)
    step = source.grid.step_degrees
    return np.arange(west, east + step, step), np.arange(north, south - step, -step)


def _fill_gaps(first: CoarseSeries, second: CoarseSeries, field: str) -> CoarseSeries:
    """``first``, with its missing days and cells from ``second`` (of one cell, or of the same grid)."""
    one_cell = second.values.shape[1:] == (1, 1)
    if not one_cell and not first.same_grid(second):
        raise DeepSoilError("recipe_invalid", "`otherwise` lies on another grid.",
                            "Give one that is combined to one cell, or the same grid.", field)
    start, end = min(first.dates[0], second.dates[0]), max(first.dates[-1], second.dates[-1])
    days = np.arange(start, end + 1)
    values = np.full((days.size, *first.values.shape[1:]), np.nan, np.float32)
    values[first.index(days[0].item()) * -1:][:first.dates.size] = first.values
    other = np.full_like(values, np.nan)
    other[second.index(days[0].item()) * -1:][:second.dates.size] = second.values
    return replace(first, dates=days, values=np.where(np.isnan(values), other, values))


def _reference_et(loaded: LoadedRecipe, source: ReferenceEt, field: str) -> CoarseSeries:
    given: dict[str, Reading] = {name: getattr(source, name) for name in READING_UNITS if getattr(source, name)}
    path = loaded.file(source.point.file, f"{field}.point.file")
    table = series.read_readings(path, [reading.column for reading in given.values()], time_axis(source.time), field)
    table = table.mask(table.isin(list(source.nodata)))
    hourly = pd.DataFrame({name: units.convert(table[reading.column].to_numpy(), reading.unit, READING_UNITS[name])
                           for name, reading in given.items()}, index=table.index)
    if "relative_humidity" in hourly:
        share = hourly.relative_humidity.clip(0, 100) / 100
        hourly["vapour_pressure"] = saturation_kpa(hourly.temperature) * share
    quality = Quality(minimum_share=source.minimum_share)
    step = spacing(table.index)

    def one(column: str, statistic: Statistic) -> pd.Series:
        return daily(hourly[column], statistic, quality, step)

    table = pd.DataFrame({"tmin": one("temperature", "minimum"), "tmax": one("temperature", "maximum"),
                          "vapour_pressure": one("vapour_pressure", "mean"), "radiation": one("radiation", "mean"),
                          "wind": reference_et.wind_at_2_m(one("wind", "mean"), source.wind_height_m)})
    et = reference_et.penman_monteith(table, source.point.latitude, source.elevation_m)
    return CoarseSeries.regular(et.index.to_numpy().astype("datetime64[D]"), [source.point.longitude],
                                [source.point.latitude], et.to_numpy(np.float32)[:, None, None])


def _clip(loaded: LoadedRecipe, name: str, made: CoarseSeries, field: str) -> CoarseSeries:
    """The days of the recipe; raises ``source_invalid`` where there are none."""
    period = loaded.recipe.dates
    kept = np.ones(made.dates.size, bool)
    if period is not None:
        kept = (made.dates >= np.datetime64(period.start)) & (made.dates <= np.datetime64(period.end))
    if not np.isfinite(made.values[kept]).any():
        raise DeepSoilError("source_invalid", "The source of {name} has nothing in the dates of the recipe; it has "
                            "{dates} to {dates_2}.", "Correct the dates or the files.", field,
                            name=name, dates=made.dates[0], dates_2=made.dates[-1])
    return replace(made, dates=made.dates[kept], values=made.values[kept])
