"""The servers of gridMET: each gives the same part of a variable, and writes the same file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from deepsoil.archives import dap2, gridmet_files
from deepsoil.archives.gridmet_grid import STEP
from deepsoil.archives.gridmet_parts import FIRST_DAY, TITLE, VARIABLES, Part, aggregation
from deepsoil.archives.network import Network
from deepsoil.archives.remote_hdf5 import Readable
from deepsoil.contract.errors import DeepSoilError


@dataclass(frozen=True)
class Taken:
    """A piece that was written: the address that served it, bytes over the network, what to say of it."""

    address: str
    size: int
    notes: tuple[str, ...] = ()


def subset(network: Network, base: str, part: Part, path: Path) -> Taken:
    """By THREDDS' subset service: a box and days in one NetCDF file. What has holes is asked for once more.

    Cells without any value are at sea, or lost: another variable of the same box tells which, where no file is there
    yet that does.
    """
    raw = path.with_name(f".{path.stem}-answer.nc")
    checked: list[tuple[gridmet_files.Answer, tuple[str, ...]]] = []

    def land_cells() -> gridmet_files.Mask | None:
        known = gridmet_files.land_of(path.parent, part)
        return _land(network, base, part) if known is None else known

    def check(file: Path) -> None:
        checked.append(gridmet_files.plausible(gridmet_files.read(file, part), part, land_cells))

    try:
        got = network.download(TITLE, f"{base}/{aggregation(part.variable.name)}", raw, params=_box(part), check=check,
                               keep=part.asked is None)
        answer, notes = checked[-1]
        gridmet_files.write(path, part, answer, got.address)
    finally:
        raw.unlink(missing_ok=True)
    return Taken(got.address, got.size, notes)


def _box(part: Part) -> dict[str, str]:
    cells, edge = part.cells, STEP / 4
    return {"var": part.variable.long, "north": f"{cells.latitudes[0] + edge:.5f}",
            "west": f"{cells.longitudes[0] - edge:.5f}", "east": f"{cells.longitudes[-1] + edge:.5f}",
            "south": f"{cells.latitudes[-1] - edge:.5f}", "disableProjSubset": "on", "horizStride": "1",
            "time_start": f"{part.start}T00:00:00Z", "time_end": f"{part.end}T00:00:00Z", "timeStride": "1",
            "addLatLon": "true", "accept": "netcdf"}


def _land(network: Network, base: str, part: Part) -> gridmet_files.Mask | None:
    """(ny, nx) the cells that another variable has on the first day; None where it is not given."""
    other = replace(part, variable=VARIABLES["pr" if part.variable.name == "pet" else "pet"], end=part.start)
    try:
        content = network.answer(TITLE, f"{base}/{aggregation(other.variable.name)}", params=_box(other))
        return np.asarray(np.isfinite(gridmet_files.read(content, other).values[0]), bool)
    except DeepSoilError as error:
        if error.code not in ("archive_failed", "archive_implausible"):
            raise
        return None


def opendap(network: Network, base: str, part: Part, path: Path) -> Taken:
    """By OPeNDAP: packed numbers, with the scale from the attributes, and the days and cells that they belong to."""
    address = f"{base}/{aggregation(part.variable.name)}"
    try:
        declared = network.answer(TITLE, f"{address}.dds")
        described = network.answer(TITLE, f"{address}.das")
        days = dap2.shapes(declared.decode())[part.variable.long][0]
        first, last = (part.start - FIRST_DAY).days, min((part.end - FIRST_DAY).days, days - 1)
        if last < first:
            raise gridmet_files.implausible(part, "it has none of these days")
        ranges = ((first, last), (part.cells.top, part.cells.bottom - 1), (part.cells.left, part.cells.right - 1))
        asked = "".join(f"%5B{start}:1:{stop}%5D" for start, stop in ranges)
        content = network.answer(TITLE, f"{address}.dods?{part.variable.long}{asked}")
        dataset = _of_dap(dap2.arrays(content), dap2.attributes(described.decode()), part)
    except (KeyError, ValueError, IndexError) as error:
        raise gridmet_files.implausible(part, f"it is not what OPeNDAP answers ({error})") from error
    answer, notes = gridmet_files.plausible(gridmet_files.of_dataset(dataset, part), part,
                                            lambda: gridmet_files.land_of(path.parent, part))
    gridmet_files.write(path, part, answer, address)
    return Taken(address, len(declared) + len(described) + len(content), notes)


def yearly(network: Network, base: str, part: Part, path: Path) -> Taken:
    """By the yearly file of the whole grid, of which only the chunks with the part are read."""
    address = f"{base}/{part.variable.name}_{part.start.year}.nc"
    remote = network.parts(TITLE, address, kind="HDF5")
    try:
        with xr.open_dataset(Readable(remote), engine="h5netcdf", decode_times=False) as dataset:
            answer = gridmet_files.of_dataset(dataset, part, part.start.year)
    except DeepSoilError:
        raise
    except Exception as error:  # HDF5 tells a failure of the network in many ways
        if remote.problem is not None:
            raise remote.problem from None
        raise gridmet_files.implausible(part, f"it cannot be read as NetCDF ({error})") from error
    if remote.problem is not None:
        raise remote.problem
    answer, notes = gridmet_files.plausible(answer, part, lambda: gridmet_files.land_of(path.parent, part))
    gridmet_files.write(path, part, answer, remote.address)
    return Taken(remote.address, remote.received, notes)


def _of_dap(arrays: dict[str, Any], described: dict[str, dict[str, Any]], part: Part) -> xr.Dataset:
    """The arrays of an answer with their attributes, as a NetCDF file has them. KeyError, ValueError."""
    long = part.variable.long
    axes = [name for name in arrays if name != long][:3]
    shared = next((found for name, found in described.items() if name.upper() in ("NC_GLOBAL", "HDF5_GLOBAL")), {})
    packed = {name: value for name, value in described.get(long, {}).items()
              if name in ("scale_factor", "add_offset", "_FillValue", "missing_value", "units")}
    raw = arrays[long].astype(np.float64)
    missing = [packed[name] for name in ("_FillValue", "missing_value") if name in packed]
    values = np.where(np.isin(raw, missing), np.nan,
                      raw * packed.get("scale_factor", 1.0) + packed.get("add_offset", 0.0)).astype(np.float32)
    clocks = {name: {key: value for key, value in described.get(name, {}).items() if key in ("units", "calendar")}
              for name in axes}
    array = xr.DataArray(values, {name: (name, arrays[name], clocks[name]) for name in axes}, axes, long,
                         {"units": packed.get("units", part.variable.unit)})
    array.encoding = {"dtype": arrays[long].dtype, **{key: packed[key] for key in ("scale_factor", "add_offset")
                                                     if key in packed}}
    return xr.Dataset({long: array}, attrs=shared)
