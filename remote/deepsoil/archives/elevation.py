"""Elevation of the USGS's 3D Elevation Program, 1/3 arc second (10 m): its tiles, and the map service behind them.

Facts (shared notes on public archives, November 2026, §1; none was probed live):
- tiles of 1 degree with 6 pixels of overlap all round, 10812 × 10812, named for their north-west corner:
  ``prd-tnm.s3.amazonaws.com/StagedProducts/Elevation/13/TIFF/current/n40w097/USGS_13_n40w097.tif`` (seamless-3dep;
  public scripts); Cloud-Optimised GeoTIFFs with blocks of 512 pixels, float32 metres, EPSG:4269, heights over NAVD88;
  -999999 where there is no value, -3.4e38 in older ones; public domain; replaced tile by tile;
- tile names are computed: the VRT over all of them turns a tile that fails into a hole;
- ``elevation.nationalmap.gov/arcgis/rest/services/3DEPElevation/ImageServer/exportImage`` gives at most 8 million
  pixels a call (seamless-3dep) in any CRS; parameters: Esri's "Export Image". It often answers 502 under load.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import rasterio
from rasterio.errors import RasterioError
from shapely import from_wkt

from deepsoil.archives import failures, lower48, mosaic
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Bounds, Entries, Got, Piece
from deepsoil.archives.coverage_grid import outside
from deepsoil.archives.network import Network
from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError

TERRAIN = ("slope", "aspect", "northness")
NODATA = -999999.0
_OLD_NODATA = -3.4028234663852886e38
_PER_DEGREE = 10800
_MARGIN = 12 / _PER_DEGREE  # round the area, so that slopes and averages at its edge are whole
_LEAST_OF_FIELD = 0.999
_BYTES_PER_PIXEL = 2.5  # of a deflated block
_BLOCKS = 512           # pixels that are fetched beside those of the area, at each side, at most
_SERVICE_PIXELS = 2000  # of a side of a call: 4 million pixels


class Elevation:
    """Tiles of 1/3 arc second."""

    name = "3dep"
    title = "USGS 3DEP elevation"
    provides = frozenset({"elevation", *TERRAIN})
    licence = "public domain"
    attribution = "U.S. Geological Survey, 3D Elevation Program 1/3 arc-second DEM."
    terms: str | None = None
    account: str | None = None

    def plan(self, ask: Ask) -> list[Piece]:
        """One piece: the clips of all tiles that the area touches, pasted."""
        bounds = _bounds(self.title, ask)
        tiles = _tiles(bounds)
        wide, high = (_pixels(bounds, side) + _BLOCKS for side in (0, 1))
        return [Piece(self.name, f"{self.name}/elevation.tif", _address(tiles[0]), int(wide * high * _BYTES_PER_PIXEL),
                      {"tiles": tiles, "bounds": list(bounds), "field": _wkt(ask)})]

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """The clips of the tiles; one that does not exist is sea or abroad, and must not lie under the field."""
        bounds, work = _bounds_of(piece), folder / self.name / ".part-tiles"
        clips: list[Path] = []
        missing, size = 0, 0
        try:
            for tile in piece.details["tiles"]:
                clip = work / f"{tile}.tif"
                try:
                    size += network.window(self.title, _address(tile), bounds, clip).size
                except DeepSoilError as error:
                    if not failures.is_missing(error) and error.code != "archive_outside":
                        raise
                    missing += 1
                    continue
                clips.append(clip)
            if not clips:
                raise outside(self.title)
            notes = _finish(self.title, clips, piece, folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return Got(piece, (piece.name,), piece.address, datetime.now(UTC), size, notes)

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        """Elevation as a raster, and the slopes computed from it."""
        return _entries(self.title, got)


class ElevationService:
    """The map service; stands in for the tiles."""

    name = "3dep_service"
    title = "USGS 3DEP map service"
    provides = Elevation.provides
    licence = Elevation.licence
    attribution = "U.S. Geological Survey, 3D Elevation Program map service."
    terms: str | None = None
    account: str | None = None

    def plan(self, ask: Ask) -> list[Piece]:
        """One piece: the pictures of the parts of the area, pasted."""
        bounds = _bounds(self.title, ask)
        wide, high = (_pixels(bounds, side) for side in (0, 1))
        return [Piece(self.name, f"{self.name}/elevation.tif", _service(), wide * high * 4,
                      {"bounds": list(bounds), "field": _wkt(ask)})]

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """The pictures on the grid of 1/3 arc second; each must be of the place and size that were asked for."""
        bounds, work = _bounds_of(piece), folder / self.name / ".part-pictures"
        clips: list[Path] = []
        size = 0
        try:
            for number, part in enumerate(_parts(bounds)):
                clip = work / f"{number}.tif"
                size += network.download(self.title, _service(), clip, params=_params(part),
                                         check=partial(_check, self.title, part)).size
                clips.append(clip)
            notes = _finish(self.title, clips, piece, folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return Got(piece, (piece.name,), piece.address, datetime.now(UTC), size, notes)

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        """As those of the tiles."""
        return _entries(self.title, got)


def tile_of(longitude: float, latitude: float) -> str:
    """The name of the tile in which a place lies, such as ``n40w097``: its north-west corner."""
    return f"n{math.floor(latitude) + 1:02d}w{-math.floor(longitude):03d}"


def _address(tile: str) -> str:
    server = address_of("3dep", "https://prd-tnm.s3.amazonaws.com")
    return f"{server}/StagedProducts/Elevation/13/TIFF/current/{tile}/USGS_13_{tile}.tif"


def _service() -> str:
    server = address_of("3dep_service", "https://elevation.nationalmap.gov")
    return f"{server}/arcgis/rest/services/3DEPElevation/ImageServer/exportImage"


def _bounds(title: str, ask: Ask) -> Bounds:
    """The area with a margin, in whole pixels. Raises ``archive_outside`` for a field outside the lower 48 states."""
    lower48.require(ask.outline.bounds, title)
    west, south, east, north = ask.bounds
    return (math.floor((west - _MARGIN) * _PER_DEGREE) / _PER_DEGREE,
            math.floor((south - _MARGIN) * _PER_DEGREE) / _PER_DEGREE,
            math.ceil((east + _MARGIN) * _PER_DEGREE) / _PER_DEGREE,
            math.ceil((north + _MARGIN) * _PER_DEGREE) / _PER_DEGREE)


def _tiles(bounds: Bounds) -> list[str]:
    west, south, east, north = bounds
    return [tile_of(longitude, latitude) for latitude in range(math.ceil(north) - 1, math.floor(south) - 1, -1)
            for longitude in range(math.floor(west), math.ceil(east))]


def _parts(bounds: Bounds) -> list[Bounds]:
    west, south, east, north = bounds
    wide, high = _pixels(bounds, 0), _pixels(bounds, 1)
    return [(west + left / _PER_DEGREE, max(south, north - (top + _SERVICE_PIXELS) / _PER_DEGREE),
             min(east, west + (left + _SERVICE_PIXELS) / _PER_DEGREE), north - top / _PER_DEGREE)
            for top in range(0, high, _SERVICE_PIXELS) for left in range(0, wide, _SERVICE_PIXELS)]


def _params(part: Bounds) -> dict[str, str]:
    return {"bbox": ",".join(f"{value:.10f}" for value in part), "bboxSR": "4326", "imageSR": "4326",
            "size": f"{_pixels(part, 0)},{_pixels(part, 1)}", "adjustAspectRatio": "false", "format": "tiff",
            "pixelType": "F32", "noData": f"{NODATA:.0f}", "noDataInterpretation": "esriNoDataMatchAny",
            "interpolation": "RSP_BilinearInterpolation", "f": "image"}


def _check(title: str, part: Bounds, path: Path) -> None:
    try:
        with rasterio.open(path, driver="GTiff") as picture:
            fits = (picture.shape == (_pixels(part, 1), _pixels(part, 0)) and picture.crs is not None
                    and picture.crs.is_geographic
                    and max(abs(a - b) for a, b in zip(picture.bounds, part, strict=True)) < 0.1 / _PER_DEGREE)
    except RasterioError:
        fits = False
    if not fits:
        raise DeepSoilError("archive_implausible", "{archive} gave a picture of another place, size or CRS than it was "
                            "asked for.", failures.LATER, archive=title)


def _finish(title: str, clips: Sequence[Path], piece: Piece, folder: Path) -> tuple[str, ...]:
    """Paste the clips into the piece's file; notes on what is not there."""
    path, channel = folder / piece.name, CHANNELS["elevation"]
    fresh = path.with_name("." + path.name)  # it gets its name when it has been looked at
    try:
        mosaic.paste(title, clips, _bounds_of(piece), fresh, NODATA, (_OLD_NODATA,))
        share = mosaic.known(fresh, from_wkt(piece.details["field"]), channel.minimum, channel.maximum, title)
        if share.outline < _LEAST_OF_FIELD:
            raise DeepSoilError("archive_implausible", "{archive} has an elevation on {share:.0%} of the field only.",
                                "The field may lie in the sea or reach beyond the border: draw it on land, within the "
                                "lower 48 states. Else try again later.", "area", archive=title, share=share.outline)
        fresh.replace(path)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    if share.whole == 1.0:
        return ()
    return (f"{1 - share.whole:.0%} of the area around the field has no elevation: sea, or beyond the border.",)


def _entries(title: str, got: Sequence[Got]) -> Entries:
    raster: dict[str, Any] = {"kind": "raster", "file": got[0].files[0], "unit": "m", "note": title}
    return Entries({"elevation": raster, **{name: {"kind": "terrain"} for name in TERRAIN}},
                   notes=tuple(note for one in got for note in one.notes))


def _wkt(ask: Ask) -> str:
    return str(ask.outline.simplify(0.1 / _PER_DEGREE).wkt)


def _bounds_of(piece: Piece) -> Bounds:
    west, south, east, north = piece.details["bounds"]
    return (west, south, east, north)


def _pixels(bounds: Bounds, side: int) -> int:
    """Columns (side 0) or rows (side 1)."""
    return round((bounds[side + 2] - bounds[side]) * _PER_DEGREE)


ELEVATION = Elevation()
ELEVATION_SERVICE = ElevationService()
