"""What several tests of the network share: a network in a hurry, its one error, what it left, and a small raster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from deepsoil.archives.session import Session, open_network
from deepsoil.archives.transport import Limits
from deepsoil.contract.errors import DeepSoilError
from rasterio.transform import from_origin

HURRY = Limits(connect_s=5.0, read_s=2.0, tries=4, first_pause_s=0.01, longest_pause_s=0.3)
TITLE = "An archive"


@contextmanager
def network(**options: Any) -> Iterator[Session]:
    with open_network(**{"limits": HURRY, "proxies": {}, **options}) as net:
        yield net


def raised(code: str, action: Callable[[], object]) -> DeepSoilError:
    """The one error of an action, which must have the code and name the archive."""
    with pytest.raises(DeepSoilError) as caught:
        action()
    assert caught.value.code == code, str(caught.value)
    assert TITLE in str(caught.value)
    return caught.value


def left_in(folder: Path) -> list[str]:
    """Names of files below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def write_raster(path: Path, values: np.ndarray, *, west: float = -97.0, north: float = 40.0, step: float = 1 / 10800,
                 crs: str = "EPSG:4269", nodata: float | None = -999999.0, block: int = 512) -> None:
    """A Cloud-Optimised GeoTIFF without overviews."""
    with rasterio.open(path, "w", driver="COG", width=values.shape[1], height=values.shape[0], count=1,
                       dtype=values.dtype, crs=crs, transform=from_origin(west, north, step, step), nodata=nodata,
                       blocksize=block, overviews="NONE", compress="deflate") as dataset:
        dataset.write(values, 1)
