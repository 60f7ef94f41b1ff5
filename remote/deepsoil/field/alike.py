"""Columns of a field that differ little, taken together: for means over the field, which need no map. Pure.

Two groups of columns become one where that moves the least share of the field the least (Ward's criterion). A group is
stood for by the column of it whose texture is nearest to its mean: one that the field has, so that its state is there
where a map of the field was made.
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


def standing_for(columns: Columns, shares: Array, most: int, close_percent: float,
                 ) -> tuple[NDArray[np.int64], Array]:
    """Numbers (n,), ascending, of the columns, and their shares, which sum to what ``shares`` (N,) do.

    At most ``most``, and fewer where the root mean square distance of the field's texture from that of its groups is
    still less than ``close_percent``.
    """
    textures, weights = columns.textures.astype(np.float64).copy(), np.asarray(shares, np.float64).copy()
    left, group = np.arange(len(columns)), np.arange(len(columns))
    apart, lost, close = _squared_distance(columns), 0.0, (close_percent / _TEXTURE_PERCENT) ** 2 * weights.sum()
    while left.size > 1:
        weight = weights[left]
        cost = apart[np.ix_(left, left)] * weight[:, None] * weight / np.maximum(weight[:, None] + weight, 1e-12)
        np.fill_diagonal(cost, np.inf)
        pair = np.unravel_index(int(np.argmin(cost)), cost.shape)
        lost += float(cost[pair])
        if left.size <= most and lost > close:
            break
        kept, gone = sorted((left[pair[0]], left[pair[1]]), key=lambda one: (-weights[one], one))
        both = weights[kept] + weights[gone]
        if both > 0:
            textures[kept] += (textures[gone] - textures[kept]) * weights[gone] / both
        weights[kept] = both
        group[group == gone] = kept
        left = left[left != gone]
        apart[kept] = apart[:, kept] = _squared_distance(replace(columns, textures=textures), int(kept))
    found = np.array([_nearest(columns, np.flatnonzero(group == one), textures[one], int(one)) for one in left])
    order = np.argsort(found)
    return found[order], weights[left][order]


def _nearest(columns: Columns, members: NDArray[np.int64], texture: Array, kept: int) -> int:
    """Of the members of a group the one that is nearest to its texture, on the land of the greatest, ``kept``."""
    same = [name for name in ("cover", "irrigated", "place", "greenness") if getattr(columns, name) is not None]
    like = np.all([getattr(columns, name)[members] == getattr(columns, name)[kept] for name in same], axis=0)
    some = members[like]
    return int(some[np.argmin(((columns.textures[some] - texture) ** 2).sum(axis=1))])


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
