"""The stations of a store after quality control, with what the store knows of their soil and rain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.stations.quality_control import Rules, screen
from deepsoil.stations.quality_report import QualityReport
from deepsoil.store.series import Days, Stations
from deepsoil.store.store import Store

Degrees = NDArray[np.float64]


def screened_stations(store: Store, rules: Rules | None = None) -> tuple[Stations, QualityReport]:
    """The stations with rejected values NaN, and the report: theta_s from the store's map where it has one,
    precipitation from its weather where it has that."""
    stations = store.stations()
    channels = store.channels()
    saturated = static_at(store, "theta_s", stations.longitudes, stations.latitudes) if "theta_s" in channels else None
    rain = (coarse_at(store, "precipitation", stations.longitudes, stations.latitudes, stations.dates)
            if "precipitation" in channels else None)
    theta, report = screen(stations, saturated, precipitation_mm=rain, rules=rules)
    return replace(stations, theta=theta), report


def static_at(store: Store, channel: str, longitudes: Degrees, latitudes: Degrees) -> NDArray[np.float32]:
    """(S,) values of a map at the pixels of positions; NaN outside the map and where it has none."""
    columns, rows = lonlat_to_pixel(longitudes, latitudes)
    return np.array([store.read_static(channel, Window(int(column), int(row), 1, 1))[0, 0]
                     for column, row in zip(columns, rows, strict=True)], np.float32)


def coarse_at(store: Store, channel: str, longitudes: Degrees, latitudes: Degrees, days: Days) -> NDArray[np.float32]:
    """(S, T) values in the weather cells nearest to positions; NaN on days without."""
    series = store.coarse(channel)
    columns = np.abs(np.subtract.outer(longitudes, series.longitudes)).argmin(axis=1)
    rows = np.abs(np.subtract.outer(latitudes, series.latitudes)).argmin(axis=1)
    return on_days(series.values[:, rows, columns].T, series.dates, days)


def on_days(values: NDArray[np.float32], dates: Days, period: Days) -> NDArray[np.float32]:
    """Columns of (S, T), on consecutive dates, for the days of a period; NaN for days that are not there."""
    index = (period - dates[0]).astype(int)
    there = (index >= 0) & (index < dates.size)
    result = np.full((len(values), period.size), np.nan, np.float32)
    result[:, there] = values[:, index[there]]
    return result
