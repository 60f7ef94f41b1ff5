"""Crop-CASMA: soil moisture of SMAP sharpened to 1 km with surface temperature, for comparison only.

Facts: public_data.md §8 (WCS 2.0.1 with a map a year and a coverage a day, EPSG:5070, −9999, m³/m³, about ten days
late, full of holes, one or two requests at once). Not verified live: how the service says that a day does not exist;
404 and ``NoSuchCoverage`` (OGC 09-110r4) are taken for it.

The service also has 9 km fields, whose series of a point come in one answer. They are SMAP's Level 4: a model that is
driven by rain, so that agreement with them says little of a model driven by the same rain. They are not fetched.

No network was trained on this product: it becomes the channel ``smap_1km``, never ``smap``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.errors
import rasterio.warp
from numpy.typing import NDArray

from deepsoil.archives import contents, coverage_service, failures, replies
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Bounds, Entries, Got, Piece
from deepsoil.archives.last_days import LastDays
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.io import atomic, json_files

PUBLIC = "https://cloud.csiss.gmu.edu"
DAYS, LATE_DAYS, DAYS_OF_A_PIECE = 60, 10, 10
"""The last days that are compared, how late the archive is, and days of a piece."""
FIRST = date(2015, 4, 1)
CONUS: Bounds = (-125.0, 24.0, -66.5, 50.0)
VARIABLE = "soil_moisture"
_CRS = 5070
_MISSING = -9999.0
_STEP_DEGREES = 0.01
_MARGIN_M = 2000
_DAY_BYTES = 3_000
_NO_SUCH = b"NoSuchCoverage"


class CropCasma:
    """The last weeks around a field, day by day."""

    name = "crop_casma"
    title = "SMAP at 1 km (Crop-CASMA)"
    provides = frozenset({"smap_1km"})
    licence = "not stated; SMAP itself is free of restrictions"
    attribution = "SMAP soil moisture at 1 km: NASA SMAP and USDA NASS Crop-CASMA, George Mason University"
    terms: str | None = None
    account: str | None = None

    def plan(self, ask: Ask) -> list[Piece]:
        """A piece for every ten days of the last 60 or a few more. Raises ``archive_outside``, ``archive_no_days``."""
        west, south, east, north = ask.bounds
        if not (CONUS[0] <= west and east <= CONUS[2] and CONUS[1] <= south and north <= CONUS[3]):
            raise DeepSoilError("archive_outside", "{archive} has nothing at this place: it covers the lower 48 "
                                "states.", "Do without it.", archive=self.title)
        last = LastDays(FIRST, DAYS, LATE_DAYS, DAYS_OF_A_PIECE, _DAY_BYTES)
        return list(last.pieces(ask, self.name, self.title, self._address()))

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """The days as one NetCDF file on a grid of 0.01°, and a file that says which there are."""
        bounds: Bounds = tuple(piece.details["bounds"])  # type: ignore[assignment]
        start, end = date.fromisoformat(piece.details["start"]), date.fromisoformat(piece.details["end"])
        lon, lat = _grid(bounds)
        size, days, fields = 0, [], []
        for number in range((end - start).days + 1):
            day = start + timedelta(days=number)
            answer = self._day(day, bounds, network)
            if answer is not None:
                size += len(answer)
                days.append(day)
                fields.append(self._field(answer, lon, lat))
        files = [piece.name]
        if days:
            name = piece.name.removesuffix(".json") + ".nc"
            _write(folder / name, days, lon, lat, np.stack(fields))
            files.append(name)
        known = int(sum(np.isfinite(field).any() for field in fields))
        path = folder / piece.name
        path.parent.mkdir(parents=True, exist_ok=True)
        json_files.write(path, {"days": [day.isoformat() for day in days], "with_values": known})
        return Got(piece, tuple(files), piece.address, datetime.now(UTC), size)

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        """The channel for comparison; holes are normal and counted."""
        said = [json_files.read(folder / one.piece.name) for one in got]
        known, asked = sum(one["with_values"] for one in said), sum(
            (date.fromisoformat(one.piece.details["end"]) - date.fromisoformat(one.piece.details["start"])).days + 1
            for one in got)
        notes = (f"{self.title} has a value on {known} of {asked} days; holes are normal for it.",)
        if not known:
            return Entries(notes=notes)
        return Entries({"smap_1km": {"kind": "netcdf", "unit": "m3/m3", "variable": VARIABLE,
                                     "files": [name for one in got for name in one.files if name.endswith(".nc")],
                                     "note": f"{self.title}; for comparison, no network was trained on it"}},
                       notes=notes)

    def _address(self) -> str:
        return address_of(self.name, PUBLIC) + "/smap_server/cgi-bin/mapserv"

    def _day(self, day: date, bounds: Bounds, network: Network) -> bytes | None:
        """The GeoTIFF of a day; None where the archive has none."""
        left, bottom, right, top = rasterio.warp.transform_bounds("EPSG:4326", f"EPSG:{_CRS}", *bounds)
        address = coverage_service.address(
            self._address(), ("MAP", f"/WMS/SMAP-HYB-1KM-DAILY_{day.year}.map"), ("SERVICE", "WCS"),
            ("VERSION", "2.0.1"), ("REQUEST", "GetCoverage"), ("COVERAGEID", f"SMAP-HYB-1KM-DAILY_{day:%Y.%m.%d}_PM"),
            ("FORMAT", "image/tiff"), ("SUBSET", f"x({left - _MARGIN_M:.0f},{right + _MARGIN_M:.0f})"),
            ("SUBSET", f"y({bottom - _MARGIN_M:.0f},{top + _MARGIN_M:.0f})"),
            ("SUBSETTINGCRS", f"http://www.opengis.net/def/crs/EPSG/0/{_CRS}"))
        try:
            answer = network.answer(self.title, address)
        except DeepSoilError as error:
            if failures.is_missing(error) or _NO_SUCH.decode() in error.message:
                return None
            raise
        if contents.is_kind(answer[:contents.BEGINNING], "GeoTIFF"):
            return answer
        if _NO_SUCH in answer:
            return None
        raise failures.other_content(self.title, address, "GeoTIFF", contents.saying(answer[:contents.BEGINNING]))

    def _field(self, answer: bytes, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float32]:
        """θ (ny, nx) at the cells of the grid, NaN missing: the pixel under each."""
        try:
            with rasterio.MemoryFile(answer) as memory, memory.open() as source:
                raw, transform, crs = source.read(1).astype(np.float64), source.transform, source.crs
                nodata = source.nodata
        except rasterio.errors.RasterioError as error:
            raise replies.implausible(self.title, self._address(), Text("a day cannot be read as a raster")) from error
        if not crs or crs.to_epsg() not in (_CRS, None) or not crs.is_projected:
            raise replies.implausible(self.title, self._address(),
                                      Text("a day is not in EPSG:5070, which was asked for"))
        raw[(raw == _MISSING) | ((raw == nodata) if nodata is not None else False)] = np.nan
        if ((raw < 0) | (raw > 1)).any():
            raise replies.implausible(self.title, self._address(), Text("soil moisture lies outside of 0 to 1 m³/m³"))
        xs, ys = rasterio.warp.transform("EPSG:4326", crs, *(grid.ravel().tolist() for grid in np.meshgrid(lon, lat)))
        columns, rows = (np.floor(part).astype(int) for part in ((np.array(xs) - transform.c) / transform.a,
                                                                (np.array(ys) - transform.f) / transform.e))
        inside = (columns >= 0) & (rows >= 0) & (columns < raw.shape[1]) & (rows < raw.shape[0])
        if not inside.all():
            raise replies.implausible(self.title, self._address(), Text("a day does not cover the place"))
        return raw[rows, columns].reshape(lat.size, lon.size).astype(np.float32)


def _grid(bounds: Bounds) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes (north first) of cells of 0.01° that cover a place, the same for all days."""
    west, south, east, north = (round(value / _STEP_DEGREES) for value in bounds)
    return (np.arange(west, east + 1, dtype=np.float64) * _STEP_DEGREES,
            np.arange(north, south - 1, -1, dtype=np.float64) * _STEP_DEGREES)


def _write(path: Path, days: Sequence[date], lon: NDArray[np.float64], lat: NDArray[np.float64],
           values: NDArray[np.float32]) -> None:
    import xarray as xr  # of an extra; plans are made without it

    axes: dict[str, Any] = {"time": np.array(days, "datetime64[ns]"), "lat": lat, "lon": lon}
    data = xr.Dataset({VARIABLE: (("time", "lat", "lon"), values, {"units": "m3/m3"})}, axes)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic.replacing_path(path) as draft:
        data.to_netcdf(draft, engine="h5netcdf")


CROP_CASMA = CropCasma()
