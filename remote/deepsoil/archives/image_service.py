"""ArcGIS image services: their grid and years, and the request of a window. Pure.

``ImageServer?f=json`` and ``exportImage`` as USGS's and USDA's services have them (facts on public archives, November
2026, §1, §3); errors come as JSON with status 200.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from deepsoil.archives import wrong_answers
from deepsoil.archives.coverage_grid import Box, Grid
from deepsoil.archives.coverage_service import address
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text

_FIRST_OF_ESRI = 37_001
"""Codes from here on are Esri's own; EPSG's end at 32767."""


@dataclass(frozen=True)
class ImageService:
    """first_year, last_year: of its images; None where it tells none. largest: pixels a side of one answer."""

    grid: Grid
    first_year: int | None
    last_year: int | None
    largest: int

    def year_for(self, wanted: int, title: str) -> int:
        """The year wanted, else the newest before it. Raises ``archive_no_days``."""
        if self.first_year is None or self.last_year is None:
            return wanted
        if wanted < self.first_year:
            raise no_year(title, wanted)
        return min(wanted, self.last_year)


def no_year(title: str, wanted: int) -> DeepSoilError:
    """The error of an archive without a map of the year ``wanted``, and without one before it."""
    return DeepSoilError("archive_no_days", "{archive} has no map of {year} or before.", "Choose later dates.", "dates",
                         archive=title, year=wanted)


def answer_of(content: bytes, title: str) -> dict[str, Any]:
    """A JSON answer. Raises ``archive_failed`` for a refusal, ``archive_implausible`` for what is not JSON."""
    try:
        found = json.loads(content, parse_constant=lambda name: None)  # NaN is not JSON
        if not isinstance(found, dict):
            raise ValueError("it is not an object")
    except (ValueError, RecursionError) as error:
        raise wrong_answers.not_understood(title, Text("it is not JSON ({error})", error=str(error))) from error
    refused = found.get("error")
    if refused is not None:
        told = refused.get("message") if isinstance(refused, dict) else refused
        raise wrong_answers.refused(title, str(told or ""))
    return found


def described(found: Mapping[str, Any], title: str) -> ImageService:
    """The grid and the years of a service. Raises ``archive_implausible``."""
    try:
        extent, step = found["extent"], float(found["pixelSizeX"])
        reference = extent["spatialReference"]
        if not step > 0 or abs(step - float(found["pixelSizeY"])) > 1e-6 * step:
            raise ValueError("its pixels are not square")
        west, north = float(extent["xmin"]), float(extent["ymax"])
        columns = round((float(extent["xmax"]) - west) / step)
        rows = round((north - float(extent["ymin"])) / step)
        code = int(reference.get("latestWkid") or reference["wkid"])
        crs = f"{'EPSG' if code < _FIRST_OF_ESRI else 'ESRI'}:{code}"
        first, last = (found.get("timeInfo") or {}).get("timeExtent") or (None, None)
        largest = min(int(found.get("maxImageWidth") or 4000), int(found.get("maxImageHeight") or 4000))
    except (KeyError, TypeError, ValueError) as error:
        raise wrong_answers.not_understood(title, Text("of its map, {error}", error=str(error))) from error
    return ImageService(Grid(crs, west, north, step, columns, rows), _year(first), _year(last), largest)


def export(service: str, grid: Grid, box: Box, **more: str) -> str:
    """The request of a window of classes, pixel by pixel, as a GeoTIFF of bytes in which 0 is no data."""
    code = grid.crs.rpartition(":")[2]
    return address(f"{service}/exportImage", ("bbox", f"{box.west:.10g},{box.south:.10g},{box.east:.10g},"
                                              f"{box.north:.10g}"), ("bboxSR", code), ("imageSR", code),
                   ("size", f"{box.width},{box.height}"), ("format", "tiff"), ("pixelType", "U8"), ("noData", "0"),
                   ("interpolation", "RSP_NearestNeighbor"), *more.items(), ("f", "image"))


def _year(milliseconds: float | None) -> int | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC).year
