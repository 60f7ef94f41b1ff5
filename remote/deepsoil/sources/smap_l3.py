"""The kind ``smap_l3``: SMAP's daily soil moisture (SPL3SMP, SPL3SMP_E) as published, HDF5 on the EASE-Grid 2.0.

Layout: O'Neill et al., SMAP L3 product specification (JPL D-72551): groups ``Soil_Moisture_Retrieval_Data_AM`` and
``…_PM``, whose datasets of the evening end in ``_pm``; fill −9999; bits of ``retrieval_qual_flag``: 0 not of
recommended quality, 1 not attempted, 2 not successful, 3 freeze/thaw not successful.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar, Literal

import h5py
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from deepsoil.channels import Kind
from deepsoil.contract.errors import DeepSoilError
from deepsoil.ease_grid import GRIDS, EaseGrid, grid_of
from deepsoil.sources import granules, hdf5
from deepsoil.sources.daily_fields import within
from deepsoil.sources.granules import Granule
from deepsoil.sources.source import Bounds, Ingestion, Source
from deepsoil.store.series import CoarseSeries

Passes = Literal["am", "pm", "both"]
Flags = Literal["recommended", "successful", "flagged", "all"]

FILL = -9999.0
FLAGGED = "smap_flagged"
_NAME = re.compile(r"SMAP_L3_SM_P(?:_E)?_(?P<day>\d{8})_(?P<version>R\d{5}_\d{3})\.h5$")
_EXAMPLE = "SMAP_L3_SM_P_E_20230701_R19240_001.h5"
_NOT_RECOMMENDED, _NO_RETRIEVAL = 0b0001, 0b0110
BOTH_KINDS: tuple[Flags, Flags] = ("recommended", "flagged")
_MARGIN_CELLS = 1
_SAME_PLACE_DEGREES = 0.02


class SmapSource(Source):
    """Daily SMAP fields. ``passes``: of both, a cell has the mean of what it has. ``flags``: which retrievals count.

    The channel ``smap_flagged`` has those that were successful but are not recommended, whatever ``flags`` says.
    """

    gives: ClassVar[tuple[Kind, ...]] = ("coarse",)

    kind: Literal["smap_l3"]
    files: list[str] = Field(min_length=1)
    passes: Passes = "both"
    flags: Flags = "recommended"

    def named_files(self, field: str) -> Iterator[tuple[str, str]]:
        yield from ((pattern, f"{field}.files.{i}") for i, pattern in enumerate(self.files))

    def problem(self, name: str, channels: object) -> str | None:
        return None if name in ("smap", FLAGGED) else f"a smap_l3 source gives smap and {FLAGGED}"

    def read(self, ingestion: Ingestion, name: str) -> CoarseSeries:
        field = f"channels.{name}"
        paths = [path for pattern, where in self.named_files(field) for path in ingestion.files.glob(pattern, where)]
        flags: Flags = "flagged" if name == FLAGGED else self.flags
        return within(ingestion.period, name, read_days(paths, ingestion.bounds, field, self.passes, flags))


def read_days(paths: Sequence[Path], bounds: Bounds, field: str, passes: Passes = "both",
              flags: Flags = "recommended") -> CoarseSeries:
    """θ (T, ny, nx) in m³/m³ of the cells around ``bounds`` (west, south, east, north), NaN without a retrieval.

    Of several releases of a day the newest is read. Raises ``source_invalid``, ``source_outside``.
    """
    days = granules.newest(granules.parsed(paths, _NAME, "SMAP L3", _EXAMPLE, field))
    grid = _grid(days[0].path, field)
    rows = _near(grid.latitude_edges, bounds[1], bounds[3])
    columns = _near(grid.longitude_edges, bounds[0], bounds[2])
    if not rows.size or not columns.size:
        raise DeepSoilError("source_outside", "{file} does not touch the area.", "Check the area.", field,
                            file=days[0].path.name)
    values = [_one(granule, grid, rows, columns, passes, flags, field) for granule in days]
    return CoarseSeries.regular([granule.day for granule in days], grid.longitudes[columns], grid.latitudes[rows],
                                np.stack(values))


@dataclass(frozen=True)
class DayCells:
    """A day around a place: middles of its cells in degrees, longitudes (nx,) and latitudes (ny,), and θ (ny, nx) of
    retrievals that are recommended and of those that are not, m³/m³, NaN without.
    """

    longitudes: NDArray[np.float64]
    latitudes: NDArray[np.float64]
    recommended: NDArray[np.float32]
    flagged: NDArray[np.float32]


def read_cells(file: h5py.File, path: Path, bounds: Bounds, field: str) -> DayCells:
    """The cells around ``bounds`` of an open file; ``path`` names it. Raises ``source_invalid``."""
    grid = _grid_of(file, path, field)
    rows = _near(grid.latitude_edges, bounds[1], bounds[3])
    columns = _near(grid.longitude_edges, bounds[0], bounds[2])
    recommended, flagged = (_mean_of_passes(file, path, grid, rows, columns, "both", flags, field)
                            for flags in BOTH_KINDS)
    return DayCells(grid.longitudes[columns], grid.latitudes[rows], recommended, flagged)


def newest_by_day(names: Iterable[str]) -> dict[date, str]:
    """Day → the file of its newest release. Raises ``source_invalid`` for a name that the product does not have."""
    found = granules.parsed((Path(name) for name in names), _NAME, "SMAP L3", _EXAMPLE, "smap")
    return {one.day: one.path.name for one in granules.newest(found)}


def _grid(path: Path, field: str) -> EaseGrid:
    with hdf5.opened(path, field) as file:
        return _grid_of(file, path, field)


def _grid_of(file: h5py.File, path: Path, field: str) -> EaseGrid:
    shape = hdf5.dataset(file, "Soil_Moisture_Retrieval_Data_AM/soil_moisture", path, field).shape
    grid = grid_of(shape)
    if grid is None:
        raise DeepSoilError("source_invalid", "{file} has {rows} × {columns} cells, which is none of {grids}.",
                            "Use files of SPL3SMP or SPL3SMP_E that cover the whole grid.", field,
                            file=path.name, rows=shape[0], columns=shape[-1],
                            grids=", ".join(one.name for one in GRIDS))
    return grid


def _one(granule: Granule, grid: EaseGrid, rows: NDArray[np.intp], columns: NDArray[np.intp], passes: Passes,
         flags: Flags, field: str) -> NDArray[np.float32]:
    with hdf5.opened(granule.path, field) as file:
        return _mean_of_passes(file, granule.path, grid, rows, columns, passes, flags, field)


def _mean_of_passes(file: h5py.File, path: Path, grid: EaseGrid, rows: NDArray[np.intp], columns: NDArray[np.intp],
                    passes: Passes, flags: Flags, field: str) -> NDArray[np.float32]:
    """θ (ny, nx): of a cell the mean of what it has."""
    read = [_overpass(file, one, path, grid, rows, columns, flags, field)
            for one in (("am", "pm") if passes == "both" else (passes,))]
    known = np.isfinite(read)
    total, count = np.where(known, read, 0.0).sum(0), known.sum(0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)


def _overpass(file: h5py.File, one: str, path: Path, grid: EaseGrid, rows: NDArray[np.intp],
              columns: NDArray[np.intp], flags: Flags, field: str) -> NDArray[np.float64]:
    """θ (ny, nx) of a morning or evening, NaN where it is missing or its flag is not wanted."""
    group, suffix = f"Soil_Moisture_Retrieval_Data_{one.upper()}", "_pm" if one == "pm" else ""
    part = np.s_[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    theta = hdf5.dataset(file, f"{group}/soil_moisture{suffix}", path, field)
    if theta.shape != grid.shape:
        raise DeepSoilError("source_invalid", "{file} lies on another grid than the first file of the channel.",
                            "Give files of one product to one channel.", field,
                            file=path.name)
    hdf5.expect(theta, path, field, _FillValue=FILL)
    flag = hdf5.dataset(file, f"{group}/retrieval_qual_flag{suffix}", path, field)[part]
    _check_place(file, f"{group}/latitude{suffix}", part, grid.latitudes[rows][:, None], path, field)
    _check_place(file, f"{group}/longitude{suffix}", part, grid.longitudes[columns][None, :], path, field)
    values = theta[part].astype(np.float64)
    # what never saw a retrieval has the fill value in the flag too, whose bits are all set but the lowest
    return np.where((values != FILL) & wanted(flag.astype(np.int64), flags), values, np.nan)


def wanted(flag: NDArray[np.int64], flags: Flags) -> NDArray[np.bool_]:
    """Whether a retrieval with such bits is among those that ``flags`` names; same shape. Pure."""
    recommended, successful = (flag & _NOT_RECOMMENDED) == 0, (flag & _NO_RETRIEVAL) == 0
    return {"recommended": recommended, "successful": successful, "flagged": successful & ~recommended,
            "all": np.ones_like(recommended)}[flags]


def _check_place(file: h5py.File, name: str, part: tuple[slice, slice], wanted: NDArray[np.float64], path: Path,
                 field: str) -> None:
    """The coordinates that a file holds must be those of its grid, wherever it holds them."""
    if name not in file:
        return
    found = file[name][part].astype(np.float64)
    known = found != FILL
    if (np.abs(found - np.broadcast_to(wanted, found.shape))[known] > _SAME_PLACE_DEGREES).any():
        raise DeepSoilError("source_invalid", "The coordinates in {file} are not those of the EASE-Grid 2.0 with as "
                            "many cells.", "Use the global files as published.", field,
                            file=path.name)


def _near(edges: NDArray[np.float64], low: float, high: float) -> NDArray[np.intp]:
    """Indices of the cells that touch [low, high], and one more on either side; none if it lies outside."""
    lower, upper = np.minimum(edges[:-1], edges[1:]), np.maximum(edges[:-1], edges[1:])
    touched = np.flatnonzero((upper > low) & (lower < high))
    if not touched.size:
        return touched
    return np.arange(max(0, touched[0] - _MARGIN_CELLS), min(lower.size, touched[-1] + 1 + _MARGIN_CELLS))
