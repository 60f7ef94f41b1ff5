"""Leaf area of VIIRS and MODIS, cut out by the subset service of ORNL: a few numbers as JSON, no account.

Facts: public_data.md §7 (paths, at most 10 dates a request, sinusoidal grid, ``subset`` [{calendar_date, data}], scale
0.1; 249 to 255 are no leaf area; MODIS ends in December 2025). Bands of VIIRS have other names than those of MODIS, so
the service is asked for them. Not verified live: that ``data`` begins in the north-west, as its R client takes it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.warp
from affine import Affine
from numpy.typing import NDArray

from deepsoil.archives import periods, replies
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Bounds, Entries, Got, Piece
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.io import atomic, json_files
from deepsoil.sources.lai import PRODUCTS
from deepsoil.sources.lai_files import LARGEST, SCALE, SINUSOIDAL

PUBLIC = "https://modis.ornl.gov/rst/api/v1"
MOST_DATES = 10
"""The service gives no more in one request."""
PIXEL_M = 463.3127
FLAGS = "FparLai_QC"
_LEAF_BANDS = ("Lai_500m", "Lai")
_NO_LEAF_AREA = range(249, 256)
_MARGIN_KM = 1
_PIXEL_BYTES = 4


class LaiArchive:
    """Composites of one product around a field."""

    provides = frozenset({"lai"})
    licence = "public domain"
    terms: str | None = None
    account: str | None = None

    def __init__(self, name: str, title: str, product: str, version: str, first: date, last: date | None,
                 attribution: str) -> None:
        self.name, self.title, self.attribution = name, title, attribution
        self._product, self._version, self._first, self._last = product, version, first, last
        self._asked: dict[tuple[str, ...], tuple[list[date], str]] = {}

    def plan(self, ask: Ask) -> list[Piece]:
        """A piece for every ten composites of a year. Raises ``archive_no_days``."""
        end = min(ask.end, ask.today, self._last or ask.end)
        start = max(ask.start, self._first)
        if end < start or (self._last is not None and ask.end > self._last + timedelta(days=31)):
            raise DeepSoilError("archive_no_days", "{archive} has nothing for some of these days; it covers {first} to "
                                "{last}.", "Ask for other days.", archive=self.title, first=self._first,
                                last=self._last or "today")
        pieces = []
        size = round(2 * MOST_DATES * _PIXEL_BYTES * math.prod(2 * km * 1000 / PIXEL_M for km in _reach_km(ask.bounds)))
        for label, days in self._groups(start, end):
            pieces.append(Piece(self.name, f"{self.name}/{label}.json",
                                f"{self._address()}/{self._product}/subset", size,
                                {"bounds": list(ask.bounds), "days": [day.isoformat() for day in days]}))
        return pieces

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """Leaf area and flags of the composites that exist, as GeoTIFFs, and a file that says which."""
        bounds: Bounds = tuple(piece.details["bounds"])  # type: ignore[assignment]
        wanted = [date.fromisoformat(day) for day in piece.details["days"]]
        service = _Service(self, network, f"{self._address()}/{self._product}", bounds)
        there, leaf = self._known(service)
        days = [day for day in wanted if day in there]
        files = [piece.name]
        if days:
            for name, band, fill in (("Lai_500m", leaf, 255), (FLAGS, FLAGS, None)):
                for day, values in service.subset(band, days).items():
                    file = f"{self.name}/{self._product}.{self._version}_{name}_doy{day:%Y%j}.tif"
                    service.write(folder / file, values, fill)
                    files.append(file)
        missing = [day.isoformat() for day in wanted if day not in days]
        path = folder / piece.name
        path.parent.mkdir(parents=True, exist_ok=True)
        json_files.write(path, {"days": [day.isoformat() for day in days], "missing": missing})
        return Got(piece, tuple(files), piece.address, datetime.now(UTC), service.size)

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        """Leaf area by day, and how many composites there are not."""
        said = [json_files.read(folder / one.piece.name) for one in got]
        missing = [day for one in said for day in one["missing"]]
        notes = (f"{self.title}: {len(missing)} composites do not exist or not yet, the first that of {missing[0]}.",
                 ) if missing else ()
        if not any(one["days"] for one in said):
            return Entries(notes=notes)
        return Entries({"lai": {"kind": "satellite_lai", "quality": "main",
                                "files": [f"{self.name}/{self._product}.{self._version}_Lai_500m_doy*.tif"],
                                "note": self.title}}, notes=notes)

    def _address(self) -> str:
        return address_of("ornl", PUBLIC)

    def _groups(self, start: date, end: date) -> Iterator[tuple[str, list[date]]]:
        """(label, first days of composites), ten of a year at a time, from ``start`` to ``end``."""
        length = PRODUCTS[self._product]
        for begins, ends in periods.periods(start, end, length * MOST_DATES):
            yield periods.label(begins), [day for day, _ in periods.periods(max(begins, start), min(ends, end), length)]

    def _known(self, service: _Service) -> tuple[list[date], str]:
        """First days of the composites that exist at a place, and the band of leaf area; asked once a day."""
        key = (service.address, *service.place.values(), f"{datetime.now(UTC):%Y-%m-%d}")
        if key not in self._asked:
            self._asked[key] = service.dates(), service.band()
        return self._asked[key]


class _Service:
    """The service of one product for one place."""

    def __init__(self, archive: LaiArchive, network: Network, address: str, bounds: Bounds) -> None:
        self._archive, self._network, self.address, self._bounds = archive, network, address, bounds
        west, south, east, north = bounds
        self.place = {"latitude": f"{(south + north) / 2:.5f}", "longitude": f"{(west + east) / 2:.5f}"}
        self._high_km, self._wide_km = _reach_km(bounds)
        self._transform: Affine | None = None
        self.size = 0

    def dates(self) -> list[date]:
        """First days of all composites of the place."""
        found = self._asked("dates", self.place, "dates")
        return [_date_of(self._archive.title, self.address, one.get("modis_date")) for one in found]

    def band(self) -> str:
        """The name that this product has for leaf area."""
        found = {str(one.get("band")) for one in self._asked("bands", {}, "bands")}
        name = next((name for name in _LEAF_BANDS if name in found), None)
        if name is None or FLAGS not in found:
            raise replies.implausible(self._archive.title, f"{self.address}/bands", Text("it has no band of leaf area"))
        return name

    def subset(self, band: str, days: Sequence[date]) -> dict[date, NDArray[np.uint8]]:
        """Stored numbers (H, W) of a band by first day of the composite, all on one grid."""
        answer = self._document("subset", {
            **self.place, "startDate": f"A{days[0]:%Y%j}", "endDate": f"A{days[-1]:%Y%j}", "band": band,
            "kmAboveBelow": str(self._high_km), "kmLeftRight": str(self._wide_km)})
        address = f"{self.address}/subset"
        try:
            high, wide = int(answer["nrows"]), int(answer["ncols"])
            size, scale = float(answer["cellsize"]), float(answer.get("scale") or 1)
            left, bottom = float(answer["xllcorner"]), float(answer["yllcorner"])
            made = {_date_of(self._archive.title, address, one["modis_date"]): np.array(
                one["data"], np.float64).reshape(high, wide)
                for one in answer["subset"] if one.get("band") == band}
        except (KeyError, TypeError, ValueError) as error:
            raise replies.implausible(self._archive.title, address, Text(
                "its numbers do not fit its rows and columns")) from error
        self._check(band, days, made, size, scale, address)
        transform = Affine(size, 0.0, left, 0.0, -size, bottom + high * size)
        self._check_place(transform, (high, wide), address)
        return {day: values.astype(np.uint8) for day, values in made.items()}

    def write(self, path: Path, values: NDArray[np.uint8], nodata: int | None) -> None:
        """Stored numbers as a GeoTIFF on the sinusoidal grid, whole or not at all."""
        assert self._transform is not None, "a subset was read"
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic.replacing_path(path) as draft, rasterio.open(
                draft, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1, dtype="uint8",
                crs=SINUSOIDAL, transform=self._transform, nodata=nodata, compress="deflate") as file:
            file.write(values, 1)

    def _check(self, band: str, days: Sequence[date], made: dict[date, NDArray[np.float64]], size: float, scale: float,
               address: str) -> None:
        problem = None
        if sorted(made) != list(days):
            problem = Text("{asked} composites were asked for, {came} came", asked=len(days), came=len(made))
        elif abs(size - PIXEL_M) > 1:
            problem = Text("its pixels have {size:g} m", size=size)
        elif band != FLAGS and not math.isclose(scale, SCALE, rel_tol=1e-3):
            problem = Text("leaf area has the scale {scale:g}, not {wanted:g}", scale=scale, wanted=SCALE)
        else:
            known = np.concatenate([values.ravel() for values in made.values()])
            limit = 255 if band == FLAGS else LARGEST
            wrong = (known < 0) | (known > limit) | (known != np.floor(known))
            if (wrong & ~np.isin(known, _NO_LEAF_AREA)).any():
                problem = Text("{band} has a value that it cannot have", band=band)
        if problem is not None:
            raise replies.implausible(self._archive.title, address, problem)

    def _check_place(self, transform: Affine, shape: tuple[int, int], address: str) -> None:
        """The grid must hold the place, and be the same for every answer."""
        west, south, east, north = rasterio.warp.transform_bounds("EPSG:4326", SINUSOIDAL, *self._bounds)
        left, top = transform.c, transform.f
        right, bottom = left + shape[1] * transform.a, top + shape[0] * transform.e
        if left > west or right < east or bottom > south or top < north:
            raise replies.implausible(self._archive.title, address, Text("it does not cover the place"))
        if self._transform is not None and not self._transform.almost_equals(transform, 1e-3):
            raise replies.implausible(self._archive.title, address, Text("leaf area and flags lie on different grids"))
        self._transform = transform

    def _asked(self, what: str, query: dict[str, str], key: str) -> list[dict[str, Any]]:
        found = self._document(what, query).get(key)
        if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
            raise replies.implausible(self._archive.title, f"{self.address}/{what}", Text("it has no {what}", what=key))
        return found

    def _document(self, what: str, query: dict[str, str]) -> dict[str, Any]:
        address = f"{self.address}/{what}"
        answer = self._network.answer(self._archive.title, address, params=query,
                                      headers={"Accept": "application/json"})
        self.size += len(answer)
        found: dict[str, Any] = replies.document(self._archive.title, address, answer)
        return found


def _date_of(title: str, address: str, text: object) -> date:
    """The day of a name such as A2023169."""
    try:
        return datetime.strptime(str(text), "A%Y%j").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise replies.implausible(title, address, Text("{text!r} is not a date", text=str(text))) from error


def _reach_km(bounds: Bounds) -> tuple[int, int]:
    """Whole km from the middle of a place to its north and south ends, and to its east and west ends on this grid."""
    west, south, east, north = bounds
    x, y = rasterio.warp.transform("EPSG:4326", SINUSOIDAL, [(west + east) / 2], [(south + north) / 2])
    left, bottom, right, top = rasterio.warp.transform_bounds("EPSG:4326", SINUSOIDAL, *bounds)
    return (math.ceil(max(top - y[0], y[0] - bottom) / 1000) + _MARGIN_KM,
            math.ceil(max(right - x[0], x[0] - left) / 1000) + _MARGIN_KM)


VIIRS_LAI = LaiArchive(
    "viirs_lai", "Leaf area of VIIRS (ORNL subsets)", "VNP15A2H", "002", date(2012, 1, 17), None,
    "Leaf area: VNP15A2H v002, NASA LP DAAC, by the ORNL DAAC subset service")
MODIS_LAI = LaiArchive(
    "modis_lai", "Leaf area of MODIS (ORNL subsets)", "MCD15A3H", "061", date(2002, 7, 4), date(2025, 12, 31),
    "Leaf area: MCD15A3H v061, NASA LP DAAC, by the ORNL DAAC subset service")
