"""The places of readings and of pixels with what makes them alike: soil, cover and water, from a store."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from deepsoil.contract.management import Rainfed
from deepsoil.field.covariance import Places
from deepsoil.grid import KM_PER_DEGREE, Window, pixel_to_lonlat
from deepsoil.inference.field_water import ManagedField
from deepsoil.inputs.watered import IRRIGATED_MAP
from deepsoil.soil.vegetation import group_lookup
from deepsoil.stations.nearest import static_at
from deepsoil.store.store import Store

Array = NDArray[np.float64]

Said = Callable[[Array, Array], NDArray[np.int8]]
"""What the user says of the water of positions (longitudes, latitudes): 1 irrigated, -1 rainfed, 0 nothing."""


def nothing_said(longitudes: Array, latitudes: Array) -> NDArray[np.int8]:
    """The region's map alone knows what is irrigated, where there is one."""
    return np.zeros(np.shape(longitudes), np.int8)


def said_of(fields: Sequence[ManagedField]) -> Said:
    """What the management of the fields says of their water."""
    told = [(one.outline, -1 if isinstance(one.management.irrigation, Rainfed) else 1) for one in fields
            if one.management.irrigation is not None]
    if not told:
        return nothing_said

    def said(longitudes: Array, latitudes: Array) -> NDArray[np.int8]:
        words = np.zeros(np.shape(longitudes), np.int8)
        for outline, word in told:
            words[shapely.contains_xy(outline, longitudes, latitudes)] = word
        return words

    return said


def places_at(store: Store, longitudes: Array, latitudes: Array, origin: tuple[float, float],
              said: Said = nothing_said) -> Places:
    """Positions in degrees, on a plane round ``origin`` (longitude, latitude)."""
    def values(channel: str) -> Array:
        if channel not in store.channels():
            return np.full(len(longitudes), np.nan)
        return static_at(store, channel, longitudes, latitudes).astype(np.float64)

    return _places(longitudes, latitudes, origin, values("sand"), values("clay"), values("land_cover"),
                   values(IRRIGATED_MAP), said)


def places_of(store: Store, window: Window, origin: tuple[float, float], said: Said = nothing_said) -> Places:
    """The pixels of a window, row by row."""
    columns, rows = np.meshgrid(np.arange(window.width) + window.column + 0.5,
                                np.arange(window.height) + window.row + 0.5)
    longitudes, latitudes = pixel_to_lonlat(columns.ravel(), rows.ravel())

    def values(channel: str) -> Array:
        if channel not in store.channels():
            return np.full(len(longitudes), np.nan)
        return store.read_static(channel, window).astype(np.float64).ravel()

    return _places(longitudes, latitudes, origin, values("sand"), values("clay"), values("land_cover"),
                   values(IRRIGATED_MAP), said)


def _places(longitudes: Array, latitudes: Array, origin: tuple[float, float], sand: Array, clay: Array, cover: Array,
            irrigated: Array, said: Said) -> Places:
    words = said(longitudes, latitudes)
    codes = np.where(np.isfinite(cover), cover, 0).astype(np.uint8)
    return Places(KM_PER_DEGREE * np.cos(np.radians(origin[1])) * (longitudes - origin[0]),
                  KM_PER_DEGREE * (latitudes - origin[1]), sand, clay, group_lookup()[codes].astype(np.int64),
                  (irrigated == 1) & (words >= 0) | (words > 0))
