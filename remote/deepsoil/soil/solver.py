"""The numerical kernel: one implicit stage of the mixed-form Richards equation for one column, compiled by numba.

Finite volumes, unknown u (transformed suction, see `tables`), Newton with the Thomas algorithm. A converged stage
returns the water contents of the *linearised* balance, which is exact: whatever the Newton tolerance, no water is
made or lost; the difference to θ(u) is below the tolerance and is corrected by the next stage (after Celia 1990).
"""

from __future__ import annotations

import numpy as np

from deepsoil.soil.compiled import kernel
from deepsoil.soil.fluxes import bottom_flux, evaluate, face_flux, layered_flux, top_flux, upstream_share
from deepsoil.soil.hydraulic_tables import CELLS, CELLS_PER_U, S0_CM, U_MAXIMUM
from deepsoil.soil.work_arrays import (
    ABOVE,
    BASE,
    BELOW,
    DIAG,
    DS,
    DTH,
    LOG_STRESS,
    LOW,
    OTHER,
    RHS,
    ROOTS,
    SUPPLY,
    TH,
    THICKNESS,
    TOP,
    TRANSPIRATION,
    UP,
    S,
)

MAXIMUM_ITERATIONS = 30
LEAST_HALF_CM = 0.01  # between the surface or the base and a node that lies in it (SWIM3's layout)
UNDAMPED_ITERATIONS = 5
BEYOND_SUPPLY_ITERATIONS = 2  # that end with more through the surface than there is; then what there is enters
STEP_LIMIT_U = 2.0
NEAR_SATURATION_U = 0.5
SHARES_STAND_BELOW_U = 0.2  # β follows u while it moves more than this, then stand: Newton is quadratic
WATER_COUNTS_FROM_U = 0.3
ROOT_STRESS_FROM_CM = 1000.0
ROOT_STRESS_TO_CM = 15_000.0
ROOT_STRESS_SPAN_CM = ROOT_STRESS_TO_CM - ROOT_STRESS_FROM_CM
ROOT_STRESS_LOG_SPAN = np.log(ROOT_STRESS_TO_CM / ROOT_STRESS_FROM_CM)


@kernel
def _root_stress(suction_cm: float, logarithmic: bool) -> tuple[float, float]:
    """Share of the wanted water that roots take between the two suctions of stress, and its slope by suction."""
    if logarithmic:
        share = np.log(ROOT_STRESS_TO_CM / suction_cm) / ROOT_STRESS_LOG_SPAN
        return share, -1.0 / (suction_cm * ROOT_STRESS_LOG_SPAN)
    return (ROOT_STRESS_TO_CM - suction_cm) / ROOT_STRESS_SPAN_CM, -1.0 / ROOT_STRESS_SPAN_CM


@kernel
def _storage_and_roots(
    tables: np.ndarray, layers: np.ndarray, grid: np.ndarray, u: np.ndarray, target: np.ndarray, step: float,
    boundary: np.ndarray, roots: np.ndarray, work: np.ndarray,
) -> float:  # fmt: skip
    """Start the system with storage and uptake; the uptake in cm/day."""
    uptake, transpiration = 0.0, boundary[TRANSPIRATION]
    for i in range(len(u)):
        evaluate(tables, layers[i], u[i], work, i)
        thickness = grid[i, THICKNESS]
        work[i, RHS] = thickness * (target[i] - work[i, TH])
        work[i, DIAG] = thickness * work[i, DTH]
        if transpiration > 0.0 and work[i, S] < ROOT_STRESS_TO_CM:
            taken = wanted = transpiration * roots[i]
            if work[i, S] > ROOT_STRESS_FROM_CM:
                share, slope = _root_stress(work[i, S], boundary[LOG_STRESS] > 0.0)
                taken *= share
                work[i, DIAG] += step * wanted * work[i, DS] * slope
            work[i, RHS] -= step * taken
            uptake += taken
    return uptake


@kernel
def _assemble(
    tables: np.ndarray, layers: np.ndarray, grid: np.ndarray, u: np.ndarray, target: np.ndarray, step: float,
    boundary: np.ndarray, roots: np.ndarray, work: np.ndarray, shares: np.ndarray, update_shares: bool,
    rates: np.ndarray, held: float,
) -> tuple[float, float]:  # fmt: skip
    """Fill the tridiagonal system of the balance thickness·(θ(u) - target) + step·(outflow - inflow) = 0.

    Leaves the boundary fluxes at u in `rates` and returns the slopes of top and base by the first and the last u.
    held: a given flux through the surface, NaN where it follows from supply and soil.
    """
    nodes = len(u)
    rates[ROOTS] = _storage_and_roots(tables, layers, grid, u, target, step, boundary, roots, work)
    flux, top_slope = held, 0.0
    if np.isnan(held):
        flux, top_slope = top_flux(work, nodes, max(grid[0, ABOVE], LEAST_HALF_CM), boundary[SUPPLY])
    rates[TOP] = flux
    work[0, RHS] += step * flux
    work[0, DIAG] -= step * top_slope
    for i in range(nodes - 1):
        j = i + 1
        if layers[i] == layers[j]:
            distance = grid[i, BELOW] + grid[j, ABOVE]
            if update_shares:
                shares[i] = upstream_share(work, i, j, distance)
            flux, by_a, by_b = face_flux(work, i, j, distance, shares[i])
        else:
            flux, by_a, by_b = layered_flux(
                tables, layers[i], layers[j], u[i], u[j], work, i, j, grid[i, BELOW], grid[j, ABOVE], nodes + OTHER
            )  # fmt: skip
        work[i, RHS] -= step * flux
        work[i, DIAG] += step * by_a
        work[i, UP] = step * by_b
        work[j, RHS] += step * flux
        work[j, DIAG] -= step * by_b
        work[j, LOW] = -step * by_a
    flux, base_slope = bottom_flux(work, nodes, max(grid[nodes - 1, BELOW], LEAST_HALF_CM), boundary)
    rates[BASE] = flux
    work[nodes - 1, RHS] -= step * flux
    work[nodes - 1, DIAG] += step * base_slope
    return top_slope, base_slope


@kernel
def _thomas(work: np.ndarray, nodes: int) -> bool:
    """Solve the tridiagonal system in place; the solution is left in the RHS column. False: singular."""
    if work[0, DIAG] == 0.0:
        return False
    inverse = 1.0 / work[0, DIAG]
    for i in range(1, nodes):
        factor = work[i, LOW] * inverse
        work[i - 1, DIAG] = inverse
        pivot = work[i, DIAG] - factor * work[i - 1, UP]
        work[i, RHS] -= factor * work[i - 1, RHS]
        if pivot == 0.0:
            return False
        inverse = 1.0 / pivot
    work[nodes - 1, RHS] *= inverse
    for i in range(nodes - 2, -1, -1):
        work[i, RHS] = (work[i, RHS] - work[i, UP] * work[i + 1, RHS]) * work[i, DIAG]
    return True


@kernel
def _u_of_water(tables: np.ndarray, soil: int, theta: float) -> float:
    """The u at a water content between the table's ends, linear in its cell."""
    low, high = 0, CELLS - 1
    while low < high:
        middle = (low + high + 1) // 2
        if tables[soil, middle, 0, TH] >= theta:
            low = middle
        else:
            high = middle - 1
    above = tables[soil, low, 0, TH]
    fall = above - (tables[soil, low + 1, 0, TH] if low + 1 < CELLS else above - 1.0)
    return (low + (above - theta) / fall) / CELLS_PER_U


@kernel
def _update(
    tables: np.ndarray, layers: np.ndarray, u: np.ndarray, work: np.ndarray, moved: np.ndarray, damped: bool
) -> float:
    """Add the Newton step in RHS to u, damped around saturation; the largest step, NaN where it is not finite.

    moved (nodes,) holds the last movements. Where `damped`, a node goes no farther than it went before, and half as far
    where it turns back: between saturated and steep K, Newton would swing for ever.
    """
    largest = 0.0
    for i in range(len(u)):
        change = work[i, RHS]
        if not np.isfinite(change):
            return np.nan
        before, scale = u[i], 1.0
        if before <= 0.0:
            scale = S0_CM
        elif change < -WATER_COUNTS_FROM_U:
            # Newton's step in water: in dry soil θ is flat and convex in u, and a straight line shoots far over
            wanted = work[i, TH] + work[i, DTH] * change
            if wanted < tables[layers[i], 0, 0, TH]:
                change = max(change, _u_of_water(tables, layers[i], wanted) - before)
        largest = max(largest, scale * abs(change))
        if damped and moved[i] != 0.0:
            room = abs(moved[i]) if change * moved[i] > 0.0 else 0.5 * abs(moved[i])
            change = min(max(change, -room), room)
        if before > 0.0:
            if before + change > 0.0:
                u[i] = min(before + min(max(change, -STEP_LIMIT_U), STEP_LIMIT_U), U_MAXIMUM)
            elif before > NEAR_SATURATION_U:
                # K is convex and steep here for n < 2: Newton overshoots from the dry side, so creep up
                u[i] *= 0.1
                largest = max(largest, 1.0)
            else:
                u[i] += change
        elif before + change > NEAR_SATURATION_U:
            # and leave saturation by the steep side, where Newton converges from below
            u[i] = NEAR_SATURATION_U
            largest = max(largest, 1.0)
        else:
            u[i] += change
        moved[i] = u[i] - before
    return largest


@kernel
def solve_stage(
    tables: np.ndarray, layers: np.ndarray, grid: np.ndarray, u: np.ndarray, target: np.ndarray, step: float,
    boundary: np.ndarray, roots: np.ndarray, work: np.ndarray, shares: np.ndarray, moved: np.ndarray,
    tolerance: float, water: np.ndarray, rates: np.ndarray,
) -> int:  # fmt: skip
    """One implicit stage: θ_new = target + step·(net inflow at the new state)/thickness.

    u (nodes,) is the first guess and the result; `water` (nodes,) receives θ, `rates` (3,) the boundary fluxes.
    Returns the number of Newton iterations, or -1 where they do not converge.
    """
    nodes = len(u)
    moved[:] = 0.0
    largest, held, beyond = 1.0, np.nan, 0
    for iteration in range(MAXIMUM_ITERATIONS):
        update_shares = iteration < 6 and largest > SHARES_STAND_BELOW_U
        top_slope, base_slope = _assemble(
            tables, layers, grid, u, target, step, boundary, roots, work, shares, update_shares, rates, held
        )
        if not _thomas(work, nodes):
            return -1
        largest = _update(tables, layers, u, work, moved, iteration > UNDAMPED_ITERATIONS)
        if np.isnan(largest):
            return -1
        if largest < tolerance:
            # the linearised flux through the surface may lie beyond what is supplied: iterate on, then give it
            flux = rates[TOP] + top_slope * work[0, RHS]
            possible = min(max(flux, min(boundary[SUPPLY], 0.0)), max(boundary[SUPPLY], 0.0))
            if flux != possible:
                beyond += 1
                held = possible if beyond > BEYOND_SUPPLY_ITERATIONS else np.nan
                continue
            rates[TOP] = flux
            rates[BASE] += base_slope * work[nodes - 1, RHS]
            for i in range(nodes):
                water[i] = work[i, TH] + work[i, DTH] * work[i, RHS]
                if boundary[TRANSPIRATION] > 0.0 and ROOT_STRESS_FROM_CM < work[i, S] < ROOT_STRESS_TO_CM:
                    _, slope = _root_stress(work[i, S], boundary[LOG_STRESS] > 0.0)
                    rates[ROOTS] += boundary[TRANSPIRATION] * roots[i] * work[i, DS] * slope * work[i, RHS]
            return iteration + 1
    return -1
