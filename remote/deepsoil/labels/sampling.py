"""The paper's choice of simulation points (§4.4): a fixed yearly budget over strata of land cover × climate.

Candidates are pixels of valid land. Every stratum gets a share of the budget in proportion to its candidates, and
at least one point. In a large stratum the points are the candidates nearest to the centroids of a mini-batch k-means
over texture, elevation and weather cell (`sampling_clusters`); in a small one they are drawn at random.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.labels.sampling_clusters import representatives

PAPER_BUDGET = 500_000  # points a year (§4.4)
CLUSTER_ABOVE = 200  # candidates; up to this number a stratum's points are drawn at random
FEATURES = ("sand", "silt", "clay", "elevation", "weather cell row", "weather cell column")
NOT_SOIL = (11, 12)  # NLCD: open water, perennial ice and snow
_KOPPEN_CODES = 100  # space for the Köppen-Geiger codes 1-30 beside the NLCD class

_ROWS = 1 << 18  # rows of the features processed together


def tag_strata(nlcd: ArrayLike, koppen: ArrayLike, features: NDArray[np.float32] | None = None) -> NDArray[np.int32]:
    """Stratum of every pixel, NLCD class × 100 + Köppen-Geiger code (N,); -1 where it is not a candidate.

    Not candidates: pixels without one of the classes (code 0 or below, or an NLCD class above 95), open water, ice, and
    pixels with a missing value in `features` (N, F).
    """
    cover, climate = np.asarray(nlcd).astype(np.int32), np.asarray(koppen).astype(np.int32)
    usable = (cover > 0) & (cover <= 95) & ~np.isin(cover, NOT_SOIL) & (climate > 0) & (climate < _KOPPEN_CODES)
    if features is not None:
        for start in range(0, len(features), _ROWS):
            usable[start : start + _ROWS] &= np.isfinite(features[start : start + _ROWS]).all(axis=1)
    return np.where(usable, cover * _KOPPEN_CODES + climate, -1).astype(np.int32)


def allocate(candidates: ArrayLike, budget: int) -> NDArray[np.int64]:
    """Points of each stratum (S,): proportional to its candidates (S,), by largest remainder.

    They sum to the budget; a stratum with candidates has at least one point and none more than its candidates.
    Raises DeepSoilError ``bad_budget`` if the budget is above the number of candidates or below the number of strata.
    """
    counts = np.asarray(candidates, np.int64)
    total, strata = int(counts.sum()), int((counts > 0).sum())
    if not strata <= budget <= total or budget < 1:
        raise DeepSoilError(
            "bad_budget",
            "{budget:,} points cannot be chosen from {total:,} candidates in {strata} strata.",
            "Ask for between {strata} and {total:,} points." if total else "There is no land with all inputs here.",
            "budget", budget=budget, total=total, strata=strata)
    points = np.where(counts > 0, 1, 0)
    # strata whose share is below one point get one; the others divide the rest, which may push more strata below one
    sharing = counts > 0
    while True:
        left, among = budget - int((counts > 0).sum() - sharing.sum()), int(counts[sharing].sum())
        below = sharing & (counts * left < among)
        if not below.any():
            break
        sharing &= ~below
    if sharing.any():
        points[sharing], remainder = np.divmod(counts[sharing] * left, among)
        # the largest remainders get the remaining points; of equal ones the larger stratum, then the first
        order = np.lexsort((-counts[sharing], -remainder))
        points[np.flatnonzero(sharing)[order[: budget - int(points.sum())]]] += 1
    return points


def sample_points(
    strata: NDArray[np.integer],
    features: NDArray[np.float32],
    budget: int,
    seed: int,
    year: int,
    cluster_above: int = CLUSTER_ABOVE,
    on_progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.int64]:
    """Indices (budget,) of the chosen candidates, ascending, none twice.

    strata (N,): from `tag_strata`, negative where a pixel is not a candidate. features (N, F): `FEATURES` in any unit;
    they are standardised over all candidates. seed, year ≥ 0: the same values give the same points;
    a stratum's points depend on other strata only through its share. Strata of more than `cluster_above` candidates
    are clustered. on_progress(done, budget) is called after each stratum; an exception it raises stops the choice.

    Raises DeepSoilError ``bad_budget`` (see `allocate`) and ``bad_candidates``.
    """
    if features.ndim != 2 or strata.shape != features.shape[:1]:
        raise DeepSoilError(
            "bad_candidates",
            "There are {count} strata for features of the shape {shape}.",
            "Give one stratum and one row of features for each pixel.",
            count=len(strata), shape=features.shape)
    rows = np.flatnonzero(strata >= 0)
    # candidates grouped by stratum, in ascending order within each
    rows = rows[np.argsort(strata[rows], kind="stable")]
    codes, starts = np.unique(strata[rows], return_index=True)
    edges = np.append(starts, len(rows))
    shares = allocate(np.diff(edges), budget)
    mean, scale = _moments(features, rows)
    chosen, done = np.empty(budget, np.int64), 0
    for code, start, stop, share in zip(codes, edges, edges[1:], shares, strict=False):
        rng = np.random.default_rng([seed, year, int(code)])
        members = rows[start:stop]
        if share == len(members):
            picked = members
        elif len(members) > cluster_above:
            standardised = (features[members] - mean) / scale
            picked = members[representatives(standardised, int(share), rng)]
        else:
            picked = rng.choice(members, share, replace=False)
        chosen[done : done + share] = picked
        done += int(share)
        if on_progress is not None:
            on_progress(done, budget)
    return np.sort(chosen)


def _moments(features: NDArray[np.float32], rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], ...]:
    """Mean and standard deviation (F,) of the features of the candidates; 1 where they do not vary."""
    blocks = [rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS)]
    mean = sum(features[block].sum(axis=0, dtype=np.float64) for block in blocks) / len(rows)
    if not np.isfinite(mean).all():
        missing = sum(int((~np.isfinite(features[block]).all(axis=1)).sum()) for block in blocks)
        raise DeepSoilError(
            "bad_candidates",
            "{missing:,} of {count:,} candidates have a missing value.",
            "Give their stratum as -1, as tag_strata(nlcd, koppen, features) does.",
            "features",
            missing=missing, count=len(rows))
    square = sum(((features[block] - mean) ** 2).sum(axis=0) for block in blocks) / len(rows)
    deviation = np.sqrt(square)
    return mean.astype(np.float32), np.where(deviation > 1e-6 * (1.0 + np.abs(mean)), deviation, 1.0).astype(np.float32)
