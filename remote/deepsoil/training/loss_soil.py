"""Whose retention curve the suction terms of the loss use (Eqs. 3 and 18): Rosetta's, or that of the region's maps."""

from __future__ import annotations

from typing import Literal

import numpy as np

from deepsoil.grid import Window
from deepsoil.soil.retention import VanGenuchten
from deepsoil.soil.rosetta import parameters, texture_is_valid
from deepsoil.store.store import Store
from deepsoil.training.batches import complete

Choice = Literal["auto", "rosetta", "store"]

MAPS = ("theta_r", "theta_s", "log10_vg_alpha", "vg_n")
MAPPED_DEPTH_CM = 5
"""The depth at which the paper takes the parameters of POLARIS; at 20 cm it has Rosetta's of the texture (§3.7.3)."""
SMALLEST_RANGE, SMALLEST_N = 0.05, 1.05
"""Of θs − θr and n: below, suction would have no slope in θ. Maps hold such values at their gaps' edges."""


def soil_of(store: Store, window: Window, depth_cm: int, choice: Choice) -> VanGenuchten:
    """Hydraulic parameters (H, W) of a window, alpha in 1/cm; a loam where nothing is known."""
    rosetta = _rosetta(store, window)
    if not mapped(store, depth_cm, choice):
        return complete(rosetta)
    theta_r, theta_s, log10_alpha, vg_n = (store.read_static(name, window).astype(np.float64) for name in MAPS)
    found = VanGenuchten(theta_r, np.maximum(theta_s, theta_r + SMALLEST_RANGE), 10.0**log10_alpha,
                         np.maximum(vg_n, SMALLEST_N), rosetta.ks_cm_per_day)
    known = np.isfinite(theta_r) & np.isfinite(theta_s) & np.isfinite(log10_alpha) & np.isfinite(vg_n)
    return complete(VanGenuchten(*(np.where(known, own, other)
                                   for own, other in zip(found.arrays(), rosetta.arrays(), strict=True))))


def mapped(store: Store, depth_cm: int, choice: Choice) -> bool:
    """Whether the region's own parameters are used; a region without them has Rosetta's unless ``store`` asks."""
    if choice == "rosetta" or (choice == "auto" and depth_cm != MAPPED_DEPTH_CM):
        return False
    return choice == "store" or set(MAPS) <= set(store.channels())


def _rosetta(store: Store, window: Window) -> VanGenuchten:
    sand, silt, clay = (store.read_static(name, window) for name in ("sand", "silt", "clay"))
    bad = ~texture_is_valid(sand, silt, clay)
    for values in (sand, silt, clay):
        values[bad] = np.nan
    return parameters(sand, silt, clay)
