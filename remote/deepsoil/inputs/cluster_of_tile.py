"""Which cluster a tile is in: the nearest centroid, and how far it is. Pure numpy; prediction needs no more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.clusters import NO_CLUSTER, Clusters
from deepsoil.contract.errors import DeepSoilError
from deepsoil.inputs.extents import ExtentFeatures, Tile

Array = NDArray[np.float64]


def nearest(clusters: Clusters, features: Array) -> tuple[NDArray[np.int64], Array]:
    """Cluster (N,), from 1, and distance (N,) to its centroid in standard deviations, of features (N, F) as measured.

    An extent without one of the features is in no cluster: 0, and the distance is NaN.
    """
    mean, scale = (np.array([getattr(feature, name) for feature in clusters.features]) for name in ("mean", "scale"))
    standardised = (features - mean) / scale
    distance = np.sqrt(((standardised[:, None] - np.array(clusters.centroids)) ** 2).sum(axis=2))
    known: NDArray[np.bool_] = np.all(np.isfinite(features), axis=1)
    number = np.where(known, np.argmin(np.where(known[:, None], distance, 0.0), axis=1) + 1, NO_CLUSTER)
    least = np.where(known, distance.min(axis=1), np.nan)
    return number.astype(np.int64), least


def require_features(clusters: Clusters, features: ExtentFeatures) -> list[str]:
    """The names of the clusters' features. DeepSoilError ``cluster_features_missing`` if the store lacks one."""
    there = set(features.names)
    names = [feature.name for feature in clusters.features]
    absent = [name for name in names if name not in there]
    if absent:
        raise DeepSoilError("cluster_features_missing", "The region '{title}' has no {absent}, by which the clusters "
                            "were made; so its tiles are in no cluster.", "Add the channels to the region's recipe (a "
                            "climate needs every month of the year), or use a model without clusters.", "region",
                            title=features.store.title, absent=", ".join(absent))
    return names


def clusters_of(clusters: Clusters, features: ExtentFeatures, tiles: Sequence[Tile],
                ) -> tuple[NDArray[np.int64], Array]:
    """As `nearest`, of tiles of a store, each by the extent round it."""
    return nearest(clusters, features.of(tiles, require_features(clusters, features)))
