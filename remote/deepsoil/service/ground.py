"""The method about what θ at a place is made from: its soil, its cover, its weather, and what stands in for data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepsoil.channels import CHANNELS, in_words
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS
from deepsoil.grid import distance_km
from deepsoil.service.series import position

if TYPE_CHECKING:
    from deepsoil.models.library import Library
    from deepsoil.store.store import Store

_TEXTURE = ("sand", "silt", "clay")
_COVER, _CROP, _IRRIGATED = "land_cover", "crop", "irrigated"
_WEATHER = "precipitation"


def ground(store: Store, library: Library, place: Sequence[Any]) -> dict[str, Any]:
    """What a place (longitude and latitude in degrees) is made from, as JSON.

    Texture in %, codes of its maps, the weather cell that it lies in, and the titles of channels whose values are
    made up there for the default models. Raises ``params_invalid``; ``area_outside``; and as the models of the library.
    """
    from deepsoil.inputs.stack import Stack
    from deepsoil.stations.nearest import static_at

    longitude, latitude = position(place)
    here = np.array([longitude]), np.array([latitude])
    _require_inside(store, longitude, latitude)
    there = set(store.channels())

    def value(channel: str) -> float | None:
        found = float(static_at(store, channel, *here)[0]) if channel in there else np.nan
        return round(found, 1) if np.isfinite(found) else None

    def code(channel: str) -> int | None:
        found = value(channel)
        return int(found) if found else None

    stacks = [Stack(store, library.find(depth_cm).contract.channel_uses(), kept_windows=0) for depth_cm in DEPTHS]
    withheld = {name: None for stack in stacks for name in stack.withheld}
    filled = {name: None for stack in stacks for name in stack.missing if name not in withheld}
    for use in (use for stack in stacks for use in stack.channels):
        if use.name not in withheld and CHANNELS[use.name].kind == "static" and value(use.name) is None:
            filled[use.name] = None
    irrigated = value(_IRRIGATED)
    return {**{name: value(name) for name in _TEXTURE}, "land_cover": code(_COVER), "crop": code(_CROP),
            "irrigated": None if irrigated is None else irrigated == 1, "weather": _cell(store, longitude, latitude),
            "filled": in_words([*filled]), "withheld": in_words([*withheld])}


def _cell(store: Store, longitude: float, latitude: float) -> dict[str, float]:
    """The middle of the weather cell of a place, and how far it is."""
    series = store.coarse(_WEATHER)
    east = float(series.longitudes[np.abs(series.longitudes - longitude).argmin()])
    north = float(series.latitudes[np.abs(series.latitudes - latitude).argmin()])
    return {"longitude": round(east, 4), "latitude": round(north, 4),
            "distance_km": round(float(distance_km(longitude, latitude, east, north)), 1)}


def _require_inside(store: Store, longitude: float, latitude: float) -> None:
    from deepsoil.grid import Window, lonlat_to_pixel

    column, row = (int(np.floor(each[0])) for each in lonlat_to_pixel(np.array([longitude]), np.array([latitude])))
    if store.window.intersect(Window(column, row, 1, 1)) is None:
        raise DeepSoilError("area_outside", "The place {latitude:.5f}, {longitude:.5f} lies outside the region "
                            "'{region}'.", "Choose a place inside the region's outline.", "place",
                            latitude=latitude, longitude=longitude, region=store.title)
