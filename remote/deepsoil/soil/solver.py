"""The numerical kernel: one implicit stage of the mixed-form Richards equation for one column, compiled by numba.

Finite volumes, unknown u (transformed suction, see `tables`), Newton with the Thomas algorithm. A converged stage
returns the water contents of the *linearised* balance, which is exact: whatever the Newton tolerance, no water is
made or lost; the difference to θ(u) is below the tolerance and is corrected by the next stage (after Celia 1990).

Fluxes are positive downward: q = M (1 + G) + B, with M the mean of K over the suctions between two nodes (Kirchhoff
integral: exact in the capillary part, and exact at hydrostatic rest, G = -1) and B = β (K_a - M) for downward flow,
just enough of the upper node's K to keep wetting fronts free of oscillation (Scharfetter and Gummel's fit).

The kernels index whole arrays instead of taking rows: numba counts references to every row taken.
"""

from __future__ import annotations

import numpy as np

from deepsoil.soil.compiled import kernel
from deepsoil.soil.tables import CELLS, CELLS_PER_U, S0_CM

# columns of the work array: four function values and their four slopes by u, then the tridiagonal system
TH, K, PHI, S, DTH, DK, DPHI, DS, LOW, DIAG, UP, RHS = range(12)
WORK_COLUMNS = 12
# rows of the work array behind those of the nodes
WET_SURFACE, DRY_SURFACE, FIXED_BASE, OTHER = range(4)
EXTRA_ROWS = 4

# columns of the grid (nodes, 3), cm: thickness of the layer, distances of the node from its upper and its lower edge
THICKNESS, ABOVE, BELOW = range(3)

# boundary vector: rates in cm/day, the kind of the base
SUPPLY, TRANSPIRATION, BOTTOM_KIND = range(3)
BOUNDARY_VALUES = 3
FREE_DRAINAGE, POTENTIAL, CLOSED = 0, 1, 2
# results of a stage, all cm/day: into the surface, out of the base, taken by roots
TOP, BASE, ROOTS = range(3)

MAXIMUM_ITERATIONS = 30
LEAST_HALF_CM = 0.01  # between the surface or the base and a node that lies in it (SWIM3's layout)
UNDAMPED_ITERATIONS = 5
STEP_LIMIT_U = 2.0
NEAR_SATURATION_U = 0.5
SHARES_STAND_BELOW_U = 0.2  # β follows u while it moves more than this, then stand: Newton is quadratic
WATER_COUNTS_FROM_U = 0.3
# Slopes that the Jacobian pretends where a saturated cell has none; without them a saturated column between two
# given fluxes is singular. They do not touch the balance, only the way to it.
SATURATED_DTH = -1e-12  # also the least anywhere: SWIM3's curves have a plateau near saturation
SATURATED_DK = -1.0  # per Ks

ROOT_STRESS_FROM_CM = 1000.0
ROOT_STRESS_TO_CM = 15_000.0
ROOT_STRESS_SPAN_CM = ROOT_STRESS_TO_CM - ROOT_STRESS_FROM_CM


@kernel
def evaluate(tables: np.ndarray, soil: int, u: float, work: np.ndarray, row: int) -> None:
    """θ, K, φ, suction and their slopes by u of one soil of tables (M, CELLS, 4, 4), into columns 0-7 of a work row."""
    if u < 0.0:
        k = tables[soil, 0, 0, K]
        work[row, TH], work[row, DTH], work[row, K], work[row, DK] = tables[soil, 0, 0, TH], SATURATED_DTH, k, 0.0
        work[row, PHI], work[row, DPHI] = tables[soil, 0, 0, PHI] - k * S0_CM * u, -k * S0_CM
        work[row, S], work[row, DS] = S0_CM * u, S0_CM
        return
    x = min(u * CELLS_PER_U, CELLS - 1e-9)
    cell = int(x)
    t = x - cell
    # All loads before all stores, four functions side by side: only so does this become vector instructions.
    c = tables[soil, cell]
    a0, a1, a2, a3 = c[0, 0], c[0, 1], c[0, 2], c[0, 3]
    b0, b1, b2, b3 = c[1, 0], c[1, 1], c[1, 2], c[1, 3]
    c0, c1, c2, c3 = c[2, 0], c[2, 1], c[2, 2], c[2, 3]
    d0, d1, d2, d3 = c[3, 0], c[3, 1], c[3, 2], c[3, 3]
    v0, v1 = a0 + t * (b0 + t * (c0 + t * d0)), a1 + t * (b1 + t * (c1 + t * d1))
    v2, v3 = a2 + t * (b2 + t * (c2 + t * d2)), a3 + t * (b3 + t * (c3 + t * d3))
    s0, s1 = b0 + t * (2.0 * c0 + 3.0 * t * d0), b1 + t * (2.0 * c1 + 3.0 * t * d1)
    s2, s3 = b2 + t * (2.0 * c2 + 3.0 * t * d2), b3 + t * (2.0 * c3 + 3.0 * t * d3)
    work[row, 0], work[row, 1], work[row, 2], work[row, 3] = v0, v1, v2, v3
    work[row, 4], work[row, 5] = min(s0 * CELLS_PER_U, SATURATED_DTH), s1 * CELLS_PER_U
    work[row, 6], work[row, 7] = s2 * CELLS_PER_U, s3 * CELLS_PER_U


@kernel
def upstream_share(work: np.ndarray, a: int, b: int, distance: float) -> float:
    """β of the flux from work row a down to row b: 0 where K hardly changes between them, towards 1 at a front."""
    d_k, d_phi = work[a, K] - work[b, K], work[a, PHI] - work[b, PHI]
    if d_k * d_phi <= 0.0:
        return 0.0
    x = 0.5 * distance * d_k / d_phi
    return x * (1.5 + x) / (4.5 + x * (2.5 + x))  # ≈ coth x - 1/x


@kernel
def face_flux(work: np.ndarray, a: int, b: int, distance: float, share: float) -> tuple[float, float, float]:
    """Flux from work row a down to row b of the same soil, and its slopes by their u; share: β."""
    drop = work[b, S] - work[a, S]
    if abs(drop) < 1e-6 * (1.0 + abs(work[a, S])):
        # the limit of the quotient below; K itself differs from the slope of the cubic φ, and Newton would see a jump
        mean = -0.5 * (work[a, DPHI] / work[a, DS] + work[b, DPHI] / work[b, DS])
        mean_by_a, mean_by_b = 0.5 * work[a, DK], 0.5 * work[b, DK]
    else:
        inverse = 1.0 / drop
        mean = (work[a, PHI] - work[b, PHI]) * inverse
        mean_by_a = (work[a, DPHI] + mean * work[a, DS]) * inverse
        mean_by_b = -(work[b, DPHI] + mean * work[b, DS]) * inverse
    gradient = 1.0 + drop / distance
    slope_a, slope_b = work[a, DS] / distance, work[b, DS] / distance
    flux = mean * gradient
    by_a, by_b = mean_by_a * gradient - mean * slope_a, mean_by_b * gradient + mean * slope_b
    if gradient > 0.0:
        excess = share * (work[a, K] - mean)
        part = min(gradient, 1.0)
        flux += part * excess
        by_a += part * share * (work[a, DK] - mean_by_a)
        by_b -= part * share * mean_by_b
        if gradient < 1.0:
            by_a -= slope_a * excess
            by_b += slope_b * excess
    return flux, by_a, by_b


@kernel
def layered_flux(
    tables: np.ndarray, soil_a: int, soil_b: int, u_a: float, u_b: float, work: np.ndarray, a: int, b: int,
    half_a: float, half_b: float, other: int,
) -> tuple[float, float, float]:  # fmt: skip
    """Flux across the border of two soils, and its slopes by u_a and u_b.

    Each soil's K is averaged over the suctions between the nodes; the two halves act in series.
    """
    drop = work[b, S] - work[a, S]
    if abs(drop) < 1e-6:
        # nodes of equal suction: their means are the conductivities themselves
        evaluate(tables, soil_b, u_a, work, other)
        k_a, k_b = -work[a, DPHI] / work[a, DS], -work[other, DPHI] / work[other, DS]
        slope_a_by_a = slope_a_by_b = 0.5 * work[a, DK]
        slope_b_by_a = slope_b_by_b = 0.5 * work[other, DK]
    else:
        evaluate(tables, soil_a, u_b, work, other)
        k_a = (work[a, PHI] - work[other, PHI]) / drop
        slope_a_by_a = (work[a, DPHI] + k_a * work[a, DS]) / drop
        slope_a_by_b = (-work[other, DPHI] - k_a * work[b, DS]) / drop
        evaluate(tables, soil_b, u_a, work, other)
        k_b = (work[other, PHI] - work[b, PHI]) / drop
        slope_b_by_a = (work[other, DPHI] + k_b * work[a, DS]) / drop
        slope_b_by_b = (-work[b, DPHI] - k_b * work[b, DS]) / drop
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
        by_a * gradient - mean * work[a, DS] / distance,
        by_b * gradient + mean * work[b, DS] / distance,
    )


@kernel
def top_flux(work: np.ndarray, nodes: int, half: float, supply: float) -> tuple[float, float]:
    """Flux into the surface and its slope by u of the first node.

    supply > 0 enters as far as the surface at its wettest lets it; supply < 0 is drawn as far as the surface at
    its driest can deliver it.
    """
    unsaturated = work[0, S] >= 0.0
    wet, dry = nodes + WET_SURFACE, nodes + DRY_SURFACE
    # below an unsaturated node the gradient is at least 1: whatever the layers' thickness, K of the surface enters
    if unsaturated and 0.0 <= supply <= work[wet, K]:
        return supply, 0.0
    limit = wet if supply >= 0.0 else dry
    possible, _, slope = face_flux(work, limit, 0, half, upstream_share(work, limit, 0, half))
    if supply >= 0.0:
        if unsaturated and possible < work[wet, K]:
            possible, slope = work[wet, K], 0.0
        if supply <= possible:
            return supply, 0.0
        return possible, slope
    if supply >= possible:
        return supply, 0.0
    if possible >= 0.0:
        return 0.0, 0.0
    return possible, slope


@kernel
def bottom_flux(work: np.ndarray, nodes: int, half: float, boundary: np.ndarray) -> tuple[float, float]:
    """Flux out of the base and its slope by u of the last node."""
    last, base = nodes - 1, nodes + FIXED_BASE
    kind = boundary[BOTTOM_KIND]
    if kind == FREE_DRAINAGE:
        if work[last, S] <= 0.0 or work[last, DK] == 0.0:
            return work[last, K], SATURATED_DK * work[last, K]
        return work[last, K], work[last, DK]
    if kind == CLOSED:
        return 0.0, 0.0
    flux, slope, _ = face_flux(work, last, base, half, upstream_share(work, last, base, half))
    return flux, slope


@kernel
def _storage_and_roots(
    tables: np.ndarray, layers: np.ndarray, grid: np.ndarray, u: np.ndarray, target: np.ndarray, step: float,
    transpiration: float, roots: np.ndarray, work: np.ndarray,
) -> float:  # fmt: skip
    """Start the system with storage and uptake; the uptake in cm/day."""
    uptake = 0.0
    for i in range(len(u)):
        evaluate(tables, layers[i], u[i], work, i)
        thickness = grid[i, THICKNESS]
        work[i, RHS] = thickness * (target[i] - work[i, TH])
        work[i, DIAG] = thickness * work[i, DTH]
        if transpiration > 0.0 and work[i, S] < ROOT_STRESS_TO_CM:
            taken = wanted = transpiration * roots[i]
            if work[i, S] > ROOT_STRESS_FROM_CM:
                taken *= (ROOT_STRESS_TO_CM - work[i, S]) / ROOT_STRESS_SPAN_CM
                work[i, DIAG] -= step * wanted * work[i, DS] / ROOT_STRESS_SPAN_CM
            work[i, RHS] -= step * taken
            uptake += taken
    return uptake


@kernel
def _assemble(
    tables: np.ndarray, layers: np.ndarray, grid: np.ndarray, u: np.ndarray, target: np.ndarray, step: float,
    boundary: np.ndarray, roots: np.ndarray, work: np.ndarray, shares: np.ndarray, update_shares: bool,
    rates: np.ndarray,
) -> tuple[float, float]:  # fmt: skip
    """Fill the tridiagonal system of the balance thickness·(θ(u) - target) + step·(outflow - inflow) = 0.

    Leaves the boundary fluxes at u in `rates` and returns the slopes of top and base by the first and the last u.
    """
    nodes = len(u)
    rates[ROOTS] = _storage_and_roots(tables, layers, grid, u, target, step, boundary[TRANSPIRATION], roots, work)
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
    """Add the Newton step in RHS to u, damped around saturation; the largest wish, NaN where it is not finite.

    moved (nodes,) holds the last movements. Where `damped`, a node that turns back may go half as far as it came:
    between saturated and steep K, Newton would swing for ever.
    """
    largest = 0.0
    for i in range(len(u)):
        change = work[i, RHS]
        if not np.isfinite(change):
            return np.nan
        before = u[i]
        if u[i] > 0.0:
            if change < -WATER_COUNTS_FROM_U:
                # Newton's wish in water: in dry soil θ is flat and convex in u, and a straight line shoots far over
                wish = work[i, TH] + work[i, DTH] * change
                if wish < tables[layers[i], 0, 0, TH]:
                    change = max(change, _u_of_water(tables, layers[i], wish) - before)
            largest = max(largest, abs(change))
            if damped and change * moved[i] < 0.0:
                change = min(max(change, -0.5 * abs(moved[i])), 0.5 * abs(moved[i]))
            if u[i] + change > 0.0:
                u[i] += min(max(change, -STEP_LIMIT_U), STEP_LIMIT_U)
            elif u[i] > NEAR_SATURATION_U:
                # K is convex and steep here for n < 2: Newton overshoots from the dry side, so creep up
                u[i] *= 0.1
                largest = max(largest, 1.0)
            else:
                u[i] += change
        else:
            largest = max(largest, S0_CM * abs(change))
            if u[i] + change > NEAR_SATURATION_U:
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
    largest = 1.0
    for iteration in range(MAXIMUM_ITERATIONS):
        update_shares = iteration < 6 and largest > SHARES_STAND_BELOW_U
        top_slope, base_slope = _assemble(
            tables, layers, grid, u, target, step, boundary, roots, work, shares, update_shares, rates
        )
        if not _thomas(work, nodes):
            return -1
        largest = _update(tables, layers, u, work, moved, iteration > UNDAMPED_ITERATIONS)
        if np.isnan(largest):
            return -1
        if largest < tolerance:
            rates[TOP] += top_slope * work[0, RHS]
            rates[BASE] += base_slope * work[nodes - 1, RHS]
            for i in range(nodes):
                water[i] = work[i, TH] + work[i, DTH] * work[i, RHS]
                if boundary[TRANSPIRATION] > 0.0 and ROOT_STRESS_FROM_CM < work[i, S] < ROOT_STRESS_TO_CM:
                    per_u = boundary[TRANSPIRATION] * roots[i] * work[i, DS] / ROOT_STRESS_SPAN_CM
                    rates[ROOTS] -= per_u * work[i, RHS]
            return iteration + 1
    return -1
