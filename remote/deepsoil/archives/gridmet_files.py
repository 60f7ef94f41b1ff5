"""What gridMET's servers answer, checked, and the file of the gathered folder that it becomes."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from deepsoil.archives.gridmet_grid import HEIGHT, NORTH, STEP, WEST, WIDTH
from deepsoil.archives.gridmet_parts import FIRST_DAY, REVISED_DAYS, SETTLED_AFTER_DAYS, TITLE, Part
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import atomic
from deepsoil.sources.calendar_days import days_of
from deepsoil.sources.netcdf import LATITUDES, LONGITUDES, TIMES, engine
from deepsoil.store.series import EARLY, FINAL, PROVISIONAL, STATUSES, Days, Status, status_code

Mask = NDArray[np.bool_]

_FILL = 32767
_LONG_DAYS = 300
_OFF_GRID_CELLS = 0.2


@dataclass(frozen=True)
class Answer:
    """Days of a variable on the cells of a part: days (T,), values (T, ny, nx) in its unit, NaN missing.

    slices   (last permanent, last provisional) slice, 1-based, counted from the first day of ``slices_from``
    """

    days: Days
    values: NDArray[np.float32]
    slices: tuple[int | None, int | None] = (None, None)
    slices_from: int | None = None


def implausible(part: Part, reason: str) -> DeepSoilError:
    return DeepSoilError("archive_implausible", "{archive}: the answer for {variable} from {start} to {end} cannot be "
                         "right: {reason}.", "Try again later; if it stays so, the archive has changed.",
                         archive=TITLE, variable=part.variable.name, start=part.start, end=part.end, reason=reason)


def read(source: Path | bytes, part: Part) -> Answer:
    """The answer in a NetCDF file, or in a small NetCDF 3 file in memory. DeepSoilError ``archive_implausible``."""
    file, kind = (io.BytesIO(source), "scipy") if isinstance(source, bytes) else (source, engine(source))
    try:
        with xr.open_dataset(file, engine=kind, decode_times=False) as dataset:
            return of_dataset(dataset, part)
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise implausible(part, f"it cannot be read as NetCDF ({error})") from error


def land_of(folder: Path, part: Part) -> Mask | None:
    """(ny, nx) the cells with a value in any file of the same box that is in the folder already; None without any."""
    found: Mask | None = None
    for path in sorted(folder.glob("[a-z]*.nc")):
        extent = extent_of(path)
        if np.array_equal(extent.longitudes, part.cells.longitudes) and np.array_equal(extent.latitudes,
                                                                                       part.cells.latitudes):
            found = extent.known if found is None else found | extent.known
    return found


@dataclass(frozen=True)
class Extent:
    """What a written file has: longitudes (nx,), latitudes (ny,), known (ny, nx) cells with values, its last day."""

    longitudes: NDArray[np.float64]
    latitudes: NDArray[np.float64]
    known: Mask
    last_day: date


def extent_of(path: Path) -> Extent:
    """Of a written file, by h5py: xarray takes several times as long to open one. Raises OSError."""
    with h5py.File(path, "r") as file:
        values = next(one for one in file.values() if one.ndim == 3)
        return Extent(file["lon"][:], file["lat"][:], np.isfinite(values[0]),
                      date(1970, 1, 1) + timedelta(days=int(file["day"][-1])))


def of_dataset(dataset: xr.Dataset, part: Part, slices_from: int | None = None) -> Answer:
    """The part of an open dataset. Only the cells and days of the part are read."""
    found = [array for array in dataset.data_vars.values() if array.ndim == 3]
    if len(found) != 1:
        raise implausible(part, f"it has {len(found)} variables with days and cells instead of one")
    array = found[0]
    time, lat, lon = (_axis(array, names, part) for names in (TIMES, LATITUDES, LONGITUDES))
    rows = _cells((NORTH - np.asarray(array[lat], np.float64)) / STEP, part.cells.top, part.cells.bottom, part)
    columns = _cells((np.asarray(array[lon], np.float64) - WEST) / STEP, part.cells.left, part.cells.right, part)
    days = days_of(array[time])
    wanted = (days >= np.datetime64(part.start)) & (days <= np.datetime64(part.end))
    if not wanted.any():
        raise implausible(part, "it has none of these days")
    _check_packing(array, part)
    picked = array.transpose(time, lat, lon).isel({time: wanted, lat: rows, lon: columns})
    return Answer(days[wanted], _known(np.asarray(picked, np.float32), array.encoding),
                  (_slice(dataset.attrs, "last_permanent_slice"), _slice(dataset.attrs, "last_provisional_slice")),
                  slices_from)


def plausible(answer: Answer, part: Part, land_cells: Callable[[], Mask | None]) -> tuple[Answer, tuple[str, ...]]:
    """The answer without days that are not there yet, and what to say of it.

    ``land_cells`` gives (ny, nx) the cells that must have values, because other answers have some there; None where
    that is not known. It is called only where a cell has no value.

    Raises
    ------
    DeepSoilError
        ``archive_implausible``: a hole, or values that cannot be; ``archive_outside``: no cell has a value.
    """
    days = answer.days
    if days[0] != np.datetime64(part.start) or (np.diff(days) != np.timedelta64(1, "D")).any():
        missing = np.setdiff1d(np.arange(np.datetime64(part.start), days[-1] + 1), days)
        raise implausible(part, f"{missing.size} days are missing, the first of them {missing[0]}" if missing.size
                          else "its days are not in order")
    known = np.isfinite(answer.values)
    here = known.any(axis=0)
    if not here.any():
        raise DeepSoilError("archive_outside", "{archive} has no values here from {start} to {end}: the place is at "
                            "sea or outside of the lower 48 states, or the server is at fault.",
                            "Choose a field on land there, or try again later.",
                            archive=TITLE, start=part.start, end=part.end)
    land = None if here.all() else land_cells()
    if land is not None and (lost := int((land & ~here).sum())):
        raise implausible(part, f"{lost} cells have no value, but have some in other years or variables")
    there = known.any(axis=(1, 2))
    last = int(np.flatnonzero(there)[-1])
    answer = replace(answer, days=days[:last + 1], values=answer.values[:last + 1])
    notes: tuple[str, ...] = ()
    if answer.days[-1] < np.datetime64(part.end):
        if part.asked is None:
            raise implausible(part, f"it ends on {answer.days[-1]}")
        notes = (f"{part.variable.long} ends on {answer.days[-1]}",)
    holes = ~known[:last + 1, here]
    if holes.any():
        first = answer.days[holes.any(axis=1)][0]
        raise implausible(part, f"{holes.sum()} values are missing where others are, the first on {first}")
    _check_values(answer.values[:, here], part)
    return answer, notes


def write(path: Path, part: Part, answer: Answer, address: str) -> None:
    """The file of a piece: the variable under its long name, and ``status`` by day. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = {"flag_values": np.arange(1, len(STATUSES) + 1, dtype=np.int8), "flag_meanings": " ".join(STATUSES),
             "long_name": "how settled the day is"}
    long = part.variable.long
    dataset = xr.Dataset(
        {long: (("day", "lat", "lon"), answer.values, {"units": part.variable.unit}),
         "status": ("day", status_of_days(answer, part).astype(np.int8), flags)},
        coords={"day": ("day", answer.days.astype(np.int64), {"units": "days since 1970-01-01"}),
                "lat": ("lat", part.cells.latitudes, {"units": "degrees_north"}),
                "lon": ("lon", part.cells.longitudes, {"units": "degrees_east"})},
        attrs={"title": TITLE, "source": address,
               "note": "Days end at midnight, Mountain Standard Time (7 UTC the next calendar day)"})
    with atomic.replacing_path(path) as draft:
        dataset.to_netcdf(draft, engine="h5netcdf",
                          encoding={long: {"zlib": True, "complevel": 4, "shuffle": True, "_FillValue": np.nan}})


def status_of_days(answer: Answer, part: Part) -> Status:
    """(T,) codes: what the file's slices say, and not more settled than the age of a day allows."""
    if part.asked is None:
        return np.full(answer.days.size, status_code(FINAL), np.uint8)
    age = (np.datetime64(part.asked) - answer.days).astype(int)
    by_age = np.where(age > REVISED_DAYS, status_code(FINAL), status_code(PROVISIONAL))
    by_slice = np.full(answer.days.size, status_code(FINAL))
    for last, then in zip(answer.slices, (PROVISIONAL, EARLY), strict=True):
        if last is not None:
            by_slice[answer.days > _day_of_slice(last, answer, part)] = status_code(then)
    settled = age > SETTLED_AFTER_DAYS
    return np.where(settled, status_code(FINAL), np.maximum(by_age, by_slice)).astype(np.uint8)


def _day_of_slice(number: int, answer: Answer, part: Part) -> np.datetime64:
    """The day of a slice that counts within a year, or, beyond a year's length, from the first day of all."""
    first = date(answer.slices_from or (part.asked or part.end).year, 1, 1) if number <= 366 else FIRST_DAY
    return np.datetime64(first + timedelta(days=number - 1))


def _slice(attributes: Mapping[str, Any], name: str) -> int | None:
    text = str(attributes.get(name, "")).strip()
    return int(text) if text.isdigit() else None


def _axis(array: xr.DataArray, names: Sequence[str], part: Part) -> str:
    for name in array.dims:
        if str(name).lower() in names:
            return str(name)
    raise implausible(part, f"it has no {names[0]} axis, only {', '.join(map(str, array.dims))}")


def _cells(found: NDArray[np.float64], first: int, last: int, part: Part) -> NDArray[np.intp]:
    """Where the cells ``first`` to before ``last`` lie on an axis given in cells; another grid is refused."""
    numbers = np.rint(found).astype(int)
    if not found.size or np.abs(found - numbers).max() > _OFF_GRID_CELLS or np.unique(numbers).size != numbers.size \
            or numbers.min() < 0 or numbers.max() >= max(WIDTH, HEIGHT):
        raise implausible(part, "it lies on another grid")
    order = np.argsort(numbers)
    at = np.searchsorted(numbers[order], np.arange(first, last))
    if at.max() >= numbers.size or not np.array_equal(numbers[order][at], np.arange(first, last)):
        raise implausible(part, "some cells of the box are missing")
    return order[at]


def _check_packing(array: xr.DataArray, part: Part) -> None:
    kind = np.dtype(array.encoding.get("dtype", array.dtype)).kind
    if kind in "iu" and "scale_factor" not in array.encoding:
        raise implausible(part, "it is packed, but does not say with which scale")
    unit = str(array.attrs.get("units", part.variable.unit)).strip()
    if unit.lower() not in {part.variable.unit.lower(), *_OTHER_NAMES.get(part.variable.unit, ())}:
        raise implausible(part, f"it is in {unit}, not in {part.variable.unit}")


_OTHER_NAMES = {"K": ("degk", "kelvin"), "mm": ("mm/day", "mm d-1", "kg m-2", "millimeters"), "kPa": ("kilopascal",)}


def _known(values: NDArray[np.float32], packing: Mapping[str, Any]) -> NDArray[np.float32]:
    """Values with NaN for the fill of the packed data, also where the file does not declare it."""
    fill = np.float32(_FILL * packing.get("scale_factor", 1.0) + packing.get("add_offset", 0.0))
    return np.where(np.isclose(values, fill, rtol=1e-5) | (np.abs(values) >= _FILL - 1), np.float32(np.nan), values)


def _check_values(values: NDArray[np.float32], part: Part) -> None:
    lowest, highest, mean = float(values.min()), float(values.max()), float(values.mean(dtype=np.float64))
    variable = part.variable
    if lowest < variable.low - 0.01 or highest > variable.high:
        raise implausible(part, f"its values go from {lowest:g} to {highest:g} {variable.unit}")
    if values.shape[0] >= _LONG_DAYS and not variable.means[0] <= mean <= variable.means[1]:
        raise implausible(part, f"the mean of {values.shape[0]} days is {mean:g} {variable.unit}")
