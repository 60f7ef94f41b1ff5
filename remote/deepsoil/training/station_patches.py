"""Station batches: the input around a station on a day, labelled in a small window with its measurement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import ChannelUse, in_words
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inputs.stack import Stack
from deepsoil.soil.retention import VanGenuchten
from deepsoil.stations.quality_report import QualityReport
from deepsoil.stations.screened import screened_stations
from deepsoil.store.series import Stations
from deepsoil.store.store import Store
from deepsoil.training.batches import Batch, complete, mean_of, months_of, no_whole_month
from deepsoil.training.loss_soil import Choice, soil_of

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

PATCH = 16      # pixels read around a station
MIDDLE = 7      # row and column of the station's pixel in its patch
PRODUCT, SURFACE_CM = "hydroblocks", 5  # the dense product that may label what lies around a station, and its depth


@dataclass(frozen=True)
class StationInputs:
    """All station data of a region for a training at one depth, read once.

    observed  (S, T) m3/m3 after quality control, NaN without a usable observation or input
    x         S arrays (days with an observation, C, 16, 16) float16; ``row`` (S, T) points into them, -1 for none
    soil      hydraulic parameters (S, 16, 16)
    around    S arrays (days with an observation, 16, 16) float16: the region's HydroBlocks map of the day, NaN where
              there is none; None for a region without such maps
    report    report of quality control; ``missing``: channels that the region lacks and that were filled
    """

    stations: Stations
    observed: Array
    x: list[NDArray[np.float16]]
    row: NDArray[np.int64]
    soil: VanGenuchten
    report: QualityReport
    missing: list[str]
    around: list[NDArray[np.float16]] | None = None

    @classmethod
    def read(cls, store: Store, uses: Sequence[ChannelUse], depth_cm: int, soil_choice: Choice = "auto",
             only: Mask | None = None) -> StationInputs:
        """``only`` (S,): the stations that are read; the ground of the others is never looked at.

        Raises DeepSoilError ``no_stations`` and ``no_observations``, and the errors of the stack.
        """
        stations = store.stations()
        if not len(stations):
            raise DeepSoilError("no_stations", "The region '{title}' has no stations to learn from.",
                                "Add stations to its recipe and ingest again.", "supervision.region",
                                title=store.title)
        level = int(np.abs(stations.depths_cm - depth_cm).argmin())
        if abs(stations.depths_cm[level] - depth_cm) > DEPTHS[depth_cm].tolerance_cm:
            raise DeepSoilError("no_observations", "No station of '{title}' measures near {depth_cm} cm.",
                                "Choose another depth or region.", "depth_cm",
                                title=store.title, depth_cm=depth_cm)
        columns, rows = (np.floor(v).astype(int) for v in lonlat_to_pixel(stations.longitudes, stations.latitudes))
        windows = [Window(int(c) - MIDDLE, int(r) - MIDDLE, PATCH, PATCH) for c, r in zip(columns, rows, strict=True)]
        read_here = np.ones(len(stations), bool) if only is None else only
        unread = complete(VanGenuchten(*[np.full((PATCH, PATCH), np.nan)] * 5))
        soil = [soil_of(store, window, depth_cm, soil_choice) if here else unread
                for window, here in zip(windows, read_here, strict=True)]
        product = _product_layers(store) if depth_cm == SURFACE_CM else None
        screened, report = screened_stations(store)
        stack = Stack(store, uses, kept_windows=1)
        observed = screened.theta[:, level].copy()
        observed[~read_here] = np.nan
        first, last = store.map_dates()
        observed[:, (stations.dates < np.datetime64(first)) | (stations.dates > np.datetime64(last))] = np.nan
        x, row = [], np.full(observed.shape, -1)
        around: list[NDArray[np.float16]] = []
        for number, window in enumerate(windows):
            read: list[NDArray[np.float16]] = []
            inside = store.window.contains(Window(window.column + MIDDLE, window.row + MIDDLE, 1, 1))
            for day in np.flatnonzero(np.isfinite(observed[number])):
                values, valid = stack.read(stations.dates[day].item(), window) if inside else (None, None)
                if values is None or valid is None or not valid[MIDDLE, MIDDLE]:
                    observed[number, day] = np.nan
                    continue
                row[number, day] = len(read)
                read.append(values.astype(np.float16))
            x.append(np.stack(read) if read else np.empty((0, len(uses), PATCH, PATCH), np.float16))
            if product is not None:
                around.append(_around(store, product, window, stations.dates[row[number] >= 0]))
        if not np.isfinite(observed).any():
            raise DeepSoilError("no_observations", "'{title}' has no observation at {depth_cm} cm that passed quality "
                                                   "control on a day with weather.", "Check the stations and the "
                                                                                     "period of the weather.",
                                "supervision.region",
                                depth_cm=depth_cm, title=store.title)
        together = VanGenuchten(*(np.stack(values) for values in zip(*(one.arrays() for one in soil), strict=True)))
        return cls(stations, observed, x, row, together, report, stack.missing,
                   None if product is None else around)

    def text(self) -> str:
        """A readable report of rejected station data and missing input."""
        filled = f"\nThe region has no {', '.join(in_words(self.missing))}; filled." if self.missing else ""
        return f"Stations of the training:\n{self.report.text()}{filled}"

    def batch(self, pairs: NDArray[np.int64], window: int, size: int = PATCH, weight: float = 1.0, *,
              around: bool = False) -> Batch:
        """Patches of (station, day) pairs (B, 2), cut to ``size`` pixels around the station's label window.

        ``weight``: of the label window. ``around``: label what lies around it by the region's HydroBlocks maps where
        there are some, with the weight 1.
        """
        start = MIDDLE - label_start(window)
        edge = min(max(start - (size - window) // 2, 0), PATCH - size)
        cut = slice(edge, edge + size)
        labelled = slice(max(start - edge, 0), start - edge + window)
        x = np.stack([self.x[s][self.row[s, t]][:, cut, cut] for s, t in pairs]).astype(np.float32)
        theta = np.full((len(pairs), size, size), np.nan, np.float32)
        if around and self.around is not None:
            theta[:] = [self.around[s][self.row[s, t]][cut, cut] for s, t in pairs]
        weights = np.ones_like(theta)
        weights[:, labelled, labelled] = weight
        theta[:, labelled, labelled] = self.observed[tuple(pairs.T)][:, None, None]
        soil = VanGenuchten(*(values[pairs[:, 0], cut, cut] for values in self.soil.arrays()))
        return Batch(x, theta, soil, weights)

    def predict(self, network: Callable[[Array], Array], batch: int = 256) -> Array:
        """theta (S, T) at the stations' pixels on the days with an observation, NaN elsewhere."""
        predicted = np.full(self.observed.shape, np.nan, np.float32)
        pairs = np.argwhere(np.isfinite(self.observed))
        for start in range(0, len(pairs), batch):
            some = pairs[start:start + batch]
            x = np.stack([self.x[s][self.row[s, t]] for s, t in some]).astype(np.float32)
            predicted[tuple(some.T)] = network(x)[:, MIDDLE, MIDDLE]
        return predicted


class StationPatches:
    """Draws (station, day) pairs of ``allowed`` (S, T), all stations equally often."""

    def __init__(self, inputs: StationInputs, allowed: Mask, window: int, weight: float = 1.0, *,
                 around: bool = False) -> None:
        self.inputs, self.window, self.weight, self.around = inputs, window, weight, around
        known = allowed & np.isfinite(inputs.observed)
        self.pairs = [np.argwhere(known[s]).ravel() for s in range(len(known))]
        self.used = [s for s, days in enumerate(self.pairs) if len(days)]
        if not self.used:
            raise DeepSoilError("no_observations", "No station day is left for a part of the split.",
                                "Choose other folds, or a split by dates.", "split")

    def draw(self, key: Sequence[int], batch: int, size: int) -> Batch:
        """A batch that depends on ``key`` only; patches are 16 pixels wide, or smaller if requested."""
        rng = np.random.default_rng(list(key))
        stations = rng.choice(self.used, batch)
        days = [self.pairs[s][rng.integers(len(self.pairs[s]))] for s in stations]
        return self.inputs.batch(np.stack([stations, days], 1), self.window, min(size, PATCH), self.weight,
                                 around=self.around)

    def months(self, least_days: int) -> StationMonths:
        return StationMonths(self, least_days)


class StationMonths:
    """Draws (station, month) pairs, all stations equally often; input and label are means over the days with a reading.
    """

    def __init__(self, days: StationPatches, least_days: int) -> None:
        self.days = days
        dates = days.inputs.stations.dates
        self.pairs = [[np.searchsorted(dates, month) for month in months_of(dates[known], least_days)]
                      for known in days.pairs]
        self.used = [s for s, months in enumerate(self.pairs) if months]
        if not self.used:
            raise no_whole_month("stations", least_days)

    def draw(self, key: Sequence[int], batch: int, size: int) -> Batch:
        """A batch that depends on ``key`` only."""
        rng = np.random.default_rng(list(key))
        parts = [self._month(int(s), self.pairs[s][rng.integers(len(self.pairs[s]))], size)
                 for s in rng.choice(self.used, batch)]
        soil = VanGenuchten(*(np.stack(values) for values in zip(*(part[0].arrays() for part in parts), strict=True)))
        x, theta, weight = (np.stack(arrays) for arrays in zip(*(part[1] for part in parts), strict=True))
        return Batch(x, theta, soil, weight)

    def _month(self, station: int, days: NDArray[np.int64], size: int,
               ) -> tuple[VanGenuchten, tuple[Array, Array, Array]]:
        """Soil, and input, label and weight, of a station's month."""
        of, pairs = self.days, np.stack([np.full(len(days), station), days], 1)
        shown = of.inputs.batch(pairs, of.window, min(size, PATCH), of.weight, around=of.around)
        assert shown.weight is not None
        return shown.soil[0], (mean_of(list(shown.x)), mean_of(list(shown.theta)), shown.weight[0])


def label_start(window: int) -> int:
    """How many pixels before the station's the label window of ``window`` pixels begins, in rows and in columns."""
    return (window - 1) // 2


def _product_layers(store: Store) -> dict[np.datetime64, int] | None:
    """Number of the HydroBlocks map of each day; None without such maps."""
    if PRODUCT not in store.channels():
        return None
    return {day: number for number, day in enumerate(store.dates_of(PRODUCT))}


def _around(store: Store, product: dict[np.datetime64, int], window: Window,
            days: NDArray[np.datetime64]) -> NDArray[np.float16]:
    nothing = np.full(window.shape, np.nan, np.float16)
    maps = [store.read_layer(PRODUCT, product[day], window).astype(np.float16) if day in product else nothing
            for day in days]
    return np.stack(maps) if maps else np.empty((0, *window.shape), np.float16)
