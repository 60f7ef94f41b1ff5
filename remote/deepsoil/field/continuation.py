"""What a simulated field does after its last day, from its state: a forecast, or "what if I irrigate?". Pure.

`FieldModel.run_to_end` gives the state, `look_ahead.look_ahead` what is to come (leaves, roots, demand and rain of
every member), `Ahead.given` adds irrigation, and `continue_from` simulates it. The first two are made once; the last
two are what a user's hand moves: a `Course` keeps the state of every day, so that only the days from the first changed
one on are simulated again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.field import uncertainty
from deepsoil.field.ensemble import Ensemble
from deepsoil.field.member_batch import Driving, MemberBatch
from deepsoil.field.root_zone import RootZoneWater, WaterOfColumns
from deepsoil.soil.column import SoilTables, soil_tables
from deepsoil.soil.column_state import ColumnState
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.irrigation import log_variants
from deepsoil.store.series import Days

Array = NDArray[np.float64]


@dataclass(frozen=True)
class FieldState:
    """A field at the end of ``day``: of each batch of members its columns, their state, and their curves as tables.

    z (E, P): the scores of the members; columns: of the field; depths_cm: at which θ is given.
    """

    day: np.datetime64
    depths_cm: tuple[float, ...]
    z: Array
    columns: int
    parts: tuple[tuple[MemberBatch, ColumnState, SoilTables], ...]

    @classmethod
    def of(cls, day: np.datetime64, depths_cm: tuple[float, ...], z: Array, columns: int,
           ends: Sequence[tuple[MemberBatch, ColumnState]]) -> FieldState:
        """With the tables made: they are what takes longest, and the same for every question."""
        parts = tuple((batch, state, soil_tables(batch.layered(), batch.settings)) for batch, state in ends)
        return cls(day, depths_cm, z, columns, parts)


@dataclass(frozen=True)
class Ahead:
    """The days after a state (T,): of every member the rows of its land, and irrigation (E, T) in mm/day.

    watered (N,): 1 for the columns that get the irrigation.
    """

    dates: Days
    driving: Driving
    watered: Array

    def since(self, day: int) -> Ahead:
        """Without the first ``day`` days."""
        days = np.arange(day, self.dates.size)
        return replace(self, dates=self.dates[days], driving=self.driving.on_days(days))

    def given(self, z: Array, irrigation_mm: Array) -> Ahead:
        """With other irrigation (T,) in mm, all over the field, as sure as that of a log is."""
        water = log_variants(np.asarray(irrigation_mm, np.float64), uncertainty.irrigation_scores(z)[:, 0]).T
        return replace(self, driving=replace(self.driving, irrigation=water), watered=np.ones_like(self.watered))


@dataclass(frozen=True)
class Course:
    """What follows a state: θ, the water of the root zone, and the state at the end of each day (T,)."""

    begin: FieldState
    ensemble: Ensemble
    water: RootZoneWater
    states: tuple[FieldState, ...]

    @classmethod
    def of(cls, begin: FieldState, ahead: Ahead) -> Course:
        """The whole of the days ahead. DeepSoilError ``bad_input`` where they do not follow."""
        ensemble, water, ends = _simulated(begin, ahead, range(ahead.dates.size))
        states = tuple(replace(begin, day=day, parts=tuple(
            (batch, kept[number], tables) for (batch, _, tables), kept in zip(begin.parts, ends, strict=True)))
            for number, day in enumerate(ahead.dates))
        return cls(begin, ensemble, water, states)

    def changed(self, ahead: Ahead, first: int) -> Course:
        """The course under what is ahead now, which differs from before from day number ``first`` on: bit for bit what
        the whole would give."""
        if first >= len(self.states):
            return self
        if first == 0:
            return Course.of(self.begin, ahead)
        rest = Course.of(self.states[first - 1], ahead.since(first))
        theta = np.concatenate([self.ensemble.theta[..., :first], rest.ensemble.theta], axis=-1)
        return Course(self.begin, replace(rest.ensemble, theta=theta, dates=ahead.dates),
                      self.water.until(first).then(rest.water), (*self.states[:first], *rest.states))


def continue_from(state: FieldState, ahead: Ahead) -> tuple[Ensemble, RootZoneWater]:
    """θ and the water of the root zone on the days that follow a state. It changes nothing.

    Raises DeepSoilError ``bad_input`` where the days do not follow.
    """
    ensemble, water, _ = _simulated(state, ahead, ())
    return ensemble, water


def _simulated(state: FieldState, ahead: Ahead, keep_days: Sequence[int],
               ) -> tuple[Ensemble, RootZoneWater, list[tuple[ColumnState, ...]]]:
    """As `continue_from`, and of each part of the state its columns at the end of these days."""
    if ahead.dates[0] != state.day + 1:
        raise DeepSoilError("bad_input", "The state is of {day}, and what is ahead begins on {first}.",
                            "Give the weather from the day after the state.", "ahead", day=state.day,
                            first=ahead.dates[0])
    members, days = len(state.z), ahead.dates.size
    kinds = ahead.driving.share.shape[0] // members
    theta = np.full((members, state.columns, len(state.depths_cm), days), np.nan, np.float32)
    water, ends = WaterOfColumns.empty(members, state.columns, days), []
    for batch, columns, tables in state.parts:
        rows = (batch.members[:, None] * kinds + np.arange(kinds)).reshape(-1)
        batch = replace(batch, watered=ahead.watered)
        profile = batch.settings.profile
        forcing = ahead.driving.forcing
        driving = Driving(Forcing(forcing.precipitation[rows], forcing.pet[rows], forcing.temperature[rows]),
                          ahead.driving.share[rows], ahead.driving.water[rows],
                          ahead.driving.irrigation[batch.members])
        result = batch.simulate(driving, (*state.depths_cm, *profile.nodes_cm), columns, keep_days, tables)
        ends.append(result.states)
        found = result.theta.reshape(len(batch.members), state.columns, -1, days)
        theta[batch.members] = found[:, :, :len(state.depths_cm)]
        water.add(batch.members, found[:, :, len(state.depths_cm):], batch.soils, batch.roots_cm, profile,
                  result.drainage, batch.irrigation(driving))
    return Ensemble(theta, state.depths_cm, ahead.dates, state.z, np.full(members, 1.0 / members)), water.result(), ends
