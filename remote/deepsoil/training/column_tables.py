"""The table of simulated soil columns that labels the patches: run x land-cover group x texture x day.

Simulated once and stored as an npz file whose name contains a digest of all its inputs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.depths import DEPTHS, simulated_depths_cm
from deepsoil.io import atomic
from deepsoil.soil.column import simulate_columns
from deepsoil.soil.column_settings import LAND_SETTINGS
from deepsoil.soil.land import Plant, land_forcing, vegetation_stamp
from deepsoil.soil.rosetta import parameters
from deepsoil.soil.vegetation import GROUPS
from deepsoil.training.configuration import Configuration
from deepsoil.training.weather_runs import WeatherRun, make_runs

FORMAT = 6  # increased when the meaning of a stored table changes
CODES_PER_THETA = 1e5
NO_THETA = 65_535  # code of a column that did not converge

Progress = Callable[[int, int], None]
Array = NDArray[np.float32]


def lattice(step: int) -> NDArray[np.int64]:
    """Textures (M, 3) of sand, silt, clay in multiples of ``step`` per cent that sum to 100."""
    count = 100 // step
    rows = [(i * step, j * step, 100 - (i + j) * step) for i in range(count + 1) for j in range(count + 1 - i)]
    return np.array(rows)


def lattice_weights(sand: Array, silt: Array, step: int) -> tuple[NDArray[np.int32], Array]:
    """(rows of ``lattice(step)``, weights), each (3, …): barycentric interpolation of textures in per cent."""
    count = 100 // step
    index = np.full((count + 2, count + 2), 0, np.int32)
    nodes = lattice(step) // step
    index[nodes[:, 0], nodes[:, 1]] = np.arange(len(nodes))
    x, y = np.clip(sand / step, 0, count), np.clip(silt / step, 0, count)
    i, j = np.minimum(x.astype(np.int32), count - 1), np.minimum(y.astype(np.int32), count - 1)
    i = np.where(i + j > count - 1, np.maximum(count - 1 - j, 0), i)
    u, v = x - i, y - j
    upper = u + v > 1
    # outside the edge of the triangle rounding leaves weights of about 1e-7, which may have any index
    rows = np.stack([index[i + upper, j + upper], index[i + 1, j], index[i, j + 1]])
    weights = np.stack([np.where(upper, u + v - 1, 1 - u - v), np.where(upper, 1 - v, u), np.where(upper, 1 - u, v)])
    return rows, weights.astype(np.float32)


@dataclass(frozen=True)
class ColumnTable:
    """theta (R, K, M, D, T) m3/m3 for R weather runs, K land-cover groups, M textures, D depths, T days.

    The ``failed`` columns, which did not converge, are NaN and label nothing.
    """

    runs: list[WeatherRun]
    textures: Array
    theta: Array
    failed: int

    @cached_property
    def dates(self) -> NDArray[np.datetime64]:
        """(R, T): each run has its own calendar."""
        return np.stack([run.dates for run in self.runs])

    def saturation(self, depth_cm: int) -> Array:
        """Effective saturation (R, T, K, M) at a depth, laid out for the look-up of one day.

        Interpolated between textures, it is combined with the exact theta_r and theta_s of each pixel.
        """
        soil = parameters(*self.textures.T)
        theta = self.theta[:, :, :, list(DEPTHS).index(depth_cm), :]
        scaled = (theta - soil.theta_r[None, None, :, None]) / (soil.theta_s - soil.theta_r)[None, None, :, None]
        return np.ascontiguousarray(np.moveaxis(scaled, 3, 1), dtype=np.float32)


@dataclass(frozen=True)
class ColumnTables:
    """The three tables of a training: on the lattice, of unseen weather, of textures off the lattice."""

    training: ColumnTable
    unseen_weather: ColumnTable
    unseen_textures: ColumnTable


def simulate(runs: list[WeatherRun], textures: Array, spinup_days: int, on_group: Callable[[], None] | None = None,
             ) -> ColumnTable:
    """Simulate every texture under every land cover in every run; calls ``on_group`` after each cover and run."""
    soil = parameters(*textures.T)
    theta = np.empty((len(runs), len(GROUPS), len(textures), len(DEPTHS), len(runs[0].dates)), np.float32)
    failed = 0
    for r, run in enumerate(runs):
        for k, group in enumerate(GROUPS):
            land = land_forcing([Plant(group)], run.forcing(), run.dates, np.array([run.latitude]))
            result = simulate_columns(
                soil, land.forcing, np.zeros(len(textures), np.int64), transpiration_fraction=land.share,
                irrigation=land.water if run.water is None else land.water + run.water,
                root_depth_cm=np.full(len(textures), land.roots_cm[0]),
                depths_cm=simulated_depths_cm(), spinup_days=spinup_days, settings=LAND_SETTINGS)
            theta[r, k] = result.theta
            failed += int(result.failed.sum())
            theta[r, k, result.failed] = np.nan
            if on_group:
                on_group()
    return ColumnTable(runs, textures.astype(np.float32), theta, failed)


def digest(configuration: Configuration) -> str:
    """Twelve hex digits that change with any input of the table."""
    decisive: dict[str, Any] = {
        "format": FORMAT, "weather": configuration.weather.model_dump(mode="json", exclude={"root"}),
        "simulation": configuration.simulation.model_dump(mode="json"), "vegetation": vegetation_stamp(),
        "depths_cm": list(DEPTHS)}
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:12]


def load_tables(configuration: Configuration, folder: Path, on_progress: Progress | None = None) -> ColumnTables:
    """The tables of a configuration, from ``folder`` or simulated and stored there."""
    simulation = configuration.simulation
    training_runs, unseen_runs = make_runs(configuration.weather, simulation)
    if not unseen_runs:
        unseen_runs = training_runs[:1]
    rng = np.random.default_rng([simulation.seed, 1])
    nodes = lattice(simulation.lattice_step).astype(np.float32)
    free = (100 * rng.dirichlet([1, 1, 1], max(simulation.unseen_textures, 1))).astype(np.float32)
    rainfed = [run for run in training_runs if run.rainfed is None]
    few = rainfed[:: max(1, len(rainfed) // 4)]
    path = folder / f"columns-{digest(configuration)}.npz"
    plan = {"training": (training_runs, nodes), "unseen_weather": (unseen_runs, nodes), "unseen_textures": (few, free)}
    if not path.is_file():
        _simulate_plan(plan, simulation.spinup_days, path, on_progress)
    with np.load(path) as file:
        tables = {name: ColumnTable(runs, textures, _theta(file[name]), int(file[f"{name}_failed"]))
                  for name, (runs, textures) in plan.items()}
    return ColumnTables(**tables)


def _simulate_plan(plan: dict[str, tuple[list[WeatherRun], Array]], spinup_days: int, path: Path,
                   on_progress: Progress | None) -> None:
    """Simulate all tables and store them in one file."""
    total, done = sum(len(runs) for runs, _ in plan.values()) * len(GROUPS), 0

    def count() -> None:
        nonlocal done
        done += 1
        if on_progress:
            on_progress(done, total)

    stored: dict[str, Any] = {}
    for name, (runs, textures) in plan.items():
        table = simulate(runs, textures, spinup_days, count)
        stored[name] = _codes(table.theta)
        stored[f"{name}_failed"] = np.array(table.failed)
    _store(path, stored)


def _codes(theta: Array) -> NDArray[np.uint16]:
    return np.where(np.isnan(theta), NO_THETA, np.round(theta * CODES_PER_THETA)).astype(np.uint16)


def _theta(codes: NDArray[np.uint16]) -> Array:
    return np.where(codes == NO_THETA, np.float32(np.nan), codes / np.float32(CODES_PER_THETA))


def _store(path: Path, arrays: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic.replacing_path(path) as draft:
        np.savez(draft, **arrays)
