"""How sure Rosetta 3 is of its parameters: their covariance by texture, from a shipped table.

Rosetta 3 is 1,000 networks, each trained on another bootstrap sample of 2,134 soils, and 100 more for K0 and L
(Zhang & Schaap 2017, J. Hydrol. 547:39; Schaap et al. 2001, J. Hydrol. 251:163). Their covariance says how well the
mean of all soils of a texture is known. A single soil differs from that mean by more: see `soil_covariance`.
`rosetta_table` builds the table, on textures in steps of 5 %.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil.retention import KS
from deepsoil.soil.rosetta import COLUMNS, DEFAULT_TOLERANCE_PERCENT, interpolate, lattice, normalise_texture

Array = NDArray[np.float64]

SPREAD_PATH = Path(__file__).with_name("rosetta3_spread.npz")
STEP_PERCENT = 5
SOIL_FACTOR = 6.0
LARGEST_SD_THETA_S = 0.1
TRIANGLE = np.triu_indices(len(COLUMNS))


@cache
def _grid() -> Array:
    """The table as (sand, silt, 7, 7); NaN outside the triangle of textures."""
    if not SPREAD_PATH.is_file():
        raise DeepSoilError(
            "table_missing",
            "The table of soil parameters is missing: {name}.",
            "Install the engine again, or build the table with `python -m deepsoil.soil.rosetta_table`.",
            name=SPREAD_PATH.name)
    with np.load(SPREAD_PATH) as file:
        rows = file["covariance"].astype(np.float64)
    size, points = len(COLUMNS), lattice(STEP_PERCENT) // STEP_PERCENT
    cells = 100 // STEP_PERCENT
    grid = np.full((cells + 1, cells + 1, size, size), np.nan)
    for (row, column), values in zip(np.transpose(TRIANGLE), rows.T, strict=True):
        grid[points[:, 0], points[:, 1], row, column] = values
        grid[points[:, 0], points[:, 1], column, row] = values
    return grid


def parameter_covariance(
    sand: ArrayLike, silt: ArrayLike, clay: ArrayLike, tolerance: float = DEFAULT_TOLERANCE_PERCENT
) -> Array:
    """Covariance of Rosetta's estimates of textures in per cent (any shape), (..., 7, 7); NaN where one is missing.

    Rows and columns are `rosetta.COLUMNS`: θr, θs, log10 α (1/cm), log10 n, log10 Ks, log10 K0 (cm/day), L. It is
    interpolated linearly, so that it stays positive definite. Raises what `rosetta.normalise_texture` raises.
    """
    sand_n, silt_n, _ = normalise_texture(sand, silt, clay, tolerance)
    return interpolate(_grid(), sand_n, silt_n)


def soil_covariance(
    sand: ArrayLike, silt: ArrayLike, clay: ArrayLike, tolerance: float = DEFAULT_TOLERANCE_PERCENT
) -> Array:
    """Covariance with which a single soil of a texture differs from Rosetta's estimate, (..., 7, 7).

    Standard deviations of θr, θs, α, n and Ks are SOIL_FACTOR times those of the estimate: θ at 33 kPa then scatters
    by about 0.07 m³/m³ and log10 Ks by 0.7 in loams: the published root mean square errors for models of texture
    are up to 0.078 and 0.739 (Schaap et al. 2001). In clay, where the networks had few soils, the factor shrinks so
    that θs keeps LARGEST_SD_THETA_S, what is seen within classes of texture. K0 and L keep the networks' own spread,
    which already gives the published error of unsaturated conductivity (0.8 to 1.1 in log10 K).
    """
    estimate = parameter_covariance(sand, silt, clay, tolerance)
    factor = np.minimum(SOIL_FACTOR, LARGEST_SD_THETA_S / np.sqrt(estimate[..., 1, 1]))
    scale = np.where(np.arange(len(COLUMNS)) < KS + 1, factor[..., None], 1.0)
    return np.asarray(scale[..., :, None] * estimate * scale[..., None, :])
