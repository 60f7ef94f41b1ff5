"""Time integration of one column: adaptive steps over a period of constant boundary conditions, by numba.

Second order: two implicit stages of equal length γ·dt (SDIRK, γ = 1 - √½, L-stable, stiffly accurate), so that
steps of hours keep the error of the daily water content below 5e-4 m³/m³. Water is conserved exactly.
"""

from __future__ import annotations

import numba
import numpy as np

from deepsoil.soil.solver import BASE, ROOTS, SUPPLY, TOP, TRANSPIRATION, solve_stage

GAMMA = 1.0 - np.sqrt(0.5)
EXTRAPOLATION = (1.0 - GAMMA) / GAMMA

# control vector
MAXIMUM_STEP, MINIMUM_STEP, WATER_PER_STEP, NEWTON_TOLERANCE, ORDER = range(5)
CONTROL_VALUES = 5
ITERATIONS, STEPS = 0, 1


@numba.njit(cache=True)
def _first_step(rates_before: np.ndarray, boundary: np.ndarray, control: np.ndarray) -> float:
    """A step that moves at most WATER_PER_STEP through the surface, the base or the roots."""
    fastest = max(abs(boundary[SUPPLY]), abs(rates_before[BASE]), boundary[TRANSPIRATION])
    if fastest <= 0.0:
        return control[MAXIMUM_STEP]
    return min(control[MAXIMUM_STEP], control[WATER_PER_STEP] / fastest)


@numba.njit(cache=True)
def advance(
    tables: np.ndarray, layers: np.ndarray, thickness: np.ndarray, u: np.ndarray, water: np.ndarray, days: float,
    boundary: np.ndarray, roots: np.ndarray, limits: np.ndarray, control: np.ndarray, work: np.ndarray,
    scratch: np.ndarray, rates: np.ndarray, totals: np.ndarray, integral: np.ndarray, counts: np.ndarray,
) -> bool:  # fmt: skip
    """Advance u and water (nodes,) by `days` under one boundary vector. False: no convergence at the least step.

    Adds to totals (3,) the water through surface, base and roots in cm, to integral (nodes,) the time integral of
    water in days, and to counts (2,) the Newton iterations and the steps.
    """
    nodes = len(u)
    u_try, target, water_1, water_2, weights = scratch[0], scratch[1], scratch[2], scratch[3], scratch[4]
    rates_1 = np.zeros(3)
    rates_2 = np.zeros(3)
    left = days
    step = 0.0
    while left > 1e-12:
        if step == 0.0:
            step = _first_step(rates, boundary, control)
        step = min(step, control[MAXIMUM_STEP])
        # equal steps to the end of the period, instead of a tiny last one
        pieces = np.ceil(left / step - 1e-9)
        dt = left / pieces
        converged = False
        while not converged:
            for i in range(nodes):
                u_try[i] = u[i]
                target[i] = water[i]
            if control[ORDER] == 2.0:
                iterations = solve_stage(
                    tables, layers, thickness, u_try, target, GAMMA * dt, boundary, roots, limits, work, weights,
                    control[NEWTON_TOLERANCE], water_1, rates_1,
                )  # fmt: skip
                if iterations > 0:
                    counts[ITERATIONS] += iterations
                    for i in range(nodes):
                        target[i] = water[i] + EXTRAPOLATION * (water_1[i] - water[i])
                    iterations = solve_stage(
                        tables, layers, thickness, u_try, target, GAMMA * dt, boundary, roots, limits, work, weights,
                        control[NEWTON_TOLERANCE], water_2, rates_2,
                    )  # fmt: skip
                share = 1.0 - GAMMA
            else:
                iterations = solve_stage(
                    tables, layers, thickness, u_try, target, dt, boundary, roots, limits, work, weights,
                    control[NEWTON_TOLERANCE], water_2, rates_2,
                )  # fmt: skip
                share = 0.0
            counts[STEPS] += 1
            if iterations > 0:
                counts[ITERATIONS] += iterations
                converged = True
            else:
                dt *= 0.25
                step = dt
                if dt < control[MINIMUM_STEP]:
                    return False
        for j in range(3):
            totals[j] += dt * (share * rates_1[j] + (1.0 - share) * rates_2[j])
            rates[j] = rates_2[j]
        for i in range(nodes):
            integral[i] += 0.5 * dt * (water[i] + water_2[i])
            water[i] = water_2[i]
            u[i] = u_try[i]
        left -= dt
        step = max(step, dt) * (2.0 if iterations < 6 else 1.0)
        step = min(step, _first_step(rates, boundary, control))
    return True


__all__ = ["BASE", "ROOTS", "TOP", "advance"]
