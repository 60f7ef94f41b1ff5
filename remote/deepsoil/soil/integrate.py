"""Time integration of one column: adaptive steps over a period of constant boundary conditions, by numba.

Second order: two implicit stages of equal length γ·dt (SDIRK, γ = 1 - √½, L-stable, stiffly accurate), so that
steps of hours keep the error of the daily water content below 5e-4 m³/m³. Where the second stage would start
from a water content that the soil cannot have (filling up within the step), the step is one of first order.
"""

from __future__ import annotations

import numpy as np

from deepsoil.soil.compiled import kernel
from deepsoil.soil.hydraulic_tables import CELLS
from deepsoil.soil.solver import solve_stage
from deepsoil.soil.work_arrays import BASE, SUPPLY, TH, TRANSPIRATION

GAMMA = 1.0 - np.sqrt(0.5)
EXTRAPOLATION = (1.0 - GAMMA) / GAMMA

# control vector
MAXIMUM_STEP, MINIMUM_STEP, WATER_PER_STEP, NEWTON_TOLERANCE, ORDER = range(5)
CONTROL_VALUES = 5
# count vector
ITERATIONS, STEPS = range(2)
# rates vector: boundary fluxes (see `work_arrays`), then the length of the last step
LAST_STEP = 3
RATE_VALUES = 4
STEPS_IN_A_PERIOD = 5_000  # and 20 times those of the longest step; a column that wants more creeps for ever
STEP_MAY_GROW = 4.0  # after a storm, whose front still moves when the rain has ended
# rows of the scratch array
SCRATCH_ROWS = 6


@kernel
def _wanted_step(rates: np.ndarray, boundary: np.ndarray, control: np.ndarray) -> float:
    """A step that moves at most WATER_PER_STEP through the surface, the base or the roots."""
    fastest = max(abs(boundary[SUPPLY]), abs(rates[BASE]), boundary[TRANSPIRATION], 1e-12)
    return min(control[MAXIMUM_STEP], control[WATER_PER_STEP] / fastest)


@kernel
def _second_guess(
    tables: np.ndarray, layers: np.ndarray, u: np.ndarray, water: np.ndarray, u_stage: np.ndarray,
    water_stage: np.ndarray, target: np.ndarray,
) -> bool:  # fmt: skip
    """Target and first guess (in u_stage) of the second stage. False: a target is outside the soil's range."""
    inside = True
    for i in range(len(u)):
        target[i] = water[i] + EXTRAPOLATION * (water_stage[i] - water[i])
        inside = inside and tables[layers[i], CELLS - 1, 0, TH] < target[i] < tables[layers[i], 0, 0, TH]
        if u_stage[i] > 0.0 and u[i] > 0.0:
            guess = u_stage[i] + 2.0 * min(max(u_stage[i] - u[i], -1.0), 1.0)
            u_stage[i] = max(guess, 0.5 * u_stage[i])
    return inside


@kernel
def _step(
    tables: np.ndarray, layers: np.ndarray, grid: np.ndarray, u: np.ndarray, water: np.ndarray, dt: float,
    boundary: np.ndarray, roots: np.ndarray, control: np.ndarray, work: np.ndarray, scratch: np.ndarray,
    u_new: np.ndarray, water_new: np.ndarray, rates_1: np.ndarray, rates_2: np.ndarray, counts: np.ndarray,
) -> float:  # fmt: skip
    """One step of length dt from (u, water) to (u_new, water_new).

    Returns the share of the first stage's rates in the step, or -1 where Newton does not converge.
    """
    target, water_1, shares, moved = scratch[0], scratch[1], scratch[2], scratch[3]
    tolerance = control[NEWTON_TOLERANCE]
    counts[STEPS] += 1
    u_new[:] = u
    target[:] = water
    if control[ORDER] == 2.0:
        used = solve_stage(
            tables, layers, grid, u_new, target, GAMMA * dt, boundary, roots, work, shares, moved, tolerance,
            water_1, rates_1,
        )  # fmt: skip
        if used < 0:
            return -1.0
        counts[ITERATIONS] += used
        if _second_guess(tables, layers, u, water, u_new, water_1, target):
            used = solve_stage(
                tables, layers, grid, u_new, target, GAMMA * dt, boundary, roots, work, shares, moved, tolerance,
                water_new, rates_2,
            )  # fmt: skip
            if used < 0:
                return -1.0
            counts[ITERATIONS] += used
            return 1.0 - GAMMA
        u_new[:] = u
        target[:] = water
    used = solve_stage(
        tables, layers, grid, u_new, target, dt, boundary, roots, work, shares, moved, tolerance, water_new, rates_2
    )  # fmt: skip
    if used < 0:
        return -1.0
    counts[ITERATIONS] += used
    return 0.0


@kernel
def advance(
    tables: np.ndarray, layers: np.ndarray, grid: np.ndarray, u: np.ndarray, water: np.ndarray, days: float,
    boundary: np.ndarray, roots: np.ndarray, control: np.ndarray, work: np.ndarray, scratch: np.ndarray,
    rates: np.ndarray, totals: np.ndarray, integral: np.ndarray, counts: np.ndarray,
) -> bool:  # fmt: skip
    """Advance u and water (nodes,) by `days` under one boundary vector.

    False: no convergence at the least step, or only in more steps than any column needs.

    `rates` holds the fluxes and the length of the last step, at the start and the end. Adds to totals (3,) the water
    through surface, base and roots in cm, to integral (nodes,) the time integral of water in days, and to counts (2,)
    iterations and steps.
    """
    u_new, water_new = scratch[4], scratch[5]
    rates_1, rates_2 = np.zeros(3), np.zeros(3)
    left = days
    most_steps = counts[STEPS] + STEPS_IN_A_PERIOD + int(20.0 * days / control[MAXIMUM_STEP])
    step = _wanted_step(rates, boundary, control)
    if rates[LAST_STEP] > 0.0:
        step = min(step, STEP_MAY_GROW * rates[LAST_STEP])
    while left > 1e-12:
        # equal steps to the end of the period, instead of a tiny last one
        dt = left / np.ceil(left / step - 1e-9)
        share = -1.0
        while share < 0.0:
            share = _step(
                tables, layers, grid, u, water, dt, boundary, roots, control, work, scratch, u_new, water_new,
                rates_1, rates_2, counts,
            )  # fmt: skip
            if share < 0.0:
                dt *= 0.25
                step = dt
                if dt < control[MINIMUM_STEP] or counts[STEPS] > most_steps:
                    return False
        for j in range(3):
            totals[j] += dt * (share * rates_1[j] + (1.0 - share) * rates_2[j])
            rates[j] = rates_2[j]
        for i in range(len(u)):
            integral[i] += 0.5 * dt * (water[i] + water_new[i])
            water[i] = water_new[i]
            u[i] = u_new[i]
        left -= dt
        rates[LAST_STEP] = dt
        step = min(2.0 * step, _wanted_step(rates, boundary, control))
    return True
