"""Texture to van Genuchten parameters: a shipped table of Rosetta 3, looked up by barycentric interpolation.

The table contains the 5,151 textures in whole per cents; interpolation is in log space for α, n and Ks, and
differs from the networks themselves by less than 2e-4 m³/m³. `rosetta_table` builds the table.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil.retention import VanGenuchten

TABLE_PATH = Path(__file__).with_name("rosetta3.npz")
COLUMNS = ("theta_r", "theta_s", "log10_vg_alpha_per_cm", "log10_vg_n", "log10_ks_cm_per_day", "log10_k0_cm_per_day",
           "mualem_l")
DEFAULT_TOLERANCE_PERCENT = 5.0


def lattice(step_percent: int = 1) -> NDArray[np.int64]:
    """Textures in steps of whole per cents as rows (sand, silt, clay), in order of sand, then silt; 5,151 of 1 %."""
    cells = 100 // step_percent
    sand, silt = np.nonzero(np.add.outer(np.arange(cells + 1), np.arange(cells + 1)) <= cells)
    return np.stack([sand, silt, cells - sand - silt], axis=1) * step_percent


def texture_is_valid(
    sand: ArrayLike, silt: ArrayLike, clay: ArrayLike, tolerance: float = DEFAULT_TOLERANCE_PERCENT
) -> NDArray[np.bool_]:
    """Where a texture in per cent is complete, not negative, and sums to 100 ± tolerance."""
    a, b, c = (np.asarray(v, np.float64) for v in (sand, silt, clay))
    with np.errstate(invalid="ignore"):
        return (np.abs(a + b + c - 100.0) <= tolerance) & (np.minimum(np.minimum(a, b), c) >= 0.0)


def normalise_texture(
    sand: ArrayLike, silt: ArrayLike, clay: ArrayLike, tolerance: float = DEFAULT_TOLERANCE_PERCENT
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Texture in per cent scaled to a sum of 100 (Eq. 6). NaN in any fraction gives NaN in all.

    Raises DeepSoilError ``bad_texture`` if a complete texture is negative or does not sum to
    100 ± tolerance: such values are fractions of 1, another property, or a wrong nodata value.
    """
    a, b, c = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (sand, silt, clay)))
    total = a + b + c
    bad = ~np.isnan(total) & ~texture_is_valid(a, b, c, tolerance)
    if bad.any():
        first = tuple(int(i[0]) for i in np.nonzero(np.atleast_1d(bad)))
        values = ", ".join(f"{float(np.atleast_1d(v)[first]):g}" for v in (a, b, c))
        raise DeepSoilError(
            "bad_texture",
            "{bad} of {size} textures are not percentages that sum to 100 ± {tolerance:g};"
            " the first is sand, silt, clay = {texture}.",
            "Give sand, silt and clay in per cent, with missing values as NaN.",
            bad=int(bad.sum()), size=bad.size, tolerance=tolerance, texture=values)
    sand_n, silt_n = 100.0 * a / total, 100.0 * b / total
    return sand_n, silt_n, np.where(np.isnan(total), np.nan, 100.0 - sand_n - silt_n)


@cache
def _grid() -> NDArray[np.float64]:
    """The table as (sand, silt, parameter); NaN outside the triangle."""
    if not TABLE_PATH.is_file():
        raise DeepSoilError(
            "table_missing",
            "The table of soil parameters is missing: {name}.",
            "Install the engine again, or build the table with `python -m deepsoil.soil.rosetta_table`.",
            name=TABLE_PATH.name)
    with np.load(TABLE_PATH) as file:
        rows = file["parameters"].astype(np.float64)
    grid = np.full((101, 101, rows.shape[1]), np.nan)
    corners = lattice()
    grid[corners[:, 0], corners[:, 1]] = rows
    return grid


def interpolate(grid: NDArray[np.float64], sand: ArrayLike, silt: ArrayLike) -> NDArray[np.float64]:
    """Values at textures in per cent, between the three nearest points of a grid; NaN where the texture is.

    grid (M + 1, M + 1, ...) over sand and silt from 0 to 100, NaN outside the triangle; the result has the shape of
    the textures and the grid's further axes.
    """
    cells = grid.shape[0] - 1
    sand, silt = (np.asarray(v, np.float64) * cells / 100.0 for v in (sand, silt))
    missing = np.isnan(sand)
    x = np.where(missing, 0.0, np.clip(sand, 0.0, cells))
    y = np.where(missing, 0.0, np.clip(silt, 0.0, cells))
    i = np.minimum(np.floor(x).astype(np.int64), cells - 1)
    j = np.minimum(np.floor(y).astype(np.int64), cells - 1)
    # rounding may leave i + j = cells on the edge of the triangle, where only one vertex exists: step back
    i = np.where(i + j > cells - 1, np.maximum(cells - 1 - j, 0), i)
    u, v = x - i, y - j
    upper = u + v > 1.0
    weights = (np.where(upper, u + v - 1.0, 1.0 - u - v), np.where(upper, 1.0 - v, u), np.where(upper, 1.0 - u, v))
    corners = ((i + upper, j + upper), (i + 1, j), (i, j + 1))
    result = np.zeros((*x.shape, *grid.shape[2:]))
    further = (..., *(None,) * (grid.ndim - 2))
    for weight, (a, b) in zip(weights, corners, strict=True):
        # a vertex with (almost) no weight may lie outside the triangle, where the grid is NaN
        used = weight > 1e-9
        values = grid[np.minimum(a, cells), np.minimum(b, cells)]
        result += np.where(used[further], weight[further] * values, 0.0)
    result[missing] = np.nan
    return result


def parameters(
    sand: ArrayLike, silt: ArrayLike, clay: ArrayLike, tolerance: float = DEFAULT_TOLERANCE_PERCENT
) -> VanGenuchten:
    """van Genuchten parameters of textures in per cent, any shape; NaN where the texture is missing.

    Normalises first (`normalise_texture`, whose errors it raises), then interpolates between the three
    nearest textures of the table, and keeps theta_s - theta_r ≥ 0.05 and n ≥ 1.05.
    """
    sand_n, silt_n, _ = normalise_texture(sand, silt, clay, tolerance)
    result = interpolate(_grid(), sand_n, silt_n)
    theta_r, theta_s, log_alpha, log_n, log_ks, log_k0, mualem_l = np.moveaxis(result, -1, 0)
    ks = 10.0**log_ks
    return VanGenuchten(theta_r, theta_s, 10.0**log_alpha, 10.0**log_n, ks, np.minimum(10.0**log_k0, ks),
                        mualem_l).bounded()
