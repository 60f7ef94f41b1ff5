"""The networks of all clusters as one model: at every pixel those of the clusters near by, blended by their shares.

Whoever predicts with the model of one cluster gets all of them: their files lie beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import TILE, Window
from deepsoil.inference.cluster_field import ClusterField
from deepsoil.inputs.extents import Tile
from deepsoil.models.library import ENDING, Model
from deepsoil.store.store import Store

MOST_TILES_LOOKED_AT = 400
"""For what is told before a map is made; of more tiles every second, third ... one."""


class BlendedModel(Model):
    """The model that was asked for, with those of the other clusters (``members``, in their order) on one store."""

    def __init__(self, model: Model, members: Sequence[Model], field: ClusterField) -> None:
        super().__init__(model.path, model.contract)
        self.members, self.field = list(members), field

    def warnings(self, windows: Iterable[Window]) -> list[DeepSoilError]:
        """What to tell of the tiles of a map: how many are unlike all that was learnt, and how many are in no cluster.
        """
        tiles = sorted({tile for window in windows for tile in window.tiles()})
        return _warnings(self.field, tiles[::-(-len(tiles) // MOST_TILES_LOOKED_AT)], self.id)


def blended(model: Model, store: Store) -> Model:
    """The model itself, or, where it was trained for a cluster, all of them blended.

    Raises DeepSoilError ``cluster_model_missing`` or ``cluster_models_differ``; ``cluster_features_missing``.
    """
    part = model.contract.cluster
    if part is None or isinstance(model, BlendedModel):
        return model
    members = []
    for name in part.models:
        path = model.path.with_name(name + ENDING)
        if not path.is_file():
            raise DeepSoilError("cluster_model_missing", "{model} was trained for one of {count} clusters, and the "
                                "model {name} of another is not beside it.", "Copy the models of all clusters into one "
                                "folder, or train the missing one.", "models",
                                model=model.id, count=len(part.models), name=name)
        member = model if name == model.id else Model.open(path)
        _require_alike(model, member)
        members.append(member)
    return _kept(model, tuple(members), store)


@lru_cache(maxsize=8)
def _kept(model: Model, members: tuple[Model, ...], store: Store) -> BlendedModel:
    assert model.contract.cluster is not None
    return BlendedModel(model, members, ClusterField(store, model.contract.cluster.clusters))


def _require_alike(model: Model, member: Model) -> None:
    mine, other = model.contract, member.contract
    same = (mine.depth_cm, mine.channels, mine.multiple, mine.halo) == (other.depth_cm, other.channels, other.multiple,
                                                                       other.halo)
    if not same or other.cluster is None or mine.cluster is None \
            or mine.cluster.clusters.centroids != other.cluster.clusters.centroids:
        raise DeepSoilError("cluster_models_differ", "The models {model} and {name} do not belong together: their "
                            "clusters, channels or networks differ.", "Use models of one training.", "models",
                            model=model.id, name=member.id)


def _warnings(field: ClusterField, tiles: Sequence[Tile], model: str) -> list[DeepSoilError]:
    found = {tile: of for tile, of in field.of_tiles(tiles).items()
             if field.store.window.intersect(Window(tile[0] * TILE, tile[1] * TILE, TILE, TILE)) is not None}
    told = []
    unknown = sum(number == 0 for number, _ in found.values())
    if unknown:
        told.append(DeepSoilError("tiles_without_cluster", "{unknown} of {count} tiles looked at are in no cluster of "
                                  "the model '{model}', because a feature is missing there. Their maps are those of "
                                  "the clusters near by, and empty where there is none.",
                                  "Use a model without clusters there.", "models",
                                  unknown=unknown, count=len(found), model=model))
    reach = field.clusters.reach
    far = [distance / reach[number - 1] if reach[number - 1] else np.inf for number, distance in found.values()
           if number and distance > reach[number - 1]]
    if far:
        told.append(DeepSoilError("cluster_far", "{far} of {count} tiles looked at are unlike all that the model "
                                  "'{model}' was trained on: up to {times} times as far from their cluster's centre.",
                                  "Compare with readings there, or use a model without clusters.", "models",
                                  far=len(far), count=len(found), model=model, times=f"{min(max(far), 99):.1f}"))
    return told
