"""Batches of the 5 cm experiment: windows of the generated regions, labelled as a variant says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS
from deepsoil.experiments.regions_data import Windows
from deepsoil.experiments.regions_plan import Variant
from deepsoil.soil.retention import VanGenuchten
from deepsoil.training.batches import Batch
from deepsoil.training.station_patches import label_start

LABEL_WINDOW = 4            # pixels across that have the station's value
LAND_COVER = "land_cover"


@dataclass(frozen=True)
class RegionBatches:
    """Draws windows: with the probability ``station_share`` round a reading, else at random; all regions equally often.

    ``chosen``: the windows that may be drawn. ``constant``: numbers of channels that show the given value everywhere.
    ``hidden`` (N, side, side): pixels without any label.
    """

    windows: Windows
    variant: Variant
    station_share: float
    station_weight: float
    chosen: NDArray[np.intp]
    constant: Mapping[int, float] = field(default_factory=dict)
    hidden: NDArray[np.bool_] | None = None

    def draw(self, key: Sequence[int], batch: int, size: int) -> Batch:
        """A batch that depends on ``key`` only."""
        rng = np.random.default_rng(list(key))
        at_station = np.isfinite(self.windows.reading[self.chosen])
        only = {"stations": 1.0, "product": 0.0}.get(self.variant.labels, self.station_share)
        picked = []
        for _ in range(batch):
            kind = at_station if rng.random() < only else ~at_station
            some = self.chosen[kind if kind.any() else ~kind]
            region = rng.choice(np.unique(self.windows.region[some]))
            picked.append(rng.choice(some[self.windows.region[some] == region]))
        return self.batch(np.array(picked))

    def batch(self, which: NDArray[np.intp]) -> Batch:
        """Chosen windows, labelled as the variant says."""
        windows, variant = self.windows, self.variant
        product, reading = windows.product[which], windows.reading[which]
        both, weight = product.copy(), np.ones_like(product)
        start = windows.x.shape[-1] // 2 - label_start(LABEL_WINDOW)
        middle = slice(start, start + LABEL_WINDOW)
        known = np.isfinite(reading)
        both[known, middle, middle] = reading[known, None, None]
        weight[known, middle, middle] = self.station_weight
        if variant.labels == "stations":
            alone = np.full_like(both, np.nan)
            alone[:, middle, middle] = both[:, middle, middle]
            both = alone
        theta = product if variant.labels == "product" else both
        if self.hidden is not None:
            theta, product = (np.where(self.hidden[which], np.float32(np.nan), values) for values in (theta, product))
        soil = VanGenuchten(*(values[which] for values in windows.soil.arrays()))
        return Batch(with_constants(windows.x[which], self.constant), theta, soil, weight,
                     product if variant.suction_of == "product" else None)


def with_constants(x: NDArray[np.float16], constant: Mapping[int, float]) -> NDArray[np.float32]:
    """A copy of input (N, C, side, side) in which channels show one value everywhere."""
    shown = x.astype(np.float32)
    for channel, value in constant.items():
        shown[:, channel] = value
    return shown


def land_cover_codes(x: NDArray[np.floating], channels: Sequence[str]) -> NDArray[np.int64]:
    """NLCD classes of the pixels of input (..., C, side, side)."""
    known, number = CHANNELS[LAND_COVER], list(channels).index(LAND_COVER)
    shown = x[..., number, :, :].astype(np.float64)
    return np.rint(known.minimum + shown * (known.maximum - known.minimum)).astype(np.int64)
