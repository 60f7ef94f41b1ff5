"""What is not known of a soil column, and by how much: from standard normal scores to physical parameters. Pure.

A draw (a member of the ensemble) is a row of scores; scores of 0 are the best guess. One draw holds for the whole
area: the soils of a field err together, so that the difference between two of its soils is surer than each of them.

======================= ==========================================================================================
score                   spread
======================= ==========================================================================================
theta_r … mualem_l      covariance with which a soil differs from Rosetta's estimate (``soil.rosetta_spread``)
leaf_area               30 %: MODIS LAI differs by 0.66 from what is measured in fields, a quarter to a third of a
                        grown canopy (Yan et al. 2016, Remote Sens. 8:359)
leaf_timing             10 days; assumed: composites of NDVI come every 16 days, phenologies miss by as much
root_depth              30 %; assumed: within one kind of plant, root depths differ by more than that
                        (Schenk and Jackson 2002, Ecol. Monogr. 72:311)
lower_boundary          free drainage 70 %, a layer of a hundredth of the conductivity from 95 cm down 25 %, a water
                        table at 160 cm 5 %; assumed, see ``Bottom``
rain                    12 % of all rain; assumed: gauges catch 5 to 15 % less than falls (WMO-No. 8), grids add to it
irrigation_…            see ``soil.irrigation.variants``
======================= ==========================================================================================
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, qmc

from deepsoil.soil.irrigation import VARIED
from deepsoil.soil.retention import VanGenuchten
from deepsoil.soil.rosetta import COLUMNS, parameters
from deepsoil.soil.rosetta_spread import soil_covariance

Array = NDArray[np.float64]
Bottom = Literal["free", "impeding", "water_table"]

SOIL = COLUMNS
OTHER = ("leaf_area", "leaf_timing", "root_depth", "lower_boundary", "rain")
PARAMETERS: tuple[str, ...] = (*SOIL, *OTHER, *VARIED)

MEMBERS = 64
SEED = 0
"""One seed for all requests: the same request gives the same map, and the difference of two requests (a field with and
without irrigation) is no difference of draws."""

SPREAD_LEAF_AREA, SPREAD_ROOT_DEPTH, SPREAD_RAIN = 0.3, 0.3, 0.12
SPREAD_LEAF_TIMING_DAYS = 10.0
SHARE_FREE, SHARE_IMPEDING = 0.70, 0.25
IMPEDED_BELOW_CM, IMPEDED_FACTOR = 95.0, 0.01

_LARGEST_THETA_S = 0.75
_LARGEST_VG_N = 5.0  # steeper curves than that of sand in Rosetta's own data (4.3) do not occur
_LOG_KS_RANGE = (-2.0, 4.0)


def draw(members: int = MEMBERS, seed: int = SEED) -> Array:
    """Scores (members, P) of a Latin hypercube. With enough members they have mean 0, variance 1 and no correlation:
    otherwise chance would take one score's effect for that of another."""
    z = norm.ppf(qmc.LatinHypercube(len(PARAMETERS), seed=seed).random(members))
    if members > 2 * len(PARAMETERS):
        z = z - z.mean(axis=0)
        z = np.linalg.solve(np.linalg.cholesky(z.T @ z / members), z.T).T
    return np.asarray(z)


def _score(z: Array, name: str) -> Array:
    return z[:, PARAMETERS.index(name)]


def soils(textures: Array, z: Array) -> VanGenuchten:
    """Hydraulic parameters (E, N) of textures (N, 3) in per cent for draws (E, P)."""
    best = parameters(*textures.T)
    values = np.stack([best.theta_r, best.theta_s, np.log10(best.vg_alpha_per_cm), np.log10(best.vg_n),
                       np.log10(best.ks_cm_per_day), np.log10(best.k0_cm_per_day), best.mualem_l], axis=-1)
    drawn = values + np.einsum("nij,ej->eni", score_roots(soil_covariance(*textures.T)), z[:, :len(SOIL)])
    theta_r, theta_s, alpha, n, ks, k0, mualem_l = np.moveaxis(drawn, -1, 0)
    ks = np.clip(ks, *_LOG_KS_RANGE)
    theta_s = np.clip(theta_s, 0.2, _LARGEST_THETA_S)
    return VanGenuchten(np.clip(theta_r, 0.0, None), theta_s, 10.0**alpha, np.minimum(10.0**n, _LARGEST_VG_N), 10.0**ks,
                        10.0**np.minimum(k0, ks), mualem_l).bounded()


def score_roots(covariance: Array) -> Array:
    """Symmetric square roots (N, 7, 7) of covariances: unique, so that a score means the same for every soil."""
    deviation = np.sqrt(np.einsum("nii->ni", covariance))
    correlation = covariance / deviation[:, :, None] / deviation[:, None, :]
    values, vectors = np.linalg.eigh(correlation)
    root = np.einsum("nij,nj,nkj->nik", vectors, np.sqrt(np.clip(values, 0.0, None)), vectors)
    return np.asarray(deviation[:, :, None] * root)


def leaf_area(lai: Array, z: Array) -> Array:
    """Leaf area (E, K, T) from the best guess (K, T).

    A day rests on that day and earlier ones alone, so that it is the same however many days follow it. Leaves that are
    late by n days are those of n days before; leaves that are early by n days have changed once more by what changed
    in the n days before, up to the most that there has been.
    """
    scale = np.exp(SPREAD_LEAF_AREA * _score(z, "leaf_area"))
    shift = np.rint(SPREAD_LEAF_TIMING_DAYS * _score(z, "leaf_timing")).astype(np.int64)
    before = np.maximum(np.arange(lai.shape[-1])[None, :] - np.abs(shift)[:, None], 0)
    late = lai[:, before].transpose(1, 0, 2)
    early = np.clip(2.0 * lai - late, 0.0, np.maximum.accumulate(lai, axis=-1))
    moved = np.where(shift[:, None, None] >= 0, late, early)
    return np.asarray(scale[:, None, None] * moved)


def root_factor(z: Array) -> Array:
    """(E,) by which the root depth is multiplied."""
    return np.asarray(np.exp(SPREAD_ROOT_DEPTH * _score(z, "root_depth")))


def rain_factor(z: Array) -> Array:
    """(E,) by which the rain is multiplied; its mean is 1."""
    return np.asarray(np.exp(SPREAD_RAIN * _score(z, "rain") - 0.5 * SPREAD_RAIN**2))


def bottoms(z: Array) -> list[Bottom]:
    """The lower boundary of each draw (E,)."""
    shares = norm.cdf(_score(z, "lower_boundary"))
    return ["free" if share <= SHARE_FREE else "impeding" if share <= SHARE_FREE + SHARE_IMPEDING else "water_table"
            for share in shares]


def irrigation_scores(z: Array) -> Array:
    """The scores (E, 3) that ``soil.irrigation`` takes."""
    return z[:, len(SOIL) + len(OTHER):]
