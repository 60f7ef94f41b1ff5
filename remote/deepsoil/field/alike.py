"""Columns of a field that differ little, taken together: for means over the field, which need no map. Pure.

Two columns become one where that moves the least share of the field the least (Ward's criterion): the mean texture of
both, and all else of the one with the greater share.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from deepsoil.field.ground import Columns

Array = NDArray[np.float64]

_TEXTURE_PERCENT = 10.0
_OTHER_LAND, _OTHER_WATER, _OTHER_GREENNESS, _OTHER_PLACE = 6.0, 6.0, 2.0, 1.0
"""Distance of what differs otherwise, in units of `_TEXTURE_PERCENT` of texture."""


def together(columns: Columns, shares: Array, most: int) -> tuple[Columns, Array]:
    """At most ``most`` columns with their shares (n,), which sum to what ``shares`` (N,) do."""
    textures, weights = columns.textures.astype(np.float64).copy(), np.asarray(shares, np.float64).copy()
    left = np.arange(len(columns))
    apart = _squared_distance(columns)
    while left.size > most:
        weight = weights[left]
        cost = apart[np.ix_(left, left)] * weight[:, None] * weight / np.maximum(weight[:, None] + weight, 1e-12)
        np.fill_diagonal(cost, np.inf)
        pair = np.unravel_index(int(np.argmin(cost)), cost.shape)
        kept, gone = sorted((left[pair[0]], left[pair[1]]), key=lambda one: (-weights[one], one))
        both = weights[kept] + weights[gone]
        if both > 0:
            textures[kept] += (textures[gone] - textures[kept]) * weights[gone] / both
        weights[kept] = both
        left = left[left != gone]
        apart[kept] = apart[:, kept] = _squared_distance(replace(columns, textures=textures), int(kept))
    return replace(columns.select(left), textures=textures[left]), weights[left]


def _squared_distance(columns: Columns, one: int | None = None) -> Array:
    """(N, N) between all columns, or (N,) from one."""
    some = slice(None) if one is None else slice(one, one + 1)
    texture = (columns.textures[some, None] - columns.textures[None]) / _TEXTURE_PERCENT
    found = (texture**2).sum(axis=-1)
    greenness = columns.greenness if columns.greenness is not None else np.zeros(len(columns), np.int64)
    for values, far in ((columns.cover, _OTHER_LAND), (columns.irrigated, _OTHER_WATER), (greenness, _OTHER_GREENNESS),
                        (columns.place, _OTHER_PLACE)):
        found += far**2 * (values[some, None] != values[None])
    return np.asarray(found if one is None else found[0])
