"""One column through periods of constant boundary conditions: storms, laboratory experiments, reference solutions.

Same kernel as the daily columns, with any hydraulic functions, any initial profile and fixed suctions at both ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil.compiled import OPTIONS, source_stamp
from deepsoil.soil.fluxes import evaluate
from deepsoil.soil.hydraulic_tables import Hydraulics, build_tables, to_u
from deepsoil.soil.integrate import CONTROL_VALUES, RATE_VALUES, SCRATCH_ROWS, advance
from deepsoil.soil.profile import Profile
from deepsoil.soil.work_arrays import (
    BOTTOM_KIND,
    BOUNDARY_VALUES,
    CLOSED,
    DRY_SURFACE,
    EXTRA_ROWS,
    FIXED_BASE,
    FREE_DRAINAGE,
    POTENTIAL,
    SUPPLY,
    TH,
    WET_SURFACE,
    WORK_COLUMNS,
    S,
)

Array = NDArray[np.float64]
BottomKind = Literal["free", "potential", "closed"]
BOTTOM_KINDS = {"free": FREE_DRAINAGE, "potential": POTENTIAL, "closed": CLOSED}


def _compile(stamp: int) -> Callable[..., bool]:
    """The entry point, cached on disk under the stamp of all kernels (see `compiled`)."""

    @numba.njit(cache=True, **OPTIONS)
    def run_periods(
        tables: np.ndarray, layers: np.ndarray, grid: np.ndarray, u: np.ndarray, surface_u: np.ndarray,
        base_u: float, bottom: int, durations: np.ndarray, supply: np.ndarray, control: np.ndarray,
        suction: np.ndarray, theta: np.ndarray, totals: np.ndarray, counts: np.ndarray,
    ) -> bool:  # fmt: skip
        if stamp < 0:
            return False
        nodes = len(grid)
        work, scratch = np.zeros((nodes + EXTRA_ROWS, WORK_COLUMNS)), np.zeros((SCRATCH_ROWS, nodes))
        boundary, rates, integral, roots = (
            np.zeros(BOUNDARY_VALUES),
            np.zeros(RATE_VALUES),
            np.zeros(nodes),
            np.zeros(nodes),
        )
        boundary[BOTTOM_KIND] = bottom
        evaluate(tables, layers[0], surface_u[0], work, nodes + WET_SURFACE)
        evaluate(tables, layers[0], surface_u[1], work, nodes + DRY_SURFACE)
        evaluate(tables, layers[nodes - 1], base_u, work, nodes + FIXED_BASE)
        water = np.empty(nodes)
        for i in range(nodes):
            evaluate(tables, layers[i], u[i], work, i)
            water[i] = work[i, TH]
        theta[0] = water
        for p in range(len(durations)):
            boundary[SUPPLY] = supply[p]
            if p > 0:
                totals[p] = totals[p - 1]
            if not advance(
                tables, layers, grid, u, water, durations[p], boundary, roots, control, work, scratch, rates,
                totals[p], integral, counts,
            ):  # fmt: skip
                return False
            for i in range(nodes):
                evaluate(tables, layers[i], u[i], work, i)
                suction[p, i] = work[i, S]
            theta[p + 1] = water
        return True

    return run_periods


_run_periods = _compile(source_stamp())


@dataclass(frozen=True)
class PeriodResult:
    """State at the end of each of P periods, cumulative fluxes since the start.

    suction_cm, theta (P, nodes); infiltration_cm, drainage_cm (P,): net through the surface (negative: evaporation)
    and the base; mass_error_cm; steps, iterations of the whole run.
    """

    suction_cm: Array
    theta: Array
    infiltration_cm: Array
    drainage_cm: Array
    mass_error_cm: float
    steps: int
    iterations: int


def simulate_periods(
    hydraulics: Hydraulics,
    profile: Profile,
    initial_suction_cm: ArrayLike,
    durations_days: ArrayLike,
    supply_cm_per_day: ArrayLike,
    *,
    layers: ArrayLike | None = None,
    surface_wet_cm: float = 0.0,
    surface_dry_cm: float = 15_000.0,
    bottom: BottomKind = "free",
    bottom_suction_cm: float = 0.0,
    maximum_step_days: float = 0.01,
    newton_tolerance: float = 1e-6,
) -> PeriodResult:
    """One column, from an initial suction (a number or one per node), through P periods.

    supply_cm_per_day (P,) > 0 is rain, < 0 evaporation demand; inf holds the surface at surface_wet_cm, -inf at
    surface_dry_cm. layers (nodes,): row of `hydraulics` of every node (None: the first everywhere).
    Raises DeepSoilError ``not_converged``.
    """
    nodes = len(profile.nodes_cm)
    durations = np.atleast_1d(np.asarray(durations_days, np.float64))
    supply = np.broadcast_to(np.asarray(supply_cm_per_day, np.float64), durations.shape)
    control = np.zeros(CONTROL_VALUES)
    control[:] = (maximum_step_days, 1e-12, np.inf, newton_tolerance, 2)
    suction, theta = np.empty((len(durations), nodes)), np.empty((len(durations) + 1, nodes))
    totals, counts = np.zeros((len(durations), 3)), np.zeros(2, np.int64)
    converged = _run_periods(
        build_tables(hydraulics),
        np.zeros(nodes, np.int64) if layers is None else np.asarray(layers, np.int64),
        profile.grid(),
        to_u(np.array(np.broadcast_to(np.asarray(initial_suction_cm, np.float64), (nodes,)))),
        to_u(np.array([surface_wet_cm, surface_dry_cm])),
        float(to_u(bottom_suction_cm)),
        BOTTOM_KINDS[bottom],
        durations,
        np.clip(supply, -1e9, 1e9),
        control,
        suction,
        theta,
        totals,
        counts,
    )
    if not converged:
        raise DeepSoilError(
            "not_converged",
            "The soil column did not converge.",
            "Use a smaller maximum_step_days, or thinner layers near the surface.",
        )
    top, base = totals[:, 0], totals[:, 1]
    error = float((theta[-1] - theta[0]) @ profile.thickness_cm - top[-1] + base[-1])
    return PeriodResult(suction, theta[1:], top, base, error, int(counts[1]), int(counts[0]))
