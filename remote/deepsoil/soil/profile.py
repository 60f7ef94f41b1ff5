"""The column's geometry: layers, node depths, root shares, and the interpolation to any depth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepsoil.contract.errors import DeepSoilError

Array = NDArray[np.float64]

# Thin at the top, where water enters and leaves; nodes (layer centres) exactly at 5 and 20 cm; 160 cm deep.
DEFAULT_EDGES_CM = (0.0, 1.0, 3.0, 7.0, 11.0, 16.0, 24.0, 34.0, 50.0, 70.0, 95.0, 125.0, 160.0)
ROOT_DECAY = 3.0  # e-foldings of root density down to the root depth: 95 % of the roots are above it


@dataclass(frozen=True)
class Profile:
    """Layer edges in cm from 0 down, strictly increasing, and a node in each layer (None: in its centre).

    A node represents the water of its whole layer, wherever it is in the layer.
    """

    edges_cm: Array
    at_cm: Array | None = None

    def __post_init__(self) -> None:
        edges = np.asarray(self.edges_cm, np.float64)
        object.__setattr__(self, "edges_cm", edges)
        if edges.ndim != 1 or len(edges) < 4 or edges[0] != 0.0 or not (np.diff(edges) > 0.0).all():
            raise DeepSoilError(
                "bad_layers",
                "The layers of the soil column are not a list of increasing depths from 0.",
                "Give at least three layers as edges in cm, for example 0, 1, 3, 7, 11, 16, 24, ...",
            )
        if self.at_cm is not None:
            at = np.asarray(self.at_cm, np.float64)
            object.__setattr__(self, "at_cm", at)
            if (
                at.shape != (len(edges) - 1,)
                or not ((edges[:-1] <= at) & (at <= edges[1:])).all()
                or not (np.diff(at) > 0.0).all()
            ):
                raise DeepSoilError("bad_layers", "The nodes of the soil column do not lie in their layers.", "")

    @classmethod
    def swim3(cls, thickness_cm: ArrayLike) -> Profile:
        """SWIM3's nodes for APSIM layers (since October 2022): the surface, the centres of the layers, the base.

        The node of the first layer is at the surface and that of the last at the base.
        """
        edges = np.concatenate([[0.0], np.cumsum(np.asarray(thickness_cm, np.float64))])
        at = 0.5 * (edges[1:] + edges[:-1])
        at[0], at[-1] = 0.0, edges[-1]
        return cls(edges, at)

    @property
    def thickness_cm(self) -> Array:
        return np.diff(self.edges_cm)

    @property
    def nodes_cm(self) -> Array:
        return 0.5 * (self.edges_cm[1:] + self.edges_cm[:-1]) if self.at_cm is None else self.at_cm

    def grid(self) -> Array:
        """(nodes, 3) in cm: thickness of the layer, distances of the node from its upper and its lower edge."""
        nodes = self.nodes_cm
        return np.stack([self.thickness_cm, nodes - self.edges_cm[:-1], self.edges_cm[1:] - nodes], axis=1)

    def interpolation(self, depths_cm: ArrayLike) -> Array:
        """Weights (depths, nodes) that interpolate linearly between nodes; constant beyond the outer nodes."""
        depths = np.atleast_1d(np.asarray(depths_cm, np.float64))
        if not ((depths >= 0.0) & (depths <= self.edges_cm[-1])).all():
            raise DeepSoilError(
                "bad_depth",
                "A depth is outside the soil column of {edges_cm:g} cm.",
                "Give depths in cm within the column.",
                edges_cm=self.edges_cm[-1])
        identity = np.eye(len(self.nodes_cm))
        return np.stack([np.interp(depths, self.nodes_cm, column) for column in identity], axis=1)

    def root_shares(self, root_depth_cm: Array) -> Array:
        """Share of the roots in every layer (columns, nodes), summing to 1: density falls as exp(-3 z / depth)."""
        reach = np.exp(-ROOT_DECAY * self.edges_cm / np.maximum(root_depth_cm, 1.0)[:, None])
        shares = reach[:, :-1] - reach[:, 1:]
        return shares / shares.sum(axis=1, keepdims=True)


DEFAULT_PROFILE = Profile(np.array(DEFAULT_EDGES_CM))
