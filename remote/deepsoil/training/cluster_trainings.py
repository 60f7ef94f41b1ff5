"""A configuration with ``clusters`` becomes one for each cluster, complete with what a training must know of it.

So tasks of a job need nothing of each other, and a training is the same on this computer and on Slurm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.clusters import Clusters
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import ClusterPart
from deepsoil.grid import TILE, Window
from deepsoil.inputs.clusters_file import read_clusters
from deepsoil.inputs.extents import SIDE, tile_of, window_of
from deepsoil.store.series import Stations
from deepsoil.store.store import Store
from deepsoil.training.configuration import Configuration
from deepsoil.training.splits import held_out_stations

Say = Callable[[str], None]


def expanded(configurations: Sequence[Configuration], say: Say = lambda line: None) -> list[Configuration]:
    """Every configuration, or in its place the trainings of its clusters. DeepSoilError as `clusters_for`."""
    return [one for configuration in configurations for one in _of_clusters(configuration, say)]


def _of_clusters(configuration: Configuration, say: Say) -> list[Configuration]:
    choice, supervision = configuration.clusters, configuration.supervision
    if choice is None or supervision is None:
        return [configuration]
    clusters = clusters_for(configuration, say)
    names = [f"{configuration.name}-cluster{number}" for number in range(1, clusters.count + 1)]
    return [configuration.model_copy(update={
        "name": name, "title": f"{configuration.title}, cluster {number} of {clusters.count}", "clusters": None,
        "cluster": ClusterPart(number=number, clusters=clusters, models=names),
        "supervision": supervision if choice.parts is None else supervision.model_copy(update={
            "region": str(Path(choice.parts) / f"cluster-{number}")})})
        for number, name in enumerate(names, 1)]


def clusters_for(configuration: Configuration, say: Say = lambda line: None) -> Clusters:
    """The clusters of a configuration's region: from ``clusters.file``, else fitted on the extents without a station
    that the split holds out. DeepSoilError as of the file, the region, the extents and the split."""
    from deepsoil.training.clusters import fit_clusters, told  # scikit-learn
    from deepsoil.training.extents import extents_of

    choice, supervision = configuration.clusters, configuration.supervision
    assert choice is not None and supervision is not None
    if choice.file is not None:
        return read_clusters(Path(choice.file))
    store = Store.open(Path(supervision.region))
    training = ~held_out_stations(configuration.split, store.stations())
    clusters = fit_clusters(extents_of(store, choice.extents, training), choice.count, most=choice.most,
                            least_extents=choice.minimum_extents, seed=choice.seed)
    say(told(clusters))
    return clusters


def stations_of(part: ClusterPart, stations: Stations) -> NDArray[np.bool_]:
    """Which stations (S,) are in the cluster. DeepSoilError ``cluster_without_stations``."""
    mine = {station for extent in part.clusters.of(part.number) for station in extent.stations}
    chosen = np.array([station in mine for station in stations.ids], bool)
    if not chosen.any():
        raise DeepSoilError("cluster_without_stations", "No station of the region is in cluster {number} of {count}.",
                            "Make clusters round the stations of this region (clusters.extents: stations), or train "
                            "without the cluster.", "clusters", number=part.number, count=part.clusters.count)
    return chosen


class AnyWindow:
    """Draws windows anywhere in a store."""

    def __init__(self, whole: Window) -> None:
        self.whole = whole

    def draw(self, rng: np.random.Generator, size: int) -> Window:
        return _inside(self.whole, rng, size)


class ExtentWindows:
    """Draws windows inside the training extents of a cluster, every extent equally often."""

    def __init__(self, whole: Window, part: ClusterPart) -> None:
        wanted = [window_of(tile_of(extent.quadkey)).pad(SIDE // 2 * TILE)
                  for extent in part.clusters.of(part.number, training=True)]
        self.extents = [inside for extent in wanted if (inside := whole.intersect(extent)) is not None]
        if not self.extents:
            raise DeepSoilError("no_extents", "No training extent of cluster {number} lies in the region.",
                                "Make the clusters of this region.", "clusters", number=part.number)

    def draw(self, rng: np.random.Generator, size: int) -> Window:
        return _inside(self.extents[rng.integers(len(self.extents))], rng, size)


def windows_of(store: Store, part: ClusterPart | None) -> AnyWindow | ExtentWindows:
    """Where training windows of a store may lie."""
    return AnyWindow(store.window) if part is None else ExtentWindows(store.window, part)


def _inside(outer: Window, rng: np.random.Generator, size: int) -> Window:
    return Window(outer.column + int(rng.integers(outer.width - size + 1)),
                  outer.row + int(rng.integers(outer.height - size + 1)), size, size)
