"""The clusters of a training configuration: how extents are clustered, for a training of each cluster."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from deepsoil.training.configuration_columns import Strict


class ClusterChoice(Strict):
    """One training for each cluster of the extents of ``supervision.region`` (the paper's regions, §3.3).

    ``count``: how many, or ``silhouette``: of 2 to ``most`` the best by it. ``minimum_extents``: training extents that
    a cluster must have. ``extents``: round the stations, or on a grid over the region. ``file``: use the clusters of
    `deepsoil clusters` instead. ``parts``: folder of `deepsoil store split --clusters`; the training of cluster 3 then
    reads ``cluster-3`` in it and nothing else of the region. Paths are relative to the configuration's folder unless
    absolute.
    """

    count: int | Literal["silhouette"] = "silhouette"
    most: int = Field(default=4, ge=2)
    minimum_extents: int = Field(default=3, ge=1)
    extents: Literal["stations", "grid"] = "stations"
    seed: int = 0
    file: str | None = None
    parts: str | None = None
