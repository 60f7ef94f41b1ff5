"""``sampling``: representative points by our mini-batch k-means against scikit-learn's, on one thread each.

Time, and how well the points cover the candidates: the mean squared distance of a candidate to the nearest point.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from deepsoil.bench.measure import Row, compared, interleaved, row
from deepsoil.labels.sampling_clusters import nearest_distinct, representatives

CANDIDATES, POINTS, ROUNDS = 20_000, (256, 2_000), 3
AIM = 1.1
Features = NDArray[np.float32]


def run() -> list[Row]:
    rows: list[Row] = []
    features = candidates()
    for points in POINTS:
        name, title = f"{points:,} of {CANDIDATES:,} candidates", "MiniBatchKMeans of scikit-learn, batches as ours"
        seconds = interleaved({"own": partial(own, features, points), "theirs": partial(theirs, features, points)},
                              ROUNDS)
        rows.append(compared(name, seconds, "own", "theirs", title, None))
        left, right = (cover(features, how(features, points)) for how in (own, theirs))
        rows.append(row(f"{name}: distance to the nearest", left, "-", reference=title, reference_value=right,
                        aim=f"ratio <= {AIM:g}", holds=left <= AIM * right))
    return rows


def candidates() -> Features:
    """Standardised texture, relief and weather cell of made-up ground (N, 6)."""
    rng = np.random.default_rng(0)
    values = np.column_stack([rng.dirichlet((2, 2, 2), CANDIDATES), rng.gamma(2, 200, CANDIDATES),
                              rng.integers(0, 12, (CANDIDATES, 2))])
    return ((values - values.mean(axis=0)) / values.std(axis=0)).astype(np.float32)


def own(features: Features, points: int) -> NDArray[np.int64]:
    return representatives(features, points, np.random.default_rng(0))


def theirs(features: Features, points: int) -> NDArray[np.int64]:
    """The candidates nearest to scikit-learn's centroids, stopped when ten batches bring nothing."""
    from sklearn.cluster import MiniBatchKMeans
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        fitted = MiniBatchKMeans(points, batch_size=1024, n_init=1, max_no_improvement=10, random_state=0).fit(features)
    return nearest_distinct(features, np.asarray(fitted.cluster_centers_, np.float32))


def cover(features: Features, chosen: NDArray[np.int64]) -> float:
    """Mean squared distance of the candidates to the nearest chosen one."""
    return float(np.square(cKDTree(features[chosen]).query(features)[0]).mean())
