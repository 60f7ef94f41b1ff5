"""GDAL's errors become OSError, and a cancellation reaches it; whether its exceptions are on or not.

GDAL's settings belong to QGIS: none is changed here but the handler of this thread, for as long as the work takes.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from osgeo import gdal

from ..map import geotiff

Check = Callable[[], None]
"""Called between two steps; what it raises ends the work."""


@contextmanager
def strict(path: Path, check: Check) -> Iterator[None]:
    """OSError, with GDAL's words, for a block in which GDAL fails. ``path``: the file that it works on."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    gdal.ErrorReset()
    try:
        yield
        failed = gdal.GetLastErrorMsg() if gdal.GetLastErrorType() >= gdal.CE_Failure else ""
    except RuntimeError as error:  # GDAL's exceptions are on
        failed = str(error) or "GDAL"
    finally:
        gdal.PopErrorHandler()
    if failed:
        check()  # that the user has cancelled is an error to GDAL
        raise OSError(errno.EIO, " ".join(failed.split()), str(path))


def opened(path: Path) -> gdal.Dataset:
    """A GeoTIFF; OSError where it cannot be opened."""
    dataset = geotiff.opened(str(path))
    if dataset is None:
        raise OSError(errno.EIO, gdal.GetLastErrorMsg() or "GDAL", str(path))
    return dataset


def progress(check: Check) -> Callable[..., int]:
    """For GDAL's ``callback``: it stops where ``check`` raises, which has to be asked again afterwards."""
    def step(*_: object) -> int:
        try:
            check()
        except Exception:  # noqa: BLE001  nothing may be raised through GDAL
            return 0
        return 1
    return step
