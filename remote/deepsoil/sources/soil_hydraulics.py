"""Hydraulic parameter maps from texture, by the Rosetta table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepsoil.soil import rosetta

CHANNELS = ("theta_r", "theta_s", "log10_vg_alpha", "vg_n", "log10_ks")
_ROWS_AT_ONCE = 256


def from_texture(sand: NDArray[np.float32], silt: NDArray[np.float32],
                 clay: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """The hydraulic channels (H, W) from texture (H, W) in %; NaN where it is missing.

    Raises DeepSoilError ``bad_texture`` for a texture that does not add up to 100 %.
    """
    maps = {name: np.empty(sand.shape, np.float32) for name in CHANNELS}
    for top in range(0, sand.shape[0], _ROWS_AT_ONCE):
        rows = slice(top, top + _ROWS_AT_ONCE)
        soil = rosetta.parameters(sand[rows], silt[rows], clay[rows])
        maps["theta_r"][rows], maps["theta_s"][rows], maps["vg_n"][rows] = soil.theta_r, soil.theta_s, soil.vg_n
        maps["log10_vg_alpha"][rows] = np.log10(soil.vg_alpha_per_cm)
        maps["log10_ks"][rows] = np.log10(soil.ks_cm_per_day)
    return maps
