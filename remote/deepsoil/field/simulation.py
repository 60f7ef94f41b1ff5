"""Simulates the distinct columns of a field for draws of what is not known: a `ColumnModel`. Reads nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Irrigation
from deepsoil.field import uncertainty
from deepsoil.field.ensemble import Ensemble
from deepsoil.field.ground import Columns
from deepsoil.field.land import Crop, land_of, water_given
from deepsoil.field.root_zone import RootZoneWater, WaterOfColumns
from deepsoil.soil.column import simulate_columns
from deepsoil.soil.column_settings import LAND_SETTINGS, ColumnSettings
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.retention import VanGenuchten
from deepsoil.store.series import Days

Array = NDArray[np.float64]

SPINUP_DAYS = 365
_LEAST_HISTORY_DAYS = 30
BATCH_COLUMNS = 512
"""Columns between two checks for a cancel: a few seconds of work."""

LEAST_SHARE = 0.5
"""Of the members of a column that must be simulated; with fewer, neither their mean nor their spread means anything."""

Step = Callable[[int, int], None]
"""(columns done, columns in all); what it raises stops the simulation."""


@dataclass(frozen=True)
class FieldModel:
    """The columns of one field, their weather, and what the user knows of the field's water.

    dates (T,) of ``forcing`` (P, T), the weather at the places of ``columns``; results begin on ``first``. ``seen``
    (N, T): leaf area where it was seen. The column of every pixel is in `ground`.
    """

    columns: Columns
    dates: Days
    forcing: Forcing
    depths_cm: tuple[float, ...]
    first: np.datetime64
    irrigation: Irrigation | None = None
    crop: Crop | None = None
    seen: Array | None = None
    settings: ColumnSettings = LAND_SETTINGS
    spinup_days: int = SPINUP_DAYS
    on_step: Step = field(default=lambda done, total: None)

    @property
    def parameters(self) -> tuple[str, ...]:
        """(P,) what each score stands for."""
        return uncertainty.PARAMETERS

    @property
    def days(self) -> int:
        """Simulated for each column of each member."""
        return self.spinup_days + len(self.dates)

    def run(self, z: Array) -> Ensemble:
        """The ensemble for scores (E, P), with equal weights. DeepSoilError ``ensemble_failed``."""
        return self._simulate(z, None)

    def run_with_water(self, z: Array) -> tuple[Ensemble, RootZoneWater]:
        """As `run`, and the water of the root zone."""
        skipped = self._skipped
        water = WaterOfColumns.empty(len(z), len(self.columns), len(self.dates) - skipped)
        ensemble = self._simulate(z, water)
        return ensemble, water.result()

    @property
    def _skipped(self) -> int:
        """Days before the first that is asked for."""
        return int((self.first - self.dates[0]).astype(int))

    def _simulate(self, z: Array, water: WaterOfColumns | None) -> Ensemble:
        members, count, skipped = len(z), len(self.columns), self._skipped
        land = land_of(self.columns, self.dates, self.forcing, self.crop, self.seen)
        given, watered = water_given(self.irrigation, self.columns, land, z, self.crop)
        days = _spun_up(skipped, len(self.dates), self.spinup_days)
        recorded = len(days) - (len(self.dates) - skipped)
        soils = uncertainty.soils(self.columns.textures, z)
        depths = self.depths_cm if water is None else (*self.depths_cm, *self.settings.profile.nodes_cm)
        theta = np.full((members, count, len(self.depths_cm), len(self.dates) - skipped), np.nan, np.float32)
        self.on_step(0, members * count)
        done = 0
        for bottom, some in _batches(uncertainty.bottoms(z), count):
            of_land = land.of_members(z[some])
            irrigation = (given[some][:, None] * watered[:, None]).reshape(-1, len(self.dates))
            row = (np.arange(len(some))[:, None] * len(land.plants) + land.unit).reshape(-1)
            roots_cm = of_land.roots_cm[row] * np.repeat(uncertainty.root_factor(z[some]), count)
            params = VanGenuchten(*(values[some].reshape(-1) for values in soils.arrays()))
            result = simulate_columns(
                _layered(params, bottom, self.settings), of_land.forcing.on_days(days), row,
                transpiration_fraction=of_land.share[row][:, days],
                irrigation=(of_land.water[row] + irrigation)[:, days], root_depth_cm=roots_cm, depths_cm=depths,
                spinup_days=0, settings=_settings(self.settings, bottom))
            # if a column fails midway, its earlier days are not trusted either
            found = np.where(result.failed[:, None, None], np.float32(np.nan), result.theta[..., recorded:])
            found = found.reshape(len(some), count, len(depths), -1)
            theta[some] = found[:, :, :len(self.depths_cm)]
            if water is not None:
                water.add(some, found[:, :, len(self.depths_cm):], params, roots_cm, self.settings.profile,
                          result.drainage[:, recorded:], irrigation[:, skipped:])
            done += len(row)
            self.on_step(done, members * count)
        _refuse_failed(theta)
        return Ensemble(theta, self.depths_cm, self.dates[skipped:], z, np.full(members, 1.0 / members))


def _spun_up(before: int, days: int, spinup: int) -> NDArray[np.int64]:
    """Day numbers of a run: the year before the first recorded day, repeated, then all days.

    Only days before the first recorded one are repeated: what comes later must not be felt earlier. Where there are
    less than a month of them, the first year is.
    """
    repeated = min(before, 365) if before >= _LEAST_HISTORY_DAYS else min(days, 365)
    return np.concatenate([np.arange(-spinup, 0) % repeated, np.arange(days)])


def _batches(bottoms: list[uncertainty.Bottom], count: int) -> Iterator[tuple[uncertainty.Bottom, NDArray[np.int64]]]:
    """Members with the same lower boundary, as many as make `BATCH_COLUMNS` columns."""
    size = max(1, BATCH_COLUMNS // max(count, 1))
    for kind in dict.fromkeys(bottoms):
        members = np.flatnonzero([bottom == kind for bottom in bottoms])
        for start in range(0, len(members), size):
            yield kind, members[start:start + size]


def _settings(settings: ColumnSettings, bottom: uncertainty.Bottom) -> ColumnSettings:
    return replace(settings, bottom="potential", bottom_suction_cm=0.0) if bottom == "water_table" else settings


def _layered(soils: VanGenuchten, bottom: uncertainty.Bottom, settings: ColumnSettings) -> VanGenuchten:
    """Soils (n,), or (n, nodes) where a layer below conducts less."""
    if bottom != "impeding":
        return soils
    deep = settings.profile.nodes_cm >= uncertainty.IMPEDED_BELOW_CM
    factor = np.where(deep, uncertainty.IMPEDED_FACTOR, 1.0)
    layers = VanGenuchten(*(np.repeat(values[:, None], len(deep), axis=1) for values in soils.arrays()))
    return replace(layers, ks_cm_per_day=layers.ks_cm_per_day * factor, k0_cm_per_day=layers.k0_cm_per_day * factor)


def failed_share(ensemble: Ensemble) -> float:
    """Of all columns of all members, those that could not be simulated."""
    return float(np.isnan(ensemble.theta[:, :, 0, 0]).mean()) if ensemble.theta.size else 0.0


def _refuse_failed(theta: NDArray[np.float32]) -> None:
    if not theta.size:
        return
    lost = np.isnan(theta[:, :, 0, 0]).mean(axis=0)
    if lost.max() > 1 - LEAST_SHARE:
        raise DeepSoilError("ensemble_failed", "The simulation failed: {share:.0%} of the draws of a soil column did "
                            "not converge, so neither a mean nor an interval can be given.", "Look at the texture and "
                            "the weather of the region there, or make the map with the networks.", "area",
                            share=float(lost.max()))
