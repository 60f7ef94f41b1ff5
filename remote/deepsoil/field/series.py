"""The series at one pixel: θ at every depth and the water of the root zone, day by day, each with a 90 % interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Management
from deepsoil.field import interval, uncertainty
from deepsoil.field.ground import NONE, Columns, columns_at
from deepsoil.field.model import field_model
from deepsoil.grid import lonlat_to_pixel

if TYPE_CHECKING:
    from deepsoil.store.store import Store

Array = NDArray[np.float64]

DEPTHS_CM = (5.0, 20.0, 40.0, 60.0, 100.0)


@dataclass(frozen=True)
class Band:
    """Mean, and lower and upper bound of the 90 % interval, each (T,)."""

    mean: Array
    lower: Array
    upper: Array

    @classmethod
    def of(cls, values: NDArray[np.floating], weights: Array) -> Band:
        """Of members (E, T) with their weights (E,)."""
        return cls(interval.mean(values, weights), *interval.bounds(values, weights))


@dataclass(frozen=True)
class PixelSeries:
    """theta: by depth in cm, m³/m³. Water of the root zone, see ``root_zone.RootZoneWater``: available and depletion in
    mm, drainage and irrigation in mm/day. precipitation (T,) in mm/day as the columns got it, without its doubt."""

    dates: NDArray[np.datetime64]
    theta: dict[float, Band]
    available: Band
    depletion: Band
    drainage: Band
    irrigation: Band
    precipitation: Array
    members: int


def column_at(store: Store, longitude: float, latitude: float) -> Columns:
    """The column of the pixel at a position in degrees.

    Raises ``no_soil``: there is no soil, or it is outside the region.
    """
    column, row = (int(np.floor(value[0])) for value in lonlat_to_pixel(np.array([longitude]), np.array([latitude])))
    columns, number = columns_at(store, np.array([longitude]), np.array([latitude]), [(column, row)])
    if number[0] == NONE:
        raise DeepSoilError("no_soil", "The region '{title}' has no soil at {longitude:.5f}, {latitude:.5f}: it is "
                            "outside, open water, or without texture.", "Choose a place on land inside the region.",
                            "longitude", title=store.title, longitude=longitude, latitude=latitude)
    return columns


def series_at(store: Store, longitude: float, latitude: float, days: Sequence[date],
              management: Management | None = None, members: int = uncertainty.MEMBERS) -> PixelSeries:
    """Of the pixel at a position in degrees, on consecutive days.

    Raises ``no_soil`` (no soil there, or outside the region), and what `field_model` and its simulation raise.
    """
    columns = column_at(store, longitude, latitude)
    model = field_model(store, columns, days, DEPTHS_CM, management)
    ensemble, water = model.run_with_water(uncertainty.draw(members))
    skipped, weights = len(model.dates) - len(days), ensemble.weights
    available, depletion, drainage, irrigation = (
        Band.of(values[:, 0], weights)
        for values in (water.available_mm, water.depletion_mm, water.drainage_mm, water.irrigation_mm))
    return PixelSeries(
        ensemble.dates, {depth: Band.of(ensemble.theta[:, 0, place], weights) for place, depth in enumerate(DEPTHS_CM)},
        available, depletion, drainage, irrigation, model.forcing.precipitation[0, skipped:], members)
