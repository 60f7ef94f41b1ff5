"""Representative points of one stratum: mini-batch k-means, and the candidate nearest to each centroid. No I/O.

A stratum of many points is first divided along its widest feature into groups of at most `GROUP_POINTS` points, so that
time and memory grow with the number of candidates and not with candidates × points. The algorithm is that of
Sculley (2010), Web-scale k-means clustering, started by k-means++ (Arthur & Vassilvitskii 2007).

Our own and not scikit-learn's MiniBatchKMeans: `deepsoil simulate` runs where only the base package is installed, and
scikit-learn belongs to the extra ``train``; and every sample ever drawn would change. `build.py bench sampling`
compares them on one thread: 256 of 20,000 candidates took ours twice as long (0.69 s against 0.38 s), 2,000 a quarter
(0.55 s against 2.39 s); the mean squared distance to the nearest point was the same within 2 %.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Features = NDArray[np.float32]
Indices = NDArray[np.int64]

GROUP_POINTS = 256  # centroids fitted together
BATCH = 1024  # candidates of one step
PASSES = 20  # how often a candidate is used, as far as the steps allow
MAXIMUM_STEPS = 120
NEIGHBOURS = 8  # candidates checked for a centroid before all remaining ones


def representatives(features: Features, points: int, rng: np.random.Generator) -> Indices:
    """`points` different rows of features (N, F), standardised and finite, that cover them; 1 ≤ points ≤ N."""
    chosen = [
        rows[nearest_distinct(features[rows], centroids(features[rows], share, rng))]
        for rows, share in _groups(features, points)
    ]
    return np.concatenate(chosen)


def _groups(features: Features, points: int) -> Iterator[tuple[Indices, int]]:
    """Disjoint rows that cover all candidates, each with its share of the points, at least one and at most all."""
    waiting = [(np.arange(len(features)), points)]
    while waiting:
        rows, share = waiting.pop()
        if share <= GROUP_POINTS:
            yield rows, share
            continue
        here = features[rows]
        order = np.argsort(here[:, int(np.argmax(here.var(axis=0)))], kind="stable")
        half = len(rows) // 2
        left = round(share * half / len(rows))
        waiting += [(rows[order[half:]], share - left), (rows[order[:half]], left)]


def centroids(features: Features, count: int, rng: np.random.Generator) -> Features:
    """Mini-batch k-means: `count` centroids (count, F) of features (N, F)."""
    n = len(features)
    if count == n:
        return features
    centres = _plus_plus(features[rng.choice(n, min(n, max(BATCH, 3 * count)), replace=False)], count, rng)
    seen = np.zeros(count)
    batch = min(BATCH, n)
    for _ in range(min(-(-PASSES * n // batch), MAXIMUM_STEPS)):
        rows = features[rng.integers(n, size=batch)]
        labels = np.argmin((centres**2).sum(axis=1) - 2.0 * rows @ centres.T, axis=1)
        members = np.bincount(labels, minlength=count)
        seen += members
        met = members > 0
        sums = np.stack([np.bincount(labels, column, count) for column in rows.T], axis=1)
        step = (sums[met] - members[met, None] * centres[met]) / seen[met, None]
        centres[met] += step.astype(np.float32)
    return centres


def _plus_plus(features: Features, count: int, rng: np.random.Generator) -> Features:
    """First centroids: each next one a candidate drawn in proportion to its squared distance from those before."""
    chosen = np.empty(count, np.int64)
    chosen[0] = rng.integers(len(features))
    distance = ((features - features[chosen[0]]) ** 2).sum(axis=1)
    for number in range(1, count):
        total = np.cumsum(distance, dtype=np.float64)
        if total[-1] > 0.0:
            following = int(np.searchsorted(total, rng.random() * total[-1], side="right"))
        else:  # fewer different candidates than centroids
            following = int(rng.integers(len(features)))
        chosen[number] = following
        np.minimum(distance, ((features - features[following]) ** 2).sum(axis=1), out=distance)
    return features[chosen]


def nearest_distinct(features: Features, centres: Features) -> Indices:
    """The candidate nearest to each centroid, each once: of two centroids with one candidate the nearer gets it."""
    n, count = len(features), len(centres)
    if count == n:
        return np.arange(n)
    near = min(NEIGHBOURS, n)
    distances, neighbours = cKDTree(features).query(centres, k=near)
    distances, neighbours = distances.reshape(count, near), neighbours.reshape(count, near)
    free = np.ones(n, np.bool_)
    chosen = np.empty(count, np.int64)
    for centre in np.argsort(distances[:, 0], kind="stable"):
        left = neighbours[centre][free[neighbours[centre]]]
        if len(left):
            chosen[centre] = left[0]
        else:
            rows = np.flatnonzero(free)
            chosen[centre] = rows[np.argmin(((features[rows] - centres[centre]) ** 2).sum(axis=1))]
        free[chosen[centre]] = False
    return chosen
