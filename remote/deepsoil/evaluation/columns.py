"""Soil columns as the method of an evaluation: with the texture, weather and water of each place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepsoil import __version__
from deepsoil.contract.text import Text
from deepsoil.evaluation.background import MadeBy, Positions, Step
from deepsoil.field import interval, uncertainty
from deepsoil.field.ground import NONE, columns_at
from deepsoil.field.model import field_model
from deepsoil.field.weather import NEEDED
from deepsoil.grid import lonlat_to_pixel
from deepsoil.inference.place_water import water_at

if TYPE_CHECKING:
    from deepsoil.store.store import Store

MADE_BY = MadeBy("soil columns", __version__)

Values = NDArray[np.float32]


class SoilColumns:
    """A `Background`: the mean of an ensemble of columns and its interval, at any depth."""

    def __init__(self, store: Store, depths_cm: Sequence[int], members: int = uncertainty.MEMBERS) -> None:
        self._store, self.depths_cm, self._z = store, sorted(depths_cm), uncertainty.draw(members)

    def levels_cm(self, reading_depths_cm: Sequence[float]) -> tuple[float, ...]:
        """Those that are asked for and those of the readings."""
        return tuple(sorted({*map(float, self.depths_cm), *map(float, reading_depths_cm)}))

    def made_by(self, depth_cm: int) -> MadeBy:
        """The same at all depths."""
        return MADE_BY

    def missing(self, depth_cm: int) -> list[str]:
        """None: columns need few channels, and all of them."""
        return []

    def series(self, at: Positions, days: Sequence[date], levels_cm: Sequence[float], step: Step, *,
               before: Sequence[date] = ()) -> tuple[Values, Values]:
        """As `Background.series`; a place without soil has no value. DeepSoilError as the weather and the columns say.
        """
        pixels = [(int(column), int(row)) for column, row in
                  zip(*lonlat_to_pixel(at.longitudes, at.latitudes), strict=True)]
        water_at(self._store, pixels, at.managed, 1)  # the same checks of what is said of the water
        theta, half_width = np.full((2, len(at), len(levels_cm), len(before) + len(days)), np.nan, np.float32)
        wanted = np.array([*before, *days], "datetime64[D]")
        first = max(wanted[0], min(self._begin(), wanted[len(before)]))
        simulated = np.arange(first, wanted[-1] + 1)
        there = np.flatnonzero(wanted >= first)
        for place, known in enumerate(at.managed):
            here = at.longitudes[[place]], at.latitudes[[place]]
            columns, number = columns_at(self._store, *here, [pixels[place]])
            if number[0] == NONE:
                continue
            ensemble = field_model(self._store, columns, simulated.tolist(), levels_cm, known,
                                   _reporter(step, place, len(at))).run(self._z)
            values = ensemble.theta[:, 0][..., (wanted[there] - first).astype(int)]
            lower, upper = interval.bounds(values, ensemble.weights)
            theta[place][:, there] = interval.mean(values, ensemble.weights)
            half_width[place][:, there] = (upper - lower) / 2
        return theta, half_width

    def _begin(self) -> np.datetime64:
        """The first day with weather."""
        return max(self._store.coarse(name).dates[0] for name in NEEDED if name in self._store.channels())


def _reporter(step: Step, place: int, places: int) -> Callable[[int, int], None]:
    def report(done: int, total: int) -> None:
        step((place + done / max(total, 1)) / places, Text("{number} of {stations} stations", number=place + 1,
                                                           stations=places))

    return report
