"""The footprint of a store and the first and last date for which it can make maps."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import rasterio.features
import shapely
import shapely.geometry
from affine import Affine
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS, LONGEST_WINDOW_DAYS, REQUIRED, WEATHER
from deepsoil.grid import Window, pixel_to_lonlat
from deepsoil.inputs.short_gaps import fill_short_gaps
from deepsoil.store.series import FORECAST
from deepsoil.store.shards import SHARD
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter

_SIMPLIFY_PIXELS = 2.0
_SPECK_PIXELS = 64


def finish(writer: StoreWriter) -> Store:
    """Finish a store that has all its channels: determine and record its footprint and map dates."""
    return writer.finish(footprint(writer), map_dates(writer), forecast_from(writer))


def footprint(store: Store) -> dict[str, Any]:
    """GeoJSON (EPSG:4326) of the area in which every required static channel of the store has data."""
    window = store.window
    names = [name for name in store.channels() if name in REQUIRED and CHANNELS[name].kind == "static"]
    valid = np.ones(window.shape, bool)
    for top in range(0, window.height, SHARD):
        strip = Window(window.column, window.row + top, window.width, SHARD)
        for name in names:
            valid[top:top + SHARD] &= np.isfinite(store.read_static(name, strip))
    return dict(json.loads(shapely.to_geojson(_outline(valid, window))))


def _outline(valid: NDArray[np.bool_], window: Window) -> shapely.Geometry:
    """Outline of the valid pixels in degrees, without specks and holes smaller than ``_SPECK_PIXELS``."""
    sieved = rasterio.features.sieve(valid.astype(np.uint8), _SPECK_PIXELS).astype(bool)
    valid = sieved if sieved.any() else valid
    shapes = [shapely.geometry.shape(outline) for outline, _ in
              rasterio.features.shapes(valid.astype(np.uint8), mask=valid, transform=Affine.identity())]
    outline = shapely.union_all(shapes)
    if not outline.equals(outline.envelope):
        simple = outline.simplify(_SIMPLIFY_PIXELS)
        outline = simple if simple.is_valid and not simple.is_empty else outline

    def to_degrees(points: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = pixel_to_lonlat(points[:, 0] + window.column, points[:, 1] + window.row)
        return np.column_stack([lon, lat])

    return shapely.transform(outline, to_degrees)


def forecast_from(store: Store) -> date | None:
    """The day after the last one of which all required weather is observed, where some is foreseen; else None."""
    series = [store.coarse(name) for name in WEATHER if name in store.channels()]
    if not any(one.days_of(FORECAST).size for one in series):
        return None
    return (min(one.dates[one.real()][-1] for one in series if one.real().any()) + 1).item()


def map_dates(store: Store) -> tuple[date, date] | None:
    """First and last day whose 30 days of weather, the day itself included, are complete; None if there is none.

    Gaps that are filled at reading (`short_gaps`) are none.
    """
    present: set[date] | None = None
    for name in WEATHER:
        if name not in store.channels():
            return None
        series = store.coarse(name)
        known = np.where(np.isfinite(series.values).any(axis=(1, 2)), 0.0, np.nan)
        days = series.dates[np.isfinite(fill_short_gaps(name, known)[0])]
        found = set(days.tolist())
        present = found if present is None else present & found
    days = np.array(sorted(present or ()), dtype="datetime64[D]")
    if days.size < LONGEST_WINDOW_DAYS:
        return None
    span = LONGEST_WINDOW_DAYS - 1
    complete = days[span:][days[span:] - days[:-span] == np.timedelta64(span, "D")]
    return (complete[0].item(), complete[-1].item()) if complete.size else None
