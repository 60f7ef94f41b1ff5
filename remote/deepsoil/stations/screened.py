"""The stations of a store after quality control, which uses the store's soil and precipitation."""

from __future__ import annotations

from dataclasses import replace

from deepsoil.stations.nearest import coarse_at, static_at
from deepsoil.stations.quality_control import Rules, screen
from deepsoil.stations.quality_report import QualityReport
from deepsoil.store.series import Stations
from deepsoil.store.store import Store


def screened_stations(store: Store, rules: Rules | None = None) -> tuple[Stations, QualityReport]:
    """The stations with rejected values NaN, and the report: theta_s from the store's map if it has one,
    precipitation from its weather if it has any."""
    stations = store.stations()
    channels = store.channels()
    saturated = static_at(store, "theta_s", stations.longitudes, stations.latitudes) if "theta_s" in channels else None
    rain = (coarse_at(store, "precipitation", stations.longitudes, stations.latitudes, stations.dates)
            if "precipitation" in channels else None)
    theta, report = screen(stations, saturated, precipitation_mm=rain, rules=rules)
    return replace(stations, theta=theta), report
