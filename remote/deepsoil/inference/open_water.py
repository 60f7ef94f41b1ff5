"""Whether fields are open water or ice all over, where a map has no values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import rasterio.features
import shapely
from affine import Affine

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.inputs.stack import without_soil

if TYPE_CHECKING:
    from deepsoil.store.store import Store

_LARGEST_PIXELS = 4_000_000
"""Larger fields are not looked at: none is a lake all over."""


def warnings(store: Store, outlines: Sequence[shapely.Geometry], names: Sequence[str | None]) -> list[DeepSoilError]:
    """``field_water`` for fields (in global pixels) whose every pixel is water or ice on the region's land cover."""
    if "land_cover" not in store.channels():
        return []
    wet = [name for outline, name in zip(outlines, names, strict=True) if _is_water(store, outline)]
    if not wet:
        return []
    hint = "Check the place of the field, or the land cover of the region."
    if wet[0] is None:
        return [DeepSoilError("field_water", "The area is open water or ice all over, by the land cover of the region. "
                              "Its map has no values.", hint, "area")]
    return [DeepSoilError("field_water", "{count} of {total} fields are open water or ice all over, by the land cover "
                          "of the region. Their maps have no values: {names}.", hint, "area",
                          count=len(wet), total=len(names), names=", ".join(map(str, wet)))]


def _is_water(store: Store, outline: shapely.Geometry) -> bool:
    left, top, right, bottom = outline.bounds
    column, row = int(np.floor(left)), int(np.floor(top))
    window = Window(column, row, int(np.ceil(right)) - column, int(np.ceil(bottom)) - row)
    if window.width * window.height > _LARGEST_PIXELS:
        return False
    touched = rasterio.features.rasterize([(outline, 1)], out_shape=window.shape, fill=0, dtype=np.uint8,
                                          all_touched=True, transform=Affine.translation(column, row)).astype(bool)
    return bool(without_soil(store.read_static("land_cover", window))[touched].all())
