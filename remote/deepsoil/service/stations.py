"""The methods about station observations of a region."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import lonlat_to_pixel

if TYPE_CHECKING:
    from deepsoil.store.store import Store


def station_features(store: Store) -> dict[str, Any]:
    """GeoJSON points with what was measured where and when."""
    stations = store.stations()
    features = []
    for index, identifier in enumerate(stations.ids):
        measured = np.isfinite(stations.theta[index])
        depths_cm = np.asarray(stations.depths_cm)[measured.any(axis=1)]
        days = stations.dates[measured.any(axis=0)]
        features.append({
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(float(stations.longitudes[index]), 7),
                                                          round(float(stations.latitudes[index]), 7)]},
            "properties": {
                "id": identifier, "name": stations.names[index], "network": stations.networks[index],
                "depths_cm": [int(depth) for depth in depths_cm],
                "first_date": str(days[0]) if len(days) else None, "last_date": str(days[-1]) if len(days) else None,
            },
        })
    return {"type": "FeatureCollection", "features": features}


def observations(store: Store, station: str, start: str, end: str) -> dict[str, Any]:
    """Daily θ (m³/m³) of a station by depth and the day's precipitation (mm) at its place; null where not known.

    Raises
    ------
    DeepSoilError
        ``station_unknown``; ``params_invalid`` for dates that are none.
    """
    first, last = _day("start", start), _day("end", end)
    if last < first:
        raise DeepSoilError("params_invalid", "The last day {end} is before the first day {start}.",
                            "Exchange the two dates.", "end",
                            end=end, start=start)
    stations = store.stations()
    if station not in stations.ids:
        raise DeepSoilError("station_unknown", "The region has no station '{station}'.",
                            "It has: {value}.", "station",
                            station=station, value=', '.join(stations.ids[:10]) or 'none')
    index = stations.ids.index(station)
    days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    depths = {str(int(depth)): _on_days(stations.dates, stations.theta[index, number], days, 4)
              for number, depth in enumerate(stations.depths_cm)}
    return {"dates": [str(day) for day in days], "depths": depths,
            "precipitation": _precipitation(store, float(stations.longitudes[index]),
                                            float(stations.latitudes[index]), days)}


def _precipitation(store: Store, longitude: float, latitude: float, days: np.ndarray) -> list[float | None]:
    """Of the weather cell nearest to the position."""
    if "precipitation" not in store.channels():
        return [None] * len(days)
    series = store.coarse("precipitation")
    # Compared in pixels of the grid, where a degree east and a degree north are told apart.
    columns, _ = lonlat_to_pixel(series.longitudes, latitude)
    _, rows = lonlat_to_pixel(longitude, series.latitudes)
    column, row = lonlat_to_pixel(longitude, latitude)
    cell = series.values[:, int(np.argmin(np.abs(rows - row))), int(np.argmin(np.abs(columns - column)))]
    return _on_days(series.dates, cell, days, 2)


def _on_days(dates: np.ndarray, values: np.ndarray, days: np.ndarray, digits: int) -> list[float | None]:
    """Values on the days that were asked for; None where there is no value."""
    at = np.searchsorted(dates, days)
    known = at < len(dates)
    known[known] = dates[at[known]] == days[known]
    found = np.full(len(days), np.nan)
    found[known] = values[at[known]]
    return [round(float(value), digits) if np.isfinite(value) else None for value in found]


def _day(name: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise DeepSoilError("params_invalid", "'{text}' is no date.", "Give it as YYYY-MM-DD.", name,
                            text=text) from error
