"""Crops of the USA: the Cropland Data Layer of USDA NASS, a map a year (public domain).

The image service of ``pdi.scinet.usda.gov`` gives it in EPSG:3857 with 30 m pixels: resampled, so edges of fields move
by up to half a pixel. CropScape (``nassgeodata.gmu.edu``) gives the original in EPSG:5070; it answers with XML that
names a file, slowly. 0 is no data. Sources: facts on public archives, November 2026, §3b. Not verified live.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from deepsoil.archives import clips, coverage_service, image_service, lower48, wrong_answers
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Entries, Got, Piece
from deepsoil.archives.clips import ClassClip
from deepsoil.archives.coverage_grid import Box, Grid
from deepsoil.archives.network import Download, Network

IMAGES_PUBLIC = "https://pdi.scinet.usda.gov"
IMAGES = "image/rest/services/CDL_WM/ImageServer"
CROPSCAPE_PUBLIC = "https://nassgeodata.gmu.edu"
CROPSCAPE = "axis2/services/CDLService/GetCDLFile"
FIRST_YEAR = 2008
"""From then on the map covers the lower 48 states."""
CROPSCAPE_GRID = Grid("EPSG:5070", -2_400_000.0, 3_200_000.0, 30.0, 160_000, 100_000, known=False)
"""Around the lower 48 states; CropScape answers on its own grid, whose origin it does not tell."""
_RELEASED_IN = 3
"""Month in which the map of the year before is out; that of 2025 came on 27 February 2026."""
_NEXT = "the map of the year itself comes in the spring after it"


class Cdl:
    """The image service (``cdl``) or CropScape (``cropscape``), which share what they give."""

    provides = frozenset({"crop"})
    licence = "public domain"
    attribution = "USDA National Agricultural Statistics Service, Cropland Data Layer"
    terms: str | None = None
    account: str | None = None

    def __init__(self, name: str, title: str, resampled: bool) -> None:
        self.name, self.title, self._resampled = name, title, resampled
        self._clip = ClassClip(title, (0,), largest=254)

    def plan(self, ask: Ask) -> list[Piece]:
        lower48.require(ask.outline.bounds, self.title)
        year = min(ask.end.year, clips.newest_year(ask.today, _RELEASED_IN))
        if year < FIRST_YEAR:
            raise image_service.no_year(self.title, year)
        details = {"bounds": list(ask.bounds), "field": list(ask.outline.bounds), "year": year}
        return [Piece(self.name, f"{self.name}/crop.tif", self._service(), clips.plan_bytes(ask.bounds, 1.8), details)]

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        year, bounds = int(piece.details["year"]), tuple(piece.details["bounds"])
        field = tuple(piece.details["field"])
        path = folder / piece.name
        path.parent.mkdir(parents=True, exist_ok=True)
        got: Download
        if self._resampled:
            told = network.answer(self.title, self._service(), params={"f": "json"})
            images = image_service.described(image_service.answer_of(told, self.title), self.title)
            year = images.year_for(year, self.title)
            rule = json.dumps({"where": f"Year = {year}"})
            got, notes = clips.fetch(
                network, self._clip, images.grid, bounds, field, path=path, largest=images.largest,
                address=lambda box: image_service.export(self._service(), images.grid, box, mosaicRule=rule))
            size = got.size + (len(told) if got.size else 0)
        else:
            said: list[bytes] = []
            got, notes = clips.fetch(network, self._clip, CROPSCAPE_GRID, bounds, field, path=path,
                                     address=lambda box: self._file(network, year, box, said))
            size = got.size + sum(map(len, said))
        return Got(piece, (piece.name,), got.address, datetime.now(UTC), size,
                   (f"Cropland Data Layer of {year}", *notes))

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        (one,) = got
        strange = self._clip.strange(self._clip.codes(folder / one.piece.name)[0])
        title = one.notes[0] if one.notes else self.title
        more = "resampled to Web Mercator by its service" if self._resampled else "30 m"
        return Entries({"crop": {"kind": "raster", "file": one.piece.name, "unit": "CDL class", "nodata": [0, *strange],
                                 "note": f"{title}, {more}; {_NEXT}"}}, notes=tuple(one.notes[1:]))

    def _service(self) -> str:
        if self._resampled:
            return f"{address_of('cdl', IMAGES_PUBLIC)}/{IMAGES}"
        return f"{address_of('cropscape', CROPSCAPE_PUBLIC)}/{CROPSCAPE}"

    def _file(self, network: Network, year: int, box: Box, said: list[bytes]) -> str:
        """The address of the file that CropScape makes for a box."""
        content = network.answer(self.title, coverage_service.address(
            self._service(), ("year", str(year)),
            ("bbox", f"{box.west:.10g},{box.south:.10g},{box.east:.10g},{box.north:.10g}")))
        said.append(content)
        found = re.search(rb"<returnURL>\s*(.*?)\s*</returnURL>", content)
        if found is None:
            words = " ".join(re.sub(rb"<[^>]*>", b" ", content[:2000]).decode("utf-8", "replace").split())
            raise wrong_answers.refused(self.title, words)
        # its own name may stand there with another protocol and port; the file is asked of the server that answered
        service, named = urlsplit(self._service()), urlsplit(found[1].decode("utf-8", "replace"))
        return urlunsplit((service.scheme, service.netloc, named.path, named.query, ""))


CDL = Cdl("cdl", "Cropland Data Layer (image service)", True)
CROPSCAPE_CDL = Cdl("cropscape", "Cropland Data Layer (CropScape)", False)
