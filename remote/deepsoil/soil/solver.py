"""The numerical kernel: one implicit stage of the mixed-form Richards equation for one column, compiled by numba.

Finite volumes, unknown u (transformed suction, see `tables`), Newton with the Thomas algorithm. A converged stage
returns the water contents of the *linearised* balance, which is exact: whatever the Newton tolerance, no water is
made or lost; the difference to θ(u) is below the tolerance and is corrected by the next stage (after Celia 1990).

Fluxes are positive downward: q = (φ_a - φ_b)/d + w K_a + (1 - w) K_b, exact in the capillary part (Kirchhoff
integral). The weight w of gravity is just enough upstream to keep fronts free of oscillation (Scharfetter and
Gummel's exponential fit), and turns into the integral mean of K towards hydrostatic rest, which is kept exactly.
"""

from __future__ import annotations

import numba
import numpy as np

from deepsoil.soil.tables import CELLS, CELLS_PER_U, S0_CM

# columns of the per-node work array
TH, DTH, K, DK, PHI, DPHI, S, DS = range(8)
WORK_COLUMNS = 12  # 8 function values, then the tridiagonal system: lower, diagonal, upper, right-hand side
LOW, DIAG, UP, RHS = 8, 9, 10, 11

# boundary vector: see `boundary` in column.py
SUPPLY, TRANSPIRATION, BOTTOM_KIND, BOTTOM_DISTANCE = 0, 1, 2, 3
FREE_DRAINAGE, POTENTIAL, CLOSED = 0, 1, 2
# results of a stage, all cm/day: into the surface, out of the base, taken by roots
TOP, BASE, ROOTS = 0, 1, 2

MAXIMUM_ITERATIONS = 25
STEP_LIMIT_U = 2.0
NEAR_SATURATION_U = 0.02
ROOT_STRESS_FROM_CM = 1000.0
ROOT_STRESS_TO_CM = 15_000.0


@numba.njit(cache=True, inline="always")
def evaluate(table: np.ndarray, u: float, out: np.ndarray) -> None:
    """θ, K, φ, suction and their slopes by u, from one soil's table (CELLS, 16), into out[0:8]."""
    if u < 0.0:
        k = table[0, 4]
        out[TH], out[DTH], out[K], out[DK] = table[0, 0], 0.0, k, 0.0
        out[PHI], out[DPHI], out[S], out[DS] = table[0, 8] - k * S0_CM * u, -k * S0_CM, S0_CM * u, S0_CM
        return
    x = min(u * CELLS_PER_U, CELLS - 1e-9)
    cell = int(x)
    t = x - cell
    c = table[cell]
    out[TH] = c[0] + t * (c[1] + t * (c[2] + t * c[3]))
    out[DTH] = (c[1] + t * (2.0 * c[2] + 3.0 * t * c[3])) * CELLS_PER_U
    out[K] = c[4] + t * (c[5] + t * (c[6] + t * c[7]))
    out[DK] = (c[5] + t * (2.0 * c[6] + 3.0 * t * c[7])) * CELLS_PER_U
    out[PHI] = c[8] + t * (c[9] + t * (c[10] + t * c[11]))
    out[DPHI] = (c[9] + t * (2.0 * c[10] + 3.0 * t * c[11])) * CELLS_PER_U
    out[S] = c[12] + t * (c[13] + t * (c[14] + t * c[15]))
    out[DS] = (c[13] + t * (2.0 * c[14] + 3.0 * t * c[15])) * CELLS_PER_U


@numba.njit(cache=True, inline="always")
def gravity_weight(a: np.ndarray, b: np.ndarray, distance: float) -> float:
    """Weight of the upper conductivity in the gravity part of the flux from a down to b (function values)."""
    drop = b[S] - a[S]
    d_k, d_phi = a[K] - b[K], a[PHI] - b[PHI]
    if abs(drop) < 1e-9 * (1.0 + abs(a[S])) or abs(d_k) < 1e-300 or d_phi * d_k <= 0.0:
        return 0.5
    x = 0.5 * distance * d_k / d_phi
    upstream = 0.5 + 0.5 * x * (1.5 + x) / (4.5 + x * (2.5 + x))  # ≈ (1 + coth x - 1/x) / 2
    near_rest = 1.0 - abs(1.0 + drop / distance)
    if near_rest > 0.0:
        balanced = min(max((d_phi / drop - b[K]) / d_k, 0.0), 1.0)
        upstream += (balanced - upstream) * near_rest
    return upstream


@numba.njit(cache=True)
def layered_flux(
    table_a: np.ndarray, table_b: np.ndarray, a: np.ndarray, b: np.ndarray, u_a: float, u_b: float,
    half_a: float, half_b: float, other: np.ndarray,
) -> tuple[float, float, float]:  # fmt: skip
    """Flux across the border of two soils, and its slopes by u_a and u_b.

    Each soil's K is averaged over the suctions between the nodes; the two halves act in series.
    """
    drop = b[S] - a[S]
    if abs(drop) < 1e-6:
        # nodes of equal suction: their means are the conductivities themselves
        evaluate(table_b, u_a, other)
        k_a, k_b = a[K], other[K]
        slope_a_by_a = slope_a_by_b = 0.5 * a[DK]
        slope_b_by_a = slope_b_by_b = 0.5 * other[DK]
    else:
        evaluate(table_a, u_b, other)
        k_a = (a[PHI] - other[PHI]) / drop
        slope_a_by_a = (a[DPHI] + k_a * a[DS]) / drop
        slope_a_by_b = (-other[DPHI] - k_a * b[DS]) / drop
        evaluate(table_b, u_a, other)
        k_b = (other[PHI] - b[PHI]) / drop
        slope_b_by_a = (other[DPHI] + k_b * a[DS]) / drop
        slope_b_by_b = (-b[DPHI] - k_b * b[DS]) / drop
    k_a, k_b = max(k_a, 1e-300), max(k_b, 1e-300)
    distance = half_a + half_b
    share_a, share_b = half_a / k_a, half_b / k_b
    resistance = share_a + share_b
    mean = distance / resistance
    by_a = mean / resistance * (share_a / k_a * slope_a_by_a + share_b / k_b * slope_b_by_a)
    by_b = mean / resistance * (share_a / k_a * slope_a_by_b + share_b / k_b * slope_b_by_b)
    gradient = drop / distance + 1.0
    return (
        mean * gradient,
        by_a * gradient - mean * a[DS] / distance,
        by_b * gradient + mean * b[DS] / distance,
    )


@numba.njit(cache=True, inline="always")
def top_flux(first: np.ndarray, wet: np.ndarray, dry: np.ndarray, half: float, supply: float) -> tuple[float, float]:
    """Flux into the surface and its slope by u of the first node.

    supply > 0 enters as far as the surface at its wettest lets it; supply < 0 is drawn as far as the surface at
    its driest can deliver it.
    """
    limit = wet if supply >= 0.0 else dry
    weight = gravity_weight(limit, first, half)
    possible = (limit[PHI] - first[PHI]) / half + weight * limit[K] + (1.0 - weight) * first[K]
    slope = -first[DPHI] / half + (1.0 - weight) * first[DK]
    if supply >= 0.0:
        if supply <= possible:
            return supply, 0.0
        return possible, slope
    if supply >= possible:
        return supply, 0.0
    if possible >= 0.0:
        return 0.0, 0.0
    return possible, slope


@numba.njit(cache=True, inline="always")
def bottom_flux(last: np.ndarray, base: np.ndarray, boundary: np.ndarray) -> tuple[float, float]:
    """Flux out of the base and its slope by u of the last node."""
    kind = boundary[BOTTOM_KIND]
    if kind == FREE_DRAINAGE:
        return last[K], last[DK]
    if kind == CLOSED:
        return 0.0, 0.0
    half = boundary[BOTTOM_DISTANCE]
    weight = gravity_weight(last, base, half)
    flux = (last[PHI] - base[PHI]) / half + weight * last[K] + (1.0 - weight) * base[K]
    return flux, last[DPHI] / half + weight * last[DK]


@numba.njit(cache=True)
def _assemble(
    tables: np.ndarray, layers: np.ndarray, thickness: np.ndarray, u: np.ndarray, target: np.ndarray, step: float,
    boundary: np.ndarray, roots: np.ndarray, limits: np.ndarray, work: np.ndarray, weights: np.ndarray,
    update_weights: bool, rates: np.ndarray, slopes: np.ndarray,
) -> None:  # fmt: skip
    """Fill the tridiagonal system of the balance thickness·(θ(u) - target) + step·(outflow - inflow) = 0.

    Leaves the boundary fluxes at u in `rates` and the slopes by the first and last u in `slopes`.
    """
    nodes = len(u)
    for i in range(nodes):
        row = work[i]
        evaluate(tables[layers[i]], u[i], row)
        row[RHS] = thickness[i] * (target[i] - row[TH])
        row[DIAG] = thickness[i] * row[DTH]
    uptake = 0.0
    if boundary[TRANSPIRATION] > 0.0:
        span = ROOT_STRESS_TO_CM - ROOT_STRESS_FROM_CM
        for i in range(nodes):
            row = work[i]
            wanted = boundary[TRANSPIRATION] * roots[i]
            if row[S] >= ROOT_STRESS_TO_CM:
                continue
            taken = wanted
            if row[S] > ROOT_STRESS_FROM_CM:
                taken = wanted * (ROOT_STRESS_TO_CM - row[S]) / span
                row[DIAG] -= step * wanted * row[DS] / span
            row[RHS] -= step * taken
            uptake += taken
    rates[ROOTS] = uptake

    flux, slope = top_flux(work[0], limits[0], limits[1], 0.5 * thickness[0], boundary[SUPPLY])
    rates[TOP], slopes[TOP] = flux, slope
    work[0, RHS] += step * flux
    work[0, DIAG] -= step * slope
    for i in range(nodes - 1):
        a, b = work[i], work[i + 1]
        if layers[i] == layers[i + 1]:
            distance = 0.5 * (thickness[i] + thickness[i + 1])
            if update_weights:
                weights[i] = gravity_weight(a, b, distance)
            weight = weights[i]
            flux = (a[PHI] - b[PHI]) / distance + weight * a[K] + (1.0 - weight) * b[K]
            by_a = a[DPHI] / distance + weight * a[DK]
            by_b = -b[DPHI] / distance + (1.0 - weight) * b[DK]
        else:
            flux, by_a, by_b = layered_flux(
                tables[layers[i]], tables[layers[i + 1]], a, b, u[i], u[i + 1],
                0.5 * thickness[i], 0.5 * thickness[i + 1], limits[3],
            )  # fmt: skip
        a[RHS] -= step * flux
        a[DIAG] += step * by_a
        a[UP] = step * by_b
        b[RHS] += step * flux
        b[DIAG] -= step * by_b
        b[LOW] = -step * by_a
    flux, slope = bottom_flux(work[nodes - 1], limits[2], boundary)
    rates[BASE], slopes[BASE] = flux, slope
    work[nodes - 1, RHS] -= step * flux
    work[nodes - 1, DIAG] += step * slope


@numba.njit(cache=True)
def _thomas(work: np.ndarray, nodes: int) -> bool:
    """Solve the tridiagonal system in place; the solution is left in the RHS column. False: singular."""
    if work[0, DIAG] == 0.0:
        return False
    for i in range(1, nodes):
        factor = work[i, LOW] / work[i - 1, DIAG]
        work[i, DIAG] -= factor * work[i - 1, UP]
        work[i, RHS] -= factor * work[i - 1, RHS]
        if work[i, DIAG] == 0.0:
            return False
    work[nodes - 1, RHS] /= work[nodes - 1, DIAG]
    for i in range(nodes - 2, -1, -1):
        work[i, RHS] = (work[i, RHS] - work[i, UP] * work[i + 1, RHS]) / work[i, DIAG]
    return True


@numba.njit(cache=True)
def solve_stage(
    tables: np.ndarray, layers: np.ndarray, thickness: np.ndarray, u: np.ndarray, target: np.ndarray, step: float,
    boundary: np.ndarray, roots: np.ndarray, limits: np.ndarray, work: np.ndarray, weights: np.ndarray,
    tolerance: float, water: np.ndarray, rates: np.ndarray,
) -> int:  # fmt: skip
    """One implicit stage: θ_new = target + step·(net inflow at the new state)/thickness.

    u (nodes,) is the first guess and the result; `water` (nodes,) receives θ, `rates` the boundary fluxes.
    Returns the number of Newton iterations, or -1 where they do not converge.
    """
    nodes = len(u)
    slopes = np.zeros(2)
    for iteration in range(MAXIMUM_ITERATIONS):
        _assemble(
            tables, layers, thickness, u, target, step, boundary, roots, limits, work, weights, iteration < 3, rates,
            slopes,
        )  # fmt: skip
        if not _thomas(work, nodes):
            return -1
        largest = 0.0
        for i in range(nodes):
            change = work[i, RHS]
            if not np.isfinite(change):
                return -1
            if u[i] > 0.0:
                largest = max(largest, abs(change))
                if u[i] + change > 0.0:
                    u[i] += min(max(change, -STEP_LIMIT_U), STEP_LIMIT_U)
                elif u[i] > NEAR_SATURATION_U:
                    # K is convex and steep here for n < 2: Newton overshoots from the dry side, so creep up
                    u[i] *= 0.1
                    largest = 1.0
                else:
                    u[i] += change
            else:
                largest = max(largest, S0_CM * abs(change))
                if u[i] + change > NEAR_SATURATION_U:
                    # and leaves saturation by the steep side, where Newton converges from below
                    u[i] = NEAR_SATURATION_U
                    largest = 1.0
                else:
                    u[i] += change
        if largest < tolerance:
            rates[TOP] += slopes[TOP] * work[0, RHS]
            rates[BASE] += slopes[BASE] * work[nodes - 1, RHS]
            uptake = 0.0
            span = ROOT_STRESS_TO_CM - ROOT_STRESS_FROM_CM
            for i in range(nodes):
                row = work[i]
                water[i] = row[TH] + row[DTH] * row[RHS]
                if ROOT_STRESS_FROM_CM < row[S] < ROOT_STRESS_TO_CM:
                    uptake -= boundary[TRANSPIRATION] * roots[i] * row[DS] * row[RHS] / span
            rates[ROOTS] += uptake
            return iteration + 1
    return -1
