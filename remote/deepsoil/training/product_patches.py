"""Batches labelled by a dense soil moisture product of the region (HydroBlocks), with stations' values where there are.

A pixel in a station's window has the station's value and its weight (Eq. 2), all others the product's: so both the data
term and the suction term (Eq. 4) compare with stations where there are some, and with the product elsewhere.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inputs.stack import Stack
from deepsoil.soil.retention import VanGenuchten
from deepsoil.store.store import Store
from deepsoil.training.batches import Batch, mean_of, months_of, no_whole_month
from deepsoil.training.cluster_trainings import AnyWindow, ExtentWindows
from deepsoil.training.loss_soil import Choice, soil_of
from deepsoil.training.station_patches import PRODUCT, Mask, StationInputs, label_start

TRIES = 8


class ProductPatches:
    """Draws windows of a region on days with a map of the product. Stations of ``allowed`` (S, T) overrule it."""

    def __init__(self, stack: Stack, inputs: StationInputs, allowed: Mask, label_window: int, station_weight: float,
                 depth_cm: int, soil: Choice, windows: AnyWindow | ExtentWindows | None = None) -> None:
        store = stack.store
        self.stack, self.inputs, self.allowed = stack, inputs, allowed & np.isfinite(inputs.observed)
        self.label_window, self.station_weight, self.depth_cm, self.soil = label_window, station_weight, depth_cm, soil
        self.windows = windows or AnyWindow(store.window)
        self.days = product_days(store)
        self._months: list[NDArray[np.int64]] | None = None
        columns, rows = (np.floor(v).astype(int) for v in lonlat_to_pixel(
            inputs.stations.longitudes, inputs.stations.latitudes))
        self.corners = np.stack([rows, columns], 1) - label_start(label_window)

    def draw(self, key: Sequence[int], batch: int, size: int) -> Batch:
        """A batch that depends on ``key`` only; windows of at least one labelled pixel where there is one."""
        rng = np.random.default_rng(list(key))
        parts = [self._window(rng, size) for _ in range(batch)]
        soil = VanGenuchten(*(np.stack(values) for values in zip(*(part[3].arrays() for part in parts), strict=True)))
        x, theta, weight = (np.stack(arrays) for arrays in zip(*(part[:3] for part in parts), strict=True))
        return Batch(x, theta, soil, weight)

    def _window(self, rng: np.random.Generator, size: int) -> tuple[NDArray[np.float32], NDArray[np.float32],
                                                                   NDArray[np.float32], VanGenuchten]:
        for _ in range(TRIES):
            window = self.windows.draw(rng, size)
            numbers = self._drawn(rng)
            thetas = [self.stack.store.read_layer(PRODUCT, int(number), window) for number in numbers]
            if np.isfinite(thetas[0]).any():
                break
        dates = self.stack.store.dates_of(PRODUCT)
        weights, shown = [np.ones_like(theta) for theta in thetas], []
        for theta, weight, number in zip(thetas, weights, numbers, strict=True):
            self._overrule(theta, weight, window, dates[number])
            x, valid = self.stack.read(dates[number].item(), window)
            theta[~valid] = np.nan
            shown.append(x)
        return mean_of(shown), mean_of(thetas), mean_of(weights), soil_of(self.stack.store, window, self.depth_cm,
                                                                         self.soil)

    def _drawn(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """The number of one map, or those of all maps of a month."""
        if self._months is None:
            return self.days[[rng.integers(len(self.days))]]
        return self._months[rng.integers(len(self._months))]

    def months(self, least_days: int) -> ProductPatches:
        dates = self.stack.store.dates_of(PRODUCT)
        made = copy.copy(self)
        made._months = [np.searchsorted(dates, days) for days in months_of(dates[self.days], least_days)]
        if not made._months:
            raise no_whole_month("HydroBlocks maps", least_days)
        return made

    def _overrule(self, theta: NDArray[np.float32], weight: NDArray[np.float32], window: Window,
                  day: np.datetime64) -> None:
        """Put the values of the day's stations into the label window of each, where it lies in ``window``."""
        number = int((day - self.inputs.stations.dates[0]).astype(int))
        if not 0 <= number < self.allowed.shape[1]:
            return
        for station in np.flatnonzero(self.allowed[:, number]):
            row, column = self.corners[station] - (window.row, window.column)
            rows = slice(max(row, 0), max(row + self.label_window, 0))
            columns = slice(max(column, 0), max(column + self.label_window, 0))
            theta[rows, columns] = self.inputs.observed[station, number]
            weight[rows, columns] = self.station_weight


def product_days(store: Store) -> NDArray[np.int64]:
    """Numbers of the product's maps on days with weather. Raises ``no_product`` where there is none."""
    if PRODUCT not in store.channels():
        raise DeepSoilError("no_product", "The region '{title}' has no HydroBlocks maps to learn from.",
                            "Add the channel hydroblocks to its recipe, or set supervision.simulated to columns or "
                            "region.", "supervision.simulated", title=store.title)
    first, last = store.map_dates()
    dates = store.dates_of(PRODUCT)
    found = np.flatnonzero((dates >= np.datetime64(first)) & (dates <= np.datetime64(last)))
    if not found.size:
        raise DeepSoilError("no_product", "The HydroBlocks maps of '{title}' are of {first} to {last}, when the region "
                            "has no weather.", "Take weather and maps of the same years into the recipe.",
                            "supervision.simulated", title=store.title, first=dates[0], last=dates[-1])
    return found
