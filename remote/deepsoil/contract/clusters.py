"""Clusters of extents, as a run folder and a model file keep them: features, scaler, centroids, and the extents.

A cluster is what the paper calls a region (§3.3): ground of like climate, cover, relief and soil. Clusters are numbered
from 1; 0 stands for "in no cluster".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.strict import Strict
from deepsoil.grid import LEVEL

NO_CLUSTER = 0


class ClusterFeature(Strict):
    """A feature of an extent with its unit, and the scaler of the training extents: (value - mean) / scale."""

    name: str
    unit: str
    mean: float
    scale: float = Field(gt=0.0)


class ClusteredExtent(Strict):
    """An extent round the tile ``quadkey``: its cluster and its distance to the centroid, in standard deviations.

    ``stations``: ids of those inside the tile. ``training``: whether scaler and centroids were fitted on it.
    """

    quadkey: str = Field(pattern=rf"^[0-3]{{{LEVEL}}}$")
    cluster: int = Field(ge=NO_CLUSTER)
    distance: float | None = Field(ge=0.0)
    stations: list[str] = Field(default=[])
    training: bool = True


class Clusters(Strict):
    """``centroids`` (K, F) are standardised; ``reach`` (K,) is the largest distance of a training extent to the
    centroid of its cluster, ``silhouettes`` the mean silhouette of each number of clusters that was tried."""

    format: Literal["deepsoil-clusters-1"] = "deepsoil-clusters-1"
    method: Literal["k-means++"] = "k-means++"
    seed: int
    features: list[ClusterFeature] = Field(min_length=1)
    centroids: list[list[float]] = Field(min_length=1)
    reach: list[Annotated[float, Field(ge=0.0)]]
    silhouettes: dict[str, float] = Field(default={})
    extents: list[ClusteredExtent] = Field(default=[])

    @model_validator(mode="after")
    def _consistent(self) -> Clusters:
        if any(len(centroid) != len(self.features) for centroid in self.centroids):
            raise ValueError("a centroid has another number of values than there are features")
        if len(self.reach) != len(self.centroids):
            raise ValueError("reach has another number of values than there are centroids")
        if any(extent.cluster > len(self.centroids) for extent in self.extents):
            raise ValueError("an extent is in a cluster that is not there")
        return self

    @property
    def count(self) -> int:
        return len(self.centroids)

    def of(self, cluster: int, *, training: bool | None = None) -> list[ClusteredExtent]:
        """The extents of a cluster; only those (not) fitted on where ``training`` is given."""
        return [extent for extent in self.extents if extent.cluster == cluster and training in (None, extent.training)]

    def without_extents(self) -> Clusters:
        """What a model file carries: where the extents are is not needed to find the cluster of another tile."""
        return self.model_copy(update={"extents": []})

    def to_document(self) -> dict[str, object]:
        return self.model_dump(mode="json")

    @classmethod
    def from_document(cls, document: object, source: str) -> Clusters:
        """Raises DeepSoilError ``clusters_invalid``, which names ``source`` and the field."""
        try:
            return cls.model_validate(document)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "clusters"
            raise DeepSoilError("clusters_invalid", "{source} holds no valid clusters: {where}: {detail}.",
                                "Make it again with `deepsoil clusters`, or name another file.", "clusters",
                                source=source, where=where, detail=first["msg"]) from error


COLOURS = ("#1b9e77", "#d95f02", "#7570b3", "#e7298a", "#66a61e", "#e6ab02", "#a6761d", "#377eb8", "#fb8072", "#80b1d3",
           "#bc80bd", "#b3de69", "#e41a1c", "#984ea3", "#4daf4a", "#8dd3c7", "#fdb462", "#a65628", "#f781bf")
"""Of the clusters on a map: 19, as many as the paper has; further ones begin again."""
UNKNOWN_COLOUR = "#bdbdbd"


def colour_of(cluster: int) -> str:
    """#rrggbb of a cluster's number; grey where there is none."""
    return UNKNOWN_COLOUR if cluster == NO_CLUSTER else COLOURS[(cluster - 1) % len(COLOURS)]


def counts(extents: Sequence[ClusteredExtent], clusters: int) -> list[int]:
    """How many extents each cluster has."""
    return [sum(extent.cluster == number for extent in extents) for number in range(1, clusters + 1)]
