"""Conditions an ensemble of soil columns on readings: ES-MDA, in steps, on the scores of what is not known.

The ensemble smoother with multiple data assimilation (Emerick & Reynolds 2013, Computers & Geosciences 55:3,
doi:10.1016/j.cageo.2012.03.011) runs the columns some times and moves the scores each time by a part of what the
readings say. The error of a reading is all that keeps the best column from showing it: the sensor, and the columns'
own structure, which errs for weeks in the same direction (Scharnagl et al. 2011, HESS 15:3043,
doi:10.5194/hess-15-3043-2011: without that, parameters become sure and wrong). So many readings of one sensor are
worth a few. Scores that correlate with no reading more than chance would in a small ensemble hardly move (after Luo
et al. 2018, SPE J. 23:396).

Libraries exist (iterative-ensemble-smoother, pyesmda, dageo). What they would save is the thirty lines of `_moved`;
the first is under GPL 3 or later, the engine under GPL 2 or later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from deepsoil.field.ensemble import ColumnModel, Ensemble

Array = NDArray[np.float64]
Observed = Callable[[Ensemble], Array]
"""What the members show (E, n) where and when the readings are; NaN where a column failed."""

STEPS = 4

LEAST_SPREAD = 0.15
"""Standard deviation of a score that is left whatever the readings say; before them it is 1."""

CAUTION = 8.0
"""So many times the error's covariance is taken: with 2, readings of one season moved the columns of USCRN Manhattan
too far, and the intervals covered 80 % (RESULTS.md, "Readings")."""

_LEAST_ERROR = 0.001  # m³/m³
_LARGEST_SCORE = 3.5
_CHANCE = 2.0  # correlations up to so many standard errors are shrunk


@dataclass(frozen=True)
class Conditioned:
    """Scores (E, P) after the readings, and whether they had to be kept from collapsing."""

    z: Array
    collapsed: bool


def condition(model: ColumnModel, z: Array, observed: Observed, theta: Array, error: Array, *, steps: int = STEPS,
              seed: int = 0, caution: float = CAUTION, first: Ensemble | None = None) -> Conditioned:
    """Move the scores z (E, P) towards what readings theta (n,) say. ``first``: the ensemble of z, where it is known.

    error (n, n): covariance of reading minus best column, (m³/m³)², taken ``caution`` times. Without readings the
    scores stay. What the model raises ends it.
    """
    if not theta.size:
        return Conditioned(z, False)
    error = caution * error + _LEAST_ERROR ** 2 * np.eye(theta.size)
    rng, root = np.random.default_rng(seed), np.linalg.cholesky(error)
    moved = z
    for step in range(steps):
        ensemble = first if step == 0 and first is not None else model.run(moved)
        shown = _filled(observed(ensemble))
        noise = rng.standard_normal((len(z), theta.size)) @ root.T
        noise -= noise.mean(axis=0)
        wanted = theta + np.sqrt(steps) * noise
        moved = np.clip(_moved(moved, shown, wanted, steps * error), -_LARGEST_SCORE, _LARGEST_SCORE)
    spread = moved.std(axis=0)
    mean = moved.mean(axis=0)
    held = np.maximum(LEAST_SPREAD / np.maximum(spread, 1e-9), 1.0)
    return Conditioned(mean + (moved - mean) * held, bool((held > 1.0).any()))


def _moved(z: Array, shown: Array, wanted: Array, error: Array) -> Array:
    """One update of z (E, P) by the Kalman gain of the ensemble."""
    members = len(z)
    from_mean_z, from_mean = z - z.mean(axis=0), shown - shown.mean(axis=0)
    shared = from_mean_z.T @ from_mean / (members - 1)
    scale = np.outer(z.std(axis=0, ddof=1), shown.std(axis=0, ddof=1))
    correlation = np.divide(shared, scale, out=np.zeros_like(shared), where=scale > 0)
    shared *= _shrunk(correlation, members)
    own = from_mean.T @ from_mean / (members - 1)
    solved = scipy.linalg.cho_solve(scipy.linalg.cho_factor(own + error), (wanted - shown).T)
    return np.asarray(z + (shared @ solved).T)


def _shrunk(correlation: Array, members: int) -> Array:
    """Factors (P, 1): near 0 for a score that correlates with no reading more than chance, near 1 for one that does.

    A factor for each reading would no longer fit the covariance of the readings among themselves.
    """
    ratio = np.abs(correlation).max(axis=1, keepdims=True) * np.sqrt(members) / _CHANCE
    return np.asarray(ratio ** 2 / (1.0 + ratio ** 2))


def _filled(shown: Array) -> Array:
    """Members without a value show the mean of the others."""
    known = np.isfinite(shown)
    count = known.sum(axis=0)
    mean = np.divide(np.where(known, shown, 0.0).sum(axis=0), count, out=np.zeros(shown.shape[1]), where=count > 0)
    return np.where(known, shown, mean)
