"""`python -m tools.koppen_crop MAP.tif`: make the packaged map of the climate of the lower 48 states.

For someone with internet: MAP.tif is ``1991_2020/koppen_geiger_0p00833333.tif`` of the ZIP file
https://figshare.com/ndownloader/files/45057352 (Beck et al. 2023, CC BY 4.0). Run with the engine's Python.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import rasterio
import rasterio.windows
from deepsoil.archives.koppen import PACKAGED
from deepsoil.archives.lower48 import LOWER_48

STEP = 1 / 120
_MARGIN = 0.25


def crop(source: Path, target: Path) -> tuple[int, int]:
    """Write the part over the lower 48 states; (rows, columns). SystemExit for a raster that is not that map."""
    with rasterio.open(source) as world:
        if abs(world.transform.a - STEP) > 1e-6 or world.dtypes[0] != "uint8" or not world.crs.is_geographic:
            raise SystemExit(f"{source} is not the map of 30 arc seconds")
        west, south, east, north = LOWER_48
        window = rasterio.windows.from_bounds(west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN,
                                              world.transform).round_offsets().round_lengths()
        classes = world.read(1, window=window)
        transform = world.window_transform(window)
    if classes.max() > 30 or not classes.any():
        raise SystemExit(f"{source} has no classes 1 to 30")
    with target.open("wb") as file:
        np.savez_compressed(file, classes=classes, west=transform.c, north=transform.f, step=transform.a)
    return classes.shape[0], classes.shape[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("map", type=Path)
    parser.add_argument("--out", type=Path, default=PACKAGED)
    arguments = parser.parse_args()
    rows, columns = crop(arguments.map, arguments.out)
    print(f"{arguments.out}: {rows} x {columns}, {arguments.out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
