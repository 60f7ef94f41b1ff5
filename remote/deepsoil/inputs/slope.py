"""Slope, aspect and northness from elevation and the size of a pixel on the ground. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FLAT_DEGREES = 1e-4
"""Below this slope the aspect is undefined."""


def slope_aspect(elevation: NDArray[np.float32], ground_m: NDArray[np.float64] | float,
                 ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Slope and aspect (…, H, W) in degrees by Horn's third-order differences over 3 × 3 pixels.

    elevation   (…, H, W) m, NaN missing
    ground_m    size of a pixel on the ground in m: one number, or an array that fits, such as (H, 1) by row

    Aspect is the downslope direction, clockwise from north, 0 to 360; NaN where it is flat. A missing
    neighbour (edge, hole) is extrapolated linearly from those that are known.

    Source: Horn (1981), Hill shading and the reflectance map, Proc. IEEE 69(1).
    """
    z = elevation.astype(np.float64)
    wide = np.pad(z, (*((0, 0),) * (z.ndim - 2), (1, 1), (1, 1)), constant_values=np.nan)
    height, width = z.shape[-2:]

    def at(down: int, right: int) -> NDArray[np.float64]:
        return wide[..., 1 + down:1 + down + height, 1 + right:1 + right + width]

    def beside(down: int, right: int) -> NDArray[np.float64]:
        here, opposite = at(down, right), at(-down, -right)
        return np.where(np.isnan(here), np.where(np.isnan(opposite), z, 2 * z - opposite), here)

    n, s, e, w = beside(-1, 0), beside(1, 0), beside(0, 1), beside(0, -1)

    def diagonal(down: int, right: int) -> NDArray[np.float64]:
        here = at(down, right)
        return np.where(np.isnan(here), (n if down < 0 else s) + (e if right > 0 else w) - z, here)

    ne, nw, se, sw = diagonal(-1, 1), diagonal(-1, -1), diagonal(1, 1), diagonal(1, -1)
    east = (ne + 2 * e + se - nw - 2 * w - sw) / (8 * ground_m)
    north = (nw + 2 * n + ne - sw - 2 * s - se) / (8 * ground_m)
    east[np.isnan(z)] = np.nan
    slope = np.degrees(np.arctan(np.hypot(east, north)))
    aspect = np.degrees(np.arctan2(-east, -north)) % 360.0
    aspect[slope < FLAT_DEGREES] = np.nan
    return slope.astype(np.float32), aspect.astype(np.float32)


def northness(slope: NDArray[np.float32], aspect: NDArray[np.float32]) -> NDArray[np.float32]:
    """cos(aspect) · sin(slope): 1 on a vertical north face, −1 on a south face, 0 on flat ground."""
    facing = np.where(np.isnan(aspect) & ~np.isnan(slope), 0.0, np.cos(np.radians(aspect)))
    return (facing * np.sin(np.radians(slope))).astype(np.float32)
