"""Training patches: random fields of soil, terrain and land cover under real weather, with the network's input.

Every patch is drawn from (seed, number) alone, so that a continued training gives the same result as one that
never stopped. Elevation and climate class are drawn at random and are unrelated to the label, so that the networks
must use soil, cover and weather. Optional channels are consistent with the land cover and
the season, with noise, and whole groups are omitted at random, because real regions lack them.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS, COVER_CLASSES, LONGEST_WINDOW_DAYS, MEMORY
from deepsoil.contract.errors import DeepSoilError
from deepsoil.inputs.features import class_lookup, terrain_features, weather_features
from deepsoil.soil.retention import VanGenuchten, theta
from deepsoil.soil.rosetta import parameters
from deepsoil.soil.vegetation import ndvi
from deepsoil.training.batches import no_whole_month
from deepsoil.training.column_tables import ColumnTable, lattice_weights
from deepsoil.training.random_ground import GROUND_M, land_cover, parcels, relief, smooth_field, texture

Array = NDArray[np.float32]
Generator = np.random.Generator

# Optional channels that are missing together, and their names in the configuration, which sets how often.
MISSING_GROUPS: dict[str, tuple[str, ...]] = {
    "land_cover": ("land_cover", *COVER_CLASSES), "memory": MEMORY, "koppen": ("koppen",),
    "terrain": ("slope", "aspect", "northness"),
    "hydraulics": ("theta_r", "theta_s", "log10_vg_alpha", "vg_n", "log10_ks"), "bulk_density": ("bulk_density",),
    "organic_matter": ("organic_matter",), "storage": ("available_water_storage",),
    "rgb": ("red", "green", "blue"), "ndvi": ("ndvi",), "lai": ("lai",), "smap": ("smap",),
}
SURFACE = frozenset(name for group, names in MISSING_GROUPS.items() for name in names
                    if group not in ("land_cover", "memory", "koppen", "terrain"))
"""Channels that `PatchMaker` draws only for depths that use one of them."""
SMAP_NOISE = 0.04  # m3/m3, the sensor's stated accuracy


@dataclass(frozen=True)
class Patches:
    """A batch of B patches of P x P pixels.

    x       (B, C, P, P) normalised and filled        theta  (B, P, P) m3/m3, NaN over water
    soil    parameters (B, P, P) of the label         run, day, group  (B, P, P) what was looked up
    rows, weights  (3 or 1, B, P, P) textures of the table and their shares
    """

    x: Array
    theta: Array
    soil: VanGenuchten
    run: NDArray[np.int64]
    day: NDArray[np.int64]
    group: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: Array

    @property
    def weight(self) -> None:
        """Every label of a column counts alike."""

    @property
    def suction_theta(self) -> None:
        """Suction is compared with that of the label."""

    def look_up(self, saturation: Array) -> Array:
        """theta (B, P, P), NaN over water, from a table of effective saturation (R, T, K, M)."""
        shape = saturation.shape
        columns = ((self.run * shape[1] + self.day) * shape[2] + np.maximum(self.group, 0)) * shape[3]
        flat = saturation.reshape(-1)
        share = np.zeros(self.group.shape, np.float32)
        for row, weight in zip(self.rows, self.weights, strict=True):
            share += weight * flat[columns + row]
        value = self.soil.theta_r + (self.soil.theta_s - self.soil.theta_r) * share
        return np.where(self.group < 0, np.nan, value).astype(np.float32)


class PatchMaker:
    """Draws patches of one column table for one depth.

    ``days`` (R, T) marks the days that may be drawn; the first 30 of a run are excluded for lack of
    antecedent weather. ``fills`` are the normalised means used for missing channels. In the share
    ``mixed_weather`` of the patches every parcel has the weather of its own day and site.
    """

    def __init__(self, table: ColumnTable, depth_cm: int, channels: Sequence[str], lattice_step: int,
                 days: NDArray[np.bool_], missing: dict[str, float], fills: dict[str, float] | None = None,
                 mixed_weather: float = 0.0) -> None:
        self.table, self.depth_cm, self.channels = table, depth_cm, tuple(channels)
        self.lattice_step = lattice_step
        self.saturation = table.saturation(depth_cm)
        allowed = days.copy()
        allowed[:, :LONGEST_WINDOW_DAYS - 1] = False
        self.run_day = np.argwhere(allowed)
        self.missing, self.mixed_weather = missing, mixed_weather
        self.fills = fills or dict.fromkeys(channels, 0.5)
        series = [weather_features(run.daily(), run.dates) for run in table.runs]
        self.features = {name: np.stack([one[name] for one in series]) for name in series[0]}
        self.lai = np.stack([run.group_leaf_area() for run in table.runs])  # (R, K, T)
        self.rainfed = np.array([number if run.rainfed is None else run.rainfed  # (R,) the run of the land around
                                 for number, run in enumerate(table.runs)])

    def draw(self, key: Sequence[int], batch: int, size: int, free_textures: bool = False) -> Patches:
        """A batch that depends on ``key`` only. ``free_textures``: parcels of the table's own textures."""
        rng = np.random.default_rng(list(key))
        where = self._weather_parcels(rng, batch, size)
        run, day = np.moveaxis(self.run_day[where], -1, 0)
        codes, group = land_cover(rng, batch, size)
        if free_textures:
            choice = rng.integers(len(self.table.textures), size=(batch, 6))
            which = np.take_along_axis(choice, parcels(rng, batch, size).reshape(batch, -1), 1)
            which = which.reshape(batch, size, size)
            sand, silt, clay = np.moveaxis(self.table.textures[which], -1, 0)
            rows, weights = which[None].astype(np.int32), np.ones((1, *which.shape), np.float32)
        else:
            sand, silt, clay = texture(rng, batch, size)
            rows, weights = lattice_weights(sand, silt, self.lattice_step)
        empty = np.empty(0, np.float32)
        drawn = Patches(empty, empty, parameters(sand, silt, clay), run, day, group, rows, weights)
        label = drawn.look_up(self.saturation)
        values = {"sand": sand, "silt": silt, "clay": clay, "land_cover": codes, "elevation": relief(rng, batch, size)}
        # drawn in the same way for both depths: the climate class must not reveal the site
        values["koppen"] = rng.integers(4, 28, (batch, 1, 1)).astype(np.float32)
        if SURFACE.intersection(self.channels):
            values |= self._surface_inputs(rng, drawn, label, where)
        return replace(drawn, x=self._without(rng, self.inputs(values, run, day)), theta=label)

    def months(self, least_days: int) -> PatchMaker:
        """Patches of the mean weather, leaves and moisture of a month over its days that may be drawn.

        A label is linear in what is averaged, and so the mean of the days' labels.
        """
        month = self.table.dates.astype("datetime64[M]").astype(int)  # (R, T)
        allowed = np.zeros(month.shape, bool)
        allowed[tuple(self.run_day.T)] = True
        number = np.array([np.unique(row, return_inverse=True)[1] for row in month])
        share = np.zeros((*month.shape, int(number.max()) + 1), np.float32)  # (R, T, months)
        np.put_along_axis(share, number[..., None], allowed[..., None], 2)
        days = share.sum(1)
        share /= np.maximum(days, 1)[:, None]
        made = copy.copy(self)
        made.run_day = np.argwhere(days >= least_days)
        if not len(made.run_day):
            raise no_whole_month("simulated columns", least_days)
        made.saturation = np.stack([np.einsum("tkm,tn->nkm", one, part)
                                    for one, part in zip(self.saturation, share, strict=True)])
        made.features = {name: np.einsum("rt,rtn->rn", np.where(allowed, values, 0), share).astype(np.float32)
                         for name, values in self.features.items()}
        made.lai = np.einsum("rkt,rtn->rkn", self.lai, share).astype(np.float32)
        return made

    def inputs(self, maps: dict[str, Array], run: NDArray[np.int64], day: NDArray[np.int64]) -> Array:
        """Input (B, C, P, P), normalised and filled, of patches with ``maps`` (B, P, P) under the weather of
        ``run`` and ``day`` (B, P, P): with the formulas of prediction."""
        values = maps | terrain_features(maps["elevation"], GROUND_M)
        values |= {name: feature[run, day] for name, feature in self.features.items() if name in self.channels}
        x = np.empty((len(run), len(self.channels), *run.shape[1:]), np.float32)
        for number, name in enumerate(self.channels):
            channel = CHANNELS[name]
            if channel.kind == "class":
                values[name] = class_lookup(name)[maps[channel.sources[0]].astype(np.uint8)]
            if name not in values:
                raise DeepSoilError("configuration_invalid", "Training cannot draw the channel {channel}.",
                                    "Add how it looks to training/patches.py, or train without it.", "inputs",
                                    channel=name)
            plane = channel.normalise(np.asarray(values[name], np.float32))
            x[:, number] = np.where(np.isnan(plane), np.float32(self.fills[name]), plane)
        return x

    def _weather_parcels(self, rng: Generator, batch: int, size: int) -> NDArray[np.int64]:
        """Rows of ``run_day`` (B, size, size).

        Mixed patches give a network much more varied weather in a step, and teach it that a pixel's
        moisture depends on the weather of the pixel.
        """
        drawn = rng.integers(len(self.run_day), size=(batch, 6))
        which = parcels(rng, batch, size) * (rng.random((batch, 1, 1)) < self.mixed_weather)
        return np.take_along_axis(drawn, which.reshape(batch, -1), 1).reshape(batch, size, size)

    def _smap(self, rng: Generator, where: NDArray[np.int64], label: Array) -> Array:
        """Coarse surface moisture (B, P, P): one value per weather in a patch.

        A SMAP cell is much wider than a patch: half of its value comes from soil and cover outside the patch. Around
        watered fields there is land without water, and the fields themselves are up to half of the cell.
        """
        keys, inverse = np.unique(where + np.arange(len(where))[:, None, None] * len(self.run_day), return_inverse=True)
        inverse = inverse.reshape(where.shape)
        known = np.isfinite(label)
        count = np.bincount(inverse[known], minlength=len(keys))
        local = np.bincount(inverse[known], label[known], len(keys)) / np.maximum(count, 1)
        run, day = self.run_day[keys % len(self.run_day)].T
        kinds = rng.integers(self.saturation.shape[2], size=(len(keys), 16))
        soils = rng.integers(self.saturation.shape[3], size=(len(keys), 16))
        outside = self.rainfed[run]
        around = 0.1 + 0.33 * self.saturation[outside[:, None], day[:, None], kinds, soils].mean(1)
        share = np.full(len(keys), 0.5)
        if (watered := outside != run).any():
            share[watered] *= rng.random(int(watered.sum()))
        mean = np.where(count > 0, share * local + (1 - share) * around, around)
        return (mean + SMAP_NOISE * rng.standard_normal(len(keys)))[inverse].astype(np.float32)

    def _surface_inputs(self, rng: Generator, patches: Patches, label: Array, where: NDArray[np.int64],
                        ) -> dict[str, Array]:
        """The channels of ``SURFACE``: soil maps and satellite data of the drawn patch."""
        run, day, group, soil, shape = patches.run, patches.day, patches.group, patches.soil, label.shape

        def noise(deviation: float) -> Array:
            # one offset per patch and field: errors of data sets vary by region more than by pixel
            offset = rng.standard_normal((shape[0], 1, 1)).astype(np.float32)
            return np.float32(deviation) * (offset + 0.5 * smooth_field(rng, shape[0], shape[1], 4))

        lai = self.lai[run, np.maximum(group, 0), day] * np.exp(noise(0.25))
        lai = np.where(group < 0, 0, lai).astype(np.float32)
        green = 1 - np.exp(-0.6 * lai)
        bright = 1 + 0.25 * noise(1.0)
        capacity = theta(330.0, soil) - theta(15000.0, soil)
        return {
            "bulk_density": ((1 - soil.theta_s) * 2.65 + noise(0.08)).astype(np.float32),
            "theta_r": (soil.theta_r + noise(0.01)).astype(np.float32),
            "theta_s": (soil.theta_s + noise(0.02)).astype(np.float32),
            "log10_vg_alpha": (np.log10(soil.vg_alpha_per_cm) + noise(0.1)).astype(np.float32),
            "vg_n": (1 + (soil.vg_n - 1) * np.exp(noise(0.08))).astype(np.float32),
            "log10_ks": (np.log10(soil.ks_cm_per_day) + noise(0.2)).astype(np.float32),
            "organic_matter": np.exp(0.7 + noise(0.5)),
            "available_water_storage": (50 * capacity * np.exp(noise(0.15))).astype(np.float32),
            "lai": lai, "ndvi": np.where(group < 0, -0.05, ndvi(lai) + noise(0.03)).astype(np.float32),
            "red": (0.20 - 0.16 * green) * bright, "green": (0.15 - 0.08 * green) * bright,
            "blue": (0.10 - 0.07 * green) * bright,
            "smap": self._smap(rng, where, label),
        }

    def _without(self, rng: Generator, x: Array) -> Array:
        """``x`` with groups of channels omitted at random, as in real regions."""
        for group, names in MISSING_GROUPS.items():
            absent = rng.random(len(x)) < self.missing.get(group, 0.0)
            for name in names:
                if name in self.channels:
                    x[absent, self.channels.index(name)] = self.fills[name]
        return x
