"""Clusters of extents by k-means++ (scikit-learn), their number by the silhouette; fitted on training extents only.

One thread: with several, sums are added in another order and centroids differ in the last bits, so that a tile on the
border could change its cluster between computers.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.clusters import ClusteredExtent, ClusterFeature, Clusters, counts
from deepsoil.contract.errors import DeepSoilError
from deepsoil.inputs.cluster_of_tile import nearest
from deepsoil.inputs.extents import UNITS, key_of
from deepsoil.training.extents import Extents, columns_of, usable_features

Array = NDArray[np.float64]
STARTS = 10
"""k-means is started so often; the start with the least sum of squares counts."""


def fit_clusters(extents: Extents, wanted: int | Literal["silhouette"] = "silhouette", *, most: int = 4,
                 least_extents: int = 3, seed: int = 0) -> Clusters:
    """Clusters of the training extents, the largest first; every extent is assigned, those held out by the centroids.

    ``wanted``: how many, or ``silhouette``: of 2 to ``most`` the number with the largest mean silhouette among those
    whose clusters all have ``least_extents`` training extents.
    Raises DeepSoilError ``too_few_extents``, ``cluster_too_small``, ``extents_alike``.
    """
    from sklearn.preprocessing import StandardScaler

    names = usable_features(extents)
    values = columns_of(extents, names)
    used = extents.training & np.isfinite(values).all(axis=1)
    smallest = 2 if wanted == "silhouette" else wanted
    if int(used.sum()) < smallest * least_extents:
        raise DeepSoilError("too_few_extents", "{used} training extents have all features; {clusters} clusters of at "
                            "least {least} need {needed}.", "Take a region with more stations, make the extents on a "
                            "grid, or lower clusters.minimum_extents.", "clusters.minimum_extents",
                            used=int(used.sum()), clusters=smallest, least=least_extents,
                            needed=smallest * least_extents)
    if not names:
        raise DeepSoilError("extents_alike", "No feature tells the {count} training extents apart.",
                            "Train one network for all of them: leave `clusters` out.", "clusters",
                            count=int(used.sum()))
    scaler = StandardScaler().fit(values[used])
    standardised = np.asarray(scaler.transform(values[used]), np.float64)
    centroids, silhouettes = _chosen(standardised, wanted, most, least_extents, seed)
    order = np.argsort(-_members(standardised, centroids), kind="stable")
    clusters = Clusters(
        seed=seed, centroids=centroids[order].tolist(), reach=[0.0] * len(centroids), silhouettes=silhouettes,
        features=[ClusterFeature(name=name, unit=UNITS[name], mean=float(mean), scale=float(scale))
                  for name, mean, scale in zip(names, scaler.mean_, scaler.scale_, strict=True)])
    number, distance = nearest(clusters, values)
    reach = [float(distance[used & (number == one)].max()) for one in range(1, clusters.count + 1)]
    found = [ClusteredExtent(quadkey=key_of(tile), cluster=int(number[n]),
                             distance=float(distance[n]) if np.isfinite(distance[n]) else None,
                             stations=extents.stations[n], training=bool(used[n]))
             for n, tile in enumerate(extents.tiles)]
    return clusters.model_copy(update={"reach": reach, "extents": found})


def _chosen(standardised: Array, wanted: int | Literal["silhouette"], most: int, least_extents: int, seed: int,
            ) -> tuple[Array, dict[str, float]]:
    """Centroids (K, F) and the mean silhouettes by number of clusters."""
    if wanted != "silhouette":
        centroids = _k_means(standardised, wanted, seed)
        smallest = int(_members(standardised, centroids).min())
        if smallest < least_extents:
            raise DeepSoilError("cluster_too_small", "Of {clusters} clusters the smallest has {extents} training "
                                "extents; at least {least} are wanted.", "Ask for fewer clusters, or lower "
                                "clusters.minimum_extents.", "clusters.count", clusters=wanted, extents=smallest,
                                least=least_extents)
        return centroids, _silhouette(standardised, centroids)
    candidates: dict[int, Array] = {}
    silhouettes: dict[str, float] = {}
    for count in range(2, min(most, len(standardised) - 1) + 1):
        centroids = _k_means(standardised, count, seed)
        smallest = int(_members(standardised, centroids).min())
        if smallest == 0:
            break  # there are fewer different extents
        silhouettes |= _silhouette(standardised, centroids)
        if smallest >= least_extents:
            candidates[count] = centroids
    if not candidates:
        raise DeepSoilError("cluster_too_small", "Whatever the number of clusters, from 2 to {most}, one has fewer "
                            "than {least} training extents.", "Lower clusters.minimum_extents, or take a region with "
                            "more extents.", "clusters.minimum_extents", most=most, least=least_extents)
    best = max(candidates, key=lambda count: silhouettes[str(count)])
    return candidates[best], silhouettes


def _silhouette(standardised: Array, centroids: Array) -> dict[str, float]:
    from sklearn.metrics import silhouette_score

    if not 2 <= len(centroids) < len(standardised):
        return {}
    score = silhouette_score(standardised, _labels(standardised, centroids))
    return {str(len(centroids)): round(float(score), 6)}


def _k_means(standardised: Array, count: int, seed: int) -> Array:
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    fitted: Any = KMeans(count, init="k-means++", n_init=STARTS, random_state=seed)
    with threadpool_limits(1):
        fitted.fit(standardised)
    return np.asarray(fitted.cluster_centers_, np.float64)


def _labels(standardised: Array, centroids: Array) -> NDArray[np.int64]:
    return np.argmin(((standardised[:, None] - centroids) ** 2).sum(axis=2), axis=1)


def _members(standardised: Array, centroids: Array) -> NDArray[np.int64]:
    """Extents of each cluster."""
    return np.bincount(_labels(standardised, centroids), minlength=len(centroids))


def told(clusters: Clusters) -> str:
    """How many extents each cluster has, and what the silhouettes were, for a log."""
    training = [extent for extent in clusters.extents if extent.training]
    sizes = ", ".join(str(size) for size in counts(training, clusters.count))
    left_out = sum(extent.cluster == 0 for extent in clusters.extents)
    scores = ", ".join(f"{number}: {score:.3f}" for number, score in clusters.silhouettes.items())
    text = f"{clusters.count} clusters of {sizes} training extents by {len(clusters.features)} features"
    text += f"; mean silhouette {scores}" if scores else ""
    return text + (f"; {left_out} extents lack a feature and are in no cluster" if left_out else "")
