"""The methods about station observations of a region."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.service.values import parsed_day, rounded
from deepsoil.stations.nearest import coarse_at, on_days
from deepsoil.stations.quality_report import REASONS, QualityReport
from deepsoil.stations.screened import screened_stations
from deepsoil.store.series import Days, Stations
from deepsoil.store.store import Store


def station_features(store: Store) -> dict[str, Any]:
    """GeoJSON points with the depths and dates of the observations."""
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
    """The daily values of a station after the quality control that ``evaluate`` uses.

    Returns ``dates``; ``depths``: daily θ (m³/m³) by depth; ``rejected``: by depth a list of ``{date, value, reason}``
    of the days that quality control rejected (``value`` is null if the source itself removed it; the reasons are
    ``quality_report.REASONS``); ``precipitation`` (mm) in the nearest weather cell. Null if unknown.

    Raises
    ------
    DeepSoilError
        ``station_unknown``; ``params_invalid`` for invalid dates.
    """
    first, last = parsed_day("start", start), parsed_day("end", end)
    if last < first:
        raise DeepSoilError("params_invalid", "The last day {end} is before the first day {start}.",
                            "Swap the two dates.", "end", end=end, start=start)
    raw, screened, report = _screened(store.path, (store.path / "zarr.json").stat().st_mtime_ns)
    if station not in raw.ids:
        raise DeepSoilError("station_unknown", "The region has no station '{station}'.", "It has: {known}.", "station",
                            station=station, known=", ".join(raw.ids[:10]) or "none")
    index = raw.ids.index(station)
    days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    names = [str(int(depth)) for depth in raw.depths_cm]
    theta = on_days(screened.theta[index], screened.dates, days)
    within = np.flatnonzero(np.isin(report.dates, days))
    rain = np.full((1, days.size), np.nan, np.float32)
    if "precipitation" in store.channels():
        rain = coarse_at(store, "precipitation", raw.longitudes[[index]], raw.latitudes[[index]], days)
    return {"dates": [str(day) for day in days],
            "depths": {name: rounded(values, 4) for name, values in zip(names, theta, strict=True)},
            "rejected": {name: _rejected(raw.theta[index, d, within], report.reasons[index, d, within],
                                         report.dates[within]) for d, name in enumerate(names)},
            "precipitation": rounded(rain[0], 2)}


@lru_cache(maxsize=4)
def _screened(path: Path, stamp: int) -> tuple[Stations, Stations, QualityReport]:
    """The stations of a store as stored and after quality control, and its report.

    Cached: quality control takes a second for 40 stations over three years, and a panel asks for one station after the
    other; ``stamp`` changes when the store is replaced.
    """
    store = Store.open(path)
    return (store.stations(), *screened_stations(store))


def _rejected(theta: NDArray[np.float32], reasons: NDArray[np.uint8], dates: Days) -> list[dict[str, Any]]:
    found = zip(rounded(theta, 4), (REASONS[code] for code in reasons), dates, strict=True)
    return [{"date": str(day), "value": value, "reason": reason} for value, reason, day in found
            if reason not in ("kept", "missing")]
