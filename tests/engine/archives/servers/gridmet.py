"""gridMET as its servers give it, over made weather: THREDDS' subset service, OPeNDAP (pydap), and yearly files.

From public_data.md §5a: paths and parameters of the subset service, names of the aggregations and of the variables in
them, other names in the yearly files ([K] there), shorts with fill 32767, axes day, lat, lon, days since 1900-01-01,
1/24 degree, the attributes last_permanent_slice and last_provisional_slice (texts, 1-based) and the note on the day's
end, answers with NaN, variables with fewer days. From public scripts: status 400 for days beyond the last. Not known
for certain: scale and offset of each variable (the client reads them from the answer), chunks of the yearly files.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

import h5netcdf
import numpy as np
import xarray as xr
from deepsoil.archives.gridmet_grid import HEIGHT, NORTH, STEP, WEST, WIDTH, Cells
from deepsoil.archives.gridmet_parts import VARIABLES
from numpy.typing import NDArray
from pydap.handlers.lib import BaseHandler
from pydap.model import BaseType, DatasetType, GridType
from servers.serving import Reply, Request, Server, ranged, serving
from webob import Request as WebRequest

FILL = 32767
OTHER_PACKING = {name: (0.02, offset) for name, offset in (
    ("pr", 0.0), ("tmmn", 260.0), ("tmmx", 270.0), ("vpd", 0.0), ("pet", 0.0))}
PACKING = {"pr": (0.1, 0.0), "tmmn": (0.1, 210.0), "tmmx": (0.1, 220.0), "vpd": (0.01, 0.0), "pet": (0.1, 0.0)}
YEARLY_NAMES = {"pr": "precipitation_amount", "tmmn": "air_temperature", "tmmx": "air_temperature",
                "vpd": "mean_vapor_pressure_deficit", "pet": "potential_evapotranspiration"}
NOTES = {"author": "made", "note1": "The projection information for this file is: GCS WGS 1984.",
         "note3": "Data in slices after last_permanent_slice (1-based) are considered provisional and subject to "
                  "change with subsequent updates",
         "note4": "Data in slices after last_provisional_slice (1-based) are considered early and subject to change "
                  "with subsequent updates",
         "note5": "Days correspond approximately to calendar days ending at midnight, Mountain Standard Time (7 UTC "
                  "the next calendar day)"}
_EPOCH, _FIRST = date(1900, 1, 1), date(1979, 1, 1)
_SINCE = "days since 1900-01-01 00:00:00"
_CHUNKS = (61, 98, 231)


@dataclass
class MadeWeather:
    """Weather of some days on some cells of the grid; elsewhere is sea.

    values     variable → (T, ny, nx) in its unit, NaN at sea
    permanent  last permanent day, ``provisional`` last provisional day
    until      variable → its last day, where it ends earlier than the others
    """

    first: date
    cells: Cells
    values: dict[str, NDArray[np.float64]]
    permanent: date | None = None
    provisional: date | None = None
    until: dict[str, date] = field(default_factory=dict)
    faults: Faults = field(default_factory=lambda: Faults())

    @property
    def last(self) -> date:
        return self.first + timedelta(days=len(self.values["pr"]) - 1)

    def last_of(self, variable: str) -> date:
        return self.until.get(variable, self.last)

    def packed(self, variable: str, start: date, end: date) -> NDArray[np.int16]:
        """The days ``start`` to ``end`` of the cells; fill outside of the days that there are."""
        scale, offset = PACKING[variable]
        values = self.values[variable]
        whole = np.full(((end - start).days + 1, *values.shape[1:]), FILL, np.int16)
        low, high = max(start, self.first), min(end, self.last_of(variable))
        if low <= high:
            part = values[(low - self.first).days:(high - self.first).days + 1]
            whole[(low - start).days:(high - start).days + 1] = np.where(
                np.isnan(part), FILL, np.rint((np.nan_to_num(part) - offset) / scale)).astype(np.int16)
        return whole

    def slices(self) -> dict[str, str]:
        """The attributes of the newest year's file."""
        begin = date(self.last.year, 1, 1)
        return {f"last_{name}_slice": str(max(0, (day - begin).days + 1)) for name, day in (
            ("permanent", self.permanent or self.last), ("provisional", self.provisional or self.last))}


@dataclass
class Faults:
    """What goes wrong; a count goes down with each answer that has it.

    holes       answers of the subset service with one missing value
    no_cell     answers of the subset service in which one cell has no value on any day
    no_date     answers of the subset service that lack a day
    other       answers of the subset service are packed otherwise; ``plain``: as floats, with fill -32767
    no_subset   status that the subset service always answers; ``no_thredds``: it answers with a page
    no_opendap, no_yearly   the others answer 503 and 404
    scale       variable → factor that its scale is wrong by; ``no_scale``: it is not given
    shift       degrees that the grid of the subset service lies elsewhere
    """

    holes: int = 0
    no_cell: int = 0
    no_date: int = 0
    other: bool = False
    plain: bool = False
    no_subset: int = 0
    no_thredds: bool = False
    no_opendap: bool = False
    no_yearly: bool = False
    scale: dict[str, float] = field(default_factory=dict)
    no_scale: bool = False
    shift: float = 0.0


def made(cells: Cells, first: date, last: date, make: Callable[[str, NDArray[np.float64]], Any] | None = None,
         seed: int = 1) -> MadeWeather:
    """Plausible weather; ``make(variable, day of year (T, 1, 1))`` replaces the usual course of a variable."""
    days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    day = (days - days.astype("datetime64[Y]")).astype(float)[:, None, None]
    rng = np.random.default_rng(seed)
    shape = (days.size, cells.bottom - cells.top, cells.right - cells.left)
    warm = -np.cos(2 * np.pi * (day - 18) / 365.25)
    usual: dict[str, Any] = {"tmmn": 278 + 12 * warm + rng.normal(0, 3, (days.size, 1, 1)), "vpd": 0.9 + 0.7 * warm,
                             "pet": 4.0 + 3.0 * warm,
                             "pr": rng.gamma(0.4, 12, (days.size, 1, 1)) * (rng.random((days.size, 1, 1)) < 0.3)}
    usual["tmmx"] = usual["tmmn"] + 12
    east = np.linspace(0, 1, shape[2])
    values = {name: np.broadcast_to((make and make(name, day)) if make and make(name, day) is not None
                                    else usual[name] + 0.3 * east * (name != "pr"), shape).copy() for name in VARIABLES}
    return MadeWeather(first, cells, values)


@contextmanager
def gridmet(weather: MadeWeather) -> Iterator[Server]:
    """The servers; ``{base}/thredds`` is THREDDS, ``{base}/metdata`` has the yearly files."""
    years: dict[str, bytes] = {}

    def answer(request: Request) -> Reply:
        parts, faults = request.path.strip("/").split("/"), weather.faults
        if parts[0] == "thredds" and faults.no_thredds:
            return Reply(b"<html><body>Sign in to the network of this hotel</body></html>", "text/html")
        if parts[:2] == ["thredds", "ncss"]:
            return _subset(weather, request, _variable(parts[-1]))
        if parts[:2] == ["thredds", "dodsC"]:
            return Reply(status=503) if faults.no_opendap else _opendap(weather, request, parts[-1])
        if parts[0] == "metdata" and not faults.no_yearly:
            name = parts[-1]
            if name not in years:
                years[name] = _yearly(weather, *name.removesuffix(".nc").split("_"))
            return ranged(request, years[name], f'"{name}"')
        return Reply(b"not found", "text/plain", 404)

    with serving(answer) as server:
        yield server


def _variable(name: str) -> str:
    return name.removeprefix("agg_met_").split("_1979_")[0]


def _subset(weather: MadeWeather, request: Request, variable: str) -> Reply:
    faults = weather.faults
    if faults.no_subset:
        return Reply(b"the service is not available", "text/plain", faults.no_subset)
    assert request.get("accept") == "netcdf" and request.get("disableprojsubset") == "on", request
    assert request.get("var") == VARIABLES[variable].long
    start, end = (date.fromisoformat(request.get(f"time_{which}")[:10]) for which in ("start", "end"))
    if start > weather.last_of(variable) or end < weather.first:
        return Reply(b"Requested time range does not intersect the Data Time Range", "text/plain", 400)
    start, end = max(start, weather.first), min(end, weather.last_of(variable))
    packed = weather.packed(variable, start, end)
    lon, lat = weather.cells.longitudes, weather.cells.latitudes
    south, north, west, east = (float(request.get(name)) for name in ("south", "north", "west", "east"))
    rows, columns = (lat >= south) & (lat <= north), (lon >= west) & (lon <= east)
    packed = packed[:, rows][:, :, columns].copy()
    days = np.arange((start - _EPOCH).days, (end - _EPOCH).days + 1)
    if faults.holes:
        faults.holes -= 1
        packed[packed.shape[0] // 2, 0, 0] = FILL
    if faults.no_cell:
        faults.no_cell -= 1
        packed[:, -1, -1] = FILL
    if faults.no_date:
        faults.no_date -= 1
        packed, days = np.delete(packed, 1, 0), np.delete(days, 1)
    scale, offset = PACKING[variable]
    attributes: dict[str, Any] = {"units": VARIABLES[variable].unit, "_FillValue": np.int16(FILL)}
    if faults.other or faults.plain:
        values = np.where(packed == FILL, np.nan, packed * scale + offset)
        scale, offset = (1.0, 0.0) if faults.plain else OTHER_PACKING[variable]
        packed = np.where(np.isnan(values), -32767 if faults.plain else FILL, np.nan_to_num((values - offset) / scale))
        packed = packed.astype(np.float32) if faults.plain else np.rint(packed).astype(np.int16)
    if faults.plain:
        attributes["_FillValue"] = np.float32(-32767)
    elif not faults.no_scale:
        attributes |= {"scale_factor": scale * faults.scale.get(variable, 1.0), "add_offset": offset}
    dataset = xr.Dataset(
        {VARIABLES[variable].long: (("day", "lat", "lon"), packed, attributes)},
        coords={"day": ("day", days.astype(float), {"units": _SINCE, "calendar": "gregorian"}),
                "lat": ("lat", lat[rows] + faults.shift, {"units": "degrees_north"}),
                "lon": ("lon", lon[columns] + faults.shift, {"units": "degrees_east"})},
        attrs={**NOTES, **weather.slices()})
    return Reply(bytes(dataset.to_netcdf(engine="scipy")), "application/x-netcdf")


class _National:
    """The packed numbers of the whole grid, made only where they are asked for."""

    def __init__(self, weather: MadeWeather, variable: str) -> None:
        self._weather, self._variable = weather, variable
        self.shape = ((weather.last_of(variable) - _FIRST).days + 1, HEIGHT, WIDTH)
        self.dtype, self.ndim = np.dtype(np.int16), 3

    def __getitem__(self, key: Any) -> NDArray[np.int16]:
        days, rows, columns = (np.arange(size)[part] for size, part in zip(self.shape, key, strict=True))
        cells = self._weather.cells
        found = np.full((days.size, rows.size, columns.size), FILL, np.int16)
        part = self._weather.packed(self._variable, _FIRST + timedelta(days=int(days[0])),
                                    _FIRST + timedelta(days=int(days[-1])))
        row = (rows >= cells.top) & (rows < cells.bottom)
        column = (columns >= cells.left) & (columns < cells.right)
        found[np.ix_(np.ones(days.size, bool), row, column)] = \
            part[:, rows[row] - cells.top][:, :, columns[column] - cells.left]
        return found


def _opendap(weather: MadeWeather, request: Request, name: str) -> Reply:
    variable = _variable(name)
    scale, offset = PACKING[variable]
    national = _National(weather, variable)
    dataset = DatasetType(name.rpartition(".")[0], attributes={"NC_GLOBAL": {**NOTES, **weather.slices()}})
    long = VARIABLES[variable].long
    grid = dataset[long] = GridType(long)
    packing = {"units": VARIABLES[variable].unit, "_FillValue": FILL, "scale_factor": scale, "add_offset": offset}
    grid[long] = BaseType(long, national, dims=("day", "lat", "lon"), **packing)
    grid.attributes.update(packing)
    axes = {"day": (np.arange(national.shape[0]) + (_FIRST - _EPOCH).days, {"units": "days since 1900-01-01 00:00:00"}),
            "lat": (NORTH - np.arange(HEIGHT) * STEP, {"units": "degrees_north"}),
            "lon": (WEST + np.arange(WIDTH) * STEP, {"units": "degrees_east"})}
    for axis, (values, attributes) in axes.items():
        grid[axis] = BaseType(axis, values.astype(float), dims=(axis,), **attributes)
        dataset[axis] = BaseType(axis, values.astype(float), dims=(axis,), **attributes)
    query = "&".join(f"{key}={value}" if value else key for key, value in request.pairs)
    asked = WebRequest.blank(f"/{name}" + (f"?{unquote(query)}" if query else ""))
    answer = asked.get_response(BaseHandler(dataset))
    return Reply(answer.body, answer.content_type, answer.status_int)


def _yearly(weather: MadeWeather, variable: str, year: str) -> bytes:
    """A file of the whole grid with its real chunks, of which only those with weather are written."""
    first = date(int(year), 1, 1)
    last = min(date(int(year), 12, 31), weather.last_of(variable))
    packed, cells = weather.packed(variable, first, last), weather.cells
    scale, offset = PACKING[variable]
    out = io.BytesIO()
    with h5netcdf.File(out, "w") as file:
        file.dimensions = {"lon": WIDTH, "lat": HEIGHT, "day": packed.shape[0]}
        for axis, values, units in (("lon", WEST + np.arange(WIDTH) * STEP, "degrees_east"),
                                    ("lat", NORTH - np.arange(HEIGHT) * STEP, "degrees_north"),
                                    ("day", np.arange(packed.shape[0]) + (first - _EPOCH).days,
                                     "days since 1900-01-01 00:00:00")):
            file.create_variable(axis, (axis,), float, data=values.astype(float)).attrs["units"] = units
        array = file.create_variable(YEARLY_NAMES[variable], ("day", "lat", "lon"), np.int16, fillvalue=np.int16(FILL),
                                     chunks=(min(_CHUNKS[0], packed.shape[0]), *_CHUNKS[1:]), compression="gzip")
        array[:, cells.top:cells.bottom, cells.left:cells.right] = packed
        array.attrs.update({"units": VARIABLES[variable].unit, "scale_factor": scale, "add_offset": offset,
                            "missing_value": np.int16(FILL)})
        file.attrs.update({**NOTES, **(weather.slices() if int(year) == weather.last.year else {
            "last_permanent_slice": str(packed.shape[0]), "last_provisional_slice": str(packed.shape[0])})})
    return out.getvalue()
