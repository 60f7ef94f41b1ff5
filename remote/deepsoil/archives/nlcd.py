"""Land cover of the USA: Annual NLCD, Collection 1.2, 30 m, a map a year since 1985 (USGS, public domain).

WCS 1.0.0 of ``dmsdata.cr.usgs.gov`` (2.0.1 fails there); the name of the coverage changes, so the capabilities are read
first; refusals are XML with status 200. Then the image service of Esri's Living Atlas, a year behind. The file says
Albers on WGS84 where it is NAD83: less than 2 m apart. Sources: facts on public archives, November 2026, §3a. Not
verified live.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from deepsoil.archives import clips, coverage_service, image_service, lower48, wrong_answers
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Entries, Got, Piece
from deepsoil.archives.clips import ClassClip
from deepsoil.archives.coverage_grid import Box
from deepsoil.archives.coverage_service import Coverage
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError

PUBLIC = "https://dmsdata.cr.usgs.gov"
SERVICE = "geoserver/mrlc_Land-Cover-Native_conus_year_data/wcs"
IMAGES_PUBLIC = "https://di-nlcd.img.arcgis.com"
IMAGES = "arcgis/rest/services/USA_NLCD_Annual_LandCover/ImageServer"
LEGEND = (11, 12, 21, 22, 23, 24, 31, 41, 42, 43, 52, 71, 81, 82, 90, 95)
NODATA = (250, 0)
FIRST_YEAR = 1985
_RELEASED_IN = 7
"""Month in which the map of the year before is out; Collection 1.2 came on 30 June 2026."""
_WANTED_NAME = "Land-Cover-Native"


class Nlcd:
    """Annual NLCD by the service of USGS (``nlcd``) or, a year behind, by the Living Atlas (``nlcd_images``)."""

    provides = frozenset({"land_cover"})
    licence = "public domain"
    attribution = "USGS Annual NLCD Collection 1.2, doi:10.5066/P94UXNTS"
    terms: str | None = None
    account: str | None = None

    def __init__(self, name: str, title: str, years_behind: int) -> None:
        self.name, self.title, self._years_behind = name, title, years_behind
        self._clip = ClassClip(title, NODATA, LEGEND)

    def plan(self, ask: Ask) -> list[Piece]:
        lower48.require(ask.outline.bounds, self.title)
        year = min(ask.end.year, clips.newest_year(ask.today, _RELEASED_IN) - self._years_behind)
        if year < FIRST_YEAR:
            raise image_service.no_year(self.title, year)
        details = {"bounds": list(ask.bounds), "field": list(ask.outline.bounds), "year": year}
        return [Piece(self.name, f"{self.name}/land_cover.tif", self._service(), clips.plan_bytes(ask.bounds), details)]

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """The map of the year asked for, else the newest before it; the notes say which."""
        source = (_from_images if self._years_behind else _from_coverages)(
            network, self._service(), int(piece.details["year"]), self.title)
        path = folder / piece.name
        path.parent.mkdir(parents=True, exist_ok=True)
        got, notes = clips.fetch(network, self._clip, source.coverage.grid, tuple(piece.details["bounds"]),
                                 tuple(piece.details["field"]), source.request, path, source.largest)
        notes = [_year_note(source.year), *notes]
        return Got(piece, (piece.name,), got.address, datetime.now(UTC), got.size + (source.size if got.size else 0),
                   tuple(notes))

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        (one,) = got
        strange = self._clip.strange(self._clip.codes(folder / one.piece.name)[0])
        title = f"{one.notes[0]}, 30 m" if one.notes else self.title
        return Entries({"land_cover": {"kind": "raster", "file": one.piece.name, "unit": "NLCD class",
                                       "nodata": [*NODATA, *strange], "note": title}}, notes=tuple(one.notes[1:]))

    def _service(self) -> str:
        if self._years_behind:
            return f"{address_of('nlcd_images', IMAGES_PUBLIC)}/{IMAGES}"
        return f"{address_of('mrlc', PUBLIC)}/{SERVICE}"


@dataclass(frozen=True)
class _Source:
    """Where the map of a year is: its grid, the request of a box, and the bytes that it took to know."""

    coverage: Coverage
    year: int
    service: str
    size: int
    largest: int = 4000

    def request(self, box: Box) -> str:
        grid = self.coverage.grid
        if not self.coverage.times:
            moment = int(datetime(self.year, 1, 1, tzinfo=UTC).timestamp() * 1000)
            return image_service.export(self.service, grid, box, time=str(moment))
        return coverage_service.address(
            self.service, ("SERVICE", "WCS"), ("VERSION", "1.0.0"), ("REQUEST", "GetCoverage"),
            ("COVERAGE", self.coverage.name), ("CRS", grid.crs),
            ("BBOX", f"{box.west:.10g},{box.south:.10g},{box.east:.10g},{box.north:.10g}"),
            ("WIDTH", str(box.width)), ("HEIGHT", str(box.height)), ("TIME", self.coverage.times[0]),
            ("FORMAT", "GeoTIFF"), ("INTERPOLATION", "nearest neighbor"))


def _from_coverages(network: Network, service: str, year: int, title: str) -> _Source:
    size = 0

    def asked(request: str, *more: tuple[str, str]) -> bytes:
        nonlocal size
        content = network.answer(title, coverage_service.address(
            service, ("SERVICE", "WCS"), ("VERSION", "1.0.0"), ("REQUEST", request), *more))
        size += len(content)
        return content

    names = coverage_service.names(coverage_service.document(asked("GetCapabilities"), title))
    name = next((name for name in names if _WANTED_NAME in name.rpartition(":")[2]), None)
    if name is None:
        raise DeepSoilError("archive_implausible", "{archive} offers no map of land cover any more, but: {names}.",
                            wrong_answers.CHANGED, archive=title,
                            names=", ".join(names[:5]) or "nothing")
    document = coverage_service.document(asked("DescribeCoverage", ("COVERAGE", name)), title)
    coverage = coverage_service.described(document, name, title)
    earlier = [time for time in coverage.times if time[:4].isdigit() and int(time[:4]) <= year]
    if not earlier:
        raise image_service.no_year(title, year)
    return _Source(replace(coverage, times=(earlier[-1],)), int(earlier[-1][:4]), service, size)


def _from_images(network: Network, service: str, year: int, title: str) -> _Source:
    content = network.answer(title, service, params={"f": "json"})
    images = image_service.described(image_service.answer_of(content, title), title)
    return _Source(Coverage("", images.grid), images.year_for(year, title), service, len(content), images.largest)


def _year_note(year: int) -> str:
    return f"Annual NLCD of {year}"


NLCD = Nlcd("nlcd", "Annual NLCD land cover (USGS)", 0)
NLCD_IMAGES = Nlcd("nlcd_images", "Annual NLCD land cover (Living Atlas)", 1)
