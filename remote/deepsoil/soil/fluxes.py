"""Hydraulic functions of a node and the fluxes between nodes, through the surface and out of the base; compiled.

Fluxes are positive downward: q = M (1 + G) + B, with M the mean of K over the suctions between two nodes (Kirchhoff
integral: exact in the capillary part, and exact at hydrostatic rest, G = -1) and B = β (K_a - M) for downward flow,
just enough of the upper node's K to keep wetting fronts free of oscillation (Scharfetter and Gummel's fit).

The kernels index whole arrays instead of taking rows: numba counts references to every row taken.
"""

from __future__ import annotations

import numpy as np

from deepsoil.soil.compiled import kernel
from deepsoil.soil.hydraulic_tables import CELLS, CELLS_PER_U, S0_CM
from deepsoil.soil.work_arrays import (
    BOTTOM_KIND,
    CLOSED,
    DK,
    DPHI,
    DRY_SURFACE,
    DS,
    DTH,
    FIXED_BASE,
    FREE_DRAINAGE,
    PHI,
    TH,
    WET_SURFACE,
    K,
    S,
)

# Storage of saturated soil by the elasticity of its grains, 1e-6 per cm of pressure: the stiff end of what is
# measured (dense sand; Domenico and Mifflin 1965, Water Resour. Res. 1:563). Without it pressure has no say in the
# balance: a saturated column between two given fluxes is singular, and what the last step left above saturation must
# leave at once, under a pressure that grows as steps get smaller.
ELASTIC_DTH = 1e-6 * S0_CM
# Slopes that the Jacobian pretends where a curve has none; they do not touch the balance, only the way to it.
LEAST_DTH = -1e-12  # SWIM3's curves have a plateau near saturation
SATURATED_DK = -1.0  # per Ks


@kernel
def evaluate(tables: np.ndarray, soil: int, u: float, work: np.ndarray, row: int) -> None:
    """θ, K, φ, suction and their slopes by u of one soil of tables (M, CELLS, 4, 4), into columns 0-7 of a work row."""
    if u < 0.0:
        k = tables[soil, 0, 0, K]
        work[row, TH], work[row, DTH] = tables[soil, 0, 0, TH] - ELASTIC_DTH * u, -ELASTIC_DTH
        work[row, K], work[row, DK] = k, 0.0
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
    work[row, 4], work[row, 5] = min(s0 * CELLS_PER_U, LEAST_DTH), s1 * CELLS_PER_U
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
