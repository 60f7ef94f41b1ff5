"""Many columns over many days, in parallel: the compiled loop that `column` calls with plain arrays."""

from __future__ import annotations

from collections.abc import Callable

import numba
import numpy as np

from deepsoil.soil.compiled import OPTIONS, kernel, source_stamp
from deepsoil.soil.fluxes import evaluate
from deepsoil.soil.integrate import RATE_VALUES, SCRATCH_ROWS, advance
from deepsoil.soil.work_arrays import (
    BASE,
    BOTTOM_KIND,
    BOUNDARY_VALUES,
    DRY_SURFACE,
    EXTRA_ROWS,
    FIXED_BASE,
    LOG_STRESS,
    ROOTS,
    SUPPLY,
    TH,
    THICKNESS,
    TOP,
    TRANSPIRATION,
    WET_SURFACE,
    WORK_COLUMNS,
)

# columns of the segment array: parts of a day with constant rates
DURATION, RAIN, DEMAND = range(3)
# last axis of the flux array, cm/day
DRAINAGE, RUNOFF, EVAPORATION, UPTAKE = range(4)


@kernel
def _run_day(
    tables: np.ndarray, layers: np.ndarray, grid: np.ndarray, u: np.ndarray, water: np.ndarray,
    segments: np.ndarray, rain: float, evaporation: float, transpiration: float, boundary: np.ndarray,
    roots: np.ndarray, control: np.ndarray, work: np.ndarray, scratch: np.ndarray,
    rates: np.ndarray, integral: np.ndarray, counts: np.ndarray, fluxes: np.ndarray,
) -> bool:  # fmt: skip
    """One day in its segments; amounts in cm. fluxes (4,) receives drainage, runoff, evaporation, uptake in cm."""
    integral[:] = 0.0
    fluxes[:] = 0.0
    totals = np.zeros(3)
    for k in range(len(segments)):
        duration = segments[k, DURATION]
        rain_rate, demand = rain * segments[k, RAIN], evaporation * segments[k, DEMAND]
        boundary[SUPPLY] = rain_rate - demand
        boundary[TRANSPIRATION] = transpiration * segments[k, DEMAND]
        totals[:] = 0.0
        if not advance(
            tables, layers, grid, u, water, duration, boundary, roots, control, work, scratch, rates,
            totals, integral, counts,
        ):  # fmt: skip
            return False
        fluxes[DRAINAGE] += totals[BASE]
        fluxes[UPTAKE] += totals[ROOTS]
        if rain_rate >= demand:
            # the demand is met by the rain; what the surface does not take runs off
            fluxes[EVAPORATION] += demand * duration
            fluxes[RUNOFF] += (rain_rate - demand) * duration - totals[TOP]
        else:
            fluxes[EVAPORATION] += rain_rate * duration - totals[TOP]
    return True


def _compile(stamp: int) -> Callable[..., None]:
    """The entry point, cached on disk under the stamp of all kernels (see `compiled`)."""

    @numba.njit(parallel=True, cache=True, **OPTIONS)
    def run_columns(
        tables: np.ndarray, layers: np.ndarray, grid: np.ndarray, begin: np.ndarray, fresh: bool,
        surface_u: np.ndarray, base_u: float, bottom: int, log_stress: bool, days: np.ndarray, warmup: int,
        kept_days: np.ndarray, kept: np.ndarray, segments: np.ndarray,
        rain: np.ndarray, rain_index: np.ndarray, irrigation: np.ndarray, irrigation_index: np.ndarray,
        pet: np.ndarray, pet_index: np.ndarray, share: np.ndarray, share_index: np.ndarray, roots: np.ndarray,
        control: np.ndarray, depth_weights: np.ndarray, daily_mean: bool, theta: np.ndarray, fluxes: np.ndarray,
        mass_error: np.ndarray, failed: np.ndarray, counts: np.ndarray,
    ) -> None:  # fmt: skip
        """Simulate C columns over the day numbers `days` (the first `warmup` of them unrecorded).

        tables (M, CELLS, 4, 4); layers (C, nodes) rows of tables; rain, pet, irrigation in cm/day and share (transpired
        part of PET), each (rows, T) with one row number per column. begin (C, 2 * nodes + RATE_VALUES): u, water and
        rates; where `fresh`, water follows from u and the rates are 0. Fills theta (C, depths, T), fluxes (C, 4, T) in
        cm, mass_error (C,) in cm over the whole run, failed (C,), counts (C, 2), and kept (C, K, 2 * nodes +
        RATE_VALUES), the state at the end of the positions kept_days (K,), ascending, of `days`. A column that does not
        converge is left NaN from that day on.
        """
        if stamp < 0:
            return
        nodes = len(grid)
        for c in numba.prange(len(layers)):
            work = np.zeros((nodes + EXTRA_ROWS, WORK_COLUMNS))
            scratch = np.zeros((SCRATCH_ROWS, nodes))
            boundary = np.zeros(BOUNDARY_VALUES)
            boundary[BOTTOM_KIND] = bottom
            boundary[LOG_STRESS] = log_stress
            rates = np.zeros(RATE_VALUES)
            integral = np.zeros(nodes)
            daily = np.zeros(4)
            u = begin[c, :nodes].copy()
            water = np.empty(nodes)
            next_kept = 0
            first = last = balance = 0.0
            evaluate(tables, layers[c, 0], surface_u[0], work, nodes + WET_SURFACE)
            evaluate(tables, layers[c, 0], surface_u[1], work, nodes + DRY_SURFACE)
            evaluate(tables, layers[c, nodes - 1], base_u, work, nodes + FIXED_BASE)
            for i in range(nodes):
                if fresh:
                    evaluate(tables, layers[c, i], u[i], work, i)
                    water[i] = work[i, TH]
                else:
                    water[i] = begin[c, nodes + i]
                first += grid[i, THICKNESS] * water[i]
            if not fresh:
                for j in range(RATE_VALUES):
                    rates[j] = begin[c, 2 * nodes + j]
            for d in range(len(days)):
                t = days[d]
                liquid = rain[rain_index[c], t] + irrigation[irrigation_index[c], t]
                demand = pet[pet_index[c], t]
                transpired = share[share_index[c], t] * demand
                if not _run_day(
                    tables, layers[c], grid, u, water, segments, liquid, demand - transpired, transpired, boundary,
                    roots[c], control, work, scratch, rates, integral, counts[c], daily,
                ):  # fmt: skip
                    failed[c] = True
                    break
                balance += liquid - daily[DRAINAGE] - daily[RUNOFF] - daily[EVAPORATION] - daily[UPTAKE]
                if d >= warmup:
                    for j in range(4):
                        fluxes[c, j, d - warmup] = daily[j]
                    for j in range(len(depth_weights)):
                        value = 0.0
                        for i in range(nodes):
                            value += depth_weights[j, i] * (integral[i] if daily_mean else water[i])
                        theta[c, j, d - warmup] = value
                if next_kept < len(kept_days) and kept_days[next_kept] == d:
                    for i in range(nodes):
                        kept[c, next_kept, i], kept[c, next_kept, nodes + i] = u[i], water[i]
                    for j in range(RATE_VALUES):
                        kept[c, next_kept, 2 * nodes + j] = rates[j]
                    next_kept += 1
            for i in range(nodes):
                last += grid[i, THICKNESS] * water[i]
            mass_error[c] = last - first - balance

    return run_columns


run_columns = _compile(source_stamp())
