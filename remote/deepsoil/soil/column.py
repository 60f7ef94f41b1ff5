"""Soil columns: water content at depth from weather and soil, by the Richards equation (paper §3.5).

This is the public interface of the simulator. It checks and arranges the input, and leaves the computation to `batch`,
`integrate` and `solver`. A column's result depends only on its own soil and weather: neither on its
neighbours in the batch nor on their order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import simulated_depths_cm
from deepsoil.soil import batch
from deepsoil.soil.column_settings import DEFAULT_SETTINGS, ColumnSettings
from deepsoil.soil.column_state import ColumnState
from deepsoil.soil.forcing import Forcing, snow_store, spinup_days
from deepsoil.soil.hydraulic_tables import build_tables, to_u
from deepsoil.soil.periods import BOTTOM_KINDS
from deepsoil.soil.retention import VanGenuchten

Array = NDArray[np.float64]

BLOCK_COLUMNS = 2048  # columns between two progress reports; bounds the memory of the tables


@dataclass(frozen=True)
class ColumnResult:
    """Daily results of N columns over T days.

    theta (N, depths, T) m³/m³; drainage, runoff, evaporation, transpiration (N, T) mm/day; snow (F, T) mm of water on
    the ground; mass_error_cm (N,): storage change minus net inflow over the whole run, spin-up included; failed (N,):
    no convergence, or no soil (missing, or outside `VanGenuchten.is_valid`), NaN from then on; iterations, steps (N,).
    states: at the end of each day that was to be kept.
    """

    theta: NDArray[np.float32]
    drainage: NDArray[np.float32]
    runoff: NDArray[np.float32]
    evaporation: NDArray[np.float32]
    transpiration: NDArray[np.float32]
    snow: Array
    mass_error_cm: Array
    failed: NDArray[np.bool_]
    iterations: NDArray[np.int64]
    steps: NDArray[np.int64]
    states: tuple[ColumnState, ...] = ()


def simulate_columns(
    params: VanGenuchten,
    forcing: Forcing,
    forcing_index: NDArray[np.integer],
    *,
    transpiration_fraction: Array | None = None,
    irrigation: Array | None = None,
    root_depth_cm: Array | float = 40.0,
    depths_cm: tuple[float, ...] | None = None,
    spinup_days: int = 365,
    settings: ColumnSettings = DEFAULT_SETTINGS,
    on_progress: Callable[[int, int], None] | None = None,
    state: ColumnState | None = None,
    keep_days: Sequence[int] = (),
    tables: SoilTables | None = None,
    block_columns: int = BLOCK_COLUMNS,
) -> ColumnResult:
    """Simulate N columns.

    params: soils (N,), or (N, nodes) for layered columns. forcing_index (N,): the row of `forcing` of each column.
    transpiration_fraction (N, T): share of PET taken by roots, 0-1 (None: fallow); the rest is evaporation demand.
    irrigation (F, T) by weather row or (N, T) by column, mm/day, added to the rain. on_progress(done, total)
    is called between blocks of ``block_columns``; an exception it raises stops the run. depths_cm: of theta; all
    depths of ``deepsoil.depths`` if omitted.

    state: of the columns at the end of the day before the first, from an earlier run of the same soils and settings:
    a run that is continued gives bit for bit what it gives in one. keep_days: ascending day numbers (0 to T - 1) whose
    states the result shall have. tables: of `soil_tables`, for who runs the same soils again and again.
    """
    n, nodes = params.shape[0], len(settings.profile.nodes_cm)
    index = np.asarray(forcing_index, np.int64)
    if index.shape != (n,) or (n and not 0 <= index.min() <= index.max() < forcing.places):
        raise DeepSoilError(
            "bad_input",
            "forcing_index must name one of the {places} weather series for each of the {n} columns.",
            "",
            "forcing_index",
            places=forcing.places, n=n)
    soils, layers = (tables.soils, tables.layers) if tables is not None else _distinct_soils(params, nodes)
    plan = _Plan(forcing, index, transpiration_fraction, irrigation, root_depth_cm,
                 depths_cm or simulated_depths_cm(), spinup_days, settings, state, keep_days)
    result = _empty_result(n, len(plan.depth_weights), forcing.days, plan.snow, plan.kept_states(n))
    bad_soil = ~VanGenuchten(*soils.T).is_valid()
    good = ~np.asarray(bad_soil[layers].any(axis=1))
    if state is not None:
        good &= state.is_valid()
    result.failed[~good] = True
    # adjacent columns of one soil share its table in the cache; the results do not change
    order = np.lexsort((index, layers[:, 0]))
    order = order[good[order]]
    done = int((~good).sum())
    for start in range(0, len(order), block_columns):
        block = order[start : start + block_columns]
        plan.run(block, soils, layers, result, None if tables is None else tables.values)
        done += len(block)
        if on_progress is not None:
            on_progress(done, n)
    return result


@dataclass(frozen=True)
class SoilTables:
    """The curves of N columns, ready for the solver: distinct soils (M, 7), the soil of every node (N, nodes), tables.
    """

    soils: Array
    layers: NDArray[np.int64]
    values: Array


def soil_tables(params: VanGenuchten, settings: ColumnSettings) -> SoilTables:
    """Of soils (N,) or (N, nodes), for runs with these settings."""
    soils, layers = _distinct_soils(params, len(settings.profile.nodes_cm))
    return SoilTables(soils, layers, build_tables(settings.curves(VanGenuchten(*soils.T))))


def _distinct_soils(params: VanGenuchten, nodes: int) -> tuple[Array, NDArray[np.int64]]:
    """Distinct soils (M, 7) and the soil of every node (N, nodes)."""
    rows = params.stacked()
    if rows.ndim == 2:
        soils, inverse = np.unique(rows, axis=0, return_inverse=True)
        return soils, np.repeat(inverse.reshape(-1, 1), nodes, axis=1)
    if rows.shape[1] != nodes:
        raise DeepSoilError(
            "bad_input", "Layered soils have {shape} layers, the column has {nodes}.", "", "params",
            shape=rows.shape[1], nodes=nodes)
    soils, inverse = np.unique(rows.reshape(-1, rows.shape[-1]), axis=0, return_inverse=True)
    return soils, inverse.reshape(rows.shape[:2])


def _empty_result(n: int, depths: int, days: int, snow: Array, states: tuple[ColumnState, ...]) -> ColumnResult:
    def series() -> NDArray[np.float32]:
        return np.full((n, days), np.nan, np.float32)

    return ColumnResult(
        theta=np.full((n, depths, days), np.nan, np.float32),
        drainage=series(),
        runoff=series(),
        evaporation=series(),
        transpiration=series(),
        snow=snow,
        mass_error_cm=np.full(n, np.nan),
        failed=np.zeros(n, np.bool_),
        iterations=np.zeros(n, np.int64),
        steps=np.zeros(n, np.int64),
        states=states,
    )


def _rows(
    values: Array | None, index: NDArray[np.int64], days: int, places: int, name: str, largest: float
) -> tuple[Array, bool]:
    """An optional daily input as (rows, T), and whether its rows are columns (else weather series)."""
    if values is None:
        return np.zeros((places, days)), False
    array = np.asarray(values, np.float64)
    if array.ndim != 2 or array.shape[1] != days or array.shape[0] not in (len(index), places):
        raise DeepSoilError(
            "bad_input",
            "{name} has the shape {shape}; one row per column ({count}) or per weather series ({places})"
            " and {days} days are needed.",
            "",
            name,
            name=name, shape=array.shape, count=len(index), places=places, days=days)
    if not ((array >= 0.0) & (array <= largest)).all():
        raise DeepSoilError(
            "bad_input", "{name} has values that are missing, negative or above {largest:g}.", "Use 0 for none.", name,
            name=name, largest=largest)
    return array, array.shape[0] == len(index)


class _Plan:
    """The input of a run, checked and arranged for the kernel."""

    def __init__(
        self,
        forcing: Forcing,
        index: NDArray[np.int64],
        transpiration_fraction: Array | None,
        irrigation: Array | None,
        root_depth_cm: Array | float,
        depths_cm: tuple[float, ...],
        spinup: int,
        settings: ColumnSettings,
        state: ColumnState | None,
        keep_days: Sequence[int],
    ) -> None:
        self.settings, self.index, self.state = settings, index, state
        if spinup < 0 or (spinup and state is not None):
            raise DeepSoilError("bad_option", "spinup_days must not be negative, and 0 where a run is continued.", "",
                                "spinup_days")
        self.keep = np.asarray(keep_days, np.int64)
        roots = np.asarray(root_depth_cm, np.float64)
        if not (roots > 0.0).all():
            raise DeepSoilError("bad_input", "root_depth_cm must be positive.", "", "root_depth_cm")
        self.source_days = spinup_days(forcing.days, spinup)
        self.warmup = spinup
        driving = forcing.on_days(self.source_days)
        if settings.snow:
            snow = snow_store(driving, held=self._snow_before(forcing.places))
            liquid, on_ground = snow.liquid, snow.store
        else:
            liquid, on_ground = driving.precipitation, np.zeros_like(driving.precipitation)
        self.snow = on_ground[:, spinup:]
        # fancy indexing may change the memory layout, and every other layout needs another compilation of the kernel
        self.rain_cm = np.ascontiguousarray(liquid / 10.0)
        self.pet_cm = np.ascontiguousarray(np.where(on_ground > 0.0, 0.0, driving.pet) / 10.0)
        water, self.irrigated_columns = _rows(irrigation, index, forcing.days, forcing.places, "irrigation", 2000.0)
        self.irrigation_cm = np.ascontiguousarray(water[:, self.source_days] / 10.0)
        share, self.share_columns = _rows(
            transpiration_fraction, index, forcing.days, forcing.places, "transpiration_fraction", 1.0
        )
        self.share = np.ascontiguousarray(share[:, self.source_days])
        self.roots = settings.profile.root_shares(np.broadcast_to(roots, index.shape))
        self.depth_weights = np.ascontiguousarray(settings.profile.interpolation(depths_cm))

    def _snow_before(self, places: int) -> Array:
        """Snow (F,) in mm on the ground before the first day."""
        held = np.zeros(places)
        if self.state is not None:
            held[self.index] = self.state.snow_mm
        return held

    def kept_states(self, count: int) -> tuple[ColumnState, ...]:
        """Of N columns at the end of each day to keep, still without their water."""
        values = ColumnState.values_of(len(self.settings.profile.nodes_cm))
        return tuple(ColumnState(np.full((count, values), np.nan), self.snow[self.index, day]) for day in self.keep)

    def _begin(self, block: NDArray[np.int64]) -> Array:
        nodes = len(self.settings.profile.nodes_cm)
        if self.state is not None:
            return np.ascontiguousarray(self.state.values[block])
        begin = np.zeros((len(block), ColumnState.values_of(nodes)))
        begin[:, :nodes] = float(to_u(self.settings.initial_suction_cm))
        return begin

    def run(self, block: NDArray[np.int64], soils: Array, layers: NDArray[np.int64], result: ColumnResult,
            tables: Array | None = None) -> None:
        """Simulate the columns `block` and store their results. tables: of all soils, where they are there."""
        settings, profile = self.settings, self.settings.profile
        local = layers[block]
        if tables is None:
            used, local = np.unique(local, return_inverse=True)
            tables = build_tables(settings.curves(VanGenuchten(*soils[used].T)))
        columns, days, nodes = len(block), len(self.source_days), len(profile.nodes_cm)
        kept = np.full((columns, self.keep.size, ColumnState.values_of(nodes)), np.nan)
        recorded = days - self.warmup
        theta = np.full((columns, len(self.depth_weights), recorded), np.nan, np.float32)
        fluxes = np.full((columns, 4, recorded), np.nan, np.float32)
        mass_error, failed = np.full(columns, np.nan), np.zeros(columns, np.bool_)
        counts = np.zeros((columns, 2), np.int64)
        weather = self.index[block]
        batch.run_columns(
            tables,
            np.ascontiguousarray(local.reshape(columns, nodes)),
            profile.grid(),
            self._begin(block),
            self.state is None,
            to_u(np.array([0.0, settings.surface_dry_cm])),
            float(to_u(settings.bottom_suction_cm)),
            BOTTOM_KINDS[settings.bottom],
            settings.root_stress == "logarithmic",
            np.arange(days),
            self.warmup,
            self.keep + self.warmup,
            kept,
            settings.segments(),
            self.rain_cm,
            weather,
            self.irrigation_cm,
            block if self.irrigated_columns else weather,
            self.pet_cm,
            weather,
            self.share,
            block if self.share_columns else weather,
            np.ascontiguousarray(self.roots[block]),
            settings.control(),
            self.depth_weights,
            settings.theta == "mean",
            theta,
            fluxes,
            mass_error,
            failed,
            counts,
        )
        result.theta[block] = theta
        for number, one in enumerate(result.states):
            one.values[block] = kept[:, number]
        for name, row in (
            ("drainage", batch.DRAINAGE),
            ("runoff", batch.RUNOFF),
            ("evaporation", batch.EVAPORATION),
            ("transpiration", batch.UPTAKE),
        ):
            getattr(result, name)[block] = fluxes[:, row] * 10.0
        result.mass_error_cm[block] = np.where(failed, np.nan, mass_error)
        result.failed[block] = failed
        result.iterations[block], result.steps[block] = counts.T
