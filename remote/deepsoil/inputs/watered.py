"""Land that gets water beside rain: its weather with that water in it, and which pixels it is.

Only what is computed from precipitation changes, and only inside: outside, an input is bit for bit what it was.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import rasterio.features
import shapely
from affine import Affine
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS
from deepsoil.grid import Window
from deepsoil.inputs.weather_fields import WeatherFields
from deepsoil.store.series import CoarseSeries
from deepsoil.store.store import Store

RAIN = "precipitation"
IRRIGATED_MAP = "irrigated"
_MARGIN_CELLS = 2

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True)
class WateredArea:
    """Pixels whose centre lies in ``outline`` (fractional global pixels), and their weather.

    mapped  only those that the region's map of irrigated land shows
    """

    outline: shapely.Geometry
    weather: WeatherFields
    mapped: bool = False

    @classmethod
    def of(cls, read: Callable[[str], CoarseSeries], outline: shapely.Geometry, box: Box,
           water_mm: NDArray[np.floating], mapped: bool = False) -> WateredArea:
        """Of an area inside ``box``; ``read`` gives the weather of a channel, which is copied only round the box.

        ``water_mm`` (T,), or (T, ny, nx) of the cells of ``near(read, RAIN, box)``, on the days of the precipitation.
        """
        return cls(outline, WeatherFields(_Watered(read, box, water_mm)), mapped)

    @property
    def box(self) -> Window:
        """The smallest window that holds it."""
        left, top, right, bottom = self.outline.bounds
        column, row = math.floor(left), math.floor(top)
        return Window(column, row, max(1, math.ceil(right) - column), max(1, math.ceil(bottom) - row))

    def mask(self, window: Window, store: Store) -> NDArray[np.bool_] | None:
        """Which pixels of a window (H, W) are watered; None where none is."""
        inside = covered(self.outline, window)
        if self.mapped and inside.any():
            inside &= store.read_static(IRRIGATED_MAP, window) == 1
        return inside if inside.any() else None


def covered(outline: shapely.Geometry, window: Window) -> NDArray[np.bool_]:
    """Pixels of a window (H, W) whose centre lies in an outline in fractional global pixels."""
    return np.asarray(rasterio.features.rasterize(
        [(outline, 1)], out_shape=window.shape, fill=0, dtype=np.uint8,
        transform=Affine(1.0, 0.0, window.column, 0.0, 1.0, window.row)), bool)


def reads_rain(channel: str) -> bool:
    """Whether a channel changes with the water that a field gets."""
    return RAIN in CHANNELS[channel].read_from


def near(read: Callable[[str], CoarseSeries], channel: str, box: Box) -> CoarseSeries:
    """The cells of a channel that can affect a pixel in a box, and some round them."""
    series, rain = read(channel), read(RAIN)
    rows, columns = (_near(getattr(series, axis), low, high, _spacing(getattr(rain, axis)))
                     for axis, low, high in (("latitudes", box[1], box[3]), ("longitudes", box[0], box[2])))
    return replace(series, longitudes=series.longitudes[columns], latitudes=series.latitudes[rows],
                   values=series.values[:, rows, columns])


@dataclass(frozen=True)
class _Watered:
    """Reads the weather round a box, with water added to the rain."""

    read: Callable[[str], CoarseSeries]
    box: Box
    water_mm: NDArray[np.floating]

    def __call__(self, channel: str) -> CoarseSeries:
        series = near(self.read, channel, self.box)
        if channel != RAIN:
            return series
        water = self.water_mm if self.water_mm.ndim == 3 else self.water_mm[:, None, None]
        return replace(series, values=(series.values + water).astype(np.float32))


def _near(centres: NDArray[np.float64], low: float, high: float, spacing: float) -> slice:
    """Centres (monotonic) from ``low`` to ``high``, and so many beyond that another grid finds its neighbours too."""
    margin = _MARGIN_CELLS * max(spacing, _spacing(centres))
    found = np.flatnonzero((centres >= low - margin) & (centres <= high + margin))
    if not found.size:  # beyond the outermost centre its value goes on
        nearest = int(np.abs(centres - (low + high) / 2).argmin())
        return slice(nearest, nearest + 1)
    return slice(int(found[0]), int(found[-1]) + 1)


def _spacing(centres: NDArray[np.float64]) -> float:
    return float(np.abs(np.diff(centres)).max()) if centres.size > 1 else 0.0
