"""Values of a store at positions: the pixel of a map, the nearest weather cell, the days of a period."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.store.series import Days
from deepsoil.store.store import Store

Degrees = NDArray[np.float64]


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
    """Values (S, T) on consecutive ``dates`` as (S, days of the ``period``); NaN on days missing in ``dates``."""
    result = np.full((len(values), period.size), np.nan, np.float32)
    if not dates.size:
        return result
    index = (period - dates[0]).astype(int)
    known = (index >= 0) & (index < dates.size)
    result[:, known] = values[:, index[known]]
    return result
