"""Simulates the distinct columns of a field for draws of what is not known: a `ColumnModel`. Reads nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Irrigation
from deepsoil.contract.measured_soil import SoilLayer
from deepsoil.field import uncertainty
from deepsoil.field.checkpoints import NoStates, States, looked_for, to_keep
from deepsoil.field.continuation import FieldState
from deepsoil.field.ensemble import Ensemble
from deepsoil.field.ground import Columns
from deepsoil.field.land import Crop, Land, land_of, water_given
from deepsoil.field.measured_soil import measured_soils
from deepsoil.field.member_batch import Driving, MemberBatch, Told, member_batches, settings_over
from deepsoil.field.root_zone import RootZoneWater, WaterOfColumns
from deepsoil.soil.column import ColumnResult
from deepsoil.soil.column_settings import LAND_SETTINGS, ColumnSettings
from deepsoil.soil.column_state import ColumnState
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.retention import VanGenuchten
from deepsoil.store.series import Days

Array = NDArray[np.float64]

SPINUP_DAYS = 365
_LEAST_HISTORY_DAYS = 30
LEAST_SHARE = 0.5
"""Of the members of a column that must be simulated; with fewer, neither their mean nor their spread means anything."""

Step = Callable[[int, int], None]
"""(columns done, columns in all); what it raises stops the simulation."""


def no_step(done: int, total: int) -> None:
    """Nobody waits."""



@dataclass(frozen=True)
class FieldModel:
    """The columns of one field, their weather, and what the user knows of the field's water and soil.

    dates (T,) of ``forcing`` (P, T), the weather at the places of ``columns``; results begin on ``first``. ``seen``
    (N, T): leaf area where it was seen. The column of every pixel is in `ground`. ``states``: where a run finds the
    state to go on from, and leaves its own. ``usual_days``: so many days from the first say what is usual there, so
    that what plants do does not depend on how long the period is; all days where it is None. ``soil``: what was
    measured, by layer. ``said_roots_cm``: depth of the roots that the user names. ``wanted`` (n,): numbers of the
    columns that are simulated, None for all; they are what they are among all, and go on from a state of all.
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
    on_step: Step = field(default=no_step)
    states: States = field(default_factory=NoStates)
    usual_days: int | None = None
    soil: tuple[SoilLayer, ...] = ()
    said_roots_cm: float | None = None
    wanted: NDArray[np.int64] | None = None
    _simulated: list[int] = field(default_factory=lambda: [0], init=False, repr=False, compare=False)

    @property
    def parameters(self) -> tuple[str, ...]:
        """(P,) what each score stands for."""
        return uncertainty.PARAMETERS

    @property
    def column_days(self) -> int:
        """Days simulated of all columns of all members by the last run."""
        return self._simulated[0]

    @property
    def numbers(self) -> NDArray[np.int64]:
        """(n,) of the columns that are simulated."""
        return np.arange(len(self.columns)) if self.wanted is None else self.wanted

    @property
    def count(self) -> int:
        """Of the columns that are simulated."""
        return len(self.numbers)

    def run(self, z: Array) -> Ensemble:
        """The ensemble for scores (E, P), with equal weights. DeepSoilError ``ensemble_failed``."""
        return self._simulate(z, None)

    def run_with_water(self, z: Array) -> tuple[Ensemble, RootZoneWater]:
        """As `run`, and the water of the root zone."""
        water = WaterOfColumns.empty(len(z), self.count, len(self.dates) - self._skipped)
        ensemble = self._simulate(z, water)
        return ensemble, water.result()

    def run_to_end(self, z: Array) -> tuple[Ensemble, RootZoneWater, FieldState]:
        """As `run_with_water`, and the state at the end of the last day."""
        water = WaterOfColumns.empty(len(z), self.count, len(self.dates) - self._skipped)
        ends: list[tuple[MemberBatch, ColumnState]] = []
        ensemble = self._simulate(z, water, ends)
        return ensemble, water.result(), FieldState.of(self.dates[-1], self.depths_cm, z, self.count, ends)

    def land(self, dates: Days | None = None, forcing: Forcing | None = None) -> Land:
        """What grows on the columns, on the days of the model or on others under their weather."""
        return land_of(self.columns, self.dates if dates is None else dates,
                       self.forcing if forcing is None else forcing, self.crop, self.seen, self.usual_days,
                       self.said_roots_cm)

    @property
    def _skipped(self) -> int:
        """Days before the first that is asked for."""
        return int((self.first - self.dates[0]).astype(int))

    def _soils(self, z: Array) -> VanGenuchten:
        """(E, N) for draws (E, P); (E, N, nodes) where the soil was measured."""
        if self.soil:
            return measured_soils(self.soil, self.columns.textures, z, self.settings.profile)
        return uncertainty.soils(self.columns.textures, z)

    def _simulate(self, z: Array, water: WaterOfColumns | None,
                  ends: list[tuple[MemberBatch, ColumnState]] | None = None) -> Ensemble:
        """The ensemble; ``water`` and ``ends``, where they are given, get what their names say."""
        members, count, skipped = len(z), self.count, self._skipped
        depths = self.depths_cm if water is None else (*self.depths_cm, *self.settings.profile.nodes_cm)
        theta = np.full((members, count, len(self.depths_cm), len(self.dates) - skipped), np.nan, np.float32)
        self.on_step(0, members * count)
        done, self._simulated[0] = 0, 0
        for batch, driving in self._batches(z):
            some = batch.members
            batch, result, recorded = self._continued(batch, driving, depths, _after(self.on_step, done,
                                                                                     members * count))
            if ends is not None:
                ends.append((batch, result.states[-1]))
            found = result.theta[..., recorded:].reshape(len(some), count, len(depths), -1)
            theta[some] = found[:, :, :len(self.depths_cm)]
            if water is not None:
                water.add(some, found[:, :, len(self.depths_cm):], batch.soils, batch.roots_cm, self.settings.profile,
                          result.drainage[:, recorded:], batch.irrigation(driving)[:, self.spinup_days + skipped:])
            done += len(batch.row)
            self.on_step(done, members * count)
        refuse_failed(theta)
        return Ensemble(theta, self.depths_cm, self.dates[skipped:], z, np.full(members, 1.0 / members))

    def name(self, z: Array) -> str:
        """Of all that decides what a run for scores (E, P) gives: the same if, and only if, that is."""
        last = np.array([self.spinup_days + len(self.dates) - 1])
        names = [batch.names(driving, last)[int(last[0])] for batch, driving in self._batches(z)]
        return " ".join([*names, str(self.first), str(self.depths_cm), str(self.wanted)])

    def _batches(self, z: Array) -> Iterator[tuple[MemberBatch, Driving]]:
        """All columns of some members for scores (E, P) after the other, and what drives them, spin-up included."""
        count, land, soils = len(self.columns), self.land(), self._soils(z)
        best = self._soils(np.zeros((1, len(self.parameters))))[0]
        given, watered = water_given(self.irrigation, self.columns, land, z, best, self.crop, self.usual_days)
        days = _spun_up(self._skipped, len(self.dates), self.spinup_days)
        for bottom, some in member_batches(z, count):
            of_land = land.of_members(z[some])
            row = (np.arange(len(some))[:, None] * len(land.plants) + land.unit).reshape(-1)
            batch = MemberBatch(
                some, bottom,
                VanGenuchten(*(values[some].reshape(-1, *values.shape[2:]) for values in soils.arrays())),
                of_land.roots_cm[row] * np.repeat(uncertainty.root_factor(z[some]), count), row, watered,
                settings_over(self.settings, bottom))
            yield batch, Driving.of(of_land, given[some]).on_days(days)

    def _continued(self, batch: MemberBatch, driving: Driving, depths: tuple[float, ...], told: Told,
                   ) -> tuple[MemberBatch, ColumnResult, int]:
        """The columns that are wanted, their result from the last state that is kept, and the day in it from which
        results are wanted. Its last state is that of the last day."""
        skipped, before = self._skipped, self.spinup_days
        keep = to_keep(self.dates, skipped)
        candidates = looked_for(self.dates, skipped)
        positions = before + np.union1d(keep, candidates)
        begin, state, batch, names = self._last_state(batch, driving, before + candidates[::-1], positions)
        end = before + len(self.dates) - 1
        kept = [position for position in (before + keep).tolist() if position >= begin]
        at = kept if end in kept else [*kept, end]
        result = batch.simulate(driving.on_days(np.arange(begin, end + 1)), depths, state,
                                [position - begin for position in at], told=told)
        self._simulated[0] += len(batch.row) * (end + 1 - begin)
        self.states.save({names[position]: one for position, one in zip(at, result.states, strict=True)
                          if position in names})
        return batch, result, before + skipped - begin

    def _last_state(self, batch: MemberBatch, driving: Driving, candidates: NDArray[np.int64],
                    positions: NDArray[np.int64]) -> tuple[int, ColumnState | None, MemberBatch, dict[int, str]]:
        """The position after the last of the ``candidates``, descending, of which a state is kept, and the state; the
        columns that are wanted of a batch; the names of their states at ``positions``.

        A state of all columns will do for some of them.
        """
        values = ColumnState.values_of(len(self.settings.profile.nodes_cm))
        everything = batch.names(driving, positions)
        some = batch if self.wanted is None else batch.select(self.wanted)
        names = everything if self.wanted is None else some.names(driving, positions)
        for position in candidates.tolist():
            if (state := self.states.load(names[position], len(some.row), values)) is not None:
                return position + 1, state, some, names
            if self.wanted is not None and \
                    (state := self.states.load(everything[position], len(batch.row), values)) is not None:
                return position + 1, state.select(batch.rows_of(self.wanted)), some, names
        return 0, None, some, names


def _after(step: Step, done: int, total: int) -> Told:
    """What tells the columns of a batch after ``done`` others."""
    return lambda more: step(done + more, total)


def _spun_up(before: int, days: int, spinup: int) -> NDArray[np.int64]:
    """Day numbers of a run: the year before the first recorded day, repeated, then all days.

    Only days before the first recorded one are repeated: what comes later must not be felt earlier. Where there are
    less than a month of them, the first year is.
    """
    repeated = min(before, 365) if before >= _LEAST_HISTORY_DAYS else min(days, 365)
    return np.concatenate([np.arange(-spinup, 0) % repeated, np.arange(days)])


def failed_share(ensemble: Ensemble) -> float:
    """Of all columns of all members, those that could not be simulated to the end."""
    return float(np.isnan(ensemble.theta[:, :, 0, -1]).mean()) if ensemble.theta.size else 0.0


def refuse_failed(theta: NDArray[np.float32]) -> None:
    """DeepSoilError ``ensemble_failed`` where a column of θ (E, N, D, T) has too few members to the end."""
    if not theta.size:
        return
    lost = np.isnan(theta[:, :, 0, -1]).mean(axis=0)
    if lost.max() > 1 - LEAST_SHARE:
        raise DeepSoilError("ensemble_failed", "The simulation failed: {share:.0%} of the draws of a soil column did "
                            "not converge, so neither a mean nor an interval can be given.", "Look at the texture and "
                            "the weather of the region there, or make the map with the networks.", "area",
                            share=float(lost.max()))
