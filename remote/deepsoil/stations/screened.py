"""The stations of a store after quality control, which uses the store's precipitation.

Saturation is not taken from the store: its θs is what a pedotransfer expects of a texture, and soils of that texture
scatter about it by more than the margin of the rule. At the USCRN station near Manhattan, Kansas, it rejected the wet
days at 20 cm and no other. What remains is the limit for mineral soils (`quality_control.Rules.highest_theta`).
"""

from __future__ import annotations

from dataclasses import replace

from deepsoil.stations.nearest import coarse_at
from deepsoil.stations.quality_control import Rules, screen
from deepsoil.stations.quality_report import QualityReport
from deepsoil.store.series import Stations
from deepsoil.store.store import Store


def screened_stations(store: Store, rules: Rules | None = None) -> tuple[Stations, QualityReport]:
    """The stations with rejected values NaN, and the report; precipitation from the store's weather if it has any."""
    stations = store.stations()
    rain = (coarse_at(store, "precipitation", stations.longitudes, stations.latitudes, stations.dates)
            if "precipitation" in store.channels() else None)
    theta, report = screen(stations, precipitation_mm=rain, rules=rules)
    return replace(stations, theta=theta), report
