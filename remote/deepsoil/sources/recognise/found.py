"""What was found in a folder. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Form = Literal["raster", "netcdf", "ismn"]
Question = Literal["channel", "unit", "nodata", "day", "crs", "choice"]

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Found:
    """A band of a raster, a variable of a NetCDF file, or an archive of stations.

    key         names it in answers: the path in the folder, with ``#band`` or ``:variable`` where it has several
    path        in the folder, with slashes
    band        of a raster, from 1; variable: of a NetCDF file
    words       what the file calls it: its name, title, description
    unit        as it is written in the file, or empty
    nodata      whether the file says which values are missing
    crs         whether a raster has a coordinate system
    bounds      (west, south, east, north) in degrees, as far as it is known
    least, most of the values that are not missing, before any conversion; None where there is none
    whole       whether all values are whole numbers, as codes of classes are
    day         of a raster, as the name of the file says it
    days        first and last day of a NetCDF variable
    picture     a PNG of at most 96 x 96 pixels
    """

    key: str
    path: str
    form: Form
    band: int = 1
    bands: int = 1
    variable: str = ""
    words: str = ""
    unit: str = ""
    nodata: bool = False
    crs: bool = True
    bounds: Bounds | None = None
    least: float | None = None
    most: float | None = None
    whole: bool = False
    day: date | None = None
    days: tuple[date, date] | None = None
    picture: bytes = b""


@dataclass(frozen=True)
class Unread:
    """A file that cannot be read, and why; ``error`` is that of the contract."""

    path: str
    error: dict[str, Any]


@dataclass(frozen=True)
class Folder:
    """The content of a folder. ``others``: files of kinds that are not looked at."""

    found: tuple[Found, ...]
    unread: tuple[Unread, ...]
    others: int
