"""Some members of a field's ensemble with one lower boundary, as the solver takes them. Pure.

Columns are in the order of the members, then of the field's columns; weather rows in the order of the members, then of
the kinds of land.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deepsoil.field import uncertainty
from deepsoil.soil.column import ColumnResult, SoilTables, simulate_columns
from deepsoil.soil.column_settings import ColumnSettings
from deepsoil.soil.column_state import ColumnState
from deepsoil.soil.compiled import source_stamp
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.land import LandForcing
from deepsoil.soil.retention import VanGenuchten

Array = NDArray[np.float64]

BATCH_COLUMNS = 512
"""Whose state is one file, and whose weather is in memory together."""

TOLD_COLUMNS = 128
"""Columns between two reports, at which a run can be stopped: about a second of work."""

Told = Callable[[int], None]
"""(columns done of a batch); what it raises stops the simulation."""


@dataclass(frozen=True)
class Driving:
    """What drives e members day by day: the rows (R, T) of `LandForcing`, and irrigation (e, T) in mm/day."""

    forcing: Forcing
    share: Array
    water: Array
    irrigation: Array

    @classmethod
    def of(cls, land: LandForcing, irrigation: Array) -> Driving:
        return cls(land.forcing, land.share, land.water, irrigation)

    def on_days(self, days: NDArray[np.int64]) -> Driving:
        """The days with these numbers, in that order."""
        return Driving(self.forcing.on_days(days), self.share[:, days], self.water[:, days], self.irrigation[:, days])

    def content(self, days: slice) -> Iterator[bytes]:
        """All values of some days."""
        for values in (self.forcing.precipitation, self.forcing.pet, self.forcing.temperature, self.share, self.water,
                       self.irrigation):
            yield values[:, days].tobytes()


@dataclass(frozen=True)
class MemberBatch:
    """members (e,) of the ensemble with the lower boundary ``bottom``; the columns that get irrigation, watered (N,).

    soils (e * N,) or (e * N, nodes), without the layer that impedes; roots_cm (e * N,); row (e * N,) of each column in
    the weather.
    """

    members: NDArray[np.int64]
    bottom: uncertainty.Bottom
    soils: VanGenuchten
    roots_cm: Array
    row: NDArray[np.int64]
    watered: Array
    settings: ColumnSettings

    def layered(self) -> VanGenuchten:
        """Soils as they are, or (e * N, nodes) where a layer below conducts less."""
        if self.bottom != "impeding":
            return self.soils
        deep = self.settings.profile.nodes_cm >= uncertainty.IMPEDED_BELOW_CM
        factor = np.where(deep, uncertainty.IMPEDED_FACTOR, 1.0)
        of_nodes = self.soils[:, None] if len(self.soils.shape) == 1 else self.soils
        layers = VanGenuchten(*(np.broadcast_to(values, (len(self.soils), len(deep))) for values in of_nodes.arrays()))
        return replace(layers, ks_cm_per_day=layers.ks_cm_per_day * factor,
                       k0_cm_per_day=layers.k0_cm_per_day * factor)

    def irrigation(self, driving: Driving) -> Array:
        """(e * N, T) mm/day that a person gives."""
        return (driving.irrigation[:, None] * self.watered[:, None]).reshape(-1, driving.irrigation.shape[1])

    def simulate(self, driving: Driving, depths_cm: tuple[float, ...], state: ColumnState | None = None,
                 keep_days: Sequence[int] = (), tables: SoilTables | None = None,
                 told: Told = lambda done: None) -> ColumnResult:
        """The days of ``driving``, from a state or from nothing; arguments as of `simulate_columns`."""
        return simulate_columns(
            self.layered(), driving.forcing, self.row, transpiration_fraction=driving.share[self.row],
            irrigation=driving.water[self.row] + self.irrigation(driving), root_depth_cm=self.roots_cm,
            depths_cm=depths_cm, spinup_days=0, settings=self.settings, state=state, keep_days=keep_days,
            tables=tables, on_progress=lambda done, total: told(done), block_columns=TOLD_COLUMNS)

    def select(self, some: NDArray[np.int64]) -> MemberBatch:
        """With some (n,) of the field's columns."""
        rows = self.rows_of(some)
        soils = VanGenuchten(*(values[rows] for values in self.soils.arrays()))
        return replace(self, soils=soils, roots_cm=self.roots_cm[rows], row=self.row[rows], watered=self.watered[some])

    def rows_of(self, some: NDArray[np.int64]) -> NDArray[np.int64]:
        """(e * n,) where some (n,) of the field's columns are among those of all members."""
        return (np.arange(len(self.members))[:, None] * len(self.watered) + some).reshape(-1)

    def content(self) -> Iterator[bytes]:
        """All that decides what a day's weather does to the columns, the solver itself included."""
        yield f"{source_stamp()} {self.bottom} {self.settings}".encode()
        yield self.settings.profile.grid().tobytes()
        for values in (*self.soils.arrays(), self.roots_cm, self.row, self.watered):
            yield np.ascontiguousarray(values).tobytes()

    def names(self, driving: Driving, positions: NDArray[np.int64]) -> dict[int, str]:
        """A name for the state at the end of each position, ascending, of the days of ``driving``.

        It is the same if, and only if, everything up to that day is: the state that has the name is the state.
        """
        digest = hashlib.blake2b(digest_size=20)
        for part in self.content():
            digest.update(part)
        names, begin = {}, 0
        for position in positions.tolist():
            for part in driving.content(slice(begin, position + 1)):
                digest.update(part)
            names[position], begin = digest.hexdigest(), position + 1
        return names


def member_batches(z: Array, count: int) -> Iterator[tuple[uncertainty.Bottom, NDArray[np.int64]]]:
    """Members of draws z (E, P) with the same lower boundary, as many as make `BATCH_COLUMNS` of ``count`` each."""
    bottoms = uncertainty.bottoms(z)
    size = max(1, BATCH_COLUMNS // max(count, 1))
    for kind in dict.fromkeys(bottoms):
        members = np.flatnonzero([bottom == kind for bottom in bottoms])
        for start in range(0, len(members), size):
            yield kind, members[start:start + size]


def settings_over(settings: ColumnSettings, bottom: uncertainty.Bottom) -> ColumnSettings:
    """The settings of columns with a lower boundary."""
    return replace(settings, bottom="potential", bottom_suction_cm=0.0) if bottom == "water_table" else settings
