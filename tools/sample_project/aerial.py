"""Writes the picture from above of a region: its red, green and blue as a colour GeoTIFF. Runs in the engine's Python.

python aerial.py STORE TARGET.tif
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import rasterio
from deepsoil.store.store import Store
from rasterio.enums import ColorInterp

# Land reflects little in the visible bands; the picture is white at this reflectance.
_BRIGHTEST = 0.28


def write_picture(store: Store, target: Path) -> None:
    bands = np.stack([store.read_static(name, store.window) for name in ("red", "green", "blue")])
    shade = np.sqrt(np.clip(np.nan_to_num(bands) / _BRIGHTEST, 0, 1))
    with rasterio.open(target, "w", driver="GTiff", count=3, dtype="uint8", crs="EPSG:3857", tiled=True,
                       width=store.window.width, height=store.window.height, compress="deflate",
                       transform=rasterio.Affine(*store.window.affine), photometric="rgb") as picture:
        picture.write((255 * shade).astype(np.uint8))
        picture.colorinterp = [ColorInterp.red, ColorInterp.green, ColorInterp.blue]
        picture.build_overviews([2, 4])


if __name__ == "__main__":
    write_picture(Store.open(Path(sys.argv[1])), Path(sys.argv[2]))
